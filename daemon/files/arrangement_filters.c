// SPDX-License-Identifier: EUPL-1.2
// Filters on the fields of a fact. Knows: the forms of values, the names of fields. Must never
// know: what a filter decides.
#include "daemon/files/arrangement_filters.h"

#include <string.h>

#include "daemon/engine/engine.h"
#include "proto/limits.h"

typedef Keten__V1__Filter Filter;

static const FieldKind *
field_of(const FactKind *fact, const char *name)
{
    for (size_t i = 0; fact != NULL && i < fact->n_fields; i++) {
        if (strcmp(fact->fields[i]->name, name) == 0)
            return fact->fields[i];
    }
    return NULL;
}

static void
choice_unknown(Reader *reader, const Node *node, const FieldKind *field)
{
    Names choices = {.items = (const char **)(uintptr_t)field->of, .count = field->n_of};
    const char *shown = text_shown(reader->arena, node->text);
    const char *nl = names_hint(reader, &choices, node->text, KT_NL);
    const char *en = names_hint(reader, &choices, node->text, KT_EN);
    errors_add_texts(
        &reader->errors, node->line, node->column,
        arena_format(reader->arena, "dit filter kan nooit passen: '%s' is geen keuze van %s%s",
                     shown, field->name, nl),
        arena_format(reader->arena, "this filter can never match: '%s' is no choice of %s%s", shown,
                     field->name, en));
}

// The value in the canonical form that facts carry, or NULL with an error. Bounds are not checked
// here: the engine judges them in the whole arrangement.
static char *
filter_value(Reader *reader, const Node *node, const FieldKind *field)
{
    FieldKind unbound = *field;
    FieldKind *fields[] = {&unbound};
    FactKind fact = KETEN__V1__FACT_KIND__INIT;
    unbound.has_min = unbound.has_max = false;
    fact.fields = fields;
    fact.n_fields = 1;
    Field given = KETEN__V1__FIELD__INIT;
    Field *givens[] = {&given};
    given.name = field->name;
    given.value = (char *)(uintptr_t)node->text;
    Values values = {0};
    if (values_check(&fact, givens, 1, reader->arena, &values).code == KT_OK)
        return arena_text(reader->arena, values.fields[0]->value);
    if (field->type == KETEN__V1__FIELD_TYPE__FIELD_CHOICE)
        choice_unknown(reader, node, field);
    else
        read_error(reader, node, "dit filter kan nooit passen: '%s' is geen waarde van %s",
                   "this filter can never match: '%s' is no value of %s",
                   text_shown(reader->arena, node->text), field->name);
    return NULL;
}

static void
value_add(Reader *reader, const Node *node, const FieldKind *field, Filter *filter)
{
    if (!text_check(reader, node) || field->type == KETEN__V1__FIELD_TYPE__FIELD_TYPE_UNSPECIFIED)
        return;
    char *value = filter_value(reader, node, field);
    if (value == NULL)
        return;
    for (size_t i = 0; i < filter->n_values; i++) {
        if (strcmp(filter->values[i], value) == 0) {
            read_error(reader, node, "'%s' staat er tweemaal (laat er één staan)",
                       "'%s' stands twice (keep one)", text_shown(reader->arena, node->text));
            return;
        }
    }
    filter->values[filter->n_values++] = value;
}

static Filter *
filter_read(Reader *reader, const Node *node, const FieldKind *field)
{
    Filter *filter = arena_take(reader->arena, sizeof *filter);
    keten__v1__filter__init(filter);
    filter->field = field->name;
    size_t most = node->kind == NODE_LIST ? node->count : 1;
    filter->values = arena_take(reader->arena, (most + 1) * sizeof(char *));
    if (node->kind != NODE_LIST)
        value_add(reader, node, field, filter);
    for (size_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        value_add(reader, node->items[i], field, filter);
    if (node->kind == NODE_LIST && node->count == 0)
        read_error(reader, node, "dit filter kan nooit passen: de lijst is leeg",
                   "this filter can never match: the list is empty");
    return filter;
}

typedef struct FilterInto {
    Filter **filters;
    size_t count;
    const char *on;
    const FactKind *fact;
    Names fields;
} FilterInto;

static void
filter_entry(Reader *reader, const Node *key, const Node *node, void *ret)
{
    FilterInto *into = ret;
    const FieldKind *field = field_of(into->fact, key->text);
    size_t index;
    if (field != NULL) {
        into->filters[into->count++] = filter_read(reader, node, field);
    } else if (into->fields.known && !names_find(&into->fields, key->text, &index)) {
        const char *nl = names_hint(reader, &into->fields, key->text, KT_NL);
        const char *en = names_hint(reader, &into->fields, key->text, KT_EN);
        errors_add_texts(
            &reader->errors, key->line, key->column,
            arena_format(reader->arena, "onbekend veld '%s' van %s%s", key->text, into->on, nl),
            arena_format(reader->arena, "unknown field '%s' of %s%s", key->text, into->on, en));
    }
}

size_t
filters_read(Reader *reader, const Node *node, const FactKind *fact, const char *on,
             const Node *fields, Filter ***ret)
{
    FilterInto into = {.on = on, .fact = fact};
    names_of_map(reader, fields, &into.fields);
    into.filters = arena_take(reader->arena, (node->count + 1) * sizeof(Filter *));
    entries_read(reader, node, LIMIT_FIELDS_PER_FACT, filter_entry, &into);
    *ret = into.filters;
    return into.count;
}
