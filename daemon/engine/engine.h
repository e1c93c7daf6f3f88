// SPDX-License-Identifier: EUPL-1.2
// The engine: decide, evolve, project. Pure: no I/O, no clock, no heap - all results lie in the
// caller's arena.
// Knows: the fourteen rules of the chain. Must never know: sockets, files, BSNs, the time of day.
//
//   decide(context, order) → decision      the only place that reads arrangement, partners and now
//   evolve(plan, record)                   a pure copy of what the record says
//   project(record) → changes              likewise, as state rows
#ifndef KETEN_ENGINE_ENGINE_H
#define KETEN_ENGINE_ENGINE_H

#include "base/calendar.h"
#include "daemon/engine/record/plan.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/errors.h"

typedef Keten__V1__Command Command;

// A partner as recorded, with the highest delivery number given out to it, up to where it has
// processed them, and what is agreed and recorded about its silence.
typedef struct PartnerEntry {
    const PartnerRow *row;
    uint64_t assigned, acknowledged;
    Span silent_after;         // count 0: none agreed
    const SilenceRow *silence; // NULL: never watched
} PartnerEntry;

typedef struct ArrangementEntry {
    uint32_t number;
    const Arrangement *content;
    const Calendar *calendar; // what its terms are counted by
} ArrangementEntry;

// A person or worker as the border saw it: the token, and what is known of it.
typedef struct PersonEntry {
    uint8_t token[16];
    uint64_t number;    // 0: never seen
    uint64_t open_plan; // the one that leads; 0: in none
    uint64_t
        whole_plan; // what open_plan is a part of, where that is not the context's plan; else 0
    uint64_t second_plan;     // a further household; 0 none
    const GoneRow *departed;  // left for good, as far as is known; NULL
    const TraceRow *likeness; // what it is compared by; NULL
    const TraceRow *given;    // and what the command adds to that; NULL
} PersonEntry;

// Somebody with a token in common with a person of the command, who is counted in an open plan.
typedef struct Neighbour {
    size_t person; // index among the context's persons
    uint64_t number;
    uint64_t plan;           // the whole, where that is a part of one
    const char *arrangement; // that it runs under, by name
    bool address;            // the same one; else the same birth date and name
    const TraceRow *likeness;
} Neighbour;

// What was asked about two plans before.
typedef struct PairEntry {
    uint64_t low, high;
    const PairRow *row;
    const MatterRow *matter; // as it stands
} PairEntry;

// Everything a decision may look at. Loaded by the broker; the engine keeps nothing.
typedef struct Context {
    int64_t now_ms;           // record time: max(last record, clock)
    const Calendar *calendar; // of the plan's arrangement; without a plan one without closing days
    Counters counters;        // next free numbers
    const PartnerEntry *partners; // index = partner number - 1
    size_t partner_count;
    const ArrangementEntry *arrangements; // in force: the newest of each name, by name
    size_t arrangement_count;
    const ArrangementEntry *versions; // every one that was ever loaded, by number - 1
    size_t version_count;
    const Arrangement *plan_arrangement; // the version the plan runs under; NULL without a plan
    const Plan *plan;  // the plan the order is about, with its parts; NULL or row.plan 0: none
    const Plan *other; // of PlanMerge: the other plan, with its parts; NULL unknown
    uint64_t origin;   // the plan or part that the order's step, fact, person or number is of
    // of the command
    uint32_t actor; // partner number; 0 the daemon itself ("local")
    bool administrator;
    const CommandKey *key;       // NULL for orders that are not commands
    const PersonEntry *persons;  // of Signal, in the command's order
    size_t person_count;         // of MemberJoin, MemberLeave and MemberLead the one, or none found
    const Neighbour *neighbours; // of Signal and MemberJoin
    size_t neighbour_count;
    const PairEntry *pairs; // among the plans of neighbours and persons, and the context's
    size_t pair_count;
    const MemberRow *member;         // of MemberLeave: the membership; NULL when there is none
    const MemberRow *const *members; // of PlanSplit: the memberships of the persons; NULL for none
    const MemberRow *further_member; // and that in another part of the plan; NULL when none
    uint32_t second_holder;          // of MemberLead: who holds the person's other plan; 0 none
    const PersonEntry *ties;         // of PlanClose: the members that have two households
    size_t tie_count;
    const PersonEntry *worker;       // who the partner says acts; NULL none named
    const PersonEntry *other_worker; // of CoordinatorOffer
    const FactRow *fact; // of SignalWithdraw and SignalCorrect: its latest version; NULL unknown
    const FactRow *const
        *fact_chain; // and its predecessors of the same kind, newest first, standing or not
    size_t fact_chain_count;
    const uint32_t *fact_receivers; // partners that received it
    size_t fact_receiver_count;
    uint64_t desk_of; // of ORDER_LOAD_PARTNER: an open plan whose desk the partner is; 0 none
    const StepRow *closed_step;     // the step addressed, when it is no longer open; NULL
    const MatterRow *closed_matter; // likewise the matter
    const FactRow
        *earlier; // of Signal, and of SignalCorrect of a repeat: the latest standing signal
                  // of the kind, other than itself if there is one; NULL none
    const PartBody *earlier_body; // its values; NULL when they cannot be read
    uint64_t history;
    // of a delivery to be rejected, sent again or given up
    const Receiver *delivery; // as its record tells it; NULL: never given out
    const Record *delivery_record;
    uint64_t delivered;      // position of that record …
    uint32_t delivery_index; // … and the place among its receivers
    const DeadRow *rejected; // NULL: not rejected
    uint64_t processed_upto; // the cursor once that delivery counts as processed
    // of a timer about no plan
    Keten__V1__TimerKind timer;
    uint32_t timer_partner;
    const uint32_t *waiting; // holders of plans that wait for it: a page of them
    size_t waiting_count;
    uint64_t waiting_next; // the plan at which the next page begins; 0: that was all
} Context;

typedef enum OrderKind {
    ORDER_COMMAND = 1, // a partner's
    ORDER_FIRE, // terms of the context's plan that are due at now_ms, or its timer about no plan
    ORDER_WORK, // the second half of what touches two plans; context.plan is the plan still to be touched
    ORDER_ACKNOWLEDGE,
    ORDER_LOAD_PARTNER,     // local or an administrator; already read and checked
    ORDER_LOAD_ARRANGEMENT, // local or an administrator; already read and checked
    ORDER_ADVANCE,          // the driven clock moves, all terms up to it have fired
    ORDER_DISCLOSE,
    ORDER_HISTORY,
} OrderKind;

typedef struct Order {
    OrderKind kind;
    const Command *command; // ORDER_COMMAND; also ORDER_LOAD_… and ORDER_ADVANCE by an
                            // administrator (then context.key is set)
    const WorkRow *work;    // ORDER_WORK
    uint32_t partner;       // ORDER_ACKNOWLEDGE, ORDER_DISCLOSE
    uint64_t upto;          // ORDER_ACKNOWLEDGE; within what was assigned: the broker checked
    const PartnerRow *partner_row;  // ORDER_LOAD_PARTNER; partner number 0: by name, or new
    const Arrangement *arrangement; // ORDER_LOAD_ARRANGEMENT
    int64_t to_ms;                  // ORDER_ADVANCE
    uint64_t plan;                  // ORDER_DISCLOSE
    const char *what;               // ORDER_DISCLOSE
    const Keten__V1__HistoryStarted *history; // ORDER_HISTORY
} Order;

typedef struct Decision {
    Record
        *record; // NULL: nothing is recorded (nothing to do, or a refusal that is not a decision)
    KtCode code; // KT_OK, or why it was refused
    const char *field; // of a refusal; never NULL then
    const char *detail;
} Decision;

// Never fails; a programming error in the context hits an assertion. A record with head.refused set
// is a refusal that is a decision: it is journalled and repeated for the same id.
Decision
decide(const Context *context, const Order *order, Arena *arena);

// Applies what the record says to the plan in memory. The rows share their strings with the record,
// which must live as long as the plan.
void
evolve(Plan *plan, const Record *record, Arena *arena);

// The rows that the record at `position` makes. `parts` are moved as opaque bytes.
typedef struct Changes {
    Change *items;
    size_t count;
} Changes;
Changes
project(const Record *record, uint64_t position, Arena *arena);

// The rules of the domain, checked on a plan after every step of every test and by verify. Returns
// NULL, or the first rule that does not hold, in words.
const char *
plan_check(const Plan *plan);

// An arrangement that could leave someone waiting for ever is not sound. Returns NULL, or a
// counterexample in the arena; *ret_path says which part of the file it is about
// ("steps.assess-signal").
const char *
arrangement_unsound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
                    const char **ret_path);

#endif
