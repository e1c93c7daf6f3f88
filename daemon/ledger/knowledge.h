// SPDX-License-Identifier: EUPL-1.2
// Whether a partner knows more than the store does. Knows: the daemon's tags. Must never know:
// sessions, what is done about it.
#ifndef KETEN_LEDGER_KNOWLEDGE_H
#define KETEN_LEDGER_KNOWLEDGE_H

#include "daemon/ledger/ledger.h"

// A partner says that it knows this. All of it comes from outside and may be wrong; the bytes are
// the caller's. A position or number of 0: it says nothing of that kind.
typedef struct Knowledge {
    uint64_t receipt_history, receipt_position;
    ProtobufCBinaryData receipt_leaf, receipt_tag; // an empty tag: nothing is proved
    uint64_t history, delivered;                   // the last delivery that it has processed
    ProtobufCBinaryData delivery_tag;
} Knowledge;

typedef enum Judgement {
    KNOWLEDGE_FITS,     // the store knows all of it
    KNOWLEDGE_EARLIER,  // it comes from a history that ended: the store was put back since
    KNOWLEDGE_UNPROVED, // the store does not know it, and nothing shows that the daemon gave it
    KNOWLEDGE_MORE,     // the daemon gave it, and the store does not know it: the store is older
} Judgement;

// The worst of what holds for the receipt and for the delivery.
Judgement
ledger_judge(Ledger *ledger, uint32_t partner, const Knowledge *knowledge, Arena *arena);

#endif
