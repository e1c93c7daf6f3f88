// SPDX-License-Identifier: EUPL-1.2
// See page_file.h. Knows: pread, which of two meta pages counts. Must never know: what a tree
// holds.
// The path: page_file_open, page_file_meta, then page_file_read for each page. Every failure names
// the page.
#include "store/state/page_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

KtCode
page_file_open(const char *directory, PageFile *ret, uint64_t *ret_length, Fault *fault)
{
    char path[PATH_MAX];
    struct stat status;
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const bool absent = fd < 0 && errno == ENOENT;
    if (!absent && (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        fault_set(fault, KT_SETUP, "%s: %s", path, fd < 0 ? strerror(errno) : "no plain file");
        if (fd >= 0)
            close(fd);
        return KT_SETUP;
    }
    *ret = (PageFile){.fd = fd};
    *ret_length = absent ? 0 : (uint64_t)status.st_size;
    return KT_OK;
}

void
page_file_done(PageFile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

// Returns 0, an errno, or -1 where the file ends too early.
static int
read_all(int fd, uint8_t *into, size_t length, off_t offset)
{
    while (length > 0) {
        const ssize_t got = pread(fd, into, length, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? errno : -1;
        into += got;
        offset += got;
        length -= (size_t)got;
    }
    return 0;
}

// A disk may fail to read a place once and give it the next time.
static KtCode
read_place(PageFile *file, uint64_t offset, size_t length, uint8_t *into, Fault *fault)
{
    int error = read_all(file->fd, into, length, (off_t)offset);
    if (error > 0) {
        error = read_all(file->fd, into, length, (off_t)offset);
        file->reads_again += error == 0;
    }
    if (error == 0)
        return KT_OK;
    return fault_set(fault, KT_STATE_DAMAGED, "data.mdb, offset %" PRIu64 ": %s", offset,
                     error > 0 ? strerror(error) : "the file ends before it");
}

static KtCode
read_meta(PageFile *file, uint64_t number, uint64_t offset, PageMeta *ret, Fault *fault)
{
    uint8_t bytes[PAGE_META_BYTES];
    const KtCode code = read_place(file, offset, sizeof bytes, bytes, fault);
    if (code != KT_OK)
        return code;
    const char *wrong = page_meta(bytes, number, ret);
    if (wrong == NULL && ret->transaction != 0 && ret->transaction % 2 != number)
        wrong = "the number of another transaction";
    return wrong == NULL ? KT_OK
                         : fault_set(fault, KT_STATE_DAMAGED, "data.mdb, page %" PRIu64 ": %s",
                                     number, wrong);
}

KtCode
page_file_meta(PageFile *file, PageMeta *ret, Fault *fault)
{
    PageMeta metas[2];
    KtCode code = read_meta(file, 0, 0, &metas[0], fault);
    if (code == KT_OK)
        code = read_meta(file, 1, metas[0].page_bytes, &metas[1], fault);
    if (code != KT_OK)
        return code;
    const PageMeta *newer = &metas[metas[0].transaction < metas[1].transaction];
    const PageMeta *older = newer == &metas[0] ? &metas[1] : &metas[0];
    if (metas[0].page_bytes != metas[1].page_bytes || newer->transaction - older->transaction > 1)
        return fault_set(fault, KT_STATE_DAMAGED, "data.mdb: its two meta pages differ");
    file->page_bytes = newer->page_bytes;
    *ret = *newer;
    return KT_OK;
}

KtCode
page_file_meta_of(PageFile *file, uint64_t transaction, PageMeta *ret, Fault *fault)
{
    const uint64_t number = transaction % 2;
    const KtCode code = read_meta(file, number, number * file->page_bytes, ret, fault);
    if (code != KT_OK)
        return code;
    return ret->transaction == transaction && ret->page_bytes == file->page_bytes
               ? KT_OK
               : fault_set(fault, KT_STATE_DAMAGED, "data.mdb, page %" PRIu64 ": it changed",
                           number);
}

KtCode
page_file_read(PageFile *file, uint64_t number, uint64_t count, uint8_t *into, Fault *fault)
{
    return read_place(file, number * file->page_bytes, (size_t)count * file->page_bytes, into,
                      fault);
}

void
page_file_forget(const PageFile *file)
{
    (void)posix_fadvise(file->fd, 0, 0, POSIX_FADV_DONTNEED);
}
