// SPDX-License-Identifier: EUPL-1.2
// See epoch.h. Knows: flock, a file that is replaced as a whole. Must never know: what segments
// hold.
// The path: a claim calls lock_take and epoch_read, then epoch_write. Every append asks epoch_lost.
// The lock keeps out a second process on this machine; the epoch stops a process that the lock let
// through, as on a network file system. A lock that another process has is KT_STORE_BUSY, an epoch
// file that is missing or does not fit its sum KT_STORE_DAMAGED, one of another format
// KT_STORE_FORMAT.
#include "store/journal/epoch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/journal/io.h"

// Reads from the lock file which process has the lock, for the text of the fault.
static KtCode
tell_holder(int fd, Fault *fault)
{
    char pid[24] = "";
    const ssize_t got = pread(fd, pid, sizeof pid - 1, 0);
    if (got > 0)
        pid[strcspn(pid, "\n")] = '\0';
    return fault_set(fault, KT_STORE_BUSY, "%s", pid[0] == '\0' ? "?" : pid);
}

KtCode
lock_take(JournalFiles *files, Fault *fault)
{
    if (files->lock_fd >= 0)
        return KT_OK;
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    const int fd = openat(files->directory_fd, "lock", flags, 0600);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        return fault_set(fault, KT_SETUP, "%s/lock: not a regular file", files->directory);
    }
    if (fd < 0)
        return fault_set(fault, KT_SETUP, "%s/lock: %s", files->directory, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const KtCode code = errno == EWOULDBLOCK ? tell_holder(fd, fault)
                                                 : fault_set(fault, KT_SETUP, "%s/lock: %s",
                                                             files->directory, strerror(errno));
        close(fd);
        return code;
    }
    char pid[24];
    const int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || !write_all(fd, pid, (size_t)length, 0)) {
        close(fd);
        return fault_set(fault, KT_STORE_WRITE, "%s/lock: %s", files->directory, strerror(errno));
    }
    files->lock_fd = fd;
    return KT_OK;
}

KtCode
epoch_read(JournalFiles *files, Epoch *ret, Fault *fault)
{
    uint8_t bytes[EPOCH_BYTES + 1];
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    const int fd = openat(files->directory_fd, "epoch", flags);
    if (fd < 0 && errno == ENOENT && files->segments.count == 0) {
        *ret = (Epoch){0};
        return KT_OK;
    }
    const ssize_t got = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);
    const int error = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0 && error != ENOENT)
        return fault_set(fault, KT_STORE_READ, "%s/epoch: %s", files->directory, strerror(error));
    if (got < 0)
        return fault_set(fault, KT_STORE_DAMAGED, "%s/epoch: %s", files->directory,
                         strerror(error));
    const Form form = got == EPOCH_BYTES ? epoch_decode(bytes, ret) : FORM_BAD;
    if (form == FORM_UNKNOWN_FORMAT)
        return fault_set(fault, KT_STORE_FORMAT, "%s/epoch", files->directory);
    if (form == FORM_BAD)
        return fault_set(fault, KT_STORE_DAMAGED, "%s/epoch, offset 0: it does not fit its sum",
                         files->directory);
    return KT_OK;
}

bool
epoch_write(JournalFiles *files, const Epoch *epoch)
{
    uint8_t bytes[EPOCH_BYTES];
    epoch_encode(epoch, bytes);
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    // One that a crash left, or a link to another file, gives way; nothing is written through it.
    (void)unlinkat(files->directory_fd, "epoch.new", 0);
    const int fd = openat(files->directory_fd, "epoch.new", flags, 0600);
    if (fd < 0)
        return false;
    if (!write_all(fd, bytes, sizeof bytes, 0) || fsync(fd) != 0 ||
        renameat(files->directory_fd, "epoch.new", files->directory_fd, "epoch") != 0 ||
        fsync(files->directory_fd) != 0) {
        close(fd);
        return false;
    }
    close_if_open(files->epoch_fd);
    files->epoch_fd = fd;
    files->epoch = *epoch;
    return true;
}

// Every process replaces the file and keeps its own open. So a file without a name left tells that
// another process has replaced it.
bool
epoch_lost(const JournalFiles *files)
{
    struct stat status;
    return files->epoch_fd < 0 || fstat(files->epoch_fd, &status) != 0 || status.st_nlink == 0;
}
