// SPDX-License-Identifier: EUPL-1.2
// See matters.h. Must never know: commands, the wire.
#include "daemon/engine/rules/matters.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"

static const char *const acknowledged[] = {"acknowledged", NULL};
// Of what somebody must agree to; withdrawn by who asked.
static const char *const asked_answers[] = {"accepted", "refused", "withdrawn", NULL};

static const char *const same_or_not[] = {"same", "different", "unsure", NULL};

// Nothing settles these but the commands that also do what the word says.
static const char *const by_its_own_commands[] = {NULL};

static const MatterRule rules[] = {
    {KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK, "bottleneck", NULL, false},
    {KETEN__V1__MATTER_KIND__MATTER_PAUSE, "pause", acknowledged, true},
    {KETEN__V1__MATTER_KIND__MATTER_DEAD, "dead", by_its_own_commands, false},
    {KETEN__V1__MATTER_KIND__MATTER_MERGE, "merge", asked_answers, false},
    {KETEN__V1__MATTER_KIND__MATTER_MOVE, "move", asked_answers, false},
    {KETEN__V1__MATTER_KIND__MATTER_QUESTION, "question", same_or_not, false},
};

#define RULES (sizeof rules / sizeof rules[0])

const MatterRule *
matter_rule(MatterKind kind)
{
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].kind == kind)
            return &rules[i];
    unhandled("kind of matter");
}

const MatterRule *
matter_rule_named(const char *name)
{
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

const char *
matter_level(const Arrangement *arrangement, const MatterRow *matter)
{
    return matter->rung == 0 ? "" : ladder_rung(arrangement, matter->rung - 1)->level;
}

static void
event_matter(Draft *draft, MatterRow *row, const MatterRow *was, uint32_t words)
{
    Keten__V1__MatterChanged *changed = NEW(draft->arena, Keten__V1__MatterChanged, matter_changed);
    changed->row = row;
    changed->was_due_ms = was == NULL ? 0 : was->due_ms;
    changed->words = words;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_MATTER_CHANGED;
    event.matter_changed = changed;
    draft_event(draft, &event);
}

// Whoever holds the plan has the turn where it fell to nobody else: before the first rung, and on a
// rung that is the coordinator's.
static bool
turn_is_held(const Draft *draft, const MatterRow *row)
{
    if (row->rung > 0)
        return ladder_rung(draft->arrangement, row->rung - 1)->partner[0] == '\0';
    return row->held && row->turn == row->accountable;
}

static uint32_t
party_of(const Draft *draft, uint32_t rung)
{
    return ladder_party(draft->context, draft->arrangement, rung, plan_holder(&draft->plan));
}

// To one that has not itself made it so; whose turn it becomes is told even then.
static void
tell(Draft *draft, uint32_t partner, ItemKind kind, const MatterRow *row, uint32_t words)
{
    if (partner == 0 || (partner == draft->context->actor && partner != row->turn))
        return;
    ReceiverItem *item = draft_tell_matter(draft, partner, kind, row->matter);
    item->reason = row->reason;
    if (partner == row->turn || partner == plan_holder(&draft->plan))
        item->text = words;
}

// ---- a plan's handover ------------------------------------------------------------------------

// A plan that is offered to another arrangement's desk stands in the ledger of handovers, under a
// number that no step's offer has.
#define PLAN_HANDOVER (1ULL << 63)

static Keten__V1__HandoverOutcome
outcome_of(const char *outcome)
{
    if (strcmp(outcome, "accepted") == 0)
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_ACCEPTED;
    if (strcmp(outcome, "refused") == 0)
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_REFUSED;
    return outcome[0] == '\0' ? KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN
                              : KETEN__V1__HANDOVER_OUTCOME__HANDOVER_WITHDRAWN;
}

static void
event_handover(Draft *draft, const MatterRow *offer, const char *outcome, const char *reason)
{
    HandoverRow *row = NEW(draft->arena, HandoverRow, handover_row);
    row->handover = PLAN_HANDOVER | offer->matter;
    row->plan = offer->plan;
    row->kind = (char *)"plan";
    row->from = offer->accountable;
    row->to = offer->partner;
    row->offered_at_ms = offer->opened_at_ms;
    row->due_ms = offer->due_ms;
    row->outcome = outcome_of(outcome);
    row->answered_at_ms = outcome[0] == '\0' ? 0 : draft->now_ms;
    row->late = offer->late;
    row->reason = (char *)(uintptr_t)reason;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_HANDOVER_CHANGED;
    event.handover_changed = NEW(draft->arena, Keten__V1__HandoverChanged, handover_changed);
    event.handover_changed->row = row;
    draft_event(draft, &event);
}

// ---- opening ----------------------------------------------------------------------------------

// With who holds the plan it lies on the ladder from the start, where that begins with the
// coordinator.
static const Term *
first_term(const Draft *draft, MatterRow *row)
{
    const Rung *first = ladder_rung(draft->arrangement, 0);
    if (row->turn != plan_holder(&draft->plan) || first->partner[0] != '\0')
        return draft->arrangement->return_within;
    row->rung = 1;
    return first->within;
}

static uint64_t
next_number(Draft *draft)
{
    if (draft->counters.matter == 0)
        draft->counters.matter = 1;
    draft->numbered = true;
    return draft->counters.matter++;
}

MatterRow *
matter_open(Draft *draft, const MatterRow *wanted, const Term *within, uint32_t words)
{
    MatterRow *row = NEW(draft->arena, MatterRow, matter_row);
    *row = *wanted;
    row->matter = next_number(draft);
    const StepRow *step = plan_step(&draft->plan, row->step);
    row->plan = step != NULL ? step->plan : draft->origin;
    row->version = 1;
    row->open = true;
    row->held = row->accountable == 0;
    if (row->held)
        row->accountable = plan_holder(&draft->plan);
    if (row->turn == 0)
        row->turn = row->accountable;
    row->opened_at_ms = row->since_ms = draft->now_ms;
    row->due_ms = draft_due(draft, within != NULL ? within : first_term(draft, row));
    row->next = party_of(draft, row->rung);
    plan_header(&draft->plan, row->plan)->open_matters++;
    event_matter(draft, row, NULL, words);
    if (row->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
        event_handover(draft, row, "", "");
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_OPENED;
    tell(draft, row->turn, item, row, words);
    tell(draft, row->accountable, item, row, words);
    tell(draft, plan_holder(&draft->plan), item, row, words);
    return row;
}

// ---- climbing ---------------------------------------------------------------------------------

static MatterRow *
changed_row(Draft *draft, const MatterRow *matter)
{
    MatterRow *row = NEW(draft->arena, MatterRow, matter_row);
    *row = *matter;
    row->version++;
    return row;
}

void
matter_climb(Draft *draft, const MatterRow *matter, bool late, MatterWhy why)
{
    MatterRow *row = changed_row(draft, matter);
    const uint32_t rung = row->rung;
    row->reason = (char *)(uintptr_t)why.reason;
    row->late = row->late || late;
    row->turn = party_of(draft, rung);
    row->since_ms = draft->now_ms;
    row->due_ms = draft_due(draft, ladder_rung(draft->arrangement, rung)->within);
    if (row->rung < draft->arrangement->n_ladder)
        row->rung++;
    row->next = party_of(draft, row->rung);
    event_matter(draft, row, matter, 0);
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED;
    tell(draft, row->turn, item, row, why.words);
    tell(draft, plan_holder(&draft->plan), item, row, why.words);
    tell(draft, row->accountable, item, row, why.words);
    tell(draft, matter->turn, item, row, why.words);
    tell(draft, row->partner, item, row, why.words);
    tell(draft, row->raised_by, item, row, why.words);
}

// ---- settling ---------------------------------------------------------------------------------

static void
tell_settled(Draft *draft, const MatterRow *was, const MatterRow *row, uint32_t words)
{
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_SETTLED;
    for (uint32_t rung = 0; rung < was->rung; rung++)
        tell(draft, party_of(draft, rung), item, row, words);
    tell(draft, was->turn, item, row, words);
    tell(draft, was->accountable, item, row, words);
    tell(draft, was->partner, item, row, words);
    tell(draft, plan_holder(&draft->plan), item, row, words);
    tell(draft, row->raised_by, item, row, words);
}

void
matter_settle(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why)
{
    MatterRow *row = changed_row(draft, matter);
    row->open = false;
    row->outcome = (char *)(uintptr_t)outcome;
    row->reason = (char *)(uintptr_t)why.reason;
    row->accountable = row->turn = row->next = 0;
    row->since_ms = draft->now_ms;
    row->due_ms = 0;
    plan_header(&draft->plan, row->plan)->open_matters--;
    event_matter(draft, row, matter, 0);
    if (row->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
        event_handover(draft, matter, outcome, why.reason);
    tell_settled(draft, matter, row, why.words);
}

void
matters_end(Draft *draft, const char *reason)
{
    // Settling takes a matter out of the array, so the first is always the next.
    while (draft->plan.matter_count > 0)
        matter_settle(draft, draft->plan.matters[0], "ended", (MatterWhy){.reason = reason});
}

static void
matter_follow(Draft *draft, const MatterRow *matter)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const bool turn = turn_is_held(draft, matter);
    MatterRow *row = changed_row(draft, matter);
    if (row->held)
        row->accountable = holder;
    if (turn)
        row->turn = holder;
    row->next = party_of(draft, row->rung);
    event_matter(draft, row, matter, 0);
    if (turn)
        tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED, row, 0);
}

void
matters_follow_holder(Draft *draft, uint32_t was, const Plan *part)
{
    if (plan_holder(&draft->plan) == was)
        return;
    for (size_t i = 0; i < draft->plan.matter_count; i++)
        if (part == NULL || plan_covers(part, draft->plan.matters[i]->plan))
            matter_follow(draft, draft->plan.matters[i]);
}

// A party of the old ladder keeps nothing; what lies with one partner for its own sake stays there.
static void
matter_adopt(Draft *draft, const MatterRow *matter)
{
    MatterRow *row = NEW(draft->arena, MatterRow, matter_row);
    *row = *matter;
    if (row->held)
        row->accountable = plan_holder(&draft->plan);
    row->rung = 0;
    matter_climb(draft, row, false, (MatterWhy){.reason = matter->reason});
}

void
matters_adopt(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.matter_count; i++) {
        const MatterRow *matter = draft->plan.matters[i];
        if (matter->rung > 0 || turn_is_held(draft, matter))
            matter_adopt(draft, matter);
        else
            matter_follow(draft, matter);
    }
}
