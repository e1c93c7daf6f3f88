// SPDX-License-Identifier: EUPL-1.2
// The coordination of a plan: offers, absences, deputies.
// Knows: the tables of coordination_states.h, the partners told. Must never know: commands, the
// wire.
//
// While the coordinator is away, the header's coordinator is the deputy, or 0. So plan_holder() is
// right in either case, and nothing waits for the partner that is away. A plan keeps the desk of
// the arrangement version it runs under, also when a newer version names another.
//
// An offer is answered, replaced or taken back. Until then its term passes again and again, and
// each time the next rung of the ladder is told.
//
// Failure modes: an event that the tables do not allow is a programming error; the handler has
// checked it.
#ifndef KETEN_ENGINE_RULES_COORDINATION_H
#define KETEN_ENGINE_RULES_COORDINATION_H

#include "daemon/engine/record/coordination_states.h"
#include "daemon/engine/record/draft.h"

typedef Keten__V1__Absence Absence;
typedef Keten__V1__AbsenceOffer AbsenceOffer;

#define OFFER_NONE        KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_UNSPECIFIED
#define OFFER_DEPUTY      KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY
#define OFFER_COORDINATOR KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_COORDINATOR

// Why coordination changes; the handler sets it.
typedef struct Grounds {
    const char *reason; // a code; "" none
    uint32_t text;      // 1 + index of the personal part with the worker's words; 0 none
} Grounds;

// Asks a partner's worker. An offer that was open is replaced, and its partner is told. `offer`
// says what is asked while the coordinator is away; otherwise it is ignored.
void
coordination_offer(Draft *draft, uint32_t partner, uint64_t worker, AbsenceOffer offer);
// Ends the open offer. The partner asked is told why, unless it is the actor, and so are the rungs
// that were told of the offer. The caller tells the holder.
void
coordination_offer_ends(Draft *draft, const char *reason);
// The partner asked accepts, by this worker.
void
coordination_accept(Draft *draft, uint64_t worker);

// The coordinator or the deputy, whichever the header names, lays it down.
void
coordination_leave(Draft *draft, Grounds grounds);
// The coordinator is away from now on, or longer or shorter than was said before.
void
coordination_absent(Draft *draft, int64_t until_ms, Grounds grounds);
// The coordinator that is away lays it down for good.
void
coordination_leave_away(Draft *draft, Grounds grounds);
// The absence is over: the coordinator holds the plan again, if there is one to come back.
void
coordination_back(Draft *draft);

// Nobody has answered in time: tells the holder, the partner asked and the next rung.
void
coordination_late(Draft *draft);
// A partner that was revoked coordinates no longer, and is asked no longer.
void
coordination_revoked(Draft *draft);
// The plan ends, joins another or moves: absence and offer are over.
void
coordination_end(Draft *draft, const char *reason);

#endif
