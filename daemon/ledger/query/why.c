// SPDX-License-Identifier: EUPL-1.2
// The answer of `why`: why something is where it is. Knows: which asker sees the whole chain. Must
// never know: values of fields.
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/query/visibility.h"
#include "daemon/ledger/query/why_alone.h"
#include "daemon/ledger/query/why_chain.h"
#include "daemon/ledger/query/why_subject.h"
#include "daemon/ledger/query/why_waits.h"

static KtCode
why_sender(QueryContext *context, const View *view, const WhySubject *subject)
{
    const SenderSubject mine = {
        .fact = subject->fact,
        .position = subject->n == 0 ? subject->position : 0,
        .delivery = subject->n,
        .hidden = subject->step != 0 || subject->matter != 0 ||
                  (subject->position != 0 && subject->n == 0 && !subject->own),
    };
    return sender_why(context, view, &mine);
}

KtCode
query_why(QueryContext *context)
{
    const char *text = context->query->subject;
    WhySubject subject;
    View view;
    if (!subject_find(context, text, &subject))
        return query_refused(context, KT_NO_PART, "subject", text);
    if (subject.plan == 0 && subject.position != 0)
        return why_alone(context, &subject, text);
    const KtCode code = query_view(context, subject.plan, "subject", text, &view);
    // What was refused to somebody without a task says nothing about which plan it hit.
    if (subject.own && subject.refused && (code != KT_OK || view.sender))
        return why_alone(context, &subject, text);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return why_sender(context, &view, &subject);
    const StepRow *step = subject.step == 0 ? NULL : view_step(&view, subject.step);
    const FactRow *fact = subject.fact == 0 ? NULL : view_fact(&view, subject.fact);
    const MatterRow *matter = subject.matter == 0 ? NULL : view_matter(&view, subject.matter);
    if ((subject.matter != 0 &&
         (matter == NULL || !matter_is_visible(matter, view.partner, view.holds))) ||
        (step != NULL && !step_is_visible(step, view.partner, view.holds)) ||
        (fact != NULL && !view_sees_fact(&view, fact)))
        return query_refused(context, KT_NO_PART, "subject", text);
    why_records(context, &view, &subject);
    why_rejected(context, subject.n);
    why_waits(context, &view, subject.step, subject.matter);
    return KT_OK;
}
