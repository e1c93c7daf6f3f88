// SPDX-License-Identifier: EUPL-1.2
// One signal as a JSON line. Knows: its keys and their forms. Must never know: files, sessions.
//
// signal_line_read() parses the line and takes key after key (take_key). The first key that is
// wrong ends it with a fault.
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/calendar.h"
#include "clients/keten/details.h"
#include "clients/keten/give.h"
#include "clients/keten/signal_lines.h"

typedef struct Line {
    KtLanguage language;
    Arena *arena;
    Fault *fault;
    Keten__V1__Command *command;
} Line;

static KtCode
bad(const Line *line, const char *nl, const char *en, const char *what)
{
    return fault_set(line->fault, KT_FILE_CONTENT, "%s %s", line->language == KT_NL ? nl : en,
                     what);
}

static KtCode
take_text(const Line *line, const char *key, const json_t *value, char **ret)
{
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return bad(line, "geen tekst bij", "no text with", key);
    *ret = arena_text(line->arena, json_string_value(value));
    return KT_OK;
}

static KtCode
take_persons(const Line *line, const json_t *value)
{
    Keten__V1__Signal *signal = line->command->signal;
    if (!json_is_array(value))
        return bad(line, "geen lijst bij", "no list with", "persons");
    signal->persons = arena_take(line->arena, (json_array_size(value) + 1) * sizeof(char *));
    for (size_t i = 0; i < json_array_size(value); i++) {
        KtCode code = take_text(line, "persons", json_array_get(value, i), &signal->persons[i]);
        if (code != KT_OK)
            return code;
        signal->n_persons++;
    }
    return KT_OK;
}

// A value in the text form of the wire.
static const char *
value_text(const json_t *value, Arena *arena)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value))
        return arena_format(arena, "%.15g", json_real_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    return NULL;
}

static KtCode
take_fields(const Line *line, json_t *value)
{
    FieldList fields = {0};
    const char *name;
    json_t *field;
    if (!json_is_object(value))
        return bad(line, "geen object bij", "no object with", "fields");
    json_object_foreach(value, name, field)
    {
        const char *text = value_text(field, line->arena);
        if (text == NULL)
            return bad(line, "geen enkele waarde bij", "no single value with", name);
        field_put(line->arena, &fields, name, text);
    }
    line->command->signal->fields = fields.items;
    line->command->signal->n_fields = fields.count;
    return KT_OK;
}

static KtCode
take_detail(const Line *line, json_t *value, Keten__V1__PersonDetails *ret)
{
    const char *name, *near = NULL;
    json_t *detail;
    if (!json_is_object(value))
        return bad(line, "geen object bij", "no object with", "details");
    json_object_foreach(value, name, detail)
    {
        const char *text = value_text(detail, line->arena);
        if (text == NULL)
            return bad(line, "geen enkele waarde bij", "no single value with", name);
        if (!detail_put(line->arena, ret, name, text, &near))
            return bad(line, "onbekend onderdeel van details:", "unknown part of details:", name);
    }
    return KT_OK;
}

// The details are one object per person, {} where nothing is known.
static KtCode
take_details(const Line *line, const json_t *value)
{
    Keten__V1__Signal *signal = line->command->signal;
    if (!json_is_array(value))
        return bad(line, "geen lijst bij", "no list with", "details");
    const size_t count = json_array_size(value);
    signal->details = arena_take(line->arena, (count + 1) * sizeof *signal->details);
    for (size_t i = 0; i < count; i++) {
        Keten__V1__PersonDetails *details = arena_take(line->arena, sizeof *details);
        keten__v1__person_details__init(details);
        const KtCode code = take_detail(line, json_array_get(value, i), details);
        if (code != KT_OK)
            return code;
        signal->details[signal->n_details++] = details;
    }
    return KT_OK;
}

static KtCode
take_instant(const Line *line, const json_t *value)
{
    char *text = NULL;
    KtCode code = take_text(line, "occurred_at", value, &text);
    if (code == KT_OK && !instant_parse(text_of(text), &line->command->occurred_at_ms))
        code = bad(line, "geen tijdstip volgens ISO 8601:", "no ISO 8601 instant:", text);
    return code;
}

static KtCode
take_key(const Line *line, const char *key, json_t *value)
{
    Keten__V1__Signal *signal = line->command->signal;
    if (strcmp(key, "kind") == 0)
        return take_text(line, key, value, &signal->kind);
    if (strcmp(key, "persons") == 0)
        return take_persons(line, value);
    if (strcmp(key, "details") == 0)
        return take_details(line, value);
    if (strcmp(key, "fields") == 0)
        return take_fields(line, value);
    if (strcmp(key, "arrangement") == 0)
        return take_text(line, key, value, &signal->arrangement);
    if (strcmp(key, "occurred_at") == 0)
        return take_instant(line, value);
    if (strcmp(key, "worker") == 0)
        return take_text(line, key, value, &line->command->worker);
    return bad(line, "onbekende sleutel", "unknown key", key);
}

static KtCode
take_object(const Line *line, json_t *object)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return bad(line, "een regel is één JSON-object", "a line is one JSON object", "{…}");
    json_object_foreach(object, key, value)
    {
        KtCode code = take_key(line, key, value);
        if (code != KT_OK)
            return code;
    }
    if (!line->command->signal->kind[0])
        return bad(line, "er ontbreekt", "missing is", "kind");
    if (line->command->signal->n_persons == 0)
        return bad(line, "er ontbreekt", "missing is", "persons");
    return KT_OK;
}

KtCode
signal_line_read(const char *text, size_t length, KtLanguage language, Arena *arena,
                 Keten__V1__Command *ret, size_t *ret_column, Fault *fault)
{
    json_error_t error;
    Line line = {language, arena, fault, ret};
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    *ret_column = 1;
    if (object == NULL) {
        *ret_column = error.column > 0 ? (size_t)error.column : 1;
        return bad(&line, "onleesbare JSON:", "unreadable JSON:", error.text);
    }
    keten__v1__command__init(ret);
    ret->signal = arena_take(arena, sizeof *ret->signal);
    keten__v1__signal__init(ret->signal);
    ret->body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    KtCode code = take_object(&line, object);
    json_decref(object);
    return code;
}
