// SPDX-License-Identifier: EUPL-1.2
// The chain of a replay: persons that pass the 11-proef, names as they are. Must never know: the
// daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/keten/replay_chain.h"
#include "proto/names.h"

static int
by_text(const void *a, const void *b)
{
    return memcmp(a, b, 10);
}

static void
every_case_has_a_valid_number_of_its_own(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    static const uint32_t edges[] = {999998, 999999, 1000000, 1000001, REPLAY_PERSONS_MAX - 1};
    char(*all)[10] = calloc(COUNT + 5, sizeof *all);
    assert_non_null(all);
    for (uint32_t i = 0; i < COUNT; i++)
        replay_bsn(i * 4, all[i]);
    for (size_t i = 0; i < 5; i++)
        replay_bsn(edges[i] + (i < 4 ? 1u : 0u), all[COUNT + i]);
    for (size_t i = 0; i < COUNT + 5; i++)
        if (!bsn_parse(all[i], NULL))
            fail_msg("%zu: %s is no citizen service number", i, all[i]);
    qsort(all, COUNT, sizeof *all, by_text);
    for (size_t i = 1; i < COUNT; i++)
        assert_int_not_equal(memcmp(all[i - 1], all[i], 10), 0);
    free(all);
}

static void
quotes_what_yaml_would_misread(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_string_equal(yaml_quote(&arena, "Group 1"), "'Group 1'");
    assert_string_equal(yaml_quote(&arena, "Zo\xC3\xAB's"), "'Zo\xC3\xAB''s'");
    assert_string_equal(yaml_quote(&arena, "a\"b\\c"), "\"a\\\"b\\\\c\"");
    assert_string_equal(yaml_quote(&arena, "a\nb"), "\"a\\x0Ab\"");
    assert_string_equal(yaml_quote(&arena, ""), "''");
    arena_done(&arena);
}

static void
each_group_is_a_partner_with_its_name(void **state)
{
    (void)state;
    const char *text =
        "case,timestamp,activity,group\n1,2011-01-01,a,EMPTY\n1,2011-01-02,b,\"B, C\"\n";
    Arena arena = {0};
    EventLog log;
    Fault fault;
    size_t line, column, length, count;
    assert_int_equal(eventlog_read(text, strlen(text), KT_EN, &arena, &log, &line, &column, &fault),
                     KT_OK);
    const SitePartner *partners = replay_partners(&arena, &log, &count);
    assert_int_equal(count, 4);
    assert_string_equal(partners[1].name, "g2");
    assert_string_equal(partners[1].title, "B, C");
    assert_true(partners[3].administrator);
    const char *yaml = replay_arrangement(&arena, &log, &length);
    assert_int_equal(strlen(yaml), length);
    assert_non_null(strstr(yaml, "  g2: {kind: other, purposes: [work], title: 'B, C'}\n"));
    assert_non_null(strstr(yaml, "when: {group: g2}, start: work-g2}"));
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_has_a_valid_number_of_its_own),
        cmocka_unit_test(quotes_what_yaml_would_misread),
        cmocka_unit_test(each_group_is_a_partner_with_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
