// SPDX-License-Identifier: EUPL-1.2
// decide: an order and all that may be looked at → one record or a refusal.
// Knows: which handler takes which command or order. Must never know: how a context was loaded,
// what becomes of the record.
//
// The path: decide → decide_command (fire_due, then the handler of the command) or decide_order
// (the handler of the order) → conclude → draft_number, silence_follow, draft_finish.
//
// Fails never. A handler that refuses has added no event; a handler that allows has added all of
// its events to the draft. A command or order without a handler is a programming error and
// stops the process.
#include "daemon/engine/engine.h"

#include "base/assert.h"
#include "daemon/engine/handlers/fire.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/load.h"
#include "daemon/engine/handlers/orders.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/draft_finish.h"
#include "daemon/engine/rules/plan_review.h"
#include "daemon/engine/rules/revoked.h"
#include "daemon/engine/rules/silence.h"

typedef struct CommandRule {
    Cause cause;
    Handler handler; // NULL: a command of an administrator; its row is in order_rules
} CommandRule;

// A body of the wire without a row in proto/commands.def does not compile here.
static CommandRule
rule_of(Keten__V1__Command__BodyCase body)
{
    switch (body) {
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    case KETEN__V1__COMMAND__BODY_##NAME:                                                          \
        return (CommandRule){KETEN__V1__CAUSE__CAUSE_##NAME, handler};
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)                    \
    case KETEN__V1__COMMAND__BODY_##NAME:                                                          \
        return (CommandRule){KETEN__V1__CAUSE__CAUSE_##NAME, NULL};
#include "proto/commands.def"
    case KETEN__V1__COMMAND__BODY__NOT_SET:
    case _KETEN__V1__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("command without a body");
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

// Whatever the decision left with a revoked partner goes to the holder in the same record.
// silence_follow comes after draft_number: only a delivery number shows that a partner has
// something to process.
static Record *
record_of(Draft *draft, bool keep_empty)
{
    revoked_follow(draft);
    plans_review(draft);
    if (!draft_number(draft, keep_empty))
        return NULL;
    silence_follow(draft);
    return draft_finish(draft);
}

// The overdue terms that fired before the command stand in the same record. A refusal that is not
// recorded (a wrong form, no room) discards them; their own timer fires them later.
static Decision
conclude(Draft *draft, Result result)
{
    // A command leaves a record even when it changed nothing, so that its id is known.
    const bool answers_command = draft->context->key != NULL;
    if (result.code == KT_OK)
        return (Decision){record_of(draft, answers_command), KT_OK, "", ""};
    const KtError *error = error_find(result.code);
    ASSERT(error != NULL);
    Decision decision = {NULL, result.code, result.field, result.detail};
    if (error->kind == KT_KIND_DECIDED && answers_command) {
        set_refused(draft, result);
        decision.record = record_of(draft, true);
    }
    return decision;
}

// An actor that is no participant may only signal. Its receipt names the plan where the signal
// lies, and nothing else of the plan.
static void
answer_outsider(Draft *draft)
{
    Head *head = draft->record->head;
    if (draft->plan.row.plan == 0 || actor_participates(draft) ||
        (head->opened != NULL && head->opened->plan))
        return;
    if (head->opened == NULL)
        head->opened = NEW(draft->arena, Opened, opened);
    head->opened->sender_plan = draft->origin;
}

static Decision
decide_command(const Context *context, const Command *command, Arena *arena)
{
    const CommandRule rule = rule_of(command->body_case);
    ASSERT(rule.handler != NULL && context->key != NULL);
    Draft draft;
    draft_start(&draft, context, rule.cause, arena);
    draft.record->head->occurred_at_ms = command->occurred_at_ms;
    fire_due(&draft);
    const size_t events = draft.record->head->n_events;
    const bool outside = !actor_participates(&draft);
    const Result result = rule.handler(&draft, command);
    ASSERT(result.code == KT_OK || draft.record->head->n_events == events);
    if (result.code == KT_OK && outside)
        answer_outsider(&draft);
    return conclude(&draft, result);
}

typedef struct OrderRule {
    Cause cause;
    Result (*handler)(Draft *draft, const Order *order);
} OrderRule;

static const OrderRule order_rules[] = {
    [ORDER_FIRE] = {KETEN__V1__CAUSE__CAUSE_FIRE, order_fire},
    [ORDER_WORK] = {KETEN__V1__CAUSE__CAUSE_WORK, order_work},
    [ORDER_ACKNOWLEDGE] = {KETEN__V1__CAUSE__CAUSE_ACKNOWLEDGE, order_acknowledge},
    [ORDER_LOAD_PARTNER] = {KETEN__V1__CAUSE__CAUSE_PARTNER_LOAD, order_load_partner},
    [ORDER_LOAD_ARRANGEMENT] = {KETEN__V1__CAUSE__CAUSE_ARRANGEMENT_LOAD, order_load_arrangement},
    [ORDER_ADVANCE] = {KETEN__V1__CAUSE__CAUSE_CLOCK_ADVANCE, order_advance},
    [ORDER_ACCEPT_CLOCK] = {KETEN__V1__CAUSE__CAUSE_CLOCK_ACCEPT, order_accept_clock},
    [ORDER_DISCLOSE] = {KETEN__V1__CAUSE__CAUSE_DISCLOSE, order_disclose},
    [ORDER_SECRETS] = {KETEN__V1__CAUSE__CAUSE_SECRETS, order_secrets},
    [ORDER_HISTORY] = {KETEN__V1__CAUSE__CAUSE_HISTORY, order_history},
};

static Decision
decide_order(const Context *context, const Order *order, Arena *arena)
{
    ASSERT((size_t)order->kind < sizeof order_rules / sizeof order_rules[0]);
    const OrderRule *rule = &order_rules[order->kind];
    ASSERT(rule->handler != NULL);
    Draft draft;
    draft_start(&draft, context, rule->cause, arena);
    return conclude(&draft, rule->handler(&draft, order));
}

Decision
decide(const Context *context, const Order *order, Arena *arena)
{
    ASSERT(context != NULL && order != NULL && arena != NULL);
    if (order->kind == ORDER_COMMAND)
        return decide_command(context, order->command, arena);
    return decide_order(context, order, arena);
}
