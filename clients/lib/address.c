// SPDX-License-Identifier: EUPL-1.2
// Reads a context directory. Knows: endpoint (one line), server.key (one line, z85) and own.key
// (two lines, z85, public and secret). Must never know: what the keys are used for. A secret never
// reaches `why`.
//
// address_load() reads the three files by a table of their forms. The first file that is missing or
// malformed, that others may change, or a key that others may read, ends the reading: `why` names
// the file, and *ret is untouched.
#include "clients/lib/address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "base/assert.h"
#include "base/text.h"
#include "base/trusted.h"

#define FILE_BYTES 1024

static void
say(char *why, size_t size, const char *directory, const char *file, const char *what)
{
    if (why != NULL && size)
        snprintf(why, size, "%s/%s: %s", directory, file, what);
}

// Reads at most FILE_BYTES - 1 bytes and puts a NUL behind them. False after the reason was told.
static bool
read_small(const char *directory, const char *file, TrustNeed need, char ret[FILE_BYTES], char *why,
           size_t why_size)
{
    char path[4096], advice[4200];
    TrustFault trust = TRUST_MISSING;
    int n = snprintf(path, sizeof path, "%s/%s", directory, file);
    bool fits = n >= 0 && (size_t)n < sizeof path;
    int fd = fits ? trusted_open(path, need, &trust, NULL) : -1;
    ssize_t got = fd < 0 ? -1 : read(fd, ret, FILE_BYTES - 1);
    int saved = fits ? errno : ENAMETOOLONG;
    if (fd >= 0)
        close(fd);
    if (got >= 0) {
        ret[got] = '\0';
        return true;
    }
    trusted_advice(trust, path, advice, sizeof advice);
    say(why, why_size, directory, file,
        trust == TRUST_OF_OTHER_KIND                                  ? "not a regular file"
        : trust == TRUST_OPEN_TO_WRITE || trust == TRUST_OPEN_TO_READ ? advice
                                                                      : strerror(saved));
    return false;
}

// Cuts `text` into lines without blanks around them, and passes over empty lines. Returns the
// number of lines; most + 1 when there are too many.
static size_t
cut_lines(char *text, char **ret, size_t most)
{
    size_t count = 0;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        line += strspn(line, " \t\r");
        size_t length = strlen(line);
        while (length && strchr(" \t\r", line[length - 1]))
            line[--length] = '\0';
        if (!length)
            continue;
        if (count == most)
            return most + 1;
        ret[count++] = line;
    }
    return count;
}

static bool
key_is_valid(const char *key)
{
    uint8_t bytes[CURVE_KEY_BYTES];
    bool valid = strlen(key) == CURVE_KEY_TEXT_BYTES - 1 && zmq_z85_decode(bytes, key);
    explicit_bzero(bytes, sizeof bytes);
    return valid;
}

typedef struct ContextFile {
    const char *name;
    size_t lines; // exactly so many
    bool keys;    // each line is a key in z85; else a text
    TrustNeed need;
    const char *wrong; // the message about any other content
} ContextFile;

static const ContextFile context_files[] = {
    {"endpoint", 1, false, TRUST_UNWRITTEN, "should hold one line such as tcp://127.0.0.1:7350"},
    {"server.key", 1, true, TRUST_UNWRITTEN,
     "should hold one line, the daemon's public key (40 characters z85)"},
    {"own.key", 2, true, TRUST_SECRET,
     "should hold two lines, public and secret key (40 characters z85 each)"},
};

static bool
load_file(const char *directory, const ContextFile *file, char *const *into, size_t room, char *why,
          size_t why_size)
{
    char text[FILE_BYTES], *lines[2] = {NULL, NULL};
    if (!read_small(directory, file->name, file->need, text, why, why_size))
        return false;
    bool good = cut_lines(text, lines, 2) == file->lines;
    for (size_t i = 0; good && i < file->lines; i++) {
        good = file->keys ? key_is_valid(lines[i])
                          : strlen(lines[i]) < room && text_is_utf8(lines[i], strlen(lines[i]));
        if (good)
            memcpy(into[i], lines[i], strlen(lines[i]) + 1);
    }
    if (!good)
        say(why, why_size, directory, file->name, file->wrong);
    explicit_bzero(text, sizeof text);
    return good;
}

keten_result
address_load(const char *directory, Address *ret, char *why, size_t why_size)
{
    ASSERT(directory != NULL && ret != NULL);
    Address read = {0};
    char *const endpoint[] = {read.endpoint}, *const server[] = {read.server},
                *const own[] = {read.public, read.secret};
    char advice[4200];
    TrustFault trust = trusted_folder(directory, TRUST_UNWRITTEN);
    if (trust == TRUST_OPEN_TO_WRITE) {
        trusted_advice(trust, directory, advice, sizeof advice);
        if (why != NULL && why_size)
            snprintf(why, why_size, "%s", advice);
        return KETEN_CONTEXT;
    }
    bool good =
        load_file(directory, &context_files[0], endpoint, sizeof read.endpoint, why, why_size) &&
        load_file(directory, &context_files[1], server, sizeof read.server, why, why_size) &&
        load_file(directory, &context_files[2], own, sizeof read.public, why, why_size);
    if (good)
        *ret = read;
    address_wipe(&read);
    return good ? KETEN_OK : KETEN_CONTEXT;
}

void
address_wipe(Address *address)
{
    explicit_bzero(address, sizeof *address);
}
