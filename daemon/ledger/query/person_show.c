// SPDX-License-Identifier: EUPL-1.2
// The answer of QUERY_PERSON: the asker's own name for a person, and the open plan if the asker may
// see its members. Knows: tokens, pseudonyms. Must never know: whether another partner knows the
// person - the answer may not tell.
#include <string.h>

#include "daemon/ledger/core.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"
#include "proto/names.h"
#include "proto/sizes.h"

KtCode
query_person(QueryContext *context)
{
    ResultTable *table = &context->table;
    char bsn[BSN_TEXT_BYTES];
    uint8_t token[TOKEN_BYTES];
    char pseudonym[PSEUDONYM_TEXT_BYTES];
    if (!bsn_parse(context->query->subject, bsn))
        return query_refused(context, KT_BSN, "subject", "1");
    secret_person_token(context->ledger->secrets, bsn, token);
    explicit_bzero(bsn, sizeof bsn);
    secret_pseudonym(context->ledger->secrets, context->partner, token, pseudonym);
    const uint64_t person =
        state_number(context->ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
    const uint64_t plan =
        person == 0 ? 0 : state_number(context->ledger, key_u64(key_of(TABLE_MEMBER), person));
    const View *view =
        plan == 0 ? NULL : view_load(context->ledger, context->partner, plan, table->arena);
    AnswerRow *row = table_add(table, "person");
    table_text(table, row, "person", pseudonym);
    if (view != NULL && view_sees_members(view))
        table_id(table, row, "plan", view->plan.row.plan);
    return KT_OK;
}
