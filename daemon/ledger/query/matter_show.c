// SPDX-License-Identifier: EUPL-1.2
// The answer of QUERY_MATTER, as `question show` and `bottleneck show` ask it: one matter and its
// words. Knows: the columns beside those of cells_matter. Must never know: fields of facts.
// Failure: a hidden matter is refused like one that does not exist. Showing the words leaves a
// record.
#include <inttypes.h>

#include "base/assert.h"
#include "daemon/ledger/query/cells_matter.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// Adds the words with which the matter was raised. Only the holder of the plan, the partner whose
// turn it is, and the partner that wrote them may read the words.
static bool
add_words(QueryContext *context, const View *view, AnswerRow *row, const MatterRow *matter)
{
    Arena *arena = context->table.arena;
    if (!view->holds && matter->turn != view->partner && matter->raised_by != view->partner)
        return false;
    const Keten__V1__WordsRow *words =
        ROW(context->ledger, key_u64(key_of(TABLE_MATTER_WORDS), matter->matter), words_row, arena);
    if (words == NULL)
        return false;
    const PartBody *body =
        message_unpack(&keten__v1__part_body__descriptor, arena, words->body.data, words->body.len);
    ASSERT(body != NULL);
    table_text(&context->table, row, "words", body->text);
    return true;
}

KtCode
query_matter(QueryContext *context)
{
    const uint64_t number = context->query->id;
    const uint64_t plan = state_number(context->ledger, key_u64(key_of(TABLE_MATTER_PLAN), number));
    const char *printed = arena_format(context->table.arena, "m%" PRIu64, number);
    const View *view = NULL;
    const KtCode code = query_view(context, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const MatterRow *matter = view_matter(view, number);
    if (matter == NULL || view->sender || !matter_is_visible(matter, view->partner, view->holds))
        return query_refused(context, KT_NO_PART, "id", printed);
    AnswerRow *row = table_add(&context->table, "matter");
    cells_matter(&context->table, row, view->arrangement, matter, view->plan.row.plan);
    if (view->holds)
        cells_silence(&context->table, row, matter->turn);
    if (add_words(context, view, row, matter))
        query_disclosed(context, plan, "matter");
    return KT_OK;
}
