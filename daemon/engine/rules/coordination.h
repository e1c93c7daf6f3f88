// SPDX-License-Identifier: EUPL-1.2
// Who coordinates a plan, and how that changes. Must never know: commands, the wire.
//
//     desk ──offered, accepted──► coordinator ──leaves──► desk
//                                   │   ▲
//                          is away  │   │  the absence ends, or back before that
//                                   ▼   │
//                   desk, or a deputy who accepted to stand in
//
// While the coordinator is away the row's coordinator is the deputy, or nobody: whoever holds the
// plan then holds it as ever, and nothing waits for who is away. What may happen meanwhile:
//
//     a deputy accepts                        he holds it
//     a deputy refuses, or does not answer    the desk holds it; without an answer the offer climbs
//     away again                              the new end and deputy take the old ones' place
//     the deputy leaves, or is away himself   the desk holds it until the coordinator is back
//     the deputy offers it to another         to stand in as long as he would have
//     the coordinator leaves for good         the desk holds it; a deputy to the end he accepted
//     another coordinator accepts             he holds it; the absence is over
//     the coordinator's partner is revoked    at the end the desk holds it
//     the deputy's partner is revoked         the desk holds it until the coordinator is back
//     the arrangement gets another desk       a running plan keeps the one it began with
//     the plan ends, or joins another         the absence is over
//
// An offer is answered, replaced or taken back; while it is not, its term comes again and again,
// and each time the next rung of the ladder hears of it.
#ifndef KETEN_ENGINE_RULES_COORDINATION_H
#define KETEN_ENGINE_RULES_COORDINATION_H

#include "daemon/engine/record/draft.h"

typedef Keten__V1__Absence Absence;
typedef Keten__V1__AbsenceOffer AbsenceOffer;

#define OFFER_NONE        KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_UNSPECIFIED
#define OFFER_DEPUTY      KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY
#define OFFER_COORDINATOR KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_COORDINATOR

// A reason code, and 1 + the part with the words of whoever gave it; 0 none.
typedef struct Grounds {
    const char *reason;
    uint32_t text;
} Grounds;

// Asks a partner's worker; an offer that lay there is replaced and told so. `offer` matters only
// while the coordinator is away.
void
coordination_offer(Draft *draft, uint32_t partner, uint64_t worker, AbsenceOffer offer);
// The open offer ends without its asker having to be told; who was asked hears why, unless it is
// the actor, and so do the rungs that had heard of it.
void
coordination_offer_ends(Draft *draft, const char *reason);
// Who was asked takes it on, by this worker.
void
coordination_accept(Draft *draft, uint64_t worker);

// The coordinator, or a deputy, lays it down.
void
coordination_leave(Draft *draft, Grounds grounds);
// The coordinator is away from now on, or longer or shorter than was said before.
void
coordination_absent(Draft *draft, int64_t until_ms, Grounds grounds);
// The one who is away lays it down for good.
void
coordination_leave_away(Draft *draft, Grounds grounds);
// The absence is over: the coordinator holds the plan again, if there is one to come back.
void
coordination_back(Draft *draft);

// Nobody has answered in time.
void
coordination_late(Draft *draft);
// A partner that was revoked coordinates no longer, and is asked no longer.
void
coordination_revoked(Draft *draft);
// The plan ends, and nothing of this is left.
void
coordination_end(Draft *draft, const char *reason);

// Whether a recorded partner may act no more.
bool
partner_is_revoked(const Context *context, uint32_t partner);

#endif
