// SPDX-License-Identifier: EUPL-1.2
// The plain vocabulary of records and state rows: short names for the messages of proto/keten/v1,
// and the tables of the state. Knows: names and numbers. Must never know: how anything is read or
// written.
// The engine may include this header and key.h, and nothing else of store/.
#ifndef KETEN_STORE_VOCABULARY_H
#define KETEN_STORE_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "keten/v1/record.pb-c.h"
#include "keten/v1/state.pb-c.h"
#include "keten/v1/types.pb-c.h"

typedef Keten__V1__Record Record;
typedef Keten__V1__Head Head;
typedef Keten__V1__Part Part;
typedef Keten__V1__PartBody PartBody;
typedef Keten__V1__Field Field;
typedef Keten__V1__CommandKey CommandKey;
typedef Keten__V1__Refused Refused;
typedef Keten__V1__Opened Opened;
typedef Keten__V1__Counters Counters;
typedef Keten__V1__Event Event;
typedef Keten__V1__Receiver Receiver;
typedef Keten__V1__ReceiverItem ReceiverItem;
typedef Keten__V1__PlanRow PlanRow;
typedef Keten__V1__PlanPast PlanPast;
typedef Keten__V1__StepRow StepRow;
typedef Keten__V1__FactRow FactRow;
typedef Keten__V1__KindRow KindRow;
typedef Keten__V1__HandoverRow HandoverRow;
typedef Keten__V1__HeldFeedback HeldFeedback;
typedef Keten__V1__PartnerRow PartnerRow;
typedef Keten__V1__PartnerKey PartnerKey;
typedef Keten__V1__SecretCheck SecretCheck;
typedef Keten__V1__WorkRow WorkRow;
typedef Keten__V1__MatterRow MatterRow;
typedef Keten__V1__MemberRow MemberRow;
typedef Keten__V1__GoneRow GoneRow;
typedef Keten__V1__DeadRow DeadRow;
typedef Keten__V1__SilenceRow SilenceRow;
typedef Keten__V1__Resend Resend;
typedef Keten__V1__TraceRow TraceRow;
typedef Keten__V1__PairRow PairRow;
typedef Keten__V1__HistorySpan HistorySpan;
typedef Keten__V1__PersonDetails PersonDetails;
typedef Keten__V1__Arrangement Arrangement;
typedef Keten__V1__ArrangementPartner ArrangementPartner;
typedef Keten__V1__FactKind FactKind;
typedef Keten__V1__FieldKind FieldKind;
typedef Keten__V1__StepKind StepKind;
typedef Keten__V1__Link Link;
typedef Keten__V1__Rung Rung;
typedef Keten__V1__Term Term;

typedef Keten__V1__StepState StepState;
typedef Keten__V1__Cause Cause;
typedef Keten__V1__ItemKind ItemKind;
typedef Keten__V1__MatterKind MatterKind;

#define STEP_NONE      KETEN__V1__STEP_STATE__STEP_STATE_UNSPECIFIED
#define STEP_WAITING   KETEN__V1__STEP_STATE__STEP_WAITING
#define STEP_OFFERED   KETEN__V1__STEP_STATE__STEP_OFFERED
#define STEP_ACTIVE    KETEN__V1__STEP_STATE__STEP_ACTIVE
#define STEP_SUSPENDED KETEN__V1__STEP_STATE__STEP_SUSPENDED
#define STEP_RETURNED  KETEN__V1__STEP_STATE__STEP_RETURNED
#define STEP_COMPLETED KETEN__V1__STEP_STATE__STEP_COMPLETED
#define STEP_WITHDRAWN KETEN__V1__STEP_STATE__STEP_WITHDRAWN
#define STEP_STATES    8 // the values are 0 … 7

// The tables of the state. The number of a table is the first byte of its keys; the pieces of a key
// follow in brackets, numbers big-endian, so that the order of keys is the order of numbers. An
// instant (i64) has its sign bit flipped. All rows of one plan lie together in TABLE_PLAN.
// clang-format off
typedef enum Table {
    TABLE_COUNTERS = 1,      // ()                          Counters
    TABLE_TIME = 2,          // ()                          TimeRow: the last record time
    TABLE_HISTORY = 3,       // ()                          HistoryRow
    TABLE_PARTNER = 4,       // (partner u32)               PartnerRow
    TABLE_ARRANGEMENT = 5,   // (arrangement u32)           ArrangementRow
    TABLE_PERSON_TOKEN = 6,  // (token 16)                  NumberRow: the person number
    TABLE_PERSON = 7,        // (person u64)                PersonRow
    TABLE_MEMBER = 8,        // (person u64)                NumberRow: the person's open plan
    TABLE_PLAN = 9,          // (plan u64, sub u8, …)       by sub, see PlanSub
    TABLE_STEP_PLAN = 10,    // (step u64)                  NumberRow: its plan
    TABLE_FACT_PLAN = 11,    // (fact u64)                  NumberRow: its plan
    TABLE_FACT_VERSION = 12, // (fact u64, version u32)     PartRow
    TABLE_RECEIVED = 13,     // (fact u64, partner u32)     NumberRow: position of its delivery
    TABLE_TIMER = 14,        // (due i64, plan u64, kind u8, step u64) TimerRow
    TABLE_INBOX = 15,        // (partner u32, n u64)        InboxRow
    TABLE_ASSIGNED = 16,     // (partner u32)               NumberRow: highest delivery number given
    TABLE_ACKNOWLEDGED = 17, // (partner u32)               NumberRow: its cursor
    TABLE_STREAM = 18,       // (partner u32, stream 16)    StreamRow: highest number used
    TABLE_COMMAND = 19,      // (partner u32, stream 16, number u64) CommandRow
    TABLE_PLAN_RECORD = 20,  // (plan u64, position u64)    empty: a record of the plan's history
    TABLE_HANDOVER = 21,     // (offered_at i64, handover u64) HandoverRow
    TABLE_WORK = 22,         // (work u64)                  WorkRow
    TABLE_PARTICIPANT = 23,  // (partner u32, plan u64)     empty: is or was a participant
    TABLE_MATTER_PLAN = 24,  // (matter u64)                NumberRow: its plan
    TABLE_BOTTLENECK = 25,   // (matter u64)                MatterRow, while it is open
    TABLE_MATTER_WORDS = 26, // (matter u64)                WordsRow
    TABLE_REJECTED = 29,     // (partner u32, n u64)        DeadRow: a delivery it rejected
    TABLE_SILENCE = 30,      // (partner u32)               SilenceRow
    TABLE_MEMBER_PAST = 38,  // (plan u64, person u64, position u64) MemberRow that ended
    TABLE_SECOND = 39,       // (person u64)                NumberRow: the person's second open plan
    TABLE_LIKENESS = 40,     // (person u64)                TraceRow
    TABLE_AT = 41,           // (token 16, person u64)      empty: the token of an address or birth
    TABLE_PAIR = 42,         // (plan u64, plan u64)        PairRow; the lower number first
    TABLE_DEPARTED = 43,     // (person u64)                GoneRow: a person that departed
    TABLE_SECRET = 44,       // (name, text)                SecretCheck
    TABLE_END,               // one behind the last
} Table;

// The rows of one plan. Loading a plan for a decision stops at PLAN_SUB_CLOSED_STEP.
typedef enum PlanSub {
    PLAN_SUB_OPEN_MATTER = 0,   // (matter u64)    MatterRow
    PLAN_SUB_HEADER = 1,        // ()              PlanRow
    PLAN_SUB_MEMBER = 2,        // (person u64)    MemberRow
    PLAN_SUB_OPEN_STEP = 3,     // (step u64)      StepRow
    PLAN_SUB_KIND = 4,          // (kind, text)    KindRow
    PLAN_SUB_CLOSED_STEP = 5,   // (step u64)      StepRow
    PLAN_SUB_FACT = 6,          // (fact u64)      FactRow, its latest version
    PLAN_SUB_CLOSED_MATTER = 8, // (matter u64)    MatterRow
} PlanSub;
// clang-format on

#define KEY_MAX 96 // bytes; no key is longer

// A timer about no plan has the plan 0 in its key. In place of the step the key has the partner, or
// the rejected delivery as rejected_mark packs it.
static inline uint64_t
rejected_mark(uint32_t partner, uint64_t n)
{
    return (uint64_t)partner << 40 | n;
}
static inline uint32_t
rejected_mark_partner(uint64_t mark)
{
    return (uint32_t)(mark >> 40);
}
static inline uint64_t
rejected_mark_n(uint64_t mark)
{
    return mark & ((1ULL << 40) - 1);
}

// One change of the state, as plain data. project() makes it, and the fold writes it.
typedef struct Change {
    uint8_t key[KEY_MAX];
    uint8_t key_length;
    bool drop;                   // the row is removed
    const ProtobufCMessage *row; // its value, in the arena of the turn; NULL: an empty value
} Change;

#endif
