// SPDX-License-Identifier: EUPL-1.2
// Lists the handovers of a stopped store: as rows, or counted per pair of giver and receiver.
// Knows: the cells of a handover's row. Must never know: how handovers are stored.
// Path: offline_handovers opens the store and prints the rows, or print_matrix sorts and counts
// them.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/query/query.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

static const Keten__V1__Cell *
cell_of(const Keten__V1__Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i];
    return NULL;
}

static const char *
text_of_cell(const Keten__V1__Row *row, const char *name)
{
    const Keten__V1__Cell *cell = cell_of(row, name);
    return cell != NULL && cell->value_case == KETEN__V1__CELL__VALUE_TEXT ? cell->text : "";
}

// Only work that passed from one partner to another counts. The list also has first assignments,
// and stays within one partner.
static bool
passed_on(const Keten__V1__Row *row)
{
    const Keten__V1__Cell *opening = cell_of(row, "opening");
    return !(opening != NULL && opening->value_case == KETEN__V1__CELL__VALUE_FLAG &&
             opening->flag) &&
           strcmp(text_of_cell(row, "outcome"), "accepted") == 0 &&
           strcmp(text_of_cell(row, "from"), text_of_cell(row, "to")) != 0;
}

static int
by_pair(const void *left, const void *right)
{
    const Keten__V1__Row *a = *(Keten__V1__Row *const *)left, *b = *(Keten__V1__Row *const *)right;
    const int from = strcmp(text_of_cell(a, "from"), text_of_cell(b, "from"));
    return from != 0 ? from : strcmp(text_of_cell(a, "to"), text_of_cell(b, "to"));
}

static void
print_matrix(Offline *offline, const QueryRows *rows)
{
    Keten__V1__Row **kept =
        arena_take(offline->arena, (rows->count + 1) * sizeof(Keten__V1__Row *));
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (passed_on(rows->rows[i]))
            kept[count++] = rows->rows[i];
    qsort(kept, count, sizeof *kept, by_pair);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && by_pair(&kept[first], &kept[next]) == 0;)
            next++;
        json_print(stdout,
                   json_pack("{s:s, s:s, s:I}", "from", text_of_cell(kept[first], "from"), "to",
                             text_of_cell(kept[first], "to"), "count", (json_int_t)(next - first)));
    }
}

KtCode
offline_handovers(Offline *offline, Fault *fault)
{
    QueryRows rows = {0};
    KtCode code = offline_open(offline, true, fault);
    if (code != KT_OK)
        return code;
    code =
        ledger_handovers(offline->ledger, offline->from_ms, offline->to_ms, offline->arena, &rows);
    if (code != KT_OK)
        return fault_set(fault, code, "%s: handovers", offline->path);
    if (offline->matrix)
        print_matrix(offline, &rows);
    for (size_t i = 0; !offline->matrix && i < rows.count; i++)
        json_print(stdout, json_of_row(rows.rows[i]));
    return KT_OK;
}
