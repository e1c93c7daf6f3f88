// SPDX-License-Identifier: EUPL-1.2
// What one partner may see of one plan. Knows: parts in a plan, purposes. Must never know: which
// query asks, how rows are shown.
#ifndef KETEN_LEDGER_QUERY_VIEW_H
#define KETEN_LEDGER_QUERY_VIEW_H

#include "daemon/ledger/ledger.h"

typedef struct View {
    Ledger *ledger;
    Arena *arena;
    uint32_t partner;
    uint64_t asked; // the plan, or the part of it that was asked for
    Plan plan;
    StepRow **closed;
    size_t closed_count;
    MatterRow **settled;
    size_t settled_count;
    FactRow **facts; // the latest version of each, withdrawn or not
    size_t fact_count;
    const Arrangement *arrangement;
    const ArrangementPartner *place; // of the partner; NULL when it has none
    bool holds;                      // coordinates, or is the desk while nobody does
    bool works;                      // owns a step that it is asked for or works on
    bool sender;                     // has no part but its signals: see ledger/query/sender.c
    int64_t held_ms; // held it until then, under an arrangement that it has left; 0 never
    bool only_held;  // and has no other part in it: it sees what happened until then
} View;

// False when there is no such plan or the partner has no part in it - which it cannot tell apart -
// or when the state is damaged and the ledger failed. A part: holding the plan or being asked to,
// being its desk, owning or giving a step, having signalled in it.
bool
view_load(Ledger *ledger, uint32_t partner, uint64_t plan, Arena *arena, View *ret);

// Open or settled; NULL.
const MatterRow *
view_matter(const View *view, uint64_t matter);
// Open or closed; NULL.
const StepRow *
view_step(const View *view, uint64_t step);
const FactRow *
view_fact(const View *view, uint64_t fact);
// It holds the plan, gave the fact, or received it.
bool
view_sees_fact(const View *view, const FactRow *fact);
// Who lives in the household is for who holds the plan or works in it.
bool
view_sees_members(const View *view);

// The next record after a position: of the plan and its parts, or of the one part asked for.
bool
view_next_record(const View *view, uint64_t after, uint64_t *ret_position);

// The fields of a version that the partner has a purpose for.
typedef struct SeenFields {
    Field **fields;
    size_t count;
} SeenFields;
// The fact's kind as it was when it was given; NULL when there is none.
const FactKind *
view_fact_kind(const View *view, const FactRow *fact);
SeenFields
view_fields(const View *view, const FactRow *fact);

#endif
