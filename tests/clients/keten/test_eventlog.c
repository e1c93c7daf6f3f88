// SPDX-License-Identifier: EUPL-1.2
// An event log: columns by name, order by time, faults with their place. Must never know: the
// daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/keten/eventlog.h"

typedef struct Reading {
    Arena arena;
    EventLog log;
    size_t line, column;
    Fault fault;
    KtCode code;
} Reading;

static void
read_text(Reading *r, const char *text)
{
    *r = (Reading){0};
    r->code = eventlog_read(text, strlen(text), KT_EN, &r->arena, &r->log, &r->line, &r->column,
                            &r->fault);
}

// The activities in the order of the events.
static void
assert_order(const char *text, const char *expected)
{
    Reading r;
    char order[64] = "";
    read_text(&r, text);
    assert_int_equal(r.code, KT_OK);
    for (size_t i = 0; i < r.log.count; i++)
        strcat(order, r.log.events[i].activity);
    assert_string_equal(order, expected);
    arena_done(&r.arena);
}

#define HEAD "case,timestamp,activity,group\n"

static void
orders_by_time_then_by_place(void **state)
{
    (void)state;
    assert_order(HEAD "1,2011-01-02T00:00:00Z,b,G\n2,2011-01-01T00:00:00Z,a,G\n", "ab");
    assert_order(HEAD "1,2011-01-01T00:00:00Z,a,G\n2,2011-01-01T00:00:00Z,b,G\n"
                      "1,2011-01-01T00:00:00Z,c,G\n",
                 "abc");
    assert_order(HEAD "1,2011-01-01T01:00:00+01:00,b,G\n2,2010-12-31T23:59:59.999Z,a,G\n", "ab");
    assert_order(HEAD "1,2011-01-01T00:00:00.000002Z,b,G\n2,2011-01-01T00:00:00.000001Z,a,G\n",
                 "ab");
}

static void
finds_columns_by_name_and_keeps_names_exactly(void **state)
{
    (void)state;
    Reading r;
    read_text(&r, "\xEF\xBB\xBFgroup;x;activity;timestamp;case\r\n"
                  "\" Zo\xC3\xAB, \"\"t\"\" \";?;a;2011-01-01T00:00:00Z;k1\r\n"
                  "zo\xC3\xAB;?;b;2011-01-01T00:00:01Z;k1\r\n");
    assert_int_equal(r.code, KT_OK);
    assert_int_equal(r.log.count, 2);
    assert_int_equal(r.log.cases.count, 1);
    assert_int_equal(r.log.groups.count, 2);
    assert_string_equal(r.log.groups.names[0], " Zo\xC3\xAB, \"t\" ");
    assert_int_equal(r.log.events[1].group, 1);
    arena_done(&r.arena);
}

static void
names_the_place_of_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line, column;
    } cases[] = {
        {"", 1, 1},
        {HEAD, 1, 1},
        {"case,timestamp,activity\n1,2,3\n", 1, 1},
        {"case,timestamp,activity,group,case\n", 1, 31},
        {HEAD "1,2011-01-01T00:00:00Z,a,G\n2,yesterday,a,G\n", 3, 3},
        {HEAD "1,2011-01-01T00:00:00Z,a\n", 2, 24},
        {HEAD "1,2011-01-01T00:00:00Z,a,\n", 2, 26},
        {HEAD "1,2011-01-01T00:00:00Z,a,\xFF\n", 2, 26},
        {HEAD "1,2011-01-01T00:00:00Z,a,\"G\n", 3, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Reading r;
        read_text(&r, cases[i].text);
        if (r.code != KT_FILE_CONTENT || r.line != cases[i].line || r.column != cases[i].column)
            fail_msg("case %zu: code %d at %zu:%zu", i, (int)r.code, r.line, r.column);
        arena_done(&r.arena);
    }
}

// More names than the set's first table holds.
static void
numbers_many_names_in_their_order(void **state)
{
    (void)state;
    Arena arena = {0};
    NameSet set;
    char name[32];
    nameset_init(&set, &arena);
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(name, sizeof name, "case %u", i * 7919u);
            assert_int_equal(nameset_number(&set, text_of(name)), i);
        }
    assert_int_equal(set.count, 5000);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_by_time_then_by_place),
        cmocka_unit_test(finds_columns_by_name_and_keeps_names_exactly),
        cmocka_unit_test(names_the_place_of_a_fault),
        cmocka_unit_test(numbers_many_names_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
