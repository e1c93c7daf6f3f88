// SPDX-License-Identifier: EUPL-1.2
// Brings values into canonical form. Knows: how partners write amounts, days and yes or no. Must
// never know: which field a value is for.
//
// shape_value() calls the reader of the shape; a value of another shape is NULL.
#include "clients/connector/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "base/text.h"
#include "proto/names.h"

bool
word_is_one_of(const char *word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(word, names[i]) == 0)
            return true;
    return false;
}

static json_t *
money(const json_t *value)
{
    char text[64];
    int64_t cents;
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, sizeof text, "%.2f", json_real_value(value));
    else if (json_is_string(value) && json_string_length(value) < sizeof text)
        snprintf(text, sizeof text, "%s", json_string_value(value));
    else
        return NULL;
    char *comma = strchr(text, ',');
    if (comma != NULL)
        *comma = '.';
    if (!text_to_cents(text_of(text), &cents) || cents < 0)
        return NULL;
    return json_sprintf("%lld.%02lld", (long long)cents / 100, (long long)cents % 100);
}

static json_t *
date(const json_t *value)
{
    const char *text = json_string_value(value);
    Date read;
    char turned[16];
    if (text == NULL)
        return NULL;
    if (strlen(text) == 10 && text[2] == '-' && text[5] == '-') {
        snprintf(turned, sizeof turned, "%.4s-%.2s-%.2s", text + 6, text + 3, text);
        text = turned;
    }
    return date_parse(text_of(text), &read) ? json_string(text) : NULL;
}

static json_t *
yes_no(const json_t *value)
{
    static const char *const yes[] = {"ja", "j", "yes", "y", "true", "1"};
    static const char *const no[] = {"nee", "n", "no", "false", "0"};
    if (json_is_boolean(value))
        return json_string(json_is_true(value) ? "yes" : "no");
    const char *text = json_string_value(value);
    if (text == NULL)
        return NULL;
    if (word_is_one_of(text, yes, sizeof yes / sizeof *yes))
        return json_string("yes");
    return word_is_one_of(text, no, sizeof no / sizeof *no) ? json_string("no") : NULL;
}

static json_t *
whole_number(const json_t *value)
{
    int64_t number;
    if (json_is_integer(value))
        return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    const char *text = json_string_value(value);
    return text != NULL && text_to_int64(text_of(text), &number) ? json_string(text) : NULL;
}

static json_t *
word(const json_t *value)
{
    char text[64];
    if (!json_is_string(value) || json_string_length(value) >= sizeof text)
        return NULL;
    snprintf(text, sizeof text, "%s", json_string_value(value));
    for (char *at = text; *at; at++)
        *at = (char)(*at == ' ' || *at == '_' ? '-' : tolower((unsigned char)*at));
    return name_is_valid(text) ? json_string(text) : NULL;
}

static json_t *
plain(const json_t *value)
{
    if (json_is_string(value) && json_string_length(value))
        return json_incref((json_t *)value);
    return json_is_integer(value)   ? whole_number(value)
           : json_is_boolean(value) ? yes_no(value)
                                    : NULL;
}

json_t *
shape_value(Shape shape, const json_t *value)
{
    switch (shape) {
    case SHAPE_TEXT:
        return plain(value);
    case SHAPE_NUMBER:
        return whole_number(value);
    case SHAPE_MONEY:
        return money(value);
    case SHAPE_DATE:
        return date(value);
    case SHAPE_YES_NO:
        return yes_no(value);
    case SHAPE_WORD:
        return word(value);
    }
    unhandled("a shape of a value");
}
