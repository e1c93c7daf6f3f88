// SPDX-License-Identifier: EUPL-1.2
// Tables, JSON lines and CSV from rows; signals from JSON lines. Must never know: a daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/keten/rows.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/signal_lines.h"
#include "clients/keten/table.h"

static const char *
table_text(Arena *arena, size_t columns, const char *const *cells, size_t count)
{
    char *text = NULL;
    size_t length = 0;
    Table table;
    FILE *to = open_memstream(&text, &length);
    table_init(&table, arena, columns);
    for (size_t i = 0; i < count; i++)
        table_cell(&table, cells[i]);
    table_print(&table, to);
    fclose(to);
    const char *copy = arena_text(arena, text);
    free(text);
    return copy;
}

static void
columns_stand_under_each_other(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *cells[] = {"name",
                           "count",
                           "note",
                           "Zo\xC3\xAB",
                           "7",
                           "a\tb",
                           "Group 1",
                           "118",
                           NULL,
                           "e\xCC\x81",
                           "12",
                           NULL,
                           "\xE6\x9D\xB1\xE4\xBA\xAC",
                           "3",
                           ""};
    assert_string_equal(table_text(&arena, 3, cells, 15), "name     count  note\n"
                                                          "Zo\xC3\xAB          7  a\\u0009b\n"
                                                          "Group 1    118\n"
                                                          "e\xCC\x81           12\n"
                                                          "\xE6\x9D\xB1\xE4\xBA\xAC         3\n");
    arena_done(&arena);
}

typedef void (*Printer)(Tool *tool, const Rows *rows, FILE *to);

static void
print_csv(Tool *tool, const Rows *rows, FILE *to)
{
    rows_csv(rows, &tool->arena, to);
}

static void
assert_printed(Printer print, Tool *tool, const Rows *rows, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    print(tool, rows, to);
    fclose(to);
    assert_string_equal(text, expected);
    free(text);
}

static Row *
row_from(Tool *tool, const char *json)
{
    json_t *object = json_loads(json, 0, NULL);
    assert_non_null(object);
    Row *row = row_of_json(object, &tool->arena);
    json_decref(object);
    return row;
}

#define STEP_ROW                                                                                   \
    "{\"row\":\"step\",\"step\":17,\"version\":4,\"plan\":12,\"state\":\"waiting\","               \
    "\"due\":\"2011-10-18T13:53:19.732Z\",\"late\":true}"
#define FACT_ROW "{\"row\":\"fact\",\"fact\":3,\"version\":2,\"step\":17,\"kind\":\"a, \\\"b\\\"\"}"

static void
rows_read_the_same_for_people_and_programs(void **state)
{
    (void)state;
    Tool tool = {.language = KT_NL};
    Row *items[] = {row_from(&tool, STEP_ROW), row_from(&tool, FACT_ROW)};
    Rows rows = {.items = items, .count = 2};
    Rows first = {.items = items, .count = 1}, second = {.items = items + 1, .count = 1};
    assert_printed(rows_print, &tool, &first,
                   "stap   plan  toestand  uiterlijk         te laat\n"
                   "s17@4  p12   wacht     2011-10-18 15:53  ja\n");
    assert_printed(rows_print, &tool, &second, "gegeven  stap  soort\nf3       s17   a, \"b\"\n");
    assert_printed(print_csv, &tool, &second,
                   "fact,version,step,kind\r\n3,2,17,\"a, \"\"b\"\"\"\r\n");
    tool.json = true;
    assert_printed(rows_print, &tool, &rows, STEP_ROW "\n" FACT_ROW "\n");
    arena_done(&tool.arena);
}

#define METRIC_ROW(name)                                                                           \
    "{\"row\":\"metric\",\"metric\":\"" name "\",\"value\":3,\"help_nl\":\"sessies\","             \
    "\"help_en\":\"sessions\"}"

static void
a_metric_is_explained_to_people_in_their_own_language(void **state)
{
    (void)state;
    Tool tool = {.language = KT_NL};
    Row *items[] = {row_from(&tool, METRIC_ROW("a")), row_from(&tool, METRIC_ROW("b"))};
    Rows rows = {.items = items, .count = 2};
    assert_printed(rows_print, &tool, &rows,
                   "telling  waarde  uitleg\n"
                   "a             3  sessies\n"
                   "b             3  sessies\n");
    tool.language = KT_EN;
    assert_printed(rows_print, &tool, &rows,
                   "metric  value  explanation\n"
                   "a           3  sessions\n"
                   "b           3  sessions\n");
    // Programs get both languages.
    tool.json = true;
    assert_printed(rows_print, &tool, &rows, METRIC_ROW("a") "\n" METRIC_ROW("b") "\n");
    assert_printed(print_csv, &tool, &rows,
                   "metric,value,help_nl,help_en\r\n"
                   "a,3,sessies,sessions\r\n"
                   "b,3,sessies,sessions\r\n");
    arena_done(&tool.arena);
}

static void
a_line_becomes_a_signal(void **state)
{
    (void)state;
    const char *line = "{\"kind\":\"rent-arrears\",\"persons\":[\"1\",\"2\"],\"occurred_at\":"
                       "\"2011-10-18T13:53:19.732Z\",\"worker\":\"J. Bakker\",\"fields\":"
                       "{\"months\":3,\"amount\":450.5,\"agreed\":true,\"note\":\"x\"}}";
    static const char *const values[] = {"3", "450.5", "yes", "x"};
    Arena arena = {0};
    Keten__V1__Command command;
    Fault fault;
    size_t column;
    assert_int_equal(signal_line_read(line, strlen(line), KT_EN, &arena, &command, &column, &fault),
                     KT_OK);
    assert_string_equal(command.worker, "J. Bakker");
    assert_int_equal(command.occurred_at_ms, INT64_C(1318945999732));
    assert_int_equal(command.signal->n_persons, 2);
    assert_int_equal(command.signal->n_fields, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(command.signal->fields[i]->value, values[i]);
    arena_done(&arena);
}

static void
a_wrong_line_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "[]",
        "{\"kind\":\"a\"}",
        "{\"persons\":[\"1\"]}",
        "{\"kind\":\"a\",\"persons\":\"1\"}",
        "{\"kind\":\"a\",\"persons\":[1]}",
        "{\"kind\":\"a\",\"persons\":[\"1\"],\"field\":{}}",
        "{\"kind\":\"a\",\"persons\":[\"1\"],\"fields\":{\"x\":[]}}",
        "{\"kind\":\"a\",\"persons\":[\"1\"],\"occurred_at\":\"yesterday\"}",
        "{\"kind\":\"a\",\"kind\":\"b\",\"persons\":[\"1\"]}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        Arena arena = {0};
        Keten__V1__Command command;
        Fault fault;
        size_t column;
        if (signal_line_read(lines[i], strlen(lines[i]), KT_EN, &arena, &command, &column,
                             &fault) != KT_FILE_CONTENT)
            fail_msg("taken: %s", lines[i]);
        arena_done(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_stand_under_each_other),
        cmocka_unit_test(rows_read_the_same_for_people_and_programs),
        cmocka_unit_test(a_metric_is_explained_to_people_in_their_own_language),
        cmocka_unit_test(a_line_becomes_a_signal),
        cmocka_unit_test(a_wrong_line_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
