// SPDX-License-Identifier: EUPL-1.2
// See data_trust.h. Knows: stat. Must never know: how a place is used.
// The path: data_trusted asks trusted_folder about the directory and then about each place in it.
// The first that is too open, or no directory, ends it with a fault.
#include "daemon/files/data_trust.h"

#include <limits.h>
#include <stdio.h>

#include "base/assert.h"
#include "proto/trust.h"

KtCode
data_trusted(const char *data, Fault *fault)
{
    static const char *const places[] = {"journal", "state", "keys", "run"};
    char path[PATH_MAX];
    ASSERT(data != NULL && fault != NULL);
    KtCode code = trust_fault(trusted_folder(data, TRUST_UNWRITTEN), data, KT_SETUP, fault);
    for (size_t i = 0; i < sizeof places / sizeof places[0] && code == KT_OK; i++) {
        const int length = snprintf(path, sizeof path, "%s/%s", data, places[i]);
        if (length < 0 || (size_t)length >= sizeof path)
            return fault_set(fault, KT_SETUP, "%s: the path is too long", data);
        const TrustFault trust = trusted_folder(path, TRUST_UNWRITTEN);
        if (trust != TRUST_MISSING)
            code = trust_fault(trust, path, KT_SETUP, fault);
    }
    return code;
}
