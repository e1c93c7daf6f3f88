// SPDX-License-Identifier: EUPL-1.2
// Reading a file whole. Knows: regular files of bounded size. Must never know: what a file says.
#ifndef KETEN_FILES_FILE_READ_H
#define KETEN_FILES_FILE_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/trusted.h"
#include "proto/errors.h"

// The whole file in the arena, with a NUL behind it; at most 1 MiB. KT_FILE_UNREADABLE with the
// path and the reason; KT_TRUST or KT_TRUST_KIND when the file is not as `need` wants it.
KtCode
file_read(const char *path, TrustNeed need, Arena *arena, char **ret_bytes, size_t *ret_length,
          Fault *fault);

#endif
