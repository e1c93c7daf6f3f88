// SPDX-License-Identifier: EUPL-1.2
// The command line of offline work: wrong words, missing stores and wrong files are reported, not
// logged. Knows: offline.h. Must never know: how a store is read. The system tests cover whole
// stores.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/offline/offline.h"
#include "tests/fixture/scratch.h"

#define WORDS_MOST 4

typedef struct WordsCase {
    int count;
    const char *words[WORDS_MOST];
    const char *shown; // in the fault's text
} WordsCase;

static const WordsCase words_cases[] = {
    {1, {"nothing"}, "nothing"},
    {1, {"arrangement"}, "arrangement"},
    {2, {"arrangement", "nothing"}, "arrangement"},
    {1, {"verify"}, "DIR|FILE"},
    {3, {"verify", "here", "there"}, "there"},
    {3, {"verify", "here", "--matrix"}, "--matrix"},
    {4, {"handovers", "here", "--from", "yesterday"}, "yesterday"},
    {3, {"handovers", "here", "--to"}, "ISO 8601"},
};

static int
run(int count, const char *const *words, Arena *arena, OfflineReport *ret)
{
    char *copies[WORDS_MOST];
    for (int i = 0; i < count; i++)
        copies[i] = arena_text(arena, words[i]);
    return offline_run(count, copies, KT_EN, arena, ret);
}

static void
wrong_words_are_usage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words_cases / sizeof words_cases[0]; i++) {
        const WordsCase *row = &words_cases[i];
        Arena arena = {0};
        OfflineReport report;
        assert_int_equal(run(row->count, row->words, &arena, &report), error_find(KT_USAGE)->exit);
        assert_int_equal(report.fault.code, KT_USAGE);
        assert_non_null(strstr(report.fault.detail, row->shown));
        assert_null(report.lines);
        arena_done(&arena);
    }
}

static void
a_missing_store_is_a_fault(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    Arena arena = {0};
    OfflineReport report;
    scratch_make(directory);
    const char *const words[] = {"digest", directory};
    assert_int_equal(run(2, words, &arena, &report), error_find(KT_FILE_UNREADABLE)->exit);
    assert_int_equal(report.fault.code, KT_FILE_UNREADABLE);
    assert_non_null(strstr(report.fault.detail, "no store"));
    scratch_remove(directory);
    arena_done(&arena);
}

static void
a_wrong_arrangement_is_told_in_lines(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    static const char content[] = "arrangement: x\nnonsense: 1\n";
    Arena arena = {0};
    OfflineReport report;
    scratch_make(directory);
    scratch_path(directory, "x.yaml", path);
    scratch_write(path, content, strlen(content));
    const char *const words[] = {"arrangement", "check", path};
    assert_int_not_equal(run(3, words, &arena, &report), 0);
    assert_int_equal(report.fault.code, KT_OK);
    assert_non_null(report.lines);
    assert_non_null(strstr(report.lines, "x.yaml:"));
    scratch_remove(directory);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_usage),
        cmocka_unit_test(a_missing_store_is_a_fault),
        cmocka_unit_test(a_wrong_arrangement_is_told_in_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
