// SPDX-License-Identifier: EUPL-1.2
// Fills the body of a command. Knows: protobuf-c's descriptors, the forms of words and options.
// Must never know: what a command means.
//
// body_fill() finds the body's message by its name in keten.v1.Command, makes one in the arena and
// sets one field after another. A name that is in no message is a fault of the program and asserts.
// A mistake of the user ends in one line and an exit status, at the first field that is wrong.
#include "clients/keten/body.h"

#include <string.h>

#include "base/assert.h"
#include "clients/keten/give.h"

typedef struct Filling {
    Tool *tool;
    const Args *args;
    const ProtobufCMessageDescriptor *type;
    char *body;
    int status;
} Filling;

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessageDescriptor *type, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(type, name);
}

// Where a field of the body lies. The type and label must be those that the kind needs.
static void *
place_of(const Filling *f, const char *name, ProtobufCType type, ProtobufCLabel label)
{
    const ProtobufCFieldDescriptor *field = field_named(f->type, name);
    ASSERT(field != NULL && field->type == type);
    ASSERT((field->label == PROTOBUF_C_LABEL_REPEATED) == (label == PROTOBUF_C_LABEL_REPEATED));
    return f->body + field->offset;
}

static void *
single_place(const Filling *f, const char *name, ProtobufCType type)
{
    return place_of(f, name, type, PROTOBUF_C_LABEL_NONE);
}

static void
set_text(const Filling *f, const char *name, const char *value)
{
    char **text = single_place(f, name, PROTOBUF_C_TYPE_STRING);
    *text = arena_text(&f->tool->arena, value ? value : "");
}

static void
set_texts(const Filling *f, const BodyField *field)
{
    Arena *arena = &f->tool->arena;
    char ***list = place_of(f, field->field, PROTOBUF_C_TYPE_STRING, PROTOBUF_C_LABEL_REPEATED);
    size_t *count = (void *)(f->body + field_named(f->type, field->field)->quantifier_offset);
    const char **values = args_values(f->args, field->option, arena, count);
    *list = arena_take(arena, (*count + 1) * sizeof **list);
    for (size_t i = 0; i < *count; i++)
        (*list)[i] = arena_text(arena, values[i]);
}

static bool
set_id(Filling *f, const BodyField *field)
{
    uint64_t *id = single_place(f, field->field, PROTOBUF_C_TYPE_UINT64);
    uint32_t *version =
        field_named(f->type, "version") ? single_place(f, "version", PROTOBUF_C_TYPE_UINT32) : NULL;
    return id_take(f->tool, f->args->words[field->word], field->letter, id, version, &f->status);
}

static bool
set_ids(Filling *f, const BodyField *field)
{
    Arena *arena = &f->tool->arena;
    uint64_t **list = place_of(f, field->field, PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_LABEL_REPEATED);
    size_t *count = (void *)(f->body + field_named(f->type, field->field)->quantifier_offset);
    const char **values = args_values(f->args, field->option, arena, count);
    *list = arena_take(arena, (*count + 1) * sizeof **list);
    for (size_t i = 0; i < *count; i++) {
        uint32_t version; // may be given, but the list has no place for it
        if (!id_take(f->tool, values[i], field->letter, &(*list)[i], &version, &f->status))
            return false;
    }
    return true;
}

static bool
set_instant(Filling *f, const BodyField *field)
{
    int64_t *at_ms = single_place(f, field->field, PROTOBUF_C_TYPE_INT64);
    const char *value = args_value(f->args, field->option);
    return value == NULL || tool_instant(f->tool, value, at_ms, &f->status);
}

static bool
set_field(Filling *f, const BodyField *field)
{
    switch (field->kind) {
    case BODY_END:
        return true;
    case BODY_ID:
        return set_id(f, field);
    case BODY_IDS:
        return set_ids(f, field);
    case BODY_WORD:
        set_text(f, field->field, f->args->words[field->word]);
        return true;
    case BODY_TEXT:
        set_text(f, field->field, args_value(f->args, field->option));
        return true;
    case BODY_TEXTS:
        set_texts(f, field);
        return true;
    case BODY_FLAG:
        *(protobuf_c_boolean *)single_place(f, field->field, PROTOBUF_C_TYPE_BOOL) =
            args_has(f->args, field->option);
        return true;
    case BODY_INSTANT:
        return set_instant(f, field);
    }
    unhandled("a kind of field of a body");
}

// False after printing that a needed option is missing.
static bool
check_needed(Filling *f, const BodyField *field)
{
    if (field->nl == NULL || args_has(f->args, field->option))
        return true;
    f->status = tool_fail(f->tool, KT_USAGE, "%s", tool_say(f->tool, field->nl, field->en));
    return false;
}

// Makes an empty body and sets it as the body of the command.
static char *
body_new(Arena *arena, const char *name, Keten__V1__Command *command,
         const ProtobufCMessageDescriptor **ret_type)
{
    const ProtobufCFieldDescriptor *member = field_named(&keten__v1__command__descriptor, name);
    ASSERT(member != NULL && member->type == PROTOBUF_C_TYPE_MESSAGE);
    *ret_type = member->descriptor;
    void *body = arena_take(arena, (*ret_type)->sizeof_message);
    (*ret_type)->message_init(body);
    memcpy((char *)command + member->offset, &body, sizeof body);
    command->body_case = (Keten__V1__Command__BodyCase)member->id;
    return body;
}

int
body_fill(Tool *tool, const Args *args, const char *name, const BodyField *fields,
          Keten__V1__Command *ret)
{
    Filling f = {.tool = tool, .args = args};
    keten__v1__command__init(ret);
    f.body = body_new(&tool->arena, name, ret, &f.type);
    for (const BodyField *field = fields; field->kind != BODY_END; field++)
        if (!check_needed(&f, field) || !set_field(&f, field))
            return f.status;
    return 0;
}

int
body_give(Tool *tool, const Args *args, const char *name, const BodyField *fields)
{
    Keten__V1__Command command;
    int status = body_fill(tool, args, name, fields, &command);
    return status ? status : command_give(tool, args, &command);
}
