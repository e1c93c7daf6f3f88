// SPDX-License-Identifier: EUPL-1.2
// See matters.h. Must never know: commands, the wire.
//
// The path of each function: the table of matter_states.h (a move that it does not allow stops the
// process) → the row → matter_event → matter_tell for each partner.
#include "daemon/engine/rules/matters.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matter_change.h"

const char *
matter_level(const Arrangement *arrangement, const MatterRow *matter)
{
    return matter->rung == 0 ? "" : ladder_rung(arrangement, matter->rung - 1)->level;
}

// The offer of a plan to another arrangement's desk is a handover too; the bit keeps its number
// apart from those of the steps' offers.
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

// A matter with the holder starts on the first rung of the ladder, if that rung names no partner
// and so is the holder's.
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
    ASSERT(wanted != NULL && draft->plan.row.plan != 0);
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
    row->next = matter_party(draft, row->rung);
    plan_header(&draft->plan, row->plan)->open_matters++;
    matter_event(draft, row, NULL, words);
    if (row->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
        event_handover(draft, row, "", "");
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_OPENED;
    matter_tell(draft, row->turn, item, row, words);
    matter_tell(draft, row->accountable, item, row, words);
    matter_tell(draft, plan_holder(&draft->plan), item, row, words);
    return row;
}

static MatterMove
move_now(const Draft *draft, const MatterRow *matter, MatterEvent event)
{
    return matter_move(matter_state(matter, draft->arrangement->n_ladder), event);
}

void
matter_climb(Draft *draft, const MatterRow *matter, bool late, MatterWhy why)
{
    ASSERT(move_now(draft, matter, late ? MATTER_TERM_PASSES : MATTER_PASSED_ON) == MATTER_CLIMBS);
    MatterRow *row = matter_next(draft, matter);
    const uint32_t rung = row->rung;
    row->reason = (char *)(uintptr_t)why.reason;
    row->late = row->late || late;
    row->turn = matter_party(draft, rung);
    row->since_ms = draft->now_ms;
    row->due_ms = draft_due(draft, ladder_rung(draft->arrangement, rung)->within);
    if (row->rung < draft->arrangement->n_ladder)
        row->rung++;
    row->next = matter_party(draft, row->rung);
    matter_event(draft, row, matter, 0);
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED;
    matter_tell(draft, row->turn, item, row, why.words);
    matter_tell(draft, plan_holder(&draft->plan), item, row, why.words);
    matter_tell(draft, row->accountable, item, row, why.words);
    matter_tell(draft, matter->turn, item, row, why.words);
    matter_tell(draft, row->partner, item, row, why.words);
    matter_tell(draft, row->raised_by, item, row, why.words);
}

static void
tell_settled(Draft *draft, const MatterRow *was, const MatterRow *row, uint32_t words)
{
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_MATTER_SETTLED;
    for (uint32_t rung = 0; rung < was->rung; rung++)
        matter_tell(draft, matter_party(draft, rung), item, row, words);
    matter_tell(draft, was->turn, item, row, words);
    matter_tell(draft, was->accountable, item, row, words);
    matter_tell(draft, was->partner, item, row, words);
    matter_tell(draft, plan_holder(&draft->plan), item, row, words);
    matter_tell(draft, row->raised_by, item, row, words);
}

void
matter_settle(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why)
{
    ASSERT(move_now(draft, matter, MATTER_ANSWERED) == MATTER_SETTLES);
    MatterRow *row = matter_next(draft, matter);
    row->open = false;
    row->outcome = (char *)(uintptr_t)outcome;
    row->reason = (char *)(uintptr_t)why.reason;
    row->accountable = row->turn = row->next = 0;
    row->since_ms = draft->now_ms;
    row->due_ms = 0;
    plan_header(&draft->plan, row->plan)->open_matters--;
    matter_event(draft, row, matter, 0);
    if (row->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
        event_handover(draft, matter, outcome, why.reason);
    tell_settled(draft, matter, row, why.words);
}

void
matters_end(Draft *draft, const char *reason)
{
    // Settling takes the matter out of the array.
    while (draft->plan.matter_count > 0)
        matter_settle(draft, draft->plan.matters[0], "ended", (MatterWhy){.reason = reason});
}
