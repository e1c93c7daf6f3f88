// SPDX-License-Identifier: EUPL-1.2
// The daemon's own CURVE pair. Knows: secrets/curve.key. Must never know: partners' keys, the other
// secrets.
#ifndef KETEN_FILES_KEYFILE_H
#define KETEN_FILES_KEYFILE_H

#include "proto/errors.h"

#define KEY_TEXT_BYTES 41 // 40 characters of Z85 (ZeroMQ RFC 32) and a NUL

typedef struct CurvePair {
    char public_text[KEY_TEXT_BYTES];
    char secret_text[KEY_TEXT_BYTES];
} CurvePair;

// DIRECTORY/curve.key: two lines, public and secret; readable for its owner only; the pair must
// belong together.
KtCode
curve_pair_read(const char *directory, CurvePair *ret, Fault *fault);
KtCode
curve_pair_make(CurvePair *ret, Fault *fault);
void
curve_pair_done(CurvePair *pair);

#endif
