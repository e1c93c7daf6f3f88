// SPDX-License-Identifier: EUPL-1.2
// Receipts and refusals made from a record. Must never know: when an answer is asked for.
#ifndef KETEN_LEDGER_RECEIPT_H
#define KETEN_LEDGER_RECEIPT_H

#include "daemon/ledger/ledger.h"

// A refusal that left no record.
Answer
answer_refusal(const Command *command, KtCode code, const char *field, const char *detail,
               KtLanguage language, Arena *arena);
// From the record alone and the persons' tokens, so that a duplicate's answer has the same bytes.
Answer
answer_record(Ledger *ledger, const Record *record, uint64_t position, const Hash *leaf,
              KtLanguage language, Arena *arena);
// The asker's own name for a person; "" when the person is not recorded.
char *
answer_pseudonym(Ledger *ledger, uint32_t partner, uint64_t person, Arena *arena);
// The last state of a step that the record tells; NULL when it tells none.
const StepRow *
record_step(const Record *record, uint64_t step);
// The same for a matter.
const MatterRow *
record_matter(const Record *record, uint64_t matter);

#endif
