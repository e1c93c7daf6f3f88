// SPDX-License-Identifier: EUPL-1.2
// The steps of a partner, as its deliveries and receipts told them: which plan goes with a dossier,
// how a plan's steps stand. Knows: plans, dossiers, steps. Must never know: persons, where the
// deliveries are filed.
#ifndef KETEN_CONNECTOR_DESK_H
#define KETEN_CONNECTOR_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/connector/folder.h"
#include "clients/lib/keten.h"

#define DESK_NAME 64

typedef struct DeskStep {
    uint64_t plan;
    uint64_t step;
    uint32_t version; // the highest that was told
    uint64_t at;      // position of the first record that told it; 0: not known
    Keten__V1__StepState state;
    char kind[DESK_NAME]; // longer kinds are not stored
} DeskStep;

typedef struct DeskDossier {
    uint64_t plan;
    uint64_t at;          // position of the record that told it; 0: not known
    char name[DESK_NAME]; // the partner's own number; longer ones are not stored
} DeskDossier;

typedef struct Desk {
    DeskStep *steps; // each step once
    size_t step_count, step_room;
    DeskDossier *dossiers; // each name once
    size_t dossier_count, dossier_room;
    uint64_t history; // of the daemon that told all this; 0: nothing was told
    size_t damaged;   // lines of the file that desk_load() could not read
} Desk;

void
desk_done(Desk *desk);

// Reads state/desk.jsonl and writes it again without what has ended. With damaged lines, the file
// as it was stays as desk.jsonl.damaged. False when it cannot be read or written.
bool
desk_load(Desk *ret, const Folder *folder);

// A session stands. In another history the daemon may give the numbers of plans and steps that were
// lost to others: what was learnt from records that it does not have is forgotten. *ret_forgotten
// is how many. On disk when this returns true.
bool
desk_enter(Desk *desk, const Folder *folder, const Keten__V1__Welcome *welcome,
           size_t *ret_forgotten);

// Takes in what is new; on disk when this returns true.
bool
desk_learn_delivery(Desk *desk, const Folder *folder, const Keten__V1__Delivery *delivery);
bool
desk_learn_receipt(Desk *desk, const Folder *folder, const Keten__V1__Receipt *receipt);

// The plan of a dossier; 0: unknown.
uint64_t
desk_plan_of(const Desk *desk, const char *dossier);
// The open step of a kind in a plan (offered or active), or NULL.
const DeskStep *
desk_open_step(const Desk *desk, uint64_t plan, const char *kind);
// NULL: unknown.
const DeskStep *
desk_step(const Desk *desk, uint64_t step);

#endif
