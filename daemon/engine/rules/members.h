// SPDX-License-Identifier: EUPL-1.2
// The members of a household: joining, leaving, a second household, and where signals about a
// person go.
// Knows: events and rows of members. Must never know: the partner that may decide it, names,
// citizen service numbers.
//
// A person is counted in one open plan, the leading one (TABLE_MEMBER). The person may be a member
// of one further plan (TABLE_SECOND). Only these two tables say which plan leads, so that one
// record can swap them.
//
// Failure modes: none; a handler has checked that the change is allowed.
#ifndef KETEN_ENGINE_RULES_MEMBERS_H
#define KETEN_ENGINE_RULES_MEMBERS_H

#include "daemon/engine/record/draft.h"

// How a person joins; the handler sets it. A signal leaves all of it empty.
typedef struct JoinAs {
    const char *since; // a day, YYYY-MM-DD; "": the day of the record
    const char *why;   // a reason code; "" none
    bool second;       // the plan is the person's second household, and does not lead
} JoinAs;

// Does nothing when the person is a member already.
void
member_join(Draft *draft, uint64_t person, JoinAs as);

// The person leaves the plan. `row`: the membership with its end. `departed` NULL: the person has
// not left for good. If this plan led, the person's other plan leads from now on, and its holder is
// told.
void
member_leave(Draft *draft, const PersonEntry *person, const MemberRow *row,
             const GoneRow *departed);

// The person leaves the plan and joins the plan that is split off. `row`: the membership with its
// end.
void
member_split(Draft *draft, const PersonEntry *person, const MemberRow *row);

// The second household of the person leads from now on, and the other one is second.
void
member_lead(Draft *draft, const PersonEntry *person);

// The person is back: drops the note that the person had departed.
void
member_back(Draft *draft, const PersonEntry *person, bool second);

// The plan ends: each member is free, or its other plan leads. The context has an entry for every
// member with a second household. A reason such as "moved-away" makes the members departed.
void
members_release(Draft *draft, const char *reason);

// "moved-away" or "deceased" for a reason that means it; NULL for any other.
const char *
departed_reason(const char *reason);
// The note that a member of the plan has departed. `on`: a day, "" not known; `to`: the partner
// where the person went, 0 not known.
GoneRow *
departed_make(Draft *draft, const char *outcome, const char *on, uint32_t to);
// The partner to which signals about a person that moved away go on: the one given for the
// person, or else the one of the arrangement; 0 none.
uint32_t
departed_to(const Draft *draft, const PersonEntry *person, const Arrangement *arrangement);
// Counts a departed person in the plan that a signal opened at its new municipality.
void
member_onward(Draft *draft, const PersonEntry *person);
// Whether the person has departed, as far as a signal under this arrangement is concerned.
bool
person_has_departed(const PersonEntry *person, const Arrangement *arrangement);

// Tells the holder, and the owners of the steps at work, about a member.
void
member_tell(Draft *draft, ItemKind kind, uint64_t person, const char *reason);

// Opens a work item for another plan: the second half of a decision that touches two plans. There
// is one item per plan and kind; returns its row.
WorkRow *
work_open(Draft *draft, Keten__V1__WorkKind kind, uint64_t plan, uint64_t person);

#endif
