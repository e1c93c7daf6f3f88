// SPDX-License-Identifier: EUPL-1.2
// See cut.h. Knows: the end is kept aside before it is zeroed. Must never know: why it is
// unfinished.
// The path: files_cut measures the end, keep_aside copies it to a new file, zero overwrites it.
// Each file is synced before the next step, so a crash loses no byte; the next claim cuts again. A
// file that cannot be written is KT_STORE_WRITE.
#include "store/journal/cut.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/journal/io.h"

#define CUTS_MOST 10000 // names tried for the file of one cut

// The number of bytes from the place to the last byte of its segment that is not zero.
static uint64_t
measure(JournalFiles *files, const Place *place)
{
    uint64_t offset = place->offset, end = place->offset;
    size_t have;
    const uint8_t *bytes = window_some(&files->window, offset, 4096, &have);
    for (; have > 0; bytes = window_some(&files->window, offset, 4096, &have)) {
        for (size_t i = 0; i < have; i++)
            if (bytes[i] != 0)
                end = offset + i + 1;
        offset += have;
    }
    return end - place->offset;
}

// Opens a file whose name no earlier cut uses.
static int
open_aside(const JournalFiles *files, uint64_t position, char *ret_name, size_t size)
{
    for (int n = 1; n < CUTS_MOST; n++) {
        snprintf(ret_name, size, "cut-%" PRIu64 "-%d.bin", position, n);
        const int fd =
            openat(files->directory_fd, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static bool
keep_aside(JournalFiles *files, const Place *place, const uint8_t *bytes, size_t length,
           JournalClaim *claim)
{
    char name[64];
    const int fd = open_aside(files, place->position, name, sizeof name);
    const bool good = fd >= 0 && write_all(fd, bytes, length, 0) && fsync(fd) == 0 &&
                      fsync(files->directory_fd) == 0;
    if (fd >= 0)
        close(fd);
    snprintf(claim->cut_kept_in, sizeof claim->cut_kept_in, "%.160s/%s", files->directory, name);
    return good;
}

static bool
zero(JournalFiles *files, const Place *place, size_t length)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(files->segments.items[place->segment].first, name);
    const int fd = openat(files->directory_fd, name, O_WRONLY | O_CLOEXEC);
    uint8_t *zeros = calloc(1, length);
    if (zeros == NULL)
        exhausted("zeros");
    const bool good = fd >= 0 && write_all(fd, zeros, length, place->offset) && fsync(fd) == 0;
    free(zeros);
    if (fd >= 0)
        close(fd);
    return good;
}

KtCode
files_cut(JournalFiles *files, const Place *place, JournalClaim *claim, Fault *fault)
{
    const size_t length = (size_t)measure(files, place);
    claim->cut_bytes = length;
    if (files->read_only)
        return KT_OK;
    const uint8_t *bytes = window_at(&files->window, place->offset, length);
    const bool good = bytes != NULL && keep_aside(files, place, bytes, length, claim) &&
                      zero(files, place, length);
    window_forget(&files->window);
    if (good)
        return KT_OK;
    return fault_set(fault, KT_STORE_WRITE, "%s: the unfinished end cannot be kept aside",
                     files->directory);
}
