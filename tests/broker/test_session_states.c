// SPDX-License-Identifier: EUPL-1.2
// The table of a session's states: every event in every state. Must never know: sockets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "daemon/broker/session.h"

#define NEVER  (-1)
#define NONE   SESSION_NONE
#define LOOKER SESSION_LOOKER
#define CONS   SESSION_CONSUMER
#define LOST_L SESSION_LOST_LOOKER
#define LOST_C SESSION_LOST_CONSUMER

typedef struct Row {
    SessionEvent event;
    int next[SESSION_STATES]; // from NONE, LOOKER, CONSUMER, LOST_LOOKER, LOST_CONSUMER
} Row;

static const Row rows[SESSION_EVENTS] = {
    {SESSION_HELLO_LOOKER, {LOOKER, LOOKER, LOOKER, LOOKER, LOOKER}},
    {SESSION_HELLO_CONSUMER, {CONS, CONS, CONS, CONS, CONS}},
    {SESSION_HELLO_REFUSED, {NONE, NONE, NONE, NONE, NONE}},
    {SESSION_REPLACED, {NEVER, NEVER, LOOKER, NEVER, LOST_L}},
    {SESSION_ANSWER_LOST, {NONE, LOST_L, LOST_C, NEVER, NEVER}},
    {SESSION_TOLD, {NEVER, NEVER, NEVER, NONE, NONE}},
    {SESSION_GOODBYE, {NEVER, NONE, NONE, NEVER, NEVER}},
    {SESSION_UNREACHABLE, {NONE, NONE, NONE, NONE, NONE}},
    {SESSION_KEY_ENDED, {NONE, NONE, NONE, NONE, NONE}},
    {SESSION_KEY_CHANGED, {NEVER, NONE, NONE, NONE, NONE}},
    {SESSION_CROWDED_OUT, {NEVER, NONE, NONE, NONE, NONE}},
};

static void
every_event_in_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < SESSION_EVENTS; i++) {
        assert_int_equal(rows[i].event, i);
        for (int from = 0; from < SESSION_STATES; from++) {
            SessionState next = (SessionState)from;
            const bool moves = session_next((SessionState)from, rows[i].event, &next);
            assert_int_equal(moves, rows[i].next[from] != NEVER);
            assert_int_equal(next, moves ? rows[i].next[from] : from);
        }
    }
}

// Events that bring a session with id 1 into a state.
static void
bring_to(Sessions *sessions, SessionState state)
{
    if (state == SESSION_NONE)
        return;
    Session *session = sessions_apply(
        sessions, 1, session_is_consumer(state) ? SESSION_HELLO_CONSUMER : SESSION_HELLO_LOOKER);
    session->partner = 7;
    session->credit = 5;
    if (session_is_lost(state))
        session = sessions_apply(sessions, 1, SESSION_ANSWER_LOST);
    assert_int_equal(session->state, state);
}

static void
a_session_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < SESSION_EVENTS; i++) {
        for (int from = 0; from < SESSION_STATES; from++) {
            const int next = rows[i].next[from];
            Sessions sessions = {0};
            bring_to(&sessions, (SessionState)from);
            if (next != NEVER) {
                const Session *session = sessions_apply(&sessions, 1, rows[i].event);
                assert_ptr_equal(session, sessions_find(&sessions, 1));
                assert_int_equal(session == NULL ? SESSION_NONE : session->state, next);
                // Every state begins without credit.
                assert_true(session == NULL || session->credit == 0);
            }
            sessions_done(&sessions);
        }
    }
}

static void
one_kind_consumes_and_one_is_lost(void **state)
{
    (void)state;
    static const struct {
        bool consumer, lost;
    } kinds[SESSION_STATES] = {{0, 0}, {0, 0}, {1, 0}, {0, 1}, {1, 1}};
    for (int i = 0; i < SESSION_STATES; i++) {
        assert_int_equal(session_is_consumer((SessionState)i), kinds[i].consumer);
        assert_int_equal(session_is_lost((SessionState)i), kinds[i].lost);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_session_follows_the_table),
        cmocka_unit_test(one_kind_consumes_and_one_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
