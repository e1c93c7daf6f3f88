// SPDX-License-Identifier: EUPL-1.2
// Every metric is told by STATUS, to those who look after the daemon, and changes when its thing
// happens. Must never know: where it is counted.
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/metrics.h"
#include "proto/message.h"
#include "proto/protocol.h"
#include "tests/fixture/city.h"
#include "tests/fixture/porch.h"

#define LOOKER KETEN__V1__SESSION_ROLE__SESSION_LOOKER

static const Keten__V1__Answer *
ask_status(Guest *guest)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.query = 1;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STATUS;
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    const Keten__V1__ToPartner *frame = guest_wait(guest);
    assert_int_equal(frame->body_case, KETEN__V1__TO_PARTNER__BODY_ANSWER);
    return frame->answer;
}

static void
come_as(Guest *guest, Porch *porch, uint32_t partner)
{
    guest_come(guest, porch, &porch->pairs[partner], NULL);
    assert_int_equal(guest_hello(guest, LOOKER, false)->body_case,
                     KETEN__V1__TO_PARTNER__BODY_WELCOME);
}

// The value that STATUS tells.
static int64_t
told(Guest *clerk, Metric metric)
{
    const Keten__V1__Answer *answer = ask_status(clerk);
    const char *name = metric_row(metric)->name;
    for (size_t i = 0; i < answer->n_rows; i++)
        if (strcmp(answer->rows[i]->kind, "metric") == 0 &&
            strcmp(town_cell(answer->rows[i], "metric"), name) == 0)
            return town_number(answer->rows[i], "value");
    fail_msg("STATUS does not tell %s", name);
    return 0;
}

static void
signals(Porch *porch, size_t count)
{
    for (size_t i = 0; i < count; i++)
        town_do(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", i, 1));
}

static void
one_signal(Porch *porch)
{
    signals(porch, 1);
}

static void
three_signals_in_a_batch(Porch *porch)
{
    for (size_t i = 0; i < 3; i++)
        town_submit(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", i, 1));
    town_commit(&porch->town);
}

static void
a_refusal(Porch *porch)
{
    town_refused(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "no-such-fact", 0, 1));
}

static void
a_quota_is_used_up(Porch *porch)
{
    Town *town = &porch->town;
    signals(porch, 1);
    for (uint32_t i = 0; i <= QUOTA_DEFAULT; i++) // the step was not accepted yet
        town_submit(town, CITY_GEMEENTE, town_complete(town, 1, "assessment", "outcome", "debts"));
    town_commit(town);
}

static void
the_same_again(Porch *porch)
{
    Command *command = town_signal(&porch->town, "arrears", 0, 1);
    town_do(&porch->town, CITY_CORPORATIE, command);
    assert_true(town_again(&porch->town, CITY_CORPORATIE, command).duplicate);
    town_commit(&porch->town);
}

static void
nothing(Porch *porch)
{
    (void)porch; // asking is what is counted
}

static void
a_term_passes(Porch *porch)
{
    Town *town = &porch->town;
    signals(porch, 1);
    town->now_ms = ledger_next_due(town->ledger);
    assert_int_equal(ledger_fire(town->ledger, town->now_ms, 1), 1);
    town_commit(town);
}

static void
a_delivery_leaves(Porch *porch)
{
    Guest desk;
    signals(porch, 1);
    come_as(&desk, porch, CITY_GEMEENTE);
    guest_credit(&desk, 1);
    assert_int_equal(guest_wait(&desk)->body_case, KETEN__V1__TO_PARTNER__BODY_DELIVERIES);
    guest_leave(&desk);
}

static void
a_delivery_is_rejected(Porch *porch)
{
    Town *town = &porch->town;
    signals(porch, 1);
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
    command->delivery_reject = NEW(&town->arena, Keten__V1__DeliveryReject, delivery_reject);
    command->delivery_reject->history = 1;
    command->delivery_reject->n = 1;
    command->delivery_reject->reason = arena_text(&town->arena, "not-processable");
    town_do(town, CITY_GEMEENTE, command);
}

static void
a_bad_frame(Porch *porch)
{
    Guest guest;
    come_as(&guest, porch, CITY_WELZIJN);
    guest_send_bytes(&guest, "\xff", 1);
    assert_int_equal(guest_wait(&guest)->body_case, KETEN__V1__TO_PARTNER__BODY_NOTICE);
    guest_leave(&guest);
}

static bool
orphan_came(void *caller)
{
    const Porch *porch = caller;
    return ledger_metrics(porch->town.ledger)->values[METRIC_ORPHANS] > 0;
}

static void
an_orphan(Porch *porch)
{
    Guest squatter;
    guest_come(&squatter, porch, &porch->pairs[CITY_WELZIJN], "gemeente");
    guest_send_bytes(&squatter, "?", 1);
    porch_until(porch, orphan_came, porch);
    guest_leave(&squatter);
}

static void
a_claim(Porch *porch)
{
    Guest guest;
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = KETEN_PROTOCOL;
    hello.receipt_position = 1000;
    guest_come(&guest, porch, &porch->pairs[CITY_WELZIJN], NULL);
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    assert_int_equal(guest_wait(&guest)->body_case, KETEN__V1__TO_PARTNER__BODY_WELCOME);
    assert_int_equal(guest_wait(&guest)->body_case, KETEN__V1__TO_PARTNER__BODY_NOTICE);
    guest_leave(&guest);
}

static void
a_session(Porch *porch)
{
    static Guest stays; // its socket is closed by porch_done
    come_as(&stays, porch, CITY_WELZIJN);
    arena_done(&stays.arena);
}

// The municipality takes nothing of what it is told for longer than was agreed with it.
static void
a_partner_is_silent(Porch *porch)
{
    Fault fault;
    Town *town = &porch->town;
    Arrangement *next = town_arrangement(town);
    Term *term = NEW(&town->arena, Term, term);
    term->count = 1;
    term->unit = KETEN__V1__TERM_UNIT__TERM_HOURS;
    next->version = 2;
    next->partners[CITY_GEMEENTE - 1]->silent_after = term;
    assert_int_equal(ledger_load_arrangement(town->ledger, next, town->now_ms, &fault), KT_OK);
    signals(porch, 1);
    town->now_ms += 2 * 3600000;
    assert_true(ledger_fire(town->ledger, town->now_ms, 64) > 0);
    town_commit(town);
}

static void
every_metric_is_told_and_grows(void **state)
{
    (void)state;
    static void (*const happens[])(Porch * porch) = {
        [METRIC_COMMANDS] = one_signal,
        [METRIC_REFUSALS] = a_refusal,
        [METRIC_DUPLICATES] = the_same_again,
        [METRIC_QUERIES] = nothing,
        [METRIC_RECORDS] = one_signal,
        [METRIC_RECORD_BYTES] = one_signal,
        [METRIC_BARRIERS] = one_signal,
        [METRIC_BATCH_RECORDS] = three_signals_in_a_batch,
        [METRIC_TERMS_FIRED] = a_term_passes,
        [METRIC_DELIVERIES_SENT] = a_delivery_leaves,
        [METRIC_DELIVERIES_REJECTED] = a_delivery_is_rejected,
        [METRIC_BAD_FRAMES] = a_bad_frame,
        [METRIC_ORPHANS] = an_orphan,
        [METRIC_CONNECTIONS_REFUSED] = an_orphan, // it chose its own routing id
        [METRIC_UNPROVED] = a_claim,
        [METRIC_SESSIONS] = a_session,
        [METRIC_OVERLAY_BYTES] = one_signal,
        [METRIC_SILENT_PARTNERS] = a_partner_is_silent,
        [METRIC_ROWS_WALKED] = one_signal,
        [METRIC_OVER_QUOTA] = a_quota_is_used_up,
    };
    static_assert(sizeof happens / sizeof happens[0] == METRICS, "a metric without a test");
    for (Metric metric = 0; metric < METRICS; metric++) {
        Porch porch;
        Guest clerk;
        if (happens[metric] == NULL)
            fail_msg("%s has no row in this test", metric_row(metric)->name);
        porch_make(&porch);
        come_as(&clerk, &porch, PORCH_PARTNERS);
        const int64_t before = told(&clerk, metric);
        happens[metric](&porch);
        const int64_t after = told(&clerk, metric);
        if (after <= before)
            fail_msg("%s did not grow", metric_row(metric)->name);
        guest_leave(&clerk);
        porch_done(&porch);
    }
}

static void
each_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (Metric metric = 0; metric < METRICS; metric++) {
        const MetricRow *row = metric_row(metric);
        assert_true(row->name[0] != '\0' && row->help[0][0] != '\0' && row->help[1][0] != '\0');
        for (Metric other = 0; other < metric; other++)
            assert_string_not_equal(metric_row(other)->name, row->name);
    }
}

static void
a_partner_is_told_no_metric(void **state)
{
    Porch *porch = *state;
    Guest guest;
    come_as(&guest, porch, CITY_GEMEENTE);
    const Keten__V1__Answer *answer = ask_status(&guest);
    for (size_t i = 0; i < answer->n_rows; i++)
        assert_string_not_equal(answer->rows[i]->kind, "metric");
    guest_leave(&guest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_told_and_grows),
        cmocka_unit_test(each_has_a_name_of_its_own),
        cmocka_unit_test_setup_teardown(a_partner_is_told_no_metric, porch_set_up, porch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
