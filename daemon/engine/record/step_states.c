// SPDX-License-Identifier: EUPL-1.2
// The two tables behind the drawing in step_states.h. Must never know: drafts, arrangements.
#include "daemon/engine/record/step_states.h"

#include "base/assert.h"

#define NO_OFFER  KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OUTCOME_UNSPECIFIED
#define ACCEPTED  KETEN__V1__HANDOVER_OUTCOME__HANDOVER_ACCEPTED
#define REFUSED   KETEN__V1__HANDOVER_OUTCOME__HANDOVER_REFUSED
#define EXPIRED   KETEN__V1__HANDOVER_OUTCOME__HANDOVER_EXPIRED
#define WITHDRAWN KETEN__V1__HANDOVER_OUTCOME__HANDOVER_WITHDRAWN

// clang-format off
#define AT_WORK  (FROM(STEP_ACTIVE) | FROM(STEP_SUSPENDED))
#define ANY_OPEN (FROM(STEP_WAITING) | FROM(STEP_OFFERED) | AT_WORK | FROM(STEP_RETURNED))

static const Move moves[MOVE_KINDS] = {
    // kind, from, to, by, needs a reason, word of a mandate, tells, offer becomes, keeps the term
    {MOVE_NEEDS_THERE, FROM(STEP_WAITING), STEP_OFFERED, BY_CHAIN, false, NULL, 0, NO_OFFER, false},
    {MOVE_OFFER, FROM(STEP_WAITING) | FROM(STEP_RETURNED), STEP_OFFERED, BY_HOLDER, false, "offer",
     0, NO_OFFER, false},
    {MOVE_ACCEPT, FROM(STEP_OFFERED), STEP_ACTIVE, BY_OWNER, false, NULL,
     TELL_GIVER | TELL_HOLDER, ACCEPTED, false},
    {MOVE_REFUSE, FROM(STEP_OFFERED), STEP_RETURNED, BY_OWNER, true, NULL,
     TELL_GIVER | TELL_HOLDER, REFUSED, false},
    {MOVE_EXPIRE, FROM(STEP_OFFERED), STEP_RETURNED, BY_CHAIN, false, NULL,
     TELL_OWNER | TELL_GIVER | TELL_HOLDER_OF_EXPIRY, EXPIRED, false},
    {MOVE_COMPLETE, FROM(STEP_ACTIVE), STEP_COMPLETED, BY_OWNER, false, NULL,
     TELL_HOLDER, NO_OFFER, false},
    {MOVE_FAIL, AT_WORK, STEP_RETURNED, BY_OWNER, true, NULL, TELL_HOLDER, NO_OFFER, false},
    // The owner is told of a suspension because a pause can be the cause.
    {MOVE_SUSPEND, FROM(STEP_ACTIVE), STEP_SUSPENDED, BY_OWNER, false, NULL,
     TELL_OWNER | TELL_HOLDER, NO_OFFER, true},
    {MOVE_RESUME, FROM(STEP_SUSPENDED), STEP_ACTIVE, BY_OWNER, false, NULL,
     TELL_HOLDER, NO_OFFER, true},
    {MOVE_SUSPENSION_ENDS, FROM(STEP_SUSPENDED), STEP_ACTIVE, BY_CHAIN, false, NULL,
     TELL_OWNER | TELL_HOLDER, NO_OFFER, true},
    {MOVE_EXTEND, FROM(STEP_ACTIVE), STEP_ACTIVE, BY_OWNER, true, NULL,
     TELL_GIVER | TELL_HOLDER, NO_OFFER, false},
    {MOVE_REPLACE, FROM(STEP_RETURNED), STEP_WITHDRAWN, BY_HOLDER, false, "replace",
     TELL_HOLDER, NO_OFFER, false},
    {MOVE_DROP, FROM(STEP_RETURNED), STEP_WITHDRAWN, BY_HOLDER, true, "drop",
     TELL_HOLDER, NO_OFFER, false},
    {MOVE_WITHDRAW, ANY_OPEN, STEP_WITHDRAWN, BY_HOLDER, true, "withdraw",
     TELL_HOLDER | TELL_OWNER_AT_WORK | TELL_GIVER_OF_OFFER, WITHDRAWN, false},
};

static const StateRule rules[STEP_STATES] = {
    // state, accountable, term, then, under a pause, asked, with the owner, offer open, name
    {STEP_NONE, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, PAUSE_LEAVES, false, false, false,
     "none"},
    {STEP_WAITING, ACCOUNTABLE_HOLDER, TERM_WAIT_WITHIN, THEN_LADDER, PAUSE_DELAYS, false, false,
     false, "waiting"},
    {STEP_OFFERED, ACCOUNTABLE_GIVER, TERM_ACCEPT_WITHIN, THEN_RETURNED, PAUSE_DELAYS, true, true,
     true, "offered"},
    {STEP_ACTIVE, ACCOUNTABLE_OWNER, TERM_TERM, THEN_LADDER, PAUSE_SUSPENDS, true, true, false,
     "active"},
    {STEP_SUSPENDED, ACCOUNTABLE_OWNER, TERM_GIVEN, THEN_ACTIVE, PAUSE_PROLONGS, true, true, false,
     "suspended"},
    {STEP_RETURNED, ACCOUNTABLE_HOLDER, TERM_RETURN_WITHIN, THEN_LADDER, PAUSE_LEAVES, true, false,
     false, "returned"},
    {STEP_COMPLETED, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, PAUSE_LEAVES, true, false, false,
     "completed"},
    {STEP_WITHDRAWN, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, PAUSE_LEAVES, true, false, false,
     "withdrawn"},
};
// clang-format on

const Move *
move_of(MoveKind kind)
{
    ASSERT(kind >= 0 && kind < MOVE_KINDS && moves[kind].kind == kind);
    return &moves[kind];
}

bool
move_allows(const Move *move, StepState from)
{
    return (move->from & FROM(from)) != 0;
}

const StateRule *
state_rule(StepState state)
{
    ASSERT((int)state >= 0 && state < STEP_STATES && rules[state].state == state);
    return &rules[state];
}

bool
state_is_open(StepState state)
{
    return state_rule(state)->accountable != ACCOUNTABLE_NOBODY;
}

bool
step_was_asked(const StepRow *step)
{
    return state_rule(step->state)->asked || step->returns > 0;
}

uint32_t
step_mover(const StepRow *step)
{
    return state_rule(step->state)->offer_open ? step->owner : step->accountable;
}
