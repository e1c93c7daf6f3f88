// SPDX-License-Identifier: EUPL-1.2
// Draft: a record under construction, and the plan as it will stand after it.
// Knows: how events, personal parts, persons and receivers enter a record. Must never know: which
// rule adds them.
//
// Path: draft_start(), then draft_event() and draft_tell() in the order of the rules, then
// draft_number() and draft_finish() of draft_finish.h. draft_event() also applies the event to the
// working plan, so that the next rule of the same decision sees it.
#ifndef KETEN_ENGINE_RECORD_DRAFT_H
#define KETEN_ENGINE_RECORD_DRAFT_H

#include "daemon/engine/record/context.h"
#include "proto/message.h"

typedef struct Draft {
    const Context *context;         // the caller's
    Arena *arena;                   // the caller's; everything that the draft makes lies in it
    const Arrangement *arrangement; // the version that the plan runs under after the decision
    const Calendar *calendar;       // counts the terms of that version
    Plan plan;         // working copy; headers may be changed in place until draft_number()
    Plan other;        // a second plan that the decision changes; row.plan 0: none
    uint64_t origin;   // the plan or merged plan in which new rows begin
    Counters counters; // next free numbers; a rule that takes one sets `numbered`
    bool numbered;     // the record must tell the counters
    Record *record;    // its head, events, receivers and personal parts so far
    size_t released_count;
    uint64_t *released; // person numbers of members of a plan that closes: members_release()
    int64_t now_ms;     // record time
} Draft;

// Copies the context's plan, so that the context stays as it was, and starts an empty record.
void
draft_start(Draft *draft, const Context *context, Cause cause, Arena *arena);

// Adds an event and applies it to the plans. The caller has set its body.
void
draft_event(Draft *draft, const Event *event);

// The instant at which a term of the plan's arrangement ends when it begins now.
int64_t
draft_due(const Draft *draft, const Term *term);

// The two plans of a decision change places: the rules that follow are about the other plan.
void
draft_swap(Draft *draft);

// Notes in a header how the plan ran until now, before another arrangement or holder takes over.
void
header_past(Draft *draft, PlanRow *row);

// Adds a personal part about a person; returns its index in the record.
uint32_t
draft_personal_part(Draft *draft, uint64_t person, const PartBody *body);

// The number of a person or worker. A person who was never seen gets a new number, with its event.
// `worker_name` NULL: a resident.
uint64_t
draft_person(Draft *draft, const PersonEntry *entry, const char *worker_name);

// Tells a partner something about a step or a fact. The record holds one receiver per partner, and
// an item once: telling it again returns the first item. Partner 0 is a programming error.
ReceiverItem *
draft_tell(Draft *draft, uint32_t partner, ItemKind kind, uint64_t step, uint64_t fact);

// The same, about a matter.
ReceiverItem *
draft_tell_matter(Draft *draft, uint32_t partner, ItemKind kind, uint64_t matter);

// Tells a partner an item of an earlier record again, unchanged; such items are never merged.
void
draft_tell_again(Draft *draft, uint32_t partner, const ReceiverItem *told, const Resend *resend);

#endif
