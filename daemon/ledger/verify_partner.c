// SPDX-License-Identifier: EUPL-1.2
// Checks the rows of one partner in a stopped store.
// Knows: what must be true of its inbox, its rejected deliveries and its silence. Must never know:
// how to mend it.
// Path: verify_partner calls one check after the other; the first wrong thing ends each.
#include "daemon/ledger/verify_partner.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// Rule 3 for a rejected delivery: it is settled, or has a term of its own or a matter with a term.
static const char *
rejected_is_owned(Verify *verify, const DeadRow *row)
{
    Ledger *ledger = verify->ledger;
    if (row->n == 0 || row->n > ledger_assigned(ledger, row->partner))
        return "was never given out";
    if (row->outcome[0] != '\0')
        return row->due_ms == 0 ? NULL : "is settled and waits";
    if (row->matter == 0)
        return verify_has_timer(verify, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_DEAD,
                                rejected_mark(row->partner, row->n))
                   ? NULL
                   : "waits without a timer";
    return state_number(ledger, key_u64(key_of(TABLE_MATTER_PLAN), row->matter)) != 0
               ? NULL
               : "is no plan's matter";
}

typedef struct RejectedSeen {
    DeadRow *row;
    Arena *arena;
} RejectedSeen;

static bool
rejected_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    RejectedSeen *seen = caller;
    (void)key;
    (void)key_length;
    seen->row =
        message_unpack(&keten__v1__dead_row__descriptor, seen->arena, value.bytes, value.length);
    ASSERT(seen->row != NULL);
    return false;
}

static void
verify_rejected(Verify *verify, uint32_t partner)
{
    const Key prefix = key_u32(key_of(TABLE_REJECTED), partner);
    Key from = prefix;
    while (!verify_failed(verify)) {
        RejectedSeen seen = {.arena = &verify->page};
        arena_reset(&verify->page);
        arena_reset(&verify->ledger->scratch);
        if (!state_each(verify->ledger, &prefix, &from, rejected_visit, &seen) || seen.row == NULL)
            return;
        const char *broken = rejected_is_owned(verify, seen.row);
        if (broken != NULL)
            WRONG(verify, "rejected delivery %" PRIu64 " of %s %s", seen.row->n,
                  ledger_partner_name(verify->ledger, partner), broken);
        from = key_u64(prefix, seen.row->n + 1);
    }
}

static void
verify_silence(Verify *verify, uint32_t partner)
{
    const SilenceRow *row = verify->ledger->registry.partners[partner - 1].silence;
    if (row == NULL || row->due_ms == 0)
        return;
    if (!verify_has_timer(verify, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_SILENCE, partner))
        WRONG(verify, "the silence of %s waits without a timer",
              ledger_partner_name(verify->ledger, partner));
}

// Numbers without gaps, each naming a record.
static void
verify_inbox(Verify *verify, uint32_t partner)
{
    Ledger *ledger = verify->ledger;
    const uint64_t assigned = ledger_assigned(ledger, partner);
    const uint64_t stored = state_number(ledger, key_u32(key_of(TABLE_ASSIGNED), partner));
    if (ledger_acknowledged(ledger, partner) > assigned || stored != assigned)
        WRONG(verify, "the cursor of %s is beyond what it was given",
              ledger_partner_name(ledger, partner));
    for (uint64_t n = 1; n <= assigned && !verify_failed(verify); n++) {
        arena_reset(&ledger->scratch);
        const Keten__V1__InboxRow *row = ROW(
            ledger, key_u64(key_u32(key_of(TABLE_INBOX), partner), n), inbox_row, &ledger->scratch);
        if (row == NULL || row->position == 0 || row->position > ledger->tail)
            WRONG(verify, "delivery %" PRIu64 " of %s names no record", n,
                  ledger_partner_name(ledger, partner));
        verify->report.deliveries++;
    }
}

void
verify_partner(Verify *verify, uint32_t partner)
{
    verify_inbox(verify, partner);
    verify_rejected(verify, partner);
    verify_silence(verify, partner);
}
