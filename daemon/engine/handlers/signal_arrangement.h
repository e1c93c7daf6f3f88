// SPDX-License-Identifier: EUPL-1.2
// The arrangement under which a signal is read.
// Knows: the sender, the kind of fact, arrangements in force. Must never know: persons, values.
#ifndef KETEN_ENGINE_HANDLERS_SIGNAL_ARRANGEMENT_H
#define KETEN_ENGINE_HANDLERS_SIGNAL_ARRANGEMENT_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"

// For a signal that opens a plan: the one arrangement in which the sender may give it.
Result
arrangement_for_new(Draft *draft, const Keten__V1__Signal *signal, const ArrangementEntry **ret);

// For a signal that joins the draft's open plan: whether the sender may give it there.
Result
arrangement_of_plan(Draft *draft, const Keten__V1__Signal *signal);

// Refuses a kind of fact that the arrangement does not know, with the nearest that it does know.
Result
signal_unknown_fact(Draft *draft, const Arrangement *arrangement, const char *kind);

#endif
