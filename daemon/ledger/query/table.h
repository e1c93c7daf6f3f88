// SPDX-License-Identifier: EUPL-1.2
// The rows of an answer while they are made. Knows: rows, cells, how ids, states and partners are
// told. Must never know: which query they answer. Everything is copied into the answer's arena.
#ifndef KETEN_LEDGER_QUERY_TABLE_H
#define KETEN_LEDGER_QUERY_TABLE_H

#include "daemon/ledger/ledger.h"

typedef Keten__V1__Row AnswerRow;

typedef struct ResultTable {
    Ledger *ledger;
    uint32_t partner; // the asker; 0 for the owner of a stopped store
    Arena *arena;     // the caller's; rows and cells lie in it
    AnswerRow **rows;
    size_t count;
    size_t most; // rows; SIZE_MAX: no limit
    size_t skip; // so many rows are still to be made and not kept: an earlier page told them
    bool cut;    // a row was made that did not go in
} ResultTable;

// Whether the limit of the query is reached.
bool
table_is_full(const ResultTable *table);
// The row's strings are copied. Beyond the limit the row is made but not kept.
AnswerRow *
table_add(ResultTable *table, const char *kind);

// Empty texts, ids of 0 and instants of 0 leave no cell; numbers and flags always do.
void
table_text(ResultTable *table, AnswerRow *row, const char *name, const char *text);
void
table_number(ResultTable *table, AnswerRow *row, const char *name, uint64_t number);
void
table_id(ResultTable *table, AnswerRow *row, const char *name, uint64_t id);
void
table_flag(ResultTable *table, AnswerRow *row, const char *name, bool flag);
void
table_instant(ResultTable *table, AnswerRow *row, const char *name, int64_t at_ms);
// The partner's name; no cell for 0.
void
table_partner(ResultTable *table, AnswerRow *row, const char *name, uint32_t partner);
// A value of an enum without its prefix, in lower case: HANDOVER_OPEN behind "HANDOVER_" is "open".
// No cell for 0.
void
table_enum(ResultTable *table, AnswerRow *row, const char *name,
           const ProtobufCEnumDescriptor *type, int value, const char *prefix);
void
table_state(ResultTable *table, AnswerRow *row, const char *name, StepState state);
void
table_term(ResultTable *table, AnswerRow *row, const char *name, const Term *term);
void
table_title(ResultTable *table, AnswerRow *row, const Keten__V1__Title *title);
// Names joined by ", ".
void
table_names(ResultTable *table, AnswerRow *row, const char *name, char *const *names, size_t count);

#endif
