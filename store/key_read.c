// SPDX-License-Identifier: EUPL-1.2
// Takes a key apart as key.h built it. Knows: the pieces of each table's keys. Must never know:
// what a row holds.
// The path through each reader: pieces_of checks the table, one take_… a piece, pieces_end checks
// that nothing is left. A wrong table or length stops the process.
#include "store/key_read.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

typedef struct Pieces {
    const uint8_t *at;
    size_t left; // bytes from `at` to the end of the key
} Pieces;

static Pieces
pieces_of(Table table, const uint8_t *key, size_t length)
{
    ASSERT(key != NULL && length >= 1);
    ASSERT(key[0] == (uint8_t)table);
    return (Pieces){key + 1, length - 1};
}

static const uint8_t *
take(Pieces *pieces, size_t length)
{
    const uint8_t *at = pieces->at;
    ASSERT(pieces->left >= length);
    pieces->at += length;
    pieces->left -= length;
    return at;
}

static uint8_t
take_u8(Pieces *pieces)
{
    return *take(pieces, 1);
}

static uint32_t
take_u32(Pieces *pieces)
{
    return bytes_get_u32(take(pieces, 4));
}

static uint64_t
take_u64(Pieces *pieces)
{
    return bytes_get_u64(take(pieces, 8));
}

static int64_t
take_instant(Pieces *pieces)
{
    return (int64_t)(take_u64(pieces) ^ 1ULL << 63);
}

static void
pieces_end(const Pieces *pieces)
{
    ASSERT(pieces->left == 0);
}

static uint64_t
plan_number(Pieces *pieces, PlanSub sub)
{
    switch (sub) {
    case PLAN_SUB_HEADER:
        return 0;
    case PLAN_SUB_KIND:
        take(pieces, pieces->left);
        return 0;
    case PLAN_SUB_OPEN_MATTER:
    case PLAN_SUB_MEMBER:
    case PLAN_SUB_OPEN_STEP:
    case PLAN_SUB_CLOSED_STEP:
    case PLAN_SUB_FACT:
    case PLAN_SUB_CLOSED_MATTER:
        return take_u64(pieces);
    }
    unhandled("row of a plan");
}

PlanKey
key_read_plan(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_PLAN, key, length);
    PlanKey read = {.plan = take_u64(&pieces)};
    read.sub = (PlanSub)take_u8(&pieces);
    read.number = plan_number(&pieces, read.sub);
    pieces_end(&pieces);
    return read;
}

TimerKey
key_read_timer(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_TIMER, key, length);
    TimerKey read = {.due_ms = take_instant(&pieces)};
    read.plan = take_u64(&pieces);
    read.kind = (Keten__V1__TimerKind)take_u8(&pieces);
    read.mark = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}

ReceivedKey
key_read_received(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_RECEIVED, key, length);
    ReceivedKey read = {.fact = take_u64(&pieces)};
    read.partner = take_u32(&pieces);
    pieces_end(&pieces);
    return read;
}

CommandRowKey
key_read_command(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_COMMAND, key, length);
    CommandRowKey read = {.partner = take_u32(&pieces)};
    memcpy(read.stream, take(&pieces, sizeof read.stream), sizeof read.stream);
    read.number = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}

PlanRecordKey
key_read_plan_record(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_PLAN_RECORD, key, length);
    PlanRecordKey read = {.plan = take_u64(&pieces)};
    read.position = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}

ParticipantKey
key_read_participant(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_PARTICIPANT, key, length);
    ParticipantKey read = {.partner = take_u32(&pieces)};
    read.plan = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}

MemberPastKey
key_read_member_past(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_MEMBER_PAST, key, length);
    MemberPastKey read = {.plan = take_u64(&pieces)};
    read.person = take_u64(&pieces);
    read.position = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}

AtKey
key_read_at(const uint8_t *key, size_t length)
{
    Pieces pieces = pieces_of(TABLE_AT, key, length);
    AtKey read;
    memcpy(read.token, take(&pieces, sizeof read.token), sizeof read.token);
    read.person = take_u64(&pieces);
    pieces_end(&pieces);
    return read;
}
