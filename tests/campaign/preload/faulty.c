// SPDX-License-Identifier: EUPL-1.2
// A disk that fails once: preloaded into the daemon, it lets one write or sync fail, as its
// environment says. Knows: the calls of the C library that write at a place, and that sync. Must
// never know: whose file it is.
// FAULT_CALL: the number of the call that fails, counted from 1; FAULT_KIND: 0 nothing is written
// and the error is EIO; 1 the same with ENOSPC; 2 half is written; 3 all is written, and still EIO.
// Halves are cut at sectors: a disk writes a sector whole.
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define SECTOR 512

static atomic_long calls;

static int
number(const char *name)
{
    const char *given = getenv(name);
    return given == NULL ? 0 : atoi(given);
}

static int
is_the_one(void)
{
    return atomic_fetch_add(&calls, 1) + 1 == number("FAULT_CALL");
}

static ssize_t
write_parts(int fd, const struct iovec *parts, int count, off_t offset)
{
    return syscall(SYS_pwritev, fd, parts, count, offset, 0);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    const int kind = number("FAULT_KIND");
    if (!is_the_one())
        return write_parts(fd, parts, count, offset);
    const struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2 / SECTOR * SECTOR};
    if (kind >= 2)
        (void)write_parts(fd, kind == 2 ? &half : parts, kind == 2 ? 1 : count, offset);
    errno = kind == 1 ? ENOSPC : EIO;
    return -1;
}

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    const struct iovec part = {(void *)bytes, length};
    return pwritev(fd, &part, 1, offset);
}

int
fdatasync(int fd)
{
    if (!is_the_one())
        return (int)syscall(SYS_fdatasync, fd);
    errno = EIO;
    return -1;
}

int
fsync(int fd)
{
    if (!is_the_one())
        return (int)syscall(SYS_fsync, fd);
    errno = EIO;
    return -1;
}
