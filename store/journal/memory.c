// SPDX-License-Identifier: EUPL-1.2
// The journal in memory, for tests and simulation, scripted to fail. Knows: the promises of the
// port and how each can be kept or broken. Must never know: disks.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/hash.h"
#include "store/journal/port.h"

struct JournalMemory {
    JournalEntry *entries; // entries[i] has position i + 1 and owns its bytes
    size_t count;
    size_t room;
    uint64_t epoch;
    bool clean;
    JournalFault fault;
    Hasher *hasher;
};

typedef struct MemoryPort {
    Journal journal;
    JournalMemory *memory;
    bool broken; // an append gave JOURNAL_UNKNOWN; only a new claim helps
} MemoryPort;

static MemoryPort *
port_of(Journal *journal)
{
    return (MemoryPort *)journal;
}

static Hash
tail_hash(const JournalMemory *memory)
{
    return memory->count == 0 ? (Hash){0} : memory->entries[memory->count - 1].running;
}

static void
keep(JournalMemory *memory, const JournalEntry *entry, JournalEntry *ret)
{
    if (memory->count == memory->room) {
        memory->room = memory->room == 0 ? 64 : memory->room * 2;
        memory->entries = realloc(memory->entries, memory->room * sizeof *memory->entries);
        if (memory->entries == NULL)
            exhausted("the journal in memory");
    }
    uint8_t *bytes = malloc(entry->length + 1);
    if (bytes == NULL)
        exhausted("the journal in memory");
    if (entry->length > 0)
        memcpy(bytes, entry->bytes, entry->length);
    const Hash before = tail_hash(memory);
    JournalEntry *kept = &memory->entries[memory->count];
    *kept = (JournalEntry){.bytes = bytes, .length = entry->length, .position = memory->count + 1};
    kept->leaf = hash_leaf(memory->hasher, bytes, entry->length);
    kept->running = hash_chain(memory->hasher, &before, &kept->leaf);
    memory->count++;
    *ret = *kept;
}

static KtCode
memory_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault)
{
    (void)applied, (void)fault;
    MemoryPort *port = port_of(journal);
    JournalMemory *memory = port->memory;
    memory->epoch++;
    *ret_claim = (JournalClaim){.epoch = memory->epoch,
                                .tail = memory->count,
                                .tail_hash = tail_hash(memory),
                                .clean = memory->clean};
    memory->clean = false;
    port->broken = false;
    return KT_OK;
}

// The script's word on this append; JOURNAL_OK when it has none.
static JournalResult
scripted(JournalFault *fault)
{
    if (fault->countdown < 0 || fault->repeat == 0)
        return JOURNAL_OK;
    if (fault->countdown > 0) {
        fault->countdown--;
        return JOURNAL_OK;
    }
    fault->repeat--;
    return fault->result;
}

static JournalResult
memory_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
              size_t count)
{
    MemoryPort *port = port_of(journal);
    JournalMemory *memory = port->memory;
    if (port->broken)
        return JOURNAL_UNKNOWN;
    if (epoch != memory->epoch || memory->clean)
        return JOURNAL_FENCED;
    if (expected_tail != memory->count)
        return JOURNAL_MOVED;
    const JournalResult result = scripted(&memory->fault);
    port->broken = result == JOURNAL_UNKNOWN;
    size_t kept = result == JOURNAL_OK ? count : 0;
    if (port->broken)
        kept = memory->fault.kept < count ? memory->fault.kept : count;
    for (size_t i = 0; i < kept; i++) {
        JournalEntry entry;
        keep(memory, &entries[i], &entry);
        if (result != JOURNAL_OK)
            continue;
        entries[i].position = entry.position;
        entries[i].leaf = entry.leaf;
        entries[i].running = entry.running;
    }
    return result;
}

static KtCode
memory_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault)
{
    (void)fault;
    const JournalMemory *memory = port_of(journal)->memory;
    for (uint64_t position = from; position <= memory->count; position++) {
        const JournalEntry entry = memory->entries[position - 1];
        if (!reader(caller, &entry))
            break;
    }
    return KT_OK;
}

static JournalResult
memory_close_clean(Journal *journal, uint64_t epoch)
{
    MemoryPort *port = port_of(journal);
    if (port->broken)
        return JOURNAL_UNKNOWN;
    if (epoch != port->memory->epoch)
        return JOURNAL_FENCED;
    port->memory->clean = true;
    return JOURNAL_OK;
}

static uint64_t
memory_room(Journal *journal)
{
    (void)journal;
    return UINT64_MAX;
}

static void
memory_done(Journal *journal)
{
    free(journal);
}

static const JournalEngine memory_engine = {
    .claim = memory_claim,
    .append = memory_append,
    .read = memory_read,
    .close_clean = memory_close_clean,
    .room = memory_room,
    .done = memory_done,
};

JournalMemory *
journal_memory_make(void)
{
    JournalMemory *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        exhausted("the journal in memory");
    memory->fault.countdown = -1;
    memory->hasher = hasher_make();
    return memory;
}

void
journal_memory_free(JournalMemory *memory)
{
    if (memory == NULL)
        return;
    for (size_t i = 0; i < memory->count; i++)
        free((void *)(uintptr_t)memory->entries[i].bytes);
    free(memory->entries);
    hasher_free(memory->hasher);
    free(memory);
}

void
journal_memory_fault(JournalMemory *memory, JournalFault fault)
{
    memory->fault = fault;
}

Journal *
journal_memory_open(JournalMemory *memory)
{
    MemoryPort *port = calloc(1, sizeof *port);
    if (port == NULL)
        exhausted("the journal in memory");
    port->journal.engine = &memory_engine;
    port->memory = memory;
    return &port->journal;
}
