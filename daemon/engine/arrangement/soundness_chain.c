// SPDX-License-Identifier: EUPL-1.2
// The chain as a whole: which facts can ever come, which steps can ever be finished, and where
// nothing continues. See soundness_chain.h.
// Knows: needs, gives, links. Must never know: values (soundness_coverage.c), files.
//
// Path: reach_of() adds facts that come and steps that finish until nothing is added;
// steps_reached() then finds the steps that never finish, dead_ends() the facts after which nothing
// follows.
#include "daemon/engine/arrangement/soundness_chain.h"

// Facts and steps that are possible at all; reach_of() adds to it until nothing is added.
typedef struct Reach {
    bool *comes;    // a fact: signalled, or given by a step that can be finished
    bool *started;  // a step: a link on a fact that comes
    bool *finished; // a step: started, and everything it needs comes
} Reach;

static void
signals_come(const Judge *judge, Reach *reach)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++)
        if (judge->arrangement->links[i]->from != KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED)
            reach->comes[judge->links[i].on] = true;
}

static void
links_start(const Judge *judge, Reach *reach)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++)
        if (judge->links[i].start != NOWHERE && reach->comes[judge->links[i].on])
            reach->started[judge->links[i].start] = true;
}

static bool
step_can_finish(const Judge *judge, const Reach *reach, size_t step)
{
    for (size_t i = 0; i < judge->arrangement->steps[step]->n_needs; i++)
        if (!reach->comes[judge->steps[step].needs[i]])
            return false;
    return reach->started[step];
}

static bool
steps_finish(const Judge *judge, Reach *reach)
{
    bool grown = false;
    for (size_t i = 0; i < judge->arrangement->n_steps; i++) {
        if (reach->finished[i] || !step_can_finish(judge, reach, i))
            continue;
        reach->finished[i] = grown = true;
        for (size_t j = 0; j < judge->arrangement->steps[i]->n_gives; j++)
            reach->comes[judge->steps[i].gives[j]] = true;
    }
    return grown;
}

static Reach
reach_of(const Judge *judge)
{
    Reach reach = {
        .comes = arena_take(judge->arena, judge->arrangement->n_facts + 1),
        .started = arena_take(judge->arena, judge->arrangement->n_steps + 1),
        .finished = arena_take(judge->arena, judge->arrangement->n_steps + 1),
    };
    signals_come(judge, &reach);
    do
        links_start(judge, &reach);
    while (steps_finish(judge, &reach));
    return reach;
}

// The step that would give the fact, or NULL when there is none.
static const StepKind *
giver_of(const Judge *judge, size_t fact)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++)
        for (size_t j = 0; j < judge->arrangement->steps[i]->n_gives; j++)
            if (judge->steps[i].gives[j] == fact)
                return judge->arrangement->steps[i];
    return NULL;
}

static void
needs_judge(Judge *judge, const Reach *reach, size_t at)
{
    const StepKind *step = judge->arrangement->steps[at];
    const char *path = PATH(judge, "steps.%s.needs", step->name);
    for (size_t i = 0; i < step->n_needs; i++) {
        const size_t fact = judge->steps[at].needs[i];
        if (reach->comes[fact])
            continue;
        const StepKind *giver = giver_of(judge, fact);
        if (giver == NULL)
            FINDING(
                judge, path,
                "stap %s wacht eeuwig: gegeven %s levert geen stap, en niemand mag het signaleren",
                "step %s waits for ever: no step gives fact %s, and nobody may signal it",
                step->name, step->needs[i]);
        else
            FINDING(
                judge, path,
                "stap %s wacht eeuwig op %s: dat levert alleen %s, en die stap wordt nooit "
                "afgerond",
                "step %s waits for ever for %s: only %s gives it, and that step is never finished",
                step->name, step->needs[i], giver->name);
    }
}

static void
steps_reached(Judge *judge, const Reach *reach)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++) {
        const StepKind *step = judge->arrangement->steps[i];
        bool linked = false;
        for (size_t j = 0; j < judge->arrangement->n_links; j++)
            linked = linked || judge->links[j].start == i;
        if (!linked)
            FINDING(judge, PATH(judge, "steps.%s", step->name),
                    "stap %s is onbereikbaar: geen schakel begint haar",
                    "step %s is unreachable: no link starts it", step->name);
        if (!reach->finished[i])
            needs_judge(judge, reach, i);
    }
}

static bool
fact_goes_on(const Judge *judge, size_t fact)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++)
        if (judge->links[i].on == fact)
            return true;
    for (size_t i = 0; i < judge->arrangement->n_steps; i++)
        for (size_t j = 0; j < judge->arrangement->steps[i]->n_needs; j++)
            if (judge->steps[i].needs[j] == fact)
                return true;
    return false;
}

static void
dead_ends(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++) {
        const FactKind *fact = judge->arrangement->facts[i];
        if (!fact->final && !fact_goes_on(judge, i))
            FINDING(judge, PATH(judge, "facts.%s", fact->name),
                    "doodlopend: na %s komt geen schakel en geen stap heeft het nodig (schrijf een "
                    "schakel, of final: "
                    "true)",
                    "a dead end: no link follows %s and no step needs it (write a link, or final: "
                    "true)",
                    fact->name);
    }
}

void
chain_judge(Judge *judge)
{
    const Reach reach = reach_of(judge);
    steps_reached(judge, &reach);
    dead_ends(judge);
}
