// SPDX-License-Identifier: EUPL-1.2
// The answer of `why`: why something is where it is. Knows: which of the answers an asker gets.
// Must never know: values of fields.
// Path: subject_find reads the question. A record about no plan goes to why_alone, a sender to
// sender_why; a participant gets the chain of each record, then what waits. The holder of the plan
// sees the whole chain, another participant only what is its own. Failure: what the asker may not
// see is refused like what does not exist.
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/view.h"
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

// A matter that is not in the view is hidden; a step or fact that is not has no rows to show.
static bool
subject_is_visible(const View *view, const WhySubject *subject)
{
    const StepRow *step = subject->step == 0 ? NULL : view_step(view, subject->step);
    const FactRow *fact = subject->fact == 0 ? NULL : view_fact(view, subject->fact);
    const MatterRow *matter = subject->matter == 0 ? NULL : view_matter(view, subject->matter);
    if (subject->matter != 0 &&
        (matter == NULL || !matter_is_visible(matter, view->partner, view->holds)))
        return false;
    if (step != NULL && !step_is_visible(step, view->partner, view->holds))
        return false;
    return fact == NULL || view_sees_fact(view, fact);
}

KtCode
query_why(QueryContext *context)
{
    const char *text = context->query->subject;
    WhySubject subject;
    const View *view = NULL;
    if (!subject_find(context, text, &subject))
        return query_refused(context, KT_NO_PART, "subject", text);
    if (subject.plan == 0 && subject.position != 0)
        return why_alone(context, &subject, text);
    const KtCode code = query_view(context, subject.plan, "subject", text, &view);
    // The asker's own refused command is answered without the plan: an asker without a role may not
    // learn which plan the command was about.
    if (subject.own && subject.refused && (code != KT_OK || view->sender))
        return why_alone(context, &subject, text);
    if (code != KT_OK)
        return code;
    if (view->sender)
        return why_sender(context, view, &subject);
    if (!subject_is_visible(view, &subject))
        return query_refused(context, KT_NO_PART, "subject", text);
    why_records(context, view, &subject);
    why_rejected(context, subject.n);
    why_waits(context, view, subject.step, subject.matter);
    return KT_OK;
}
