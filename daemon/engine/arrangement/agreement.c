// SPDX-License-Identifier: EUPL-1.2
// Look-ups in an arrangement. See agreement.h.
// Knows: names, purposes, closing days, the ladder. Must never know: plans, time.
// Failure modes: a name that is not there gives NULL; a term without an end is a programming error.
#include "daemon/engine/arrangement/agreement.h"

#include <string.h>

#include "base/assert.h"

const FactKind *
agreement_fact(const Arrangement *arrangement, const char *name)
{
    for (size_t i = 0; i < arrangement->n_facts; i++)
        if (strcmp(arrangement->facts[i]->name, name) == 0)
            return arrangement->facts[i];
    return NULL;
}

const StepKind *
agreement_step(const Arrangement *arrangement, const char *name)
{
    for (size_t i = 0; i < arrangement->n_steps; i++)
        if (strcmp(arrangement->steps[i]->name, name) == 0)
            return arrangement->steps[i];
    return NULL;
}

const ArrangementPartner *
agreement_partner(const Arrangement *arrangement, const char *name)
{
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (strcmp(arrangement->partners[i]->name, name) == 0)
            return arrangement->partners[i];
    return NULL;
}

const ArrangementPartner *
agreement_desk(const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (arrangement->partners[i]->desk)
            return arrangement->partners[i];
    return NULL;
}

const FieldKind *
agreement_field(const FactKind *kind, const char *name)
{
    for (size_t i = 0; i < kind->n_fields; i++)
        if (strcmp(kind->fields[i]->name, name) == 0)
            return kind->fields[i];
    return NULL;
}

const FieldKind *
agreement_field_now(const FactKind *then, size_t at, const FactKind *now)
{
    if (now == then || now == NULL)
        return now == NULL ? NULL : now->fields[at];
    const FieldKind *field = agreement_field(now, then->fields[at]->name);
    return field != NULL && field->type == then->fields[at]->type ? field : NULL;
}

bool
agreement_from(const Link *link, const ArrangementPartner *source)
{
    return link->from == source->kind && strcmp(link->from_other, source->other) == 0;
}

bool
agreement_may_signal(const Arrangement *arrangement, const ArrangementPartner *sender,
                     const char *fact)
{
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        if (agreement_from(link, sender) && strcmp(link->on, fact) == 0)
            return true;
    }
    return false;
}

bool
agreement_has_addresses(const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_facts; i++)
        for (size_t j = 0; j < arrangement->facts[i]->n_fields; j++)
            if (arrangement->facts[i]->fields[j]->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS)
                return true;
    return false;
}

bool
agreement_hides(const FieldKind *field, bool secret)
{
    return secret && field->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS;
}

bool
agreement_may_see(const ArrangementPartner *partner, const FieldKind *field, bool secret)
{
    if (agreement_hides(field, secret))
        return false;
    for (size_t i = 0; i < field->n_purposes; i++)
        for (size_t j = 0; j < partner->n_purposes; j++)
            if (field->purposes[i] == partner->purposes[j])
                return true;
    return false;
}

static LiberationDay
liberation_of(Keten__V1__LiberationDay day)
{
    switch (day) {
    case KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_FIVE_YEARS:
        return LIBERATION_FIVE_YEARS;
    case KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_YEAR:
        return LIBERATION_YEARLY;
    case KETEN__V1__LIBERATION_DAY__LIBERATION_NEVER:
        return LIBERATION_NEVER;
    case _KETEN__V1__LIBERATION_DAY_IS_INT_SIZE:
        break;
    }
    unhandled("when Bevrijdingsdag is a day off");
}

const Calendar *
agreement_calendar(const Arrangement *arrangement, const Zone *zone, Arena *arena)
{
    Calendar *calendar = arena_take(arena, sizeof *calendar);
    const Keten__V1__ClosingDays *closing = arrangement->closing;
    *calendar = (Calendar){.zone = zone};
    if (closing == NULL)
        return calendar;
    int32_t *closed = arena_take(arena, (closing->n_closed + 1) * sizeof *closed);
    for (size_t i = 0; i < closing->n_closed; i++) {
        Date date = {0};
        ASSERT(date_parse(text_of(closing->closed[i]), &date));
        closed[i] = day_of_date(date);
    }
    calendar->liberation = liberation_of(closing->liberation);
    calendar->closed = closed;
    calendar->closed_count = closing->n_closed;
    return calendar;
}

Span
term_span(const Term *term)
{
    ASSERT(term != NULL && term->count > 0);
    return (Span){.count = term->count, .unit = (SpanUnit)term->unit};
}

const Rung *
ladder_rung(const Arrangement *arrangement, uint32_t rung)
{
    ASSERT(arrangement->n_ladder > 0);
    const size_t top = arrangement->n_ladder - 1;
    return arrangement->ladder[rung < top ? rung : top];
}

bool
rung_may(const Rung *rung, const char *word)
{
    for (size_t i = 0; i < rung->n_mandate; i++)
        if (strcmp(rung->mandate[i], word) == 0)
            return true;
    return false;
}

const char *
mandate_text(Arena *arena, const Rung *rung)
{
    const char *text = arena_format(arena, "%s:", rung->level);
    for (size_t i = 0; i < rung->n_mandate; i++)
        text = arena_format(arena, "%s%s %s", text, i == 0 ? "" : ",", rung->mandate[i]);
    return rung->n_mandate == 0 ? arena_format(arena, "%s -", text) : text;
}

const char *
agreement_hint(Arena *arena, const char *wrong, const char *const *names, size_t count)
{
    const char *near = text_nearest(wrong, names, count);
    return near == NULL ? wrong : arena_format(arena, "%s (%s?)", wrong, near);
}
