// SPDX-License-Identifier: EUPL-1.2
// A step's life: which moves there are, who may make each, and what each state asks of whom.
// Must never know: plans, partners' names, time.
//
//   waiting ──needs are there──► offered ──accept──► active ──complete──► completed
//                                ▲   │                │  ▲
//                       re-offer │   │ refuse, expire │  └─resume─ suspended (always with an end)
//                                │   ▼                │               │
//                              returned ◄────fail─────┴──────fail─────┘
//                                  │
//                                  └─ replace by another kind | drop, with a reason
//   extend (active, before its term has passed, once, with a reason) ──► active, until later
//   withdraw (waiting, offered, active, suspended, returned) ──► withdrawn, with a reason, and its owner is told
//
#ifndef KETEN_ENGINE_RECORD_STEP_STATES_H
#define KETEN_ENGINE_RECORD_STEP_STATES_H

#include <stdbool.h>

#include "store/vocabulary.h"

typedef enum MoveKind {
    MOVE_NEEDS_THERE = 0, // the last fact it needs has come
    MOVE_OFFER,           // also re-offer
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

typedef struct Move {
    MoveKind kind;
    unsigned from; // bit per StepState
    StepState to;
    MoveBy by;
    bool reason; // a reason is required
    const char
        *mandate; // what a rung's mandate calls it, for a step that has climbed there; or NULL
} Move;

#define FROM(state) (1u << (state))

const Move *
move_of(MoveKind kind);
bool
move_allows(const Move *move, StepState from);

// What a state asks while it lasts.
typedef enum Accountable {
    ACCOUNTABLE_NOBODY = 0,
    ACCOUNTABLE_HOLDER,
    ACCOUNTABLE_GIVER,
    ACCOUNTABLE_OWNER
} Accountable;
typedef enum StateTerm {
    TERM_NONE = 0,
    TERM_WAIT_WITHIN, // of the step's kind
    TERM_ACCEPT_WITHIN,
    TERM_TERM,
    TERM_GIVEN,         // the end given at suspending
    TERM_RETURN_WITHIN, // of the arrangement
} StateTerm;
typedef enum TermThen { THEN_NOTHING = 0, THEN_LADDER, THEN_RETURNED, THEN_ACTIVE } TermThen;

typedef struct StateRule {
    StepState state;
    Accountable accountable;
    StateTerm term;
    TermThen then;
    const char *name;
} StateRule;

const StateRule *
state_rule(StepState state);
bool
state_is_open(StepState state);

#endif
