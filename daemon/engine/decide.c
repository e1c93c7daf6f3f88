// SPDX-License-Identifier: EUPL-1.2
// decide: an order and all that may be looked at → one record or a refusal. Knows: which handler
// takes which order. Must never know: how a context was loaded, what becomes of the record.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/silence.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"
#include "proto/names.h"

typedef struct CommandRule {
    Keten__V1__Command__BodyCase body;
    Cause cause;
    Handler handler;
} CommandRule;

#define RULE(NAME, handler)                                                                        \
    {                                                                                              \
        KETEN__V1__COMMAND__BODY_##NAME, KETEN__V1__CAUSE__CAUSE_##NAME, handler                   \
    }
static const CommandRule command_rules[] = {
    RULE(SIGNAL, decide_signal),
    RULE(SIGNAL_WITHDRAW, decide_signal_withdraw),
    RULE(SIGNAL_CORRECT, decide_signal_correct),
    RULE(STEP_ACCEPT, decide_step_simple),
    RULE(STEP_REFUSE, decide_step_simple),
    RULE(STEP_COMPLETE, decide_step_complete),
    RULE(STEP_FAIL, decide_step_simple),
    RULE(STEP_OFFER, decide_step_offer),
    RULE(STEP_REPLACE, decide_step_replace),
    RULE(STEP_DROP, decide_step_simple),
    RULE(STEP_WITHDRAW, decide_step_simple),
    RULE(STEP_SUSPEND, decide_step_simple),
    RULE(STEP_RESUME, decide_step_simple),
    RULE(STEP_EXTEND, decide_step_extend),
    RULE(COORDINATOR_OFFER, decide_coordinator_offer),
    RULE(COORDINATOR_ACCEPT, decide_coordinator_accept),
    RULE(COORDINATOR_REFUSE, decide_coordinator_refuse),
    RULE(COORDINATOR_LEAVE, decide_coordinator_leave),
    RULE(COORDINATOR_ABSENT, decide_coordinator_absent),
    RULE(PLAN_CLOSE, decide_plan_close),
    RULE(PLAN_MERGE, decide_plan_merge),
    RULE(PLAN_UNMERGE, decide_plan_unmerge),
    RULE(PLAN_SPLIT, decide_plan_split),
    RULE(PLAN_MOVE, decide_plan_move),
    RULE(BOTTLENECK_RAISE, decide_bottleneck_raise),
    RULE(MATTER_SETTLE, decide_matter_settle),
    RULE(MATTER_PASS, decide_matter_pass),
    RULE(MEMBER_JOIN, decide_member_join),
    RULE(MEMBER_LEAVE, decide_member_leave),
    RULE(MEMBER_LEAD, decide_member_lead),
    RULE(PAUSE_START, decide_pause_start),
    RULE(PAUSE_END, decide_pause_end),
    RULE(DELIVERY_REJECT, decide_delivery_reject),
    RULE(DELIVERY_RESEND, decide_delivery_resend),
    RULE(DELIVERY_GIVE_UP, decide_delivery_give_up),
};

static const CommandRule *
rule_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < sizeof command_rules / sizeof command_rules[0]; i++)
        if (command_rules[i].body == body)
            return &command_rules[i];
    return NULL;
}

uint64_t
acting_worker(Draft *draft, const Command *command)
{
    if (draft->context->worker == NULL)
        return 0;
    return draft->record->head->worker =
               draft_person(draft, draft->context->worker, command->worker);
}

Result
reason_check(const char *reason, bool required)
{
    if (required && reason[0] == '\0')
        return refuse(KT_REASON, "reason", "");
    if (strlen(reason) > LIMIT_TEXT_BYTES)
        return refuse(KT_LIMIT, "reason", "reason");
    return ALLOWED;
}

const char *
reason_code(Draft *draft, const char *reason, uint32_t *ret_text)
{
    *ret_text = 0;
    if (reason[0] == '\0' || reason_is_code(reason))
        return reason;
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.text = (char *)(uintptr_t)reason;
    *ret_text = draft_part(draft, plan_first_member(&draft->plan, draft->origin), &body) + 1;
    return "other";
}

// Who coordinated a part before it was merged, and its desk, still have one.
static bool
has_part_of(const PlanRow *row, uint32_t partner)
{
    return row->desk == partner || row->coordinator == partner || row->offered_to == partner ||
           (row->absence != NULL && row->absence->partner == partner);
}

// A partner that was never asked yet cannot tell that a step waits for it.
static bool
was_asked(const StepRow *step, uint32_t partner)
{
    return step->owner == partner && (step->state != STEP_WAITING || step->returns > 0);
}

// Not taking a delivery gives no part in what it was about.
static bool
is_own_reject(const MatterRow *matter, uint32_t partner)
{
    return matter->kind == KETEN__V1__MATTER_KIND__MATTER_DEAD && matter->partner == partner &&
           matter->accountable != partner;
}

bool
has_part(const Draft *draft, uint32_t partner)
{
    return has_part_in(&draft->plan, partner);
}

bool
has_part_in(const Plan *plan, uint32_t partner)
{
    if (plan->row.plan == 0 || partner == 0)
        return false;
    if (has_part_of(&plan->row, partner))
        return true;
    for (size_t i = 0; i < plan->part_count; i++)
        if (has_part_of(plan->parts[i], partner))
            return true;
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (was_asked(step, partner) || step->giver == partner || step->turn == partner)
            return true;
    }
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (!is_own_reject(matter, partner) &&
            (matter->turn == partner || matter->accountable == partner ||
             matter->partner == partner))
            return true;
    }
    return pause_concerns(plan, partner);
}

const char *
print_plan(Draft *draft, uint64_t plan)
{
    return arena_format(draft->arena, "p%" PRIu64, plan);
}

const char *
print_step(Draft *draft, const StepRow *step)
{
    return arena_format(draft->arena, "s%" PRIu64 "@%" PRIu32 " %s", step->step, step->version,
                        state_rule(step->state)->name);
}

static void
set_refused(Draft *draft, Result result)
{
    Refused *refused = NEW(draft->arena, Refused, refused);
    refused->code = result.code;
    refused->field = (char *)(uintptr_t)result.field;
    refused->detail = (char *)(uintptr_t)result.detail;
    draft->record->head->refused = refused;
}

// What is overdue counts as fired before anything else is judged; both stand in one record. A
// refusal that is no decision leaves no record, and so leaves the firing to the timer.
static Decision
conclude(Draft *draft, Result result, bool keep_empty)
{
    if (result.code == KT_OK) {
        plan_rest(draft);
        return (Decision){draft_finish(draft, keep_empty), KT_OK, "", ""};
    }
    const KtError *error = error_find(result.code);
    ASSERT(error != NULL);
    Decision decision = {NULL, result.code, result.field, result.detail};
    if (error->kind == KT_KIND_DECIDED && draft->context->key != NULL) {
        set_refused(draft, result);
        plan_rest(draft);
        decision.record = draft_finish(draft, true);
    }
    return decision;
}

// Who has no part in the plan, but its signals, is answered as if there were nothing else.
static void
answer_outsider(Draft *draft)
{
    Head *head = draft->record->head;
    if (draft->plan.row.plan == 0 || has_part(draft, draft->context->actor) ||
        (head->opened != NULL && head->opened->plan))
        return;
    if (head->opened == NULL)
        head->opened = NEW(draft->arena, Opened, opened);
    head->opened->sender_plan = draft->origin;
}

static Decision
decide_command(const Context *context, const Command *command, Arena *arena)
{
    const CommandRule *rule = rule_of(command->body_case);
    ASSERT(rule != NULL && context->key != NULL);
    Draft draft;
    draft_start(&draft, context, rule->cause, arena);
    draft.record->head->occurred_at_ms = command->occurred_at_ms;
    fire_due(&draft);
    const size_t events = draft.record->head->n_events;
    const bool outside = !has_part(&draft, context->actor);
    const Result result = rule->handler(&draft, command);
    ASSERT(result.code == KT_OK || draft.record->head->n_events == events);
    if (result.code == KT_OK && outside)
        answer_outsider(&draft);
    return conclude(&draft, result, true);
}

static Decision
decide_load(const Context *context, const Order *order, Cause cause, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, cause, arena);
    bool nothing = false;
    const Result result = order->kind == ORDER_LOAD_PARTNER
                              ? decide_partner(&draft, order->partner_row, &nothing)
                              : decide_arrangement(&draft, order->arrangement, &nothing);
    return conclude(&draft, result, context->key != NULL && nothing);
}

static void
add(Draft *draft, Keten__V1__Event__BodyCase body, void *message)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = body;
    event.acknowledged = message; // all members of the oneof are pointers
    draft_event(draft, &event);
}

static Decision
decide_fire(const Context *context, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_FIRE, arena);
    if (context->timer == KETEN__V1__TIMER_KIND__TIMER_SILENCE)
        silence_fire(&draft);
    else if (context->timer == KETEN__V1__TIMER_KIND__TIMER_DEAD)
        fire_rejected(&draft);
    else
        fire_due(&draft);
    return conclude(&draft, ALLOWED, false);
}

// What the other plan's holder hears. Nobody is moved by a machine: a question asks.
static void
work_tell(Draft *draft, const WorkRow *work)
{
    const uint32_t holder = plan_holder(&draft->plan);
    ReceiverItem *item;
    switch (work->kind) {
    case KETEN__V1__WORK_KIND__WORK_QUESTION:
    case KETEN__V1__WORK_KIND__WORK_ANSWERED:
        item = draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_QUESTION, 0, 0);
        item->person = work->n_persons > 0 ? work->persons[0] : 0;
        item->reason = work->reason;
        return;
    case KETEN__V1__WORK_KIND__WORK_SIGNALLED:
    case KETEN__V1__WORK_KIND__WORK_LEADS:
        item = draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_SECOND_HOUSEHOLD, 0, 0);
        item->person = work->n_persons > 0 ? work->persons[0] : 0;
        item->reason = work->reason;
        if (work->reason[0] == '\0')
            item->reason =
                (char *)(work->kind == KETEN__V1__WORK_KIND__WORK_LEADS ? "leads" : "signalled");
        return;
    case KETEN__V1__WORK_KIND__WORK_SECRET:
        plan_header(&draft->plan, draft->origin)->secret = true;
        return;
    case KETEN__V1__WORK_KIND__WORK_REVOKED: // work_fall_back
    case _KETEN__V1__WORK_KIND_IS_INT_SIZE:
        break;
    }
    unhandled("kind of work");
}

// The next plan of a revoked partner falls back, and the work goes on behind it; without one it is
// done.
static void
work_fall_back(Draft *draft, const WorkRow *work)
{
    Keten__V1__WorkOpened *opened = NEW(draft->arena, Keten__V1__WorkOpened, work_opened);
    opened->row = NEW(draft->arena, WorkRow, work_row);
    *opened->row = *work;
    opened->row->plan = draft->plan.row.plan;
    add(draft, KETEN__V1__EVENT__BODY_WORK_OPENED, opened);
    coordination_revoked(draft);
}

static Decision
decide_work(const Context *context, const WorkRow *work, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_WORK, arena);
    if (work->kind == KETEN__V1__WORK_KIND__WORK_REVOKED && draft.plan.row.plan != 0) {
        work_fall_back(&draft, work);
        return conclude(&draft, ALLOWED, true);
    }
    Keten__V1__WorkDone *done = NEW(arena, Keten__V1__WorkDone, work_done);
    done->work = work->work;
    add(&draft, KETEN__V1__EVENT__BODY_WORK_DONE, done);
    const Plan *plan = &draft.plan;
    if (plan->row.plan != 0 && plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN)
        work_tell(&draft, work);
    return conclude(&draft, ALLOWED, true);
}

static Decision
decide_acknowledge(const Context *context, const Order *order, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_ACKNOWLEDGE, arena);
    Keten__V1__Acknowledged *body = NEW(arena, Keten__V1__Acknowledged, acknowledged);
    body->partner = order->partner;
    body->upto = order->upto;
    add(&draft, KETEN__V1__EVENT__BODY_ACKNOWLEDGED, body);
    return conclude(&draft, ALLOWED, true);
}

static Decision
decide_advance(const Context *context, const Order *order, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_CLOCK_ADVANCE, arena);
    char now[32];
    instant_format(context->now_ms, now);
    if (order->to_ms < context->now_ms)
        return conclude(&draft, refuse(KT_CLOCK_BACK, "to_ms", arena_text(arena, now)), true);
    Keten__V1__ClockAdvanced *body = NEW(arena, Keten__V1__ClockAdvanced, clock_advanced);
    body->to_ms = order->to_ms;
    draft.record->head->at_ms = order->to_ms;
    add(&draft, KETEN__V1__EVENT__BODY_CLOCK_ADVANCED, body);
    return conclude(&draft, ALLOWED, true);
}

static Decision
decide_disclose(const Context *context, const Order *order, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_DISCLOSE, arena);
    Keten__V1__Disclosed *body = NEW(arena, Keten__V1__Disclosed, disclosed);
    body->partner = order->partner;
    body->plan = order->plan;
    body->what = (char *)(uintptr_t)order->what;
    add(&draft, KETEN__V1__EVENT__BODY_DISCLOSED, body);
    return conclude(&draft, ALLOWED, true);
}

static Decision
decide_history(const Context *context, const Order *order, Arena *arena)
{
    Draft draft;
    draft_start(&draft, context, KETEN__V1__CAUSE__CAUSE_HISTORY, arena);
    Keten__V1__HistoryStarted *body = NEW(arena, Keten__V1__HistoryStarted, history_started);
    *body = *order->history;
    add(&draft, KETEN__V1__EVENT__BODY_HISTORY_STARTED, body);
    // Numbers start at one; from here on every counter stands in a record.
    Counters *counters = &draft.counters;
    if (counters->plan == 0) {
        *counters = (Counters)KETEN__V1__COUNTERS__INIT;
        counters->plan = counters->step = counters->fact = counters->person = counters->work = 1;
        counters->partner = counters->arrangement = 1;
        draft.numbered = true;
    }
    return conclude(&draft, ALLOWED, true);
}

Decision
decide(const Context *context, const Order *order, Arena *arena)
{
    switch (order->kind) {
    case ORDER_COMMAND:
        return decide_command(context, order->command, arena);
    case ORDER_FIRE:
        return decide_fire(context, arena);
    case ORDER_WORK:
        return decide_work(context, order->work, arena);
    case ORDER_ACKNOWLEDGE:
        return decide_acknowledge(context, order, arena);
    case ORDER_LOAD_PARTNER:
        return decide_load(context, order, KETEN__V1__CAUSE__CAUSE_PARTNER_LOAD, arena);
    case ORDER_LOAD_ARRANGEMENT:
        return decide_load(context, order, KETEN__V1__CAUSE__CAUSE_ARRANGEMENT_LOAD, arena);
    case ORDER_ADVANCE:
        return decide_advance(context, order, arena);
    case ORDER_DISCLOSE:
        return decide_disclose(context, order, arena);
    case ORDER_HISTORY:
        return decide_history(context, order, arena);
    }
    unhandled("order");
}
