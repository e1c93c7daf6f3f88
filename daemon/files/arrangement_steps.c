// SPDX-License-Identifier: EUPL-1.2
// Steps, and the links that start them. Knows: the facts and steps that the file declares. Must
// never know: whether the chain is sound - the engine judges that.
// The path: read_steps() takes each step (step_entry); read_links() each link (link_read), whose
// filters are read by filters_read(). A link starts a step or ends the plan.
#include "daemon/files/arrangement_steps.h"

#include <string.h>

#include "daemon/engine/engine.h"
#include "daemon/files/arrangement_filters.h"
#include "daemon/files/arrangement_names.h"
#include "daemon/files/arrangement_partners.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

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

// `from` must be the kind of a partner in this file: a link from any other kind would never fire.
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
