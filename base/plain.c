// SPDX-License-Identifier: EUPL-1.2
// See plain.h. Knows: Unicode 15's controls and bidirectional controls (UAX #9), RFC 3629. Must
// never know: what is printed.
// The path: convert() takes character by character (sequence) and writes each as it is, or escaped.
// plain_line gives it a whole text. plain_streams puts a stream of its own over stdout and stderr,
// whose writer (stream_write) keeps back the begin of a character until the rest comes.
// Failure: a write that fails is an error of the stream, as of any other.
#include "base/plain.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

#define LONGEST  4 // bytes of a character
#define CUT      (-1)
#define PER_TIME 1024

typedef struct Range {
    uint32_t from, to;
} Range;

// A terminal or an editor obeys C0, DEL and C1, the marks of direction, and the ends of lines and
// of paragraphs that are no line feed.
static const Range obeyed[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C},
    {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

// Leads of more bytes than one, and the bounds of the second byte (RFC 3629, section 4).
typedef struct Lead {
    unsigned char from, to, second_from, second_to, length;
} Lead;
static const Lead leads[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static bool
is_obeyed(uint32_t c)
{
    for (size_t i = 0; i < sizeof obeyed / sizeof obeyed[0]; i++)
        if (c >= obeyed[i].from && c <= obeyed[i].to)
            return true;
    return false;
}

// How many bytes the character at `at` has; 0: the byte begins none; CUT: its end is missing.
static int
sequence(const unsigned char *at, size_t left, uint32_t *ret)
{
    const Lead *lead = NULL;
    if (at[0] < 0x80) {
        *ret = at[0];
        return 1;
    }
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (at[0] >= leads[i].from && at[0] <= leads[i].to)
            lead = &leads[i];
    if (lead == NULL)
        return 0;
    uint32_t c = at[0] & (0x7Fu >> lead->length);
    for (size_t i = 1; i < lead->length; i++) {
        if (i == left)
            return CUT;
        if (at[i] < (i == 1 ? lead->second_from : 0x80) ||
            at[i] > (i == 1 ? lead->second_to : 0xBF))
            return 0;
        c = c << 6 | (at[i] & 0x3Fu);
    }
    *ret = c;
    return lead->length;
}

// Ends of lines stay in a stream: a line feed, and a carriage return before one, as CSV has it.
static int
passes_in_lines(const unsigned char *at, size_t left)
{
    if (at[0] == '\n' || at[0] == '\t')
        return 1;
    if (at[0] != '\r')
        return 0;
    return left == 1 ? CUT : at[1] == '\n' ? 2 : 0;
}

// Converts what is whole and returns the bytes written; *ret_taken of the bytes are done. When
// `final`, the begin of a character counts as bytes that are no UTF-8.
static size_t
convert(const unsigned char *bytes, size_t length, bool lines, bool final, char *ret,
        size_t *ret_taken)
{
    size_t at = 0, out = 0;
    while (at < length) {
        uint32_t c = 0;
        int whole = lines ? passes_in_lines(bytes + at, length - at) : 0;
        const bool passes = whole > 0;
        if (whole == 0)
            whole = sequence(bytes + at, length - at, &c);
        if (whole == CUT && !final)
            break;
        if (whole == CUT && bytes[at] == '\r')
            whole = 1, c = '\r';
        if (whole <= 0) {
            out += (size_t)sprintf(ret + out, "\\x%02X", bytes[at++]);
            continue;
        }
        if (!passes && is_obeyed(c)) {
            out += (size_t)sprintf(ret + out, "\\u%04X", (unsigned)c);
        } else {
            memcpy(ret + out, bytes + at, (size_t)whole);
            out += (size_t)whole;
        }
        at += (size_t)whole;
    }
    *ret_taken = at;
    return out;
}

void
plain_line_into(const char *text, char *ret)
{
    ASSERT(text != NULL && ret != NULL);
    size_t taken;
    ret[convert((const unsigned char *)text, strlen(text), false, true, ret, &taken)] = '\0';
}

const char *
plain_line(Arena *arena, const char *text)
{
    ASSERT(arena != NULL && text != NULL);
    char *plain = arena_take(arena, PLAIN_GROWTH * strlen(text) + 1);
    plain_line_into(text, plain);
    return strcmp(plain, text) == 0 ? text : plain;
}

typedef struct Stream {
    int fd;
    unsigned char held[LONGEST]; // the begin of a character
    size_t held_count;
} Stream;

static bool
write_whole(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

// For a cookie stream, 0 tells a failure.
static ssize_t
stream_write(void *cookie, const char *bytes, size_t size)
{
    Stream *stream = cookie;
    unsigned char in[LONGEST + PER_TIME];
    char out[PLAIN_GROWTH * sizeof in + 1]; // the last byte is for the NUL of sprintf
    for (size_t at = 0; at < size;) {
        const size_t more = size - at < PER_TIME ? size - at : PER_TIME;
        const size_t have = stream->held_count + more;
        size_t taken;
        memcpy(in, stream->held, stream->held_count);
        memcpy(in + stream->held_count, bytes + at, more);
        const size_t length = convert(in, have, true, false, out, &taken);
        stream->held_count = have - taken;
        ASSERT(stream->held_count < LONGEST);
        memcpy(stream->held, in + taken, stream->held_count);
        if (!write_whole(stream->fd, out, length))
            return 0;
        at += more;
    }
    return (ssize_t)size;
}

static int
stream_close(void *cookie)
{
    free(cookie);
    return 0;
}

static FILE *
stream_over(int fd, int buffering)
{
    Stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    stream->fd = fd;
    FILE *file = fopencookie(stream, "w",
                             (cookie_io_functions_t){.write = stream_write, .close = stream_close});
    if (file == NULL)
        free(stream);
    else
        (void)setvbuf(file, NULL, buffering, BUFSIZ);
    return file;
}

// The streams live as long as the process, unless the caller closes them.
bool
plain_streams(void)
{
    FILE *out = stream_over(STDOUT_FILENO, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
    FILE *errors = out == NULL ? NULL : stream_over(STDERR_FILENO, _IONBF);
    if (errors == NULL)
        return false;
    (void)fflush(stdout);
    stdout = out;
    stderr = errors;
    return true;
}
