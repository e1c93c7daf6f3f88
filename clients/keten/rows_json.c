// SPDX-License-Identifier: EUPL-1.2
// Rows as JSON. Knows: the form of each kind of cell. Must never know: which query the rows answer.
#include "clients/keten/rows_json.h"

#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"

json_t *
json_instant(int64_t at_ms)
{
    char text[INSTANT_TEXT_BYTES];
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
    char again[INSTANT_TEXT_BYTES];
    const char *text = json_string_value(value);
    if (text == NULL || strlen(text) != 24 || !instant_parse(text_of(text), ret_ms))
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
    if (text == NULL)
        exhausted("memory");
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}
