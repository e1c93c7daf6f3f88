// SPDX-License-Identifier: EUPL-1.2
// A broken rule of base/trusted.h as an error on its way. Knows: the codes. Must never know: which
// file it is about.
#ifndef KETEN_PROTO_TRUST_H
#define KETEN_PROTO_TRUST_H

#include "base/trusted.h"
#include "proto/errors.h"

// KT_TRUST with the command that mends it, KT_TRUST_KIND, or `missing` with errno's text; KT_OK for
// TRUST_FINE.
KtCode
trust_fault(TrustFault trust, const char *path, KtCode missing, Fault *ret_fault);

#endif
