// SPDX-License-Identifier: EUPL-1.2
// Every pair of state and event of a matter, and what each kind asks, written out from the drawing.
// Knows: the drawing in matter_states.h. Must never know: the tables under test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/matter_states.h"

// Columns: term passes, passed on, answered, ends, adopted. c climbs, r restarts, s settles,
// . stays, - not allowed.
static const char *const drawn[MATTER_STATES] = {
    [MATTER_WITH_PARTNER] = "ccss.", [MATTER_WITH_HOLDER] = "ccssr", [MATTER_ON_RUNG] = "ccssr",
    [MATTER_AT_TOP] = "c-ssr",       [MATTER_SETTLED] = "-----",
};

static void
every_pair_is_as_drawn(void **state)
{
    static const char moves[] = "-.crs";
    (void)state;
    for (int from = 0; from < MATTER_STATES; from++)
        for (int event = 0; event < MATTER_EVENTS; event++) {
            const MatterMove move = matter_move((MatterState)from, (MatterEvent)event);
            if (moves[move] != drawn[from][event])
                fail_msg("state %d, event %d: %c, drawn %c", from, event, moves[move],
                         drawn[from][event]);
        }
}

static void
a_row_tells_its_state(void **state)
{
    (void)state;
    MatterRow row = KETEN__V1__MATTER_ROW__INIT;
    assert_int_equal(matter_state(&row, 2), MATTER_SETTLED);
    row.open = true;
    row.turn = 3;
    row.accountable = 4;
    row.held = true;
    assert_int_equal(matter_state(&row, 2), MATTER_WITH_PARTNER);
    row.turn = 4;
    assert_int_equal(matter_state(&row, 2), MATTER_WITH_HOLDER);
    row.held = false;
    assert_int_equal(matter_state(&row, 2), MATTER_WITH_PARTNER);
    row.rung = 1;
    assert_int_equal(matter_state(&row, 2), MATTER_ON_RUNG);
    row.rung = 2;
    assert_int_equal(matter_state(&row, 2), MATTER_AT_TOP);
}

static void
every_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int kind = KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK;
         kind <= KETEN__V1__MATTER_KIND__MATTER_MOVE; kind++) {
        const MatterRule *rule = matter_rule((MatterKind)kind);
        assert_int_equal(rule->kind, kind);
        assert_ptr_equal(matter_rule_named(rule->name), rule);
        assert_int_equal(rule->by_partner, strcmp(rule->name, "pause") == 0);
        assert_int_equal(rule->answers == NULL, strcmp(rule->name, "bottleneck") == 0);
    }
    assert_null(matter_rule_named("nothing"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_drawn),
        cmocka_unit_test(a_row_tells_its_state),
        cmocka_unit_test(every_kind_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
