// SPDX-License-Identifier: EUPL-1.2
// Names of facts, steps and partners, resolved to indexes. See soundness_names.h.
// Knows: which names point to what. Must never know: files, the chain as a whole.
#include "daemon/engine/arrangement/soundness_names.h"

#include <string.h>

#include "daemon/engine/arrangement/agreement.h"

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

void
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
