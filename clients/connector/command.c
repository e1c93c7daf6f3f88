// SPDX-License-Identifier: EUPL-1.2
// Reads the generic form of a command. Knows: the table of verbs, the descriptors of messages. Must
// never know: which facts or steps there are, the forms of values.
//
// command_read() finds the verb, makes the message that the row of the verb names, and takes each
// key of the object as a field of that message. A new command of the wire is therefore one new row.
// The first thing that is wrong ends the reading with a complaint.
#include "clients/connector/command.h"

#include <string.h>

#include "base/text.h"
#include "clients/connector/command_value.h"
#include "proto/names.h"

typedef struct Verb {
    const char *key;
    const char *member;  // the field of Command
    const char *subject; // the member's field that the verb's value fills
    char letter;         // before a printed id; 0: the value is a name
} Verb;

static const Verb verbs[] = {
    {"signal", "signal", "kind", 0},
    {"signal-withdraw", "signal_withdraw", "signal", 'f'},
    {"signal-correct", "signal_correct", "signal", 'f'},
    {"accept", "step_accept", "step", 's'},
    {"refuse", "step_refuse", "step", 's'},
    {"complete", "step_complete", "step", 's'},
    {"fail", "step_fail", "step", 's'},
    {"offer", "step_offer", "plan", 'p'},
    {"replace", "step_replace", "step", 's'},
    {"drop", "step_drop", "step", 's'},
    {"withdraw", "step_withdraw", "step", 's'},
    {"suspend", "step_suspend", "step", 's'},
    {"resume", "step_resume", "step", 's'},
    {"extend", "step_extend", "step", 's'},
    {"coordinator-offer", "coordinator_offer", "plan", 'p'},
    {"coordinator-accept", "coordinator_accept", "plan", 'p'},
    {"coordinator-refuse", "coordinator_refuse", "plan", 'p'},
    {"coordinator-leave", "coordinator_leave", "plan", 'p'},
    {"coordinator-absent", "coordinator_absent", "plan", 'p'},
    {"close", "plan_close", "plan", 'p'},
    {"reject", "delivery_reject", "n", 'd'},
    {"merge", "plan_merge", "plan", 'p'},
    {"unmerge", "plan_unmerge", "plan", 'p'},
    {"move", "plan_move", "plan", 'p'},
};

#define VERBS (sizeof verbs / sizeof *verbs)

// Keys whose name differs from the field's, and the two that belong to the command itself.
static const char *const renamed[][2] = {{"until", "until_ms"}, {"to", "partner"}};

#define OCCURRED_AT "occurred-at"
#define WORKER      "worker"
#define ID          "id" // of the sender's own, for its answer

static const Verb *
find_verb(const json_t *object, size_t *ret_count)
{
    const Verb *found = NULL;
    *ret_count = 0;
    for (size_t i = 0; i < VERBS; i++)
        if (json_object_get(object, verbs[i].key)) {
            // "withdraw" and "offer" are verbs, "to" and "kind" are not: no key is both.
            found = &verbs[i];
            ++*ret_count;
        }
    return found;
}

bool
command_is_generic(const json_t *object)
{
    size_t count;
    return json_is_object(object) && find_verb(object, &count);
}

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessage *message, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

static bool
unknown_key(const Reading *reading, const ProtobufCMessage *message, const char *key)
{
    const char *names[32] = {OCCURRED_AT, WORKER, ID, "until", "to"};
    size_t count = 5;
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields && count < 32; i++)
        names[count++] = type->fields[i].name;
    complain(reading, SAY_UNKNOWN_KEY, key);
    const char *nearest = text_nearest(key, names, count);
    if (nearest != NULL) {
        reading->complaint->what = SAY_DID_YOU_MEAN;
        reading->complaint->nearest = nearest;
    }
    return false;
}

static const char *
field_of_key(const char *key)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(key, renamed[i][0]) == 0)
            return renamed[i][1];
    return key;
}

static bool
read_member(const Reading *reading, const Verb *verb, const char *key, const json_t *value,
            ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = field_named(message, field_of_key(key));
    if (field == NULL || strcmp(field->name, verb->subject) == 0)
        return unknown_key(reading, message, key);
    if (strcmp(key, "fields") == 0)
        return generic_fields(reading, value,
                              (size_t *)((char *)message + field->quantifier_offset),
                              field_place(message, field));
    if (strcmp(key, "facts") == 0)
        return generic_facts(reading, value, (Keten__V1__StepComplete *)message);
    if (strcmp(key, "persons") == 0)
        return generic_persons(reading, value, (Keten__V1__Signal *)message);
    return generic_scalar(reading, value, field, message) ||
           complain(reading, SAY_WRONG_VALUE, key);
}

// The subject of a verb: a kind of fact, or the number of a step, fact or plan.
static bool
read_subject(const Reading *reading, const Verb *verb, const json_t *value,
             ProtobufCMessage *message)
{
    void *at = field_place(message, field_named(message, verb->subject));
    const ProtobufCFieldDescriptor *version = field_named(message, "version");
    bool good = verb->letter ? generic_number(value, verb->letter, at,
                                              version ? field_place(message, version) : NULL)
                             : generic_string(reading, value, at) && name_is_valid(*(char **)at);
    return good || complain(reading, SAY_WRONG_VALUE, verb->key);
}

// True when the key belongs to the command and not to its body; *ret_good tells whether it was
// sound.
static bool
read_common(const Reading *reading, const char *key, const json_t *value,
            Keten__V1__Command *command, bool *ret_good)
{
    // A coordinator's offer names a worker of its own.
    if (strcmp(key, WORKER) == 0)
        *ret_good = generic_string(reading, value, &command->worker);
    else if (strcmp(key, OCCURRED_AT) == 0)
        *ret_good = generic_instant(value, &command->occurred_at_ms);
    else if (strcmp(key, ID) == 0)
        *ret_good = json_is_string(value) || json_is_integer(value);
    else
        return false;
    if (!*ret_good)
        complain(reading, SAY_WRONG_VALUE, key);
    return true;
}

static bool
read_members(const Reading *reading, const Verb *verb, const json_t *object,
             Keten__V1__Command *command, ProtobufCMessage *message)
{
    const char *key;
    json_t *value;
    if (!read_subject(reading, verb, json_object_get(object, verb->key), message))
        return false;
    json_object_foreach((json_t *)object, key, value)
    {
        bool good = true;
        if (strcmp(key, verb->key) == 0)
            continue;
        if (strcmp(key, "to-worker") == 0 && field_named(message, "worker"))
            good = read_member(reading, verb, "worker", value, message);
        else if (!read_common(reading, key, value, command, &good))
            good = read_member(reading, verb, key, value, message);
        if (!good)
            return false;
    }
    return true;
}

// A signal without persons says nothing about anybody.
static bool
is_complete(const Reading *reading, const Keten__V1__Command *command)
{
    if (command->body_case == KETEN__V1__COMMAND__BODY_SIGNAL && !command->signal->n_persons)
        return complain(reading, SAY_MISSING, "persons");
    return true;
}

Keten__V1__Command *
command_read(Arena *arena, const json_t *object, Complaint *ret_complaint)
{
    Reading reading = {arena, ret_complaint};
    size_t count = 0;
    const Verb *verb = json_is_object(object) ? find_verb(object, &count) : NULL;
    if (count != 1) {
        complain(&reading, SAY_ONE_VERB, "");
        return NULL;
    }
    Keten__V1__Command *command = arena_take(arena, sizeof *command);
    keten__v1__command__init(command);
    const ProtobufCFieldDescriptor *member = field_named(&command->base, verb->member);
    const ProtobufCMessageDescriptor *type = member->descriptor;
    ProtobufCMessage *message = arena_take(arena, type->sizeof_message);
    type->message_init(message);
    *(ProtobufCMessage **)field_place(&command->base, member) = message;
    command->body_case = (Keten__V1__Command__BodyCase)member->id;
    bool good =
        read_members(&reading, verb, object, command, message) && is_complete(&reading, command);
    return good ? command : NULL;
}

char *
complaint_fill(const Complaint *complaint, const Speech *speech, char *ret, size_t size)
{
    return speech_fill(speech, ret, size, complaint->what, complaint->about, complaint->nearest);
}
