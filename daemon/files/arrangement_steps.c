// SPDX-License-Identifier: EUPL-1.2
// Steps, and the links that start them. Knows: the facts and steps that the file declares. Must
// never know: whether the chain is sound - that is the engine's.
#include <string.h>

#include "base/text.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/arrangement/values.h"
#include "daemon/files/arrangement_form.h"
#include "proto/limits.h"

typedef Keten__V1__Filter Filter;

static void
read_action_ref(Reader *reader, const Node *node, void *ret)
{
    const ArrangementForm *form = form_of(reader);
    size_t index;
    if (name_index(reader, node, &form->actions, &index))
        *(char **)ret = arena_text(reader->arena, form->actions.items[index]);
}

typedef struct StepForm {
    char *owner, *action;
    NameList needs, gives;
    Term *wait_within, *accept_within, *term, *extend_within, *remind_before;
    Keten__V1__Title *title;
} StepForm;

static void
step_check(Reader *reader, const Node *node)
{
    const Node *needs = node_value(node, "needs");
    const Node *gives = node_value(node, "gives");
    if (needs != NULL && needs->kind == NODE_LIST && needs->count == 0)
        read_error(reader, needs,
                   "een stap heeft ten minste één gegeven nodig (waarop begint zij?)",
                   "a step needs at least one fact (what does it start on?)");
    if (gives != NULL && gives->kind == NODE_LIST && gives->count == 0)
        read_error(reader, gives, "een stap levert ten minste één gegeven (wat is de uitkomst?)",
                   "a step gives at least one fact (what is its outcome?)");
}

static void
step_entry(Reader *reader, const Node *key, const Node *node, void *into)
{
    static const KeyRule keys[] = {
        {"owner", KEY_REQUIRED, read_partner_ref, offsetof(StepForm, owner)},
        {"needs", KEY_REQUIRED, read_fact_refs, offsetof(StepForm, needs)},
        {"gives", KEY_REQUIRED, read_fact_refs, offsetof(StepForm, gives)},
        {"wait-within", KEY_REQUIRED, read_term, offsetof(StepForm, wait_within)},
        {"accept-within", KEY_REQUIRED, read_term, offsetof(StepForm, accept_within)},
        {"term", KEY_REQUIRED, read_term, offsetof(StepForm, term)},
        {"extend-within", KEY_OPTIONAL, read_term, offsetof(StepForm, extend_within)},
        {"remind-before", KEY_OPTIONAL, read_term, offsetof(StepForm, remind_before)},
        {"title", KEY_OPTIONAL, read_title, offsetof(StepForm, title)},
        {"action", KEY_OPTIONAL, read_action_ref, offsetof(StepForm, action)},
    };
    Arrangement *out = into;
    StepForm form = {0};
    if (!map_read(reader, node, KEYS(keys), &form))
        return;
    step_check(reader, node);
    StepKind *step = arena_take(reader->arena, sizeof *step);
    keten__v1__step_kind__init(step);
    step->name = arena_text(reader->arena, key->text);
    if (form.owner != NULL)
        step->owner = form.owner;
    step->needs = form.needs.items;
    step->n_needs = form.needs.count;
    step->gives = form.gives.items;
    step->n_gives = form.gives.count;
    step->wait_within = form.wait_within;
    step->accept_within = form.accept_within;
    step->term = form.term;
    step->extend_within = form.extend_within;
    step->remind_before = form.remind_before;
    step->title = form.title;
    if (form.action != NULL)
        step->action = form.action;
    out->steps[out->n_steps++] = step;
}

void
read_steps(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    out->steps = arena_take(reader->arena, (node->count + 1) * sizeof(StepKind *));
    entries_read(reader, node, LIMIT_KINDS_PER_ARRANGEMENT, step_entry, out);
}

typedef struct LinkForm {
    char *on, *from, *start;
    const Node *when;
    protobuf_c_boolean end;
} LinkForm;

// The kinds are those of the file's own partners: a link from a kind that nobody is would never
// fire.
static void
read_from(Reader *reader, const Node *node, void *ret)
{
    const ArrangementForm *form = form_of(reader);
    size_t index;
    if (!text_check(reader, node))
        return;
    if (names_find(&form->partners, node->text, &index) &&
        !names_find(&form->kinds, node->text, &index)) {
        read_error(reader, node,
                   "'from' noemt een soort ketenpartner, niet de ketenpartner '%s' zelf",
                   "'from' names a kind of partner, not the partner '%s' itself", node->text);
        return;
    }
    if (name_index(reader, node, &form->kinds, &index))
        *(char **)ret = arena_text(reader->arena, form->kinds.items[index]);
}

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

// The value in the canonical form that facts carry, or NULL with an error. Bounds are left to the
// engine's own look at the whole.
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

static void
when_read(Reader *reader, const Node *when, Link *link)
{
    const ArrangementForm *form = form_of(reader);
    const Node *fact = form->facts == NULL ? NULL : node_value(form->facts, link->on);
    const Node *fields = fact == NULL ? NULL : node_value(fact, "fields");
    link->n_when = filters_read(reader, when, agreement_fact(form->out, link->on), link->on, fields,
                                &link->when);
}

static void
link_ends_check(Reader *reader, const Node *node, bool ends)
{
    const Node *end = node_value(node, "end");
    bool start = node_value(node, "start") != NULL;
    bool said = end != NULL && !(end->kind == NODE_TEXT && strcmp(end->text, "false") == 0);
    if (start && ends)
        read_error(reader, node, "een schakel heeft start of end, niet allebei",
                   "a link has start or end, not both");
    if (!start && !said)
        read_error(reader, node, "sleutel 'start' ontbreekt (noem een stap, of schrijf end: true)",
                   "key 'start' is missing (name a step, or write end: true)");
}

static Link *
link_read(Reader *reader, const Node *node)
{
    static const KeyRule keys[] = {
        {"on", KEY_REQUIRED, read_fact_ref, offsetof(LinkForm, on)},
        {"from", KEY_OPTIONAL, read_from, offsetof(LinkForm, from)},
        {"when", KEY_OPTIONAL, read_node, offsetof(LinkForm, when)},
        {"start", KEY_OPTIONAL, read_step_ref, offsetof(LinkForm, start)},
        {"end", KEY_OPTIONAL, read_flag, offsetof(LinkForm, end)},
    };
    LinkForm form = {0};
    Link *link = arena_take(reader->arena, sizeof *link);
    keten__v1__link__init(link);
    if (!map_read(reader, node, KEYS(keys), &form))
        return link;
    link_ends_check(reader, node, form.end);
    link->end = form.end;
    if (form.start != NULL)
        link->start = form.start;
    if (form.from != NULL)
        link->from = partner_kind_of(form.from, &link->from_other);
    if (form.on != NULL)
        link->on = form.on;
    if (form.on != NULL && form.when != NULL)
        when_read(reader, form.when, link);
    return link;
}

void
read_links(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    if (!list_check(reader, node, LIMIT_LINKS_PER_ARRANGEMENT))
        return;
    out->links = arena_take(reader->arena, (node->count + 1) * sizeof(Link *));
    for (size_t i = 0; i < node->count; i++)
        out->links[out->n_links++] = link_read(reader, node->items[i]);
}
