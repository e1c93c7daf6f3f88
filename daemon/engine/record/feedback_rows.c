// SPDX-License-Identifier: EUPL-1.2
// See feedback_rows.h. Must never know: drafts, arrangements.
#include "daemon/engine/record/feedback_rows.h"

#include "daemon/engine/arrangement/field_set.h"

int64_t
feedback_due_ms(const PlanRow *row)
{
    int64_t due_ms = 0;
    for (size_t i = 0; i < row->n_feedback; i++)
        if (due_ms == 0 || row->feedback[i]->due_ms < due_ms)
            due_ms = row->feedback[i]->due_ms;
    return due_ms;
}

bool
item_is_empty(const ReceiverItem *item)
{
    return item->fact != 0 && field_set_is_empty(field_set_of(item->allowed)) && item->step == 0 &&
           item->kind != KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN;
}

uint64_t
feedback_plan(const Receiver *receiver)
{
    uint64_t plan = 0;
    for (size_t i = 0; i < receiver->n_items; i++) {
        const ReceiverItem *item = receiver->items[i];
        if (item_is_empty(item))
            continue;
        if (item->answers == NULL)
            return 0;
        plan = plan == 0 ? item->answers->plan : plan;
    }
    return plan;
}
