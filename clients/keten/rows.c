// SPDX-License-Identifier: EUPL-1.2
// Rows as tables and CSV. Knows: how each kind of cell reads, the letters of ids. Must never know:
// which query the rows answer.
//
// rows_print() prints a block per kind of row: across, or downwards for one row with many cells;
// then where a list that was cut goes on.
// rows_csv() prints one table of all rows.
#include "clients/keten/rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/calendar.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/table.h"
#include "clients/keten/words.h"

static const char *
local_text(int64_t at_ms, Arena *arena)
{
    char *text = arena_take(arena, INSTANT_TEXT_BYTES);
    instant_format_local(at_ms, text);
    return text;
}

// The letter before a number with this name; 0 for none.
static char
id_letter(const char *name)
{
    static const struct {
        const char *name;
        char letter;
    } letters[] = {{"plan", 'p'},      {"other_plan", 'p'}, {"step", 's'},   {"fact", 'f'},
                   {"position", 'r'},  {"n", 'd'},          {"matter", 'm'}, {"repeats", 'f'},
                   {"resend_of", 'd'}, {"resent_as", 'd'},  {"answers", 'f'}};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (strcmp(letters[i].name, name) == 0)
            return letters[i].letter;
    return 0;
}

static const char *
number_for_people(const Row *row, const Cell *cell, Arena *arena)
{
    char letter = id_letter(cell->name);
    // A row has one version: of its matter, else of its fact, else of its step.
    bool own =
        letter == 'm' || (letter == 's' && !row_cell(row, "fact") && !row_cell(row, "matter"));
    const Cell *version = own ? row_cell(row, "version") : NULL;
    if (!letter)
        return arena_format(arena, "%" PRId64, cell->number);
    if (cell->number == 0)
        return "";
    if (version != NULL)
        return arena_format(arena, "%c%" PRId64 "@%" PRId64, letter, cell->number, version->number);
    return arena_format(arena, "%c%" PRId64, letter, cell->number);
}

static const char *
cell_for_people(const Tool *tool, const Row *row, const Cell *cell, Arena *arena)
{
    if (cell->value_case == KETEN__V1__CELL__VALUE_NUMBER)
        return number_for_people(row, cell, arena);
    if (cell->value_case == KETEN__V1__CELL__VALUE_FLAG)
        return !cell->flag ? "" : tool_say(tool, "ja", "yes");
    if (cell->value_case == KETEN__V1__CELL__VALUE_INSTANT_MS)
        return cell->instant_ms ? local_text(cell->instant_ms, arena) : "";
    static const char *const worded[] = {"state", "outcome", "was", "then", "item", "why", "what"};
    for (size_t i = 0; i < sizeof worded / sizeof worded[0]; i++)
        if (strcmp(cell->name, worded[i]) == 0)
            return word_of(tool->language, cell_text(cell, arena));
    return cell_text(cell, arena);
}

// The names of all columns, in the order in which they first occur.
static size_t
columns_of(const Rows *rows, const char **names, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        for (size_t c = 0; c < rows->items[i]->n_cells; c++) {
            const char *name = rows->items[i]->cells[c]->name;
            size_t known = 0;
            while (known < count && strcmp(names[known], name) != 0)
                known++;
            if (known == count && count < most)
                names[count++] = name;
        }
    return count;
}

// A column of versions is not shown beside steps or matters: s17@4 shows the version already. The
// explanation of a metric comes in two languages, and together they are too wide for a terminal.
static bool
shown(KtLanguage language, const char *name, const char *const *names, size_t count)
{
    if (strcmp(name, language == KT_NL ? "help_en" : "help_nl") == 0)
        return false;
    if (strcmp(name, "version") != 0)
        return true;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], "step") == 0 || strcmp(names[i], "matter") == 0)
            return false;
    return true;
}

// One row with many cells is easier to read downwards.
#define ACROSS_MOST 8

static void
print_downwards(Tool *tool, const Row *row, FILE *file)
{
    Table table;
    table_init(&table, &tool->arena, 2);
    for (size_t c = 0; c < row->n_cells; c++) {
        table_cell(&table, word_of(tool->language, row->cells[c]->name));
        table_cell(&table, cell_for_people(tool, row, row->cells[c], &tool->arena));
    }
    table_print(&table, file);
}

static void
print_across(Tool *tool, const Rows *rows, const char *const *names, size_t columns, FILE *file)
{
    Table table;
    table_init(&table, &tool->arena, columns);
    for (size_t c = 0; c < columns; c++)
        table_cell(&table, word_of(tool->language, names[c]));
    for (size_t i = 0; i < rows->count; i++)
        for (size_t c = 0; c < columns; c++) {
            const Row *row = rows->items[i];
            const Cell *cell = row_cell(row, names[c]);
            table_cell(&table, cell ? cell_for_people(tool, row, cell, &tool->arena) : NULL);
        }
    table_print(&table, file);
}

static void
print_block(Tool *tool, const Rows *rows, FILE *file)
{
    const char *names[64], *kept[64];
    size_t count = columns_of(rows, names, 64), columns = 0;
    for (size_t i = 0; i < count; i++)
        if (shown(tool->language, names[i], names, count))
            kept[columns++] = names[i];
    if (rows->count == 1 && columns > ACROSS_MOST)
        print_downwards(tool, rows->items[0], file);
    else if (columns > 0)
        print_across(tool, rows, kept, columns, file);
}

static Rows
rows_of_kind(const Rows *rows, const char *kind, Arena *arena)
{
    Rows kept = {.items = arena_take(arena, (rows->count + 1) * sizeof(Row *))};
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->items[i]->kind, kind) == 0)
            kept.items[kept.count++] = rows->items[i];
    return kept;
}

static bool
first_of_kind(const Rows *rows, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(rows->items[i]->kind, rows->items[index]->kind) == 0)
            return false;
    return true;
}

// How the list goes on: for people as the option to give, for programs as a last object.
static void
print_next(const Tool *tool, const Rows *rows, FILE *to)
{
    if (rows->next == NULL || rows->next[0] == '\0')
        return;
    if (tool->json)
        json_line(to, json_pack("{s:s, s:s}", "row", "next", "after", rows->next));
    else
        fprintf(to, "%s --after %s\n", tool_say(tool, "verder met", "go on with"), rows->next);
}

void
rows_print(Tool *tool, const Rows *rows, FILE *to)
{
    for (size_t i = 0; tool->json && i < rows->count; i++)
        json_line(to, row_json(rows->items[i]));
    for (size_t i = 0; !tool->json && i < rows->count; i++) {
        if (i > 0 && strcmp(rows->items[i]->kind, rows->items[i - 1]->kind) == 0)
            continue;
        if (!first_of_kind(rows, i))
            continue;
        const char *kind = rows->items[i]->kind;
        Rows block = rows_of_kind(rows, kind, &tool->arena);
        if (i > 0)
            fputc('\n', to);
        if (block.count < rows->count)
            fprintf(to, "%s:\n", word_of(tool->language, kind));
        print_block(tool, &block, to);
    }
    print_next(tool, rows, to);
}

static void
csv_cell(FILE *to, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, to);
        return;
    }
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', to);
        fputc(*text, to);
    }
    fputc('"', to);
}

void
rows_csv(const Rows *rows, Arena *arena, FILE *to)
{
    const char *names[64];
    size_t columns = columns_of(rows, names, 64);
    for (size_t c = 0; c < columns; c++)
        fprintf(to, "%s%s", c ? "," : "", names[c]);
    fputs(columns ? "\r\n" : "", to);
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t c = 0; c < columns; c++) {
            const Cell *cell = row_cell(rows->items[i], names[c]);
            bool empty = cell == NULL || (cell->value_case == KETEN__V1__CELL__VALUE_INSTANT_MS &&
                                          cell->instant_ms == 0);
            fputs(c ? "," : "", to);
            csv_cell(to, empty ? "" : cell_text(cell, arena));
        }
        fputs("\r\n", to);
    }
}
