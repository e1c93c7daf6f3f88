// SPDX-License-Identifier: EUPL-1.2
// A signal withdrawn or corrected by its sender. The change reaches exactly the partners that
// received the signal.
// Knows: the fact that is withdrawn or corrected, and its predecessors. Must never know: how a
// signal comes in.
//
// The path of each command: own_signal → the reason, or the values and the room → acting_worker →
// the event → the receivers of the signal. A corrected repeat that says something new then goes
// through grown_enters.
#include <inttypes.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/signal.h"
#include "daemon/engine/handlers/signal_arrangement.h"
#include "daemon/engine/rules/fact_visibility.h"
#include "daemon/engine/rules/facts.h"
#include "daemon/engine/rules/repeats.h"

static Result
own_signal(Draft *draft, uint64_t number)
{
    const FactRow *fact = draft->context->fact.row;
    const char *printed = arena_format(draft->arena, "f%" PRIu64, number);
    if (fact == NULL || !fact->signal || fact->source != draft->context->actor)
        return refuse(KT_NOT_A_SIGNAL, "signal", printed);
    if (fact->withdrawn)
        return refuse(KT_SIGNAL_WITHDRAWN, "signal", printed);
    if (draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return refuse(KT_PLAN_CLOSED, "signal", print_plan(draft, fact->plan));
    return ALLOWED;
}

// The latest fact of the kind that still stands when `without` is withdrawn; NULL.
static const FactRow *
still_standing(const Draft *draft, const FactRow *without)
{
    const KindRow *kind = plan_kind_at(&draft->plan, without->plan, without->kind);
    if (kind != NULL && kind->latest->fact != without->fact)
        return kind->latest;
    for (size_t i = 0; i < draft->context->fact.chain_count; i++)
        if (!draft->context->fact.chain[i]->withdrawn)
            return draft->context->fact.chain[i];
    return NULL;
}

static FactRow *
fact_copy(Draft *draft, const FactRow *row)
{
    FactRow *copy = NEW(draft->arena, FactRow, fact_row);
    *copy = *row;
    return copy;
}

Result
decide_signal_withdraw(Draft *draft, const Command *command)
{
    const Keten__V1__SignalWithdraw *withdraw = command->signal_withdraw;
    Result result = own_signal(draft, withdraw->signal);
    if (result.code == KT_OK)
        result = reason_check(withdraw->reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    const Context *context = draft->context;
    uint32_t text;
    FactRow *row = fact_copy(draft, context->fact.row);
    row->withdrawn = true;
    row->reason = (char *)(uintptr_t)reason_code(draft, withdraw->reason, &text);
    const KindRow *kind = plan_kind_at(&draft->plan, row->plan, row->kind);
    const FactRow *latest = still_standing(draft, context->fact.row);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_FACT_WITHDRAWN;
    event.fact_withdrawn = NEW(draft->arena, Keten__V1__FactWithdrawn, fact_withdrawn);
    event.fact_withdrawn->plan = row->plan;
    event.fact_withdrawn->row = row;
    event.fact_withdrawn->latest = latest == NULL ? NULL : fact_copy(draft, latest);
    event.fact_withdrawn->live = kind == NULL || kind->live == 0 ? 0 : kind->live - 1;
    draft_event(draft, &event);
    for (size_t i = 0; i < context->fact.receiver_count; i++) {
        const uint32_t receiver = context->fact.receivers[i];
        ReceiverItem *item =
            draft_tell(draft, receiver, KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN, 0, row->fact);
        item->fact_version = row->version;
        item->reason = row->reason;
        item->text = receiver == plan_holder(&draft->plan) ? text : 0;
    }
    return ALLOWED;
}

static FactRow *
corrected(Draft *draft, const FactRow *old, const Values *values, bool grows)
{
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.n_fields = values->count;
    body.fields = values->fields;
    FactRow *row = fact_copy(draft, old);
    row->version++;
    row->at_ms = draft->now_ms;
    row->present = values->present;
    fact_mark(draft, row);
    row->position = 0;
    row->repeats = grows ? 0 : old->repeats;
    row->part = draft_personal_part(draft, row->person, &body);
    return row;
}

static void
event_corrected(Draft *draft, FactRow *row)
{
    const KindRow *standing = plan_kind_at(&draft->plan, row->plan, row->kind);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_FACT_ADDED;
    event.fact_added = NEW(draft->arena, Keten__V1__FactAdded, fact_added);
    event.fact_added->row = row;
    event.fact_added->live = standing == NULL ? 0 : standing->live;
    event.fact_added->latest = standing != NULL && standing->latest->fact == row->fact;
    draft_event(draft, &event);
}

// A repeat that is corrected can say something new. It then counts as a new signal: the owners
// at work are told, and its links are followed.
static void
grown_enters(Draft *draft, const FactRow *row, const Values *values)
{
    plan_header(&draft->plan, row->plan)->repeats--;
    fact_to_workers(draft, row);
    fact_links(draft, row, values);
}

Result
decide_signal_correct(Draft *draft, const Command *command)
{
    const Keten__V1__SignalCorrect *correct = command->signal_correct;
    const Context *context = draft->context;
    Result result = own_signal(draft, correct->signal);
    if (result.code != KT_OK)
        return result;
    const FactKind *kind = agreement_fact(draft->arrangement, context->fact.row->kind);
    if (kind == NULL)
        return signal_unknown_fact(draft, draft->arrangement, context->fact.row->kind);
    Values values;
    const ValueFault fault =
        values_check(kind, correct->fields, correct->n_fields, draft->arena, &values);
    if (fault.code != KT_OK)
        return refuse(fault.code, "fields", fault.detail);
    const bool grows =
        context->fact.row->repeats != 0 && repeated_signal(context, kind, &values) == 0;
    result = signal_room(draft, draft->arrangement, kind->name, &values, 0, !grows);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    FactRow *row = corrected(draft, context->fact.row, &values, grows);
    event_corrected(draft, row);
    for (size_t i = 0; i < context->fact.receiver_count; i++)
        fact_tell(draft, context->fact.receivers[i], KETEN__V1__ITEM_KIND__ITEM_SIGNAL_CORRECTED,
                  row);
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    opened->fact = row->fact;
    if (grows)
        grown_enters(draft, row, &values);
    return ALLOWED;
}
