// SPDX-License-Identifier: EUPL-1.2
// The table of sessions: a list, and an index by connection id. Knows: hashing. Must never know:
// why an event happens.
#include "daemon/broker/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"

#define PAUSE_FIRST_MS 10u
#define PAUSE_MOST_MS  500u

static size_t
slot_first(const Sessions *sessions, uint32_t id)
{
    return (id * 2654435761u) & (sessions->slot_count - 1); // Knuth's multiplicative hash
}

static uint32_t *
slot_of(const Sessions *sessions, uint32_t id)
{
    size_t at = slot_first(sessions, id);
    while (sessions->slots[at] && sessions->items[sessions->slots[at] - 1]->id != id)
        at = (at + 1) & (sessions->slot_count - 1);
    return &sessions->slots[at];
}

static void
index_all(Sessions *sessions)
{
    memset(sessions->slots, 0, sessions->slot_count * sizeof *sessions->slots);
    for (size_t i = 0; i < sessions->count; i++)
        *slot_of(sessions, sessions->items[i]->id) = (uint32_t)i + 1;
}

// Four slots for each place, so that a search stays short.
static void
make_room(Sessions *sessions)
{
    if (sessions->count < sessions->room)
        return;
    sessions->items = array_grow(sessions->items, &sessions->room, sessions->count + 1,
                                 sizeof(Session *), "sessions");
    sessions->slots = array_grow(sessions->slots, &sessions->slot_count, 4 * sessions->room,
                                 sizeof *sessions->slots, "slots of sessions");
    index_all(sessions);
}

Session *
sessions_find(const Sessions *sessions, uint32_t id)
{
    if (sessions->count == 0)
        return NULL;
    const uint32_t at = *slot_of(sessions, id);
    return at != 0 ? sessions->items[at - 1] : NULL;
}

static Session *
add(Sessions *sessions, uint32_t id)
{
    make_room(sessions);
    Session *session = calloc(1, sizeof *session);
    if (session == NULL)
        exhausted("memory for a session");
    session->id = id;
    session->hello = ++sessions->hellos;
    sessions->items[sessions->count++] = session;
    *slot_of(sessions, id) = (uint32_t)sessions->count;
    return session;
}

static void
drop(Sessions *sessions, uint32_t id)
{
    const uint32_t at = *slot_of(sessions, id);
    ASSERT(at != 0);
    free(sessions->items[at - 1]);
    sessions->items[at - 1] = sessions->items[--sessions->count];
    index_all(sessions);
}

static bool
is_hello(SessionEvent event)
{
    return event == SESSION_HELLO_LOOKER || event == SESSION_HELLO_CONSUMER;
}

Session *
sessions_apply(Sessions *sessions, uint32_t id, SessionEvent event)
{
    ASSERT(sessions != NULL);
    Session *session = sessions_find(sessions, id);
    SessionState next;
    ASSERT(session_next(session == NULL ? SESSION_NONE : session->state, event, &next));
    if (session != NULL && (next == SESSION_NONE || is_hello(event))) {
        drop(sessions, id);
        session = NULL;
    }
    if (next == SESSION_NONE)
        return NULL;
    if (session == NULL)
        session = add(sessions, id);
    if (session->state != next)
        session->credit = 0;
    session->state = next;
    return session;
}

Session *
sessions_consumer(const Sessions *sessions, uint32_t partner)
{
    for (size_t i = 0; i < sessions->count; i++)
        if (sessions->items[i]->partner == partner &&
            session_is_consumer(sessions->items[i]->state))
            return sessions->items[i];
    return NULL;
}

size_t
sessions_of_partner(const Sessions *sessions, uint32_t partner)
{
    size_t count = 0;
    for (size_t i = 0; i < sessions->count; i++)
        count += sessions->items[i]->partner == partner;
    return count;
}

Session *
sessions_stalest(const Sessions *sessions, uint32_t partner)
{
    Session *stalest = NULL;
    for (size_t i = 0; i < sessions->count; i++) {
        Session *at = sessions->items[i];
        if (at->partner == partner && (stalest == NULL || at->heard_ms < stalest->heard_ms))
            stalest = at;
    }
    return stalest;
}

void
session_wait_longer(Session *session, int64_t steady_ms)
{
    ASSERT(session != NULL);
    const uint32_t doubled = session->pause_ms != 0 ? 2 * session->pause_ms : PAUSE_FIRST_MS;
    session->pause_ms = doubled < PAUSE_MOST_MS ? doubled : PAUSE_MOST_MS;
    session->again_ms = steady_ms + session->pause_ms;
}

void
session_wait_no_more(Session *session)
{
    ASSERT(session != NULL);
    session->pause_ms = 0;
    session->again_ms = 0;
}

void
sessions_done(Sessions *sessions)
{
    for (size_t i = 0; i < sessions->count; i++)
        free(sessions->items[i]);
    free(sessions->items);
    free(sessions->slots);
    *sessions = (Sessions){0};
}
