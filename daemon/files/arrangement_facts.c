// SPDX-License-Identifier: EUPL-1.2
// Facts and their fields. Knows: the types of fields and what each type may carry. Must never know:
// which partner gives a fact, when.
// The path: read_facts() takes each fact (fact_entry), read_fields() each field of it
// (field_entry), whose type row says which bounds and choices it may have.
#include "daemon/files/arrangement_facts.h"

#include <string.h>

#include "base/text.h"
#include "daemon/files/arrangement_filters.h"
#include "daemon/files/arrangement_names.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

typedef struct FieldForm {
    const Node *type, *min, *max, *grows;
    NameList of;
    NumberList purposes;
    protobuf_c_boolean optional;
} FieldForm;

typedef bool (*BoundReader)(Text text, int64_t *ret);

typedef struct TypeRule {
    const char *name;
    Keten__V1__FieldType type;
    BoundReader bound; // NULL: min and max do not belong here
} TypeRule;

static const TypeRule types[] = {
    {"integer", KETEN__V1__FIELD_TYPE__FIELD_INTEGER, text_to_int64},
    {"money", KETEN__V1__FIELD_TYPE__FIELD_MONEY, text_to_cents},
    {"choice", KETEN__V1__FIELD_TYPE__FIELD_CHOICE, NULL},
    {"yes-no", KETEN__V1__FIELD_TYPE__FIELD_YES_NO, NULL},
    {"text", KETEN__V1__FIELD_TYPE__FIELD_TEXT, NULL},
    {"date", KETEN__V1__FIELD_TYPE__FIELD_DATE, NULL},
    {"address", KETEN__V1__FIELD_TYPE__FIELD_ADDRESS, NULL},
};
enum { TYPES = sizeof types / sizeof types[0] };

static const TypeRule *
type_rule(Reader *reader, const Node *node)
{
    const char *words[TYPES];
    Names names = {.items = words, .count = TYPES, .known = true};
    names.unknown_nl = "onbekend type";
    names.unknown_en = "unknown type";
    for (size_t i = 0; i < TYPES; i++)
        words[i] = types[i].name;
    size_t index;
    return node != NULL && name_index(reader, node, &names, &index) ? &types[index] : NULL;
}

static bool
bound_read(Reader *reader, const Node *node, const TypeRule *rule, int64_t *ret)
{
    if (node == NULL || !text_check(reader, node))
        return false;
    if (rule->bound == NULL) {
        read_error(reader, node, "min en max horen alleen bij integer en money, niet bij %s",
                   "min and max belong to integer and money only, not to %s", rule->name);
        return false;
    }
    if (!rule->bound(text_of(node->text), ret)) {
        read_error(reader, node,
                   "verkeerd type: hier hoort een grens van het type %s, er staat '%s'",
                   "wrong type: a bound of type %s belongs here, found '%s'", rule->name,
                   text_shown(reader->arena, node->text));
        return false;
    }
    return true;
}

static void
bounds_fill(Reader *reader, const FieldForm *form, const TypeRule *rule, FieldKind *field)
{
    field->has_min = bound_read(reader, form->min, rule, &field->min);
    field->has_max = bound_read(reader, form->max, rule, &field->max);
    if (field->has_min && field->has_max && field->min > field->max)
        read_error(reader, form->max, "max is kleiner dan min", "max is less than min");
}

static void
growth_fill(Reader *reader, const Node *node, FieldKind *field)
{
    protobuf_c_boolean grows = false;
    if (node == NULL)
        return;
    if (field->type == KETEN__V1__FIELD_TYPE__FIELD_TEXT) {
        read_error(reader, node,
                   "een tekst groeit nooit (laat 'grows' weg, of kies een ander type)",
                   "a text never grows (leave 'grows' out, or choose another type)");
        return;
    }
    read_flag(reader, node, &grows);
    field->grows = grows ? KETEN__V1__GROWTH__GROWTH_COUNTS : KETEN__V1__GROWTH__GROWTH_IGNORED;
}

static void
choices_check(Reader *reader, const Node *node, const TypeRule *rule)
{
    const Node *of = node_value(node, "of");
    bool choice = rule->type == KETEN__V1__FIELD_TYPE__FIELD_CHOICE;
    if (choice && of == NULL)
        read_error(reader, node, "sleutel 'of' ontbreekt: een keuze somt op wat er te kiezen is",
                   "key 'of' is missing: a choice lists what there is to choose");
    if (choice && of != NULL && of->kind == NODE_LIST && of->count == 0)
        read_error(reader, of, "een keuze zonder mogelijkheden (som ze op)",
                   "a choice without options (list them)");
    if (!choice && of != NULL)
        read_error(reader, of, "'of' hoort alleen bij choice, niet bij %s",
                   "'of' belongs to choice only, not to %s", rule->name);
}

static void
purposes_check(Reader *reader, const Node *node)
{
    const Node *purposes = node_value(node, "for");
    if (purposes != NULL && purposes->kind == NODE_LIST && purposes->count == 0)
        read_error(reader, purposes, "dit veld mag niemand zien (noem ten minste één doel)",
                   "nobody may see this field (name at least one purpose)");
}

static void
field_entry(Reader *reader, const Node *key, const Node *node, void *into)
{
    static const KeyRule keys[] = {
        {"type", KEY_REQUIRED, read_node, offsetof(FieldForm, type)},
        {"for", KEY_REQUIRED, read_purpose_refs, offsetof(FieldForm, purposes)},
        {"optional", KEY_OPTIONAL, read_flag, offsetof(FieldForm, optional)},
        {"min", KEY_OPTIONAL, read_node, offsetof(FieldForm, min)},
        {"max", KEY_OPTIONAL, read_node, offsetof(FieldForm, max)},
        {"of", KEY_OPTIONAL, read_names, offsetof(FieldForm, of)},
        {"grows", KEY_OPTIONAL, read_node, offsetof(FieldForm, grows)},
    };
    FactKind *fact = into;
    FieldForm form = {0};
    if (!map_read(reader, node, KEYS(keys), &form))
        return;
    FieldKind *field = arena_take(reader->arena, sizeof *field);
    keten__v1__field_kind__init(field);
    field->name = arena_text(reader->arena, key->text);
    field->optional = form.optional;
    field->of = form.of.items;
    field->n_of = form.of.count;
    field->purposes = form.purposes.items;
    field->n_purposes = form.purposes.count;
    purposes_check(reader, node);
    const TypeRule *rule = type_rule(reader, form.type);
    if (rule != NULL) {
        field->type = rule->type;
        bounds_fill(reader, &form, rule, field);
        choices_check(reader, node, rule);
        growth_fill(reader, form.grows, field);
    }
    fact->fields[fact->n_fields++] = field;
}

static void
read_fields(Reader *reader, const Node *node, FactKind *fact)
{
    fact->fields = arena_take(reader->arena, (node->count + 1) * sizeof(FieldKind *));
    entries_read(reader, node, LIMIT_FIELDS_PER_FACT, field_entry, fact);
}

typedef struct FactForm {
    const Node *fields, *crisis;
    protobuf_c_boolean final;
    Keten__V1__Title *title;
} FactForm;

// `crisis:` is `true`, or the values of fields that make the fact a crisis.
static void
crisis_fill(Reader *reader, const Node *crisis, const Node *fields, FactKind *fact)
{
    protobuf_c_boolean always = false;
    if (crisis == NULL)
        return;
    if (crisis->kind == NODE_MAP) {
        if (crisis->count == 0)
            read_error(
                reader, crisis,
                "een crisis zonder waarden (noem een veld met zijn waarden, of schrijf true)",
                "a crisis without values (name a field with its values, or write true)");
        fact->n_crisis_when =
            filters_read(reader, crisis, fact, fact->name, fields, &fact->crisis_when);
        return;
    }
    read_flag(reader, crisis, &always);
    fact->crisis = always;
}

static void
fact_entry(Reader *reader, const Node *key, const Node *node, void *into)
{
    static const KeyRule keys[] = {
        {"fields", KEY_REQUIRED, read_node, offsetof(FactForm, fields)},
        {"final", KEY_OPTIONAL, read_flag, offsetof(FactForm, final)},
        {"title", KEY_OPTIONAL, read_title, offsetof(FactForm, title)},
        {"crisis", KEY_OPTIONAL, read_node, offsetof(FactForm, crisis)},
    };
    Arrangement *out = into;
    FactKind *fact = arena_take(reader->arena, sizeof *fact);
    keten__v1__fact_kind__init(fact);
    fact->name = arena_text(reader->arena, key->text);
    FactForm form = {0};
    map_read(reader, node, KEYS(keys), &form);
    if (form.fields != NULL)
        read_fields(reader, form.fields, fact);
    fact->final = form.final;
    fact->title = form.title;
    crisis_fill(reader, form.crisis, form.fields, fact);
    out->facts[out->n_facts++] = fact;
}

void
read_facts(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    out->facts = arena_take(reader->arena, (node->count + 1) * sizeof(FactKind *));
    entries_read(reader, node, LIMIT_KINDS_PER_ARRANGEMENT, fact_entry, out);
}
