// SPDX-License-Identifier: EUPL-1.2
// Checks every timer of a stopped store.
// Knows: the step, matter, plan or partner that each kind of timer belongs to. Must never know: how
// to mend it.
// Path: verify_timers walks the timers one by one and asks timer_is_wanted. verify_plan.c checks
// the other way round: everything open has a timer.
#include "daemon/ledger/verify_timer.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

typedef struct TimerSeen {
    Keten__V1__TimerRow *row;
    int64_t due_ms;
    bool found;
    Arena *arena;
} TimerSeen;

static bool
timer_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    TimerSeen *seen = caller;
    seen->due_ms = key_read_timer(key, key_length).due_ms;
    seen->row =
        message_unpack(&keten__v1__timer_row__descriptor, seen->arena, value.bytes, value.length);
    seen->found = true;
    return false;
}

// A timer about no plan belongs to a silent partner, or to a rejected delivery.
static bool
alone_is_wanted(Verify *verify, const TimerSeen *seen)
{
    const Keten__V1__TimerRow *timer = seen->row;
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_SILENCE) {
        const SilenceRow *row =
            ROW(verify->ledger, key_u32(key_of(TABLE_SILENCE), (uint32_t)timer->step), silence_row,
                &verify->page);
        return row != NULL && row->due_ms == seen->due_ms;
    }
    const DeadRow *row = state_rejected(verify->ledger, rejected_mark_partner(timer->step),
                                        rejected_mark_n(timer->step), &verify->page);
    return row != NULL && row->due_ms == seen->due_ms;
}

static int64_t
step_due_ms(Verify *verify, const Keten__V1__TimerRow *timer)
{
    bool open;
    const StepRow *step =
        state_step(verify->ledger, timer->plan, timer->step, &verify->page, &open);
    if (step == NULL || !open)
        return 0;
    return timer->kind == KETEN__V1__TIMER_KIND__TIMER_REMINDER ? step->remind_ms : step->due_ms;
}

static int64_t
matter_due_ms(Verify *verify, const Keten__V1__TimerRow *timer)
{
    const Key key = key_u64(key_plan(timer->plan, PLAN_SUB_OPEN_MATTER), timer->step);
    const MatterRow *matter = ROW(verify->ledger, key, matter_row, &verify->page);
    return matter == NULL ? 0 : matter->due_ms;
}

// When the step, matter or plan of a timer waits for it; 0: nothing waits.
static int64_t
wanted_ms(Verify *verify, const Keten__V1__TimerRow *timer)
{
    const PlanRow *plan =
        ROW(verify->ledger, key_plan(timer->plan, PLAN_SUB_HEADER), plan_row, &verify->page);
    if (plan == NULL)
        return 0;
    switch (timer->kind) {
    case KETEN__V1__TIMER_KIND__TIMER_STEP:
    case KETEN__V1__TIMER_KIND__TIMER_REMINDER:
        return step_due_ms(verify, timer);
    case KETEN__V1__TIMER_KIND__TIMER_MATTER:
        return matter_due_ms(verify, timer);
    case KETEN__V1__TIMER_KIND__TIMER_ABSENCE:
        return plan->absence == NULL ? 0 : plan->absence->until_ms;
    case KETEN__V1__TIMER_KIND__TIMER_FEEDBACK:
        return feedback_due_ms(plan);
    case KETEN__V1__TIMER_KIND__TIMER_PAUSE:
        return plan->pause == NULL ? 0 : plan->pause->until_ms;
    case KETEN__V1__TIMER_KIND__TIMER_REVIEW:
        return plan->review_due_ms;
    case KETEN__V1__TIMER_KIND__TIMER_COORDINATOR:
        return plan->coordinator_due_ms;
    case KETEN__V1__TIMER_KIND__TIMER_SILENCE:
    case KETEN__V1__TIMER_KIND__TIMER_DEAD: // these two are about no plan
    case KETEN__V1__TIMER_KIND__TIMER_KIND_UNSPECIFIED:
    case _KETEN__V1__TIMER_KIND_IS_INT_SIZE:
        break;
    }
    return 0;
}

static bool
timer_is_wanted(Verify *verify, const TimerSeen *seen)
{
    if (seen->row->plan == 0)
        return alone_is_wanted(verify, seen);
    const int64_t due_ms = wanted_ms(verify, seen->row);
    return due_ms != 0 && due_ms == seen->due_ms;
}

void
verify_timers(Verify *verify)
{
    const Key prefix = key_of(TABLE_TIMER);
    Key from = prefix;
    while (!verify_failed(verify)) {
        TimerSeen seen = {.arena = &verify->page};
        arena_reset(&verify->page);
        arena_reset(&verify->ledger->scratch);
        if (!state_each(verify->ledger, &prefix, &from, timer_visit, &seen) || !seen.found)
            return;
        ASSERT(seen.row != NULL);
        if (!timer_is_wanted(verify, &seen))
            WRONG(verify, "a timer of plan p%" PRIu64 " belongs to nothing that waits",
                  seen.row->plan);
        // The key just behind this one.
        from = key_u8(key_u64(key_u8(key_u64(key_instant(prefix, seen.due_ms), seen.row->plan),
                                     (uint8_t)seen.row->kind),
                              seen.row->step),
                      0);
    }
}
