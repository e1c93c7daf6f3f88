// SPDX-License-Identifier: EUPL-1.2
// See knowledge.h. Knows: tags, histories, the journal. Must never know: sessions.
// The path: ledger_judge looks at the receipt (judge_receipt) and at the delivery (judge_delivery):
// first whether the tag proves it, then whether the store has it. A claim that has no valid tag is
// never more than KNOWLEDGE_UNPROVED, so that nobody can stop the daemon by making one up.
// Failure: damage in the store closes the ledger; the judgement then says KNOWLEDGE_FITS, and
// ledger_commit tells the damage.
#include "daemon/ledger/knowledge.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/histories.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/tag.h"

static bool
receipt_is_proved(Ledger *ledger, uint32_t partner, const Knowledge *said)
{
    uint8_t wanted[RECEIPT_TAG_BYTES];
    if (said->receipt_tag.len != sizeof wanted || said->receipt_leaf.len != LEAF_BYTES)
        return false;
    tag_receipt(ledger, partner, said->receipt_history, said->receipt_position,
                said->receipt_leaf.data, wanted);
    return secret_tag_equal(wanted, said->receipt_tag.data);
}

// The record that the receipt is about stands in the journal.
static bool
has_record(Ledger *ledger, const Knowledge *said, Arena *arena)
{
    Hash leaf;
    return said->receipt_position <= ledger->tail && said->receipt_leaf.len == LEAF_BYTES &&
           ledger_record(ledger, said->receipt_position, arena, &leaf) != NULL &&
           memcmp(leaf.bytes, said->receipt_leaf.data, LEAF_BYTES) == 0;
}

// The journal comes from this history, or goes on in it.
static bool
has_history(const Ledger *ledger, uint64_t history)
{
    for (size_t i = 0; i < ledger->histories.count; i++)
        if (ledger->histories.items[i].history == history)
            return true;
    return false;
}

static Judgement
judge_receipt(Ledger *ledger, uint32_t partner, const Knowledge *said, Arena *arena)
{
    if (said->receipt_position == 0 || has_record(ledger, said, arena) || ledger->failed)
        return KNOWLEDGE_FITS;
    if (!receipt_is_proved(ledger, partner, said))
        return KNOWLEDGE_UNPROVED;
    // A history that was left behind lost what came after it was left.
    const uint64_t kept = histories_kept(ledger, said->receipt_history);
    const bool left =
        said->receipt_history < ledger->history &&
        (!has_history(ledger, said->receipt_history) || said->receipt_position > kept);
    return left ? KNOWLEDGE_EARLIER : KNOWLEDGE_MORE;
}

// The delivery of that number tells the same, as far as its tag says.
static bool
has_delivery(Ledger *ledger, uint32_t partner, const Knowledge *said, Arena *arena)
{
    KtCode code;
    if (said->delivered > ledger_assigned(ledger, partner))
        return false;
    const Keten__V1__Delivery *delivery =
        ledger_delivery(ledger, partner, said->delivered, arena, &code);
    return delivery == NULL ||
           memcmp(delivery->tag.data, said->delivery_tag.data, DELIVERY_TAG_BYTES) == 0;
}

static Judgement
judge_delivery(Ledger *ledger, uint32_t partner, const Knowledge *said, Arena *arena)
{
    if (said->history == 0)
        return KNOWLEDGE_FITS;
    if (said->history < ledger->history)
        return KNOWLEDGE_EARLIER;
    const bool proved = said->delivered != 0 && said->delivery_tag.len == DELIVERY_TAG_BYTES &&
                        tag_delivery_is_ours(ledger, partner, said->history, said->delivered,
                                             said->delivery_tag.data);
    if (said->history > ledger->history)
        return proved ? KNOWLEDGE_MORE : KNOWLEDGE_UNPROVED;
    if (!proved)
        return said->delivered <= ledger_assigned(ledger, partner) ? KNOWLEDGE_FITS
                                                                   : KNOWLEDGE_UNPROVED;
    return has_delivery(ledger, partner, said, arena) ? KNOWLEDGE_FITS : KNOWLEDGE_MORE;
}

Judgement
ledger_judge(Ledger *ledger, uint32_t partner, const Knowledge *knowledge, Arena *arena)
{
    ASSERT(ledger != NULL && knowledge != NULL && arena != NULL);
    const Judgement receipt = judge_receipt(ledger, partner, knowledge, arena);
    const Judgement delivery = judge_delivery(ledger, partner, knowledge, arena);
    return receipt > delivery ? receipt : delivery;
}
