// SPDX-License-Identifier: EUPL-1.2
// The values of a fact against its kind. See values.h.
// Knows: types of fields. Must never know: plans, partners.
//
// Path: values_check() calls check_one() for each given field, which calls the reader of the
// field's type; then it looks for required fields without a value.
#include "daemon/engine/arrangement/values.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/arrangement/field_set.h"
#include "proto/limits.h"

static bool
in_range(const FieldKind *kind, int64_t number)
{
    return (!kind->has_min || number >= kind->min) && (!kind->has_max || number <= kind->max);
}

// A reader gives the canonical text in the arena; NULL when the value does not fit its type.
static const char *
read_integer(const FieldKind *kind, const char *value, Arena *arena)
{
    int64_t number;
    if (!text_to_int64(text_of(value), &number) || !in_range(kind, number))
        return NULL;
    return arena_format(arena, "%" PRId64, number);
}

static const char *
read_money(const FieldKind *kind, const char *value, Arena *arena)
{
    int64_t cents;
    if (!text_to_cents(text_of(value), &cents) || !in_range(kind, cents))
        return NULL;
    const uint64_t size = cents < 0 ? (uint64_t)0 - (uint64_t)cents : (uint64_t)cents;
    return arena_format(arena, "%s%" PRIu64 ".%02u", cents < 0 ? "-" : "", size / 100,
                        (unsigned)(size % 100));
}

static const char *
read_choice(const FieldKind *kind, const char *value, Arena *arena)
{
    (void)arena;
    for (size_t i = 0; i < kind->n_of; i++)
        if (strcmp(kind->of[i], value) == 0)
            return kind->of[i];
    return NULL;
}

static const char *
read_yes_no(const FieldKind *kind, const char *value, Arena *arena)
{
    static const struct {
        const char *word;
        const char *canonical;
    } words[] = {{"yes", "yes"}, {"ja", "yes"}, {"true", "yes"},
                 {"no", "no"},   {"nee", "no"}, {"false", "no"}};
    (void)kind;
    (void)arena;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, value) == 0)
            return words[i].canonical;
    return NULL;
}

static const char *
read_text(const FieldKind *kind, const char *value, Arena *arena)
{
    (void)kind;
    const size_t length = strlen(value);
    return length == 0 || length > LIMIT_TEXT_BYTES ? NULL : arena_copy(arena, value, length);
}

static const char *
read_date(const FieldKind *kind, const char *value, Arena *arena)
{
    Date date;
    (void)kind;
    if (!date_parse(text_of(value), &date))
        return NULL;
    return arena_format(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

typedef struct TypeReader {
    const char *name;
    const char *(*read)(const FieldKind *kind, const char *value, Arena *arena);
} TypeReader;

static const TypeReader readers[] = {
    [KETEN__V1__FIELD_TYPE__FIELD_INTEGER] = {"integer", read_integer},
    [KETEN__V1__FIELD_TYPE__FIELD_MONEY] = {"money", read_money},
    [KETEN__V1__FIELD_TYPE__FIELD_CHOICE] = {"choice", read_choice},
    [KETEN__V1__FIELD_TYPE__FIELD_YES_NO] = {"yes-no", read_yes_no},
    [KETEN__V1__FIELD_TYPE__FIELD_TEXT] = {"text", read_text},
    [KETEN__V1__FIELD_TYPE__FIELD_DATE] = {"date", read_date},
    [KETEN__V1__FIELD_TYPE__FIELD_ADDRESS] = {"address", read_text},
};

static const char *
expected(const FieldKind *kind, Arena *arena)
{
    const char *text = arena_format(arena, "%s: %s", kind->name, readers[kind->type].name);
    const char *unit = kind->type == KETEN__V1__FIELD_TYPE__FIELD_MONEY ? " cent" : "";
    if (kind->has_min)
        text = arena_format(arena, "%s >= %" PRId64 "%s", text, kind->min, unit);
    if (kind->has_max)
        text = arena_format(arena, "%s <= %" PRId64 "%s", text, kind->max, unit);
    for (size_t i = 0; i < kind->n_of; i++)
        text = arena_format(arena, "%s%s%s", text, i == 0 ? " " : "|", kind->of[i]);
    return text;
}

static const FieldKind *
kind_of(const FactKind *fact, const char *name, size_t *ret_at)
{
    for (size_t i = 0; i < fact->n_fields; i++) {
        if (strcmp(fact->fields[i]->name, name) == 0) {
            *ret_at = i;
            return fact->fields[i];
        }
    }
    return NULL;
}

static const char *
unknown_field(const FactKind *fact, const char *name, Arena *arena)
{
    const char **names = arena_take(arena, (fact->n_fields + 1) * sizeof *names);
    for (size_t i = 0; i < fact->n_fields; i++)
        names[i] = fact->fields[i]->name;
    return agreement_hint(arena, name, names, fact->n_fields);
}

static ValueFault
check_one(const FactKind *fact, const Field *given, const char **texts, Arena *arena)
{
    size_t at;
    const FieldKind *kind = kind_of(fact, given->name, &at);
    if (kind == NULL)
        return (ValueFault){KT_UNKNOWN_FIELD, unknown_field(fact, given->name, arena)};
    if (texts[at] != NULL)
        return (ValueFault){KT_DOUBLE_FIELD, kind->name};
    ASSERT(kind->type > 0 && (size_t)kind->type < sizeof readers / sizeof readers[0]);
    texts[at] = readers[kind->type].read(kind, given->value, arena);
    if (texts[at] == NULL)
        return (ValueFault){KT_FIELD_VALUE, expected(kind, arena)};
    return (ValueFault){KT_OK, ""};
}

ValueFault
values_check(const FactKind *kind, Field *const *given, size_t count, Arena *arena, Values *ret)
{
    ASSERT(kind != NULL && kind->n_fields <= LIMIT_FIELDS_PER_FACT);
    const char **texts = arena_take(arena, (kind->n_fields + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        const ValueFault fault = check_one(kind, given[i], texts, arena);
        if (fault.code != KT_OK)
            return fault;
    }
    Values values = {.fields = arena_take(arena, (kind->n_fields + 1) * sizeof *values.fields)};
    for (size_t i = 0; i < kind->n_fields; i++) {
        if (texts[i] == NULL && !kind->fields[i]->optional)
            return (ValueFault){KT_MISSING_FIELD, kind->fields[i]->name};
        if (texts[i] == NULL)
            continue;
        Field *field = arena_take(arena, sizeof *field);
        keten__v1__field__init(field);
        field->name = kind->fields[i]->name;
        field->value = (char *)(uintptr_t)texts[i];
        values.fields[values.count++] = field;
        present_add(&values.present, i);
    }
    *ret = values;
    return (ValueFault){KT_OK, ""};
}

const char *
values_find(const Values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->fields[i]->name, name) == 0)
            return values->fields[i]->value;
    return NULL;
}

bool
filters_match(Keten__V1__Filter *const *filters, size_t count, const Values *values)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = values_find(values, filters[i]->field);
        bool matches = false;
        for (size_t j = 0; value != NULL && j < filters[i]->n_values; j++)
            matches = matches || strcmp(filters[i]->values[j], value) == 0;
        if (!matches)
            return false;
    }
    return true;
}
