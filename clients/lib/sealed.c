// SPDX-License-Identifier: EUPL-1.2
// Two copies of a text in one file, each with a sum behind it. Knows: open, write, rename, sync.
// Must never know: what the text says.
//
// sealed_write() writes both copies; sealed_read() takes the first one whose sum is right. The next
// write mends a damaged copy. The first copy begins the file, so that earlier releases, which
// read no further than their own lines, still read it.
#include "clients/lib/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/sum.h"

#define LINE_BYTES 21 // "sum ", 16 hexadecimal digits and the end of the line
#define FILE_BYTES (2 * (SEALED_BYTES + LINE_BYTES))

static void
sum_line(const char *text, size_t length, char ret[LINE_BYTES + 1])
{
    snprintf(ret, LINE_BYTES + 1, "sum %016" PRIx64 "\n", sum_bytes(length, text, length));
}

// The text of a copy of `length` bytes, its sum included. False when the sum is another one.
static bool
open_copy(const char *copy, size_t length, char ret[SEALED_BYTES])
{
    char line[LINE_BYTES + 1];
    if (length < LINE_BYTES || length - LINE_BYTES >= SEALED_BYTES)
        return false;
    const size_t text = length - LINE_BYTES;
    sum_line(copy, text, line);
    if (memcmp(line, copy + text, LINE_BYTES) != 0)
        return false;
    memcpy(ret, copy, text);
    ret[text] = '\0';
    return true;
}

static ssize_t
read_file(int directory, const char *name, char ret[FILE_BYTES])
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t got = read(fd, ret, FILE_BYTES);
    int saved = errno;
    close(fd);
    errno = saved;
    return got;
}

SealedRead
sealed_read(int directory, const char *name, char ret[SEALED_BYTES])
{
    ASSERT(directory >= 0 && name != NULL);
    char bytes[FILE_BYTES];
    const ssize_t got = read_file(directory, name, bytes);
    if (got < 0)
        return errno == ENOENT ? SEALED_ABSENT : SEALED_ERROR;
    const size_t half = (size_t)got / 2;
    if (got % 2 == 0 && (open_copy(bytes, half, ret) || open_copy(bytes + half, half, ret)))
        return SEALED_OK;
    const size_t bare = (size_t)got < SEALED_BYTES ? (size_t)got : SEALED_BYTES - 1;
    memcpy(ret, bytes, bare);
    ret[bare] = '\0';
    return SEALED_BARE;
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

bool
sealed_write(int directory, const char *name, const char *text)
{
    const size_t length = strlen(text);
    ASSERT(directory >= 0 && length < SEALED_BYTES);
    char draft[64], line[LINE_BYTES + 1], bytes[FILE_BYTES + 1];
    sum_line(text, length, line);
    const int total = snprintf(bytes, sizeof bytes, "%s%s%s%s", text, line, text, line);
    snprintf(draft, sizeof draft, "%s.new", name);
    int fd = openat(directory, draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool good = write_all(fd, bytes, (size_t)total) && fdatasync(fd) == 0;
    good = close(fd) == 0 && good;
    return good && renameat(directory, draft, directory, name) == 0 && fsync(directory) == 0;
}
