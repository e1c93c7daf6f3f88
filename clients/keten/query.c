// SPDX-License-Identifier: EUPL-1.2
// Asks the daemon. Knows: that an answer comes in several frames. Must never know: what a query is
// about.
//
// query_show() opens a session, collects the rows of all frames (query_rows) and prints them. A
// refusal is printed as an error and ends the query.
#include "clients/keten/query.h"

#include "clients/keten/answer.h"
#include "clients/keten/give.h"
#include "clients/keten/rows.h"
#include "clients/keten/session.h"
#include "proto/message.h"

static void
rows_add(Tool *tool, Rows *rows, const Keten__V1__Answer *answer)
{
    const Keten__V1__Answer *copy = message_copy(&answer->base, &tool->arena);
    rows->items = arena_grow(&tool->arena, rows->items, rows->count, rows->count + copy->n_rows + 1,
                             sizeof *rows->items);
    for (size_t i = 0; i < copy->n_rows; i++)
        rows->items[rows->count++] = copy->rows[i];
}

int
query_rows(Tool *tool, keten *session, const Keten__V1__Query *query, Rows *ret)
{
    uint64_t number = 0;
    Rows rows = {0};
    keten_result result = keten_query(session, query, &number);
    if (result != KETEN_OK)
        return session_unsent(tool, session, result);
    for (bool more = true; more;) {
        keten_event event;
        int status = session_answer(tool, session, number, &event);
        if (status != 0)
            return status;
        if (event.kind == KETEN_EVENT_REFUSAL)
            return refusal_show(tool, event.refusal);
        if (event.kind != KETEN_EVENT_ANSWER)
            continue;
        rows_add(tool, &rows, event.answer);
        more = event.answer->more;
    }
    *ret = rows;
    return 0;
}

int
query_show(Tool *tool, const Keten__V1__Query *query)
{
    keten *session = NULL;
    Rows rows;
    int status = session_open(tool, &(SessionWish){0}, &session);
    if (status == 0)
        status = query_rows(tool, session, query, &rows);
    if (status == 0)
        rows_print(tool, &rows, stdout);
    keten_close(session);
    return status;
}

int
query_show_kind(Tool *tool, Keten__V1__QueryKind kind)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = kind;
    return query_show(tool, &query);
}

int
query_show_id(Tool *tool, const Args *args, Keten__V1__QueryKind kind, char letter)
{
    int status = 0;
    uint32_t version;
    bool versioned = letter == 's' || letter == 'm'; // s17@4 is asked about as s17
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = kind;
    if (args->word_count &&
        !id_take(tool, args->words[0], letter, &query.id, versioned ? &version : NULL, &status))
        return status;
    return query_show(tool, &query);
}
