// SPDX-License-Identifier: EUPL-1.2
// The whole store checked. Knows: what must hold between journal, rows and caches. Must never know:
// how to mend it.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

typedef void (*VerifyProgress)(void *caller, const char *what, uint64_t done, uint64_t of);

typedef struct Verify {
    Ledger *ledger;
    VerifyProgress progress;
    void *caller;
    VerifyReport report;
    State *rebuilt;
    Arena page;
    int64_t at_ms;
    KtCode code;
    Fault *fault;
} Verify;

static void
tell(const Verify *verify, const char *what, uint64_t done, uint64_t of)
{
    if (verify->progress != NULL)
        verify->progress(verify->caller, what, done, of);
}

static bool
is_wrong(Verify *verify)
{
    if (verify->code == KT_OK && verify->ledger->failed) {
        *verify->fault = verify->ledger->fault;
        verify->code = verify->fault->code;
    }
    return verify->code != KT_OK;
}

#define WRONG(verify, ...) ((verify)->code = fault_set((verify)->fault, KT_VERIFY, __VA_ARGS__))

// ---- the state rebuilt from the journal -------------------------------------------------------

static bool
rebuild_entry(void *caller, const JournalEntry *entry)
{
    Verify *verify = caller;
    const Record *record =
        message_unpack(&keten__v1__record__descriptor, &verify->page, entry->bytes, entry->length);
    if (record == NULL || record->head == NULL) {
        WRONG(verify, "record %" PRIu64 " is no record", entry->position);
        return false;
    }
    if (verify->report.records > 0 && record->head->at_ms < verify->at_ms) {
        WRONG(verify, "record %" PRIu64 " is earlier than the one before it", entry->position);
        return false;
    }
    verify->at_ms = record->head->at_ms;
    const Changes changes = project(record, entry->position, &verify->page);
    for (size_t i = 0; i < changes.count; i++)
        state_change(verify->rebuilt, &changes.items[i]);
    arena_reset(&verify->page);
    verify->report.records++;
    if (verify->report.records % 4096 == 0)
        tell(verify, "records", verify->report.records, verify->ledger->tail);
    return true;
}

static void
verify_rebuilt(Verify *verify)
{
    Ledger *ledger = verify->ledger;
    const StateOptions memory = {.directory = NULL};
    Hash kept = {{0}}, rebuilt = {{0}};
    verify->code = state_open(&memory, &verify->rebuilt, verify->fault);
    if (verify->code != KT_OK)
        return;
    Fault fault = {.code = KT_OK};
    const KtCode read = ledger_read(ledger, 1, rebuild_entry, verify, &fault);
    if (read != KT_OK) {
        *verify->fault = fault;
        verify->code = read;
    }
    if (verify->code == KT_OK && (state_digest(ledger->state, &kept) != KT_OK ||
                                  state_digest(verify->rebuilt, &rebuilt) != KT_OK))
        ledger_fail_state(ledger);
    if (!is_wrong(verify) && memcmp(&kept, &rebuilt, sizeof kept) != 0)
        WRONG(verify, "the state is not what the journal makes of it");
    verify->report.digest = kept;
    state_done(verify->rebuilt);
    verify->rebuilt = NULL;
    tell(verify, "records", verify->report.records, ledger->tail);
}

// ---- plans ------------------------------------------------------------------------------------

static bool
has_row(Verify *verify, Key key)
{
    Value value;
    const StateRead read = state_get(verify->ledger->state, &key, &value);
    if (read == STATE_DAMAGED)
        ledger_fail_state(verify->ledger);
    return read == STATE_FOUND;
}

static bool
has_timer(Verify *verify, int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind, uint64_t step)
{
    return has_row(verify, key_u64(key_u8(key_u64(key_instant(key_of(TABLE_TIMER), due_ms), plan),
                                          (uint8_t)kind),
                                   step));
}

static void
verify_pause(Verify *verify, const PlanRow *row)
{
    if (row->pause != NULL &&
        !has_timer(verify, row->pause->until_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_PAUSE, 0))
        WRONG(verify, "the pause of plan p%" PRIu64 " has no timer", row->plan);
}

// What is held from senders leaves, also when the plan has closed meanwhile.
static void
verify_feedback(Verify *verify, const PlanRow *row)
{
    const int64_t due_ms = feedback_due_ms(row);
    if (due_ms != 0 &&
        !has_timer(verify, due_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_FEEDBACK, 0))
        WRONG(verify, "plan p%" PRIu64 " holds feedback without a timer", row->plan);
}

// Rule 3: whatever is open has a due time, and something that will fire then.
static void
verify_terms(Verify *verify, const Plan *plan)
{
    const PlanRow *row = &plan->row;
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (!has_timer(verify, step->due_ms, step->plan, KETEN__V1__TIMER_KIND__TIMER_STEP,
                       step->step))
            WRONG(verify, "step s%" PRIu64 " waits without a timer", step->step);
        if (step->remind_ms != 0 && !has_timer(verify, step->remind_ms, step->plan,
                                               KETEN__V1__TIMER_KIND__TIMER_REMINDER, step->step))
            WRONG(verify, "step s%" PRIu64 " is to be reminded of and has no timer", step->step);
    }
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (!has_timer(verify, matter->due_ms, matter->plan, KETEN__V1__TIMER_KIND__TIMER_MATTER,
                       matter->matter))
            WRONG(verify, "matter m%" PRIu64 " waits without a timer", matter->matter);
    }
    verify_pause(verify, row);
    for (size_t i = 0; i < plan->merged_count; i++)
        verify_pause(verify, plan->merged[i]);
    if (row->review_due_ms != 0 &&
        !has_timer(verify, row->review_due_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_REVIEW, 0))
        WRONG(verify, "plan p%" PRIu64 " rests without a timer", row->plan);
    if (row->coordinator_due_ms != 0 && !has_timer(verify, row->coordinator_due_ms, row->plan,
                                                   KETEN__V1__TIMER_KIND__TIMER_COORDINATOR, 0))
        WRONG(verify, "plan p%" PRIu64 " asks a coordinator without a timer", row->plan);
    if (row->absence != NULL && !has_timer(verify, row->absence->until_ms, row->plan,
                                           KETEN__V1__TIMER_KIND__TIMER_ABSENCE, 0))
        WRONG(verify, "plan p%" PRIu64 " waits for its coordinator without a timer", row->plan);
}

static bool
leads_there(Verify *verify, uint64_t plan, uint64_t person)
{
    const PlanRow *row =
        ROW(verify->ledger, key_plan(plan, PLAN_SUB_HEADER), plan_row, &verify->page);
    return row != NULL && row->state != KETEN__V1__PLAN_STATE__PLAN_CLOSED &&
           has_row(verify, key_u64(key_plan(plan, PLAN_SUB_MEMBER), person));
}

// Rule 1: a person is counted in at most one open plan. A second household counts nowhere, and
// there is none without one that leads.
static void
verify_members(Verify *verify, const Plan *plan)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        const uint64_t in =
            state_number(verify->ledger, key_u64(key_of(TABLE_MEMBER), plan->members[i]));
        if (in == plan->member_plans[i])
            continue;
        const uint64_t second =
            state_number(verify->ledger, key_u64(key_of(TABLE_SECOND), plan->members[i]));
        if (in == 0 || second != plan->member_plans[i] ||
            !leads_there(verify, in, plan->members[i]))
            WRONG(verify, "person %" PRIu64 " of plan p%" PRIu64 " is counted in p%" PRIu64,
                  plan->members[i], plan->member_plans[i], in);
    }
}

// What a plan has of a rejected delivery is of one that is, and that still waits.
static void
verify_rejected_matters(Verify *verify, const Plan *plan)
{
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD)
            continue;
        const DeadRow *rejected =
            state_rejected(verify->ledger, matter->partner, matter->n, &verify->page);
        if (rejected == NULL || rejected->matter != matter->matter || rejected->outcome[0] != '\0')
            WRONG(verify, "matter m%" PRIu64 " is of no delivery that was rejected",
                  matter->matter);
    }
}

static void
verify_plan(Verify *verify, uint64_t number)
{
    Plan plan;
    arena_reset(&verify->page);
    arena_reset(&verify->ledger->scratch);
    if (!ledger_plan(verify->ledger, number, &verify->page, &plan)) {
        WRONG(verify, "plan p%" PRIu64 " was numbered and is not there", number);
        return;
    }
    verify->report.plans++;
    if (plan.row.plan != number) {
        if (!plan_covers(&plan, number))
            WRONG(verify, "plan p%" PRIu64 " was merged into p%" PRIu64 ", which does not know it",
                  number, plan.row.plan);
        return; // a part is looked at with the whole
    }
    const char *broken = plan_check(&plan);
    if (broken != NULL)
        WRONG(verify, "plan p%" PRIu64 ": %s", number, broken);
    verify_feedback(verify, &plan.row);
    for (size_t i = 0; i < plan.merged_count; i++)
        verify_feedback(verify, plan.merged[i]);
    if (plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    verify->report.open_plans++;
    verify->report.open_steps += plan.step_count;
    verify_rejected_matters(verify, &plan);
    verify_terms(verify, &plan);
    verify_members(verify, &plan);
}

static void
verify_plans(Verify *verify)
{
    const uint64_t next = verify->ledger->counters.plan;
    for (uint64_t plan = 1; plan < next && !is_wrong(verify); plan++) {
        verify_plan(verify, plan);
        if (plan % 1024 == 0)
            tell(verify, "plans", plan, next - 1);
    }
}

// ---- timers, inboxes, cursors -----------------------------------------------------------------

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

// A timer about no plan: a silent partner's, or one of a rejected delivery.
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

static bool
timer_is_wanted(Verify *verify, const TimerSeen *seen)
{
    const Keten__V1__TimerRow *timer = seen->row;
    Arena *arena = &verify->page;
    if (timer->plan == 0)
        return alone_is_wanted(verify, seen);
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_STEP ||
        timer->kind == KETEN__V1__TIMER_KIND__TIMER_REMINDER) {
        bool open;
        const StepRow *step = state_step(verify->ledger, timer->plan, timer->step, arena, &open);
        const bool reminds = timer->kind == KETEN__V1__TIMER_KIND__TIMER_REMINDER;
        return step != NULL && open && seen->due_ms == (reminds ? step->remind_ms : step->due_ms);
    }
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_MATTER) {
        const Key key = key_u64(key_plan(timer->plan, PLAN_SUB_OPEN_MATTER), timer->step);
        const MatterRow *matter = ROW(verify->ledger, key, matter_row, arena);
        return matter != NULL && matter->due_ms == seen->due_ms;
    }
    const PlanRow *plan =
        ROW(verify->ledger, key_plan(timer->plan, PLAN_SUB_HEADER), plan_row, arena);
    if (plan == NULL)
        return false;
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_ABSENCE)
        return plan->absence != NULL && plan->absence->until_ms == seen->due_ms;
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_FEEDBACK)
        return feedback_due_ms(plan) == seen->due_ms;
    if (timer->kind == KETEN__V1__TIMER_KIND__TIMER_PAUSE)
        return plan->pause != NULL && seen->due_ms == plan->pause->until_ms;
    return seen->due_ms == (timer->kind == KETEN__V1__TIMER_KIND__TIMER_REVIEW
                                ? plan->review_due_ms
                                : plan->coordinator_due_ms);
}

static void
verify_timers(Verify *verify)
{
    const Key prefix = key_of(TABLE_TIMER);
    Key from = prefix;
    while (!is_wrong(verify)) {
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

// ---- rejected deliveries and silent partners --------------------------------------------------

// Rule 3 for a rejected delivery: it is settled, or has a term of its own, or a matter that has.
static const char *
rejected_is_owned(Verify *verify, const DeadRow *row)
{
    Ledger *ledger = verify->ledger;
    if (row->n == 0 || row->n > ledger_assigned(ledger, row->partner))
        return "was never given out";
    if (row->outcome[0] != '\0')
        return row->due_ms == 0 ? NULL : "is settled and waits";
    if (row->matter == 0)
        return has_timer(verify, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_DEAD,
                         rejected_mark(row->partner, row->n))
                   ? NULL
                   : "waits without a timer";
    return state_number(ledger, key_u64(key_of(TABLE_MATTER_PLAN), row->matter)) != 0
               ? NULL
               : "is no plan's matter";
}

typedef struct RejectedSeen {
    DeadRow *row;
    Arena *arena;
} RejectedSeen;

static bool
rejected_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    RejectedSeen *seen = caller;
    (void)key;
    (void)key_length;
    seen->row =
        message_unpack(&keten__v1__dead_row__descriptor, seen->arena, value.bytes, value.length);
    ASSERT(seen->row != NULL);
    return false;
}

static void
verify_rejected(Verify *verify, uint32_t partner)
{
    const Key prefix = key_u32(key_of(TABLE_REJECTED), partner);
    Key from = prefix;
    while (!is_wrong(verify)) {
        RejectedSeen seen = {.arena = &verify->page};
        arena_reset(&verify->page);
        arena_reset(&verify->ledger->scratch);
        if (!state_each(verify->ledger, &prefix, &from, rejected_visit, &seen) || seen.row == NULL)
            return;
        const char *broken = rejected_is_owned(verify, seen.row);
        if (broken != NULL)
            WRONG(verify, "rejected delivery %" PRIu64 " of %s %s", seen.row->n,
                  ledger_partner_name(verify->ledger, partner), broken);
        from = key_u64(prefix, seen.row->n + 1);
    }
}

static void
verify_silence(Verify *verify, uint32_t partner)
{
    const SilenceRow *row = verify->ledger->registry.partners[partner - 1].silence;
    if (row == NULL || row->due_ms == 0)
        return;
    if (!has_timer(verify, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_SILENCE, partner))
        WRONG(verify, "the silence of %s waits without a timer",
              ledger_partner_name(verify->ledger, partner));
}

// Numbers without gaps, each naming a record that gives it to this very partner.
static void
verify_inbox(Verify *verify, uint32_t partner)
{
    Ledger *ledger = verify->ledger;
    const uint64_t assigned = ledger_assigned(ledger, partner);
    const uint64_t stored = state_number(ledger, key_u32(key_of(TABLE_ASSIGNED), partner));
    if (ledger_acknowledged(ledger, partner) > assigned || stored != assigned)
        WRONG(verify, "the cursor of %s is beyond what it was given",
              ledger_partner_name(ledger, partner));
    for (uint64_t n = 1; n <= assigned && !is_wrong(verify); n++) {
        arena_reset(&ledger->scratch);
        const Keten__V1__InboxRow *row = ROW(
            ledger, key_u64(key_u32(key_of(TABLE_INBOX), partner), n), inbox_row, &ledger->scratch);
        if (row == NULL || row->position == 0 || row->position > ledger->tail)
            WRONG(verify, "delivery %" PRIu64 " of %s names no record", n,
                  ledger_partner_name(ledger, partner));
        verify->report.deliveries++;
    }
}

// ---- the rows themselves ----------------------------------------------------------------------

static void
rows_progress(void *caller, uint64_t rows)
{
    Verify *verify = caller;
    verify->report.rows = rows;
    tell(verify, "rows", rows, 0);
}

static bool
rows_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    (void)key;
    (void)key_length;
    (void)value;
    ++*(uint64_t *)caller;
    return true;
}

static void
count_rows(Verify *verify)
{
    verify->report.rows = 0;
    for (Table table = TABLE_COUNTERS; table < TABLE_END && !is_wrong(verify); table++) {
        const Key prefix = key_of(table);
        state_each(verify->ledger, &prefix, NULL, rows_visit, &verify->report.rows);
    }
}

KtCode
ledger_verify(Ledger *ledger,
              void (*progress)(void *caller, const char *what, uint64_t done, uint64_t of),
              void *caller, VerifyReport *ret, Fault *fault)
{
    Verify verify = {.ledger = ledger, .progress = progress, .caller = caller, .fault = fault};
    ASSERT(ledger->batch.count == 0);
    verify.code = state_check(ledger->state, rows_progress, &verify, fault);
    if (!is_wrong(&verify))
        verify_rebuilt(&verify);
    if (!is_wrong(&verify))
        verify_plans(&verify);
    if (!is_wrong(&verify))
        verify_timers(&verify);
    for (uint32_t partner = 1; partner <= ledger_partner_count(ledger) && !is_wrong(&verify);
         partner++) {
        verify_inbox(&verify, partner);
        verify_rejected(&verify, partner);
        verify_silence(&verify, partner);
    }
    count_rows(&verify);
    arena_done(&verify.page);
    arena_reset(&ledger->scratch);
    if (is_wrong(&verify))
        return verify.code;
    *ret = verify.report;
    return KT_OK;
}
