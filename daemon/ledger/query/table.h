// SPDX-License-Identifier: EUPL-1.2
// The rows of an answer while they are made. Knows: rows, cells, how ids, states and partners are
// told. Must never know: which query they answer. Everything is copied into the answer's arena.
#ifndef KETEN_LEDGER_QUERY_TABLE_H
#define KETEN_LEDGER_QUERY_TABLE_H

#include "daemon/ledger/core.h"

typedef Keten__V1__Row AnswerRow;

typedef struct Sheet {
    Ledger *ledger;
    uint32_t partner; // who asks
    Arena *arena;
    AnswerRow **rows;
    size_t count;
    size_t most; // SIZE_MAX: no limit
} Sheet;

bool
sheet_is_full(const Sheet *sheet);
// The row's strings are copied. Beyond the limit the row is made but not kept.
AnswerRow *
sheet_add(Sheet *sheet, const char *kind);

// Empty texts, ids of 0 and instants of 0 leave no cell; numbers and flags always do.
void
sheet_text(Sheet *sheet, AnswerRow *row, const char *name, const char *text);
void
sheet_number(Sheet *sheet, AnswerRow *row, const char *name, uint64_t number);
void
sheet_id(Sheet *sheet, AnswerRow *row, const char *name, uint64_t id);
void
sheet_flag(Sheet *sheet, AnswerRow *row, const char *name, bool flag);
void
sheet_instant(Sheet *sheet, AnswerRow *row, const char *name, int64_t at_ms);
// The partner's name; no cell for 0.
void
sheet_partner(Sheet *sheet, AnswerRow *row, const char *name, uint32_t partner);
// A value of an enum without its prefix, in lower case: HANDOVER_OPEN behind "HANDOVER_" is "open".
// No cell for 0.
void
sheet_enum(Sheet *sheet, AnswerRow *row, const char *name, const ProtobufCEnumDescriptor *type,
           int value, const char *prefix);
void
sheet_state(Sheet *sheet, AnswerRow *row, const char *name, StepState state);
void
sheet_term(Sheet *sheet, AnswerRow *row, const char *name, const Term *term);
void
sheet_title(Sheet *sheet, AnswerRow *row, const Keten__V1__Title *title);
// Names joined by ", ".
void
sheet_names(Sheet *sheet, AnswerRow *row, const char *name, char *const *names, size_t count);

#endif
