// SPDX-License-Identifier: EUPL-1.2
// Lists of the plans, steps and matters that a partner has a part in. Knows: the plans' rows in key
// order. Must never know: fields, persons. Reads the plans that the partner once had a part in,
// each with its parts; rows of one plan lie together, so one pass is enough.
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/rows.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "store/key_read.h"

typedef struct Scan {
    QueryContext *context;
    Arena page; // of the plan at hand
    bool part;
    bool holds;
    StepRow **steps; // open ones
    size_t step_count;
    MatterRow **matters; // open ones
    size_t matter_count;
    const PlanRow *row;
    const PlanRow *root;                            // the plan that it was merged into, or itself
    uint64_t signals, repeats, members, open_steps; // with its parts
    uint64_t own;                                   // signals of the asker, in this very plan
    uint32_t own_under; // the arrangement under which the latest of them was given
} Scan;

static const char *
with_name(Scan *scan, const char *names, uint32_t partner)
{
    const SilenceRow *silence =
        partner == 0 ? NULL : scan->context->ledger->registry.silences[partner - 1];
    const char *name = ledger_partner_name(scan->context->ledger, partner);
    if (silence == NULL || silence->silent_ms == 0 || strstr(names, name) != NULL)
        return names;
    return names[0] == '\0' ? name : arena_format(&scan->page, "%s, %s", names, name);
}

// Those whom something open waits for, and who give no sign.
static const char *
silent_names(Scan *scan)
{
    const char *names = "";
    for (size_t i = 0; i < scan->step_count; i++)
        if (scan->steps[i]->state != STEP_WAITING && scan->steps[i]->state != STEP_RETURNED)
            names = with_name(scan, names, scan->steps[i]->owner);
    for (size_t i = 0; i < scan->matter_count; i++)
        names = with_name(scan, names, scan->matters[i]->turn);
    return names;
}

static void
emit_plan(Scan *scan)
{
    const PlanRow *plan = scan->row;
    ResultTable *table = &scan->context->table;
    if (plan == NULL || (!scan->part && scan->own == 0))
        return;
    const PlanRow *root = scan->root;
    const bool open = root->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    if (!scan->part) {
        table_sender_plan(table, table_add(table, "plan"), plan->plan, open,
                          ledger_arrangement(table->ledger, scan->own_under), scan->own);
        return;
    }
    const uint32_t holder = root->coordinator != 0 ? root->coordinator : root->desk;
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", plan->plan);
    table_plan_state(table, row, plan);
    table_id(table, row, "into", root == plan ? 0 : root->plan);
    table_text(table, row, "arrangement",
               ledger_arrangement(table->ledger, plan->arrangement)->name);
    table_partner(table, row, "accountable", open ? holder : 0);
    table_partner(table, row, "coordinator", plan->coordinator);
    if (plan->absence != NULL) {
        table_partner(table, row, "absent", plan->absence->partner);
        table_instant(table, row, "absent_until", plan->absence->until_ms);
    }
    table_instant(table, row, "opened_at", plan->opened_at_ms);
    table_instant(table, row, "closed_at", plan->closed_at_ms);
    table_instant(table, row, "review_due", plan->review_due_ms);
    table_number(table, row, "signals", scan->signals);
    if (scan->repeats > 0)
        table_number(table, row, "repeated", scan->repeats);
    table_number(table, row, "members", scan->members);
    table_number(table, row, "open_steps", scan->open_steps);
    table_number(table, row, "open_matters", scan->matter_count);
    if (scan->holds)
        table_text(table, row, "silent", silent_names(scan));
}

// A part's steps are told with the whole, where the partner finds that.
static bool
is_told_with_root(const Scan *scan)
{
    Value value;
    const Key key =
        key_u64(key_u32(key_of(TABLE_PARTICIPANT), scan->context->partner), scan->root->plan);
    return scan->root != scan->row &&
           state_get(scan->context->ledger->state, &key, &value) == STATE_FOUND;
}

static void
emit_step(Scan *scan, const StepRow *step)
{
    ResultTable *table = &scan->context->table;
    AnswerRow *row = table_add(table, "step");
    table_step(table, row, step, scan->root->plan);
    table_awaited(table, row, step, scan->holds);
}

static void
emit_steps(Scan *scan)
{
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->step_count; i++)
        if (step_is_visible(scan->steps[i], scan->context->partner, scan->holds))
            emit_step(scan, scan->steps[i]);
}

// The plan that a part is in, also when that was merged in its turn.
static const PlanRow *
root_of(Scan *scan, const PlanRow *row)
{
    Ledger *ledger = scan->context->ledger;
    while (row != NULL && row->into != 0)
        row = ROW(ledger, key_plan(row->into, PLAN_SUB_HEADER), plan_row, &scan->page);
    return row;
}

// The first header is the plan's own; further ones are those of its parts.
static void
emit_matters(Scan *scan)
{
    ResultTable *table = &scan->context->table;
    const char *kind = scan->context->query->subject;
    if (scan->row == NULL || !scan->part || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (!matter_is_visible(matter, scan->context->partner, scan->holds) ||
            (kind[0] != '\0' && strcmp(matter_rule(matter->kind)->name, kind) != 0))
            continue;
        const Arrangement *arrangement = ledger_arrangement(table->ledger, scan->row->arrangement);
        table_matter(table, table_add(table, "matter"), arrangement, matter, scan->root->plan);
    }
}

static const char *
partners_text(ResultTable *table, const uint32_t *partners, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_format(table->arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            ledger_partner_name(table->ledger, partners[i]));
    return text;
}

// Who has not acknowledged yet is told to who holds the plan; another hears of itself alone.
static const char *
missing_text(Scan *scan)
{
    uint32_t missing[LIMIT_OPEN_MATTERS_PER_PLAN];
    size_t count = 0;
    for (size_t i = 0; i < scan->matter_count && count < LIMIT_OPEN_MATTERS_PER_PLAN; i++) {
        const MatterRow *matter = scan->matters[i];
        if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_PAUSE &&
            matter_is_visible(matter, scan->context->partner, scan->holds))
            missing[count++] = matter->partner;
    }
    return partners_text(&scan->context->table, missing, count);
}

static void
emit_pause(Scan *scan)
{
    ResultTable *table = &scan->context->table;
    const Keten__V1__PauseRow *pause = scan->row == NULL ? NULL : scan->row->pause;
    bool concerned = false;
    for (size_t i = 0; pause != NULL && i < pause->n_partners; i++)
        concerned = concerned || pause->partners[i] == scan->context->partner;
    if (pause == NULL || (!scan->part && !concerned))
        return;
    AnswerRow *row = table_add(table, "pause");
    table_id(table, row, "plan", scan->root->plan);
    table_names(table, row, "actions", pause->actions, pause->n_actions);
    table_instant(table, row, "from", pause->from_ms);
    table_instant(table, row, "until", pause->until_ms);
    table_partner(table, row, "by", pause->by);
    table_text(table, row, "reason", pause->reason);
    if (scan->holds)
        table_text(table, row, "keeps", partners_text(table, pause->partners, pause->n_partners));
    table_text(table, row, "missing", missing_text(scan));
}

static void
scan_matter(Scan *scan, Value value)
{
    MatterRow *row =
        message_unpack(&keten__v1__matter_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    scan->part |= matter_is_task(row, scan->context->partner);
    scan->matters = arena_grow(&scan->page, scan->matters, scan->matter_count,
                               scan->matter_count + 1, sizeof *scan->matters);
    scan->matters[scan->matter_count++] = row;
}

static void
scan_header(Scan *scan, Value value)
{
    const PlanRow *row =
        message_unpack(&keten__v1__plan_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    const uint32_t partner = scan->context->partner;
    scan->signals += row->signals;
    scan->repeats += row->repeats;
    scan->members += row->members;
    scan->open_steps += row->open_steps;
    scan->part |= row->desk == partner || row->coordinator == partner || row->offered_to == partner;
    if (scan->row != NULL)
        return;
    const PlanRow *root = root_of(scan, row);
    if (root == NULL)
        return; // damage: the ledger failed
    scan->row = row;
    scan->root = root;
    scan->holds = (root->coordinator != 0 ? root->coordinator : root->desk) == partner;
    scan->part |= scan->holds || (root->absence != NULL && root->absence->partner == partner);
}

static void
scan_step(Scan *scan, Value value, bool open)
{
    StepRow *row =
        message_unpack(&keten__v1__step_row__descriptor, &scan->page, value.bytes, value.length);
    ASSERT(row != NULL);
    scan->part |= step_is_visible(row, scan->context->partner, false);
    if (!open)
        return;
    if ((scan->step_count & (scan->step_count - 1)) == 0)
        scan->steps =
            arena_grow(&scan->page, scan->steps, scan->step_count,
                       scan->step_count == 0 ? 1 : 2 * scan->step_count, sizeof *scan->steps);
    scan->steps[scan->step_count++] = row;
}

static void
scan_fact(Scan *scan, Value value)
{
    if (scan->part)
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
    Scan *scan = caller;
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

// The plans' numbers first: the rows are read in ranges of their own.
typedef struct PartList {
    Arena *arena;
    uint64_t *plans;
    size_t count;
} PartList;

static bool
part_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    PartList *list = caller;
    (void)value;
    if ((list->count & (list->count - 1)) == 0)
        list->plans = arena_grow(list->arena, list->plans, list->count,
                                 list->count == 0 ? 1 : 2 * list->count, sizeof *list->plans);
    list->plans[list->count++] = key_read_part(key, key_length).plan;
    return true;
}

static bool
scan_plan(Scan *scan, uint64_t plan)
{
    arena_reset(&scan->page);
    *scan = (Scan){.context = scan->context, .page = scan->page};
    const Key own = key_u64(key_of(TABLE_PLAN), plan);
    bool whole = state_each(scan->context->ledger, &own, NULL, scan_visit, scan);
    for (size_t i = 0; whole && scan->row != NULL && i < scan->row->n_parts; i++) {
        const Key part = key_u64(key_of(TABLE_PLAN), scan->row->parts[i]);
        whole = state_each(scan->context->ledger, &part, NULL, scan_visit, scan);
    }
    return whole;
}

static KtCode
scan_plans(QueryContext *context, void (*emit)(Scan *scan))
{
    Ledger *ledger = context->ledger;
    Arena found = {0};
    PartList list = {.arena = &found};
    const Key mine = key_u32(key_of(TABLE_PARTICIPANT), context->partner);
    Scan scan = {.context = context};
    bool whole = state_each(ledger, &mine, NULL, part_visit, &list);
    for (size_t i = 0; whole && i < list.count && !table_is_full(&context->table); i++) {
        whole = scan_plan(&scan, list.plans[i]);
        if (whole)
            emit(&scan);
    }
    arena_done(&scan.page);
    arena_done(&found);
    return KT_OK;
}

static void
emit_rejected(Scan *scan)
{
    QueryContext *context = scan->context;
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD ||
            matter->partner == context->partner ||
            (!scan->holds && matter->turn != context->partner))
            continue;
        const DeadRow *rejected =
            state_rejected(context->ledger, matter->partner, matter->n, &scan->page);
        if (rejected != NULL)
            table_rejected(context, rejected);
    }
}

KtCode
query_rejections_held(QueryContext *context)
{
    return scan_plans(context, emit_rejected);
}

KtCode
query_plans(QueryContext *context)
{
    const Keten__V1__Query *query = context->query;
    return query->mine || query->late || query->unowned ? query_urgent(context)
                                                        : scan_plans(context, emit_plan);
}

KtCode
query_steps(QueryContext *context)
{
    return scan_plans(context, emit_steps);
}

KtCode
query_matters(QueryContext *context)
{
    const char *kind = context->query->subject;
    if (kind[0] != '\0' && matter_rule_named(kind) == NULL)
        return query_refused(context, KT_MISSING, "subject", kind);
    return scan_plans(context, emit_matters);
}

KtCode
query_pauses(QueryContext *context)
{
    return scan_plans(context, emit_pause);
}
