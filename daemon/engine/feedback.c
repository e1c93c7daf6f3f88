// SPDX-License-Identifier: EUPL-1.2
// See feedback.h. Must never know: commands, links.
#include "daemon/engine/feedback.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/agreement.h"
#include "daemon/engine/steps.h"

bool
feedback_has_sender(const StepRow *step, uint32_t partner)
{
    for (size_t i = 0; i < step->n_senders; i++)
        if (step->senders[i] == partner)
            return true;
    return false;
}

// A step of before its senders' signals were kept has none of them: what is not known is 0.
void
feedback_sender(Draft *draft, StepRow *row, const FactRow *signal)
{
    const size_t count = row->n_senders;
    row->senders = arena_grow(draft->arena, row->senders, count, count + 1, sizeof *row->senders);
    row->signals =
        arena_grow(draft->arena, row->signals, row->n_signals, count + 1, sizeof *row->signals);
    for (size_t i = row->n_signals; i < count; i++)
        row->signals[i] = 0;
    row->senders[count] = signal->source;
    row->signals[count] = signal->fact;
    row->n_senders = row->n_signals = count + 1;
}

static void
tell_one(Draft *draft, const StepRow *done, size_t sender, const FactRow *fact)
{
    ReceiverItem *item =
        fact_tell(draft, done->senders[sender], KETEN__V1__ITEM_KIND__ITEM_FEEDBACK, fact);
    item->answers = NEW(draft->arena, Keten__V1__Answers, answers);
    item->answers->signal = sender < done->n_signals ? done->signals[sender] : 0;
    item->answers->plan = done->plan;
}

void
feedback_tell(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count)
{
    const StepKind *kind = agreement_step(draft->arrangement, done->kind);
    insist(kind != NULL);
    for (size_t i = 0; i < done->n_senders; i++)
        for (size_t j = 0; j < kind->n_gives; j++)
            for (size_t k = 0; k < count; k++)
                if (strcmp(facts[k]->kind, kind->gives[j]) == 0 &&
                    done->senders[i] != facts[k]->source)
                    tell_one(draft, done, i, facts[k]);
}

bool
item_is_empty(const ReceiverItem *item)
{
    return item->fact != 0 && item->allowed == 0 && item->step == 0 &&
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
