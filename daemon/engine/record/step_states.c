// SPDX-License-Identifier: EUPL-1.2
// The two tables behind the drawing in record/step_states.h. Must never know: who asks.
#include "daemon/engine/record/step_states.h"

#include "base/assert.h"

static const Move moves[MOVE_KINDS] = {
    {MOVE_NEEDS_THERE, FROM(STEP_WAITING), STEP_OFFERED, BY_CHAIN, false, NULL},
    {MOVE_OFFER, FROM(STEP_WAITING) | FROM(STEP_RETURNED), STEP_OFFERED, BY_HOLDER, false, "offer"},
    {MOVE_ACCEPT, FROM(STEP_OFFERED), STEP_ACTIVE, BY_OWNER, false, NULL},
    {MOVE_REFUSE, FROM(STEP_OFFERED), STEP_RETURNED, BY_OWNER, true, NULL},
    {MOVE_EXPIRE, FROM(STEP_OFFERED), STEP_RETURNED, BY_CHAIN, false, NULL},
    {MOVE_COMPLETE, FROM(STEP_ACTIVE), STEP_COMPLETED, BY_OWNER, false, NULL},
    {MOVE_FAIL, FROM(STEP_ACTIVE) | FROM(STEP_SUSPENDED), STEP_RETURNED, BY_OWNER, true, NULL},
    {MOVE_SUSPEND, FROM(STEP_ACTIVE), STEP_SUSPENDED, BY_OWNER, false, NULL},
    {MOVE_RESUME, FROM(STEP_SUSPENDED), STEP_ACTIVE, BY_OWNER, false, NULL},
    {MOVE_SUSPENSION_ENDS, FROM(STEP_SUSPENDED), STEP_ACTIVE, BY_CHAIN, false, NULL},
    {MOVE_EXTEND, FROM(STEP_ACTIVE), STEP_ACTIVE, BY_OWNER, true, NULL},
    {MOVE_REPLACE, FROM(STEP_RETURNED), STEP_WITHDRAWN, BY_HOLDER, false, "replace"},
    {MOVE_DROP, FROM(STEP_RETURNED), STEP_WITHDRAWN, BY_HOLDER, true, "drop"},
    {MOVE_WITHDRAW,
     FROM(STEP_WAITING) | FROM(STEP_OFFERED) | FROM(STEP_ACTIVE) | FROM(STEP_SUSPENDED) |
         FROM(STEP_RETURNED),
     STEP_WITHDRAWN, BY_HOLDER, true, "withdraw"},
};

static const StateRule rules[STEP_STATES] = {
    {STEP_NONE, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, "none"},
    {STEP_WAITING, ACCOUNTABLE_HOLDER, TERM_WAIT_WITHIN, THEN_LADDER, "waiting"},
    {STEP_OFFERED, ACCOUNTABLE_GIVER, TERM_ACCEPT_WITHIN, THEN_RETURNED, "offered"},
    {STEP_ACTIVE, ACCOUNTABLE_OWNER, TERM_TERM, THEN_LADDER, "active"},
    {STEP_SUSPENDED, ACCOUNTABLE_OWNER, TERM_GIVEN, THEN_ACTIVE, "suspended"},
    {STEP_RETURNED, ACCOUNTABLE_HOLDER, TERM_RETURN_WITHIN, THEN_LADDER, "returned"},
    {STEP_COMPLETED, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, "completed"},
    {STEP_WITHDRAWN, ACCOUNTABLE_NOBODY, TERM_NONE, THEN_NOTHING, "withdrawn"},
};

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
