// SPDX-License-Identifier: EUPL-1.2
// See trusted.h. Knows: open, fstat. Must never know: which file decides what.
// The path: trusted_open opens without waiting and looks at what it opened (judge), so that nothing
// can be put in its place between the two. Failure: the fault says which rule was broken; errno is
// that of open.
#include "base/trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

static TrustFault
judge(const struct stat *status, TrustNeed need)
{
    const mode_t mode = status->st_mode;
    const bool given_by_root = status->st_uid == 0 && (mode & 007) == 0;
    if (need == TRUST_READABLE)
        return TRUST_FINE;
    if ((mode & 022) != 0)
        return TRUST_OPEN_TO_WRITE;
    if (need >= TRUST_SECRET && (mode & 077) != 0 && !given_by_root)
        return TRUST_OPEN_TO_READ;
    return TRUST_FINE;
}

int
trusted_open(const char *path, TrustNeed need, TrustFault *ret_fault, struct stat *ret_status)
{
    ASSERT(path != NULL && ret_fault != NULL);
    struct stat status;
    const int follow = need == TRUST_SECRET_HERE ? O_NOFOLLOW : 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | follow);
    *ret_fault = TRUST_MISSING;
    if (fd < 0 || fstat(fd, &status) != 0) {
        // A socket, a device without a driver and a link in place of a key cannot be opened at all.
        if (fd < 0 && (errno == ENXIO || errno == ENODEV || errno == ELOOP))
            *ret_fault = TRUST_OF_OTHER_KIND;
    } else {
        *ret_fault = S_ISREG(status.st_mode) ? judge(&status, need) : TRUST_OF_OTHER_KIND;
    }
    if (*ret_fault == TRUST_FINE) {
        if (ret_status != NULL)
            *ret_status = status;
        return fd;
    }
    const int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}

TrustFault
trusted_folder(const char *path, TrustNeed need)
{
    struct stat status;
    ASSERT(path != NULL);
    if (stat(path, &status) != 0)
        return TRUST_MISSING;
    return S_ISDIR(status.st_mode) ? judge(&status, need) : TRUST_OF_OTHER_KIND;
}

TrustFault
trusted_folder_of(const char *file, char ret_folder[PATH_MAX])
{
    struct stat status;
    ASSERT(file != NULL && ret_folder != NULL);
    const char *slash = strrchr(file, '/');
    const size_t length = slash == NULL || slash == file ? 1 : (size_t)(slash - file);
    if (length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return TRUST_MISSING;
    }
    memcpy(ret_folder, slash == NULL ? "." : file, length);
    ret_folder[length] = '\0';
    if (stat(ret_folder, &status) != 0)
        return TRUST_MISSING;
    return (status.st_mode & S_ISVTX) != 0 ? TRUST_FINE : judge(&status, TRUST_UNWRITTEN);
}

void
trusted_advice(TrustFault fault, const char *path, char *ret, size_t size)
{
    switch (fault) {
    case TRUST_FINE:
    case TRUST_OF_OTHER_KIND:
        snprintf(ret, size, "%s", path);
        return;
    case TRUST_MISSING:
        snprintf(ret, size, "%s: %s", path, strerror(errno));
        return;
    case TRUST_OPEN_TO_WRITE:
        snprintf(ret, size, "chmod go-w %s", path);
        return;
    case TRUST_OPEN_TO_READ:
        snprintf(ret, size, "chmod go-rwx %s", path);
        return;
    }
}
