// SPDX-License-Identifier: EUPL-1.2
// A small text file of a state directory, kept so that a changed bit in it is found and mended.
// Knows: the file, two copies of its text, their sums. Must never know: what the text says.
#ifndef KETEN_LIB_SEALED_H
#define KETEN_LIB_SEALED_H

#include <stdbool.h>

#define SEALED_BYTES 512 // of a text, with its NUL

typedef enum SealedRead {
    SEALED_OK,
    SEALED_ABSENT, // there is no such file
    SEALED_BARE,   // no copy has its sum: a file of an earlier release, or a damaged one
    SEALED_ERROR,  // errno says why
} SealedRead;

// With SEALED_OK *ret is the text. With SEALED_BARE it is the whole file: the caller takes it only
// when it has the exact form of the earlier release, which a damaged file cannot have, because it
// is longer.
SealedRead
sealed_read(int directory, const char *name, char ret[SEALED_BYTES]);

// Replaces the file, so that a crash leaves the old or the new one. `text`: some lines, each with
// its end. False with errno.
bool
sealed_write(int directory, const char *name, const char *text);

#endif
