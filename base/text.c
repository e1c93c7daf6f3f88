// SPDX-License-Identifier: EUPL-1.2
// See text.h. Knows: UTF-8, decimal digits, edit distance. Must never know: languages, files.
#include "base/text.h"

#include <string.h>

#include "base/assert.h"

Text
text_of(const char *string)
{
    return (Text){string, strlen(string)};
}

bool
text_is(Text text, const char *string)
{
    return text.length == strlen(string) &&
           (text.length == 0 || memcmp(text.at, string, text.length) == 0);
}

// The length of the sequence that starts at `at`; 0: it is none. Source: table 3-7 of the Unicode
// standard.
static size_t
utf8_sequence(const uint8_t *at, size_t left)
{
    static const struct {
        uint8_t first_low, first_high, length, second_low, second_high;
    } forms[] = {
        {0x01, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
        {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
        {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (at[0] < forms[i].first_low || at[0] > forms[i].first_high)
            continue;
        if (forms[i].length > left)
            return 0;
        if (forms[i].length > 1 && (at[1] < forms[i].second_low || at[1] > forms[i].second_high))
            return 0;
        for (size_t j = 2; j < forms[i].length; j++)
            if (at[j] < 0x80 || at[j] > 0xbf)
                return 0;
        return forms[i].length;
    }
    return 0;
}

bool
text_is_utf8(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length;) {
        const size_t step = utf8_sequence(at + i, length - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

bool
text_to_uint64(Text text, uint64_t *ret)
{
    uint64_t value = 0;
    if (text.length == 0 || (text.length > 1 && text.at[0] == '0'))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        const unsigned digit = (unsigned)(unsigned char)text.at[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}

bool
text_to_int64(Text text, int64_t *ret)
{
    if (text.length == 0)
        return false;
    const bool negative = text.at[0] == '-';
    const Text digits = {text.at + negative, text.length - negative};
    uint64_t size;
    if (!text_to_uint64(digits, &size) || (negative && size == 0))
        return false;
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *ret = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

bool
text_to_cents(Text text, int64_t *ret_cents)
{
    if (text.length == 0)
        return false;
    const char *point = memchr(text.at, '.', text.length);
    const size_t whole_length = point == NULL ? text.length : (size_t)(point - text.at);
    const size_t decimals = point == NULL ? 0 : text.length - whole_length - 1;
    int64_t whole, cents = 0;
    if (point != NULL && (decimals < 1 || decimals > 2))
        return false;
    const bool negative = text.at[0] == '-';
    const Text digits = {text.at + negative, whole_length - negative};
    if (whole_length < (negative ? 2u : 1u) || !text_to_int64(digits, &whole) || whole < 0 ||
        whole > INT64_MAX / 100 - 1)
        return false;
    for (size_t i = 0; i < decimals; i++) {
        const unsigned digit = (unsigned)(unsigned char)point[1 + i] - '0';
        if (digit > 9)
            return false;
        cents += (int64_t)digit * (i == 0 ? 10 : 1);
    }
    cents += whole * 100;
    *ret_cents = negative ? -cents : cents;
    return true;
}

#define DISTANCE_BYTES 128

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// The edit distance, at most `cap`. Keeps three rows of the table of distances. Two neighbours
// swapped count as one mistake, since people who type swap letters often.
static size_t
distance_of(const char *a, const char *b, size_t cap)
{
    const size_t m = strlen(a), n = strlen(b);
    size_t rows[3][DISTANCE_BYTES + 1];
    if (m > DISTANCE_BYTES || n > DISTANCE_BYTES)
        return cap;
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(least(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return least(rows[m % 3][n], cap);
}

const char *
text_nearest(const char *wrong, const char *const *names, size_t count)
{
    ASSERT(wrong != NULL && (names != NULL || count == 0));
    const size_t third = strlen(wrong) / 3;
    const size_t most = third > 0 ? third : 1;
    const char *nearest = NULL;
    size_t best = most + 1;
    for (size_t i = 0; i < count; i++) {
        const size_t distance = distance_of(wrong, names[i], best);
        if (distance < best) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

void
text_hex(const uint8_t *bytes, size_t length, char *ret)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        ret[2 * i] = digits[bytes[i] >> 4];
        ret[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret[2 * length] = '\0';
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
text_from_hex(const char *hex, uint8_t *ret, size_t length)
{
    if (strlen(hex) != 2 * length)
        return false;
    for (size_t i = 0; i < 2 * length; i++)
        if (hex_digit(hex[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i++)
        ret[i] = (uint8_t)(hex_digit(hex[2 * i]) * 16 + hex_digit(hex[2 * i + 1]));
    return true;
}
