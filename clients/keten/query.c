// SPDX-License-Identifier: EUPL-1.2
// Asks the daemon. Knows: that an answer comes in several frames. Must never know: what a query is
// about.
//
// query_show() opens a session, collects the rows of all frames and pages (query_rows) and prints
// them. A refusal is printed as an error and ends the query.
#include "clients/keten/query.h"

#include "base/text.h"
#include "clients/keten/answer.h"
#include "clients/keten/give.h"
#include "clients/keten/rows.h"
#include "clients/keten/session.h"
#include "proto/message.h"

#define PAGES_SINCE 3    // the protocol number with which pages came
#define PAGE_ROWS   1000 // that are asked for at a time

static void
rows_add(Tool *tool, Rows *rows, const Keten__V1__Answer *answer)
{
    const Keten__V1__Answer *copy = message_copy(&answer->base, &tool->arena);
    rows->items = arena_grow(&tool->arena, rows->items, rows->count, rows->count + copy->n_rows + 1,
                             sizeof *rows->items);
    for (size_t i = 0; i < copy->n_rows; i++)
        rows->items[rows->count++] = copy->rows[i];
}

// Adds the rows of one answer.
static int
ask_once(Tool *tool, keten *session, const Keten__V1__Query *query, Rows *rows)
{
    uint64_t number = 0;
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
        rows_add(tool, rows, event.answer);
        more = event.answer->more;
        rows->next = arena_text(&tool->arena, event.answer->next);
    }
    return 0;
}

// A list by urgency is asked for as a whole: each page of it would cost a look at every plan. An
// older daemon knows no pages.
static bool
in_pages(keten *session, const Keten__V1__Query *query)
{
    const Keten__V1__Welcome *welcome = keten_session(session);
    const bool urgent = query->mine || query->late || query->unowned;
    return query->limit == 0 && !urgent && welcome != NULL && welcome->protocol >= PAGES_SINCE;
}

int
query_rows(Tool *tool, keten *session, const Keten__V1__Query *query, Rows *ret)
{
    Rows rows = {0};
    Keten__V1__Query page = *query;
    const bool paged = in_pages(session, query);
    if (paged)
        page.limit = PAGE_ROWS;
    int status;
    do {
        status = ask_once(tool, session, &page, &rows);
        page.after = arena_text(&tool->arena, status == 0 ? rows.next : "");
    } while (paged && page.after[0] != '\0');
    if (status == 0)
        *ret = rows;
    return status;
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
query_take_page(Tool *tool, const Args *args, Keten__V1__Query *query)
{
    uint64_t limit = 0;
    const char *given = args_value(args, OPT_LIMIT);
    if (given != NULL &&
        (!text_to_uint64(text_of(given), &limit) || limit == 0 || limit > UINT32_MAX))
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "geen aantal vanaf 1:", "not a number from 1:"), given);
    if (given != NULL)
        query->limit = (uint32_t)limit;
    query->after = text_option(tool, args, OPT_AFTER);
    return 0;
}

int
query_show_list(Tool *tool, const Args *args, Keten__V1__Query query)
{
    const int status = query_take_page(tool, args, &query);
    return status != 0 ? status : query_show(tool, &query);
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
    return query_show_list(tool, args, query);
}
