// SPDX-License-Identifier: EUPL-1.2
// Partners and arrangements as recorded, kept in memory. Knows: their rows, cursors, keys, which
// version is in force. Must never know: files in partners.d or arrangements, plans.
#ifndef KETEN_LEDGER_REGISTRY_H
#define KETEN_LEDGER_REGISTRY_H

#include "daemon/ledger/ledger.h"
#include "proto/sizes.h"

// A partner's cursor, beside its entry.
typedef struct Cursor {
    uint64_t wanted; // acknowledged in this turn, recorded at the barrier; 0 none
    uint64_t ahead;  // deliveries behind the cursor that the partner has rejected
} Cursor;

// Where a public key stands.
typedef struct KeyPlace {
    uint8_t key[CURVE_KEY_BYTES]; // public
    uint32_t partner;             // that has the key
    uint32_t index;               // among the partner's keys
} KeyPlace;

// Rows replaced by a load stay in the arena until the ledger is done.
typedef struct Registry {
    Arena arena;
    PartnerEntry *partners; // index = partner number - 1
    Cursor *cursors;        // index = partner number - 1
    size_t partner_count;
    KeyPlace *keys; // owned; ascending by key
    size_t key_count, key_room;
    bool keys_stale;            // a partner was loaded since `keys` was built
    SilenceRow **silences;      // index = partner number - 1; each owned, NULL where never watched
    bool silence_stale;         // a load may have changed what is agreed about silence
    bool has_addresses;         // some arrangement has a field of that type
    ArrangementEntry *versions; // index = arrangement number - 1
    size_t version_count;
    ArrangementEntry *in_force; // the newest version of each name, ascending by name
    size_t in_force_count;
} Registry;

// Reads everything from the state; a fold keeps it up to date from there on.
KtCode
registry_load(Ledger *ledger, Fault *fault);
void
registry_done(Ledger *ledger);
// An arrangement that was loaded, under its number: new, or as it stands already.
void
registry_arrangement(Ledger *ledger, uint32_t number, const Arrangement *content);
// NULL for a number that was never given out.
const Arrangement *
ledger_arrangement(Ledger *ledger, uint32_t number);
// In force, by name; returns the count. Lives until the next load.
size_t
ledger_arrangements(Ledger *ledger, const ArrangementEntry **ret);

#endif
