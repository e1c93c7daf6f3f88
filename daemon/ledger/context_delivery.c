// SPDX-License-Identifier: EUPL-1.2
// The context of commands about deliveries, and of timers about no plan.
// Knows: inboxes, rejected deliveries, which plans wait for a silent partner. Must never know:
// which partner may settle a delivery, sessions.
// Path: load_reject, load_resend or load_give_up → load_delivery → context_plan; a timer comes in
// by context_timer.
// Failure: false when the state is damaged; a delivery that was never given out leaves the context
// empty.
#include "daemon/ledger/context_delivery.h"

#include "base/assert.h"
#include "daemon/ledger/context_load.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

#define PLANS_PER_PAGE 256 // looked at for one record about a silent partner

uint64_t
rejected_pass(Ledger *ledger, uint32_t partner, uint64_t upto)
{
    const Cursor *cursor = registry_cursor(ledger, partner);
    if (cursor == NULL || cursor->ahead == 0)
        return upto;
    while (state_rejected(ledger, partner, upto + 1, &ledger->scratch) != NULL)
        upto++;
    return upto;
}

// Adds the delivery as its record tells it. False when the store is damaged.
static bool
load_delivery(Ledger *ledger, uint64_t position, uint32_t index, Arena *arena, Context *context)
{
    KtCode code;
    const Record *record = record_find(ledger, position, arena, NULL, &code);
    if (record == NULL)
        return false;
    ASSERT(index < record->head->n_receivers);
    context->delivery.told = record->head->receivers[index];
    context->delivery.record = record;
    context->delivery.position = position;
    context->delivery.index = index;
    return true;
}

bool
load_reject(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const uint64_t n = loading->number;
    const uint32_t partner = context->actor;
    const uint64_t acknowledged = ledger->registry.partners[partner - 1].acknowledged;
    const Keten__V1__InboxRow *row =
        ROW(ledger, key_u64(key_u32(key_of(TABLE_INBOX), partner), n), inbox_row, arena);
    context->delivery.processed_upto = acknowledged;
    if (row == NULL)
        return !ledger->failed;
    if (!load_delivery(ledger, row->position, row->receiver, arena, context))
        return false;
    context->delivery.rejected = state_rejected(ledger, partner, n, arena);
    if (n == acknowledged + 1)
        context->delivery.processed_upto = rejected_pass(ledger, partner, n);
    return !ledger->failed && (row->plan == 0 || context_plan(ledger, row->plan, arena, context));
}

// The matter of a rejected delivery, open or settled; NULL for any other.
static const MatterRow *
matter_named(Ledger *ledger, uint64_t matter, Arena *arena)
{
    const MatterRow *row = state_matter(ledger, matter, arena);
    return row != NULL && row->kind == KETEN__V1__MATTER_KIND__MATTER_DEAD ? row : NULL;
}

// A rejected delivery: by matter, or by partner (empty: the actor) and number.
static bool
load_rejected(const Loading *loading, uint64_t matter, const char *partner, uint64_t n)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    uint32_t number = context->actor;
    uint64_t plan = 0;
    if (matter != 0) {
        const MatterRow *row = matter_named(ledger, matter, arena);
        number = row == NULL ? 0 : row->partner;
        n = row == NULL ? 0 : row->n;
        plan = row == NULL ? 0 : row->plan;
    } else if (partner[0] != '\0') {
        const PartnerRow *row = ledger_partner_named(ledger, partner);
        number = row == NULL ? 0 : row->partner;
    }
    const DeadRow *rejected = number == 0 ? NULL : state_rejected(ledger, number, n, arena);
    if (rejected == NULL)
        return !ledger->failed;
    context->delivery.rejected = rejected;
    if (!load_delivery(ledger, rejected->delivered, rejected->index, arena, context))
        return false;
    // A plan that its household left for another one took the matter along.
    if (plan == 0 && rejected->matter != 0) {
        const MatterRow *row = matter_named(ledger, rejected->matter, arena);
        plan = row == NULL ? rejected->plan : row->plan;
    }
    plan = plan == 0 ? rejected->plan : plan;
    return plan == 0 || context_plan(ledger, plan, arena, context);
}

bool
load_resend(const Loading *loading)
{
    const Keten__V1__DeliveryResend *resend = loading->command->delivery_resend;
    return load_rejected(loading, resend->matter, resend->partner, resend->n);
}

bool
load_give_up(const Loading *loading)
{
    const Keten__V1__DeliveryGiveUp *give_up = loading->command->delivery_give_up;
    return load_rejected(loading, give_up->matter, give_up->partner, give_up->n);
}

// Plans in which the silent partner ever was a participant, ascending.
typedef struct Page {
    uint64_t plans[PLANS_PER_PAGE];
    size_t count;
    uint64_t next; // the first plan that had no room in the page; 0: there is no other
} Page;

static bool
page_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Page *page = caller;
    (void)value;
    const uint64_t plan = key_read_participant(key, key_length).plan;
    if (page->count == PLANS_PER_PAGE) {
        page->next = plan;
        return false;
    }
    page->plans[page->count++] = plan;
    return true;
}

static bool
is_among(const uint32_t *partners, size_t count, uint32_t partner)
{
    for (size_t i = 0; i < count; i++)
        if (partners[i] == partner)
            return true;
    return false;
}

// The holders of plans in which something is open at the partner, each once.
static bool
load_waiting(Ledger *ledger, const Page *page, Arena *arena, Context *context)
{
    const uint32_t partner = context->timer.partner;
    uint32_t *holders = arena_take(arena, (page->count + 1) * sizeof *holders);
    size_t count = 0;
    Arena each = {0};
    for (size_t i = 0; i < page->count && !ledger->failed; i++) {
        Plan plan;
        if (ledger_plan(ledger, page->plans[i], &each, &plan) &&
            plan.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN && plan_waits_for(&plan, partner) &&
            !is_among(holders, count, plan_holder(&plan)))
            holders[count++] = plan_holder(&plan);
        arena_reset(&each);
    }
    arena_done(&each);
    context->timer.holders = holders;
    context->timer.holder_count = count;
    context->timer.next_plan = page->next;
    return !ledger->failed;
}

static bool
context_silence(Ledger *ledger, Arena *arena, Context *context)
{
    const SilenceRow *row = context->agreed.partners[context->timer.partner - 1].silence;
    const Key prefix = key_u32(key_of(TABLE_PARTICIPANT), context->timer.partner);
    Page *page = arena_take(arena, sizeof *page);
    *page = (Page){.count = 0};
    ASSERT(row != NULL);
    if (row->state == KETEN__V1__SILENCE_STATE__SILENCE_SPOKE)
        return true;
    const Key from = key_u64(prefix, row->scan);
    return state_each(ledger, &prefix, &from, page_visit, page) &&
           load_waiting(ledger, page, arena, context);
}

bool
context_timer(Ledger *ledger, Keten__V1__TimerKind kind, uint64_t mark, Arena *arena,
              Context *context)
{
    context->timer.kind = kind;
    if (kind == KETEN__V1__TIMER_KIND__TIMER_SILENCE) {
        context->timer.partner = (uint32_t)mark;
        return context_silence(ledger, arena, context);
    }
    ASSERT(kind == KETEN__V1__TIMER_KIND__TIMER_DEAD);
    context->timer.partner = rejected_mark_partner(mark);
    context->delivery.rejected =
        state_rejected(ledger, context->timer.partner, rejected_mark_n(mark), arena);
    return !ledger->failed;
}
