// SPDX-License-Identifier: EUPL-1.2
// The answer that a record makes: which steps and matters it names, and what a sender is not told.
// Knows: records as they are stored. Must never know: how a record is decided.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/receipt.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"

// A record about plan 1 with no event yet, commanded by the corporation.
static Record *
record_make(Town *town)
{
    Record *record = NEW(&town->arena, Record, record);
    Head *head = record->head = NEW(&town->arena, Head, head);
    head->partner = CITY_CORPORATIE;
    head->plan = 1;
    head->at_ms = town->now_ms;
    head->command = NEW(&town->arena, CommandKey, command_key);
    head->command->number = 5;
    head->events = arena_take(&town->arena, 8 * sizeof *head->events);
    return record;
}

static Event *
event_add(Town *town, Record *record, Keten__V1__Event__BodyCase body)
{
    Event *event = NEW(&town->arena, Event, event);
    event->body_case = body;
    record->head->events[record->head->n_events++] = event;
    return event;
}

static void
step_add(Town *town, Record *record, uint64_t step, uint32_t version, StepState state)
{
    Event *event = event_add(town, record, KETEN__V1__EVENT__BODY_STEP_CHANGED);
    event->step_changed = NEW(&town->arena, Keten__V1__StepChanged, step_changed);
    StepRow *row = event->step_changed->row = NEW(&town->arena, StepRow, step_row);
    row->step = step;
    row->version = version;
    row->kind = literal("visit");
    row->state = state;
}

static void
matter_add(Town *town, Record *record, uint64_t matter, uint32_t raised_by, bool open)
{
    Event *event = event_add(town, record, KETEN__V1__EVENT__BODY_MATTER_CHANGED);
    event->matter_changed = NEW(&town->arena, Keten__V1__MatterChanged, matter_changed);
    MatterRow *row = event->matter_changed->row = NEW(&town->arena, MatterRow, matter_row);
    row->matter = matter;
    row->raised_by = raised_by;
    row->open = open;
}

static Answer
answer_of(Town *town, const Record *record)
{
    static const Hash leaf = {{7}};
    return answer_record(town->ledger, record, 9, &leaf, KT_EN, &town->arena);
}

static void
a_receipt_names_each_step_and_matter_once_as_it_stands(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Record *record = record_make(&town);
    step_add(&town, record, 2, 1, STEP_OFFERED);
    matter_add(&town, record, 4, CITY_GEMEENTE, true);
    step_add(&town, record, 1, 3, STEP_COMPLETED);
    step_add(&town, record, 2, 2, STEP_ACTIVE);
    matter_add(&town, record, 4, CITY_GEMEENTE, false);
    const Keten__V1__Receipt *receipt = answer_of(&town, record).receipt;
    assert_non_null(receipt);
    assert_int_equal(receipt->id->number, 5);
    assert_int_equal(receipt->position, 9);
    assert_int_equal(receipt->leaf.data[0], 7);
    assert_int_equal(receipt->plan, 1);
    assert_int_equal(receipt->n_steps, 2);
    assert_int_equal(receipt->steps[0]->step, 2);
    assert_int_equal(receipt->steps[0]->state, STEP_ACTIVE);
    assert_int_equal(receipt->steps[0]->version, 2);
    assert_int_equal(receipt->steps[1]->step, 1);
    assert_int_equal(receipt->n_matters, 1);
    assert_false(receipt->matters[0]->open);
    town_done(&town);
}

// A sender may not learn what its signal set going, nor into which plan its own was merged.
static void
a_sender_is_told_its_own_plan_and_matters(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Record *record = record_make(&town);
    record->head->opened = NEW(&town.arena, Opened, opened);
    record->head->opened->sender_plan = 3;
    step_add(&town, record, 2, 1, STEP_OFFERED);
    matter_add(&town, record, 4, CITY_GEMEENTE, true);
    matter_add(&town, record, 5, CITY_CORPORATIE, true);
    const Keten__V1__Receipt *receipt = answer_of(&town, record).receipt;
    assert_int_equal(receipt->plan, 3);
    assert_int_equal(receipt->n_steps, 0);
    assert_int_equal(receipt->n_matters, 1);
    assert_int_equal(receipt->matters[0]->matter, 5);
    town_done(&town);
}

static void
a_returned_signal_names_no_plan(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Record *record = record_make(&town);
    record->head->opened = NEW(&town.arena, Opened, opened);
    record->head->opened->outcome = literal("moved-away");
    const Keten__V1__Receipt *receipt = answer_of(&town, record).receipt;
    assert_string_equal(receipt->outcome, "moved-away");
    assert_int_equal(receipt->plan, 0);
    town_done(&town);
}

static void
a_refused_command_has_no_receipt(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Record *record = record_make(&town);
    record->head->refused = NEW(&town.arena, Refused, refused);
    record->head->refused->code = KT_NO_PART;
    record->head->refused->field = literal("plan");
    record->head->refused->detail = literal("p1");
    step_add(&town, record, 2, 1, STEP_OFFERED);
    const Answer answer = answer_of(&town, record);
    assert_null(answer.receipt);
    assert_int_equal(answer.refusal->code, KT_NO_PART);
    assert_int_equal(answer.refusal->position, 9);
    assert_int_equal(answer.refusal->id->number, 5);
    assert_string_equal(answer.refusal->field, "plan");
    assert_non_null(strstr(answer.refusal->text, "p1"));
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_names_each_step_and_matter_once_as_it_stands),
        cmocka_unit_test(a_sender_is_told_its_own_plan_and_matters),
        cmocka_unit_test(a_returned_signal_names_no_plan),
        cmocka_unit_test(a_refused_command_has_no_receipt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
