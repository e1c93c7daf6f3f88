// SPDX-License-Identifier: EUPL-1.2
// Views of text and small text helpers. Knows: bytes with a length, UTF-8, edit distance, numbers
// in decimal. Must never know: languages, files.
#ifndef KETEN_BASE_TEXT_H
#define KETEN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Text {
    const char *at; // not owned, not NUL-terminated
    size_t length;
} Text;

Text
text_of(const char *string);
bool
text_is(Text text, const char *string);

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. A NUL counts as invalid.
bool
text_is_utf8(const void *bytes, size_t length);

// Decimal, for text_to_int64 with an optional leading minus, no blanks, no leading zeros but "0"
// itself. False leaves *ret untouched.
bool
text_to_int64(Text text, int64_t *ret);
bool
text_to_uint64(Text text, uint64_t *ret);

// Euros with at most two decimals after a point ("450", "450.5", "450.00"), no thousands marks,
// optional leading minus → cents.
bool
text_to_cents(Text text, int64_t *ret_cents);

// The name among `names` that is nearest to `wrong`, by edit distance over bytes (insert, drop,
// change, swap neighbours). NULL: no name is within a third of the length of `wrong`, or within 1
// if that is less than 1. A text of more than 128 bytes is near to none.
const char *
text_nearest(const char *wrong, const char *const *names, size_t count);

// The size of so many bytes in hex, with the NUL.
#define TEXT_HEX_BYTES(length) (2 * (length) + 1)

// Lower-case hex. `ret` holds TEXT_HEX_BYTES(length).
void
text_hex(const uint8_t *bytes, size_t length, char *ret);
// Hex in lower or upper case. False: `hex` is not 2 * length digits; `ret` is untouched then.
bool
text_from_hex(const char *hex, uint8_t *ret, size_t length);

#endif
