// SPDX-License-Identifier: EUPL-1.2
// Tables for people. Knows: how wide a character is on a terminal. Must never know: what the cells
// mean.
//
// table_cell() collects the cells, table_print() measures the columns and prints them. Widths come
// from two tables of Unicode ranges, because the tool never sets a locale.
#include "clients/keten/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/plain.h"

typedef struct Range {
    uint32_t from, to;
} Range;

// Unicode 15: combining marks and format characters that take no room, and the wide and fullwidth
// blocks.
static const Range narrow_none[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};
static const Range wide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static bool
within(uint32_t c, const Range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

// The next character. A byte that is no UTF-8 counts as a character.
static uint32_t
next(const unsigned char **at)
{
    uint32_t c = *(*at)++;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    if (more)
        c &= 0x3Fu >> more;
    for (; more > 0 && (**at & 0xC0) == 0x80; more--)
        c = c << 6 | (*(*at)++ & 0x3Fu);
    return c;
}

// How many columns a terminal shows for it: combining marks none, East Asian wide characters two.
static size_t
text_columns(const char *text)
{
    size_t columns = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        uint32_t c = next(&at);
        if (within(c, narrow_none, sizeof narrow_none / sizeof narrow_none[0]))
            continue;
        columns += within(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
    }
    return columns;
}

void
table_init(Table *table, Arena *arena, size_t columns)
{
    ASSERT(columns > 0);
    *table = (Table){.arena = arena, .columns = columns};
}

void
table_cell(Table *table, const char *text)
{
    if (table->count == table->room) {
        size_t want = table->room ? 2 * table->room : 64;
        table->cells =
            arena_grow(table->arena, table->cells, table->count, want, sizeof *table->cells);
        table->room = want;
    }
    table->cells[table->count++] = text ? plain_line(table->arena, text) : "";
}

static bool
is_number(const char *cell)
{
    return cell[0] != '\0' && strspn(cell, "0123456789") == strlen(cell);
}

static bool
all_numbers(const Table *table, size_t column)
{
    bool any = false;
    for (size_t i = table->columns + column; i < table->count; i += table->columns) {
        if (table->cells[i][0] != '\0' && !is_number(table->cells[i]))
            return false;
        any = any || table->cells[i][0] != '\0';
    }
    return any;
}

static void
print_cell(FILE *to, const char *cell, size_t width, bool right, bool last)
{
    int pad = (int)(width - text_columns(cell));
    if (right)
        fprintf(to, "%*s%s", pad, "", cell);
    else
        fprintf(to, "%s%*s", cell, last ? 0 : pad, "");
    fputs(last ? "\n" : "  ", to);
}

// The end of a line without its empty cells, so that no line ends in blanks.
static size_t
line_end(const Table *table, size_t row)
{
    size_t end = table->columns;
    while (end > 1 && table->cells[row + end - 1][0] == '\0')
        end--;
    return end;
}

void
table_print(const Table *table, FILE *to)
{
    ASSERT(table->count % table->columns == 0);
    size_t *width = arena_take(table->arena, table->columns * sizeof *width);
    bool *right = arena_take(table->arena, table->columns * sizeof *right);
    for (size_t i = 0; i < table->count; i++) {
        size_t columns = text_columns(table->cells[i]);
        if (columns > width[i % table->columns])
            width[i % table->columns] = columns;
    }
    for (size_t c = 0; c < table->columns; c++)
        right[c] = all_numbers(table, c);
    for (size_t row = 0; row < table->count; row += table->columns) {
        size_t end = line_end(table, row);
        for (size_t c = 0; c < end; c++)
            print_cell(to, table->cells[row + c], width[c], right[c], c + 1 == end);
    }
}
