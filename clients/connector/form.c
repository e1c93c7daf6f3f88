// SPDX-License-Identifier: EUPL-1.2
// Receipts, refusals and deliveries as JSON objects with the names of the wire. Knows: instants as
// ISO 8601 in UTC, enums in lower case without their prefix. Must never know: where the JSON goes.
#include "clients/connector/form.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "proto/sizes.h"

static json_t *
instant(int64_t at_ms)
{
    char text[INSTANT_TEXT_BYTES];
    if (!at_ms)
        return json_null();
    instant_format(at_ms, text);
    return json_string(text);
}

static json_t *
number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

// ITEM_STEP_OFFERED → "step_offered", as the worker's tool writes it.
static json_t *
word(const ProtobufCEnumDescriptor *type, int value, const char *prefix)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    char text[64] = "";
    if (found != NULL)
        snprintf(text, sizeof text, "%s", found->name + strlen(prefix));
    for (char *at = text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return json_string(text);
}

static json_t *
step_state(Keten__V1__StepState state)
{
    return word(&keten__v1__step_state__descriptor, (int)state, "STEP_");
}

static json_t *
texts(char *const *at, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(at[i]));
    return array;
}

static json_t *
step_view(const Keten__V1__StepView *step)
{
    json_t *object = json_object();
    json_object_set_new(object, "step", number(step->step));
    json_object_set_new(object, "version", number(step->version));
    json_object_set_new(object, "kind", json_string(step->kind));
    json_object_set_new(object, "state", step_state(step->state));
    json_object_set_new(object, "owner", json_string(step->owner));
    json_object_set_new(object, "due", instant(step->due_ms));
    json_object_set_new(object, "late", json_boolean(step->late));
    return object;
}

static json_t *
fact_view(const Keten__V1__FactView *fact)
{
    json_t *object = json_object(), *fields = json_object();
    for (size_t i = 0; i < fact->n_fields; i++)
        json_object_set_new(fields, fact->fields[i]->name, json_string(fact->fields[i]->value));
    json_object_set_new(object, "fact", number(fact->fact));
    json_object_set_new(object, "version", number(fact->version));
    json_object_set_new(object, "kind", json_string(fact->kind));
    json_object_set_new(object, "from", json_string(fact->from));
    json_object_set_new(object, "signal", json_boolean(fact->signal));
    json_object_set_new(object, "fields", fields);
    json_object_set_new(object, "withdrawn", json_boolean(fact->withdrawn));
    if (fact->answers)
        json_object_set_new(object, "answers", number(fact->answers));
    if (fact->repeats)
        json_object_set_new(object, "repeats", number(fact->repeats));
    return object;
}

static json_t *
item_form(const Keten__V1__Item *item)
{
    json_t *object = json_object();
    json_object_set_new(object, "kind",
                        word(&keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_"));
    if (item->step != NULL)
        json_object_set_new(object, "step", step_view(item->step));
    if (item->fact != NULL)
        json_object_set_new(object, "fact", fact_view(item->fact));
    if (*item->reason)
        json_object_set_new(object, "reason", json_string(item->reason));
    if (*item->text)
        json_object_set_new(object, "text", json_string(item->text));
    if (item->until_ms)
        json_object_set_new(object, "until", instant(item->until_ms));
    return object;
}

json_t *
form_delivery(const Keten__V1__Delivery *delivery)
{
    json_t *object = json_object(), *items = json_array();
    for (size_t i = 0; i < delivery->n_items; i++)
        json_array_append_new(items, item_form(delivery->items[i]));
    json_object_set_new(object, "history", number(delivery->history));
    json_object_set_new(object, "n", number(delivery->n));
    json_object_set_new(object, "position", number(delivery->position));
    json_object_set_new(object, "recorded_at", instant(delivery->recorded_at_ms));
    json_object_set_new(object, "plan", number(delivery->plan));
    json_object_set_new(object, "persons", texts(delivery->persons, delivery->n_persons));
    json_object_set_new(object, "items", items);
    return object;
}

static json_t *
step_ref(const Keten__V1__StepRef *step)
{
    json_t *object = json_object();
    json_object_set_new(object, "step", number(step->step));
    json_object_set_new(object, "version", number(step->version));
    json_object_set_new(object, "kind", json_string(step->kind));
    json_object_set_new(object, "state", step_state(step->state));
    return object;
}

static json_t *
leaf_form(const ProtobufCBinaryData *leaf)
{
    char hex[TEXT_HEX_BYTES(LEAF_BYTES)] = "";
    if (leaf->len == LEAF_BYTES)
        text_hex(leaf->data, leaf->len, hex);
    return json_string(hex);
}

json_t *
form_receipt(const Keten__V1__Receipt *receipt)
{
    json_t *object = json_object(), *steps = json_array();
    for (size_t i = 0; i < receipt->n_steps; i++)
        json_array_append_new(steps, step_ref(receipt->steps[i]));
    if (receipt->id != NULL)
        json_object_set_new(object, "number", number(receipt->id->number));
    json_object_set_new(object, "position", number(receipt->position));
    json_object_set_new(object, "leaf", leaf_form(&receipt->leaf));
    json_object_set_new(object, "plan", number(receipt->plan));
    json_object_set_new(object, "opened", json_boolean(receipt->opened));
    json_object_set_new(object, "fact", number(receipt->fact));
    json_object_set_new(object, "steps", steps);
    json_object_set_new(object, "persons", texts(receipt->persons, receipt->n_persons));
    json_object_set_new(object, "recorded_at", instant(receipt->recorded_at_ms));
    return object;
}

json_t *
form_refusal(const Keten__V1__Refusal *refusal)
{
    char code[16];
    snprintf(code, sizeof code, "KT-%04u", refusal->code);
    json_t *object = json_object();
    if (refusal->id != NULL)
        json_object_set_new(object, "number", number(refusal->id->number));
    json_object_set_new(object, "code", json_string(code));
    json_object_set_new(object, "text", json_string(refusal->text));
    json_object_set_new(object, "field", json_string(refusal->field));
    json_object_set_new(object, "retryable", json_boolean(refusal->retryable));
    json_object_set_new(object, "position", number(refusal->position));
    return object;
}
