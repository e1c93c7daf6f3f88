// SPDX-License-Identifier: EUPL-1.2
// Look-ups in an arrangement: who may signal, who may see a field, the ladder, the same field in
// another version.
// Knows: the small city. Must never know: plans.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/engine/arrangement/agreement.h"
#include "tests/fixture/city.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/zone.h"

static void
a_name_that_is_not_there_is_null(void **state)
{
    (void)state;
    Arena arena = {0};
    Arrangement *city = city_arrangement(&arena);
    assert_string_equal(agreement_fact(city, "worry")->name, "worry");
    assert_string_equal(agreement_step(city, "visit")->name, "visit");
    assert_string_equal(agreement_partner(city, "uwv")->name, "uwv");
    assert_string_equal(agreement_desk(city)->name, "gemeente");
    assert_null(agreement_fact(city, "visit"));
    assert_null(agreement_step(city, "worry"));
    assert_null(agreement_partner(city, ""));
    assert_null(agreement_field(agreement_fact(city, "worry"), "months"));
    city->partners[0]->desk = false;
    assert_null(agreement_desk(city));
    arena_done(&arena);
}

static void
a_link_says_who_may_signal(void **state)
{
    static const struct {
        const char *partner, *fact;
        bool may;
    } rows[] = {
        {"corporatie", "arrears", true}, {"corporatie", "worry", false},
        {"welzijn", "worry", true},      {"welzijn", "arrears", false},
        {"gemeente", "arrears", false},  {"gemeente", "assessment", false},
    };
    (void)state;
    Arena arena = {0};
    Arrangement *city = city_arrangement(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(
            agreement_may_signal(city, agreement_partner(city, rows[i].partner), rows[i].fact),
            rows[i].may);
    // A kind of partner that a city names itself is told apart by that name.
    city->links[0]->from_other = literal("notary");
    assert_false(agreement_may_signal(city, agreement_partner(city, "corporatie"), "arrears"));
    arena_done(&arena);
}

static void
a_purpose_lets_a_partner_see_a_field(void **state)
{
    static const struct {
        const char *partner, *field;
        bool may, may_when_secret;
    } rows[] = {
        {"gemeente", "months", true, true},     {"corporatie", "months", true, true},
        {"welzijn", "months", false, false},    {"gemeente", "amount", true, true},
        {"corporatie", "amount", false, false}, {"gemeente", "home", true, false},
        {"welzijn", "home", true, false},       {"uwv", "home", false, false},
    };
    (void)state;
    Arena arena = {0};
    const Arrangement *city = city_arrangement(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const ArrangementPartner *partner = agreement_partner(city, rows[i].partner);
        const FieldKind *field = agreement_field(agreement_fact(city, "arrears"), rows[i].field);
        assert_int_equal(agreement_may_see(partner, field, false), rows[i].may);
        assert_int_equal(agreement_may_see(partner, field, true), rows[i].may_when_secret);
    }
    arena_done(&arena);
}

// The neighbouring city knows the months alone, at another index.
static void
a_field_is_found_again_by_name_and_type(void **state)
{
    (void)state;
    Arena arena = {0};
    const FactKind *then = agreement_fact(city_arrangement(&arena), "arrears");
    const FactKind *now = agreement_fact(city_neighbour(&arena), "arrears");
    for (size_t i = 0; i < then->n_fields; i++) {
        assert_ptr_equal(agreement_field_now(then, i, then), then->fields[i]);
        assert_null(agreement_field_now(then, i, NULL));
        const FieldKind *field = agreement_field_now(then, i, now);
        assert_ptr_equal(field, agreement_field(now, then->fields[i]->name));
    }
    FieldKind *months = (FieldKind *)(uintptr_t)agreement_field(now, "months");
    months->type = KETEN__V1__FIELD_TYPE__FIELD_TEXT;
    assert_null(agreement_field_now(then, 0, now));
    arena_done(&arena);
}

static void
rungs_beyond_the_top_are_the_top(void **state)
{
    (void)state;
    Arena arena = {0};
    char *words[] = {(char *)"pause", (char *)"offer"};
    const Arrangement *city = city_arrangement(&arena);
    assert_string_equal(ladder_rung(city, 0)->level, "household");
    for (uint32_t rung = 1; rung < 4; rung++)
        assert_string_equal(ladder_rung(city, rung)->level, "city");
    assert_string_equal(ladder_rung(city, UINT32_MAX)->level, "city");
    Rung *top = city->ladder[1];
    assert_string_equal(mandate_text(&arena, top), "city: -");
    assert_false(rung_may(top, "pause"));
    top->mandate = words;
    top->n_mandate = 2;
    assert_string_equal(mandate_text(&arena, top), "city: pause, offer");
    assert_true(rung_may(top, "pause") && rung_may(top, "offer"));
    assert_false(rung_may(top, "drop"));
    arena_done(&arena);
}

static void
a_wrong_name_gets_the_nearest_one(void **state)
{
    static const char *const names[] = {"assess", "visit", "work"};
    (void)state;
    Arena arena = {0};
    assert_string_equal(agreement_hint(&arena, "asses", names, 3), "asses (assess?)");
    assert_string_equal(agreement_hint(&arena, "xyzzyxyzzy", names, 3), "xyzzyxyzzy");
    assert_string_equal(agreement_hint(&arena, "asses", names, 0), "asses");
    arena_done(&arena);
}

// Friday 10:00. A term of one working day ends with Monday, or with Tuesday when Monday is closed.
static void
closing_days_are_no_working_days(void **state)
{
    (void)state;
    Arena arena = {0};
    Arrangement *city = city_arrangement(&arena);
    const int64_t friday_ms = instant_at("2024-03-08T10:00:00+01:00");
    const Span day = {.count = 1, .unit = SPAN_WORKING_DAYS};
    const Calendar *open = agreement_calendar(city, zone_fixture(), &arena);
    assert_int_equal(open->closed_count, 0);
    char *closed[] = {(char *)"2024-03-11"};
    Keten__V1__ClosingDays closing = KETEN__V1__CLOSING_DAYS__INIT;
    closing.closed = closed;
    closing.n_closed = 1;
    city->closing = &closing;
    const Calendar *shut = agreement_calendar(city, zone_fixture(), &arena);
    assert_int_equal(span_due_ms(shut, friday_ms, day) - span_due_ms(open, friday_ms, day),
                     24 * 3600000);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_is_not_there_is_null),
        cmocka_unit_test(a_link_says_who_may_signal),
        cmocka_unit_test(a_purpose_lets_a_partner_see_a_field),
        cmocka_unit_test(a_field_is_found_again_by_name_and_type),
        cmocka_unit_test(rungs_beyond_the_top_are_the_top),
        cmocka_unit_test(a_wrong_name_gets_the_nearest_one),
        cmocka_unit_test(closing_days_are_no_working_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
