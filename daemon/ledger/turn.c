// SPDX-License-Identifier: EUPL-1.2
// Gives the engine the orders of a turn that are no command: terms, open work, acknowledgements,
// loads, disclosures. Knows: which order each is. Must never know: how an order is decided, which
// partner is connected.
// Path: ledger_fire, ledger_work, turn_acknowledge and the loads each fill a context and call
// turn_decide, which appends the record.
// Failure: a damaged state closes the ledger and ends the loop; ledger_commit tells it.
#include "daemon/ledger/turn.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/context_delivery.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

static bool
turn_decide(Ledger *ledger, const Context *context, const Order *order)
{
    const Decision decision = decide(context, order, &ledger->scratch);
    ASSERT(decision.code == KT_OK);
    if (decision.record == NULL)
        return false;
    record_append(ledger, decision.record, NULL);
    return true;
}

typedef struct Due {
    TimerKey timer;
    bool found;
} Due;

static bool
due_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Due *due = caller;
    (void)value;
    due->timer = key_read_timer(key, key_length);
    due->found = true;
    return false;
}

static bool
due_first(Ledger *ledger, Due *ret)
{
    const Key timers = key_of(TABLE_TIMER);
    *ret = (Due){.timer.due_ms = INT64_MAX};
    if (!state_each(ledger, &timers, NULL, due_visit, ret))
        return false;
    ledger->next_due_ms = ret->timer.due_ms;
    ledger->next_due_known = true;
    return ret->found;
}

int64_t
ledger_next_due(Ledger *ledger)
{
    Due due;
    if (ledger->stopped)
        return INT64_MAX;
    if (!ledger->next_due_known && !due_first(ledger, &due) && ledger->failed)
        return INT64_MAX;
    return ledger->next_due_ms;
}

// Loads what is due: the plan with all its terms, or one timer that is about no plan.
static bool
due_context(Ledger *ledger, const Due *due, Context *context)
{
    if (due->timer.plan == 0)
        return context_timer(ledger, due->timer.kind, due->timer.mark, &ledger->scratch, context);
    if (!context_plan(ledger, due->timer.plan, &ledger->scratch, context))
        return false;
    ASSERT(context->plan != NULL);
    return true;
}

size_t
ledger_fire(Ledger *ledger, int64_t now_ms, size_t most)
{
    size_t fired = 0;
    while (fired < most && !ledger->stopped && !ledger->failed &&
           ledger_next_due(ledger) <= now_ms) {
        Due due;
        Context context;
        arena_reset(&ledger->scratch);
        if (!due_first(ledger, &due))
            break;
        context_start(ledger, now_ms, &context);
        if (!due_context(ledger, &due, &context))
            break;
        const Order order = {.kind = ORDER_FIRE};
        // A timer that fires no record would fire for ever.
        ASSERT(turn_decide(ledger, &context, &order));
        metric_add(&ledger->metrics, METRIC_TERMS_FIRED, 1);
        fired++;
    }
    return fired;
}

typedef struct WorkFound {
    const WorkRow *row;
    Arena *arena;
} WorkFound;

static bool
work_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    WorkFound *found = caller;
    (void)key;
    (void)key_length;
    found->row =
        message_unpack(&keten__v1__work_row__descriptor, found->arena, value.bytes, value.length);
    ASSERT(found->row != NULL);
    return false;
}

// The plan that an item of work is about now; 0: no plan any more.
static uint64_t
work_plan(Ledger *ledger, const WorkRow *work)
{
    if (work->kind != KETEN__V1__WORK_KIND__WORK_REVOKED)
        return work->plan;
    return participant_next_plan(ledger, work->partner, work->plan);
}

size_t
ledger_work(Ledger *ledger, int64_t now_ms, size_t most)
{
    const Key prefix = key_of(TABLE_WORK);
    size_t done = 0;
    if (ledger->stopped)
        return 0;
    while (done < most && !ledger->failed) {
        arena_reset(&ledger->scratch);
        WorkFound found = {.arena = &ledger->scratch};
        Context context;
        if (!state_each(ledger, &prefix, NULL, work_visit, &found) || found.row == NULL)
            break;
        context_start(ledger, now_ms, &context);
        if (!context_plan(ledger, work_plan(ledger, found.row), &ledger->scratch, &context))
            break;
        const Order order = {.kind = ORDER_WORK, .work = found.row};
        ASSERT(turn_decide(ledger, &context, &order));
        done++;
    }
    return done;
}

uint64_t
ledger_assigned(Ledger *ledger, uint32_t partner)
{
    return registry_cursor(ledger, partner) == NULL
               ? 0
               : ledger->registry.partners[partner - 1].assigned;
}

uint64_t
ledger_acknowledged(Ledger *ledger, uint32_t partner)
{
    const Cursor *cursor = registry_cursor(ledger, partner);
    if (cursor == NULL)
        return 0;
    const uint64_t recorded = ledger->registry.partners[partner - 1].acknowledged;
    return cursor->wanted > recorded ? cursor->wanted : recorded;
}

bool
ledger_acknowledge(Ledger *ledger, uint32_t partner, uint64_t upto, int64_t now_ms)
{
    Cursor *cursor = registry_cursor(ledger, partner);
    if (ledger->stopped) // the partner says it again in the next session
        return true;
    if (cursor == NULL || upto > ledger_assigned(ledger, partner))
        return false;
    if (upto <= ledger_acknowledged(ledger, partner))
        return true;
    if (cursor->wanted == 0)
        ledger->acknowledging++;
    cursor->wanted = upto;
    ledger->acknowledge_ms = now_ms;
    return true;
}

void
turn_acknowledge(Ledger *ledger)
{
    for (uint32_t partner = 1; ledger->acknowledging > 0; partner++) {
        Cursor *cursor = registry_cursor(ledger, partner);
        ASSERT(cursor != NULL);
        if (cursor->wanted == 0)
            continue;
        arena_reset(&ledger->scratch);
        const uint64_t upto = rejected_pass(ledger, partner, cursor->wanted);
        cursor->wanted = 0;
        ledger->acknowledging--;
        // A delivery rejected later in this turn may have taken the cursor further.
        if (ledger->failed || upto <= ledger->registry.partners[partner - 1].acknowledged)
            continue;
        Context context;
        context_start(ledger, ledger->acknowledge_ms, &context);
        const Order order = {.kind = ORDER_ACKNOWLEDGE, .partner = partner, .upto = upto};
        ASSERT(turn_decide(ledger, &context, &order));
    }
}

static KtCode
turn_load(Ledger *ledger, const Order *order, int64_t now_ms, Fault *fault)
{
    Context context;
    arena_reset(&ledger->scratch);
    context_start(ledger, now_ms, &context);
    const Decision decision = decide(&context, order, &ledger->scratch);
    if (decision.code != KT_OK)
        return fault_set(fault, decision.code, "%s", decision.detail);
    if (decision.record != NULL)
        record_append(ledger, decision.record, NULL);
    return KT_OK;
}

KtCode
turn_sound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
           const char **ret_detail)
{
    const char *path = "";
    const char *why = arrangement_unsound(arrangement, language, arena, &path);
    if (why == NULL)
        return KT_OK;
    *ret_detail = arena_format(arena, "%s: %s: %s", arrangement->name, path, why);
    return KT_ARRANGEMENT_FILE;
}

KtCode
ledger_load_partner(Ledger *ledger, const PartnerRow *row, int64_t now_ms, Fault *fault)
{
    ASSERT(ledger != NULL && row != NULL && fault != NULL);
    return turn_load(ledger, &(Order){.kind = ORDER_LOAD_PARTNER, .partner_row = row}, now_ms,
                     fault);
}

KtCode
ledger_load_arrangement(Ledger *ledger, const Arrangement *arrangement, int64_t now_ms,
                        Fault *fault)
{
    ASSERT(ledger != NULL && arrangement != NULL && fault != NULL);
    const char *detail;
    arena_reset(&ledger->scratch);
    const KtCode code = turn_sound(arrangement, KT_EN, &ledger->scratch, &detail);
    if (code != KT_OK)
        return fault_set(fault, code, "%s", detail);
    return turn_load(ledger, &(Order){.kind = ORDER_LOAD_ARRANGEMENT, .arrangement = arrangement},
                     now_ms, fault);
}

void
turn_disclose(Ledger *ledger, uint32_t partner, uint64_t plan, const char *what, int64_t now_ms)
{
    Context context;
    context_start(ledger, now_ms, &context);
    context.actor = partner;
    const Order order = {.kind = ORDER_DISCLOSE, .partner = partner, .plan = plan, .what = what};
    if (!context_plan(ledger, plan, &ledger->scratch, &context))
        return;
    ASSERT(turn_decide(ledger, &context, &order));
}
