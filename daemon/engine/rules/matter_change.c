// SPDX-License-Identifier: EUPL-1.2
// See matter_change.h. Must never know: terms, handovers.
#include "daemon/engine/rules/matter_change.h"

MatterRow *
matter_next(Draft *draft, const MatterRow *matter)
{
    MatterRow *row = NEW(draft->arena, MatterRow, matter_row);
    *row = *matter;
    row->version++;
    return row;
}

void
matter_event(Draft *draft, MatterRow *row, const MatterRow *was, uint32_t words)
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

uint32_t
matter_party(const Draft *draft, uint32_t rung)
{
    return ladder_party(draft->context, draft->arrangement, rung, plan_holder(&draft->plan));
}

void
matter_tell(Draft *draft, uint32_t partner, ItemKind kind, const MatterRow *row, uint32_t words)
{
    if (partner == 0 || (partner == draft->context->actor && partner != row->turn))
        return;
    ReceiverItem *item = draft_tell_matter(draft, partner, kind, row->matter);
    item->reason = row->reason;
    if (partner == row->turn || partner == plan_holder(&draft->plan))
        item->text = words;
}
