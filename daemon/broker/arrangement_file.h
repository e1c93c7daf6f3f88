// SPDX-License-Identifier: EUPL-1.2
// An arrangement's YAML (docs: keten-arrangement(5)) → the checked, canonical message. Knows: the file's grammar. Must
// never know: the journal, which arrangement is in force.
#ifndef KETEN_BROKER_ARRANGEMENT_FILE_H
#define KETEN_BROKER_ARRANGEMENT_FILE_H

#include "base/arena.h"
#include "proto/errors.h"
#include "store/vocabulary.h"

typedef struct FileError {
    size_t line, column;  // from 1
    const char *text[2];  // nl, en; "onbekende sleutel 'trem' (bedoelde u 'term'?)"
} FileError;

typedef struct FileErrors {
    FileError *items;     // in file order; in the arena
    size_t count;
} FileErrors;

// *ret_arrangement is set only when there is no error at all. `partners`: recorded partner names, for the check that
// each is known; NULL skips it.
KtCode
arrangement_read(const char *bytes, size_t length, const char *const *partners, size_t partner_count,
                 Arena *arena, const Arrangement **ret_arrangement, FileErrors *ret_errors);

// partners.d/NAME.yaml → row (partner number 0). `name`: the file's name without .yaml; must equal `id:` when given.
KtCode
partner_read(const char *bytes, size_t length, const char *name, Arena *arena, const PartnerRow **ret_row,
             FileErrors *ret_errors);

// "file:line:column: error KT-1501 text" lines joined by newlines.
char *
file_errors_text(const char *file, const FileErrors *errors, KtCode code, KtLanguage language, Arena *arena);

#endif
