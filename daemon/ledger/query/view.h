// SPDX-License-Identifier: EUPL-1.2
// A plan as one partner may see it. Knows: the roles of participants, purposes. Must never know:
// which query asks, how rows are shown.
#ifndef KETEN_LEDGER_QUERY_VIEW_H
#define KETEN_LEDGER_QUERY_VIEW_H

#include "daemon/ledger/ledger.h"

// Set by view_load; everything lies in the caller's arena.
typedef struct View {
    Ledger *ledger;
    Arena *arena;
    uint32_t partner; // the asker
    uint64_t asked;   // the plan in the question; after a merge `plan` is the plan it went into
    Plan plan;
    StepRow **closed; // closed steps
    size_t closed_count;
    MatterRow **settled; // settled matters
    size_t settled_count;
    FactRow **facts; // the latest version of each, withdrawn or not
    size_t fact_count;
    const Arrangement *arrangement;  // of the plan now
    const ArrangementPartner *place; // the partner's, in the arrangement; NULL when it has none
    bool holds;  // is the holder of the plan; of a closed plan, was its desk or coordinator
    bool works;  // owns a step that is offered, active or suspended
    bool sender; // has no role but its signals: sender.h answers
    int64_t holder_until_ms; // was the holder until then, under an earlier arrangement; 0: never
    bool only_past;          // has no role since then, so it sees only what happened before
} View;

// There is no view that is not loaded: view_load alone makes one, in the arena, and no caller has a
// View of its own to fill. NULL when there is no such plan or the partner is neither a participant
// nor a sender in it; the partner cannot tell these apart. NULL too when the state is damaged: then
// the ledger failed.
const View *
view_load(Ledger *ledger, uint32_t partner, uint64_t plan, Arena *arena);

// The readers below give NULL for a number that is not in the view.

// Open or settled.
const MatterRow *
view_matter(const View *view, uint64_t matter);
// Open or closed.
const StepRow *
view_step(const View *view, uint64_t step);
const FactRow *
view_fact(const View *view, uint64_t fact);
// The arrangement under which the fact was given.
const Arrangement *
view_given_under(const View *view, const FactRow *fact);
// The kind of the fact in that arrangement.
const FactKind *
view_fact_kind(const View *view, const FactRow *fact);

// The partner is the holder of the plan, gave the fact, or received it.
bool
view_sees_fact(const View *view, const FactRow *fact);
// The partner is the holder of the plan or works in it. Nobody else may know the members of the
// household.
bool
view_sees_members(const View *view);

// The position of the next record behind `after`. If the partner asked for a merged plan, only that
// plan's records; else the plan's, with those of the plans merged into it. False: no more.
bool
view_next_record(const View *view, uint64_t after, uint64_t *ret_position);

typedef struct SeenFields {
    Field **fields; // in the view's arena
    size_t count;
} SeenFields;
// The fields of the fact's latest version that the partner has a purpose for.
SeenFields
view_fields(const View *view, const FactRow *fact);

#endif
