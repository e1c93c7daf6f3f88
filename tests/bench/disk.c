// SPDX-License-Identifier: EUPL-1.2
// The physical limit: how often this disk makes 4 KiB durable. Knows: one file. Must never know:
// the daemon.
#include "tests/bench/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/board.h"

#define BLOCK      4096u
#define FILE_BYTES (32u << 20)

static bool
fill(int fd, uint8_t block[BLOCK])
{
    memset(block, 0, BLOCK);
    for (off_t at = 0; at < FILE_BYTES; at += BLOCK)
        if (pwrite(fd, block, BLOCK, at) != BLOCK)
            return false;
    return fsync(fd) == 0;
}

static bool
append(int fd, double seconds, DiskLimit *ret)
{
    uint8_t block[BLOCK];
    if (!fill(fd, block))
        return false;
    const int64_t begin = now_ns(), end = begin + (int64_t)(seconds * 1e9);
    int64_t now = begin;
    for (off_t at = 0; now < end; at = (at + BLOCK) % FILE_BYTES) {
        const int64_t before = now;
        memset(block, (int)(ret->latency.count & 0xff), BLOCK);
        if (pwrite(fd, block, BLOCK, at) != BLOCK || fdatasync(fd) != 0)
            return false;
        now = now_ns();
        histogram_add(&ret->latency, now - before);
    }
    ret->syncs_per_s = (double)ret->latency.count * 1e9 / (double)(now - begin);
    return true;
}

const char *
disk_measure(const char *directory, double seconds, DiskLimit *ret)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/limit", directory);
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return strerror(errno);
    memset(ret, 0, sizeof *ret);
    const bool good = append(fd, seconds, ret);
    const char *why = good ? NULL : strerror(errno);
    close(fd);
    unlink(path);
    return why;
}
