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
// The field of the same name in another version of the kind. `then`, `at`: the kind and the index
// of the field in it; `now`: the other version, NULL when it has no such kind. NULL when the other
// version has no such field, or has it with another type.
const FieldKind *
agreement_field_now(const FactKind *then, size_t at, const FactKind *now);
// Whether the kind of partner that a link names is the kind of this partner.
bool
agreement_from(const Link *link, const ArrangementPartner *source);

// Whether any link lets a partner of this kind report this fact from outside a step.
bool
agreement_may_signal(const Arrangement *arrangement, const ArrangementPartner *sender,
                     const char *fact);

// Whether any fact has a field of the type address.
bool
agreement_has_addresses(const Arrangement *arrangement);

// Whether no partner may see the field: it is an address, in a plan whose addresses are secret.
bool
agreement_hides(const FieldKind *field, bool secret);
// Whether the partner may see the field: a purpose of the partner allows it, and it is not hidden.
bool
agreement_may_see(const ArrangementPartner *partner, const FieldKind *field, bool secret);

// The calendar that counts the arrangement's terms, in the arena; it shares the zone.
const Calendar *
agreement_calendar(const Arrangement *arrangement, const Zone *zone, Arena *arena);

// A term without a count is a programming error.
Span
term_span(const Term *term);
// A rung of the ladder; rungs beyond the top are the top.
const Rung *
ladder_rung(const Arrangement *arrangement, uint32_t rung);

// Whether the rung's mandate has the word.
bool
rung_may(const Rung *rung, const char *word);
// The level of the rung and the words of its mandate, for people ("city: open-exception").
const char *
mandate_text(Arena *arena, const Rung *rung);

// The nearest known name in brackets behind the wrong one: "asses (assess?)"; in the arena.
const char *
agreement_hint(Arena *arena, const char *wrong, const char *const *names, size_t count);

#endif
