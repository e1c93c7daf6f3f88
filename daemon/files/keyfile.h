// SPDX-License-Identifier: EUPL-1.2
// The daemon's own CURVE pair. Knows: secrets/curve.key. Must never know: partners' keys, the other
// secrets.
#ifndef KETEN_FILES_KEYFILE_H
#define KETEN_FILES_KEYFILE_H

#include "proto/errors.h"
#include "proto/sizes.h"
#include "store/secret.h"

#define CURVE_KEY_FILE "curve.key"

typedef struct CurvePair {
    char public_text[CURVE_KEY_TEXT_BYTES];
    char secret_text[CURVE_KEY_TEXT_BYTES];
} CurvePair;

// DIRECTORY/curve.key: two lines, public and secret; readable for its owner only; the pair must
// belong together.
KtCode
curve_pair_read(const char *directory, CurvePair *ret, Fault *fault);
KtCode
curve_pair_make(CurvePair *ret, Fault *fault);
// The check of its secret, by which a store knows it again.
void
curve_pair_check(const CurvePair *pair, uint8_t ret[CHECK_BYTES]);
void
curve_pair_done(CurvePair *pair);

#endif
