// SPDX-License-Identifier: EUPL-1.2
// The checks that look at more than one field of a command. Must never know: plans, what stands in
// the state.
#ifndef KETEN_LEDGER_CHECK_RULES_H
#define KETEN_LEDGER_CHECK_RULES_H

#include "daemon/ledger/forms.h"

// BottleneckRaise names a plan, or else a step.
KtCode
check_plan_or_step(const FormField *field);
// BottleneckRaise needs a topic where the cause lies in the law.
KtCode
check_topic(const FormField *field);
// CoordinatorAbsent: a deputy is a partner and a worker, and only for as long as the coordinator
// is away.
KtCode
check_deputy(const FormField *field);
// DeliveryReject: own words stand in `reason` or in `words`, not in both.
KtCode
check_words(const FormField *field);
// DeliveryResend and DeliveryGiveUp name a matter, or else a delivery by its number.
KtCode
check_resent(const FormField *field);
KtCode
check_given_up(const FormField *field);
// ClockAdvance: the clock is driven, and the instant is one that the calendar has.
KtCode
check_clock(const FormField *field);
// ClockAccept: the clock is the machine's and is not followed; where a time is named, it shows that
// time.
KtCode
check_clock_accept(const FormField *field);

#endif
