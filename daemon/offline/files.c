// SPDX-License-Identifier: EUPL-1.2
// See files.h. Knows: renameat2, nftw. Must never know: journals.
// Failure: errno tells why; files_remove leaves behind what it cannot remove.
#include "daemon/offline/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
files_sync(const char *directory)
{
    const int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return good;
}

bool
files_sync_parent(const char *path)
{
    char parent[PATH_MAX];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length == 0)
        return files_sync(".");
    snprintf(parent, sizeof parent, "%.*s", (int)length, path);
    return files_sync(parent);
}

static int
remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

void
files_remove(const char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool
files_exchange(const char *from, const char *to)
{
    if (access(to, F_OK) != 0)
        return rename(from, to) == 0;
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0;
}
