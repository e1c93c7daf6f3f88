// SPDX-License-Identifier: EUPL-1.2
// A partner's silence: which signs count, when the row stays as it is, which partners a timer
// tells.
// Knows: contexts made here. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/engine.h"
#include "tests/fixture/zone.h"

#define START_MS 1709542800000LL // Monday 2024-03-04 10:00 in Amsterdam
#define WATCHED  KETEN__V1__SILENCE_STATE__SILENCE_WATCHED
#define SILENT   KETEN__V1__SILENCE_STATE__SILENCE_SILENT
#define SPOKE    KETEN__V1__SILENCE_STATE__SILENCE_SPOKE

enum { DESK = 1, CARE = 2, WORK = 3, PARTNERS = 3 };

typedef struct Room {
    Arena arena;
    Calendar calendar;
    PartnerRow rows[PARTNERS];
    PartnerEntry entries[PARTNERS];
    SilenceRow silence; // of CARE
    uint32_t told[PARTNERS];
    Context context;
} Room;

static void
room_make(Room *room, Span agreed)
{
    static const char *const names[] = {"desk", "care", "work"};
    memset(room, 0, sizeof *room);
    room->calendar.zone = zone_fixture();
    for (size_t i = 0; i < PARTNERS; i++) {
        keten__v1__partner_row__init(&room->rows[i]);
        room->rows[i].partner = (uint32_t)i + 1;
        room->rows[i].name = (char *)(uintptr_t)names[i];
        room->entries[i].row = &room->rows[i];
    }
    keten__v1__silence_row__init(&room->silence);
    room->silence.partner = CARE;
    room->silence.told = room->told;
    room->entries[CARE - 1].silent_after = agreed;
    room->entries[CARE - 1].silence = &room->silence;
    room->context = (Context){.now_ms = START_MS,
                              .calendar = &room->calendar,
                              .agreed.partners = room->entries,
                              .agreed.partner_count = PARTNERS};
    keten__v1__counters__init(&room->context.counters);
}

// Sets the deliveries that CARE was given and has processed, and the row of its silence.
static void
stands(Room *room, uint64_t assigned, uint64_t acknowledged, Keten__V1__SilenceState state,
       int64_t due_ms)
{
    room->entries[CARE - 1].assigned = assigned;
    room->entries[CARE - 1].acknowledged = acknowledged;
    room->silence.state = state;
    room->silence.due_ms = due_ms;
}

static const SilenceRow *
changed(const Decision *decision)
{
    const Head *head = decision->record == NULL ? NULL : decision->record->head;
    for (size_t i = 0; head != NULL && i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED)
            return head->events[i]->silence_changed->row;
    return NULL;
}

static Decision
acknowledges(Room *room, uint64_t upto)
{
    const Order order = {.kind = ORDER_ACKNOWLEDGE, .partner = CARE, .upto = upto};
    return decide(&room->context, &order, &room->arena);
}

static Decision
fires(Room *room)
{
    const Order order = {.kind = ORDER_FIRE};
    room->context.timer.kind = KETEN__V1__TIMER_KIND__TIMER_SILENCE;
    room->context.timer.partner = CARE;
    return decide(&room->context, &order, &room->arena);
}

static const Receiver *
receiver_of(const Decision *decision, uint32_t partner)
{
    for (size_t i = 0; i < decision->record->head->n_receivers; i++)
        if (decision->record->head->receivers[i]->partner == partner)
            return decision->record->head->receivers[i];
    return NULL;
}

static void
a_sign_renews_what_would_end_sooner(void **state)
{
    (void)state;
    Room room;
    room_make(&room, (Span){.count = 4, .unit = SPAN_HOURS});
    stands(&room, 9, 3, WATCHED, START_MS + HOUR_MS);
    Decision decision = acknowledges(&room, 5);
    const SilenceRow *row = changed(&decision);
    assert_non_null(row);
    // Four hours, and a sixty-fourth of them on top.
    assert_int_equal(row->due_ms, START_MS + 4 * HOUR_MS + 4 * HOUR_MS / 64);
    // A minute later the same end still is late enough: no row is written.
    stands(&room, 9, 5, WATCHED, row->due_ms);
    room.context.now_ms = START_MS + 60000;
    decision = acknowledges(&room, 6);
    assert_null(changed(&decision));
    arena_done(&room.arena);
}

static void
a_term_in_days_is_renewed_once_a_day(void **state)
{
    (void)state;
    Room room;
    room_make(&room, (Span){.count = 1, .unit = SPAN_WORKING_DAYS});
    const int64_t due_ms =
        span_due_ms(&room.calendar, START_MS, room.entries[CARE - 1].silent_after);
    stands(&room, 9, 3, WATCHED, due_ms);
    for (int64_t hour = 0; hour < 13; hour++) {
        room.context.now_ms = START_MS + hour * HOUR_MS;
        const Decision decision = acknowledges(&room, 4);
        assert_null(changed(&decision));
    }
    room.context.now_ms = START_MS + 24 * HOUR_MS;
    const Decision decision = acknowledges(&room, 4);
    assert_non_null(changed(&decision));
    assert_true(changed(&decision)->due_ms > due_ms);
    arena_done(&room.arena);
}

static void
who_has_processed_all_is_left_alone(void **state)
{
    (void)state;
    Room room;
    room_make(&room, (Span){.count = 4, .unit = SPAN_HOURS});
    stands(&room, 9, 3, WATCHED, START_MS + HOUR_MS);
    Decision decision = acknowledges(&room, 9);
    assert_null(changed(&decision));
    // When the term passes, the watch is at rest and no partner is told.
    stands(&room, 9, 9, WATCHED, START_MS);
    decision = fires(&room);
    assert_int_equal(changed(&decision)->state, WATCHED);
    assert_int_equal(changed(&decision)->due_ms, 0);
    assert_int_equal(decision.record->head->n_receivers, 0);
    arena_done(&room.arena);
}

// Holders are told page by page: each holder once, the partner itself never, and under no plan.
static void
the_timer_tells_each_holder_once(void **state)
{
    (void)state;
    Room room;
    const uint32_t first[] = {DESK, CARE}, second[] = {DESK, WORK};
    room_make(&room, (Span){.count = 4, .unit = SPAN_HOURS});
    stands(&room, 9, 3, WATCHED, START_MS);
    room.context.timer.holders = first;
    room.context.timer.holder_count = 2;
    room.context.timer.next_plan = 257;
    Decision decision = fires(&room);
    const SilenceRow *row = changed(&decision);
    assert_int_equal(row->state, SILENT);
    assert_int_equal(row->scan, 257);
    assert_int_equal(row->due_ms, START_MS);
    assert_int_equal(decision.record->head->n_receivers, 1);
    assert_int_equal(receiver_of(&decision, DESK)->plan, 0);
    // The next page, from the row as it was written.
    room.silence = *row;
    room.context.timer.holders = second;
    room.context.timer.next_plan = 0;
    decision = fires(&room);
    row = changed(&decision);
    assert_int_equal(row->due_ms, 0);
    assert_int_equal(row->n_told, 2);
    assert_null(receiver_of(&decision, DESK));
    assert_non_null(receiver_of(&decision, WORK));
    arena_done(&room.arena);
}

static void
a_sign_is_told_to_who_was_told(void **state)
{
    (void)state;
    Room room;
    room_make(&room, (Span){.count = 4, .unit = SPAN_HOURS});
    stands(&room, 9, 3, SILENT, 0);
    room.told[0] = DESK;
    room.silence.n_told = 1;
    Decision decision = acknowledges(&room, 4);
    const SilenceRow *row = changed(&decision);
    // This record tells nobody: it may be about a plan of which the desk is no participant.
    assert_int_equal(row->state, SPOKE);
    assert_int_equal(row->due_ms, START_MS);
    assert_int_equal(decision.record->head->n_receivers, 0);
    room.silence = *row;
    decision = fires(&room);
    assert_int_equal(receiver_of(&decision, DESK)->items[0]->kind,
                     KETEN__V1__ITEM_KIND__ITEM_PARTNER_SPEAKS);
    row = changed(&decision);
    assert_int_equal(row->state, WATCHED);
    assert_int_equal(row->n_told, 0);
    assert_true(row->due_ms > START_MS); // something is still unprocessed
    arena_done(&room.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sign_renews_what_would_end_sooner),
        cmocka_unit_test(a_term_in_days_is_renewed_once_a_day),
        cmocka_unit_test(who_has_processed_all_is_left_alone),
        cmocka_unit_test(the_timer_tells_each_holder_once),
        cmocka_unit_test(a_sign_is_told_to_who_was_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
