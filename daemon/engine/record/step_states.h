// SPDX-License-Identifier: EUPL-1.2
// The life of a step: its moves, the partner that may make each, the partners told of it, and what
// each state asks.
// Knows: one row of a step. Must never know: plans, partners' names, time.
//
//   waiting ──needs are there──► offered ──accept──► active ──complete──► completed
//                                ▲   │                │  ▲
//                       re-offer │   │ refuse, expire │  └─resume─ suspended (always with an end)
//                                │   ▼                │               │
//                              returned ◄────fail─────┴──────fail─────┘
//                                  │
//                                  └─ replace by another kind | drop, with a reason
//   extend (active, before its term has passed, once, with a reason) ──► active, until later
//   withdraw (waiting, offered, active, suspended, returned) ──► withdrawn, with a reason
//
#ifndef KETEN_ENGINE_RECORD_STEP_STATES_H
#define KETEN_ENGINE_RECORD_STEP_STATES_H

#include <stdbool.h>
#include <stdint.h>

#include "store/vocabulary.h"

typedef enum MoveKind {
    MOVE_NEEDS_THERE = 0, // the last fact it needs has come
    MOVE_OFFER,           // offer, or offer again
    MOVE_ACCEPT,
    MOVE_REFUSE,
    MOVE_EXPIRE, // nobody answered in time
    MOVE_COMPLETE,
    MOVE_FAIL,
    MOVE_SUSPEND,
    MOVE_RESUME,
    MOVE_SUSPENSION_ENDS,
    MOVE_EXTEND, // the state stays; its end is later
    MOVE_REPLACE,
    MOVE_DROP,
    MOVE_WITHDRAW,
    MOVE_KINDS,
} MoveKind;

typedef enum MoveBy { BY_CHAIN = 0, BY_OWNER, BY_HOLDER } MoveBy;

// The partners that a move is told, besides the partner that made it. The rules tell an offer
// themselves, with its facts.
enum {
    TELL_OWNER = 1,
    TELL_GIVER = 2,
    TELL_HOLDER = 4,
    TELL_OWNER_AT_WORK = 8,    // the owner, when the step was with it
    TELL_GIVER_OF_OFFER = 16,  // the giver, when the offer was open
    TELL_HOLDER_OF_EXPIRY = 32 // the holder, as a term that passed
};

typedef struct Move {
    MoveKind kind;
    unsigned from; // bit per StepState
    StepState to;
    MoveBy by;
    bool reason; // a reason is required
    // The word in a rung's mandate that lets the rung make the move, on a step that has climbed to
    // it; NULL: no rung may.
    const char *mandate;
    unsigned tells;                      // bits TELL_…
    Keten__V1__HandoverOutcome handover; // outcome of the open offer; unspecified: there was none
    bool keeps_term; // the same term goes on afterwards, so a reminder that was given stays given
} Move;

#define FROM(state) (1u << (state))

const Move *
move_of(MoveKind kind);
bool
move_allows(const Move *move, StepState from);

// The partner that is accountable while a state lasts, the term that runs, and the effect of its
// end.
typedef enum Accountable {
    ACCOUNTABLE_NOBODY = 0,
    ACCOUNTABLE_HOLDER,
    ACCOUNTABLE_GIVER,
    ACCOUNTABLE_OWNER
} Accountable;
typedef enum StateTerm {
    TERM_NONE = 0,
    TERM_WAIT_WITHIN, // as the step's kind says
    TERM_ACCEPT_WITHIN,
    TERM_TERM,
    TERM_GIVEN,         // the end given at suspending
    TERM_RETURN_WITHIN, // as the arrangement says
} StateTerm;
typedef enum TermThen { THEN_NOTHING = 0, THEN_LADDER, THEN_RETURNED, THEN_ACTIVE } TermThen;

// The effect on a step of a pause that covers its action.
typedef enum UnderPause {
    PAUSE_LEAVES = 0,
    PAUSE_SUSPENDS,
    PAUSE_PROLONGS, // the suspension lasts at least as long as the pause
    PAUSE_DELAYS,   // the term moves by as much
} UnderPause;

typedef struct StateRule {
    StepState state;
    Accountable accountable;
    StateTerm term;
    TermThen then; // what happens when the term passes
    UnderPause under_pause;
    bool asked;      // the owner has heard of the step
    bool with_owner; // the owner has to answer or to work
    bool offer_open; // a handover is open: the owner must move, though the giver is accountable
    const char *name;
} StateRule;

const StateRule *
state_rule(StepState state);
bool
state_is_open(StepState state);

// Whether the owner has heard of the step: now, or before it was returned.
bool
step_was_asked(const StepRow *step);

// The partner that must move; 0 on a closed step.
uint32_t
step_mover(const StepRow *step);

#endif
