// SPDX-License-Identifier: EUPL-1.2
// Reading ketend.yaml from disk. Knows: which test the file and its folder pass. Must never know:
// the file's grammar. Others may change neither: the file says where the keys are.
#include "daemon/files/config_load.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/files/file_read.h"
#include "proto/limits.h"
#include "proto/trust.h"

KtCode
config_load(const char *file, Arena *arena, Config *ret, FileErrors *ret_errors, Fault *fault)
{
    ASSERT(file != NULL && ret != NULL && fault != NULL);
    char folder[PATH_MAX] = "", *bytes = NULL;
    size_t length = 0;
    KtCode code = file_read(file, TRUST_UNWRITTEN, arena, &bytes, &length, fault);
    if (code == KT_OK)
        code = trust_fault(trusted_folder_of(file, folder), folder, KT_FILE_UNREADABLE, fault);
    if (code == KT_OK && length >= LIMIT_ARRANGEMENT_BYTES)
        code = fault_set(fault, KT_FILE_UNREADABLE, "%s: %s", file, strerror(EFBIG));
    if (code != KT_OK)
        return code;
    return config_read(bytes, length, file, arena, ret, ret_errors);
}
