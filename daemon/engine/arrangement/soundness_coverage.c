// SPDX-License-Identifier: EUPL-1.2
// Values of a fact after which no link continues: a partner finished its step, and nobody is told
// to go on. See soundness_coverage.h.
// Knows: links and their filters. Must never know: files.
//
// Path: fact_judge() takes a fact that one step gives alone, collects the links behind it and turns
// through all values of the fields that they filter, like the wheels of a counter.
// Limits: it looks at required choices and yes-no fields only; a filter on another field counts as
// a match. A fact with more than COMBINATIONS_MAX combinations is not judged.
#include "daemon/engine/arrangement/soundness_coverage.h"

#include <string.h>

#include "daemon/engine/arrangement/agreement.h"

enum { COMBINATIONS_MAX = 4096 };

// A field and the value that it has now.
typedef struct Wheel {
    const FieldKind *field;
    size_t size; // how many values
    size_t at;   // index of the value
} Wheel;

typedef struct Coverage {
    const Link **links; // all that may follow the fact
    size_t link_count;
    Wheel *wheels; // one a field that these links filter
    size_t wheel_count;
} Coverage;

static const char *const yes_no[] = {"yes", "no"};

static size_t
wheel_size(const FieldKind *field)
{
    if (field == NULL || field->optional)
        return 0;
    if (field->type == KETEN__V1__FIELD_TYPE__FIELD_CHOICE)
        return field->n_of;
    return field->type == KETEN__V1__FIELD_TYPE__FIELD_YES_NO ? 2 : 0;
}

static const char *
wheel_value(const Wheel *wheel)
{
    return wheel->field->type == KETEN__V1__FIELD_TYPE__FIELD_CHOICE ? wheel->field->of[wheel->at]
                                                                     : yes_no[wheel->at];
}

static Wheel *
wheel_of(const Coverage *coverage, const char *field)
{
    for (size_t i = 0; i < coverage->wheel_count; i++)
        if (strcmp(coverage->wheels[i].field->name, field) == 0)
            return &coverage->wheels[i];
    return NULL;
}

static bool
link_may_match(const Coverage *coverage, const Link *link)
{
    for (size_t i = 0; i < link->n_when; i++) {
        const Wheel *wheel = wheel_of(coverage, link->when[i]->field);
        bool matches = wheel == NULL;
        for (size_t j = 0; !matches && j < link->when[i]->n_values; j++)
            matches = strcmp(link->when[i]->values[j], wheel_value(wheel)) == 0;
        if (!matches)
            return false;
    }
    return true;
}

static bool
any_may_match(const Coverage *coverage)
{
    for (size_t i = 0; i < coverage->link_count; i++)
        if (link_may_match(coverage, coverage->links[i]))
            return true;
    return false;
}

static bool
wheels_turn(Coverage *coverage)
{
    for (size_t i = 0; i < coverage->wheel_count; i++) {
        if (++coverage->wheels[i].at < coverage->wheels[i].size)
            return true;
        coverage->wheels[i].at = 0;
    }
    return false;
}

// One wheel a filtered field; false when there are too many combinations.
static bool
wheels_fill(const Judge *judge, const FactKind *fact, Coverage *coverage)
{
    size_t combinations = 1;
    coverage->wheels = arena_take(judge->arena, (fact->n_fields + 1) * sizeof(Wheel));
    for (size_t i = 0; i < coverage->link_count; i++) {
        for (size_t j = 0; j < coverage->links[i]->n_when; j++) {
            const FieldKind *field = agreement_field(fact, coverage->links[i]->when[j]->field);
            const size_t size = wheel_size(field);
            if (size == 0 || wheel_of(coverage, field->name) != NULL)
                continue;
            coverage->wheels[coverage->wheel_count++] = (Wheel){field, size, 0};
            combinations *= size;
            if (combinations > COMBINATIONS_MAX)
                return false;
        }
    }
    return true;
}

// A step that gives this fact and no other: nothing else that it gives carries the chain on.
static const StepKind *
lone_giver(const Judge *judge, size_t fact)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++)
        if (judge->arrangement->steps[i]->n_gives == 1 && judge->steps[i].gives[0] == fact)
            return judge->arrangement->steps[i];
    return NULL;
}

// Whether a step that another fact starts needs this fact: then that step awaits it, whatever its
// value.
static bool
awaited_elsewhere(const Judge *judge, size_t fact)
{
    for (size_t i = 0; i < judge->arrangement->n_links; i++) {
        const size_t step = judge->links[i].start;
        if (step == NOWHERE || judge->links[i].on == fact)
            continue;
        for (size_t j = 0; j < judge->arrangement->steps[step]->n_needs; j++)
            if (judge->steps[step].needs[j] == fact)
                return true;
    }
    return false;
}

static void
links_fill(const Judge *judge, size_t fact, const StepKind *giver, Coverage *coverage)
{
    const ArrangementPartner *owner = agreement_partner(judge->arrangement, giver->owner);
    coverage->links = arena_take(judge->arena, (judge->arrangement->n_links + 1) * sizeof(Link *));
    for (size_t i = 0; i < judge->arrangement->n_links; i++) {
        const Link *link = judge->arrangement->links[i];
        const bool applies = link->from == KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED ||
                             agreement_from(link, owner);
        if (judge->links[i].on == fact && applies)
            coverage->links[coverage->link_count++] = link;
    }
}

static const char *
counterexample(const Judge *judge, const Coverage *coverage)
{
    const char *text = "";
    for (size_t i = 0; i < coverage->wheel_count; i++)
        text = arena_format(judge->arena, "%s%s%s=%s", text, i > 0 ? ", " : "",
                            coverage->wheels[i].field->name, wheel_value(&coverage->wheels[i]));
    return text;
}

static void
fact_judge(Judge *judge, size_t at)
{
    const FactKind *fact = judge->arrangement->facts[at];
    const StepKind *giver = lone_giver(judge, at);
    Coverage coverage = {0};
    if (fact->final || giver == NULL || awaited_elsewhere(judge, at))
        return;
    links_fill(judge, at, giver, &coverage);
    if (coverage.link_count == 0 || !wheels_fill(judge, fact, &coverage))
        return;
    do {
        if (any_may_match(&coverage))
            continue;
        FINDING(judge, PATH(judge, "facts.%s", fact->name),
                "doodlopend: na %s met %s gaat geen schakel verder (schrijf een schakel, desnoods "
                "met end: true)",
                "a dead end: after %s with %s no link goes on (write a link, with end: true if "
                "need be)",
                fact->name, counterexample(judge, &coverage));
        return;
    } while (wheels_turn(&coverage));
}

void
coverage_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++)
        fact_judge(judge, i);
}
