// SPDX-License-Identifier: EUPL-1.2
// The parts of an arrangement one by one: names, desk, terms, fields, ladder, links. Knows: what
// each must have. Must never know: files; the chain as a whole is soundness_chain.c.
#include "daemon/engine/arrangement/soundness.h"

#include <string.h>

#include "daemon/engine/arrangement/soundness_judge.h"
#include "daemon/engine/arrangement/values.h"

void
finding_add(Judge *judge, const char *path, const char *nl, const char *en)
{
    Findings *found = &judge->found;
    found->items = arena_more(judge->arena, found->items, found->count, sizeof(Finding));
    found->items[found->count++] = (Finding){path, {[KT_NL - 1] = nl, [KT_EN - 1] = en}};
}

const FieldKind *
fact_field(const FactKind *fact, const char *name)
{
    for (size_t i = 0; i < fact->n_fields; i++)
        if (strcmp(fact->fields[i]->name, name) == 0)
            return fact->fields[i];
    return NULL;
}

bool
value_is_possible(const Judge *judge, const FieldKind *field, const char *value)
{
    FieldKind *fields[] = {(FieldKind *)(uintptr_t)field};
    FactKind fact = KETEN__V1__FACT_KIND__INIT;
    fact.fields = fields;
    fact.n_fields = 1;
    Field given = KETEN__V1__FIELD__INIT;
    Field *givens[] = {&given};
    given.name = field->name;
    given.value = (char *)(uintptr_t)value;
    Values values;
    return values_check(&fact, givens, 1, judge->arena, &values).code == KT_OK;
}

// ---- names --------------------------------------------------------------------------------------

static size_t
fact_at(Judge *judge, const char *name, const char *path)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++)
        if (strcmp(judge->arrangement->facts[i]->name, name) == 0)
            return i;
    FINDING(judge, path, "onbekend gegeven '%s'", "unknown fact '%s'", name);
    return NOWHERE;
}

static size_t
step_at(Judge *judge, const char *name, const char *path)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++)
        if (strcmp(judge->arrangement->steps[i]->name, name) == 0)
            return i;
    FINDING(judge, path, "onbekende stap '%s'", "unknown step '%s'", name);
    return NOWHERE;
}

static void
partner_known(Judge *judge, const char *name, const char *path)
{
    if (agreement_partner(judge->arrangement, name) == NULL)
        FINDING(judge, path, "onbekende ketenpartner '%s'", "unknown partner '%s'", name);
}

static size_t *
facts_at(Judge *judge, char *const *names, size_t count, const char *path)
{
    size_t *at = arena_take(judge->arena, (count + 1) * sizeof *at);
    for (size_t i = 0; i < count; i++)
        at[i] = fact_at(judge, names[i], path);
    return at;
}

static void
names_resolve(Judge *judge)
{
    const Arrangement *arrangement = judge->arrangement;
    judge->steps = arena_take(judge->arena, (arrangement->n_steps + 1) * sizeof *judge->steps);
    judge->links = arena_take(judge->arena, (arrangement->n_links + 1) * sizeof *judge->links);
    for (size_t i = 0; i < arrangement->n_steps; i++) {
        const StepKind *step = arrangement->steps[i];
        const char *path = PATH(judge, "steps.%s", step->name);
        partner_known(judge, step->owner, PATH(judge, "%s.owner", path));
        judge->steps[i].needs =
            facts_at(judge, step->needs, step->n_needs, PATH(judge, "%s.needs", path));
        judge->steps[i].gives =
            facts_at(judge, step->gives, step->n_gives, PATH(judge, "%s.gives", path));
    }
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        judge->links[i].on = fact_at(judge, link->on, PATH(judge, "links.%zu.on", i + 1));
        judge->links[i].start =
            link->end ? NOWHERE
                      : step_at(judge, link->start, PATH(judge, "links.%zu.start", i + 1));
    }
    for (size_t i = 0; i < arrangement->n_ladder; i++)
        if (arrangement->ladder[i]->partner[0] != '\0')
            partner_known(judge, arrangement->ladder[i]->partner,
                          PATH(judge, "ladder.%zu.partner", i + 1));
}

// ---- parts --------------------------------------------------------------------------------------

static void
desk_judge(Judge *judge)
{
    const ArrangementPartner *desk = NULL;
    for (size_t i = 0; i < judge->arrangement->n_partners; i++) {
        const ArrangementPartner *partner = judge->arrangement->partners[i];
        if (partner->desk && desk != NULL)
            FINDING(judge, PATH(judge, "partners.%s.desk", partner->name),
                    "twee meldpunten, %s en %s: wie houdt een nieuw plan vast? (laat er één staan)",
                    "two desks, %s and %s: who holds a new plan? (keep one)", desk->name,
                    partner->name);
        else if (partner->desk)
            desk = partner;
    }
    if (desk == NULL)
        finding_add(
            judge, "partners",
            "geen meldpunt: een nieuw plan heeft niemand (zet desk: true bij één ketenpartner)",
            "no desk: a new plan has nobody (put desk: true with one partner)");
}

static void
term_judge(Judge *judge, const Term *term, const char *where, const char *name)
{
    if (term == NULL || term->count == 0 ||
        term->unit == KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED)
        FINDING(judge, PATH(judge, "%s.%s", where, name), "wachten zonder einde: %s heeft geen %s",
                "a wait without an end: %s has no %s", where, name);
}

static void
terms_judge(Judge *judge)
{
    const Arrangement *arrangement = judge->arrangement;
    term_judge(judge, arrangement->return_within, "terms", "return-within");
    term_judge(judge, arrangement->review_within, "terms", "review-within");
    for (size_t i = 0; i < arrangement->n_steps; i++) {
        const StepKind *step = arrangement->steps[i];
        const char *path = PATH(judge, "steps.%s", step->name);
        term_judge(judge, step->wait_within, path, "wait-within");
        term_judge(judge, step->accept_within, path, "accept-within");
        term_judge(judge, step->term, path, "term");
    }
    for (size_t i = 0; i < arrangement->n_ladder; i++)
        term_judge(judge, arrangement->ladder[i]->within, PATH(judge, "ladder.%zu", i + 1),
                   "within");
}

static bool
anyone_may_see(const Arrangement *arrangement, const FieldKind *field)
{
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (agreement_may_see(arrangement->partners[i], field, false))
            return true;
    return false;
}

static void
fields_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++) {
        const FactKind *fact = judge->arrangement->facts[i];
        for (size_t j = 0; j < fact->n_fields; j++) {
            const FieldKind *field = fact->fields[j];
            if (!anyone_may_see(judge->arrangement, field))
                FINDING(judge, PATH(judge, "facts.%s.fields.%s.for", fact->name, field->name),
                        "veld %s van %s mag niemand zien: geen ketenpartner heeft dit doel",
                        "nobody may see field %s of %s: no partner has this purpose", field->name,
                        fact->name);
        }
    }
}

// The top is whoever has the last word; a coordinator who is late cannot be the answer to that.
static void
ladder_judge(Judge *judge)
{
    const Arrangement *arrangement = judge->arrangement;
    if (arrangement->n_ladder == 0) {
        finding_add(
            judge, "ladder",
            "een ladder zonder top: wat te laat is, komt bij niemand (noem ten minste één trede)",
            "a ladder without a top: what is late reaches nobody (name at least one rung)");
        return;
    }
    const Rung *top = arrangement->ladder[arrangement->n_ladder - 1];
    if (top->partner[0] == '\0')
        FINDING(judge, PATH(judge, "ladder.%zu", arrangement->n_ladder),
                "een ladder zonder top: is de regisseur zelf te laat, dan houdt %s nergens op "
                "(eindig met partner:)",
                "a ladder without a top: when the coordinator is late, %s leads nowhere (end with "
                "partner:)",
                top->level);
}

// ---- links --------------------------------------------------------------------------------------

static void
source_judge(Judge *judge, const Link *link, const char *path)
{
    if (link->from == KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED)
        return;
    for (size_t i = 0; i < judge->arrangement->n_partners; i++)
        if (agreement_from(link, judge->arrangement->partners[i]))
            return;
    FINDING(judge, PATH(judge, "%s.from", path),
            "geen ketenpartner is van de soort waarvan %s moet komen",
            "no partner is of the kind that %s must come from", link->on);
}

static void
filter_judge(Judge *judge, const FactKind *fact, const Keten__V1__Filter *filter, const char *path)
{
    const FieldKind *field = fact_field(fact, filter->field);
    path = PATH(judge, "%s.%s", path, filter->field);
    if (field == NULL) {
        FINDING(judge, path, "dit filter kan nooit passen: %s heeft geen veld %s",
                "this filter can never match: %s has no field %s", fact->name, filter->field);
        return;
    }
    for (size_t i = 0; i < filter->n_values; i++)
        if (value_is_possible(judge, field, filter->values[i]))
            return;
    FINDING(judge, path, "dit filter kan nooit passen: %s van %s is nooit '%s'",
            "this filter can never match: %s of %s is never '%s'", filter->field, fact->name,
            filter->n_values > 0 ? filter->values[0] : "");
}

static bool
step_needs(const StepKind *step, const char *fact)
{
    for (size_t i = 0; i < step->n_needs; i++)
        if (strcmp(step->needs[i], fact) == 0)
            return true;
    return false;
}

// A fact that is not needed may join a step that another link starts on what it does need: then
// there is work to do.
static bool
started_by_a_need(const Judge *judge, const StepKind *step)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++) {
        const Link *link = judge->arrangement->links[i];
        if (!link->end && strcmp(link->start, step->name) == 0 && step_needs(step, link->on))
            return true;
    }
    return false;
}

static void
start_judge(Judge *judge, const Link *link, const char *path)
{
    if (link->end)
        return;
    const StepKind *step = agreement_step(judge->arrangement, link->start);
    if (!step_needs(step, link->on) && !started_by_a_need(judge, step))
        FINDING(
            judge, PATH(judge, "%s.start", path),
            "deze schakel begint %s op %s, maar die stap heeft dat gegeven niet nodig (zet het bij "
            "needs)",
            "this link starts %s on %s, but that step does not need this fact (put it with needs)",
            link->start, link->on);
}

static void
links_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++) {
        const Link *link = judge->arrangement->links[i];
        const char *path = PATH(judge, "links.%zu", i + 1);
        source_judge(judge, link, path);
        for (size_t j = 0; j < link->n_when; j++)
            filter_judge(judge, agreement_fact(judge->arrangement, link->on), link->when[j],
                         PATH(judge, "%s.when", path));
        start_judge(judge, link, path);
    }
}

static bool
is_signalled(const Judge *judge, const FactKind *fact)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++)
        if (judge->arrangement->links[i]->from !=
                KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED &&
            strcmp(judge->arrangement->links[i]->on, fact->name) == 0)
            return true;
    return false;
}

// Only a signal can repeat another, so only a signal can be more than a repeat.
static void
crisis_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++) {
        const FactKind *fact = judge->arrangement->facts[i];
        const char *path = PATH(judge, "facts.%s.crisis", fact->name);
        if ((fact->crisis || fact->n_crisis_when > 0) && !is_signalled(judge, fact))
            FINDING(judge, path,
                    "een crisis die niemand kan melden: geen schakel heeft %s met 'from' (laat "
                    "'crisis' weg)",
                    "a crisis that nobody can signal: no link has %s with 'from' (leave 'crisis' "
                    "out)",
                    fact->name);
        for (size_t j = 0; j < fact->n_crisis_when; j++)
            filter_judge(judge, fact, fact->crisis_when[j], path);
    }
}

static void
steps_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++) {
        const StepKind *step = judge->arrangement->steps[i];
        const char *path = PATH(judge, "steps.%s", step->name);
        if (step->n_needs == 0)
            FINDING(judge, path, "stap %s heeft niets nodig: waarop begint zij?",
                    "step %s needs nothing: what does it start on?", step->name);
        if (step->n_gives == 0)
            FINDING(judge, path, "stap %s levert niets: daarna gaat het niet verder",
                    "step %s gives nothing: nothing goes on after it", step->name);
    }
}

Findings
arrangement_findings(const Arrangement *arrangement, Arena *arena)
{
    Judge judge = {.arrangement = arrangement, .arena = arena};
    names_resolve(&judge);
    const bool resolved = judge.found.count == 0;
    desk_judge(&judge);
    terms_judge(&judge);
    fields_judge(&judge);
    ladder_judge(&judge);
    steps_judge(&judge);
    if (resolved) {
        links_judge(&judge);
        crisis_judge(&judge);
        chain_judge(&judge);
        coverage_judge(&judge);
    }
    return judge.found;
}

const char *
arrangement_unsound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
                    const char **ret_path)
{
    const Findings findings = arrangement_findings(arrangement, arena);
    if (findings.count == 0)
        return NULL;
    *ret_path = findings.items[0].path;
    return findings.items[0].text[language - 1];
}
