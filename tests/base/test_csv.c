// SPDX-License-Identifier: EUPL-1.2
// CSV as programs really write it, and where a fault lies. Must never know: what a column means.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

// All records of a text, fields between bars, records on lines; a fault as "!result line:column".
static const char *
read_all(Arena *arena, const char *text)
{
    Csv csv;
    CsvRecord record = {0};
    const char *out = "";
    csv_open(&csv, CSV_QUOTES_LOOSE, text, strlen(text));
    for (;;) {
        CsvResult result = csv_next(&csv, arena, &record);
        if (result == CSV_END)
            return out;
        if (result != CSV_RECORD)
            return arena_format(arena, "%s!%d %zu:%zu", out, (int)result, csv.line, csv.column);
        for (size_t i = 0; i < record.count; i++)
            out = arena_format(arena, "%s%.*s%s", out, (int)record.fields[i].text.length,
                               record.fields[i].text.at, i + 1 < record.count ? "|" : "\n");
    }
}

static void
reads_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"\n\n", ""},
        {"a,b\n1,2\n", "a|b\n1|2\n"},
        {"a,b\r\n1,2\r\n", "a|b\n1|2\n"},
        {"a,b\n1,2", "a|b\n1|2\n"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "a|b\n"},
        {"a;b\n1,5;2\n", "a|b\n1,5|2\n"},
        {"a\tb\n1\t2\n", "a|b\n1|2\n"},
        {"\"a;b\",c\n", "a;b|c\n"},
        {"a;b, c;d\n", "a|b, c|d\n"}, // the mark that occurs most
        {"a;b,c\n", "a|b,c\n"},       // of equals, the first
        {"a,b\r1,2\r", "a|b\n1|2\n"}, // a CR alone ends a line
        {"a,b\n,\n", "a|b\n|\n"},
        {"a,b\n\n1,2\n", "a|b\n1|2\n"},
        {"\"a,b\",c\n", "a,b|c\n"},
        {"\"say \"\"yes\"\"\",\"\"\n", "say \"yes\"|\n"},
        {"\"two\nlines\",x\n", "two\nlines|x\n"},
        {"5\" pipe,x\n", "5\" pipe|x\n"},
        {"a,b\n\"open,x\n", "a|b\n!2 3:1"},
        {"a,b\n\"x\"y,z\n", "a|b\n!3 2:4"},
        {"a,\xC3\xAB,\"x\"y\n", "!3 1:8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        assert_string_equal(read_all(&arena, cases[i].text), cases[i].expected);
        arena_done(&arena);
    }
}

static void
is_strict_about_quotes_where_asked(void **state)
{
    (void)state;
    Arena arena = {0};
    Csv csv;
    CsvRecord record = {0};
    csv_open(&csv, CSV_QUOTES_STRICT, "a,5\" pipe\n", 10);
    assert_int_equal(csv_next(&csv, &arena, &record), CSV_INNER_QUOTE);
    assert_int_equal(csv.column, 4);
    arena_done(&arena);
}

static void
tells_where_a_field_begins(void **state)
{
    (void)state;
    const char *text = "a,b\n\"x\ny\",\xC3\xABn,z\n";
    Arena arena = {0};
    Csv csv;
    CsvRecord record = {0};
    csv_open(&csv, CSV_QUOTES_LOOSE, text, strlen(text));
    assert_int_equal(csv_next(&csv, &arena, &record), CSV_RECORD);
    assert_int_equal(csv_next(&csv, &arena, &record), CSV_RECORD);
    assert_int_equal(record.fields[1].line, 3);
    assert_int_equal(record.fields[1].column, 4);
    assert_int_equal(record.fields[2].column, 7);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(is_strict_about_quotes_where_asked),
        cmocka_unit_test(tells_where_a_field_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
