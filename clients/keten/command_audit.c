// SPDX-License-Identifier: EUPL-1.2
// keten audit and verify. Knows: the ledger of handovers as rows, counting them by pair. Must never
// know: where the rows come from; ketend reads a stopped store, the daemon answers for a running
// one.
#include <stdlib.h>
#include <string.h>

#include "clients/keten/commands.h"
#include "clients/keten/offline.h"
#include "clients/keten/query.h"
#include "clients/keten/rows.h"
#include "clients/keten/session.h"

// Shows a table to people and JSON to programs. The progress goes to stderr in both cases.
static int
verify_show(Tool *tool, const char *directory)
{
    const char *words[] = {"verify", directory, NULL};
    if (tool->json)
        return offline_become(tool, words);
    Rows rows;
    const int status = offline_rows(tool, words, &rows);
    if (status == 0)
        rows_print(tool, &rows, stdout);
    return status;
}

int
command_verify_store(Tool *tool, const Args *args)
{
    return verify_show(tool, args->words[0]);
}

int
command_audit_verify(Tool *tool, const Args *args)
{
    const char *data = args_value(args, OPT_DATA);
    if (data == NULL)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --data: de map van een gestopte daemon",
                                  "give --data: the directory of a stopped daemon"));
    return verify_show(tool, data);
}

static const char *
name_of(const Row *row, const char *cell)
{
    const Cell *found = row_cell(row, cell);
    return found != NULL && found->value_case == KETEN__V1__CELL__VALUE_TEXT ? found->text : "";
}

static bool
flag_of(const Row *row, const char *cell)
{
    const Cell *found = row_cell(row, cell);
    return found != NULL && found->value_case == KETEN__V1__CELL__VALUE_FLAG && found->flag;
}

// True for a handover: accountability went from one partner to another. Openings and stays are
// none.
static bool
counts(const Row *row)
{
    return strcmp(name_of(row, "outcome"), "accepted") == 0 && !flag_of(row, "opening") &&
           strcmp(name_of(row, "from"), name_of(row, "to")) != 0;
}

static int
by_pair(const void *left, const void *right)
{
    const Row *a = *(Row *const *)left, *b = *(Row *const *)right;
    int order = strcmp(name_of(a, "from"), name_of(b, "from"));
    return order ? order : strcmp(name_of(a, "to"), name_of(b, "to"));
}

static Cell *
cell_new(Arena *arena, const char *name)
{
    Cell *cell = arena_take(arena, sizeof *cell);
    keten__v1__cell__init(cell);
    cell->name = arena_text(arena, name);
    return cell;
}

static Row *
pair_row(Arena *arena, const Row *of, size_t count)
{
    static const char *const names[] = {"from", "to"};
    Row *row = arena_take(arena, sizeof *row);
    keten__v1__row__init(row);
    row->cells = arena_take(arena, 3 * sizeof *row->cells);
    for (size_t i = 0; i < 2; i++) {
        row->cells[i] = cell_new(arena, names[i]);
        row->cells[i]->value_case = KETEN__V1__CELL__VALUE_TEXT;
        row->cells[i]->text = arena_text(arena, name_of(of, names[i]));
    }
    row->cells[2] = cell_new(arena, "count");
    row->cells[2]->value_case = KETEN__V1__CELL__VALUE_NUMBER;
    row->cells[2]->number = (int64_t)count;
    row->n_cells = 3;
    return row;
}

static Rows
matrix_of(Arena *arena, const Rows *rows)
{
    Rows kept = {.items = arena_take(arena, (rows->count + 1) * sizeof(Row *))};
    Rows pairs = {.items = arena_take(arena, (rows->count + 1) * sizeof(Row *))};
    for (size_t i = 0; i < rows->count; i++)
        if (counts(rows->items[i]))
            kept.items[kept.count++] = rows->items[i];
    qsort(kept.items, kept.count, sizeof *kept.items, by_pair);
    for (size_t from = 0, end; from < kept.count; from = end) {
        for (end = from + 1; end < kept.count; end++)
            if (by_pair(&kept.items[from], &kept.items[end]) != 0)
                break;
        pairs.items[pairs.count++] = pair_row(arena, kept.items[from], end - from);
    }
    return pairs;
}

static int
from_store(Tool *tool, const Args *args, const char *data, Rows *ret)
{
    const char *words[9] = {"handovers", data};
    size_t count = 2;
    if (args_has(args, OPT_MATRIX))
        words[count++] = "--matrix";
    if (args_has(args, OPT_FROM)) {
        words[count++] = "--from";
        words[count++] = args_value(args, OPT_FROM);
    }
    if (args_has(args, OPT_TO)) {
        words[count++] = "--to";
        words[count++] = args_value(args, OPT_TO);
    }
    if (tool->json && !args_has(args, OPT_CSV))
        return offline_become(tool, words);
    return offline_rows(tool, words, ret);
}

static int
from_daemon(Tool *tool, const Args *args, Rows *ret)
{
    int status = 0;
    keten *session = NULL;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_HANDOVERS;
    const char *from = args_value(args, OPT_FROM), *to = args_value(args, OPT_TO);
    if ((from && !tool_instant(tool, from, &query.from_ms, &status)) ||
        (to && !tool_instant(tool, to, &query.to_ms, &status)))
        return status;
    status = query_take_page(tool, args, &query);
    if (status == 0)
        status = session_open(tool, &(SessionWish){0}, &session);
    if (status == 0)
        status = query_rows(tool, session, &query, ret);
    keten_close(session);
    if (status == 0 && args_has(args, OPT_MATRIX))
        *ret = matrix_of(&tool->arena, ret);
    return status;
}

int
command_audit_handovers(Tool *tool, const Args *args)
{
    Rows rows = {0};
    const char *data = args_value(args, OPT_DATA);
    if (data != NULL && (args_has(args, OPT_LIMIT) || args_has(args, OPT_AFTER)))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "--limit en --after gaan niet samen met --data",
                                  "--limit and --after do not go with --data"));
    int status = data ? from_store(tool, args, data, &rows) : from_daemon(tool, args, &rows);
    if (status == 0 && args_has(args, OPT_CSV))
        rows_csv(&rows, &tool->arena, stdout);
    else if (status == 0)
        rows_print(tool, &rows, stdout);
    return status;
}
