// SPDX-License-Identifier: EUPL-1.2
// Commands on deliveries that their receiver cannot process: reject, send again, give up.
// Knows: the partner that may give each. Must never know: how a rejected delivery becomes a matter
// (rules/rejected.h), how the cursor is computed - the context has it.
//
// The path: decide_delivery_reject → check_reject → rejected_open → move_cursor. The two other
// commands: check_rejected → for giving up may_give_up → rejected_settle.
#include <inttypes.h>

#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/rules/rejected.h"

static const char *
print_delivery(Draft *draft, uint64_t n)
{
    return arena_format(draft->arena, "d%" PRIu64, n);
}

static Result
check_reject(Draft *draft, const Keten__V1__DeliveryReject *reject)
{
    const Context *context = draft->context;
    if (reject->history != context->history)
        return refuse(
            KT_DELIVERY_UNKNOWN, "history",
            arena_format(draft->arena, "%" PRIu64 "/%" PRIu64, reject->history, reject->n));
    if (context->delivery.told == NULL)
        return refuse(KT_DELIVERY_UNKNOWN, "n", print_delivery(draft, reject->n));
    if (context->delivery.rejected != NULL)
        return refuse(KT_DELIVERY_REJECTED, "n", print_delivery(draft, reject->n));
    return reason_check(reject->reason, true);
}

// A reason given as words becomes a code with those words; a code can have words beside it.
static const char *
reason_of(Draft *draft, const Keten__V1__DeliveryReject *reject, uint32_t *ret_words)
{
    const char *code = reason_code(draft, reject->reason, ret_words);
    if (reject->words[0] != '\0')
        reason_code(draft, reject->words, ret_words);
    return code;
}

// The rejected number counts as processed, and with it the numbers behind it that were rejected
// earlier.
static void
move_cursor(Draft *draft)
{
    const Context *context = draft->context;
    if (context->delivery.processed_upto <=
        context->agreed.partners[context->actor - 1].acknowledged)
        return;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_ACKNOWLEDGED;
    event.acknowledged = NEW(draft->arena, Keten__V1__Acknowledged, acknowledged);
    event.acknowledged->partner = context->actor;
    event.acknowledged->upto = context->delivery.processed_upto;
    draft_event(draft, &event);
}

Result
decide_delivery_reject(Draft *draft, const Command *command)
{
    const Keten__V1__DeliveryReject *reject = command->delivery_reject;
    const Result result = check_reject(draft, reject);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t words;
    const char *code = reason_of(draft, reject, &words);
    rejected_open(draft, code, words);
    move_cursor(draft);
    return ALLOWED;
}

// Why the actor may deal with the rejected delivery; all false: it may not.
typedef struct Standing {
    bool own;   // the actor itself rejected it
    bool holds; // the actor holds the plan, or has the turn on the rung that the matter is on
    bool tends; // the actor is an administrator, and no plan has a matter of the delivery
} Standing;

static Standing
standing_of(const Draft *draft)
{
    const Context *context = draft->context;
    const DeadRow *rejected = context->delivery.rejected;
    const MatterRow *matter = plan_matter(&draft->plan, rejected->matter);
    Standing standing = {.own = rejected->partner == context->actor};
    const bool climbed = matter != NULL && matter->turn == context->actor && !standing.own;
    standing.holds =
        rejected->matter != 0 && (climbed || plan_holder(&draft->plan) == context->actor);
    standing.tends = rejected->matter == 0 && context->administrator;
    return standing;
}

// The refusal names the delivery as the command did, and tells nothing else about it.
static Result
no_part(Draft *draft, uint64_t n, uint64_t matter)
{
    return refuse(KT_NO_PART, matter != 0 ? "matter" : "n",
                  matter != 0 ? arena_format(draft->arena, "m%" PRIu64, matter)
                              : print_delivery(draft, n));
}

static Result
check_rejected(Draft *draft, uint64_t n, uint64_t number, uint32_t version, Standing *ret)
{
    const DeadRow *rejected = draft->context->delivery.rejected;
    if (rejected == NULL)
        return no_part(draft, n, number);
    const Standing standing = standing_of(draft);
    if (!standing.own && !standing.holds && !standing.tends)
        return no_part(draft, n, number);
    const MatterRow *matter = plan_matter(&draft->plan, rejected->matter);
    if (rejected->outcome[0] != '\0' || (rejected->matter != 0 && matter == NULL))
        return refuse(KT_DEAD_SETTLED, number != 0 ? "matter" : "n",
                      number != 0 ? arena_format(draft->arena, "m%" PRIu64, number)
                                  : print_delivery(draft, n));
    if (version != 0 && matter != NULL && version != matter->version)
        return refuse(KT_MATTER_VERSION, "version", print_matter(draft, matter));
    *ret = standing;
    return ALLOWED;
}

Result
decide_delivery_resend(Draft *draft, const Command *command)
{
    const Keten__V1__DeliveryResend *resend = command->delivery_resend;
    Standing standing;
    const Result result =
        check_rejected(draft, resend->n, resend->matter, resend->version, &standing);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    const uint64_t n = rejected_resend(draft);
    rejected_settle(draft, REJECTED_RESENT, n,
                    (MatterWhy){.reason = draft->context->delivery.rejected->reason});
    return ALLOWED;
}

// A household may wait for a delivery about an open plan. So the holder of the plan decides, unless
// the arrangement leaves that to the partner.
static bool
may_give_up(const Draft *draft, const Standing *standing)
{
    const Context *context = draft->context;
    if (standing->holds || standing->tends || context->delivery.rejected->matter == 0)
        return true;
    const ArrangementPartner *place =
        partner_place(context, draft->arrangement, context->delivery.rejected->partner);
    return place != NULL && place->may_give_up;
}

// A partner that has no other part in the plan may not learn its holder: it is told the matter
// alone, which it knows from its own rejection.
static Result
not_its_own(Draft *draft)
{
    return refuse(
        KT_NOT_YOURS, "matter",
        arena_format(draft->arena, "m%" PRIu64, draft->context->delivery.rejected->matter));
}

Result
decide_delivery_give_up(Draft *draft, const Command *command)
{
    const Keten__V1__DeliveryGiveUp *give_up = command->delivery_give_up;
    Standing standing;
    Result result = check_rejected(draft, give_up->n, give_up->matter, give_up->version, &standing);
    if (result.code == KT_OK)
        result = reason_check(give_up->reason, true);
    if (result.code != KT_OK)
        return result;
    if (!may_give_up(draft, &standing) && !actor_participates(draft))
        return not_its_own(draft);
    if (!may_give_up(draft, &standing))
        return refuse(KT_NOT_YOURS, "matter",
                      arena_format(draft->arena, "m%" PRIu64 " %s",
                                   draft->context->delivery.rejected->matter,
                                   partner_name(draft->context, plan_holder(&draft->plan))));
    acting_worker(draft, command);
    MatterWhy why;
    why.reason = reason_code(draft, give_up->reason, &why.words);
    rejected_settle(draft, REJECTED_GIVEN_UP, 0, why);
    return ALLOWED;
}
