// SPDX-License-Identifier: EUPL-1.2
// See trust.h. Knows: which fault has which code. Must never know: files.
// The path: trusted_advice gives the detail, the table here the code.
#include "proto/trust.h"

#include "base/assert.h"

KtCode
trust_fault(TrustFault trust, const char *path, KtCode missing, Fault *ret_fault)
{
    ASSERT(path != NULL && ret_fault != NULL);
    const KtCode codes[] = {
        [TRUST_FINE] = KT_OK,
        [TRUST_MISSING] = missing,
        [TRUST_OF_OTHER_KIND] = KT_TRUST_KIND,
        [TRUST_OPEN_TO_WRITE] = KT_TRUST,
        [TRUST_OPEN_TO_READ] = KT_TRUST,
    };
    char advice[sizeof ret_fault->detail];
    if (trust == TRUST_FINE)
        return KT_OK;
    trusted_advice(trust, path, advice, sizeof advice);
    return fault_set(ret_fault, codes[trust], "%s", advice);
}
