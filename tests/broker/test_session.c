// SPDX-License-Identifier: EUPL-1.2
// The table of sessions against a plain array. KETEN_SEED repeats a run. Must never know: how it is
// indexed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "daemon/broker/session.h"
#include "tests/fixture/setting.h"

#define IDS   300u
#define STEPS 50000

// xorshift64* (Vigna 2016)
static uint32_t
next_number(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (uint32_t)((*seed * 2685821657736338717ULL) >> 32);
}

static void
compare(const Sessions *sessions, const bool present[IDS], size_t count)
{
    assert_int_equal(sessions->count, count);
    for (uint32_t id = 0; id < IDS; id++) {
        const Session *session = sessions_find(sessions, id);
        assert_int_equal(session != NULL, present[id]);
        assert_true(!session || (session->id == id && session->partner == id % 7));
    }
}

static void
it_holds_what_was_added_and_not_removed(void **state)
{
    (void)state;
    Sessions sessions = {0};
    bool present[IDS] = {false};
    size_t count = 0;
    uint64_t seed = seed_of_run() | 1;
    for (int i = 0; i < STEPS; i++) {
        const uint32_t id = next_number(&seed) % IDS;
        if (present[id]) {
            assert_null(sessions_apply(&sessions, id, SESSION_UNREACHABLE));
            count--;
        } else {
            sessions_apply(&sessions, id, SESSION_HELLO_LOOKER)->partner = id % 7;
            count++;
        }
        present[id] = !present[id];
        if (i % 500 == 0)
            compare(&sessions, present, count);
    }
    compare(&sessions, present, count);
    sessions_apply(&sessions, IDS + 1, SESSION_UNREACHABLE); // not there: nothing happens
    compare(&sessions, present, count);
    sessions_done(&sessions);
}

static void
it_finds_a_partners_consumer_and_its_stalest(void **state)
{
    (void)state;
    Sessions sessions = {0};
    for (uint32_t id = 1; id <= 6; id++) {
        Session *session =
            sessions_apply(&sessions, id, id == 4 ? SESSION_HELLO_CONSUMER : SESSION_HELLO_LOOKER);
        session->partner = 1 + id % 2;
        session->heard_ms = 100 - id;
    }
    assert_int_equal(sessions_consumer(&sessions, 1)->id, 4);
    assert_null(sessions_consumer(&sessions, 2));
    assert_int_equal(sessions_of_partner(&sessions, 2), 3);
    assert_int_equal(sessions_stalest(&sessions, 2)->id, 5);
    assert_null(sessions_stalest(&sessions, 3));
    sessions_done(&sessions);
}

// A session that never reads is tried less and less often, and at once again when it reads.
static void
a_full_session_is_tried_after_growing_pauses(void **state)
{
    (void)state;
    Session session = {0};
    int64_t now_ms = 1000;
    unsigned tries = 0;
    for (; now_ms < 61000; now_ms = session.again_ms, tries++) {
        session_wait_longer(&session, now_ms);
        assert_true(session.again_ms > now_ms && session.again_ms <= now_ms + 500);
    }
    assert_true(tries < 130);
    session_wait_no_more(&session);
    assert_int_equal(session.again_ms, 0);
    session_wait_longer(&session, 5);
    assert_int_equal(session.again_ms, 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_was_added_and_not_removed),
        cmocka_unit_test(a_full_session_is_tried_after_growing_pauses),
        cmocka_unit_test(it_finds_a_partners_consumer_and_its_stalest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
