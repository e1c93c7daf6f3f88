// SPDX-License-Identifier: EUPL-1.2
// Reads the pieces of a stored key back, one reader a table. Knows: which pieces a table's keys
// have, as vocabulary.h lists them. Must never know: what a row holds.
// A visitor of state_range gets a key as bytes and calls the reader of its table. The other tables
// need no reader: their rows repeat in their columns what their keys say.
// A key of another table, or of another length, is a fault of the program: every reader stops it.
#ifndef KETEN_STORE_KEY_READ_H
#define KETEN_STORE_KEY_READ_H

#include "proto/sizes.h"
#include "store/vocabulary.h"

// A row of TABLE_PLAN.
typedef struct PlanKey {
    uint64_t plan;
    PlanSub sub;
    uint64_t number; // the person, step, fact or matter of the row; 0: a header or a kind
} PlanKey;

PlanKey
key_read_plan(const uint8_t *key, size_t length);

// A row of TABLE_TIMER.
typedef struct TimerKey {
    int64_t due_ms;
    uint64_t plan; // 0: a timer about no plan
    Keten__V1__TimerKind kind;
    uint64_t mark; // the step; of a timer about no plan: see rejected_mark
} TimerKey;

TimerKey
key_read_timer(const uint8_t *key, size_t length);

// A row of TABLE_RECEIVED.
typedef struct ReceivedKey {
    uint64_t fact;
    uint32_t partner;
} ReceivedKey;

ReceivedKey
key_read_received(const uint8_t *key, size_t length);

// A row of TABLE_COMMAND.
typedef struct CommandRowKey {
    uint32_t partner;
    uint8_t stream[STREAM_BYTES];
    uint64_t number;
} CommandRowKey;

CommandRowKey
key_read_command(const uint8_t *key, size_t length);

// A row of TABLE_PLAN_RECORD.
typedef struct PlanRecordKey {
    uint64_t plan;
    uint64_t position;
} PlanRecordKey;

PlanRecordKey
key_read_plan_record(const uint8_t *key, size_t length);

// A row of TABLE_PARTICIPANT.
typedef struct ParticipantKey {
    uint32_t partner;
    uint64_t plan;
} ParticipantKey;

ParticipantKey
key_read_participant(const uint8_t *key, size_t length);

// A row of TABLE_MEMBER_PAST.
typedef struct MemberPastKey {
    uint64_t plan;
    uint64_t person;
    uint64_t position; // of the record that ended the membership
} MemberPastKey;

MemberPastKey
key_read_member_past(const uint8_t *key, size_t length);

// A row of TABLE_AT.
typedef struct AtKey {
    uint8_t token[TOKEN_BYTES];
    uint64_t person;
} AtKey;

AtKey
key_read_at(const uint8_t *key, size_t length);

#endif
