// SPDX-License-Identifier: EUPL-1.2
// Keeps a command stream in its state directory. Knows: `lock` (locked as long as the handle
// lives), `stream` (the 16 bytes and the next number, written ahead in blocks) and `known` (last
// receipt and cursor). Must never know: commands.
//
// stream_open() locks the directory and reads the files. stream_reserve() gives numbers and writes
// ahead before it gives them, so that no number is ever given twice; a crash skips the rest of a
// block. stream_close() writes what is known and unlocks. A file `stream` that cannot be read is
// KETEN_STORAGE; a damaged `known` is no failure.
#include "clients/lib/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"

// Numbers that one write reserves ahead. A crash skips the rest of them, which the wire allows.
#define BLOCK      64
#define FILE_BYTES 512

static keten_result
fail(keten_result result, const char *directory, const char *what, char *why, size_t why_size)
{
    if (why != NULL && why_size)
        snprintf(why, why_size, "%s: %s", directory, what);
    return result;
}

// Replaces directory/name by `bytes` so that a crash leaves the old or the new file.
static bool
replace_file(int directory, const char *name, const void *bytes, size_t length)
{
    char draft[64];
    snprintf(draft, sizeof draft, "%s.new", name);
    int fd = openat(directory, draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    const char *at = bytes;
    while (length) {
        ssize_t wrote = write(fd, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        at += wrote;
        length -= (size_t)wrote;
    }
    bool good = !length && fdatasync(fd) == 0;
    good = close(fd) == 0 && good;
    return good && renameat(directory, draft, directory, name) == 0 && fsync(directory) == 0;
}

// 0 when the file is not there, -1 on failure.
static ssize_t
read_file(int directory, const char *name, char ret[FILE_BYTES])
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    ssize_t got = read(fd, ret, FILE_BYTES - 1);
    close(fd);
    if (got >= 0)
        ret[got] = '\0';
    return got;
}

static bool
store_next(Stream *stream, uint64_t stored)
{
    if (stream->directory < 0) {
        stream->stored = stored;
        return true;
    }
    char hex[TEXT_HEX_BYTES(STREAM_BYTES)], text[FILE_BYTES];
    text_hex(stream->id, STREAM_BYTES, hex);
    int n = snprintf(text, sizeof text, "stream %s\nnext %" PRIu64 "\n", hex, stored);
    if (!replace_file(stream->directory, "stream", text, (size_t)n))
        return false;
    stream->stored = stored;
    return true;
}

static bool
parse_stream(Stream *stream, const char *text)
{
    char hex[TEXT_HEX_BYTES(STREAM_BYTES)], end;
    uint64_t next;
    if (sscanf(text, "stream %32[0-9a-f]\nnext %" SCNu64 "%c", hex, &next, &end) != 3)
        return false;
    if (end != '\n' || !next || !text_from_hex(hex, stream->id, STREAM_BYTES))
        return false;
    stream->next = stream->stored = next;
    return true;
}

// An earlier release wrote no third line: then there are no tags.
static void
parse_tags(Known *known, const char *text)
{
    char receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)], delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)];
    const char *line = strstr(text, "\ntags ");
    int told;
    if (line == NULL ||
        sscanf(line, "\ntags %32[0-9a-f-] %64[0-9a-f-] told %d", receipt, delivery, &told) != 3)
        return;
    known->told = told != 0;
    known->receipt_tagged = text_from_hex(receipt, known->receipt_tag, RECEIPT_TAG_BYTES);
    known->delivery_tagged = text_from_hex(delivery, known->delivery_tag, DELIVERY_TAG_BYTES);
}

static void
parse_known(Stream *stream, const char *text)
{
    Known known = {0};
    char hex[TEXT_HEX_BYTES(LEAF_BYTES)];
    // With a damaged file this partner knows nothing, as on its first day.
    if (sscanf(text, "receipt %" SCNu64 " %64[0-9a-f]\ndelivered %" SCNu64 " %" SCNu64,
               &known.position, hex, &known.history, &known.delivered) == 4 &&
        text_from_hex(hex, known.leaf, LEAF_BYTES)) {
        parse_tags(&known, text);
        stream->known = known;
    }
}

static keten_result
lock_directory(Stream *stream, const char *directory, char *why, size_t why_size)
{
    if (mkdir(directory, 0700) < 0 && errno != EEXIST)
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    stream->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stream->directory < 0)
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    stream->lock = openat(stream->directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (stream->lock < 0)
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    if (flock(stream->lock, LOCK_EX | LOCK_NB) < 0)
        return fail(errno == EWOULDBLOCK ? KETEN_BUSY : KETEN_STORAGE, directory,
                    "another program has locked this state directory", why, why_size);
    return KETEN_OK;
}

static keten_result
load_directory(Stream *stream, const char *directory, const uint8_t *id, char *why, size_t why_size)
{
    char text[FILE_BYTES];
    ssize_t got = read_file(stream->directory, "stream", text);
    if (got < 0 || (got > 0 && !parse_stream(stream, text)))
        return fail(KETEN_STORAGE, directory, "the file `stream` cannot be read", why, why_size);
    if (got > 0 && id != NULL && memcmp(id, stream->id, STREAM_BYTES) != 0)
        return fail(KETEN_USAGE, directory, "holds another stream than the one asked for", why,
                    why_size);
    if (got == 0 && !store_next(stream, stream->next))
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    if (read_file(stream->directory, "known", text) > 0)
        parse_known(stream, text);
    return KETEN_OK;
}

keten_result
stream_open(Stream *ret, const char *directory, const uint8_t *id, char *why, size_t why_size)
{
    *ret = (Stream){.directory = -1, .lock = -1, .next = 1, .stored = 1};
    if (id != NULL)
        memcpy(ret->id, id, STREAM_BYTES);
    else if (getrandom(ret->id, STREAM_BYTES, 0) != STREAM_BYTES)
        return fail(KETEN_MEMORY, "random", "the machine gives no random bytes", why, why_size);
    if (directory == NULL)
        return KETEN_OK;
    keten_result result = lock_directory(ret, directory, why, why_size);
    return result == KETEN_OK ? load_directory(ret, directory, id, why, why_size) : result;
}

keten_result
stream_reserve(Stream *stream, uint64_t count, uint64_t *ret_first)
{
    ASSERT(ret_first != NULL);
    if (!count || count > UINT64_MAX / 2 || stream->next > UINT64_MAX / 2)
        return KETEN_USAGE;
    uint64_t first = stream->next, next = first + count;
    if (next > stream->stored && !store_next(stream, next - 1 + BLOCK))
        return KETEN_STORAGE;
    stream->next = next;
    *ret_first = first;
    return KETEN_OK;
}

void
stream_pass(Stream *stream, uint64_t number)
{
    if (number >= stream->next && number < UINT64_MAX)
        stream->next = number + 1;
}

void
stream_know_receipt(Stream *stream, uint64_t position, const uint8_t leaf[LEAF_BYTES],
                    const uint8_t tag[RECEIPT_TAG_BYTES])
{
    Known *known = &stream->known;
    ASSERT(leaf != NULL);
    // A receipt that the daemon lost gives way to one that it has.
    if (position <= known->position && !known->told)
        return;
    known->told = false;
    known->position = position;
    memcpy(known->leaf, leaf, LEAF_BYTES);
    known->receipt_tagged = tag != NULL;
    if (tag != NULL)
        memcpy(known->receipt_tag, tag, RECEIPT_TAG_BYTES);
    stream->known_changed = true;
}

void
stream_know_delivered(Stream *stream, uint64_t history, uint64_t delivered,
                      const uint8_t tag[DELIVERY_TAG_BYTES])
{
    Known *known = &stream->known;
    if (history == known->history && delivered <= known->delivered)
        return;
    known->history = history;
    known->delivered = delivered;
    known->delivery_tagged = tag != NULL;
    if (tag != NULL)
        memcpy(known->delivery_tag, tag, DELIVERY_TAG_BYTES);
    stream->known_changed = true;
}

bool
stream_lost(Stream *stream)
{
    if (stream->known.told)
        return false;
    stream->known.told = true;
    stream->known_changed = true;
    return true;
}

void
stream_enter_history(Stream *stream, uint64_t history)
{
    if (history == stream->known.history)
        return;
    bool first = stream->known.history == 0;
    if (!first)
        stream->known = (Known){0};
    stream->known.history = history;
    stream->known_changed = true;
}

void
stream_save_known(Stream *stream)
{
    if (stream->directory < 0 || !stream->known_changed)
        return;
    char hex[TEXT_HEX_BYTES(LEAF_BYTES)], text[FILE_BYTES];
    text_hex(stream->known.leaf, LEAF_BYTES, hex);
    char receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)] = "-",
         delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)] = "-";
    if (stream->known.receipt_tagged)
        text_hex(stream->known.receipt_tag, RECEIPT_TAG_BYTES, receipt);
    if (stream->known.delivery_tagged)
        text_hex(stream->known.delivery_tag, DELIVERY_TAG_BYTES, delivery);
    int n =
        snprintf(text, sizeof text,
                 "receipt %" PRIu64 " %s\ndelivered %" PRIu64 " %" PRIu64 "\ntags %s %s told %d\n",
                 stream->known.position, hex, stream->known.history, stream->known.delivered,
                 receipt, delivery, stream->known.told);
    if (replace_file(stream->directory, "known", text, (size_t)n))
        stream->known_changed = false;
}

void
stream_close(Stream *stream)
{
    stream_save_known(stream);
    if (stream->directory >= 0 && stream->lock >= 0 && stream->stored > stream->next)
        store_next(stream, stream->next);
    if (stream->lock >= 0)
        close(stream->lock);
    if (stream->directory >= 0)
        close(stream->directory);
    *stream = (Stream){.directory = -1, .lock = -1};
}
