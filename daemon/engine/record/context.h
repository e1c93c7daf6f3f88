// SPDX-License-Identifier: EUPL-1.2
// Context: all that a decision may look at. The ledger loads it from the state, the engine reads it
// and keeps nothing of it.
// Knows: which loader of the ledger fills which group, and for which orders.
// Must never know: how rows are read, which rule reads a member.
//
// Path: context_start() fills what every order needs. context_command() then fills the groups that
// the command's body needs, context_timer() those of a timer about no plan. A group that no loader
// filled is zero. Everything lives in the turn's arena or in the ledger's registry; the loaders own
// it and the engine never changes it.
#ifndef KETEN_ENGINE_RECORD_CONTEXT_H
#define KETEN_ENGINE_RECORD_CONTEXT_H

#include "base/calendar.h"
#include "daemon/engine/record/plan.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/sizes.h"

typedef Keten__V1__Command Command;

// A recorded partner, its place in the numbering of deliveries, and what is known of its silence.
typedef struct PartnerEntry {
    const PartnerRow *row;     // as its last load recorded it
    uint64_t assigned;         // highest delivery number given out to it; 0 none
    uint64_t acknowledged;     // highest delivery number up to which it has processed all
    Span silent_after;         // agreed time of silence; count 0: none agreed
    const SilenceRow *silence; // NULL: never watched
} PartnerEntry;

// A loaded version of an arrangement.
typedef struct ArrangementEntry {
    uint32_t number; // the version's, among all versions of all arrangements; from 1
    const Arrangement *content;
    const Calendar *calendar; // counts the terms of this version
} ArrangementEntry;

// A person or a worker: the token that the ledger's check made, and what is recorded of it.
typedef struct PersonEntry {
    uint8_t token[TOKEN_BYTES]; // keyed; never a citizen service number
    uint64_t number;            // person number; 0: never seen
    uint64_t open_plan;         // plan number of the household that leads; 0: in none
    uint64_t whole_plan;  // plan that open_plan was merged into, unless the context's plan; else 0
    uint64_t second_plan; // plan number of a further household; 0 none
    const GoneRow *departed;  // NULL: is not known to have left for good
    const TraceRow *likeness; // recorded tokens to compare the person by; NULL none
    const TraceRow *given;    // tokens that this command adds to them; NULL none
} PersonEntry;

// A person in an open plan who has a likeness token in common with a person of the command.
typedef struct Neighbour {
    size_t person;            // index among the context's people.persons
    uint64_t number;          // the neighbour's person number
    uint64_t plan;            // the whole plan, where the neighbour's own was merged into one
    const char *arrangement;  // name of the arrangement that `plan` runs under
    bool address;             // the address is the same; else the birth date and the name
    const TraceRow *likeness; // the neighbour's recorded tokens
} Neighbour;

// Two plans about which a question was asked before; the lower number first.
typedef struct PairEntry {
    uint64_t low, high;
    const PairRow *row;
    const MatterRow *matter; // the last question, as it stands
} PairEntry;

// The registry of partners and arrangements. context_start() sets it, for every order.
typedef struct AgreedContext {
    const PartnerEntry *partners; // index = partner number - 1
    size_t partner_count;
    const ArrangementEntry *arrangements; // in force: the newest of each name, sorted by name
    size_t arrangement_count;
    const ArrangementEntry *versions; // every version ever loaded; index = number - 1
    size_t version_count;
} AgreedContext;

// The persons that a command names. load_signal() sets persons in the order of the command,
// load_member() at most one, load_split() the members that would leave; context_neighbours() adds
// neighbours and pairs for Signal and the three Member commands.
typedef struct PeopleContext {
    const PersonEntry *persons;
    size_t person_count;
    const Neighbour *neighbours;
    size_t neighbour_count;
    const PairEntry *pairs; // among the plans of neighbours and persons, and the context's plan
    size_t pair_count;
} PeopleContext;

// Memberships. load_member() sets row, further and second_holder for the Member commands,
// load_split() of_persons for PlanSplit, load_close() ties for PlanClose.
typedef struct MembershipContext {
    const MemberRow *row;               // the person's in the plan; NULL: not a member
    const MemberRow *further;           // the person's in another merged plan as well; NULL none
    uint32_t second_holder;             // partner that holds the person's other plan; 0 none
    const MemberRow *const *of_persons; // index = that of people.persons; NULL: not a member
    const PersonEntry *ties;            // members of the plan that have two households
    size_t tie_count;
} MembershipContext;

// The signal of the actor's own that a command names. load_fact() sets it, for SignalWithdraw and
// SignalCorrect.
typedef struct FactContext {
    const FactRow *row;          // its latest version; NULL unknown
    const FactRow *const *chain; // its predecessors of the same kind, newest first, as far back as
                                 // one that stands
    size_t chain_count;
    const uint32_t *receivers; // numbers of the partners that received it
    size_t receiver_count;
} FactContext;

// The signal that a new one may repeat. context_earlier() sets it, for Signal, and for
// SignalCorrect when the corrected signal was a repeat.
typedef struct EarlierContext {
    const FactRow *row;   // the latest standing signal of the kind; NULL none
    const PartBody *body; // its values; NULL: they cannot be read
} EarlierContext;

// A step or a matter that a command names and that is no longer open. load_step() and
// load_matter() set them, so that the refusal can tell how it ended.
typedef struct ClosedContext {
    const StepRow *step;     // NULL: the step is open, or there is none
    const MatterRow *matter; // NULL: the matter is open, or there is none
} ClosedContext;

// The delivery that a command rejects, sends again or gives up. load_reject() sets it for
// DeliveryReject, load_rejected() for DeliveryResend and DeliveryGiveUp; context_timer() sets
// `rejected` alone.
typedef struct DeliveryContext {
    const Receiver *told;    // the receiver in its record; NULL: never given out
    const Record *record;    // it gave the delivery out
    uint64_t position;       // the record's, in the journal
    uint32_t index;          // index of `told` among the record's receivers
    const DeadRow *rejected; // NULL: it is not rejected
    uint64_t processed_upto; // the partner's cursor once this delivery counts as processed
} DeliveryContext;

// A timer about no plan. context_timer() sets it, for ORDER_FIRE without a plan.
typedef struct TimerContext {
    Keten__V1__TimerKind kind;
    uint32_t partner;        // the silent partner, or the partner that rejected the delivery
    const uint32_t *holders; // partner numbers of the holders that wait for it: one page
    size_t holder_count;
    uint64_t next_plan; // plan number at which the next page begins; 0: this was the last
} TimerContext;

typedef struct Context {
    // Every order: context_start().
    int64_t now_ms;    // record time: max(last record, clock)
    Counters counters; // next free numbers
    uint64_t history;  // number of the history that the journal is in
    AgreedContext agreed;

    // Every command: context_command(). The caller sets `key`, and `actor` of other orders.
    uint32_t actor; // partner number; 0: the daemon itself ("local")
    bool administrator;
    const CommandKey *key;           // NULL for orders that are not commands
    const PersonEntry *worker;       // the worker of the actor that gives it; NULL: none named
    const PersonEntry *other_worker; // another worker that the command names; NULL: none

    // Every order about a plan: context_plan(). With all that was merged into it.
    const Plan *plan;                    // NULL, or row.plan 0: about no plan
    uint64_t origin;                     // the plan or merged plan in which the subject began
    const Arrangement *plan_arrangement; // the version the plan runs under; NULL without a plan
    const Calendar *calendar;            // counts its terms; without a plan it has no closing days
    const Plan *other; // load_other(): the other plan of PlanMerge, or of the matter's
                       // question; NULL none

    PeopleContext people;
    MembershipContext membership;
    FactContext fact;
    EarlierContext earlier;
    ClosedContext closed;
    DeliveryContext delivery;
    TimerContext timer;
} Context;

// A recorded partner by its name; 0 when none is recorded.
uint32_t
partner_number(const Context *context, const char *name);
// The name of a recorded partner.
const char *
partner_name(const Context *context, uint32_t number);

// Whether the recorded partner has been revoked, and so may no longer act.
bool
partner_is_revoked(const Context *context, uint32_t partner);
// The place of a recorded partner in an arrangement; NULL when it takes no part, or number 0.
const ArrangementPartner *
partner_place(const Context *context, const Arrangement *arrangement, uint32_t number);

// The version of an arrangement that is in force, by the arrangement's name; NULL: there is none.
const ArrangementEntry *
arrangement_in_force(const Context *context, const char *name);

// The content of a loaded version, by its number.
const Arrangement *
agreement_version(const Context *context, uint32_t number);

// The partner that a rung of the ladder names; `holder` where it names the holder of the plan, or a
// partner that is not recorded or was revoked. Where the holder was revoked as well - a desk - the
// nearest rung up, else down, whose partner may act. Rungs beyond the top are the top.
uint32_t
ladder_party(const Context *context, const Arrangement *arrangement, uint32_t rung,
             uint32_t holder);

#endif
