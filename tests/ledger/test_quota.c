// SPDX-License-Identifier: EUPL-1.2
// Quotas by themselves, and as the ledger keeps them. Knows: the ledger's port.
// Must never know: disks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ledger/quota.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

static void
each_partner_and_hour_has_its_own(void **state)
{
    (void)state;
    Quotas quotas = {.most = {3, 1}};
    uint32_t partner = 0;
    QuotaKind kind = QUOTAS;
    for (int i = 0; i < 3; i++)
        assert_true(quota_take(&quotas, 7, QUOTA_READS, HOUR_MS));
    assert_false(quota_news(&quotas, &partner, &kind));
    assert_false(quota_take(&quotas, 7, QUOTA_READS, 2 * HOUR_MS - 1));
    assert_false(quota_take(&quotas, 7, QUOTA_READS, 2 * HOUR_MS - 1));
    assert_true(quota_take(&quotas, 7, QUOTA_REFUSALS, HOUR_MS));
    assert_true(quota_take(&quotas, 2, QUOTA_READS, HOUR_MS));
    assert_true(quota_news(&quotas, &partner, &kind)); // once
    assert_int_equal(partner, 7);
    assert_int_equal(kind, QUOTA_READS);
    assert_false(quota_news(&quotas, &partner, &kind));
    assert_true(quota_take(&quotas, 7, QUOTA_READS, 2 * HOUR_MS));
    assert_true(quota_take(&quotas, 7, QUOTA_REFUSALS, 2 * HOUR_MS));
    assert_false(quota_take(&quotas, 7, QUOTA_REFUSALS, 2 * HOUR_MS));
    assert_true(quota_take(&quotas, 7, QUOTA_REFUSALS, 3 * HOUR_MS)); // untold, and over
    assert_false(quota_news(&quotas, &partner, &kind));
    free(quotas.partners);
}

static KtCode
read_plan(Town *town, uint32_t partner, QueryRows *ret)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.query = 1;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLAN;
    query.id = 1;
    const KtCode code = town_query(town, partner, &query, ret);
    town_commit(town);
    return code;
}

static uint64_t
position(Town *town)
{
    LedgerStatus status;
    ledger_status(town->ledger, &status);
    return status.position;
}

static void
reads_beyond_the_quota_are_refused_without_a_record(void **state)
{
    (void)state;
    Town town;
    QueryRows rows;
    uint32_t partner = 0;
    const char *name = NULL;
    town_make(&town, 0, NULL);
    town.quotas[QUOTA_READS] = 5;
    town_restart(&town);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    const uint64_t before = position(&town);
    for (int i = 0; i < 5; i++)
        assert_int_equal(read_plan(&town, CITY_GEMEENTE, &rows), KT_OK);
    assert_int_equal(position(&town), before + 5);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read_plan(&town, CITY_GEMEENTE, &rows), KT_QUOTA);
        assert_int_equal(rows.count, 0); // nothing is shown that is not recorded
        assert_non_null(strstr(rows.detail, "reads-per-hour"));
    }
    assert_int_equal(position(&town), before + 5);
    assert_true(ledger_quota_news(town.ledger, &partner, &name));
    assert_int_equal(partner, CITY_GEMEENTE);
    assert_string_equal(name, "reads-per-hour");
    assert_false(ledger_quota_news(town.ledger, &partner, &name));
    // its work goes on, and others read
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    assert_int_equal(read_plan(&town, CITY_CORPORATIE, &rows), KT_OK);
    town.now_ms += HOUR_MS;
    assert_int_equal(read_plan(&town, CITY_GEMEENTE, &rows), KT_OK);
    town_done(&town);
}

static void
refusals_beyond_the_quota_leave_the_command_open(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town.quotas[QUOTA_REFUSALS] = 2;
    town_restart(&town);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    Command *early[3];
    for (int i = 0; i < 3; i++) // the step was not accepted yet
        early[i] = town_complete(&town, 1, "assessment", "outcome", "debts");
    for (int i = 0; i < 2; i++)
        assert_int_not_equal(town_submit(&town, CITY_GEMEENTE, early[i]).refusal->position, 0);
    town_commit(&town);
    const uint64_t before = position(&town);
    const Answer answer = town_submit(&town, CITY_GEMEENTE, early[2]);
    assert_int_equal(answer.refusal->code, KT_QUOTA);
    assert_true(answer.refusal->retryable);
    assert_int_equal(answer.refusal->position, 0);
    // the order of the stream holds
    Command *later = town_accept(&town, 1);
    assert_int_equal(town_submit(&town, CITY_GEMEENTE, later).refusal->code, KT_STREAM_HELD);
    town_commit(&town);
    assert_int_equal(position(&town), before);
    town.now_ms += HOUR_MS;
    assert_int_not_equal(town_again(&town, CITY_GEMEENTE, early[2]).refusal->position, 0);
    assert_non_null(town_again(&town, CITY_GEMEENTE, later).receipt);
    town_commit(&town);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_partner_and_hour_has_its_own),
        cmocka_unit_test(reads_beyond_the_quota_are_refused_without_a_record),
        cmocka_unit_test(refusals_beyond_the_quota_leave_the_command_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
