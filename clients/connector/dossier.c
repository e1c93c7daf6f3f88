// SPDX-License-Identifier: EUPL-1.2
// See dossier.h. Must never know: which fact the field is of.
#include "clients/connector/dossier.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "proto/names.h"
#include "proto/sizes.h"

bool
dossier_prefix_is_valid(const char *prefix)
{
    char number[DOSSIER_PREFIX_MAX + BSN_TEXT_BYTES];
    if (strlen(prefix) > DOSSIER_PREFIX_MAX)
        return false;
    snprintf(number, sizeof number, "%s%s", prefix, "111222333"); // passes the 11-test
    return !bsn_stands_in(number) && !bsn_stands_in(prefix);
}

static void
send_field(const char *prefix, json_t *fields)
{
    json_t *value = json_object_get(fields, DOSSIER_FIELD);
    char text[32];
    const char *number = json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        number = text;
    }
    if (number != NULL && bsn_parse(number, NULL))
        json_object_set_new(fields, DOSSIER_FIELD, json_sprintf("%s%s", prefix, number));
}

void
dossier_send(const char *prefix, json_t *command)
{
    json_t *facts = json_object_get(command, "facts"), *fields;
    const char *kind;
    ASSERT(command != NULL);
    if (prefix == NULL)
        return;
    send_field(prefix, json_object_get(command, "fields"));
    json_object_foreach(facts, kind, fields) send_field(prefix, fields);
}

static void
return_field(const char *prefix, Keten__V1__Field *field)
{
    const size_t length = strlen(prefix);
    if (strcmp(field->name, DOSSIER_FIELD) == 0 && strncmp(field->value, prefix, length) == 0 &&
        bsn_parse(field->value + length, NULL))
        memmove(field->value, field->value + length, strlen(field->value + length) + 1);
}

void
dossier_return(const char *prefix, Keten__V1__Delivery *delivery)
{
    ASSERT(delivery != NULL);
    for (size_t i = 0; prefix != NULL && i < delivery->n_items; i++) {
        const Keten__V1__FactView *fact = delivery->items[i]->fact;
        for (size_t j = 0; fact != NULL && j < fact->n_fields; j++)
            return_field(prefix, fact->fields[j]);
    }
}
