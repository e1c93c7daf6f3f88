// SPDX-License-Identifier: EUPL-1.2
// A partner's command on its way to one record.
// Knows: the sender, duplicates, throttled streams. Must never know: what the engine decides,
// sockets.
// Path: ledger_command → came_before (a duplicate gets its first answer) → is_throttled (no room) →
// check_command → decided (load, decide, append).
// Failure: a refusal; on a damaged store KT_DRAINING, and ledger_commit tells the damage.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/check.h"
#include "daemon/ledger/context.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/throttled_streams.h"
#include "proto/message.h"
#include "proto/sizes.h"

// One command on its way. `submit` sets the first five members; make_key sets the last two, so they
// are zero while the command's id is not checked.
typedef struct Submission {
    Ledger *ledger;
    uint32_t partner; // the sender
    const Command *command;
    KtLanguage language; // of refusals
    int64_t now_ms;
    CommandKey key; // as the record keeps it; points at `fingerprint`
    uint8_t
        fingerprint[FINGERPRINT_BYTES]; // tells another body under the same number from a duplicate
} Submission;

static Answer
refused(const Submission *s, KtCode code, const char *field, const char *detail)
{
    return answer_refusal(s->command, code, field, detail, s->language, &s->ledger->turn);
}

// The fingerprint is a keyed hash over the command as this daemon packs it. The packed bytes hold
// BSNs and are wiped at once.
static void
make_key(Submission *s)
{
    Command body = *s->command;
    body.id = NULL;
    ProtobufCBinaryData bytes = message_pack(&body.base, &s->ledger->scratch);
    secret_fingerprint(s->ledger->secrets, bytes.data, bytes.len, s->fingerprint);
    if (bytes.len > 0)
        explicit_bzero(bytes.data, bytes.len);
    s->key = (CommandKey)KETEN__V1__COMMAND_KEY__INIT;
    s->key.stream = s->command->id->stream;
    s->key.number = s->command->id->number;
    s->key.fingerprint = (ProtobufCBinaryData){sizeof s->fingerprint, s->fingerprint};
}

// The member of the id that is wrong; NULL: the id is whole.
static const char *
check_id(const Command *command)
{
    if (command->id == NULL)
        return "id";
    if (command->id->stream.len != STREAM_BYTES)
        return "stream";
    return command->id->number == 0 ? "number" : NULL;
}

static Key
stream_key(const Submission *s, Table table)
{
    return key_bytes(key_u32(key_of(table), s->partner), s->key.stream.data, s->key.stream.len);
}

static Answer
duplicate(const Submission *s, uint64_t position)
{
    Ledger *ledger = s->ledger;
    Hash leaf;
    KtCode code;
    const Record *record = record_find(ledger, position, &ledger->scratch, &leaf, &code);
    if (record == NULL)
        return refused(s, KT_DRAINING, "", ""); // damage: commit tells, nothing leaves
    Answer answer = answer_record(ledger, record, position, &leaf, s->language, &ledger->turn);
    answer.duplicate = true;
    return answer;
}

// True with an answer when the number was used before, or may not be used any more.
static bool
came_before(const Submission *s, Answer *ret)
{
    Ledger *ledger = s->ledger;
    const Keten__V1__StreamRow *stream =
        ROW(ledger, stream_key(s, TABLE_STREAM), stream_row, &ledger->scratch);
    if (stream == NULL || s->key.number > stream->high)
        return false;
    const Keten__V1__CommandRow *row =
        ROW(ledger, key_u64(stream_key(s, TABLE_COMMAND), s->key.number), command_row,
            &ledger->scratch);
    const char *number = arena_format(&ledger->scratch, "%" PRIu64, s->key.number);
    if (row == NULL)
        *ret = refused(s, KT_STREAM, "id", number);
    else if (row->fingerprint.len != sizeof s->fingerprint ||
             memcmp(row->fingerprint.data, s->fingerprint, sizeof s->fingerprint) != 0)
        *ret = refused(s, KT_CONFLICT, "id", number);
    else
        *ret = duplicate(s, row->position);
    return true;
}

// After a refusal for want of room the stream is throttled until the refused number comes again, so
// that the order of the stream holds.
static bool
is_throttled(const Submission *s, Answer *ret)
{
    Ledger *ledger = s->ledger;
    const uint8_t *stream = s->key.stream.data;
    const uint64_t first = throttled_before(&ledger->throttled, s->partner, stream, s->key.number);
    if (first != 0) {
        *ret = refused(s, KT_STREAM_HELD, "id", arena_format(&ledger->scratch, "%" PRIu64, first));
        return true;
    }
    if (!ledger_has_room(ledger)) {
        throttled_add(&ledger->throttled, s->partner, stream, s->key.number);
        *ret = refused(s, KT_ROOM, "", "data");
        return true;
    }
    throttled_release(&ledger->throttled, s->partner, stream, s->key.number);
    return false;
}

static Order
order_of(const Ledger *ledger, const Command *command, const Checked *checked)
{
    Order order = {.kind = ORDER_COMMAND, .command = command};
    if (command->body_case == KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD) {
        order.kind = ORDER_LOAD_ARRANGEMENT;
        order.arrangement = checked->arrangement;
    } else if (command->body_case == KETEN__V1__COMMAND__BODY_PARTNER_LOAD) {
        order.kind = ORDER_LOAD_PARTNER;
        order.partner_row = checked->loaded;
    } else if (command->body_case == KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE) {
        order.kind = ORDER_ADVANCE;
        order.to_ms = command->clock_advance->to_ms;
    } else if (command->body_case == KETEN__V1__COMMAND__BODY_CLOCK_ACCEPT) {
        order.kind = ORDER_ACCEPT_CLOCK;
        order.to_ms = ledger->clock.wall_ms;
        order.believed_ms = ledger->clock.believed_ms;
    }
    return order;
}

// A refusal that the partner's quota leaves no record for is not decided: the stream waits, as for
// want of room, and the number may come again.
static Answer
over_quota(const Submission *s)
{
    Ledger *ledger = s->ledger;
    throttled_add(&ledger->throttled, s->partner, s->key.stream.data, s->key.number);
    metric_add(&ledger->metrics, METRIC_OVER_QUOTA, 1);
    return refused(s, KT_QUOTA, "",
                   arena_format(&ledger->scratch, "%s %u", quota_name(QUOTA_REFUSALS),
                                ledger->quotas.most[QUOTA_REFUSALS]));
}

static Answer
decided(const Submission *s, const Checked *checked)
{
    Ledger *ledger = s->ledger;
    Context context;
    context_start(ledger, s->now_ms, &context);
    context.key = &s->key;
    if (!context_command(ledger, s->partner, s->command, checked, &ledger->scratch, &context))
        return refused(s, KT_DRAINING, "", ""); // damage: commit tells, nothing leaves
    const Order order = order_of(ledger, s->command, checked);
    const Decision decision = decide(&context, &order, &ledger->scratch);
    if (decision.record == NULL) {
        ASSERT(decision.code != KT_OK);
        return refused(s, decision.code, decision.field, decision.detail);
    }
    if (decision.record->head->refused != NULL &&
        !quota_take(&ledger->quotas, s->partner, QUOTA_REFUSALS, s->now_ms))
        return over_quota(s);
    Hash leaf;
    const uint64_t position = record_append(ledger, decision.record, &leaf);
    return answer_record(ledger, decision.record, position, &leaf, s->language, &ledger->turn);
}

static Answer
submit(Ledger *ledger, uint32_t partner, const Command *command, KtLanguage language,
       int64_t now_ms)
{
    Submission s = {.ledger = ledger,
                    .partner = partner,
                    .command = command,
                    .language = language,
                    .now_ms = now_ms};
    ASSERT(command != NULL);
    arena_reset(&ledger->scratch);
    const PartnerRow *row = ledger_partner(ledger, partner);
    if (row == NULL || row->revoked)
        return refused(&s, KT_UNAUTHORISED, "", "");
    const char *wrong = check_id(command);
    if (wrong != NULL)
        return refused(&s, KT_COMMAND_ID, "id", wrong);
    if (ledger->stopped)
        return refused(&s, KT_HISTORY_STOPPED, "", "");
    make_key(&s);
    Answer answer;
    if (came_before(&s, &answer) || is_throttled(&s, &answer))
        return answer;
    Checked checked = {.language = language, .arena = &ledger->scratch};
    const KtCode code = check_command(ledger, partner, command, &checked);
    if (code != KT_OK)
        return refused(&s, code, checked.field, checked.detail);
    return decided(&s, &checked);
}

Answer
ledger_command(Ledger *ledger, uint32_t partner, const Command *command, KtLanguage language,
               int64_t now_ms)
{
    ASSERT(ledger != NULL && command != NULL);
    const Answer answer = submit(ledger, partner, command, language, now_ms);
    Metrics *metrics = &ledger->metrics;
    metric_add(metrics, METRIC_COMMANDS, 1);
    metric_add(metrics, METRIC_REFUSALS, answer.refusal != NULL);
    metric_add(metrics, METRIC_DUPLICATES, answer.duplicate);
    if (command->body_case == KETEN__V1__COMMAND__BODY_DELIVERY_REJECT)
        metric_add(metrics, METRIC_DELIVERIES_REJECTED,
                   answer.receipt != NULL && !answer.duplicate);
    return answer;
}
