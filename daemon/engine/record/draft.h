// SPDX-License-Identifier: EUPL-1.2
// A record under construction, and the plan as it will stand after it. Knows: how events, parts,
// numbers and receivers enter a record. Must never know: why they do.
// Every event is applied to the working plan as it is added, so that what follows in the same
// decision sees it.
#ifndef KETEN_ENGINE_RECORD_DRAFT_H
#define KETEN_ENGINE_RECORD_DRAFT_H

#include "daemon/engine/record/context.h"
#include "proto/message.h"

typedef struct Draft {
    const Context *context;
    Arena *arena;
    const Arrangement *arrangement; // the one the plan runs under, or will
    const Calendar *calendar;       // its own
    Plan plan;                      // working copy
    Plan other;                     // one that leaves it by this decision; row.plan 0: none
    uint64_t origin; // where new rows belong: the plan, or the part of it that caused them
    Counters counters;
    bool numbered;
    Record *record;
    size_t released_count; // members of a plan that closes
    uint64_t *released;
    int64_t now_ms;
} Draft;

void
draft_start(Draft *draft, const Context *context, Cause cause, Arena *arena);

// Adds an event and applies it. The body is set by the caller beforehand.
void
draft_event(Draft *draft, const Event *event);

// When a term of the plan's arrangement that begins now ends.
int64_t
draft_due(const Draft *draft, const Term *term);

// The two plans of a decision change places: what follows is about the other one.
void
draft_swap(Draft *draft);

// Notes in a header how the plan ran until now.
void
header_past(Draft *draft, PlanRow *row);

// Adds a part; gives its index.
uint32_t
draft_part(Draft *draft, uint64_t person, const PartBody *body);

// The number of a person or worker, giving out a new one with its event when it was never seen.
// `worker_name` NULL for a resident.
uint64_t
draft_person(Draft *draft, const PersonEntry *entry, const char *worker_name);

// Tells a partner something. Items are merged per partner and not repeated; numbers are given in
// draft_number.
// Partner 0 is nobody.
ReceiverItem *
draft_tell(Draft *draft, uint32_t partner, ItemKind kind, uint64_t step, uint64_t fact);

// Likewise about a matter.
ReceiverItem *
draft_tell_matter(Draft *draft, uint32_t partner, ItemKind kind, uint64_t matter);

// Tells it an item once more, of a record that came before; such items stay as they were.
void
draft_tell_again(Draft *draft, uint32_t partner, const ReceiverItem *told, const Resend *resend);

// Adds the headers that changed and gives each receiver its delivery number. After this no receiver
// may be added. False when nothing happened and `keep_empty` is not set: then there is no record.
bool
draft_number(Draft *draft, bool keep_empty);

// Adds the counters and checks the plan; the record is complete.
Record *
draft_finish(Draft *draft);

// Appends a pointer to one of protobuf-c's (count, array) pairs.
void *
list_add(Arena *arena, size_t *count, void *items, void *item);

#endif
