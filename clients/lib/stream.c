// SPDX-License-Identifier: EUPL-1.2
// Keeps a command stream in its state directory. Knows: `lock` (locked as long as the handle
// lives), `stream` (the 16 bytes and the next number, written ahead in blocks) and `known` (last
// receipt and cursor). Must never know: commands.
//
// stream_open() locks the directory and reads the files. stream_reserve() gives numbers and writes
// ahead before it gives them, so that no number is ever given twice; a crash skips the rest of a
// block. stream_close() writes what is known and unlocks. A damaged file `stream` is KETEN_DAMAGED;
// a damaged `known` is no failure. Both files have two copies of their text (sealed.h).
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
#include "clients/lib/sealed.h"

// Numbers that one write reserves ahead. A crash skips the rest of them, which the wire allows.
#define BLOCK 64

static keten_result
fail(keten_result result, const char *directory, const char *what, char *why, size_t why_size)
{
    if (why != NULL && why_size)
        snprintf(why, why_size, "%s: %s", directory, what);
    return result;
}

static bool
store_next(Stream *stream, uint64_t stored)
{
    if (stream->directory < 0) {
        stream->stored = stored;
        return true;
    }
    char hex[TEXT_HEX_BYTES(STREAM_BYTES)], text[SEALED_BYTES];
    text_hex(stream->id, STREAM_BYTES, hex);
    snprintf(text, sizeof text, "stream %s\nnext %" PRIu64 "\n", hex, stored);
    if (!sealed_write(stream->directory, "stream", text))
        return false;
    stream->stored = stored;
    return true;
}

static bool
parse_stream(Stream *stream, const char *text)
{
    char hex[TEXT_HEX_BYTES(STREAM_BYTES)];
    uint64_t next;
    int end = 0;
    // The whole text: what has more behind it is a damaged file.
    if (sscanf(text, "stream %32[0-9a-f]\nnext %" SCNu64 "%n", hex, &next, &end) != 2 ||
        strcmp(text + end, "\n") != 0 || !next || next > UINT64_MAX / 2 ||
        !text_from_hex(hex, stream->id, STREAM_BYTES))
        return false;
    stream->next = stream->stored = next;
    return true;
}

// The end of the file `known`. An earlier release wrote no third line: then there are no tags.
// False when something else stands there, as in a damaged file.
static bool
parse_tags(Known *known, const char *text)
{
    char receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)], delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)];
    int told, end = 0;
    if (strcmp(text, "\n") == 0)
        return true;
    if (sscanf(text, "\ntags %32[0-9a-f-] %64[0-9a-f-] told %d%n", receipt, delivery, &told,
               &end) != 3 ||
        strcmp(text + end, "\n") != 0)
        return false;
    known->told = told != 0;
    known->receipt_tagged = text_from_hex(receipt, known->receipt_tag, RECEIPT_TAG_BYTES);
    known->delivery_tagged = text_from_hex(delivery, known->delivery_tag, DELIVERY_TAG_BYTES);
    return true;
}

static void
parse_known(Stream *stream, const char *text)
{
    Known known = {0};
    char hex[TEXT_HEX_BYTES(LEAF_BYTES)];
    int end = 0;
    // With a damaged file this partner knows nothing, as on its first day: a wrong position would
    // look as if the daemon had been rolled back.
    if (sscanf(text, "receipt %" SCNu64 " %64[0-9a-f]\ndelivered %" SCNu64 " %" SCNu64 "%n",
               &known.position, hex, &known.history, &known.delivered, &end) == 4 &&
        text_from_hex(hex, known.leaf, LEAF_BYTES) && parse_tags(&known, text + end))
        stream->known = known;
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

// True when commands wait that some stream numbered: without `stream` nobody knows which.
static bool
has_commands(const Stream *stream)
{
    struct stat status;
    return fstatat(stream->directory, "outbox", &status, 0) == 0 && status.st_size > 0;
}

static keten_result
load_directory(Stream *stream, const char *directory, const uint8_t *id, char *why, size_t why_size)
{
    char text[SEALED_BYTES];
    const SealedRead read = sealed_read(stream->directory, "stream", text);
    const bool there = read == SEALED_OK || read == SEALED_BARE;
    if (read == SEALED_ERROR)
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    if ((there && !parse_stream(stream, text)) || (!there && has_commands(stream)))
        return fail(KETEN_DAMAGED, directory,
                    "the file `stream` is damaged or gone: keep this directory under another name, "
                    "then see which of its commands arrived",
                    why, why_size);
    if (there && id != NULL && memcmp(id, stream->id, STREAM_BYTES) != 0)
        return fail(KETEN_USAGE, directory, "holds another stream than the one asked for", why,
                    why_size);
    // A file of an earlier release, or with one damaged copy, is written anew with the first
    // numbers that are reserved.
    if (!there && !store_next(stream, stream->next))
        return fail(KETEN_STORAGE, directory, strerror(errno), why, why_size);
    const SealedRead known = sealed_read(stream->directory, "known", text);
    if (known == SEALED_OK || known == SEALED_BARE)
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
    char hex[TEXT_HEX_BYTES(LEAF_BYTES)], text[SEALED_BYTES];
    text_hex(stream->known.leaf, LEAF_BYTES, hex);
    char receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)] = "-",
         delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)] = "-";
    if (stream->known.receipt_tagged)
        text_hex(stream->known.receipt_tag, RECEIPT_TAG_BYTES, receipt);
    if (stream->known.delivery_tagged)
        text_hex(stream->known.delivery_tag, DELIVERY_TAG_BYTES, delivery);
    snprintf(text, sizeof text,
             "receipt %" PRIu64 " %s\ndelivered %" PRIu64 " %" PRIu64 "\ntags %s %s told %d\n",
             stream->known.position, hex, stream->known.history, stream->known.delivered, receipt,
             delivery, stream->known.told);
    if (sealed_write(stream->directory, "known", text))
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
