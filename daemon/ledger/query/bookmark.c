// SPDX-License-Identifier: EUPL-1.2
// See bookmark.h. Knows: numbers in hexadecimal with points between them. Must never know: what
// they mean.
#include "daemon/ledger/query/bookmark.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"

const char *
bookmark_text(uint64_t list, const Bookmark *bookmark, Arena *arena)
{
    ASSERT(bookmark != NULL && arena != NULL);
    const uint64_t *part = bookmark->part;
    return arena_format(arena, "%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx64, list,
                        part[0], part[1], part[2], part[3]);
}

// One number of 1 to 16 digits, and the byte behind it.
static bool
read_number(const char **text, char behind, uint64_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    const size_t length = strspn(*text, digits);
    uint64_t number = 0;
    if (length == 0 || length > 16 || (*text)[length] != behind)
        return false;
    for (size_t i = 0; i < length; i++)
        number = number << 4 | (uint64_t)(strchr(digits, (*text)[i]) - digits);
    *text += length + (behind != '\0');
    *ret = number;
    return true;
}

bool
bookmark_read(uint64_t list, const char *text, Bookmark *ret)
{
    ASSERT(text != NULL && ret != NULL);
    uint64_t found;
    Bookmark bookmark;
    if (!read_number(&text, '.', &found) || found != list)
        return false;
    for (size_t i = 0; i < BOOKMARK_PARTS; i++)
        if (!read_number(&text, i + 1 < BOOKMARK_PARTS ? '.' : '\0', &bookmark.part[i]))
            return false;
    *ret = bookmark;
    return true;
}
