// SPDX-License-Identifier: EUPL-1.2
// See commands.h. Knows: the rows of proto/commands.def. Must never know: how a command is loaded
// or decided. The path: command_row finds the row of a body; the readers then read by the row's
// offsets. A body of the wire without a row fails the build, by -Wswitch.
#include "proto/commands.h"

#include "base/assert.h"

#define VERSION(Type) offsetof(Keten__V1__##Type, version)
#define PLAIN(Type)   0

#define ROW(NAME, member_name, Type, names, member, version, only_administrators)                  \
    case KETEN__V1__COMMAND__BODY_##NAME: {                                                        \
        static const CommandRow row = {.body = KETEN__V1__COMMAND__BODY_##NAME,                    \
                                       .name = #member_name,                                       \
                                       .descriptor = &keten__v1__##member_name##__descriptor,      \
                                       .administrator = only_administrators,                       \
                                       .subject = NAMES_##names,                                   \
                                       .subject_at = offsetof(Keten__V1__##Type, member),          \
                                       .version_at = version(Type)};                               \
        return &row;                                                                               \
    }

const CommandRow *
command_row(Keten__V1__Command__BodyCase body)
{
    switch (body) {
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    ROW(NAME, name, Type, subject, member, version, false)
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)                    \
    ROW(NAME, name, Type, subject, member, version, true)
#include "proto/commands.def"
    case KETEN__V1__COMMAND__BODY__NOT_SET:
    case _KETEN__V1__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    return NULL;
}

const void *
command_body(const Keten__V1__Command *command)
{
    ASSERT(command != NULL);
    return command->signal; // all members of the oneof are pointers
}

static const void *
member_at(const Keten__V1__Command *command, size_t offset)
{
    return (const char *)command_body(command) + offset;
}

uint64_t
command_number(const Keten__V1__Command *command)
{
    const CommandRow *row = command_row(command->body_case);
    ASSERT(row != NULL);
    switch (row->subject) {
    case NAMES_PLAN:
    case NAMES_STEP:
    case NAMES_MATTER:
    case NAMES_SIGNAL:
    case NAMES_DELIVERY:
        return *(const uint64_t *)member_at(command, row->subject_at);
    case NAMES_NOTHING:
    case NAMES_PERSONS:
    case NAMES_FILE:
        return 0;
    }
    unhandled("subject of a command");
}

uint32_t
command_version(const Keten__V1__Command *command)
{
    const CommandRow *row = command_row(command->body_case);
    ASSERT(row != NULL);
    return row->version_at == 0 ? 0 : *(const uint32_t *)member_at(command, row->version_at);
}
