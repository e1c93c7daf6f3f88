// SPDX-License-Identifier: EUPL-1.2
// The checks that look at more than one field of a command. Must never know: plans, what stands in
// the state.
#ifndef KETEN_LEDGER_CHECK_RULES_H
#define KETEN_LEDGER_CHECK_RULES_H

#include "daemon/ledger/forms.h"

// Of BottleneckRaise: a plan, or else a step.
KtCode
check_plan_or_step(const FormField *field);
// Of BottleneckRaise: what lies in the law needs a topic.
KtCode
check_topic(const FormField *field);
// Of CoordinatorAbsent: a deputy is a partner and a worker, and only for as long as the coordinator
// is away.
KtCode
check_deputy(const FormField *field);
// Of DeliveryReject: own words stand in `reason` or in `words`, not in both.
KtCode
check_words(const FormField *field);
// Of DeliveryResend and DeliveryGiveUp: a matter, or else a delivery's number.
KtCode
check_resent(const FormField *field);
KtCode
check_given_up(const FormField *field);
// Of ClockAdvance: the clock is driven, and the instant is one that the calendar has.
KtCode
check_clock(const FormField *field);

#endif
