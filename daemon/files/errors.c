// SPDX-License-Identifier: EUPL-1.2
// The list of a file's errors, and its lines of text. Knows: order and layout. Must never know:
// grammars.
// The path: readers call errors_add() as they find errors; errors_sorted() puts them in the order
// of the file; file_errors_text() makes the lines.
#include "daemon/files/errors.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

enum { ERROR_BYTES = 2048, SHOWN_BYTES = 80 };

const char *
text_shown(Arena *arena, const char *text)
{
    size_t length = strlen(text);
    bool cut = length > SHOWN_BYTES;
    if (cut)
        length = SHOWN_BYTES;
    while (cut && length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    char *shown = arena_copy(arena, text, length);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)shown[i] < ' ' || shown[i] == 0x7F)
            shown[i] = '?';
    }
    return cut ? arena_format(arena, "%s...", shown) : shown;
}

// Every text from a file came through text_shown, and names are short: what we write fits.
static const char *
text_filled(Arena *arena, const char *format, va_list arguments)
{
    char text[ERROR_BYTES];
    int length = vsnprintf(text, sizeof text, format, arguments);
    ASSERT(length >= 0 && (size_t)length < sizeof text);
    return arena_text(arena, text);
}

static FileError *
error_room(ErrorList *list, size_t line, size_t column)
{
    list->items = arena_more(list->arena, list->items, list->count, sizeof *list->items);
    FileError *error = &list->items[list->count++];
    error->line = line;
    error->column = column;
    return error;
}

void
errors_add_texts(ErrorList *list, size_t line, size_t column, const char *nl, const char *en)
{
    FileError *error = error_room(list, line, column);
    error->text[KT_NL - 1] = nl;
    error->text[KT_EN - 1] = en;
}

void
errors_add(ErrorList *list, size_t line, size_t column, const char *nl, const char *en, ...)
{
    FileError *error = error_room(list, line, column);
    va_list arguments, again;
    va_start(arguments, en);
    va_copy(again, arguments);
    error->text[KT_NL - 1] = text_filled(list->arena, nl, arguments);
    error->text[KT_EN - 1] = text_filled(list->arena, en, again);
    va_end(again);
    va_end(arguments);
}

static int
place_order(const FileError *a, const FileError *b)
{
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return 0;
}

// Merges two sorted runs; taking the left one first on a tie is what keeps the order of finding.
static void
merge_runs(const FileError *from, FileError *to, size_t begin, size_t middle, size_t end)
{
    size_t left = begin, right = middle;
    for (size_t i = begin; i < end; i++) {
        bool take_left =
            left < middle && (right >= end || place_order(&from[left], &from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

FileErrors
errors_sorted(ErrorList *list)
{
    if (list->count == 0)
        return (FileErrors){NULL, 0};
    FileError *from = list->items;
    FileError *to = arena_take(list->arena, list->count * sizeof *to);
    for (size_t width = 1; width < list->count; width *= 2) {
        for (size_t begin = 0; begin < list->count; begin += 2 * width) {
            size_t middle = begin + width < list->count ? begin + width : list->count;
            size_t end = middle + width < list->count ? middle + width : list->count;
            merge_runs(from, to, begin, middle, end);
        }
        FileError *swap = from;
        from = to;
        to = swap;
    }
    return (FileErrors){from, list->count};
}

char *
file_errors_text(const char *file, const FileErrors *errors, KtCode code, KtLanguage language,
                 Arena *arena)
{
    ASSERT(errors != NULL && (language == KT_NL || language == KT_EN));
    size_t room = 1;
    for (size_t i = 0; i < errors->count; i++)
        room += strlen(file) + strlen(errors->items[i].text[language - 1]) + 80;
    char *text = arena_take(arena, room);
    size_t at = 0;
    for (size_t i = 0; i < errors->count; i++) {
        const FileError *error = &errors->items[i];
        int length =
            snprintf(text + at, room - at, "%s%s:%zu:%zu: error KT-%04u %s", i > 0 ? "\n" : "",
                     file, error->line, error->column, (unsigned)code, error->text[language - 1]);
        ASSERT(length > 0 && (size_t)length < room - at);
        at += (size_t)length;
    }
    return text;
}
