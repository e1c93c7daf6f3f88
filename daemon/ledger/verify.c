// SPDX-License-Identifier: EUPL-1.2
// Checks a whole stopped store.
// Knows: what must be true between journal, rows and registry. Must never know: how to mend it.
// Path: ledger_verify reads every row, folds the journal again into a state in memory and compares
// the digests, then looks at every plan, timer and partner.
// Failure: the first wrong thing ends it; the fault names it.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/verify_partner.h"
#include "daemon/ledger/verify_plan.h"
#include "daemon/ledger/verify_report.h"
#include "daemon/ledger/verify_timer.h"
#include "proto/message.h"

static bool
rebuild_entry(void *caller, const JournalEntry *entry)
{
    Verify *verify = caller;
    const Record *record =
        message_unpack(&keten__v1__record__descriptor, &verify->page, entry->bytes, entry->length);
    if (record == NULL || record->head == NULL) {
        WRONG(verify, "record %" PRIu64 " is no record", entry->position);
        return false;
    }
    if (verify->report.records > 0 && record->head->at_ms < verify->at_ms) {
        WRONG(verify, "record %" PRIu64 " is earlier than the one before it", entry->position);
        return false;
    }
    verify->at_ms = record->head->at_ms;
    const Changes changes = project(record, entry->position, &verify->page);
    for (size_t i = 0; i < changes.count; i++)
        state_change(verify->rebuilt, &changes.items[i]);
    arena_reset(&verify->page);
    verify->report.records++;
    if (verify->report.records % 4096 == 0)
        verify_tell(verify, "records", verify->report.records, verify->ledger->tail);
    return true;
}

static void
verify_rebuilt(Verify *verify)
{
    Ledger *ledger = verify->ledger;
    const StateOptions memory = {.directory = NULL};
    Hash kept = {{0}}, rebuilt = {{0}};
    verify->code = state_open(&memory, &verify->rebuilt, verify->fault);
    if (verify->code != KT_OK)
        return;
    Fault fault = {.code = KT_OK};
    const KtCode read = ledger_read(ledger, 1, rebuild_entry, verify, &fault);
    if (read != KT_OK) {
        *verify->fault = fault;
        verify->code = read;
    }
    if (verify->code == KT_OK && (state_digest(ledger->state, &kept) != KT_OK ||
                                  state_digest(verify->rebuilt, &rebuilt) != KT_OK))
        ledger_fail_state(ledger);
    if (!verify_failed(verify) && memcmp(&kept, &rebuilt, sizeof kept) != 0)
        WRONG(verify, "the state is not what the journal makes of it");
    verify->report.digest = kept;
    state_done(verify->rebuilt);
    verify->rebuilt = NULL;
    verify_tell(verify, "records", verify->report.records, ledger->tail);
}

static void
rows_progress(void *caller, uint64_t rows)
{
    Verify *verify = caller;
    verify->report.rows = rows;
    verify_tell(verify, "rows", rows, 0);
}

static bool
rows_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    (void)key;
    (void)key_length;
    (void)value;
    ++*(uint64_t *)caller;
    return true;
}

static void
count_rows(Verify *verify)
{
    verify->report.rows = 0;
    for (Table table = TABLE_COUNTERS; table < TABLE_END && !verify_failed(verify); table++) {
        const Key prefix = key_of(table);
        state_each(verify->ledger, &prefix, NULL, rows_visit, &verify->report.rows);
    }
}

KtCode
ledger_verify(Ledger *ledger,
              void (*progress)(void *caller, const char *what, uint64_t done, uint64_t of),
              void *caller, VerifyReport *ret, Fault *fault)
{
    Verify verify = {.ledger = ledger, .progress = progress, .caller = caller, .fault = fault};
    ASSERT(ledger->batch.count == 0 && ret != NULL && fault != NULL);
    verify.code = state_check(ledger->state, rows_progress, &verify, fault);
    if (!verify_failed(&verify))
        verify_rebuilt(&verify);
    if (!verify_failed(&verify))
        verify_plans(&verify);
    if (!verify_failed(&verify))
        verify_timers(&verify);
    for (uint32_t partner = 1; partner <= ledger_partner_count(ledger) && !verify_failed(&verify);
         partner++) {
        verify_partner(&verify, partner);
    }
    count_rows(&verify);
    arena_done(&verify.page);
    arena_reset(&ledger->scratch);
    if (verify_failed(&verify))
        return verify.code;
    *ret = verify.report;
    return KT_OK;
}
