// SPDX-License-Identifier: EUPL-1.2
// The answer of a handler or of one of its checks: allowed, or refused with a code.
// Knows: error codes and the field a refusal is about. Must never know: how a refusal is sent, or
// whether it is recorded.
#ifndef KETEN_ENGINE_HANDLERS_RESULT_H
#define KETEN_ENGINE_HANDLERS_RESULT_H

#include "proto/errors.h"

// `field` and `detail` are never NULL; both are "" when the code is KT_OK. They live in the arena
// of the decision, or for ever.
typedef struct Result {
    KtCode code;
    const char *field;  // the field of the command that is wrong
    const char *detail; // the text that the error's message shows
} Result;

#define ALLOWED ((Result){KT_OK, "", ""})

static inline Result
refuse(KtCode code, const char *field, const char *detail)
{
    return (Result){code, field, detail};
}

#endif
