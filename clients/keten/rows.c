// SPDX-License-Identifier: EUPL-1.2
// Rows as tables, JSON lines and CSV. Knows: how each kind of cell reads. Must never know: which
// query they answer.
#include "clients/keten/rows.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "clients/keten/table.h"

const char *
word_of(KtLanguage language, const char *name)
{
    static const struct {
        const char *name, *text[2];
    } words[] = {
#define WORD(word, nl, en) {word, {nl, en}},
#include "clients/keten/words.def"
#undef WORD
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].text[language - 1];
    return name;
}

const char *
enum_word(const ProtobufCEnumDescriptor *type, int value, const char *prefix, Arena *arena)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    if (!found)
        return "";
    size_t skip = strncmp(found->name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    char *word = arena_text(arena, found->name + skip);
    for (char *p = word; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return word;
}

const Cell *
row_cell(const Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i];
    return NULL;
}

static const char *
instant_text(int64_t at_ms, bool local, Arena *arena)
{
    char *text = arena_take(arena, 32);
    if (local)
        instant_format_local(at_ms, text);
    else
        instant_format(at_ms, text);
    return text;
}

const char *
cell_text(const Cell *cell, Arena *arena)
{
    switch (cell->value_case) {
    case KETEN__V1__CELL__VALUE_TEXT:
        return cell->text;
    case KETEN__V1__CELL__VALUE_NUMBER:
        return arena_format(arena, "%" PRId64, cell->number);
    case KETEN__V1__CELL__VALUE_FLAG:
        return cell->flag ? "true" : "false";
    case KETEN__V1__CELL__VALUE_INSTANT_MS:
        return instant_text(cell->instant_ms, false, arena);
    case KETEN__V1__CELL__VALUE__NOT_SET:
    case _KETEN__V1__CELL__VALUE__CASE_IS_INT_SIZE:
        return "";
    }
    return "";
}

// The letter that goes before a number of this name.
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
    // A version is that of the row's own subject: a matter's before a fact's before a step's.
    bool own =
        letter == 'm' || (letter == 's' && !row_cell(row, "fact") && !row_cell(row, "matter"));
    const Cell *version = own ? row_cell(row, "version") : NULL;
    if (!letter)
        return arena_format(arena, "%" PRId64, cell->number);
    if (cell->number == 0)
        return "";
    if (version)
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
        return cell->instant_ms ? instant_text(cell->instant_ms, true, arena) : "";
    static const char *const worded[] = {"state", "outcome", "was", "then", "item", "why", "what"};
    for (size_t i = 0; i < sizeof worded / sizeof worded[0]; i++)
        if (strcmp(cell->name, worded[i]) == 0)
            return word_of(tool->language, cell_text(cell, arena));
    return cell_text(cell, arena);
}

json_t *
json_instant(int64_t at_ms)
{
    char text[32];
    if (at_ms == 0)
        return json_null();
    instant_format(at_ms, text);
    return json_string(text);
}

static json_t *
cell_json(const Cell *cell)
{
    switch (cell->value_case) {
    case KETEN__V1__CELL__VALUE_TEXT:
        return json_string(cell->text);
    case KETEN__V1__CELL__VALUE_NUMBER:
        return json_integer(cell->number);
    case KETEN__V1__CELL__VALUE_FLAG:
        return json_boolean(cell->flag);
    case KETEN__V1__CELL__VALUE_INSTANT_MS:
        return json_instant(cell->instant_ms);
    case KETEN__V1__CELL__VALUE__NOT_SET:
    case _KETEN__V1__CELL__VALUE__CASE_IS_INT_SIZE:
        return json_null();
    }
    return json_null();
}

json_t *
row_json(const Row *row)
{
    json_t *object = json_object();
    if (!row_cell(row, "row") && row->kind[0])
        json_object_set_new(object, "row", json_string(row->kind));
    for (size_t i = 0; i < row->n_cells; i++)
        json_object_set_new(object, row->cells[i]->name, cell_json(row->cells[i]));
    return object;
}

// An instant exactly as this project writes it.
static bool
is_instant(const json_t *value, int64_t *ret_ms)
{
    char again[32];
    const char *text = json_string_value(value);
    if (!text || strlen(text) != 24 || !instant_parse(text_of(text), ret_ms))
        return false;
    instant_format(*ret_ms, again);
    return strcmp(again, text) == 0;
}

static void
cell_set(Cell *cell, const json_t *value, Arena *arena)
{
    int64_t at_ms;
    if (is_instant(value, &at_ms)) {
        cell->value_case = KETEN__V1__CELL__VALUE_INSTANT_MS;
        cell->instant_ms = at_ms;
    } else if (json_is_string(value)) {
        cell->value_case = KETEN__V1__CELL__VALUE_TEXT;
        cell->text = arena_text(arena, json_string_value(value));
    } else if (json_is_integer(value)) {
        cell->value_case = KETEN__V1__CELL__VALUE_NUMBER;
        cell->number = json_integer_value(value);
    } else if (json_is_boolean(value)) {
        cell->value_case = KETEN__V1__CELL__VALUE_FLAG;
        cell->flag = json_is_true(value);
    }
}

Row *
row_of_json(const json_t *object, Arena *arena)
{
    if (!json_is_object(object))
        return NULL;
    Row *row = arena_take(arena, sizeof *row);
    keten__v1__row__init(row);
    row->cells = arena_take(arena, (json_object_size(object) + 1) * sizeof *row->cells);
    void *iter = json_object_iter((json_t *)(uintptr_t)object);
    for (; iter; iter = json_object_iter_next((json_t *)(uintptr_t)object, iter)) {
        const json_t *value = json_object_iter_value(iter);
        if (strcmp(json_object_iter_key(iter), "row") == 0 && json_is_string(value)) {
            row->kind = arena_text(arena, json_string_value(value));
            continue;
        }
        Cell *cell = arena_take(arena, sizeof *cell);
        keten__v1__cell__init(cell);
        cell->name = arena_text(arena, json_object_iter_key(iter));
        cell_set(cell, value, arena);
        row->cells[row->n_cells++] = cell;
    }
    return row;
}

void
json_line(FILE *to, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    if (!text)
        exhausted("memory");
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}

// The names of the columns: every one, where it first stands.
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

// A step's or a matter's version already stands behind its number.
static bool
shown(const char *name, const char *const *names, size_t count)
{
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
        if (shown(names[i], names, count))
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
            bool empty = !cell || (cell->value_case == KETEN__V1__CELL__VALUE_INSTANT_MS &&
                                   cell->instant_ms == 0);
            fputs(c ? "," : "", to);
            csv_cell(to, empty ? "" : cell_text(cell, arena));
        }
        fputs("\r\n", to);
    }
}
