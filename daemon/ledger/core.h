// SPDX-License-Identifier: EUPL-1.2
// The ledger's own pieces, shared by its files and by nobody else. Knows: how a turn is held
// together. Must never know: sockets, sessions, files.
#ifndef KETEN_LEDGER_CORE_H
#define KETEN_LEDGER_CORE_H

#include "daemon/ledger/ledger.h"
#include "proto/message.h"
#include "store/hash.h"

// protobuf-c's fields are not const; what is put there is only read.
static inline char *
unconst(const char *text)
{
    return (char *)(uintptr_t)text;
}

// What a partner's cursor needs beside its entry.
typedef struct Cursor {
    uint64_t wanted; // acknowledged in this turn, recorded at the barrier; 0 none
    uint64_t ahead;  // deliveries behind the cursor that it has rejected
} Cursor;

// A stream that was refused for want of room: nothing of it passes before that number comes again.
typedef struct Held {
    uint32_t partner;
    uint8_t stream[16];
    uint64_t number;
} Held;

typedef struct HeldStreams {
    Held *items;
    size_t count, room;
    size_t oldest; // overwritten next, when the list is as long as it may get
} HeldStreams;

// Records that were read or written lately, by position modulo the size: most deliveries follow
// their record at once.
#define RECENT_RECORDS   4096u
#define RECENT_BYTES_MAX 8192u
typedef struct Recent {
    uint64_t position;
    uint8_t *bytes;
    size_t length;
    Hash leaf;
} Recent;

typedef struct KeyPlace {
    uint8_t key[32];
    uint32_t partner;
    uint32_t index; // among the partner's keys
} KeyPlace;

// Partners and arrangements as recorded, in memory. Rows replaced by a load stay until the ledger
// is done.
typedef struct Cache {
    Arena arena;
    PartnerEntry *partners; // index = number - 1
    Cursor *cursors;        // likewise
    size_t partner_count, partner_room;
    KeyPlace *keys; // ascending by key
    size_t key_count;
    bool keys_stale;
    SilenceRow **silences; // index = partner number - 1; each of its own, NULL where never watched
    bool silence_stale;    // what is agreed about it is to be looked up again
    bool has_addresses;    // some arrangement has a field of that type
    ArrangementEntry *versions; // index = number - 1
    size_t version_count, version_room;
    ArrangementEntry *in_force; // the newest of each name, by name
    size_t in_force_count;
} Cache;

typedef struct Batch {
    JournalEntry *entries;
    size_t count, room;
    size_t bytes;
} Batch;

struct Ledger {
    Journal *journal;
    State *state;
    const Secrets *secrets;
    Hasher *hasher;
    JournalClaim claim;
    uint64_t tail; // the last durable record
    Hash running;
    uint64_t room; // bytes the journal could still take, as of the last barrier
    uint64_t replayed;
    uint64_t duplicates; // answered from an earlier record since this start
    size_t overlay_bytes;
    uint64_t overlay_records;
    bool offline;
    bool failed; // closed: `fault` says why
    Fault fault;

    Counters counters; // next free numbers
    int64_t at_ms;     // the last record time
    uint64_t history;
    bool driven;
    int64_t next_due_ms;
    bool next_due_known;

    Cache cache;
    HeldStreams held;
    Calendar calendar; // without closing days: for what is about no plan
    Recent *recent;
    Batch batch;
    size_t acknowledging; // partners whose cursor is to be recorded at the barrier
    int64_t acknowledge_ms;
    Arena turn;    // what lives until ledger_turn_done
    Arena scratch; // what lives until the next submit
};

// Closes the ledger: commit tells it. Keeps the first fault.
void
ledger_fail(Ledger *ledger, const Fault *fault);
// After a read of the state gave STATE_DAMAGED or a range failed.
void
ledger_fail_state(Ledger *ledger);
// Whether so much is not in the snapshot, up to this position, that a restart would take long: bytes
// of rows, or records, since many of them may change the same few rows.
bool
ledger_flush_due(const Ledger *ledger, uint64_t position);

// ---- ledger/registry.c ----------------------------------------
KtCode
cache_load(Ledger *ledger, Fault *fault);
void
cache_done(Ledger *ledger);
void
cache_partner(Ledger *ledger, const PartnerRow *row);
void
cache_arrangement(Ledger *ledger, uint32_t number, const Arrangement *content);
// The cursors of a recorded partner; NULL for another.
Cursor *
cache_cursor(Ledger *ledger, uint32_t partner);
void
cache_silence(Ledger *ledger, const SilenceRow *row);
// After loads, before the partners are looked at: what is agreed about the silence of each.
void
cache_agreed(Cache *cache);
const char *
ledger_partner_name(Ledger *ledger, uint32_t number); // "" for 0

// ---- ledger/fold.c ----------------------------------------
// The record's rows enter the overlay and the caches; the same for a new record and for a replayed
// one.
void
fold_record(Ledger *ledger, const Record *record, uint64_t position, Arena *arena);
// Reads what the state does not cover. KT_STORE_ROLLBACK, KT_STORE_DAMAGED.
KtCode
fold_replay(Ledger *ledger, Fault *fault);

// ---- ledger/record.c ----------------------------------------
// Adds a decided record to the batch and folds it; returns its position, and its leaf.
uint64_t
record_append(Ledger *ledger, const Record *record, Hash *ret_leaf);
// After the barrier: what was written is kept near.
void
record_keep(Ledger *ledger, const JournalEntry *entry);
void
record_done(Ledger *ledger);
// As ledger_record, with the reason when there is none: KT_OK, or KT_STORE_DAMAGED.
const Record *
record_find(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf, KtCode *ret_code);

// ---- ledger/context.c ----------------------------------------
// What the border has made of a command: numbers instead of names and BSNs.
typedef struct Checked {
    KtLanguage language;
    Arena *arena;
    uint8_t (*tokens)[TOKEN_BYTES]; // of Signal's persons
    size_t token_count;
    const TraceRow **given;         // what details say of each; NULL without details
    const Arrangement *arrangement; // of ArrangementLoad
    const PartnerRow *loaded;       // of PartnerLoad
    const char *field, *detail;     // of a refusal
} Checked;

// The context common to every order; false when the state is damaged and the ledger failed.
void
context_start(Ledger *ledger, int64_t now_ms, Context *ret);
// What loading a partner may look at: whether it is the desk of something, where it goes.
void
context_partner(Ledger *ledger, const PartnerRow *row, Context *context);
// The first plan behind `after` that is not closed, in which the partner once had a part and that
// `concerns` it; 0 none.
uint64_t
part_next(Ledger *ledger, uint32_t partner, uint64_t after,
          bool (*concerns)(const PlanRow *row, uint32_t partner));
bool
context_plan(Ledger *ledger, uint64_t plan, Arena *arena, Context *context);
bool
context_command(Ledger *ledger, uint32_t partner, const Command *command, const Checked *checked,
                Arena *arena, Context *context);
// A number behind a key; 0 when absent.
uint64_t
state_number(Ledger *ledger, Key key);
// A row; NULL when absent or damaged (then the ledger failed).
void *
state_row(Ledger *ledger, Key key, const ProtobufCMessageDescriptor *type, Arena *arena);
#define ROW(ledger, key, name, arena)                                                              \
    state_row((ledger), (key), &keten__v1__##name##__descriptor, (arena))
// A step, open or closed; NULL when there is none.
StepRow *
state_step(Ledger *ledger, uint64_t plan, uint64_t step, Arena *arena, bool *ret_open);
FactRow *
state_fact(Ledger *ledger, uint64_t fact, Arena *arena);
// All rows under a prefix; false when the state is damaged and the ledger failed.
bool
state_each(Ledger *ledger, const Key *prefix, const Key *from, StateVisitor visitor, void *caller);

// ---- ledger/context_earlier.c ----------------------------------------
// The latest signal of a kind that stands in the context's plan, other than `besides` when there is
// one, and its values. False when the state is damaged and the ledger failed.
bool
context_earlier(Ledger *ledger, const char *kind, const FactRow *besides, Arena *arena,
                Context *context);

// ---- ledger/check.c ----------------------------------------
// What is wrong with a command in itself, whatever the state of things. KT_OK, or a code of kind
// MALFORMED with border->field and border->detail.
KtCode
check_command(Ledger *ledger, uint32_t partner, const Command *command, Checked *checked);

// ---- ledger/context_delivery.c ----------------------------------------
// How many of a partner's deliveries behind `upto` it has rejected.
uint64_t
rejected_ahead(Ledger *ledger, uint32_t partner, uint64_t upto);
// How far the cursor goes once everything up to `upto` is processed: over what was rejected too.
uint64_t
rejected_pass(Ledger *ledger, uint32_t partner, uint64_t upto);
// A matter, open or settled; NULL when there is none.
MatterRow *
state_matter(Ledger *ledger, uint64_t matter, Arena *arena);
DeadRow *
state_rejected(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena);
// What a decision about a delivery looks at: the delivery, its plan, whether it was rejected.
bool
context_reject(Ledger *ledger, const Keten__V1__DeliveryReject *reject, Arena *arena,
               Context *context);
// By matter, or by partner and number; then the actor's own.
bool
context_rejected(Ledger *ledger, uint64_t matter, const char *partner, uint64_t n, Arena *arena,
                 Context *context);
// Of a timer about no plan.
bool
context_timer(Ledger *ledger, Keten__V1__TimerKind kind, uint64_t mark, Arena *arena,
              Context *context);

// ---- ledger/held_streams.c ----------------------------------------
void
held_add(HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number);
// The number that must come first; 0 when the stream is free or this is it.
uint64_t
held_before(const HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number);
// The number has come: what follows may pass.
void
held_release(HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number);

// ---- ledger/context_neighbours.c ----------------------------------------
// Who is like the context's persons, and what was asked about their plans; `persons` are those,
// whose whole plans are filled in. False when the state is damaged.
bool
context_neighbours(Ledger *ledger, PersonEntry *persons, Arena *arena, Context *context);

// ---- ledger/check_details.c ----------------------------------------
// The details of persons become tokens, border->given; `count` is 0 or that of the tokens. KT_FORM,
// KT_LIMIT.
KtCode
check_details(Ledger *ledger, Checked *checked, PersonDetails *const *details, size_t count);

// ---- ledger/receipt.c ----------------------------------------
Answer
answer_refusal(const Command *command, KtCode code, const char *field, const char *detail,
               uint64_t position, KtLanguage language, Arena *arena);
// From the record alone and the persons' tokens, so that a duplicate's answer has the same bytes.
Answer
answer_record(Ledger *ledger, const Record *record, uint64_t position, const Hash *leaf,
              KtLanguage language, Arena *arena);
// The asker's own name for a person; "" when the person is not recorded.
char *
answer_pseudonym(Ledger *ledger, uint32_t partner, uint64_t person, Arena *arena);
// The last state of a step that the record tells; NULL when it tells none.
const StepRow *
record_step(const Record *record, uint64_t step);
const MatterRow *
record_matter(const Record *record, uint64_t matter);

// ---- ledger/turn.c ----------------------------------------
// Records what partners acknowledged in this turn.
void
turn_acknowledge(Ledger *ledger);
KtCode
turn_history(Ledger *ledger, const LedgerOptions *options, Fault *fault);
// An arrangement that could leave someone waiting for ever is refused before it is in force.
// KT_ARRANGEMENT_FILE.
KtCode
turn_sound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
           const char **ret_detail);
void
turn_disclose(Ledger *ledger, uint32_t partner, uint64_t plan, const char *what, int64_t now_ms);

#endif
