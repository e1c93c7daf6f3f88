// SPDX-License-Identifier: EUPL-1.2
// The commands of the wire, grown from proto/commands.def. Knows: what each command names, and
// where that stands in its message. Must never know: how a command is loaded or decided.
#ifndef KETEN_PROTO_COMMANDS_H
#define KETEN_PROTO_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keten/v1/wire.pb-c.h"

// The thing that a command names.
typedef enum CommandSubject {
    NAMES_NOTHING = 1,
    NAMES_PLAN,
    NAMES_STEP,
    NAMES_MATTER,
    NAMES_SIGNAL,
    NAMES_DELIVERY, // by the receiver's own number
    NAMES_PERSONS,  // by citizen service number
    NAMES_FILE,
} CommandSubject;

typedef struct CommandRow {
    Keten__V1__Command__BodyCase body;
    const char *name;                             // of Command's member
    const ProtobufCMessageDescriptor *descriptor; // of the body
    bool administrator;                           // only an administrator may send it
    CommandSubject subject;
    size_t subject_at; // offset in the body of what is named
    size_t version_at; // offset in the body of the version that the sender saw; 0: comes with none
} CommandRow;

// NULL for a command without a body.
const CommandRow *
command_row(Keten__V1__Command__BodyCase body);
// The body's message.
const void *
command_body(const Keten__V1__Command *command);
// The number of the plan, step, matter, signal or delivery that the command names; 0 where the
// command names none of these. The command has a body.
uint64_t
command_number(const Keten__V1__Command *command);
// The version of the subject that the sender saw; 0: none.
uint32_t
command_version(const Keten__V1__Command *command);

#endif
