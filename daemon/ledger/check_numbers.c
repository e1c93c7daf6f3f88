// SPDX-License-Identifier: EUPL-1.2
// Finds citizen service numbers where they do not belong. Knows: descriptors of messages. Must
// never know: plans, which commands there are.
// Path: check_numbers looks at the worker, then look_into walks the body; the fields for persons
// are left out.
// Failure: the refusal names the field, and of a field of a fact its name; never the value.
#include "daemon/ledger/check_numbers.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/forms.h"
#include "proto/commands.h"
#include "proto/names.h"

// The place of a number: the message that holds the text, and the text's field in it.
typedef struct Place {
    const ProtobufCMessage *message;
    const ProtobufCFieldDescriptor *field;
} Place;

static bool
look_into(const ProtobufCMessage *message, Place *ret);

static bool
look_at(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const void *value,
        Place *ret)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(char *const *)value;
        *ret = (Place){message, field};
        return text != NULL && bsn_stands_in(text);
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return false;
    const ProtobufCMessage *inner = *(ProtobufCMessage *const *)value;
    return inner != NULL && look_into(inner, ret);
}

static bool
look_at_field(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, Place *ret)
{
    const char *at = (const char *)message + field->offset;
    if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
        return false;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return look_at(message, field, at, ret);
    const size_t count =
        *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
    void *const *list = *(void *const *const *)(const void *)at;
    for (size_t i = 0; i < count; i++)
        if (look_at(message, field, &list[i], ret))
            return true;
    return false;
}

static bool
look_into(const ProtobufCMessage *message, Place *ret)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (look_at_field(message, &type->fields[i], ret))
            return true;
    return false;
}

// "fields: phone" for a value of a fact, else the name of the field.
static const char *
name_of(const char *outer, const Place *place, Arena *arena)
{
    if (place->message->descriptor != &keten__v1__field__descriptor)
        return outer;
    const char *name = ((const Field *)(const void *)place->message)->name;
    return bsn_stands_in(name) ? outer : arena_format(arena, "%s: %s", outer, name);
}

KtCode
check_numbers(const Command *command, PersonField is_for_persons, Checked *checked)
{
    ASSERT(command != NULL && is_for_persons != NULL && checked != NULL);
    Place place;
    if (bsn_stands_in(command->worker))
        return value_wrong(checked, KT_BSN_PLACE, "worker", "worker");
    const ProtobufCMessage *body = command_body(command);
    const ProtobufCMessageDescriptor *type = body->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!is_for_persons(command, field->offset) && look_at_field(body, field, &place))
            return value_wrong(checked, KT_BSN_PLACE, field->name,
                               name_of(field->name, &place, checked->arena));
    }
    return KT_OK;
}
