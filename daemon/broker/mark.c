// SPDX-License-Identifier: EUPL-1.2
// See mark.h. Knows: the ledger's position and running hash. Must never know: partners' messages.
// The path: mark_check_journal and mark_check at the start, mark_turn after every barrier, and
// mark_proof when a partner has shown more than the store has. The mark is behind the store by a
// second at most, and by more after a power cut: it is not synced on the way. It is never ahead of
// the durable journal.
#include "daemon/broker/mark.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

#define EVERY_MS 1000

static KtCode
behind(Fault *fault, const Served *mark, uint64_t history, uint64_t position)
{
    return fault_set(fault, KT_STORE_BEHIND,
                     "r%" PRIu64 " of history %" PRIu64
                     " was served, and the journal has %s r%" PRIu64 " of history %" PRIu64,
                     mark->position, mark->history,
                     position < mark->position || history < mark->history ? "only" : "another",
                     position, history);
}

KtCode
mark_check_journal(const char *directory, const char *journal, Fault *fault)
{
    Served mark;
    ASSERT(journal != NULL && fault != NULL);
    if (directory == NULL || access(journal, F_OK) == 0 ||
        served_read(directory, &mark) != SERVED_FOUND)
        return KT_OK;
    return fault_set(fault, KT_STORE_BEHIND,
                     "r%" PRIu64 " of history %" PRIu64 " was served, and there is no %s",
                     mark.position, mark.history, journal);
}

static Knowledge
knowledge_of(ServedProof *proof)
{
    return (Knowledge){
        .receipt_history = proof->receipt_history,
        .receipt_position = proof->receipt_position,
        .receipt_leaf = {LEAF_BYTES, proof->leaf},
        .receipt_tag = {RECEIPT_TAG_BYTES, proof->receipt_tag},
        .history = proof->history,
        .delivered = proof->delivered,
        .delivery_tag = {DELIVERY_TAG_BYTES, proof->delivery_tag},
    };
}

static KtCode
check_proof(Ledger *ledger, Served *mark, Fault *fault)
{
    ServedProof *proof = &mark->proof;
    Arena arena = {0};
    if (proof->partner[0] == '\0')
        return KT_OK;
    const Knowledge said = knowledge_of(proof);
    const uint32_t partner = ledger_partner_number(ledger, proof->partner);
    const Judgement judged =
        partner == 0 ? KNOWLEDGE_MORE : ledger_judge(ledger, partner, &said, &arena);
    arena_done(&arena);
    if (judged != KNOWLEDGE_MORE)
        return KT_OK;
    return fault_set(fault, KT_STORE_BEHIND,
                     "partner %s proved receipt r%" PRIu64 " of history %" PRIu64
                     " and delivery %" PRIu64 "/%" PRIu64 ", and the journal does not have them",
                     proof->partner, proof->receipt_position, proof->receipt_history,
                     proof->history, proof->delivered);
}

static KtCode
check_position(Ledger *ledger, const Served *mark, Fault *fault)
{
    LedgerStatus status;
    Hash running;
    ledger_status(ledger, &status);
    if (mark->history < status.history) // the store was released since the mark was written
        return KT_OK;
    if (mark->history > status.history || mark->position > status.position ||
        memcmp(mark->id, status.history_id, UUID_BYTES) != 0)
        return behind(fault, mark, status.history, status.position);
    const KtCode code = ledger_running(ledger, mark->position, &running, fault);
    if (code != KT_OK || hash_equal(&running, &mark->running))
        return code;
    return behind(fault, mark, status.history, mark->position);
}

KtCode
mark_check(const char *directory, Ledger *ledger, const Log *log, Fault *fault)
{
    Served mark;
    LedgerStatus status;
    ASSERT(ledger != NULL && fault != NULL);
    if (directory == NULL)
        return KT_OK;
    ledger_status(ledger, &status);
    switch (served_read(directory, &mark)) {
    case SERVED_FOUND: {
        const KtCode code = check_position(ledger, &mark, fault);
        return code == KT_OK ? check_proof(ledger, &mark, fault) : code;
    }
    case SERVED_ABSENT:
        if (status.position > 1)
            log_line(log, LOG_LEVEL_NOTICE,
                     "no mark in %s of what was served: whether this store was put back is seen "
                     "only when a partner proves it",
                     directory);
        return KT_OK;
    case SERVED_UNREADABLE:
        log_line(log, LOG_LEVEL_WARNING,
                 "the mark in %s of what was served cannot be read (%s): whether this store was "
                 "put back is seen only when a partner proves it",
                 directory, errno != 0 ? strerror(errno) : "it has another form");
        return KT_OK;
    }
    unhandled("what reading a mark gives");
}

void
mark_start(Mark *ret, const char *directory, const Log *log)
{
    ASSERT(ret != NULL && log != NULL);
    *ret = (Mark){.directory = directory, .log = log};
}

static void
write_mark(Mark *mark, const Served *fresh, bool durable)
{
    const bool good = served_write(mark->directory, fresh, durable);
    if (!good && !mark->failed)
        log_line(mark->log, LOG_LEVEL_WARNING,
                 "the mark in %s of what was served cannot be written: %s (the daemon goes on; "
                 "mend it, or a store that is put back starts unseen)",
                 mark->directory, strerror(errno));
    mark->failed = !good;
    mark->served = *fresh;
}

void
mark_turn(Mark *mark, Ledger *ledger, int64_t steady_ms, bool now)
{
    LedgerStatus status;
    Fault fault;
    ASSERT(mark != NULL && ledger != NULL);
    if (mark->directory == NULL)
        return;
    ledger_status(ledger, &status);
    const bool moved =
        status.position != mark->served.position || status.history != mark->served.history;
    if (status.stopped || (!now && (!moved || (mark->served.history != 0 &&
                                               steady_ms - mark->written_ms < EVERY_MS))))
        return;
    Served fresh = {.history = status.history, .position = status.position};
    memcpy(fresh.id, status.history_id, UUID_BYTES);
    if (ledger_running(ledger, status.position, &fresh.running, &fault) != KT_OK)
        return;
    mark->written_ms = steady_ms;
    write_mark(mark, &fresh, now);
}

long
mark_patience(const Mark *mark, Ledger *ledger, int64_t steady_ms)
{
    LedgerStatus status;
    if (mark->directory == NULL)
        return -1;
    ledger_status(ledger, &status);
    if (status.stopped || status.position == mark->served.position)
        return -1;
    const int64_t left = mark->written_ms + EVERY_MS - steady_ms;
    return left < 0 ? 0 : (long)left;
}

static void
copy(uint8_t *ret, size_t room, ProtobufCBinaryData from)
{
    if (from.len == room)
        memcpy(ret, from.data, room);
}

void
mark_proof(Mark *mark, Ledger *ledger, const char *partner, const Knowledge *said)
{
    ASSERT(mark != NULL && ledger != NULL && partner != NULL && said != NULL);
    if (mark->directory == NULL)
        return;
    Served fresh = mark->served;
    ServedProof *proof = &fresh.proof;
    ASSERT(strlen(partner) < sizeof proof->partner);
    *proof = (ServedProof){.receipt_history = said->receipt_history,
                           .receipt_position = said->receipt_position,
                           .history = said->history,
                           .delivered = said->delivered};
    memcpy(proof->partner, partner, strlen(partner) + 1);
    copy(proof->leaf, LEAF_BYTES, said->receipt_leaf);
    copy(proof->receipt_tag, RECEIPT_TAG_BYTES, said->receipt_tag);
    copy(proof->delivery_tag, DELIVERY_TAG_BYTES, said->delivery_tag);
    write_mark(mark, &fresh, true);
}
