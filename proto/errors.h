// SPDX-License-Identifier: EUPL-1.2
// The table of errors, expanded from proto/errors.def, and an error on its way. Knows: codes and
// texts. Must never know: how an error is shown or sent.
#ifndef KETEN_PROTO_ERRORS_H
#define KETEN_PROTO_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/language.h"

typedef enum KtCode {
    KT_OK = 0,
#define ERROR(name, code, kind, http, exit, nl, en) KT_##name = code,
#include "proto/errors.def"
#undef ERROR
} KtCode;

// proto/errors.def says what each kind means.
typedef enum KtKind {
    KT_KIND_DECIDED = 1,
    KT_KIND_TRANSIENT,
    KT_KIND_MALFORMED,
    KT_KIND_LOCAL,
} KtKind;

typedef struct KtError {
    KtCode code;
    KtKind kind;
    int http; // status, for gateways
    int exit; // status of the tool and the daemon
    const char *name;
    const char *text[2]; // [KT_NL - 1], [KT_EN - 1], with at most one %s
} KtError;

// The row of a code; NULL: the table has no such code.
const KtError *
error_find(unsigned code);

// The text with its detail filled in, cut to `size`. Returns `ret`.
char *
error_text(unsigned code, KtLanguage language, const char *detail, char *ret, size_t size);

// An error on its way to the function that reports it: once, in one line.
typedef struct Fault {
    KtCode code;
    char detail[480];
} Fault;

// Fills in a fault. Returns its code, so that a caller can write `return fault_set(…)`.
KtCode
fault_set(Fault *fault, KtCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));
// "error KT-1303 text" in a language, one line.
char *
fault_line(const Fault *fault, KtLanguage language, char *ret, size_t size);

#endif
