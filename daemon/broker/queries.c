// SPDX-License-Identifier: EUPL-1.2
// See queries.h. Knows: frames of rows, slices of time. Must never know: what a query is about.
// The path: queries_take() begins a query and queries_round() goes on with those that take longer
// than a slice, each in its turn; step() asks the ledger for rows until the slice is over, and
// post_rows() posts them when they fill a frame, or when they are the last.
// A query whose session ends, or says Hello again, ends too: its answer would reach somebody that
// did not ask. A session that lost an answer asks again after its next Hello.
#include "daemon/broker/queries.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/assert.h"
#include "daemon/broker/post.h"
#include "daemon/ledger/metrics.h"
#include "daemon/ledger/query/query.h"
#include "proto/limits.h"

#define FIRST_US  500    // for a query when it comes
#define ROUND_US  1000   // of a turn, for the queries that go on
#define ONE_US    250    // of a round, before the next query has its turn
#define ROWS_AIM  32768u // bytes of rows that are worth a frame
#define OPEN_MOST 1024u  // queries that go on
#define OWN_MOST  64u    // those of one session

typedef Keten__V1__Row Row;

// A query that is not answered wholly.
typedef struct Asking {
    QueryPass *pass;  // owned
    uint32_t session; // and the Hello that it began with
    uint64_t hello;
    uint64_t query; // its number
    Row **rows;     // that wait for a frame; in `page`
    size_t count;
    size_t bytes; // of the rows
    bool posted;  // the rows leave with this turn
    bool over;
    Arena page; // owned
} Asking;

static void
asking_free(Asking *asking)
{
    query_end(asking->pass);
    arena_done(&asking->page);
    free(asking);
}

static void
drop(Server *server, size_t i)
{
    Askings *askings = &server->askings;
    asking_free(askings->items[i]);
    askings->items[i] = askings->items[--askings->count];
}

static size_t
row_bytes(const Row *row)
{
    return keten__v1__row__get_packed_size(row) + 4;
}

// As many rows as go into one frame, at least one.
static size_t
rows_that_fit(const Asking *asking, size_t from)
{
    size_t bytes = 0, count = 0;
    while (from + count < asking->count) {
        bytes += row_bytes(asking->rows[from + count]);
        if (count > 0 && bytes > FRAME_BODY_BYTES)
            break;
        count++;
    }
    return count;
}

static void
refuse(Server *server, const Session *session, Asking *asking, KtCode code, const QueryRows *rows)
{
    Keten__V1__Refusal *refusal =
        server_refusal(server, code, session->language, rows->field, rows->detail);
    refusal->query = asking->query;
    server_post(server, session->id, KETEN__V1__TO_PARTNER__BODY_REFUSAL, refusal);
    asking->over = true;
}

// Posts the rows that wait: in whole frames, and the rest with the last of them.
static void
post_rows(Server *server, const Session *session, Asking *asking, const char *next)
{
    size_t from = 0;
    do {
        Keten__V1__Answer *answer = arena_take(&server->answers, sizeof *answer);
        keten__v1__answer__init(answer);
        answer->query = asking->query;
        answer->n_rows = rows_that_fit(asking, from);
        answer->rows = asking->rows + from;
        from += answer->n_rows;
        answer->more = from < asking->count || !asking->over;
        if (!answer->more)
            answer->next = arena_text(&server->answers, next);
        server_post(server, session->id, KETEN__V1__TO_PARTNER__BODY_ANSWER, answer);
    } while (from < asking->count);
    asking->posted = true;
}

// False when a row is too large for any frame.
static bool
add_rows(Asking *asking, const QueryRows *rows)
{
    asking->rows = arena_grow(&asking->page, asking->rows, asking->count,
                              asking->count + rows->count + 1, sizeof *asking->rows);
    for (size_t i = 0; i < rows->count; i++) {
        const size_t bytes = row_bytes(rows->rows[i]);
        if (bytes > FRAME_BODY_BYTES)
            return false;
        asking->rows[asking->count++] = rows->rows[i];
        asking->bytes += bytes;
    }
    return true;
}

static bool
is_enough(void *caller)
{
    return slice_is_over(caller);
}

// Goes on with one query for a slice of time.
static void
step(Server *server, const Session *session, Asking *asking, int64_t length_us)
{
    Slice slice = slice_begin(length_us);
    QueryRows rows;
    ASSERT(!asking->posted && !asking->over);
    const KtCode code =
        query_go_on(asking->pass, server->now_ms, is_enough, &slice, &asking->page, &rows);
    if (code != KT_OK) {
        refuse(server, session, asking, code, &rows);
        return;
    }
    if (!add_rows(asking, &rows)) {
        rows.detail = "LIMIT_FRAME_BYTES";
        refuse(server, session, asking, KT_LIMIT, &rows);
        return;
    }
    asking->over = !rows.more;
    if (asking->over || asking->bytes >= ROWS_AIM)
        post_rows(server, session, asking, rows.next);
    server->more |= !asking->over;
}

static bool
has_room(const Askings *askings, const Session *session)
{
    size_t own = 0;
    if (askings->open < OWN_MOST)
        return true;
    for (size_t i = 0; i < askings->count; i++)
        own += askings->items[i]->session == session->id && !askings->items[i]->over;
    return askings->open < OPEN_MOST && own < OWN_MOST;
}

void
queries_take(Server *server, const Session *session, const Keten__V1__Query *query)
{
    ASSERT(server != NULL && session != NULL && query != NULL);
    Askings *askings = &server->askings;
    Asking *asking = calloc(1, sizeof *asking);
    if (asking == NULL)
        exhausted("a query");
    asking->pass = query_begin(server->ledger, session->partner, query);
    asking->session = session->id;
    asking->hello = session->hello;
    asking->query = query->query;
    metric_add(ledger_metrics(server->ledger), METRIC_QUERIES, 1);
    if (has_room(askings, session))
        step(server, session, asking, FIRST_US);
    else
        refuse(server, session, asking, KT_WINDOW, &(QueryRows){.field = "", .detail = ""});
    askings->items =
        array_grow(askings->items, &askings->room, askings->count + 1, sizeof(Asking *), "queries");
    askings->items[askings->count++] = asking;
    askings->open += !asking->over;
}

// The session that asked, as long as it is the same; NULL: nobody waits for the answer.
static const Session *
asker_of(const Server *server, const Asking *asking)
{
    const Session *session = sessions_find(&server->sessions, asking->session);
    return session != NULL && session->hello == asking->hello && !session_is_lost(session->state)
               ? session
               : NULL;
}

void
queries_round(Server *server)
{
    ASSERT(server != NULL);
    Askings *askings = &server->askings;
    const Slice slice = slice_begin(ROUND_US);
    const size_t first = askings->first++;
    for (size_t i = 0; i < askings->count && !slice_is_over(&slice); i++) {
        Asking *asking = askings->items[(first + i) % askings->count];
        const Session *session = asking->over || asking->posted ? NULL : asker_of(server, asking);
        if (session != NULL)
            step(server, session, asking, ONE_US);
    }
}

void
queries_turn_done(Server *server)
{
    Askings *askings = &server->askings;
    for (size_t i = askings->count; i > 0; i--) {
        Asking *asking = askings->items[i - 1];
        if (asking->over || asker_of(server, asking) == NULL) {
            drop(server, i - 1);
            continue;
        }
        server->more = true;
        if (!asking->posted)
            continue;
        arena_reset(&asking->page);
        asking->rows = NULL;
        asking->count = asking->bytes = 0;
        asking->posted = false;
    }
    askings->open = askings->count;
}

void
queries_done(Server *server)
{
    for (size_t i = 0; i < server->askings.count; i++)
        asking_free(server->askings.items[i]);
    free(server->askings.items);
    server->askings = (Askings){0};
}
