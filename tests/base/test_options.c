// SPDX-License-Identifier: EUPL-1.2
// A command line by a table: values, flags, the rest, and which word is wrong. Must never know: any
// program's own options.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/options.h"

enum { NAME, FLAG, LAST, COUNT };

static const OptionRow rows[COUNT] = {
    [NAME] = {"name", "TEXT", {"een naam", "a name"}},
    [FLAG] = {"flag", NULL, {"een vlag", "a flag"}},
    [LAST] = {"last", "WORD", {"de rest", "the rest"}},
};
static const OptionTable table = {rows, COUNT, LAST};

static void
reads_values_flags_and_the_rest(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *values[COUNT];
        int rest;
        const char *wrong;
    } cases[] = {
        {"p", {0}, 1, NULL},
        {"p --name a --flag", {"a", "", NULL}, 4, NULL},
        {"p --name=a --name b", {"b", NULL, NULL}, 4, NULL},
        {"p --flag word --name a", {NULL, "", NULL}, 2, NULL},
        {"p --last x --no --flag", {NULL, NULL, "x"}, 3, NULL},
        {"p --flag --nothing", {NULL, "", NULL}, 0, "--nothing"},
        {"p --name", {0}, 0, "--name"},
        {"p -x", {0}, 0, "-x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64], *argv[16] = {0};
        const char *values[COUNT] = {0};
        int argc = 0, rest = 0;
        snprintf(line, sizeof line, "%s", cases[i].line);
        for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
            argv[argc++] = word;
        const char *wrong = options_parse(&table, argc, argv, values, &rest);
        assert_int_equal(wrong == NULL, cases[i].wrong == NULL);
        if (wrong)
            assert_string_equal(wrong, cases[i].wrong);
        assert_int_equal(rest, cases[i].rest);
        for (size_t v = 0; v < COUNT; v++) {
            assert_int_equal(values[v] == NULL, cases[i].values[v] == NULL);
            if (values[v])
                assert_string_equal(values[v], cases[i].values[v]);
        }
    }
}

static void
helps_with_a_line_per_option(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    options_help(&table, 1, to);
    fclose(to);
    assert_string_equal(text, "  --name TEXT            a name\n"
                              "  --flag                 a flag\n"
                              "  --last WORD            the rest\n");
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_flags_and_the_rest),
        cmocka_unit_test(helps_with_a_line_per_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
