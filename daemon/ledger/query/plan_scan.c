// SPDX-License-Identifier: EUPL-1.2
// Reads the plans of one partner, one after another. Knows: the rows of a plan in key order. Must
// never know: columns.
// Path: scan_plans goes from plan to plan; scan_plan reads the rows of one into the scan, header
// first, and then those of the plans merged into it, by number; `emit` makes the rows of the
// answer.
// The bookmark of these lists: the plan that was looked at last; 1 + the merged plan that stores
// its last row, or WHOLE when nothing of the plan is left; the number of that row.
// Failure: damage ends the pass; the ledger failed, and query.c refuses.
#include "daemon/ledger/query/plan_scan.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/participant_plans.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

#define WHOLE UINT64_MAX

bool
is_told_with_root(const PlanScan *scan)
{
    Value value;
    const Key key =
        key_u64(key_u32(key_of(TABLE_PARTICIPANT), scan->context->partner), scan->root->plan);
    return scan->root != scan->row &&
           state_get(scan->context->ledger->state, &key, &value) == STATE_FOUND;
}

// The plan that a merged plan is in now: a plan that it went into may have been merged again.
static const PlanRow *
root_of(PlanScan *scan, const PlanRow *row)
{
    Ledger *ledger = scan->context->ledger;
    while (row != NULL && row->into != 0)
        row = ROW(ledger, key_plan(row->into, PLAN_SUB_HEADER), plan_row, &scan->page);
    return row;
}

static void
scan_matter(PlanScan *scan, Value value)
{
    MatterRow *row =
        message_unpack(&keten__v1__matter_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    scan->participant |= matter_is_task(row, scan->context->partner);
    scan->matters =
        arena_more(&scan->page, scan->matters, scan->matter_count, sizeof *scan->matters);
    scan->matters[scan->matter_count++] = row;
}

// The first header is the plan's own; further ones are those of the plans merged into it.
static void
scan_header(PlanScan *scan, Value value)
{
    const PlanRow *row =
        message_unpack(&keten__v1__plan_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    const uint32_t partner = scan->context->partner;
    scan->signals += row->signals;
    scan->repeats += row->repeats;
    scan->members += row->members;
    scan->open_steps += row->open_steps;
    scan->participant |=
        row->desk == partner || row->coordinator == partner || row->offered_to == partner;
    if (scan->row != NULL)
        return;
    const PlanRow *root = root_of(scan, row);
    if (root == NULL)
        return; // the state is damaged; the ledger failed
    scan->row = row;
    scan->root = root;
    scan->holder = root->coordinator != 0 ? root->coordinator : root->desk;
    scan->holds = scan->holder == partner;
    scan->participant |=
        scan->holds || (root->absence != NULL && root->absence->partner == partner);
}

static void
scan_step(PlanScan *scan, Value value, bool open)
{
    StepRow *row =
        message_unpack(&keten__v1__step_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    scan->participant |= step_is_visible(row, scan->context->partner, false);
    if (!open)
        return;
    scan->steps = arena_more(&scan->page, scan->steps, scan->step_count, sizeof *scan->steps);
    scan->steps[scan->step_count++] = row;
}

// A participant is told the plan itself, so its signals need no count.
static void
scan_fact(PlanScan *scan, Value value)
{
    if (scan->participant)
        return;
    const FactRow *row =
        message_unpack(&keten__v1__fact_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    if (!row->signal || row->source != scan->context->partner || scan->row == NULL ||
        row->plan != scan->row->plan || scan->root->moved_on)
        return;
    scan->own++;
    scan->own_under = plan_reads_by(scan->row, row);
}

static bool
scan_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    PlanScan *scan = caller;
    const PlanSub sub = key_read_plan(key, key_length).sub;
    if (sub == PLAN_SUB_HEADER)
        scan_header(scan, value);
    else if (sub == PLAN_SUB_OPEN_STEP || sub == PLAN_SUB_CLOSED_STEP)
        scan_step(scan, value, sub == PLAN_SUB_OPEN_STEP);
    else if (sub == PLAN_SUB_FACT)
        scan_fact(scan, value);
    else if (sub == PLAN_SUB_OPEN_MATTER)
        scan_matter(scan, value);
    return true;
}

// The lowest of the merged plans above `after`; 0: none.
static uint64_t
next_part(const PlanRow *row, uint64_t after)
{
    uint64_t next = 0;
    for (size_t i = 0; i < row->n_parts; i++)
        if (row->parts[i] > after && (next == 0 || row->parts[i] < next))
            next = row->parts[i];
    return next;
}

static bool
scan_plan(PlanScan *scan, uint64_t plan)
{
    arena_reset(&scan->page);
    *scan = (PlanScan){.context = scan->context, .page = scan->page};
    const Key own = key_u64(key_of(TABLE_PLAN), plan);
    bool whole = state_each(scan->context->ledger, &own, NULL, scan_visit, scan);
    uint64_t part = scan->row == NULL ? 0 : next_part(scan->row, 0);
    while (whole && part != 0) {
        const Key merged = key_u64(key_of(TABLE_PLAN), part);
        whole = state_each(scan->context->ledger, &merged, NULL, scan_visit, scan);
        part = next_part(scan->row, part);
    }
    return whole;
}

bool
scan_wants(PlanScan *scan, uint64_t plan, uint64_t number)
{
    const uint64_t stored = 1 + (scan->row != NULL && plan == scan->row->plan ? 0 : plan);
    const Bookmark *after = &scan->after;
    if (stored < after->part[1] || (stored == after->part[1] && number <= after->part[2]))
        return false;
    scan->cut = scan->cut || table_is_full(&scan->context->table);
    if (scan->cut)
        return false;
    scan->context->at.part[1] = stored;
    scan->context->at.part[2] = number;
    return true;
}

// Looks at the plan, and leaves the bookmark behind what was told of it.
static void
scan_tell(PlanScan *scan, uint64_t plan, void (*emit)(PlanScan *scan))
{
    Bookmark *at = &scan->context->at;
    if (!scan_plan(scan, plan))
        return;
    if (at->part[0] == plan)
        scan->after = *at;
    else
        *at = (Bookmark){.part = {plan, 0, 0, at->part[3]}};
    emit(scan);
    if (!scan->cut)
        at->part[1] = WHOLE;
}

KtCode
scan_plans(QueryContext *context, void (*emit)(PlanScan *scan))
{
    ASSERT(context != NULL && emit != NULL);
    PlanScan scan = {.context = context};
    const Bookmark *at = &context->at;
    do {
        const uint64_t from =
            at->part[1] == WHOLE || at->part[0] == 0 ? at->part[0] + 1 : at->part[0];
        const uint64_t plan = participant_plan_from(context->ledger, context->partner, from);
        if (plan == 0)
            break;
        scan_tell(&scan, plan, emit);
    } while (!context->ledger->failed && !scan.cut && !query_stops(context));
    context->more = context->more || scan.cut;
    arena_done(&scan.page);
    return KT_OK;
}
