// SPDX-License-Identifier: EUPL-1.2
// See repeats.h. Must never know: plans, commands.
#include "daemon/engine/rules/repeats.h"

#include <string.h>

#include "base/assert.h"

static const char *
body_find(const PartBody *body, const char *name)
{
    for (size_t i = 0; i < body->n_fields; i++)
        if (strcmp(body->fields[i]->name, name) == 0)
            return body->fields[i]->value;
    return NULL;
}

// Both values are canonical, so a number can always be read.
static bool
number_grew(bool (*read)(Text text, int64_t *ret), const char *was, const char *now)
{
    int64_t before, after;
    return !read(text_of(was), &before) || !read(text_of(now), &after) || after > before;
}

// An earlier date is more: a deadline has come nearer, or something has lasted longer.
static bool
value_grew(const FieldKind *field, const char *was, const char *now)
{
    switch (field->type) {
    case KETEN__V1__FIELD_TYPE__FIELD_INTEGER:
        return number_grew(text_to_int64, was, now);
    case KETEN__V1__FIELD_TYPE__FIELD_MONEY:
        return number_grew(text_to_cents, was, now);
    case KETEN__V1__FIELD_TYPE__FIELD_DATE:
        return strcmp(now, was) < 0; // YYYY-MM-DD
    case KETEN__V1__FIELD_TYPE__FIELD_CHOICE:
    case KETEN__V1__FIELD_TYPE__FIELD_YES_NO:
        return strcmp(now, was) != 0;
    case KETEN__V1__FIELD_TYPE__FIELD_TEXT:
    case KETEN__V1__FIELD_TYPE__FIELD_ADDRESS:
        return false;
    case KETEN__V1__FIELD_TYPE__FIELD_TYPE_UNSPECIFIED:
    case _KETEN__V1__FIELD_TYPE_IS_INT_SIZE:
        break;
    }
    unhandled("type of a field");
}

// Whether anything has grown since an earlier signal: an integer or an amount is greater, a date
// has come nearer, a choice or a yes-no is another, or any of them stands where nothing stood. Text
// never grows, nor does a field that the arrangement leaves out.
static bool
values_grew(const FactKind *kind, const PartBody *earlier, const Values *values)
{
    for (size_t i = 0; i < kind->n_fields; i++) {
        const FieldKind *field = kind->fields[i];
        const char *now = values_find(values, field->name);
        if (now == NULL || field->type == KETEN__V1__FIELD_TYPE__FIELD_TEXT ||
            field->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS ||
            field->grows == KETEN__V1__GROWTH__GROWTH_IGNORED)
            continue;
        const char *was = body_find(earlier, field->name);
        if (was == NULL || value_grew(field, was, now))
            return true;
    }
    return false;
}

// Whether the arrangement calls a signal with these values a crisis.
static bool
values_are_crisis(const FactKind *kind, const Values *values)
{
    return kind->crisis || (kind->n_crisis_when > 0 &&
                            filters_match(kind->crisis_when, kind->n_crisis_when, values));
}

uint64_t
repeated_signal(const Context *context, const FactKind *kind, const Values *values)
{
    if (context->earlier.row == NULL || context->earlier.body == NULL ||
        values_are_crisis(kind, values) || values_grew(kind, context->earlier.body, values))
        return 0;
    return context->earlier.row->fact;
}
