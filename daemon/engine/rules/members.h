// SPDX-License-Identifier: EUPL-1.2
// The members of a household: joining, leaving, a second household, and where signals about a
// person go.
// Knows: events and rows of members. Must never know: who may decide it, names, citizens' numbers.
//
// A person is counted in one open plan, the leading one (TABLE_MEMBER). It may be a member of one
// further plan (TABLE_SECOND). Which of the two leads stands nowhere else, so that one record can
// turn it round.
#ifndef KETEN_ENGINE_RULES_MEMBERS_H
#define KETEN_ENGINE_RULES_MEMBERS_H

#include "daemon/engine/record/draft.h"

// How a person joins. A signal leaves all of it empty.
typedef struct JoinAs {
    const char *since; // a day; "" that of the record
    const char *why;   // a reason code
    bool second;
} JoinAs;

// Does nothing when the person is a member already.
void
member_join(Draft *draft, uint64_t person, JoinAs as);

// `row`: the membership with its end. `departed` NULL: the person may turn up anywhere. If this
// plan led, the person's other plan leads from now on, and its holder is told.
void
member_leave(Draft *draft, const PersonEntry *person, const MemberRow *row,
             const GoneRow *departed);

// `row`: the membership with its end. The person goes on in the plan that is split off.
void
member_part(Draft *draft, const PersonEntry *person, const MemberRow *row);

// The two households of a person change places.
void
member_lead(Draft *draft, const PersonEntry *person);

// The person is back: the note that it had departed no longer holds.
void
member_back(Draft *draft, const PersonEntry *person, bool second);

// The plan ends: each member is free, or its other plan leads. The context has an entry for every
// member with a second household. A reason such as "moved-away" makes the members departed.
void
members_release(Draft *draft, const char *reason);

// "moved-away" or "deceased" for a reason that means it; NULL for any other.
const char *
departed_reason(const char *reason);
// The row of a member of the plan that has departed.
GoneRow *
departed_make(Draft *draft, const char *outcome, const char *on, uint32_t to);
// The partner to which signals about a person that moved away go on: the one given for the
// person, or else the one of the arrangement; 0 none.
uint32_t
departed_to(const Draft *draft, const PersonEntry *person, const Arrangement *arrangement);
// Counts a departed person in the plan that a signal opened at its new municipality.
void
member_onward(Draft *draft, const PersonEntry *person);
// Whether a signal under this arrangement finds the person no longer there.
bool
person_has_departed(const PersonEntry *person, const Arrangement *arrangement);

// Tells the holder, and the owners of the steps at work, about a member.
void
member_tell(Draft *draft, ItemKind kind, uint64_t person, const char *reason);

// Opens the second half of what touches another plan, once per plan and kind; gives its row.
WorkRow *
work_open(Draft *draft, Keten__V1__WorkKind kind, uint64_t plan, uint64_t person);

#endif
