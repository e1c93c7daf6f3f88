// SPDX-License-Identifier: EUPL-1.2
// Lists of the plans, steps and matters that a partner has a part in. Knows: the plans' rows in key
// order. Must never know: fields, persons. Reads the plans that the partner once had a part in,
// each with its parts; rows of one plan lie together, so one pass is enough.
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/ledger/query/query.h"
#include "proto/limits.h"
#include "proto/unpack.h"

typedef struct Scan {
    Asking *asking;
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
        partner == 0 ? NULL : scan->asking->ledger->cache.silences[partner - 1];
    const char *name = ledger_partner_name(scan->asking->ledger, partner);
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
    Sheet *sheet = &scan->asking->sheet;
    if (plan == NULL || (!scan->part && scan->own == 0))
        return;
    const PlanRow *root = scan->root;
    const bool open = root->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    if (!scan->part) {
        sheet_sender_plan(sheet, sheet_add(sheet, "plan"), plan->plan, open,
                          ledger_arrangement(sheet->ledger, scan->own_under), scan->own);
        return;
    }
    const uint32_t holder = root->coordinator != 0 ? root->coordinator : root->desk;
    AnswerRow *row = sheet_add(sheet, "plan");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_plan_state(sheet, row, plan);
    sheet_id(sheet, row, "into", root == plan ? 0 : root->plan);
    sheet_text(sheet, row, "arrangement",
               ledger_arrangement(sheet->ledger, plan->arrangement)->name);
    sheet_partner(sheet, row, "accountable", open ? holder : 0);
    sheet_partner(sheet, row, "coordinator", plan->coordinator);
    if (plan->absence != NULL) {
        sheet_partner(sheet, row, "absent", plan->absence->partner);
        sheet_instant(sheet, row, "absent_until", plan->absence->until_ms);
    }
    sheet_instant(sheet, row, "opened_at", plan->opened_at_ms);
    sheet_instant(sheet, row, "closed_at", plan->closed_at_ms);
    sheet_instant(sheet, row, "review_due", plan->review_due_ms);
    sheet_number(sheet, row, "signals", scan->signals);
    if (scan->repeats > 0)
        sheet_number(sheet, row, "repeated", scan->repeats);
    sheet_number(sheet, row, "members", scan->members);
    sheet_number(sheet, row, "open_steps", scan->open_steps);
    sheet_number(sheet, row, "open_matters", scan->matter_count);
    if (scan->holds)
        sheet_text(sheet, row, "silent", silent_names(scan));
}

// A part's steps are told with the whole, where the partner finds that.
static bool
is_told_with_root(const Scan *scan)
{
    Value value;
    const Key key = key_u64(key_u32(key_of(TABLE_PART), scan->asking->partner), scan->root->plan);
    return scan->root != scan->row &&
           state_get(scan->asking->ledger->state, &key, &value) == STATE_FOUND;
}

static void
emit_step(Scan *scan, const StepRow *step)
{
    Sheet *sheet = &scan->asking->sheet;
    AnswerRow *row = sheet_add(sheet, "step");
    sheet_step(sheet, row, step, scan->root->plan);
    sheet_awaited(sheet, row, step, scan->holds);
}

static void
emit_steps(Scan *scan)
{
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->step_count; i++)
        if (step_is_visible(scan->steps[i], scan->asking->partner, scan->holds))
            emit_step(scan, scan->steps[i]);
}

// The plan that a part is in, also when that was merged in its turn.
static const PlanRow *
root_of(Scan *scan, const PlanRow *row)
{
    Ledger *ledger = scan->asking->ledger;
    while (row != NULL && row->into != 0)
        row = ROW(ledger, key_plan(row->into, PLAN_SUB_HEADER), plan_row, &scan->page);
    return row;
}

// The first header is the plan's own; further ones are those of its parts.
static void
emit_matters(Scan *scan)
{
    Sheet *sheet = &scan->asking->sheet;
    const char *kind = scan->asking->query->subject;
    if (scan->row == NULL || !scan->part || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (!matter_is_visible(matter, scan->asking->partner, scan->holds) ||
            (kind[0] != '\0' && strcmp(matter_rule(matter->kind)->name, kind) != 0))
            continue;
        const Arrangement *arrangement = ledger_arrangement(sheet->ledger, scan->row->arrangement);
        sheet_matter(sheet, sheet_add(sheet, "matter"), arrangement, matter, scan->root->plan);
    }
}

static const char *
partners_text(Sheet *sheet, const uint32_t *partners, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_format(sheet->arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            ledger_partner_name(sheet->ledger, partners[i]));
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
            matter_is_visible(matter, scan->asking->partner, scan->holds))
            missing[count++] = matter->partner;
    }
    return partners_text(&scan->asking->sheet, missing, count);
}

static void
emit_pause(Scan *scan)
{
    Sheet *sheet = &scan->asking->sheet;
    const Keten__V1__PauseRow *pause = scan->row == NULL ? NULL : scan->row->pause;
    bool concerned = false;
    for (size_t i = 0; pause != NULL && i < pause->n_partners; i++)
        concerned = concerned || pause->partners[i] == scan->asking->partner;
    if (pause == NULL || (!scan->part && !concerned))
        return;
    AnswerRow *row = sheet_add(sheet, "pause");
    sheet_id(sheet, row, "plan", scan->root->plan);
    sheet_names(sheet, row, "actions", pause->actions, pause->n_actions);
    sheet_instant(sheet, row, "from", pause->from_ms);
    sheet_instant(sheet, row, "until", pause->until_ms);
    sheet_partner(sheet, row, "by", pause->by);
    sheet_text(sheet, row, "reason", pause->reason);
    if (scan->holds)
        sheet_text(sheet, row, "keeps", partners_text(sheet, pause->partners, pause->n_partners));
    sheet_text(sheet, row, "missing", missing_text(scan));
}

static void
scan_matter(Scan *scan, Value value)
{
    MatterRow *row =
        message_unpack(&keten__v1__matter_row__descriptor, &scan->page, value.bytes, value.length);
    insist(row != NULL);
    scan->part |= matter_is_task(row, scan->asking->partner);
    scan->matters = arena_grow(&scan->page, scan->matters, scan->matter_count,
                               scan->matter_count + 1, sizeof *scan->matters);
    scan->matters[scan->matter_count++] = row;
}

static void
scan_header(Scan *scan, Value value)
{
    const PlanRow *row =
        message_unpack(&keten__v1__plan_row__descriptor, &scan->page, value.bytes, value.length);
    insist(row != NULL);
    const uint32_t partner = scan->asking->partner;
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
    insist(row != NULL);
    scan->part |= step_is_visible(row, scan->asking->partner, false);
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
    insist(row != NULL);
    if (!row->signal || row->source != scan->asking->partner || scan->row == NULL ||
        row->plan != scan->row->plan || scan->root->moved_on)
        return;
    scan->own++;
    scan->own_under = plan_reads_by(scan->row, row);
}

static bool
scan_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Scan *scan = caller;
    insist(key_length >= 10);
    const PlanSub sub = (PlanSub)key[9];
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
    insist(key_length == 13);
    if ((list->count & (list->count - 1)) == 0)
        list->plans = arena_grow(list->arena, list->plans, list->count,
                                 list->count == 0 ? 1 : 2 * list->count, sizeof *list->plans);
    list->plans[list->count++] = key_read_u64(key, 5);
    return true;
}

static bool
scan_plan(Scan *scan, uint64_t plan)
{
    arena_reset(&scan->page);
    *scan = (Scan){.asking = scan->asking, .page = scan->page};
    const Key own = key_u64(key_of(TABLE_PLAN), plan);
    bool whole = state_each(scan->asking->ledger, &own, NULL, scan_visit, scan);
    for (size_t i = 0; whole && scan->row != NULL && i < scan->row->n_parts; i++) {
        const Key part = key_u64(key_of(TABLE_PLAN), scan->row->parts[i]);
        whole = state_each(scan->asking->ledger, &part, NULL, scan_visit, scan);
    }
    return whole;
}

static KtCode
scan_plans(Asking *asking, void (*emit)(Scan *scan))
{
    Ledger *ledger = asking->ledger;
    Arena found = {0};
    PartList list = {.arena = &found};
    const Key mine = key_u32(key_of(TABLE_PART), asking->partner);
    Scan scan = {.asking = asking};
    bool whole = state_each(ledger, &mine, NULL, part_visit, &list);
    for (size_t i = 0; whole && i < list.count && !sheet_is_full(&asking->sheet); i++) {
        whole = scan_plan(&scan, list.plans[i]);
        if (whole)
            emit(&scan);
    }
    arena_done(&scan.page);
    arena_done(&found);
    return KT_OK;
}

static void
emit_dead(Scan *scan)
{
    Asking *asking = scan->asking;
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD ||
            matter->partner == asking->partner || (!scan->holds && matter->turn != asking->partner))
            continue;
        const DeadRow *dead = state_dead(asking->ledger, matter->partner, matter->n, &scan->page);
        if (dead != NULL)
            sheet_dead(asking, dead);
    }
}

KtCode
query_deads_held(Asking *asking)
{
    return scan_plans(asking, emit_dead);
}

KtCode
query_plans(Asking *asking)
{
    const Keten__V1__Query *query = asking->query;
    return query->mine || query->late || query->unowned ? query_urgent(asking)
                                                        : scan_plans(asking, emit_plan);
}

KtCode
query_steps(Asking *asking)
{
    return scan_plans(asking, emit_steps);
}

KtCode
query_matters(Asking *asking)
{
    const char *kind = asking->query->subject;
    if (kind[0] != '\0' && matter_rule_named(kind) == NULL)
        return asking_refused(asking, KT_MISSING, "subject", kind);
    return scan_plans(asking, emit_matters);
}

KtCode
query_pauses(Asking *asking)
{
    return scan_plans(asking, emit_pause);
}
