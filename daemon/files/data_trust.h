// SPDX-License-Identifier: EUPL-1.2
// Whether a data directory is its owner's alone to change. Knows: the places in it. Must never
// know: what lies there.
#ifndef KETEN_FILES_DATA_TRUST_H
#define KETEN_FILES_DATA_TRUST_H

#include "proto/errors.h"

// KT_TRUST with the command that mends the first place that others may write; a place that is not
// there yet is fine. KT_SETUP when the directory itself cannot be looked at.
KtCode
data_trusted(const char *data, Fault *fault);

#endif
