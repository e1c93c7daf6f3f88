// SPDX-License-Identifier: EUPL-1.2
// A partner or an arrangement that was read from a file becomes a record.
// Knows: what is new, unchanged or older. Must never know: files.
#ifndef KETEN_ENGINE_HANDLERS_LOAD_H
#define KETEN_ENGINE_HANDLERS_LOAD_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/order.h"

// Both add no event when the content is already in force.
Result
order_load_partner(Draft *draft, const Order *order);
Result
order_load_arrangement(Draft *draft, const Order *order);

#endif
