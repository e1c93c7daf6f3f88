// SPDX-License-Identifier: EUPL-1.2
// Departed persons: which reason says so, where a signal still finds a person, and to which partner
// it goes on; and work items for another plan.
// Knows: rows made here. Must never know: commands, the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/engine/rules/members.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"

static void
a_reason_says_how_a_person_departed(void **state)
{
    static const struct {
        const char *reason, *outcome; // NULL: the person has not departed
    } reasons[] = {{"moved-away", "moved-away"}, {"moved", "moved-away"}, {"death", "deceased"},
                   {"deceased", "deceased"},     {"divorce", NULL},       {"", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        const char *outcome = departed_reason(reasons[i].reason);
        assert_int_equal(outcome == NULL, reasons[i].outcome == NULL);
        if (outcome != NULL)
            assert_string_equal(outcome, reasons[i].outcome);
    }
}

typedef struct Case {
    const char *why;         // NULL: no note that the person departed
    const char *arrangement; // under which the person departed
    uint64_t onward;         // the plan that takes further signals; 0 none
    uint64_t open_plan;      // the plan that the person is in now; 0 none
    bool departed;           // for a signal under the arrangement kleine-stad
} Case;

static const Case cases[] = {
    {NULL, "", 0, 0, false},
    {"deceased", "kleine-stad", 0, 0, true},
    {"deceased", "andere-stad", 0, 7, true}, // everywhere, and for good
    {"moved-away", "kleine-stad", 0, 0, true},
    {"moved-away", "andere-stad", 0, 0, false}, // the person may live here now
    {"moved-away", "kleine-stad", 0, 7, false}, // a plan has the person again
    {"moved-away", "kleine-stad", 7, 7, true},  // that plan was opened for what goes on
    {"moved-away", "kleine-stad", 7, 8, false},
};

static void
a_signal_finds_who_has_not_departed(void **state)
{
    (void)state;
    Arena arena = {0};
    const Arrangement *city = city_arrangement(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        GoneRow departed = KETEN__V1__GONE_ROW__INIT;
        departed.why = literal(cases[i].why == NULL ? "" : cases[i].why);
        departed.arrangement = literal(cases[i].arrangement);
        departed.onward = cases[i].onward;
        const PersonEntry person = {.number = 1,
                                    .open_plan = cases[i].open_plan,
                                    .departed = cases[i].why == NULL ? NULL : &departed};
        if (person_has_departed(&person, city) != cases[i].departed)
            fail_msg("row %zu", i);
    }
    arena_done(&arena);
}

// Where signals about a person go on: to the partner given for the person, or else to that of the
// arrangement.
static void
signals_go_on_where_the_person_went(void **state)
{
    static const struct {
        const char *why;
        uint32_t given;
        bool agreed; // the arrangement sends them on to welzijn
        uint32_t to;
    } goings[] = {{"moved-away", 0, true, CITY_WELZIJN},
                  {"moved-away", CITY_UWV, true, CITY_UWV},
                  {"moved-away", CITY_UWV, false, 0},
                  {"deceased", 0, true, 0}};
    (void)state;
    Arena arena = {0};
    PartnerRow rows[CITY_PARTNERS];
    PartnerEntry partners[CITY_PARTNERS];
    static const char *const names[] = {"gemeente", "corporatie", "welzijn", "uwv"};
    for (size_t i = 0; i < CITY_PARTNERS; i++) {
        rows[i] = (PartnerRow)KETEN__V1__PARTNER_ROW__INIT;
        rows[i].partner = (uint32_t)i + 1;
        rows[i].name = literal(names[i]);
        partners[i] = (PartnerEntry){.row = &rows[i]};
    }
    const Context context = {.agreed = {.partners = partners, .partner_count = CITY_PARTNERS}};
    const Draft draft = {.context = &context, .arena = &arena};
    Keten__V1__MovedAway moved_away = KETEN__V1__MOVED_AWAY__INIT;
    moved_away.to = literal("welzijn");
    Arrangement *city = city_arrangement(&arena);
    for (size_t i = 0; i < sizeof goings / sizeof goings[0]; i++) {
        GoneRow departed = KETEN__V1__GONE_ROW__INIT;
        departed.why = literal(goings[i].why);
        departed.to = goings[i].given;
        city->moved_away = goings[i].agreed ? &moved_away : NULL;
        const PersonEntry person = {.number = 1, .departed = &departed};
        assert_int_equal(departed_to(&draft, &person, city), goings[i].to);
    }
    arena_done(&arena);
}

static void
work_is_opened_once_per_plan_and_kind(void **state)
{
    (void)state;
    Arena arena = {0};
    const Context context = {.counters = {.work = 5}};
    Draft draft;
    draft_start(&draft, &context, KETEN__V1__CAUSE__CAUSE_SIGNAL, &arena);
    WorkRow *first = work_open(&draft, KETEN__V1__WORK_KIND__WORK_LEADS, 7, 1);
    assert_int_equal(first->work, 5);
    assert_int_equal(first->plan, 7);
    assert_int_equal(first->persons[0], 1);
    assert_ptr_equal(work_open(&draft, KETEN__V1__WORK_KIND__WORK_LEADS, 7, 2), first);
    assert_int_equal(work_open(&draft, KETEN__V1__WORK_KIND__WORK_LEADS, 8, 2)->work, 6);
    assert_int_equal(work_open(&draft, KETEN__V1__WORK_KIND__WORK_SECRET, 7, 2)->work, 7);
    assert_int_equal(draft.record->head->n_events, 3);
    assert_true(draft.numbered);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_says_how_a_person_departed),
        cmocka_unit_test(a_signal_finds_who_has_not_departed),
        cmocka_unit_test(signals_go_on_where_the_person_went),
        cmocka_unit_test(work_is_opened_once_per_plan_and_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
