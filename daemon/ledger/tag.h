// SPDX-License-Identifier: EUPL-1.2
// The daemon's tags on receipts and deliveries, by which it believes a partner that says what it
// was given. Knows: what a tag covers. Must never know: sessions, why a tag is asked for.
#ifndef KETEN_LEDGER_TAG_H
#define KETEN_LEDGER_TAG_H

#include "daemon/ledger/ledger.h"
#include "proto/sizes.h"

// Over the partner's name, the history, the position and the leaf of the record.
void
tag_receipt(Ledger *ledger, uint32_t partner, uint64_t history, uint64_t position,
            const uint8_t leaf[LEAF_BYTES], uint8_t ret[RECEIPT_TAG_BYTES]);
// The first half is a keyed hash of what the delivery tells, without what may change until it comes
// again: the fields of facts, and how far steps and matters are. The second half is over the
// partner's name, history, number and the first half, so that the tag proves itself. The partner
// sees nothing in it that the delivery does not tell. The bytes of the hash are made in the arena.
void
tag_delivery(Ledger *ledger, uint32_t partner, const Keten__V1__Delivery *delivery, Arena *arena,
             uint8_t ret[DELIVERY_TAG_BYTES]);
// Whether the daemon gave this tag to the partner, for whatever content.
bool
tag_delivery_is_ours(Ledger *ledger, uint32_t partner, uint64_t history, uint64_t n,
                     const uint8_t tag[DELIVERY_TAG_BYTES]);

#endif
