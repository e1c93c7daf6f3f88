// SPDX-License-Identifier: EUPL-1.2
// The state port: rows derived from the journal. Knows: keys, values, generations, the position a
// commit covers. Must never know: what a row means, how a decision is taken.
// The path: changes go to an overlay in memory; after the append that makes them durable,
// state_seal turns the overlay into a generation, and state_flush_beside lets a thread write
// generations to the snapshot (LMDB, or memory in the memory-only form). A read looks in the open
// overlay, then in the sealed generations, newest first, then in the snapshot. A generation stays
// until the snapshot that is read holds it. All calls come from one thread, the state's caller.
#ifndef KETEN_STORE_STATE_STATE_H
#define KETEN_STORE_STATE_STATE_H

#include "base/arena.h"
#include "proto/errors.h"
#include "store/hash.h"
#include "store/key.h"

typedef struct State State;

// The check of the file, before it is opened, fills this in.
typedef struct StateReport {
    uint64_t rows, pages;
    uint64_t reads_again; // reads that failed once and then succeeded
} StateReport;

typedef struct StateOptions {
    const char *directory; // …/state; NULL: memory only
    uint64_t map_bytes;    // 0: 64 GiB of address space (sparse)
    bool read_only;        // for offline tools: nothing is written
    StateReport *report;   // filled in; may be NULL
    // Told now and then while the file is checked: pages read, of about so many. May be NULL.
    void (*progress)(void *caller, uint64_t done, uint64_t of);
    void *caller; // of progress
} StateOptions;

// Opens the state, after its whole file was read and judged. A fault is KT_STATE_DAMAGED, which
// names what does not fit; KT_STATE_OLD, another format; KT_STORE_BUSY or KT_SETUP. To write, the
// caller has the lock of the journal, since a process that writes meanwhile looks like damage.
KtCode
state_open(const StateOptions *options, State **ret, Fault *fault);
// As state_open, for the process that has the lock of the journal. A state that is damaged or of
// another format, or one that state_ask_rebuild marked, is put aside as DIRECTORY.damaged, in place
// of an earlier one; where the disk has no room for both it is removed. Then an empty state is
// opened, into which the whole journal has to be folded. *ret_found tells why; its code is KT_OK
// when nothing was found.
KtCode
state_open_mended(const StateOptions *options, State **ret, Fault *ret_found, Fault *fault);
// Marks the state of a directory: the next state_open_mended begins with an empty one. For a daemon
// that met damage while it ran: the damage may lie in memory, where the next start does not see it.
void
state_ask_rebuild(const char *directory);
// Rows that were not flushed are lost, but for those that are being written. Takes NULL.
void
state_done(State *state);

// The position and running hash that the snapshot covers. Records behind it must be folded again.
// ret_running may be NULL.
uint64_t
state_applied(const State *state, Hash *ret_running);

typedef struct Value {
    const uint8_t *bytes; // valid until the next state_change, state_seal or flush
    size_t length;        // in bytes
} Value;

typedef enum StateRead { STATE_ABSENT = 0, STATE_FOUND = 1, STATE_DAMAGED = 2 } StateRead;

// Each value in the snapshot carries a hash. A value that does not fit its hash is never served:
// the read gives STATE_DAMAGED, and state_fault tells the row.
StateRead
state_get(State *state, const Key *key, Value *ret);

// After STATE_ABSENT, where absence decides who somebody is: KT_OK when no flipped bit on the disk
// or in memory can be the reason why the row was not found; else KT_STATE_DAMAGED, which
// state_fault tells. It costs a second search, about seven times a state_get.
KtCode
state_prove_absent(State *state, const Key *key);

// As state_get, unpacked into the arena; NULL when absent. On damage *ret_code (may not be NULL) is
// KT_STATE_DAMAGED, else KT_OK.
void *
state_message(State *state, const Key *key, const ProtobufCMessageDescriptor *type, Arena *arena,
              KtCode *ret_code);

// Gives the visitor the rows whose key starts with `prefix` and is >= `from` (NULL: the prefix
// itself), in key order, each from its newest layer; dropped rows are passed over. The visitor
// returns false to stop. It may not write.
typedef bool (*StateVisitor)(void *caller, const uint8_t *key, size_t key_length, Value value);
KtCode
state_range(State *state, const Key *prefix, const Key *from, StateVisitor visitor, void *caller);

// So many rows and tombstones state_range has stepped over since state_open: the work of searching.
uint64_t
state_walked(const State *state);

// The fault of the last read that failed.
const Fault *
state_fault(const State *state);

// Packs the row of the change and puts it, or drops it.
void
state_change(State *state, const Change *change);

// Seals the open overlay as the generation that covers the journal up to `position`. The append of
// that position must have returned ok.
void
state_seal(State *state, uint64_t position, const Hash *running);
// The position of the last seal; that of the snapshot when nothing is sealed.
uint64_t
state_sealed(const State *state);
// Writes the sealed generations to the snapshot, with the position that they cover, and drops them.
// Waits for the thread, too. When it returns KT_OK they are durable, or wait for room on the disk.
KtCode
state_flush(State *state, Fault *fault);
// As state_flush, but a thread writes, and the call returns at once: it drops the generations that
// the thread has written, and gives it the others. With `wait` it first waits until the thread has
// written what it was given. A failure is told by a later call; it is as final as one of
// state_flush. The memory-only form has no thread and flushes at once.
KtCode
state_flush_beside(State *state, bool wait, Fault *fault);
// Generations that the snapshot does not hold yet, and those of them that are being written. No
// more than STATE_GENERATIONS_MOST: state_seal then adds to the newest.
#define STATE_GENERATIONS_MOST 8
size_t
state_generations(const State *state);
bool
state_is_writing(const State *state);
// Bytes that the disk of the state has left when everything that waits is written, less a reserve;
// 0: none. Until there is room, state_flush_beside leaves the generations in memory: a commit on a
// full disk fails, and that is final.
uint64_t
state_room(const State *state);
// The memory of the open overlay, and of all rows that the snapshot does not hold yet, in bytes.
size_t
state_open_bytes(const State *state);
size_t
state_pending_bytes(const State *state);

// Reads at most `rows` rows of the snapshot further, in rounds over all of it, and holds them
// against their hashes and the sums of the tables. *ret_round: a round has ended. While a commit is
// being written it does nothing. KT_STATE_DAMAGED names what does not fit.
KtCode
state_scrub(State *state, size_t rows, bool *ret_round, Fault *fault);

// SHA-256 over every row in key order (u32 key length ‖ key ‖ u32 value length ‖ value), overlay
// included. Equal folds give equal digests, whatever was flushed.
KtCode
state_digest(State *state, Hash *ret);

// Reads every value of the snapshot and checks its hash. `progress` (may be NULL) gets the number
// of rows read so far.
KtCode
state_check(State *state, void (*progress)(void *caller, uint64_t rows), void *caller,
            Fault *fault);

#endif
