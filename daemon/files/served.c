// SPDX-License-Identifier: EUPL-1.2
// See served.h. Knows: four lines of text. Must never know: the ledger.
// The path: served_read reads the whole file and takes its lines apart by one form; served_write
// prints the same form into a new file and renames it. A file that does not fit the form to its
// last byte is SERVED_UNREADABLE: a power cut can leave one, because the mark is mostly not synced.
#include "daemon/files/served.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"

#define FILE_BYTES 1024
#define FIRST_LINE "keten served 1\n"

static bool
path_of(const char *directory, const char *name, char ret[PATH_MAX])
{
    const int length = snprintf(ret, PATH_MAX, "%s/%s", directory, name);
    if (length > 0 && length < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

static bool
parse_proof(const char *line, ServedProof *ret)
{
    char leaf[TEXT_HEX_BYTES(LEAF_BYTES)], receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)],
        delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)], end;
    ServedProof proof = {0};
    if (*line == '\0') {
        *ret = proof;
        return true;
    }
    const int found =
        sscanf(line,
               "proof %63s receipt %" SCNu64 " %" SCNu64
               " %64[0-9a-f] %32[0-9a-f] delivery %" SCNu64 " %" SCNu64 " %64[0-9a-f]%c",
               proof.partner, &proof.receipt_history, &proof.receipt_position, leaf, receipt,
               &proof.history, &proof.delivered, delivery, &end);
    if (found != 9 || end != '\n' || !text_from_hex(leaf, proof.leaf, LEAF_BYTES) ||
        !text_from_hex(receipt, proof.receipt_tag, RECEIPT_TAG_BYTES) ||
        !text_from_hex(delivery, proof.delivery_tag, DELIVERY_TAG_BYTES))
        return false;
    *ret = proof;
    return true;
}

static bool
parse(const char *text, Served *ret)
{
    Served mark = {0};
    char id[TEXT_HEX_BYTES(UUID_BYTES)], running[TEXT_HEX_BYTES(HASH_BYTES)], end;
    int used = 0;
    const int found = sscanf(
        text, FIRST_LINE "history %" SCNu64 " %32[0-9a-f]\nserved %" SCNu64 " %64[0-9a-f]%c%n",
        &mark.history, id, &mark.position, running, &end, &used);
    if (found != 5 || end != '\n' || !text_from_hex(id, mark.id, UUID_BYTES) ||
        !text_from_hex(running, mark.running.bytes, HASH_BYTES) ||
        !parse_proof(text + used, &mark.proof))
        return false;
    *ret = mark;
    return true;
}

ServedRead
served_read(const char *directory, Served *ret)
{
    char path[PATH_MAX], text[FILE_BYTES];
    ASSERT(directory != NULL && ret != NULL);
    if (!path_of(directory, "mark", path))
        return SERVED_UNREADABLE;
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return errno == ENOENT ? SERVED_ABSENT : SERVED_UNREADABLE;
    const ssize_t got = read(file, text, sizeof text - 1);
    const int why = got < 0 ? errno : 0;
    close(file);
    text[got < 0 ? 0 : got] = '\0';
    errno = why;
    return got >= 0 && parse(text, ret) ? SERVED_FOUND : SERVED_UNREADABLE;
}

static int
print_proof(char *text, size_t room, const ServedProof *proof)
{
    char leaf[TEXT_HEX_BYTES(LEAF_BYTES)], receipt[TEXT_HEX_BYTES(RECEIPT_TAG_BYTES)],
        delivery[TEXT_HEX_BYTES(DELIVERY_TAG_BYTES)];
    if (proof->partner[0] == '\0')
        return 0;
    text_hex(proof->leaf, LEAF_BYTES, leaf);
    text_hex(proof->receipt_tag, RECEIPT_TAG_BYTES, receipt);
    text_hex(proof->delivery_tag, DELIVERY_TAG_BYTES, delivery);
    return snprintf(text, room,
                    "proof %s receipt %" PRIu64 " %" PRIu64 " %s %s delivery %" PRIu64 " %" PRIu64
                    " %s\n",
                    proof->partner, proof->receipt_history, proof->receipt_position, leaf, receipt,
                    proof->history, proof->delivered, delivery);
}

static size_t
print(char text[FILE_BYTES], const Served *mark)
{
    char id[TEXT_HEX_BYTES(UUID_BYTES)], running[TEXT_HEX_BYTES(HASH_BYTES)];
    text_hex(mark->id, UUID_BYTES, id);
    text_hex(mark->running.bytes, HASH_BYTES, running);
    int length =
        snprintf(text, FILE_BYTES, FIRST_LINE "history %" PRIu64 " %s\nserved %" PRIu64 " %s\n",
                 mark->history, id, mark->position, running);
    ASSERT(length > 0 && length < FILE_BYTES);
    length += print_proof(text + length, FILE_BYTES - (size_t)length, &mark->proof);
    ASSERT(length < FILE_BYTES);
    return (size_t)length;
}

static bool
sync_directory(const char *directory)
{
    const int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return good;
}

bool
served_write(const char *directory, const Served *mark, bool durable)
{
    char path[PATH_MAX], fresh[PATH_MAX], text[FILE_BYTES];
    ASSERT(directory != NULL && mark != NULL);
    const size_t length = print(text, mark);
    if (!path_of(directory, "mark", path) || !path_of(directory, "mark.new", fresh) ||
        (mkdir(directory, 0700) != 0 && errno != EEXIST))
        return false;
    const int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    bool good = write(file, text, length) == (ssize_t)length && (!durable || fsync(file) == 0);
    good = close(file) == 0 && good;
    return good && rename(fresh, path) == 0 && (!durable || sync_directory(directory));
}

char *
served_beside(const char *data, Arena *arena)
{
    size_t length = strlen(data);
    while (length > 1 && data[length - 1] == '/')
        length--;
    return arena_format(arena, "%.*s-served", (int)length, data);
}
