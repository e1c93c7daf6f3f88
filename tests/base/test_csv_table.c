// SPDX-License-Identifier: EUPL-1.2
// CSV as partners' systems write it: separators, quotes, line ends, and what is wrong told by line.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "base/csv_table.h"

static void
test_forms(void **unused)
{
    (void)unused;
    static const char *const texts[] = {
        "a,b\n1,2\n",         "a;b\r\n1;2\r\n",
        "a;b\n1;2",           "\357\273\277A;B\n1;2\n",
        "\n\na,b\n\n1,2\n\n", "\"a\",\"b\"\n\"1\",\"2\"\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Arena arena = {0};
        CsvTable csv;
        size_t line;
        assert_null(csv_table_read(&arena, texts[i], strlen(texts[i]), &csv, &line));
        assert_int_equal(csv.rows, 1);
        assert_int_equal(csv.columns, 2);
        assert_int_equal(csv_table_column(&csv, "b"), 1);
        assert_int_equal(csv_table_column(&csv, "c"), CSV_TABLE_COLUMNS);
        assert_string_equal(csv_table_cell(&csv, 0, 0), "1");
        assert_string_equal(csv_table_cell(&csv, 0, 1), "2");
        arena_done(&arena);
    }
}

static void
test_quotes(void **unused)
{
    (void)unused;
    static const char text[] = "a;b;c\n\"x;y\";\"he said \"\"ja\"\"\nand left\";\n";
    Arena arena = {0};
    CsvTable csv;
    size_t line;
    assert_null(csv_table_read(&arena, text, sizeof text - 1, &csv, &line));
    assert_string_equal(csv_table_cell(&csv, 0, 0), "x;y");
    assert_string_equal(csv_table_cell(&csv, 0, 1), "he said \"ja\"\nand left");
    assert_string_equal(csv_table_cell(&csv, 0, 2), "");
    arena_done(&arena);
}

static void
test_wrong_lines(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        size_t line;
    } cases[] = {
        {"a,b\n1,2\n1\n", 3},       // a column too few
        {"a,b\n1,2,3\n", 2},        // a column too many
        {"a,b\n1,\"2\n", 2},        // a quote that does not end
        {"a,b\n1,\"2\"x\n", 2},     // something behind a quoted cell
        {"a,b\n1,2\"\n", 2},        // a quote within a plain cell
        {"a,b\n\"1\n\",2\n3\n", 4}, // counted over a line break in quotes
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = {0};
        CsvTable csv;
        size_t line = 0;
        assert_non_null(csv_table_read(&arena, cases[i].text, strlen(cases[i].text), &csv, &line));
        assert_int_equal(line, cases[i].line);
        arena_done(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_wrong_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
