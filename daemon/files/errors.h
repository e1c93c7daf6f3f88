// SPDX-License-Identifier: EUPL-1.2
// All errors of a file, each with its place and in both languages. Knows: lines, columns, words.
// Must never know: which kind of file it is, who reads the errors.
#ifndef KETEN_FILES_ERRORS_H
#define KETEN_FILES_ERRORS_H

#include <stddef.h>

#include "base/arena.h"
#include "proto/errors.h"

typedef struct FileError {
    size_t line, column; // from 1
    const char *text[2]; // nl, en; "onbekende sleutel 'trem' (bedoelde u 'term'?)"
} FileError;

typedef struct FileErrors {
    FileError *items; // in file order; in the arena
    size_t count;
} FileErrors;

// Errors while they are being found.
typedef struct ErrorList {
    Arena *arena;
    FileError *items;
    size_t count;
} ErrorList;

// Adds an error. The same arguments fill both texts, in the same order.
void
errors_add(ErrorList *list, size_t line, size_t column, const char *nl, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

// Adds two texts as they are.
void
errors_add_texts(ErrorList *list, size_t line, size_t column, const char *nl, const char *en);

// A text of the file, made fit for an error: one line, cut after some eighty bytes, in whole
// characters.
const char *
text_shown(Arena *arena, const char *text);

// The errors in file order. Errors at one place stay in the order in which they were found.
FileErrors
errors_sorted(ErrorList *list);

// "file:line:column: error KT-1501 text" lines joined by newlines.
char *
file_errors_text(const char *file, const FileErrors *errors, KtCode code, KtLanguage language,
                 Arena *arena);

#endif
