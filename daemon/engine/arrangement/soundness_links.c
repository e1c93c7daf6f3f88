// SPDX-License-Identifier: EUPL-1.2
// Links one by one, and the filters of links and of crises. See soundness_links.h.
// Knows: sources, filters, needs. Must never know: files, the chain as a whole.
//
// Path: links_judge() judges source, filters and step of each link, then the crises of each fact.
#include "daemon/engine/arrangement/soundness_links.h"

#include <string.h>

#include "daemon/engine/arrangement/agreement.h"

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
    const FieldKind *field = agreement_field(fact, filter->field);
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

// Another link starts the step on a fact that it needs. Then a fact that it does not need may join:
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
links_each(Judge *judge)
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

// A crisis makes a signal more than a repeat. A fact that nobody can signal is never a repeat.
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

void
links_judge(Judge *judge)
{
    links_each(judge);
    crisis_judge(judge);
}
