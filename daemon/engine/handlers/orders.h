// SPDX-License-Identifier: EUPL-1.2
// Orders that are no partner's command: terms that passed, work left by another record,
// acknowledgements, the driven clock, disclosures, the first record of a history.
// Knows: one event per order, and the holder that work is told to. Must never know: sessions,
// timers, files.
#ifndef KETEN_ENGINE_HANDLERS_ORDERS_H
#define KETEN_ENGINE_HANDLERS_ORDERS_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/order.h"

// The timer named in the context; without one everything of the plan that is due at now.
Result
order_fire(Draft *draft, const Order *order);

// The second half of a decision that touches two plans, in the context's plan.
Result
order_work(Draft *draft, const Order *order);

Result
order_acknowledge(Draft *draft, const Order *order);

// Refused when the clock would go back.
Result
order_advance(Draft *draft, const Order *order);

Result
order_accept_clock(Draft *draft, const Order *order);

Result
order_disclose(Draft *draft, const Order *order);

Result
order_history(Draft *draft, const Order *order);
Result
order_secrets(Draft *draft, const Order *order);

#endif
