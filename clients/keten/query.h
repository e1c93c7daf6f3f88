// SPDX-License-Identifier: EUPL-1.2
// A question to the daemon and its rows. Knows: asking in a session, queries that are whole
// commands. Must never know: what a query is about.
#ifndef KETEN_TOOL_QUERY_H
#define KETEN_TOOL_QUERY_H

#include "clients/keten/row.h"
#include "clients/keten/tool.h"
#include "clients/lib/keten.h"

// All rows of a query, in the tool's arena; without a limit page by page, so that the daemon never
// has more on the way than a page. 0, or an exit status after printing why not.
int
query_rows(Tool *tool, keten *session, const Keten__V1__Query *query, Rows *ret);

// Asks in a session of its own and shows the rows; the exit status.
int
query_show(Tool *tool, const Keten__V1__Query *query);

// The same for a query that is nothing but its kind.
int
query_show_kind(Tool *tool, Keten__V1__QueryKind kind);

// Takes --limit and --after. 0, or an exit status after printing why not.
int
query_take_page(Tool *tool, const Args *args, Keten__V1__Query *query);
// Asks for a list with --limit and --after, and shows it.
int
query_show_list(Tool *tool, const Args *args, Keten__V1__Query query);

// The same for a query about the id that is the command's first word; without a word about none.
// Where it is a list, --limit and --after count.
int
query_show_id(Tool *tool, const Args *args, Keten__V1__QueryKind kind, char letter);

#endif
