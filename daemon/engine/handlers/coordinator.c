// SPDX-License-Identifier: EUPL-1.2
// Commands on the coordination of a plan: offer, accept, refuse, leave, be away and come back.
// Knows: the partner that may give each. Must never know: how coordination moves (coordination.h),
// signals, links.
//
// The path of each command: check_open or check_holds → the role of the actor or the version of the
// offer → the reason → acting_worker → one function coordination_….
#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/rules/coordination.h"
#include "proto/limits.h"

// The role of the actor in the plan's coordination.
typedef enum Standing { STANDS_NOWHERE = 0, COORDINATES, STANDS_IN, IS_AWAY } Standing;

// Coordinator and deputy can be workers of one partner. The command is then the deputy's if its
// worker is the one that the header names.
static Standing
standing_of(const Draft *draft)
{
    const PlanRow *row = &draft->plan.row;
    const Absence *absence = row->absence;
    const PersonEntry *worker = draft->context->worker;
    const uint32_t actor = draft->context->actor;
    if (absence == NULL)
        return row->coordinator == actor ? COORDINATES : STANDS_NOWHERE;
    const bool by_name =
        worker != NULL && worker->number != 0 && worker->number == row->coordinator_worker;
    if (row->coordinator == actor && (absence->partner != actor || by_name))
        return STANDS_IN;
    return absence->partner == actor ? IS_AWAY : STANDS_NOWHERE;
}

static Result
check_standing(Draft *draft, uint64_t plan, Standing *ret)
{
    const Result result = check_open(draft, plan);
    if (result.code != KT_OK)
        return result;
    *ret = standing_of(draft);
    if (*ret != STANDS_NOWHERE)
        return ALLOWED;
    const PlanRow *row = &draft->plan.row;
    if (coordination_state(row) == COORDINATION_DESK)
        return refuse(KT_NO_COORDINATOR, "plan", print_plan(draft, plan));
    return refuse(KT_NOT_YOURS, "plan",
                  arena_format(draft->arena, "p%" PRIu64 " %s", plan,
                               partner_name(draft->context, plan_holder(&draft->plan))));
}

// Whether the partner can be asked: known to the arrangement, not revoked, and with a worker
// that does not coordinate the plan already.
static Result
check_askable(Draft *draft, const char *partner, uint32_t *ret)
{
    const Context *context = draft->context;
    const PlanRow *row = &draft->plan.row;
    if (agreement_partner(draft->arrangement, partner) == NULL)
        return refuse(KT_UNKNOWN_PARTNER, "partner", partner);
    const uint32_t number = partner_number(context, partner);
    ASSERT(number != 0);
    if (partner_is_revoked(context, number))
        return refuse(KT_PARTNER_REVOKED, "partner", partner);
    if (context->other_worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    const uint64_t worker = context->other_worker->number;
    if (worker != 0 && number == row->coordinator && worker == row->coordinator_worker)
        return refuse(KT_COORDINATES, "worker", print_plan(draft, row->plan));
    *ret = number;
    return ALLOWED;
}

// A deputy can pass on no more than standing in.
static AbsenceOffer
offered_by_holder(const PlanRow *row)
{
    return coordination_state(row) == COORDINATION_STOOD_IN ? OFFER_DEPUTY : OFFER_COORDINATOR;
}

Result
decide_coordinator_offer(Draft *draft, const Command *command)
{
    const Keten__V1__CoordinatorOffer *offer = command->coordinator_offer;
    uint32_t to = 0;
    Result result = check_holds(draft, offer->plan);
    if (result.code == KT_OK)
        result = check_askable(draft, offer->partner, &to);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    const uint64_t worker = draft_person(draft, draft->context->other_worker, offer->worker);
    coordination_offer(draft, to, worker, offered_by_holder(&draft->plan.row));
    return ALLOWED;
}

// The version keeps a late answer to an earlier offer from answering the present one.
static Result
check_version(Draft *draft, uint32_t version)
{
    const PlanRow *row = &draft->plan.row;
    if (version == 0 || version == row->offer)
        return ALLOWED;
    return refuse(KT_MATTER_VERSION, "version",
                  arena_format(draft->arena, "p%" PRIu64 "@%" PRIu32, row->plan, row->offer));
}

static Result
check_asked(Draft *draft, uint64_t plan, uint32_t version)
{
    const Result result = check_open(draft, plan);
    if (result.code == KT_OK && draft->plan.row.offered_to != draft->context->actor)
        return refuse(KT_NO_COORDINATOR_OFFER, "plan", print_plan(draft, plan));
    return result.code == KT_OK ? check_version(draft, version) : result;
}

// The worker that accepts becomes coordinator, even if the offer named another worker of that
// partner: a worker becomes coordinator by its own word only.
Result
decide_coordinator_accept(Draft *draft, const Command *command)
{
    const Keten__V1__CoordinatorAccept *accept = command->coordinator_accept;
    const Result result = check_asked(draft, accept->plan, accept->version);
    if (result.code != KT_OK)
        return result;
    if (draft->context->worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    coordination_accept(draft, acting_worker(draft, command));
    return ALLOWED;
}

static Result
check_answer(Draft *draft, const Keten__V1__CoordinatorRefuse *answer, bool takes_back)
{
    if (!takes_back)
        return check_asked(draft, answer->plan, answer->version);
    const Result result = check_open(draft, answer->plan);
    return result.code == KT_OK ? check_version(draft, answer->version) : result;
}

// The partner asked refuses; the holder of the plan takes its own offer back.
Result
decide_coordinator_refuse(Draft *draft, const Command *command)
{
    const char *reason = command->coordinator_refuse->reason;
    const uint32_t holder = plan_holder(&draft->plan);
    const bool takes_back = draft->plan.row.offered_to != 0 && holder == draft->context->actor;
    Result result = check_answer(draft, command->coordinator_refuse, takes_back);
    if (result.code == KT_OK)
        result = reason_check(reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *code = reason_code(draft, reason, &text);
    coordination_offer_ends(draft, code);
    if (holder == draft->context->actor)
        return ALLOWED;
    ReceiverItem *item =
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED, 0, 0);
    item->reason = (char *)(uintptr_t)code;
    item->text = text;
    return ALLOWED;
}

Result
decide_coordinator_leave(Draft *draft, const Command *command)
{
    const Keten__V1__CoordinatorLeave *leave = command->coordinator_leave;
    Standing standing = STANDS_NOWHERE;
    Result result = check_standing(draft, leave->plan, &standing);
    if (result.code == KT_OK)
        result = reason_check(leave->reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    Grounds grounds;
    grounds.reason = reason_code(draft, leave->reason, &grounds.text);
    if (standing == IS_AWAY)
        coordination_leave_away(draft, grounds);
    else
        coordination_leave(draft, grounds);
    return ALLOWED;
}

// The coordinator ends the absence itself, whether or not a deputy stands in.
static Result
come_back(Draft *draft, const Command *command)
{
    const uint64_t plan = command->coordinator_absent->plan;
    Standing standing = STANDS_NOWHERE;
    const Result result = check_standing(draft, plan, &standing);
    if (result.code != KT_OK)
        return result;
    const Absence *absence = draft->plan.row.absence;
    if (absence == NULL)
        return refuse(KT_NOT_ABSENT, "plan", print_plan(draft, plan));
    if (absence->partner != draft->context->actor)
        return refuse(KT_NOT_YOURS, "plan",
                      absence->partner == 0
                          ? print_plan(draft, plan)
                          : arena_format(draft->arena, "p%" PRIu64 " %s", plan,
                                         partner_name(draft->context, absence->partner)));
    acting_worker(draft, command);
    coordination_back(draft);
    return ALLOWED;
}

static Result
check_absence(Draft *draft, const Keten__V1__CoordinatorAbsent *absent, uint32_t *ret_deputy)
{
    const int64_t now_ms = draft->now_ms;
    const Absence *absence = draft->plan.row.absence;
    const PersonEntry *other = draft->context->other_worker;
    const Result result = reason_check(absent->reason, false);
    if (result.code != KT_OK)
        return result;
    if (absent->until_ms <= now_ms || absent->until_ms - now_ms > LIMIT_ABSENCE_MS)
        return refuse(KT_TIME, "until_ms", "until");
    if (absent->partner[0] == '\0')
        return ALLOWED;
    if (absence != NULL && other != NULL && other->number != 0 && other->number == absence->worker)
        return refuse(KT_COORDINATES, "worker", print_plan(draft, absent->plan));
    return check_askable(draft, absent->partner, ret_deputy);
}

// A deputy has no absence of its own: it lays the plan down, and the coordinator's absence stays
// as it is.
Result
decide_coordinator_absent(Draft *draft, const Command *command)
{
    const Keten__V1__CoordinatorAbsent *absent = command->coordinator_absent;
    if (absent->until_ms == 0)
        return come_back(draft, command);
    Standing standing = STANDS_NOWHERE;
    uint32_t deputy = 0;
    Result result = check_standing(draft, absent->plan, &standing);
    if (result.code == KT_OK)
        result = check_absence(draft, absent, &deputy);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    Grounds grounds;
    grounds.reason = reason_code(draft, absent->reason, &grounds.text);
    if (standing == STANDS_IN)
        coordination_leave(draft, grounds);
    else
        coordination_absent(draft, absent->until_ms, grounds);
    if (deputy != 0)
        coordination_offer(draft, deputy,
                           draft_person(draft, draft->context->other_worker, absent->worker),
                           OFFER_DEPUTY);
    return ALLOWED;
}
