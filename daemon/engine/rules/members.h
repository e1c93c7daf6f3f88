// SPDX-License-Identifier: EUPL-1.2
// Who lives in a household: joining, leaving, a second household, where signals about a person go.
// Knows: events and rows of members. Must never know: who may decide it, names, citizens' numbers.
//
// A person is counted in one open plan, the leading one (TABLE_MEMBER); it may be a member of one
// further plan (TABLE_SECOND). Which of the two leads stands nowhere else, so that one record can
// turn it round.
#ifndef KETEN_ENGINE_RULES_MEMBERS_H
#define KETEN_ENGINE_RULES_MEMBERS_H

#include "daemon/engine/record/draft.h"

// How somebody comes in. A signal leaves all of it empty.
typedef struct JoinAs {
    const char *since; // a day; "" that of the record
    const char *why;   // a reason code
    bool second;
} JoinAs;

// Does nothing for who is a member already.
void
member_join(Draft *draft, uint64_t person, JoinAs as);

// `row` is the membership with its end. `gone` NULL: the person may turn up anywhere. Where this
// plan led, the person's other plan leads from here on, and its holder is told.
void
member_leave(Draft *draft, const PersonEntry *person, const MemberRow *row,
             const GoneRow *departed);

// `row` is the membership with its end; the person goes on in the plan that is split off.
void
member_part(Draft *draft, const PersonEntry *person, const MemberRow *row);

// The two households of a person change places.
void
member_lead(Draft *draft, const PersonEntry *person);

// What was known about a person's having left no longer holds.
void
member_back(Draft *draft, const PersonEntry *person, bool second);

// The plan ends: its members are free, or their other plan leads. Every member with a second
// household stands in context.membership.ties. With a reason that says so, they no longer live there.
void
members_release(Draft *draft, const char *reason);

// "moved-away" or "deceased" for a reason that means it; NULL for any other.
const char *
departed_reason(const char *reason);
// A row for somebody of the plan who is gone.
GoneRow *
departed_make(Draft *draft, const char *outcome, const char *on, uint32_t to);
// Where signals about who moved away go on to: as was said of the person, or as the arrangement has
// it; 0 nowhere.
uint32_t
departed_to(const Draft *draft, const PersonEntry *person, const Arrangement *arrangement);
// Somebody who is gone is counted in a plan that moved on.
void
member_onward(Draft *draft, const PersonEntry *person);
// Whether a signal under this arrangement finds the person no longer there.
bool
person_has_departed(const PersonEntry *person, const Arrangement *arrangement);

// Tells those at work in the plan, and whoever is asked to hold it, about a member.
void
member_tell(Draft *draft, ItemKind kind, uint64_t person, const char *reason);

// Opens the second half of what touches another plan, once per plan and kind; gives its row.
WorkRow *
work_open(Draft *draft, Keten__V1__WorkKind kind, uint64_t plan, uint64_t person);

#endif
