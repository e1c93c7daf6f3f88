// SPDX-License-Identifier: EUPL-1.2
// Households as they are: members join and leave with dates, a child has two households, somebody
// no longer lives there. Each refusal changes nothing. Must never know: the ledger's inside.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

#define ASK(name) KETEN__V1__QUERY_KIND__QUERY_##name

static char *
resident(Town *town, size_t number)
{
    char *bsn = arena_take(&town->arena, 10);
    town_bsn(number, bsn);
    return bsn;
}

static Command *
join(Town *town, uint64_t plan, size_t number, const char *since, const char *why, bool second)
{
    Command *command = town_command(town);
    Keten__V1__MemberJoin *body = arena_take(&town->arena, sizeof *body);
    keten__v1__member_join__init(body);
    body->plan = plan;
    body->person = resident(town, number);
    body->since = literal(since);
    body->why = literal(why);
    body->second = second;
    command->body_case = KETEN__V1__COMMAND__BODY_MEMBER_JOIN;
    command->member_join = body;
    return command;
}

static Command *
leave(Town *town, uint64_t plan, const char *person, const char *on, const char *why)
{
    Command *command = town_command(town);
    Keten__V1__MemberLeave *body = arena_take(&town->arena, sizeof *body);
    keten__v1__member_leave__init(body);
    body->plan = plan;
    body->person = literal(person);
    body->on = literal(on);
    body->why = literal(why);
    command->body_case = KETEN__V1__COMMAND__BODY_MEMBER_LEAVE;
    command->member_leave = body;
    return command;
}

static Command *
lead(Town *town, uint64_t plan, size_t number)
{
    Command *command = town_command(town);
    Keten__V1__MemberLead *body = arena_take(&town->arena, sizeof *body);
    keten__v1__member_lead__init(body);
    body->plan = plan;
    body->person = resident(town, number);
    command->body_case = KETEN__V1__COMMAND__BODY_MEMBER_LEAD;
    command->member_lead = body;
    return command;
}

static Command *
close_plan(Town *town, uint64_t plan, const char *reason)
{
    Command *command = town_command(town);
    Keten__V1__PlanClose *body = arena_take(&town->arena, sizeof *body);
    keten__v1__plan_close__init(body);
    body->plan = plan;
    body->reason = literal(reason);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = body;
    return command;
}

static const Keten__V1__Receipt *
signals(Town *town, size_t first, size_t count)
{
    return town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", first, count));
}

static size_t
members(Town *town, uint64_t plan, const char *row)
{
    KtCode code;
    const QueryRows rows = town_ask(town, CITY_GEMEENTE, ASK(PLAN), plan, "", &code);
    assert_int_equal(code, KT_OK);
    return town_rows(&rows, row);
}

// A refusal leaves the members and the plans that count them as they were.
static void
refuses(Town *town, uint32_t partner, Command *command, KtCode code)
{
    const size_t before = members(town, 1, "member"), past = members(town, 1, "left");
    assert_int_equal(town_refused(town, partner, command), code);
    assert_int_equal(members(town, 1, "member"), before);
    assert_int_equal(members(town, 1, "left"), past);
}

static void
verified(Town *town)
{
    ledger_work(town->ledger, town->now_ms, 100);
    town_commit(town);
    town_verify(town);
}

// The last item of this kind that a partner was told; NULL: none.
static const Keten__V1__Item *
last_item(Town *town, uint32_t partner, Keten__V1__ItemKind kind)
{
    for (uint64_t n = ledger_assigned(town->ledger, partner); n > 0; n--) {
        const Keten__V1__Delivery *delivery = town_delivery(town, partner, n);
        for (size_t i = 0; i < delivery->n_items; i++)
            if (delivery->items[i]->kind == kind)
                return delivery->items[i];
    }
    return NULL;
}

static void
test_a_member_joins_and_leaves_with_dates(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 2);
    town_do(&town, CITY_GEMEENTE, join(&town, 1, 2, "2019-12-24", "birth", false));
    KtCode code;
    QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 1, "", &code);
    const Keten__V1__Row *row = town_row(&rows, "member", 2);
    assert_string_equal(town_cell(row, "since"), "2019-12-24");
    assert_string_equal(town_cell(row, "why"), "birth");
    const char *pseudonym = town_cell(row, "person");
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, pseudonym, "2020-01-01", "divorce"));
    assert_int_equal(members(&town, 1, "member"), 2);
    rows = town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 1, "", &code);
    row = town_row(&rows, "left", 0);
    assert_string_equal(town_cell(row, "person"), pseudonym);
    assert_string_equal(town_cell(row, "since"), "2019-12-24");
    assert_string_equal(town_cell(row, "until"), "2020-01-01");
    assert_string_equal(town_cell(row, "reason"), "divorce");
    // The person is free for another plan, and both stays in this one are kept.
    assert_int_equal(signals(&town, 2, 1)->plan, 2);
    verified(&town);
    town_done(&town);
}

static void
test_a_member_that_comes_back_has_two_stays(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 2);
    for (int i = 0; i < 2; i++) {
        town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 1), "", "mistake"));
        town_do(&town, CITY_GEMEENTE, join(&town, 1, 1, "", "mistake", false));
    }
    assert_int_equal(members(&town, 1, "left"), 2);
    assert_int_equal(members(&town, 1, "member"), 2);
    verified(&town);
    const Hash before = town_digest(&town);
    town_restart(&town);
    const Hash after = town_digest(&town);
    assert_memory_equal(&before, &after, sizeof before);
    town_done(&town);
}

static void
test_wrong_joins_are_refused(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 2);
    signals(&town, 5, 1);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 2, "2999-01-01", "birth", false),
            KT_MEMBER_FUTURE);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 2, "2019-02-29", "birth", false), KT_FORM);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 2, "", "", false), KT_REASON);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 1, "", "birth", false), KT_MEMBER_ALREADY);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 5, "", "marriage", false), KT_MEMBER_ELSEWHERE);
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 2, "", "birth", true), KT_MEMBER_HOUSEHOLDS);
    refuses(&town, CITY_CORPORATIE, join(&town, 1, 2, "", "birth", false), KT_NO_PART);
    refuses(&town, CITY_GEMEENTE, join(&town, 9, 2, "", "birth", false), KT_NO_PART);
    Command *command = join(&town, 1, 2, "", "birth", false);
    command->member_join->person = literal("123456789");
    refuses(&town, CITY_GEMEENTE, command, KT_BSN);
    verified(&town);
    town_done(&town);
}

static void
test_wrong_leavings_are_refused(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 2);
    const char *one = resident(&town, 1);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, one, "2999-01-01", "divorce"), KT_MEMBER_FUTURE);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, one, "1999-01-01", "divorce"), KT_MEMBER_BEFORE);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, one, "", ""), KT_REASON);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 7), "", "divorce"),
            KT_MEMBER_NOT);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, "pn-00000000000000000000", "", "divorce"),
            KT_MEMBER_NOT);
    Command *command = leave(&town, 1, one, "", "moved-away");
    command->member_leave->to = literal("corporatie");
    refuses(&town, CITY_GEMEENTE, command, KT_UNKNOWN_PARTNER);
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, one, "", "divorce"));
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, one, "", "divorce"), KT_MEMBER_NOT);
    refuses(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 0), "", "death"), KT_MEMBER_LAST);
    verified(&town);
    town_done(&town);
}

static void
test_those_at_work_are_told_with_a_pseudonym(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 1);
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    town_do(&town, CITY_GEMEENTE, town_complete(&town, 1, "assessment", "outcome", "debts"));
    town_do(&town, CITY_GEMEENTE, join(&town, 1, 1, "", "birth", false));
    const Keten__V1__Item *item =
        last_item(&town, CITY_WELZIJN, KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED);
    assert_non_null(item);
    assert_string_equal(item->reason, "birth");
    assert_memory_equal(item->person, "pn-", 3);
    // A partner that only signalled, or that only waits, hears nothing.
    assert_null(last_item(&town, CITY_CORPORATIE, KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED));
    assert_null(last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED));
    town_done(&town);
}

static void
test_a_signal_about_departed_persons_returns(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 3);
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 1), "", "moved-away"));
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 2), "", "death"));
    const Keten__V1__Receipt *moved = signals(&town, 1, 1), *died = signals(&town, 2, 1);
    assert_string_equal(moved->outcome, "moved-away");
    assert_string_equal(died->outcome, "deceased");
    assert_int_equal(moved->plan, 0);
    assert_false(moved->opened);
    assert_int_equal(moved->fact, 0);
    assert_int_equal(moved->n_persons, 1);
    const Keten__V1__Delivery *told =
        town_delivery(&town, CITY_CORPORATIE, ledger_assigned(town.ledger, CITY_CORPORATIE));
    assert_int_equal(told->n_items, 1);
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
    assert_string_equal(told->items[0]->reason, "deceased");
    assert_null(told->items[0]->fact);
    assert_int_equal(told->plan, 0);
    assert_int_equal(told->n_persons, 0);
    // The persons that still live there count; a departed person is not taken in again.
    const Keten__V1__Receipt *mixed = signals(&town, 0, 3);
    assert_int_equal(mixed->plan, 1);
    assert_string_equal(mixed->outcome, "");
    assert_int_equal(members(&town, 1, "member"), 1);
    KtCode code;
    char subject[24];
    snprintf(subject, sizeof subject, "r%llu", (unsigned long long)moved->position);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(WHY), 0, subject, &code);
    assert_string_equal(town_cell(town_row(&rows, "came", 0), "outcome"), "moved-away");
    verified(&town);
    town_done(&town);
}

static void
test_a_departed_person_can_come_back(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 3);
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 1), "", "moved-away"));
    town_do(&town, CITY_GEMEENTE, join(&town, 1, 1, "", "moved-in", false));
    assert_int_equal(signals(&town, 1, 1)->plan, 1);
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 2), "", "death"));
    refuses(&town, CITY_GEMEENTE, join(&town, 1, 2, "", "moved-in", false), KT_MEMBER_DECEASED);
    town_do(&town, CITY_GEMEENTE, join(&town, 1, 2, "", "mistake", false));
    assert_int_equal(signals(&town, 2, 1)->plan, 1);
    verified(&town);
    town_done(&town);
}

static void
test_a_plan_that_closes_takes_its_household_along(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signals(&town, 0, 2);
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 1, "moved-away"));
    assert_string_equal(signals(&town, 1, 1)->outcome, "moved-away");
    signals(&town, 4, 1);
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 2, "deceased"));
    assert_string_equal(signals(&town, 4, 1)->outcome, "deceased");
    // A signal about several persons does not tell which one died: the next signal opens a plan.
    signals(&town, 6, 2);
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 3, "death"));
    assert_int_equal(signals(&town, 6, 1)->plan, 4);
    verified(&town);
    town_done(&town);
}

// UWV stands for another municipality here; signals about who moved away go on to it.
static void
with_another_municipality(Town *town)
{
    Fault fault = {.code = KT_OK};
    town_make(town, 0, NULL);
    Arrangement *city = town_arrangement(town);
    city->version = 2;
    for (size_t i = 0; i < city->n_partners; i++)
        if (strcmp(city->partners[i]->name, "uwv") == 0)
            city->partners[i]->kind = KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY;
    city->moved_away = arena_take(&town->arena, sizeof *city->moved_away);
    keten__v1__moved_away__init(city->moved_away);
    city->moved_away->to = literal("uwv");
    city->moved_away->within = city->return_within;
    if (ledger_load_arrangement(town->ledger, city, town->now_ms, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    town_commit(town);
    signals(town, 0, 3);
    town_do(town, CITY_GEMEENTE, leave(town, 1, resident(town, 1), "", "moved-away"));
    town_do(town, CITY_GEMEENTE, leave(town, 1, resident(town, 2), "", "death"));
}

static void
test_a_signal_about_persons_that_moved_goes_on(void **state)
{
    (void)state;
    Town town;
    with_another_municipality(&town);
    const Keten__V1__Receipt *receipt = signals(&town, 1, 1);
    assert_string_equal(receipt->outcome, "moved-away");
    assert_int_equal(receipt->plan, 0);
    assert_int_equal(receipt->fact, 0);
    assert_false(receipt->opened);
    assert_int_equal(receipt->n_steps, 0);
    // The signal is the other desk's, with a term. Its purposes allow no field of arrears.
    const Keten__V1__Item *item =
        last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED);
    assert_non_null(item);
    assert_string_equal(item->reason, "moved-away");
    assert_null(last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_SIGNAL));
    KtCode code;
    QueryRows rows = town_ask(&town, CITY_UWV, ASK(PLAN), 2, "", &code);
    const Keten__V1__Row *row = town_row(&rows, "plan", 0);
    assert_string_equal(town_cell(row, "accountable"), "uwv");
    assert_int_equal(town_number(row, "open_steps"), 0);
    // Neither the sender nor the first desk sees to which plan the signal went.
    town_ask(&town, CITY_CORPORATIE, ASK(PLAN), 2, "", &code);
    assert_int_equal(code, KT_NO_PART);
    town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 2, "", &code);
    assert_int_equal(code, KT_NO_PART);
    const Keten__V1__Delivery *told =
        town_delivery(&town, CITY_CORPORATIE, ledger_assigned(town.ledger, CITY_CORPORATIE));
    assert_int_equal(told->plan, 0);
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
    assert_string_equal(told->items[0]->reason, "moved-away");
    verified(&town);
    town_done(&town);
}

static void
test_what_went_on_is_looked_at_in_time(void **state)
{
    (void)state;
    Town town;
    with_another_municipality(&town);
    signals(&town, 1, 1);
    const int64_t due_ms = ledger_next_due(town.ledger);
    town.now_ms += 5LL * 86400000LL;
    assert_true(due_ms <= town.now_ms);
    while (ledger_fire(town.ledger, town.now_ms, 16) > 0)
        town_commit(&town);
    assert_non_null(last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_REVIEW));
    verified(&town);
    town_done(&town);
}

static void
test_further_signals_go_the_same_way(void **state)
{
    (void)state;
    Town town;
    with_another_municipality(&town);
    signals(&town, 1, 1);
    const Keten__V1__Receipt *again = signals(&town, 1, 2);
    assert_string_equal(again->outcome, "moved-away");
    KtCode code;
    QueryRows rows = town_ask(&town, CITY_UWV, ASK(PLAN), 2, "", &code);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "signals"), 2);
    // The person who died is not among them.
    assert_int_equal(town_rows(&rows, "member"), 1);
    assert_string_equal(signals(&town, 2, 1)->outcome, "deceased");
    // The members who still live there count, and so does the new one.
    assert_int_equal(signals(&town, 0, 2)->plan, 1);
    Command *mixed = town_signal(&town, "arrears", 1, 2);
    town_bsn(9, mixed->signal->persons[1]);
    const Keten__V1__Receipt *other = town_do(&town, CITY_CORPORATIE, mixed);
    assert_int_equal(other->plan, 3);
    assert_string_equal(other->outcome, "");
    rows = town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 3, "", &code);
    assert_int_equal(town_rows(&rows, "member"), 1);
    // The plan that moved on ends: the next signal goes on again.
    town_do(&town, CITY_UWV, close_plan(&town, 2, "solved"));
    assert_string_equal(signals(&town, 1, 1)->outcome, "moved-away");
    town_ask(&town, CITY_UWV, ASK(PLAN), 4, "", &code);
    assert_int_equal(code, KT_OK);
    verified(&town);
    town_restart(&town);
    verified(&town);
    town_done(&town);
}

// Residents 0 and 1 (the child) in plan 1, resident 3 in plan 2, the child there as well.
static void
two_households(Town *town)
{
    town_make(town, 0, NULL);
    signals(town, 0, 2);
    signals(town, 3, 1);
    town_do(town, CITY_GEMEENTE, join(town, 2, 1, "", "divorce", true));
    assert_int_equal(members(town, 2, "member"), 2);
    verified(town);
}

static void
test_a_signal_goes_to_the_leading_plan(void **state)
{
    (void)state;
    Town town;
    two_households(&town);
    const uint64_t before = ledger_assigned(town.ledger, CITY_GEMEENTE);
    assert_int_equal(signals(&town, 1, 1)->plan, 1);
    verified(&town);
    const Keten__V1__Delivery *told =
        town_delivery(&town, CITY_GEMEENTE, ledger_assigned(town.ledger, CITY_GEMEENTE));
    assert_int_equal(ledger_assigned(town.ledger, CITY_GEMEENTE), before + 2);
    assert_int_equal(told->plan, 2);
    assert_int_equal(told->n_items, 1);
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_SECOND_HOUSEHOLD);
    assert_string_equal(told->items[0]->reason, "signalled");
    assert_null(told->items[0]->fact);
    refuses(&town, CITY_GEMEENTE, join(&town, 2, 1, "", "birth", true), KT_MEMBER_ALREADY);
    town_done(&town);
}

static void
test_a_signal_about_the_other_parent_asks_nothing(void **state)
{
    (void)state;
    Town town;
    two_households(&town);
    // Both named: the parent of the second household comes first.
    Command *command = town_signal(&town, "arrears", 3, 2);
    command->signal->persons[1] = resident(&town, 1);
    assert_int_equal(town_do(&town, CITY_CORPORATIE, command)->plan, 2);
    verified(&town);
    assert_null(last_item(&town, CITY_GEMEENTE, KETEN__V1__ITEM_KIND__ITEM_QUESTION));
    town_done(&town);
}

static void
test_the_lead_is_given_away(void **state)
{
    (void)state;
    Town town;
    two_households(&town);
    refuses(&town, CITY_GEMEENTE, lead(&town, 2, 1), KT_MEMBER_HOUSEHOLDS);
    refuses(&town, CITY_GEMEENTE, lead(&town, 1, 0), KT_MEMBER_HOUSEHOLDS);
    town_do(&town, CITY_GEMEENTE, lead(&town, 1, 1));
    assert_int_equal(signals(&town, 1, 1)->plan, 2);
    verified(&town);
    town_done(&town);
}

static void
test_the_second_leads_when_the_first_ends(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        Town town;
        two_households(&town);
        if (how == 0)
            town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 1), "", "moved-away"));
        else if (how == 1)
            town_do(&town, CITY_GEMEENTE, close_plan(&town, 1, "moved-away"));
        else
            town_do(&town, CITY_GEMEENTE, close_plan(&town, 1, "solved"));
        verified(&town);
        const Keten__V1__Item *item =
            last_item(&town, CITY_GEMEENTE, KETEN__V1__ITEM_KIND__ITEM_SECOND_HOUSEHOLD);
        assert_string_equal(item->reason, "leads");
        const Keten__V1__Receipt *receipt = signals(&town, 1, 1);
        assert_int_equal(receipt->plan, 2);
        verified(&town);
        town_done(&town);
    }
}

static void
test_a_death_is_told_to_both_households(void **state)
{
    (void)state;
    for (uint64_t plan = 1; plan <= 2; plan++) {
        Town town;
        two_households(&town);
        town_do(&town, CITY_GEMEENTE, leave(&town, plan, resident(&town, 1), "", "death"));
        verified(&town);
        const Keten__V1__Item *item =
            last_item(&town, CITY_GEMEENTE, KETEN__V1__ITEM_KIND__ITEM_SECOND_HOUSEHOLD);
        assert_non_null(item);
        assert_string_equal(item->reason, "deceased");
        town_done(&town);
    }
}

static void
test_a_second_household_can_end_alone(void **state)
{
    (void)state;
    for (int how = 0; how < 2; how++) {
        Town town;
        two_households(&town);
        if (how == 0)
            town_do(&town, CITY_GEMEENTE, leave(&town, 2, resident(&town, 1), "", "other"));
        else
            town_do(&town, CITY_GEMEENTE, close_plan(&town, 2, "moved-away"));
        verified(&town);
        assert_int_equal(signals(&town, 1, 1)->plan, 1);
        town_do(&town, CITY_GEMEENTE, close_plan(&town, 1, "solved"));
        assert_int_equal(signals(&town, 1, 1)->plan, 3);
        verified(&town);
        town_done(&town);
    }
}

static void
test_a_person_that_died_is_signalled_in_neither(void **state)
{
    (void)state;
    Town town;
    two_households(&town);
    town_do(&town, CITY_GEMEENTE, leave(&town, 1, resident(&town, 1), "", "death"));
    assert_string_equal(signals(&town, 1, 1)->outcome, "deceased");
    verified(&town);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_member_joins_and_leaves_with_dates),
        cmocka_unit_test(test_a_member_that_comes_back_has_two_stays),
        cmocka_unit_test(test_wrong_joins_are_refused),
        cmocka_unit_test(test_wrong_leavings_are_refused),
        cmocka_unit_test(test_those_at_work_are_told_with_a_pseudonym),
        cmocka_unit_test(test_a_signal_about_departed_persons_returns),
        cmocka_unit_test(test_a_departed_person_can_come_back),
        cmocka_unit_test(test_a_plan_that_closes_takes_its_household_along),
        cmocka_unit_test(test_a_signal_about_persons_that_moved_goes_on),
        cmocka_unit_test(test_what_went_on_is_looked_at_in_time),
        cmocka_unit_test(test_further_signals_go_the_same_way),
        cmocka_unit_test(test_a_signal_goes_to_the_leading_plan),
        cmocka_unit_test(test_a_signal_about_the_other_parent_asks_nothing),
        cmocka_unit_test(test_the_lead_is_given_away),
        cmocka_unit_test(test_the_second_leads_when_the_first_ends),
        cmocka_unit_test(test_a_death_is_told_to_both_households),
        cmocka_unit_test(test_a_second_household_can_end_alone),
        cmocka_unit_test(test_a_person_that_died_is_signalled_in_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
