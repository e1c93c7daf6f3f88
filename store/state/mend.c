// SPDX-License-Identifier: EUPL-1.2
// The state port: opening a state, and putting a damaged one aside. Knows: the names of files in
// the state's directory. Must never know: pages, rows.
// The path: state_open_mended looks for the mark and opens; on a finding put_aside moves the
// directory away and the second opening makes a new one. A crash in between leaves no directory,
// and the next start makes it. A directory that cannot be moved is KT_STORE_WRITE.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/state/state.h"

#define MARK "rebuild" // in the state's directory

static void
mark_path(const char *directory, char ret[PATH_MAX])
{
    snprintf(ret, PATH_MAX, "%s/" MARK, directory);
}

// Removes a directory of plain files; one that is not there is fine.
static bool
remove_directory(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (stream == NULL) {
        const bool absent = fd < 0 && errno == ENOENT;
        if (fd >= 0)
            close(fd);
        return absent;
    }
    for (const struct dirent *file = readdir(stream); file != NULL; file = readdir(stream))
        if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
            (void)unlinkat(fd, file->d_name, 0);
    closedir(stream);
    return rmdir(path) == 0;
}

// The new state takes about as much room as the old one.
static bool
is_room_for_both(const char *directory)
{
    char path[PATH_MAX];
    struct stat status;
    struct statvfs disk;
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    if (stat(path, &status) != 0 || statvfs(directory, &disk) != 0)
        return true;
    const uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    return room / 2 > (uint64_t)status.st_blocks * 512;
}

static bool
sync_parent(const char *directory)
{
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", directory);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        snprintf(parent, sizeof parent, ".");
    else
        slash[slash == parent ? 1 : 0] = '\0';
    const int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static KtCode
put_aside(const char *directory, Fault *fault)
{
    char aside[PATH_MAX];
    snprintf(aside, sizeof aside, "%s.damaged", directory);
    if (!remove_directory(aside))
        return fault_set(fault, KT_STORE_WRITE, "%s: %s", aside, strerror(errno));
    const bool gone =
        is_room_for_both(directory) ? rename(directory, aside) == 0 : remove_directory(directory);
    if (!gone || !sync_parent(directory))
        return fault_set(fault, KT_STORE_WRITE, "%s: %s", directory, strerror(errno));
    return KT_OK;
}

KtCode
state_open_mended(const StateOptions *options, State **ret, Fault *ret_found, Fault *fault)
{
    char mark[PATH_MAX];
    ASSERT(options != NULL && ret != NULL && ret_found != NULL && fault != NULL);
    *ret_found = (Fault){.code = KT_OK};
    KtCode code;
    if (options->directory != NULL)
        mark_path(options->directory, mark);
    if (options->directory != NULL && access(mark, F_OK) == 0)
        code = fault_set(fault, KT_STATE_DAMAGED, "it was found while the daemon ran");
    else
        code = state_open(options, ret, fault);
    if (options->directory == NULL || (code != KT_STATE_DAMAGED && code != KT_STATE_OLD))
        return code;
    *ret_found = *fault;
    code = put_aside(options->directory, fault);
    return code == KT_OK ? state_open(options, ret, fault) : code;
}

void
state_ask_rebuild(const char *directory)
{
    char mark[PATH_MAX];
    ASSERT(directory != NULL);
    mark_path(directory, mark);
    const int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        close(fd);
}
