// SPDX-License-Identifier: EUPL-1.2
// Each check of a verification finds what it looks for: a row is dropped or added, and the check is
// asked alone, since the comparison of digests would find every change first. Knows: the rows that
// each check reads. Must never know: how the comparison is made.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/verify_partner.h"
#include "daemon/ledger/verify_plan.h"
#include "daemon/ledger/verify_timer.h"
#include "proto/message.h"
#include "store/key_read.h"
#include "tests/fixture/city.h"
#include "tests/fixture/query.h"
#include "tests/fixture/state_rows.h"

static void
partners(Verify *verify)
{
    for (uint32_t partner = 1; partner <= CITY_PARTNERS && !verify_failed(verify); partner++)
        verify_partner(verify, partner);
}

// The first wrong thing that a check finds; "" when it finds none.
static const char *
finding(Town *town, void (*check)(Verify *verify))
{
    Fault fault = {.code = KT_OK};
    Verify verify = {.ledger = town->ledger, .fault = &fault};
    check(&verify);
    arena_done(&verify.page);
    return verify.code == KT_OK ? "" : arena_text(&town->arena, fault.detail);
}

static Key
timer_key(TimerKey timer)
{
    return key_u64(key_u8(key_u64(key_instant(key_of(TABLE_TIMER), timer.due_ms), timer.plan),
                          (uint8_t)timer.kind),
                   timer.mark);
}

typedef struct TimerSearch {
    Keten__V1__TimerKind kind;
    Key found;
} TimerSearch;

static bool
timer_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    TimerSearch *search = caller;
    const TimerKey timer = key_read_timer(key, key_length);
    (void)value;
    if (timer.kind != search->kind)
        return true;
    search->found = timer_key(timer);
    return false;
}

static void
drop_timer(Town *town, Keten__V1__TimerKind kind)
{
    const Key prefix = key_of(TABLE_TIMER);
    TimerSearch search = {.kind = kind};
    assert_int_equal(state_range(ledger_state(town->ledger), &prefix, NULL, timer_visit, &search),
                     KT_OK);
    assert_true(search.found.length > 0);
    state_drop(ledger_state(town->ledger), &search.found);
}

static void
add_timer(Town *town, Keten__V1__TimerKind kind, uint64_t plan, uint64_t mark)
{
    Keten__V1__TimerRow row = KETEN__V1__TIMER_ROW__INIT;
    row.kind = kind;
    row.plan = plan;
    row.step = mark;
    const Key key = timer_key((TimerKey){town->now_ms, plan, kind, mark});
    const ProtobufCBinaryData bytes = message_pack(&row.base, &town->arena);
    state_put(ledger_state(town->ledger), &key, bytes.data, bytes.len);
}

// A plan with open steps, a rejected delivery that is its matter, and one that no plan answers for.
static void
start(Town *town)
{
    query_play(town);
    town_do(town, CITY_WELZIJN, town_reject(town, 1, "not-processable"));
    town_do(town, CITY_CORPORATIE, town_reject(town, 1, "not-processable"));
    assert_string_equal(finding(town, verify_plans), "");
    assert_string_equal(finding(town, verify_timers), "");
    assert_string_equal(finding(town, partners), "");
}

#define TIMER(NAME) KETEN__V1__TIMER_KIND__TIMER_##NAME

static void
a_timer_that_is_missing_is_found(void **state)
{
    (void)state;
    static const struct {
        Keten__V1__TimerKind kind;
        void (*check)(Verify *verify);
        const char *finding;
    } cases[] = {
        {TIMER(STEP), verify_plans, "step s2 waits without a timer"},
        {TIMER(MATTER), verify_plans, "matter m1 waits without a timer"},
        {TIMER(DEAD), partners, "rejected delivery 1 of corporatie waits without a timer"},
    };
    Town town;
    start(&town);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        town_restart(&town);
        drop_timer(&town, cases[i].kind);
        assert_string_equal(finding(&town, cases[i].check), cases[i].finding);
    }
    town_done(&town);
}

static void
a_timer_of_nothing_is_found(void **state)
{
    (void)state;
    static const struct {
        Keten__V1__TimerKind kind;
        uint64_t plan, mark;
    } cases[] = {
        {TIMER(STEP), 1, 1}, // completed
        {TIMER(STEP), 1, 2}, // open, and due at another instant
        {TIMER(STEP), 1, 9},           {TIMER(REMINDER), 1, 2},    {TIMER(MATTER), 1, 9},
        {TIMER(PAUSE), 1, 0},          {TIMER(REVIEW), 1, 0},      {TIMER(ABSENCE), 1, 0},
        {TIMER(FEEDBACK), 1, 0},       {TIMER(COORDINATOR), 1, 0}, {TIMER(REVIEW), 9, 0},
        {TIMER(SILENCE), 0, CITY_UWV}, {TIMER(DEAD), 0, 9},
    };
    Town town;
    start(&town);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        town_restart(&town);
        add_timer(&town, cases[i].kind, cases[i].plan, cases[i].mark);
        assert_string_equal(finding(&town, verify_timers),
                            arena_format(&town.arena,
                                         "a timer of plan p%u belongs to nothing that waits",
                                         (unsigned)cases[i].plan));
    }
    town_done(&town);
}

static void
a_row_that_is_missing_is_found(void **state)
{
    (void)state;
    const struct {
        Key key;
        void (*check)(Verify *verify);
        const char *finding;
    } cases[] = {
        {key_plan(1, PLAN_SUB_HEADER), verify_plans, "plan p1 was numbered and is not there"},
        {key_u64(key_u32(key_of(TABLE_REJECTED), CITY_WELZIJN), 1), verify_plans,
         "matter m1 is of no delivery that was rejected"},
        {key_u64(key_of(TABLE_MATTER_PLAN), 1), partners,
         "rejected delivery 1 of welzijn is no plan's matter"},
        {key_u64(key_u32(key_of(TABLE_INBOX), CITY_GEMEENTE), 1), partners,
         "delivery 1 of gemeente names no record"},
        {key_u32(key_of(TABLE_ASSIGNED), CITY_GEMEENTE), partners,
         "the cursor of gemeente is beyond what it was given"},
    };
    Town town;
    start(&town);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        town_restart(&town);
        state_drop(ledger_state(town.ledger), &cases[i].key);
        assert_string_equal(finding(&town, cases[i].check), cases[i].finding);
    }
    town_done(&town);
}

static void
a_member_that_is_counted_nowhere_is_found(void **state)
{
    (void)state;
    Town town;
    Plan plan;
    start(&town);
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    const Key key = key_u64(key_of(TABLE_MEMBER), plan.members[0]);
    state_drop(ledger_state(town.ledger), &key);
    assert_string_equal(finding(&town, verify_plans),
                        arena_format(&town.arena, "person %u of plan p1 is counted in p0",
                                     (unsigned)plan.members[0]));
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_that_is_missing_is_found),
        cmocka_unit_test(a_timer_of_nothing_is_found),
        cmocka_unit_test(a_row_that_is_missing_is_found),
        cmocka_unit_test(a_member_that_is_counted_nowhere_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
