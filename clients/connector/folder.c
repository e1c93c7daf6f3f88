// SPDX-License-Identifier: EUPL-1.2
// Directories and files of a connector's folder. Knows: what has to be synced so that it survives a
// power cut. Must never know: what the files say.
//
// folder_write() writes to tmp/, syncs the file, renames it and syncs the directory: a file is
// there whole or not at all. folder_read() takes a lease on the file, so that a file which somebody
// still writes is left for later. Failures leave errno.
#include "clients/connector/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

static const char *const place_names[PLACE_COUNT] = {
    [PLACE_TMP] = "tmp",     [PLACE_NEW] = "new",       [PLACE_WORK] = "work",
    [PLACE_CUR] = "cur",     [PLACE_FAILED] = "failed", [PLACE_INBOX] = "inbox",
    [PLACE_STATE] = "state",
};

const char *
folder_place_name(Place place)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    return place_names[place];
}

bool
folder_open(Folder *ret, const char *path)
{
    *ret = (Folder){.path = path};
    for (size_t i = 0; i < PLACE_COUNT; i++)
        ret->places[i] = -1;
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return false;
    int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = top >= 0;
    for (size_t i = 0; good && i < PLACE_COUNT; i++) {
        good = mkdirat(top, place_names[i], 0700) == 0 || errno == EEXIST;
        if (good)
            ret->places[i] = openat(top, place_names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        good = good && ret->places[i] >= 0;
    }
    good = good && fsync(top) == 0;
    int saved = errno;
    if (top >= 0)
        close(top);
    errno = saved;
    return good;
}

void
folder_close(Folder *folder)
{
    for (size_t i = 0; i < PLACE_COUNT; i++)
        if (folder->places[i] >= 0)
            close(folder->places[i]);
    *folder = (Folder){0};
    for (size_t i = 0; i < PLACE_COUNT; i++)
        folder->places[i] = -1;
}

// A lease for reading is only given while nobody has the file open for writing.
static bool
is_being_written(int fd)
{
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return false;
    }
    return errno == EAGAIN;
}

static FolderRead
read_open(int fd, size_t most, char **ret, size_t *ret_length)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return FOLDER_ERROR;
    if (!S_ISREG(status.st_mode))
        return FOLDER_NOT_A_FILE;
    if (is_being_written(fd))
        return FOLDER_ABSENT;
    if (fstat(fd, &status) < 0)
        return FOLDER_ERROR;
    if (status.st_size < 0 || (size_t)status.st_size > most)
        return FOLDER_TOO_LARGE;
    size_t length = (size_t)status.st_size, done = 0;
    char *bytes = malloc(length + 1);
    if (bytes == NULL)
        return FOLDER_ERROR;
    while (done < length) {
        ssize_t got = read(fd, bytes + done, length - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    if (done < length) {
        free(bytes);
        return FOLDER_ERROR;
    }
    bytes[length] = '\0';
    *ret = bytes;
    *ret_length = length;
    return FOLDER_OK;
}

FolderRead
folder_read(const Folder *folder, Place place, const char *name, size_t most, char **ret,
            size_t *ret_length)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    // Not blocking: a FIFO with nobody behind it must not stop the connector.
    int fd = openat(folder->places[place], name,
                    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP)
        return FOLDER_NOT_A_FILE;
    if (fd < 0)
        return errno == ENOENT ? FOLDER_ABSENT : FOLDER_ERROR;
    FolderRead result = read_open(fd, most, ret, ret_length);
    int saved = errno;
    close(fd);
    errno = saved;
    return result;
}

static bool
write_all(int fd, const char *at, size_t length)
{
    while (length) {
        ssize_t wrote = write(fd, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

#define DRAFT_BYTES 64

// Writes and syncs a file in tmp/. One writer per folder (state/ is locked), so one draft name per
// place is enough.
static bool
write_draft(const Folder *folder, Place place, const void *bytes, size_t length,
            char ret[DRAFT_BYTES])
{
    snprintf(ret, DRAFT_BYTES, ".draft-%s", place_names[place]);
    int fd = openat(folder->places[PLACE_TMP], ret, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write_all(fd, bytes, length) && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

bool
folder_write(const Folder *folder, Place place, const char *name, const void *bytes, size_t length)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    char draft[DRAFT_BYTES];
    return write_draft(folder, place, bytes, length, draft) &&
           renameat(folder->places[PLACE_TMP], draft, folder->places[place], name) == 0 &&
           fsync(folder->places[place]) == 0;
}

// Renames, but not over a file that is there. Some file systems do not know how; there nobody else
// is expected to write these names.
static bool
rename_new(int from, const char *name, int to, const char *new_name)
{
    struct stat status;
    if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (fstatat(to, new_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(from, name, to, new_name) == 0;
}

static bool
has_content(const Folder *folder, Place place, const char *name, const void *bytes, size_t length)
{
    char *there = NULL;
    size_t there_length = 0;
    if (folder_read(folder, place, name, length, &there, &there_length) != FOLDER_OK)
        return false;
    const bool same = there_length == length && memcmp(there, bytes, length) == 0;
    free(there);
    return same;
}

FolderWrite
folder_write_new(const Folder *folder, Place place, const char *name, const void *bytes,
                 size_t length)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    char draft[DRAFT_BYTES];
    if (!write_draft(folder, place, bytes, length, draft))
        return FOLDER_FAILED;
    if (rename_new(folder->places[PLACE_TMP], draft, folder->places[place], name))
        return fsync(folder->places[place]) == 0 ? FOLDER_WRITTEN : FOLDER_FAILED;
    if (errno != EEXIST)
        return FOLDER_FAILED;
    return has_content(folder, place, name, bytes, length) ? FOLDER_WRITTEN : FOLDER_TAKEN;
}

bool
folder_move(const Folder *folder, Place from, const char *name, Place to, const char *new_name)
{
    ASSERT((unsigned)from < PLACE_COUNT && (unsigned)to < PLACE_COUNT);
    return rename_new(folder->places[from], name, folder->places[to], new_name) &&
           fsync(folder->places[to]) == 0 && fsync(folder->places[from]) == 0;
}

void
folder_remove(const Folder *folder, Place place, const char *name)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    unlinkat(folder->places[place], name, 0);
}

bool
folder_has(const Folder *folder, Place place, const char *name)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    struct stat status;
    return fstatat(folder->places[place], name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
add_name(char ***names, size_t *count, size_t *room, const char *name)
{
    if (*count == *room) {
        size_t more = *room ? 2 * *room : 64;
        char **larger = realloc(*names, more * sizeof *larger);
        if (larger == NULL)
            return false;
        *names = larger;
        *room = more;
    }
    (*names)[*count] = strdup(name);
    return (*names)[(*count)++] != NULL;
}

bool
folder_list(const Folder *folder, Place place, char ***ret, size_t *ret_count)
{
    ASSERT((unsigned)place < PLACE_COUNT);
    int fd = openat(folder->places[place], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    char **names = NULL;
    size_t count = 0, room = 0;
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            good = add_name(&names, &count, &room, entry->d_name);
    closedir(directory);
    if (!good) {
        folder_names_free(names, count);
        return false;
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    *ret = names;
    *ret_count = count;
    return true;
}

void
folder_names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
