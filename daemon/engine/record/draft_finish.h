// SPDX-License-Identifier: EUPL-1.2
// Completes a draft. Knows: headers, delivery numbers, counters. Must never know: which rule was
// carried out.
#ifndef KETEN_ENGINE_RECORD_DRAFT_FINISH_H
#define KETEN_ENGINE_RECORD_DRAFT_FINISH_H

#include "daemon/engine/record/draft.h"

// Adds the headers that changed and gives each receiver its delivery number. After this no receiver
// may be added. False when nothing happened and `keep_empty` is not set: then there is no record.
bool
draft_number(Draft *draft, bool keep_empty);

// Adds the counters and checks the plans; the record is complete.
Record *
draft_finish(Draft *draft);

#endif
