// SPDX-License-Identifier: EUPL-1.2
// Reads the generic form of a command by one table of verbs and the message descriptors, so that a
// new command of the wire is one new row. Must never know: which facts or steps there are.
#include "clients/connector/command.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "proto/limits.h"
#include "proto/names.h"

typedef struct Verb {
    const char *key;
    const char *member;  // of Command
    const char *subject; // the member's field that the verb's value fills
    char letter;         // of printed ids; 0: the value is a name
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

// A reading: what it makes, and the first thing that is wrong.
typedef struct Reading {
    Arena *arena;
    Complaint *complaint;
} Reading;

static bool
wrong(const Reading *reading, Say what, const char *about)
{
    *reading->complaint = (Complaint){.what = what, .about = arena_text(reading->arena, about)};
    return false;
}

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

static void *
at_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->offset;
}

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessage *message, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

// A value of a fact as text in its canonical form.
static char *
value_text(const Reading *reading, const json_t *value)
{
    if (json_is_string(value) && json_string_length(value) <= LIMIT_TEXT_BYTES)
        return arena_text(reading->arena, json_string_value(value));
    if (json_is_boolean(value))
        return arena_text(reading->arena, json_is_true(value) ? "yes" : "no");
    if (json_is_integer(value))
        return arena_format(reading->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return NULL; // a JSON real has no exact cents
}

static bool
read_fields(const Reading *reading, const json_t *object, size_t *ret_count,
            Keten__V1__Field ***ret)
{
    if (!json_is_object(object) || json_object_size(object) > LIMIT_FIELDS_PER_FACT)
        return wrong(reading, SAY_WRONG_VALUE, "fields");
    size_t count = 0;
    Keten__V1__Field **fields =
        arena_take(reading->arena, (json_object_size(object) + 1) * sizeof *fields);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        Keten__V1__Field *field = arena_take(reading->arena, sizeof *field);
        keten__v1__field__init(field);
        field->name = arena_text(reading->arena, name);
        field->value = value_text(reading, value);
        if (!name_is_valid(name) || !field->value)
            return wrong(reading, SAY_WRONG_VALUE, name);
        fields[count++] = field;
    }
    *ret = fields;
    *ret_count = count;
    return true;
}

static bool
read_facts(const Reading *reading, const json_t *object, Keten__V1__StepComplete *complete)
{
    if (!json_is_object(object) || json_object_size(object) > LIMIT_FACTS_PER_COMMAND)
        return wrong(reading, SAY_WRONG_VALUE, "facts");
    complete->facts =
        arena_take(reading->arena, (json_object_size(object) + 1) * sizeof *complete->facts);
    const char *kind;
    json_t *fields;
    json_object_foreach((json_t *)object, kind, fields)
    {
        Keten__V1__NewFact *fact = arena_take(reading->arena, sizeof *fact);
        keten__v1__new_fact__init(fact);
        fact->kind = arena_text(reading->arena, kind);
        if (!name_is_valid(kind))
            return wrong(reading, SAY_WRONG_VALUE, kind);
        if (!read_fields(reading, fields, &fact->n_fields, &fact->fields))
            return false;
        complete->facts[complete->n_facts++] = fact;
    }
    return true;
}

static bool
read_persons(const Reading *reading, const json_t *array, Keten__V1__Signal *signal)
{
    size_t count = json_array_size(array), i;
    if (!json_is_array(array) || !count || count > LIMIT_PERSONS_PER_SIGNAL)
        return wrong(reading, SAY_WRONG_VALUE, "persons");
    signal->persons = arena_take(reading->arena, count * sizeof *signal->persons);
    json_t *person;
    json_array_foreach((json_t *)array, i, person)
    {
        char number[10], ordinal[24];
        snprintf(ordinal, sizeof ordinal, "%zu", i + 1);
        // The ordinal and never the number: it would end in a reason file.
        if (!json_is_string(person) || !bsn_parse(json_string_value(person), number))
            return wrong(reading, SAY_BAD_BSN, ordinal);
        signal->persons[signal->n_persons++] = arena_text(reading->arena, number);
    }
    return true;
}

static bool
read_number(const json_t *value, char letter, uint64_t *ret_number, uint32_t *ret_version)
{
    if (json_is_integer(value) && json_integer_value(value) > 0) {
        *ret_number = (uint64_t)json_integer_value(value);
        return true;
    }
    return json_is_string(value) && letter &&
           id_parse(json_string_value(value), letter, ret_number, ret_version);
}

static bool
read_string(const Reading *reading, const json_t *value, char **ret)
{
    if (!json_is_string(value) || json_string_length(value) > LIMIT_TEXT_BYTES ||
        strlen(json_string_value(value)) != json_string_length(value))
        return false;
    *ret = arena_text(reading->arena, json_string_value(value));
    return true;
}

static bool
read_instant(const json_t *value, int64_t *ret)
{
    return json_is_string(value) && instant_parse(text_of(json_string_value(value)), ret);
}

// A scalar by the type of its field.
static bool
read_scalar(const Reading *reading, const json_t *value, const ProtobufCFieldDescriptor *field,
            ProtobufCMessage *message)
{
    uint64_t number;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_string(reading, value, at_field(message, field));
    case PROTOBUF_C_TYPE_UINT64:
        return read_number(value, 0, at_field(message, field), NULL);
    case PROTOBUF_C_TYPE_INT64:
        return read_instant(value, at_field(message, field));
    case PROTOBUF_C_TYPE_UINT32:
        if (!read_number(value, 0, &number, NULL) || number > UINT32_MAX)
            return false;
        *(uint32_t *)at_field(message, field) = (uint32_t)number;
        return true;
    default: // of protobuf-c's enum, not ours: no command has another type
        return false;
    }
}

static bool
unknown_key(const Reading *reading, const ProtobufCMessage *message, const char *key)
{
    const char *names[32] = {OCCURRED_AT, WORKER, ID, "until", "to"};
    size_t count = 5;
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields && count < 32; i++)
        names[count++] = type->fields[i].name;
    wrong(reading, SAY_UNKNOWN_KEY, key);
    const char *nearest = text_nearest(key, names, count);
    if (nearest) {
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
    if (!field || strcmp(field->name, verb->subject) == 0)
        return unknown_key(reading, message, key);
    if (strcmp(key, "fields") == 0)
        return read_fields(reading, value, (size_t *)((char *)message + field->quantifier_offset),
                           at_field(message, field));
    if (strcmp(key, "facts") == 0)
        return read_facts(reading, value, (Keten__V1__StepComplete *)message);
    if (strcmp(key, "persons") == 0)
        return read_persons(reading, value, (Keten__V1__Signal *)message);
    return read_scalar(reading, value, field, message) || wrong(reading, SAY_WRONG_VALUE, key);
}

// What the verb itself names: a kind of fact, or the number of a step, fact or plan.
static bool
read_subject(const Reading *reading, const Verb *verb, const json_t *value,
             ProtobufCMessage *message)
{
    void *at = at_field(message, field_named(message, verb->subject));
    const ProtobufCFieldDescriptor *version = field_named(message, "version");
    bool good = verb->letter ? read_number(value, verb->letter, at,
                                           version ? at_field(message, version) : NULL)
                             : read_string(reading, value, at) && name_is_valid(*(char **)at);
    return good || wrong(reading, SAY_WRONG_VALUE, verb->key);
}

// True when the key belongs to the command and not to its body; *ret_good tells whether it was
// sound.
static bool
read_common(const Reading *reading, const char *key, const json_t *value,
            Keten__V1__Command *command, bool *ret_good)
{
    // A coordinator's offer names a worker of its own.
    if (strcmp(key, WORKER) == 0)
        *ret_good = read_string(reading, value, &command->worker);
    else if (strcmp(key, OCCURRED_AT) == 0)
        *ret_good = read_instant(value, &command->occurred_at_ms);
    else if (strcmp(key, ID) == 0)
        *ret_good = json_is_string(value) || json_is_integer(value);
    else
        return false;
    if (!*ret_good)
        wrong(reading, SAY_WRONG_VALUE, key);
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
        return wrong(reading, SAY_MISSING, "persons");
    return true;
}

Keten__V1__Command *
command_read(Arena *arena, const json_t *object, Complaint *ret_complaint)
{
    Reading reading = {arena, ret_complaint};
    size_t count = 0;
    const Verb *verb = json_is_object(object) ? find_verb(object, &count) : NULL;
    if (count != 1) {
        wrong(&reading, SAY_ONE_VERB, "");
        return NULL;
    }
    Keten__V1__Command *command = arena_take(arena, sizeof *command);
    keten__v1__command__init(command);
    const ProtobufCFieldDescriptor *member = field_named(&command->base, verb->member);
    const ProtobufCMessageDescriptor *type = member->descriptor;
    ProtobufCMessage *message = arena_take(arena, type->sizeof_message);
    type->message_init(message);
    *(ProtobufCMessage **)at_field(&command->base, member) = message;
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
