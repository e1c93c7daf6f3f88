// SPDX-License-Identifier: EUPL-1.2
// Look-ups in an arrangement. Knows: names, purposes, mandates. Must never know: plans, recorded
// partners.
#ifndef KETEN_ENGINE_ARRANGEMENT_AGREEMENT_H
#define KETEN_ENGINE_ARRANGEMENT_AGREEMENT_H

#include "base/arena.h"
#include "base/calendar.h"
#include "store/vocabulary.h"

// All give NULL for what is not there.
const FactKind *
agreement_fact(const Arrangement *arrangement, const char *name);
const StepKind *
agreement_step(const Arrangement *arrangement, const char *name);
const ArrangementPartner *
agreement_partner(const Arrangement *arrangement, const char *name);
const ArrangementPartner *
agreement_desk(const Arrangement *arrangement);

const FieldKind *
agreement_field(const FactKind *kind, const char *name);
// A field of a kind as another version of the kind has it now; NULL when it has it no more, or with
// another type. `now` NULL: there is no such kind any more.
const FieldKind *
agreement_field_now(const FactKind *then, size_t at, const FactKind *now);
// Whether a link that names a kind of partner means this one.
bool
agreement_from(const Link *link, const ArrangementPartner *source);

// Whether any link lets a partner of this kind report this fact from outside a step.
bool
agreement_may_signal(const Arrangement *arrangement, const ArrangementPartner *sender,
                     const char *fact);

// Whether any fact has a field of the type address.
bool
agreement_has_addresses(const Arrangement *arrangement);

// An address, in a plan that keeps it secret: for nobody.
bool
agreement_is_kept(const FieldKind *field, bool secret);
// Whether a purpose of the partner allows a field that is not kept.
bool
agreement_may_see(const ArrangementPartner *partner, const FieldKind *field, bool secret);

// The calendar that counts the arrangement's terms, in the arena; it shares the zone.
const Calendar *
agreement_calendar(const Arrangement *arrangement, const Zone *zone, Arena *arena);

Span
term_span(const Term *term);
// A rung of the ladder; rungs beyond the top are the top.
const Rung *
ladder_rung(const Arrangement *arrangement, uint32_t rung);

// Whether the rung's mandate has the word; and all its words, for people ("city: open-exception").
bool
rung_may(const Rung *rung, const char *word);
const char *
mandate_text(Arena *arena, const Rung *rung);

// The nearest known name in brackets behind the wrong one: "asses (assess?)"; in the arena.
const char *
agreement_hint(Arena *arena, const char *wrong, const char *const *names, size_t count);

#endif
