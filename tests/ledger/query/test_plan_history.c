// SPDX-License-Identifier: EUPL-1.2
// The history of a plan, as the holder and as a participant see it. Knows: which events each may
// see. Must never know: how records are stored. test_sender.c has the history of a sender.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

// The events in the answer, as "name name". The numbers of steps and facts follow their events.
static const char *
told(Town *town, uint32_t partner)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, ASK(PLAN_HISTORY), 1, "", &code);
    assert_int_equal(code, KT_OK);
    const char *text = "";
    for (size_t i = 0; i < rows.count; i++) {
        const Keten__V1__Row *row = rows.rows[i];
        const char *name = town_cell(row, "event");
        const int64_t step = town_number(row, "step"), fact = town_number(row, "fact");
        if (strcmp(name, "step") == 0)
            name = arena_format(&town->arena, "s%u:%s", (unsigned)step, town_cell(row, "state"));
        else if (fact != 0)
            name = arena_format(&town->arena, "%s:f%u", name, (unsigned)fact);
        text = arena_format(&town->arena, "%s%s%s", text, i == 0 ? "" : " ", name);
    }
    return text;
}

static void
the_holder_sees_every_event(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    assert_string_equal(told(&town, CITY_GEMEENTE),
                        "member_joined member_joined signal:f1 s1:offered plan s1:active "
                        "s1:completed fact:f2 s2:offered s3:waiting plan");
    town_done(&town);
}

// A step is hidden from a partner that has no role in it, and so is a fact that it never got. The
// members are hidden again once the partner's own step is completed.
static void
a_participant_sees_its_own_events(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(PLAN_HISTORY), 1, ""), KT_NO_PART);
    town_do(&town, CITY_WELZIJN, town_accept(&town, 2));
    assert_string_equal(told(&town, CITY_WELZIJN),
                        "member_joined member_joined plan fact:f2 s2:offered plan s2:active");
    town_do(&town, CITY_WELZIJN, town_complete(&town, 2, "intake", "score", "7"));
    assert_string_equal(told(&town, CITY_WELZIJN),
                        "plan fact:f2 s2:offered plan s2:active s2:completed fact:f3 plan");
    town_done(&town);
}

// A refused command is told to the partner that gave it and to the holder.
static void
a_refusal_is_for_its_sender_and_the_holder(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    assert_int_not_equal(town_refused(&town, CITY_GEMEENTE, town_accept(&town, 1)), KT_OK);
    assert_non_null(strstr(told(&town, CITY_GEMEENTE), "refused"));
    assert_null(strstr(told(&town, CITY_WELZIJN), "refused"));
    // Its own step was not completed: the refusal is recorded. A step that it does not see is
    // refused without a record.
    assert_int_equal(town_refused(&town, CITY_WELZIJN, town_accept(&town, 3)), KT_NO_PART);
    assert_null(strstr(told(&town, CITY_WELZIJN), "refused"));
    assert_int_equal(
        town_refused(&town, CITY_WELZIJN, town_complete(&town, 2, "intake", "score", "7")),
        KT_NOT_THIS_STATE);
    assert_non_null(strstr(told(&town, CITY_WELZIJN), "refused"));
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_holder_sees_every_event),
        cmocka_unit_test(a_participant_sees_its_own_events),
        cmocka_unit_test(a_refusal_is_for_its_sender_and_the_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
