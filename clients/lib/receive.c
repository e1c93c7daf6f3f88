// SPDX-License-Identifier: EUPL-1.2
// The effect of a frame from the daemon on the handle, before the program sees it. Knows: answers,
// repeated deliveries, notices. Must never know: what a command or a delivery means.
//
// receive_frame() checks and unpacks the frame and calls the function of its kind (take), which
// returns whether the program is to see the frame. A frame that is malformed, or that finds no
// memory, is dropped: the daemon repeats its answers, and a lost delivery shows as a gap.
#include "clients/lib/receive.h"

#include <string.h>

#include "base/assert.h"
#include "clients/lib/session_moves.h"
#include "proto/errors.h"
#include "proto/guard_limits.h"
#include "proto/message.h"

typedef Keten__V1__ToPartner Frame;

static bool
is_ours(const keten *k, const Keten__V1__CommandId *id)
{
    return id != NULL && id->stream.len == STREAM_BYTES &&
           memcmp(id->stream.data, k->stream.id, STREAM_BYTES) == 0;
}

static void
answered(keten *k, uint64_t number)
{
    outbox_remove(&k->commands, number);
    if (!k->commands.count)
        outlog_clear(&k->log);
    else
        outlog_answered(&k->log, number);
}

static bool
take_welcome(keten *k, Arrival *arrival)
{
    if (k->state != SESSION_HELLO)
        return false;
    session_welcome(k, arrival->frame->welcome);
    return k->state == SESSION_UP;
}

// The position of the first record of the present history; 0 from a daemon that does not say.
static uint64_t
history_begins(const keten *k)
{
    const Keten__V1__Welcome *welcome = k->welcome;
    return welcome == NULL || welcome->n_histories < 2
               ? 0
               : welcome->histories[welcome->n_histories - 1];
}

// A receipt of an earlier history, told again, proves nothing about the present one.
static void
know_receipt(keten *k, const Keten__V1__Receipt *receipt)
{
    if (receipt->leaf.len == LEAF_BYTES && receipt->position >= history_begins(k))
        stream_know_receipt(&k->stream, receipt->position, receipt->leaf.data,
                            receipt->tag.len == RECEIPT_TAG_BYTES ? receipt->tag.data : NULL);
}

static bool
take_receipt(keten *k, Arrival *arrival)
{
    const Keten__V1__Receipt *receipt = arrival->frame->receipt;
    if (!is_ours(k, receipt->id) || !outbox_find(&k->commands, receipt->id->number))
        return false; // a repeated answer
    arrival->number = receipt->id->number;
    answered(k, arrival->number);
    k->throttles = k->failures = 0;
    know_receipt(k, receipt);
    return true;
}

// Makes the command unsent, so that it leaves again after a pause. The program does not see a
// refusal that only says that an earlier command waits or that the window is full.
static bool
take_retryable(keten *k, const Keten__V1__Refusal *refusal, Sendable *item)
{
    outbox_mark(&k->commands, item, false);
    if (refusal->code == KT_HELLO) {
        session_say_hello(k);
        return false;
    }
    session_throttle(k);
    return refusal->code != KT_STREAM_HELD && refusal->code != KT_WINDOW;
}

static bool
take_refusal(keten *k, Arrival *arrival)
{
    const Keten__V1__Refusal *refusal = arrival->frame->refusal;
    if (refusal->query) {
        arrival->number = refusal->query;
        return outbox_remove(&k->queries, refusal->query);
    }
    if (!is_ours(k, refusal->id)) {
        if (refusal->code == KT_HELLO)
            session_say_hello(k);
        return refusal->id == NULL && refusal->code != KT_HELLO;
    }
    Sendable *item = outbox_find(&k->commands, refusal->id->number);
    if (item == NULL)
        return false;
    arrival->number = refusal->id->number;
    if (refusal->retryable)
        return take_retryable(k, refusal, item);
    answered(k, arrival->number);
    return true;
}

// Leaves only the new deliveries in the frame. A gap means that a frame was lost: the session
// starts again.
static bool
take_deliveries(keten *k, Arrival *arrival)
{
    Keten__V1__Deliveries *all = arrival->frame->deliveries;
    size_t count = 0;
    bool gap = false;
    for (size_t i = 0; i < all->n_deliveries && !gap; i++) {
        Keten__V1__Delivery *delivery = all->deliveries[i];
        FlowResult result = flow_take(&k->flow, delivery->history, delivery->n);
        gap = result == FLOW_GAP;
        if (result == FLOW_NEW)
            all->deliveries[count++] = delivery;
    }
    all->n_deliveries = count;
    if (gap)
        session_lose(k);
    return count > 0;
}

static bool
take_answer(keten *k, Arrival *arrival)
{
    const Keten__V1__Answer *answer = arrival->frame->answer;
    Sendable *item = outbox_find(&k->queries, answer->query);
    if (item == NULL)
        return false;
    arrival->number = answer->query;
    if (answer->more)
        item->begun = true;
    else
        outbox_remove(&k->queries, answer->query);
    return true;
}

typedef enum NoticeAct {
    ACT_NONE,
    ACT_HELLO,
    ACT_PLAIN,
    ACT_LOSE,
    ACT_LOST, // the program is told once
    ACT_BUSY,
    ACT_END
} NoticeAct;

// The action of each notice. The program sees every notice that the library does not answer itself.
static const struct NoticeRow {
    NoticeAct act;
    keten_result end; // with ACT_END: why the session ended
} notice_rows[] = {
    [KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME] = {ACT_PLAIN, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_REPLACED] = {ACT_END, KETEN_BUSY},
    [KETEN__V1__NOTICE_KIND__NOTICE_REVOKED] = {ACT_LOSE, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO] = {ACT_HELLO, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_CONSUMER_BUSY] = {ACT_BUSY, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_ROLLED_BACK] = {ACT_LOST, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_DRAINING] = {ACT_LOSE, KETEN_OK},
    [KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL] = {ACT_END, KETEN_CONNECT},
};

static void
act_on_notice(keten *k, const struct NoticeRow *row)
{
    switch (row->act) {
    case ACT_NONE:
    case ACT_LOST:
    case ACT_PLAIN: // take_notice has said it
        return;
    case ACT_HELLO:
        session_say_hello(k);
        return;
    case ACT_BUSY:
        k->busy = true;
        session_lose(k);
        return;
    case ACT_LOSE:
        session_lose(k);
        return;
    case ACT_END:
        session_end(k, row->end);
        return;
    }
}

// Queues the notice before the action, so that the program reads the cause first.
static void
take_notice(keten *k, Arrival *arrival)
{
    size_t kind = (size_t)arrival->frame->notice->kind;
    struct NoticeRow row = {ACT_NONE, KETEN_OK};
    if (kind < sizeof notice_rows / sizeof *notice_rows)
        row = notice_rows[kind];
    // The first release reads no field that it does not know, not even in a Hello.
    if (row.act == ACT_PLAIN && session_say_plain_hello(k)) {
        arrival_drop(&k->arrivals, arrival);
        return;
    }
    const bool known = row.act == ACT_LOST && !stream_lost(&k->stream);
    if (row.act == ACT_HELLO || known)
        arrival_drop(&k->arrivals, arrival);
    else
        arrival_queue(&k->arrivals, arrival);
    act_on_notice(k, &row);
}

// False for a frame with a field or a value that came after the number which both sides agreed on.
static bool
is_known(const keten *k, const Frame *frame)
{
    return k->welcome == NULL ||
           protocol_unknown(k->protocol, k->welcome->protocol, &frame->base) == NULL;
}

static Arrival *
unpack(keten *k, const void *bytes, size_t length)
{
    const ProtobufCMessageDescriptor *type = &keten__v1__to_partner__descriptor;
    const GuardLimits *limits =
        k->state == SESSION_HELLO ? &guard_to_partner_hello : &guard_to_partner;
    if (guard_frame(type, limits, bytes, length, NULL) != GUARD_OK)
        return NULL;
    Arrival *arrival = arrival_new(&k->arrivals);
    if (arrival == NULL)
        return NULL;
    arrival->frame = message_unpack(type, &arrival->arena, bytes, length);
    if (arrival->frame == NULL || !is_known(k, arrival->frame)) {
        arrival_drop(&k->arrivals, arrival);
        return NULL;
    }
    return arrival;
}

// True when the program is to see the frame.
static bool
take(keten *k, Arrival *arrival)
{
    switch (arrival->frame->body_case) {
    case KETEN__V1__TO_PARTNER__BODY_WELCOME:
        return take_welcome(k, arrival);
    case KETEN__V1__TO_PARTNER__BODY_RECEIPT:
        return take_receipt(k, arrival);
    case KETEN__V1__TO_PARTNER__BODY_REFUSAL:
        return take_refusal(k, arrival);
    case KETEN__V1__TO_PARTNER__BODY_DELIVERIES:
        return k->state == SESSION_UP && take_deliveries(k, arrival);
    case KETEN__V1__TO_PARTNER__BODY_ANSWER:
        return take_answer(k, arrival);
    case KETEN__V1__TO_PARTNER__BODY_NOTICE: // receive_frame() calls take_notice() instead
    case KETEN__V1__TO_PARTNER__BODY__NOT_SET:
    case _KETEN__V1__TO_PARTNER__BODY__CASE_IS_INT_SIZE:
        return false;
    }
    return false;
}

static Keten__V1__Refusal *
own_refusal(const keten *k, uint64_t number, bool is_query, const OwnRefusal *own, Arena *arena)
{
    char text[512];
    const KtLanguage language = k->language == KETEN__V1__LANGUAGE__LANGUAGE_NL ? KT_NL : KT_EN;
    Keten__V1__Refusal *refusal = NEW(arena, Keten__V1__Refusal, refusal);
    refusal->code = (uint32_t)own->code;
    refusal->field = arena_text(arena, own->field);
    refusal->text =
        arena_text(arena, error_text(own->code, language, own->detail, text, sizeof text));
    if (is_query) {
        refusal->query = number;
        return refusal;
    }
    refusal->id = NEW(arena, Keten__V1__CommandId, command_id);
    refusal->id->stream.data = (uint8_t *)arena_copy(arena, k->stream.id, STREAM_BYTES);
    refusal->id->stream.len = STREAM_BYTES;
    refusal->id->number = number;
    return refusal;
}

bool
receive_own_refusal(keten *k, uint64_t number, bool is_query, const OwnRefusal *own)
{
    ASSERT(k != NULL && k->welcome != NULL && own != NULL);
    Arrival *arrival = arrival_new(&k->arrivals);
    if (arrival == NULL)
        return false;
    arrival->frame = NEW(&arrival->arena, Frame, to_partner);
    arrival->frame->body_case = KETEN__V1__TO_PARTNER__BODY_REFUSAL;
    arrival->frame->refusal = own_refusal(k, number, is_query, own, &arrival->arena);
    if (take(k, arrival))
        arrival_queue(&k->arrivals, arrival);
    else
        arrival_drop(&k->arrivals, arrival);
    return true;
}

void
receive_frame(keten *k, const void *bytes, size_t length)
{
    ASSERT(k != NULL && (bytes != NULL || length == 0));
    Arrival *arrival = unpack(k, bytes, length);
    if (arrival == NULL)
        return;
    if (arrival->frame->window)
        k->window = arrival->frame->window;
    if (arrival->frame->body_case == KETEN__V1__TO_PARTNER__BODY_NOTICE)
        take_notice(k, arrival);
    else if (take(k, arrival))
        arrival_queue(&k->arrivals, arrival);
    else
        arrival_drop(&k->arrivals, arrival);
}
