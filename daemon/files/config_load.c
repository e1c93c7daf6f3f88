// SPDX-License-Identifier: EUPL-1.2
// Reading ketend.yaml from disk. Knows: open, read. Must never know: the file's grammar. The file
// need not be a regular one: a pipe will do.
#include "daemon/files/config_load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "proto/limits.h"

// The whole file in the arena, or an errno.
static int
file_take(const char *path, Arena *arena, char **ret, size_t *ret_length)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno;
    char *bytes = arena_take(arena, LIMIT_ARRANGEMENT_BYTES + 1);
    size_t length = 0;
    ssize_t got = 1;
    while (got > 0 && length < LIMIT_ARRANGEMENT_BYTES) {
        got = read(file, bytes + length, LIMIT_ARRANGEMENT_BYTES - length);
        if (got > 0)
            length += (size_t)got;
        else if (got < 0 && errno == EINTR)
            got = 1;
    }
    int failed = got < 0 ? errno : got > 0 ? EFBIG : 0;
    close(file);
    if (failed == 0) {
        *ret = bytes;
        *ret_length = length;
    }
    return failed;
}

KtCode
config_load(const char *file, Arena *arena, Config *ret, FileErrors *ret_errors, Fault *fault)
{
    ASSERT(file != NULL && ret != NULL && fault != NULL);
    char *bytes = NULL;
    size_t length = 0;
    int failed = file_take(file, arena, &bytes, &length);
    if (failed != 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: %s", file, strerror(failed));
    return config_read(bytes, length, file, arena, ret, ret_errors);
}
