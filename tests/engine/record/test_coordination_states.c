// SPDX-License-Identifier: EUPL-1.2
// Every pair of state and event of a plan's coordination and of its offer, written out from the
// drawings.
// Knows: the drawings in coordination_states.h. Must never know: the tables under test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "daemon/engine/record/coordination_states.h"

// The state that follows: D desk, C coordinated, A away, S stood in, L last deputy, - not allowed.
// Columns: accepted, deputy accepted, left, absent, left while away, back, back but revoked, ended.
static const char *const drawn[COORDINATION_STATES] = {
    [COORDINATION_DESK] = "C------D",        [COORDINATION_COORDINATED] = "C-DA---C",
    [COORDINATION_AWAY] = "CS-ADCDD",        [COORDINATION_STOOD_IN] = "CSASLCDC",
    [COORDINATION_LAST_DEPUTY] = "CLD--DDC",
};

static void
every_pair_is_as_drawn(void **state)
{
    static const char states[] = "DCASL?-";
    (void)state;
    for (int from = 0; from < COORDINATION_STATES; from++)
        for (int event = 0; event < COORDINATION_EVENTS; event++) {
            const CoordinationState to =
                coordination_move((CoordinationState)from, (CoordinationEvent)event);
            if (states[to] != drawn[from][event])
                fail_msg("state %d, event %d: %c, drawn %c", from, event, states[to],
                         drawn[from][event]);
        }
}

static PlanRow
row_in(CoordinationState state, Keten__V1__Absence *absence)
{
    const CoordinationRule *rule = coordination_rule(state);
    PlanRow row = KETEN__V1__PLAN_ROW__INIT;
    *absence = (Keten__V1__Absence)KETEN__V1__ABSENCE__INIT;
    row.desk = 1;
    row.coordinator = rule->deputy || state == COORDINATION_COORDINATED ? 2 : 0;
    row.absence = rule->absence ? absence : NULL;
    absence->partner = rule->comes_back ? 3 : 0;
    return row;
}

static void
the_columns_of_a_state_make_its_row(void **state)
{
    (void)state;
    for (int at = 0; at < COORDINATION_STATES; at++) {
        Keten__V1__Absence absence;
        const PlanRow row = row_in((CoordinationState)at, &absence);
        assert_int_equal(coordination_state(&row), at);
    }
}

// O open, K climbed, C closed, - not allowed. Columns: made, answered, late.
static void
every_pair_of_the_offer_is_as_drawn(void **state)
{
    static const char *const offers[OFFER_STATES] = {"O--", "-CK", "-CK"};
    static const char letters[] = "COK";
    (void)state;
    for (int from = 0; from < OFFER_STATES; from++)
        for (int event = 0; event < OFFER_EVENTS; event++) {
            OfferState to = OFFER_CLOSED;
            const bool allowed = offer_move((OfferState)from, (OfferEvent)event, &to);
            const char found = allowed ? letters[to] : '-';
            if (found != offers[from][event])
                fail_msg("offer %d, event %d: %c, drawn %c", from, event, found,
                         offers[from][event]);
        }
}

static void
a_header_tells_its_offer(void **state)
{
    (void)state;
    PlanRow row = KETEN__V1__PLAN_ROW__INIT;
    assert_int_equal(offer_state(&row), OFFER_CLOSED);
    row.offered_to = 2;
    assert_int_equal(offer_state(&row), OFFER_OPEN);
    row.coordinator_rung = 1;
    assert_int_equal(offer_state(&row), OFFER_CLIMBED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_drawn),
        cmocka_unit_test(the_columns_of_a_state_make_its_row),
        cmocka_unit_test(every_pair_of_the_offer_is_as_drawn),
        cmocka_unit_test(a_header_tells_its_offer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
