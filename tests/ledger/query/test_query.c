// SPDX-License-Identifier: EUPL-1.2
// The table of queries: every other kind answers, and refuses what it should. Knows: the kinds.
// Must never know: columns.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/query.h"

static void
the_other_kinds_answer(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(STATUS), 0, "", "status"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(ARRANGEMENTS), 0, "", "arrangement"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "kleine-stad", "step_kind"),
                     3);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "grote-stad"),
                     KT_UNKNOWN_ARRANGEMENT);
    assert_int_equal(query_count(&town, town.administrator, ASK(PARTNERS), 0, "", "partner"), 5);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(PERSON), 0, "123456789"), KT_BSN);
    assert_true(query_count(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1, "", "event") >= 6);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN_HISTORY), 1, "", &code);
    for (size_t i = 0; i < rows.count; i++)
        assert_string_not_equal(town_cell(rows.rows[i], "kind"), "visit");
    town_done(&town);
}

#define HOUSEHOLDS 12

// A town with work of every kind that a list tells: steps, matters, pauses, bottlenecks, rejected
// deliveries, handovers.
static void
busy_town(Town *town)
{
    query_play(town);
    for (size_t i = 1; i < HOUSEHOLDS; i++) {
        const Keten__V1__Receipt *receipt =
            town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 2 * i, 1));
        if (i % 2 == 0)
            town_do(town, CITY_GEMEENTE, town_accept(town, receipt->steps[0]->step));
        Command *raise = town_command(town);
        raise->body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
        raise->bottleneck_raise = NEW(&town->arena, Keten__V1__BottleneckRaise, bottleneck_raise);
        raise->bottleneck_raise->plan = receipt->plan;
        raise->bottleneck_raise->topic = arena_format(&town->arena, "topic-%zu", i % 5);
        raise->bottleneck_raise->law = true; // listed at the national level, wherever it waits
        raise->bottleneck_raise->reason = literal("waits-for-others");
        town_do(town, CITY_GEMEENTE, raise);
    }
    for (uint64_t n = 1; n < 5; n++)
        town_do(town, CITY_GEMEENTE, town_reject(town, n, "unknown-field"));
    town->now_ms += 10 * DAY_MS;
    while (ledger_fire(town->ledger, town->now_ms, 100) > 0)
        ;
    town_commit(town);
}

typedef struct Page {
    uint32_t limit;
    bool sliced; // the time of every call is over at once
} Page;

static bool
at_once(void *caller)
{
    ++*(size_t *)caller;
    return true;
}

// Adds the rows of one query, in however many calls it takes. Returns the code; *ret_next is its
// cursor.
static KtCode
ask_once(Town *town, uint32_t partner, const Keten__V1__Query *query, bool sliced, QueryRows *all,
         const char **ret_next)
{
    QueryPass *pass = query_begin(town->ledger, partner, query);
    QueryRows rows = {.more = true};
    KtCode code = KT_OK;
    size_t asked = 0;
    while (code == KT_OK && rows.more) {
        code =
            query_go_on(pass, town->now_ms, sliced ? at_once : NULL, &asked, &town->arena, &rows);
        for (size_t i = 0; code == KT_OK && i < rows.count; i++) {
            all->rows = arena_more(&town->arena, all->rows, all->count, sizeof *all->rows);
            all->rows[all->count++] = rows.rows[i];
        }
    }
    *ret_next = code == KT_OK ? arena_text(&town->arena, rows.next) : "";
    query_end(pass);
    town_commit(town);
    return code;
}

static QueryRows
ask_pages(Town *town, uint32_t partner, Keten__V1__Query query, Page page)
{
    QueryRows all = {.rows = NULL};
    const char *next = "";
    query.limit = page.limit;
    do {
        const size_t before = all.count;
        query.after = arena_text(&town->arena, next);
        assert_int_equal(ask_once(town, partner, &query, page.sliced, &all, &next), KT_OK);
        assert_true(page.limit == 0 || all.count - before <= page.limit);
        assert_true(all.count < 10000);
    } while (next[0] != '\0');
    return all;
}

static void
assert_same_rows(const QueryRows *a, const QueryRows *b, const char *what)
{
    if (a->count != b->count)
        fail_msg("%s: %zu rows and %zu", what, a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        uint8_t left[4096], right[4096];
        const size_t length = protobuf_c_message_pack(&a->rows[i]->base, left);
        assert_int_equal(protobuf_c_message_pack(&b->rows[i]->base, right), length);
        assert_memory_equal(left, right, length);
    }
}

static const struct {
    const char *name;
    Keten__V1__Query query;
} lists[] = {
#define LIST(NAME, ...)                                                                            \
    {                                                                                              \
#NAME,                                                                                     \
        {                                                                                          \
            PROTOBUF_C_MESSAGE_INIT(&keten__v1__query__descriptor),                                \
                .kind = ASK(NAME), .after = (char *)"", __VA_ARGS__                                \
        }                                                                                          \
    }
    LIST(STEPS, .subject = (char *)""),
    LIST(PLANS, .subject = (char *)""),
    LIST(PLANS, .subject = (char *)"", .mine = true),
    LIST(PLANS, .subject = (char *)"", .late = true),
    LIST(PLANS, .subject = (char *)"", .mine = true, .late = true),
    LIST(PLANS, .subject = (char *)"", .unowned = true),
    LIST(PLAN_HISTORY, .subject = (char *)"", .id = 1),
    LIST(PLAN_HISTORY, .subject = (char *)"", .id = 4),
    LIST(ARRANGEMENTS, .subject = (char *)""),
    LIST(HANDOVERS, .subject = (char *)""),
    LIST(PARTNERS, .subject = (char *)""),
    LIST(DEADS, .subject = (char *)""),
    LIST(MATTERS, .subject = (char *)""),
    LIST(MATTERS, .subject = (char *)"bottleneck"),
    LIST(BOTTLENECKS, .subject = (char *)"national"),
    LIST(PAUSES, .subject = (char *)""),
};
#define LISTS (sizeof lists / sizeof lists[0])

// Whatever the length of a page and of a call, the same rows come in the same order, each once.
static void
pages_make_the_whole_list(void **state)
{
    (void)state;
    Town town;
    size_t full[LISTS] = {0};
    busy_town(&town);
    for (size_t i = 0; i < LISTS; i++)
        for (uint32_t partner = CITY_GEMEENTE; partner <= town.administrator; partner++) {
            QueryRows whole = {.rows = NULL};
            const char *next;
            if (ask_once(&town, partner, &lists[i].query, false, &whole, &next) != KT_OK)
                continue;
            assert_string_equal(next, "");
            for (Page page = {.limit = 0}; page.limit <= 3; page.limit++)
                for (int sliced = 0; sliced < 2; sliced++) {
                    page.sliced = sliced != 0;
                    const QueryRows pages = ask_pages(&town, partner, lists[i].query, page);
                    assert_same_rows(&pages, &whole, lists[i].name);
                }
            full[i] += whole.count > 1;
        }
    for (size_t i = 0; i < LISTS; i++)
        if (full[i] == 0 && lists[i].query.kind != ASK(PAUSES) && !lists[i].query.unowned &&
            lists[i].query.kind != ASK(ARRANGEMENTS))
            fail_msg("%s: no list of several rows was paged", lists[i].name);
    town_done(&town);
}

// Between two pages a step goes and a plan comes: every row that was there all the time comes once.
static void
rows_may_come_and_go_between_pages(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    for (size_t i = 1; i < HOUSEHOLDS; i++)
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 2 * i, 1));
    QueryRows all = {.rows = NULL};
    const char *next = "";
    Keten__V1__Query query = lists[0].query;
    query.limit = 2;
    size_t resident = 2 * HOUSEHOLDS;
    QueryRows before = {.rows = NULL};
    Keten__V1__Query whole = query;
    whole.limit = 0;
    assert_int_equal(ask_once(&town, CITY_GEMEENTE, &whole, false, &before, &next), KT_OK);
    int64_t gone = 0;
    do {
        query.after = arena_text(&town.arena, next);
        assert_int_equal(ask_once(&town, CITY_GEMEENTE, &query, false, &all, &next), KT_OK);
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", resident, 1));
        resident += 2;
        if (gone == 0 && all.count >= 4) { // the very row that the bookmark names
            gone = town_number(all.rows[all.count - 1], "step");
            Command *withdraw = town_refuse(&town, (uint64_t)gone, "other");
            town_do(&town, CITY_GEMEENTE, withdraw);
        }
    } while (next[0] != '\0' && resident < 200);
    for (size_t i = 0; i < before.count; i++) {
        const int64_t step = town_number(before.rows[i], "step");
        size_t found = 0;
        for (size_t j = 0; j < all.count; j++)
            found += town_number(all.rows[j], "step") == step;
        assert_int_equal(found, 1);
    }
    town_done(&town);
}

// Counted in rows of the state: a page costs what it shows, wherever in the list it lies.
static void
a_page_costs_what_it_shows(void **state)
{
    (void)state;
    uint64_t cost[2][2];
    for (size_t size = 0; size < 2; size++) {
        Town town;
        town_make(&town, 0, NULL);
        for (size_t i = 0; i < (size == 0 ? 20 : 200); i++)
            town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", i, 1));
        const char *next = "";
        for (size_t page = 0; page < 2; page++) {
            QueryRows rows = {.rows = NULL};
            Keten__V1__Query query = lists[1].query;
            query.limit = 5;
            query.after = arena_text(&town.arena, next);
            const uint64_t before = state_walked(ledger_state(town.ledger));
            assert_int_equal(ask_once(&town, CITY_GEMEENTE, &query, false, &rows, &next), KT_OK);
            assert_int_equal(rows.count, 5);
            cost[size][page] = state_walked(ledger_state(town.ledger)) - before;
        }
        town_done(&town);
    }
    assert_int_equal(cost[0][0], cost[1][0]);
    assert_int_equal(cost[0][1], cost[1][1]);
    assert_int_equal(cost[0][0], cost[0][1]);
}

// A bookmark says where a list begins, and nothing else: one that is made up shows nobody more.
static void
a_made_up_bookmark_shows_no_more(void **state)
{
    (void)state;
    Town town;
    busy_town(&town);
    for (size_t i = 0; i < LISTS; i++)
        for (uint32_t partner = CITY_GEMEENTE; partner <= town.administrator; partner++) {
            QueryRows whole = {.rows = NULL};
            const char *next;
            if (ask_once(&town, partner, &lists[i].query, false, &whole, &next) != KT_OK)
                continue;
            for (uint64_t part = 0; part < 40; part++) {
                QueryRows rows = {.rows = NULL};
                Keten__V1__Query query = lists[i].query;
                query.after = arena_format(&town.arena, "%x.%x.%x.%x.%x",
                                           (unsigned)query.kind << 3 | (unsigned)query.mine << 2 |
                                               (unsigned)query.late << 1 | (unsigned)query.unowned,
                                           (unsigned)part, (unsigned)(part % 3),
                                           (unsigned)(part % 5), (unsigned)(part % 7));
                assert_int_equal(ask_once(&town, partner, &query, false, &rows, &next), KT_OK);
                assert_true(rows.count <= whole.count);
            }
        }
    Keten__V1__Query other = lists[0].query;
    other.after = literal("1.2.3");
    QueryRows none = {.rows = NULL};
    const char *next;
    assert_int_equal(ask_once(&town, CITY_GEMEENTE, &other, false, &none, &next), KT_BOOKMARK);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_kinds_answer),
        cmocka_unit_test(pages_make_the_whole_list),
        cmocka_unit_test(rows_may_come_and_go_between_pages),
        cmocka_unit_test(a_page_costs_what_it_shows),
        cmocka_unit_test(a_made_up_bookmark_shows_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
