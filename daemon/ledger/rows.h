// SPDX-License-Identifier: EUPL-1.2
// Readers of rows in the state. Knows: keys, tables. Must never know: which order or query wants a
// row.
#ifndef KETEN_LEDGER_ROWS_H
#define KETEN_LEDGER_ROWS_H

#include "daemon/ledger/ledger.h"

// A row; NULL when absent or damaged (then the ledger failed).
void *
state_row(Ledger *ledger, Key key, const ProtobufCMessageDescriptor *type, Arena *arena);
#define ROW(ledger, key, name, arena)                                                              \
    state_row((ledger), (key), &keten__v1__##name##__descriptor, (arena))
// A number behind a key; 0 when absent.
uint64_t
state_number(Ledger *ledger, Key key);
// All rows under a prefix, from `from` on (NULL: the first); false when the state is damaged and
// the ledger failed.
bool
state_each(Ledger *ledger, const Key *prefix, const Key *from, StateVisitor visitor, void *caller);
// A step, open or closed; NULL when there is none.
StepRow *
state_step(Ledger *ledger, uint64_t plan, uint64_t step, Arena *arena, bool *ret_open);
// The latest version of a fact; NULL when there is none.
FactRow *
state_fact(Ledger *ledger, uint64_t fact, Arena *arena);
// A matter, open or settled; NULL when there is none.
MatterRow *
state_matter(Ledger *ledger, uint64_t matter, Arena *arena);
// A rejected delivery; NULL when the partner has not rejected number n.
DeadRow *
state_rejected(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena);
// How many of a partner's deliveries behind `upto` the partner has rejected.
uint64_t
rejected_ahead(Ledger *ledger, uint32_t partner, uint64_t upto);

#endif
