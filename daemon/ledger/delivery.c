// SPDX-License-Identifier: EUPL-1.2
// Builds a delivery from its record each time it leaves. It copies in the fields that the record
// allows, and never leaves anything out afterwards.
// Knows: the record's receivers, the personal parts of facts. Must never know: purposes (the record
// has settled them), sessions.
// Path: ledger_delivery → delivery_make → item_make for each item, or item_again for one that was
// told before → the views of step, matter and fact.
// Failure: NULL with KT_STORE_DAMAGED when the store is damaged; nothing is served then.
#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/tag.h"
#include "proto/message.h"

// One delivery while it is built.
typedef struct Building {
    Ledger *ledger;
    const Record *record; // that tells it; for an item told again, the record that told it first
    const Receiver *receiver; // of that record
    Arena *arena;             // the caller's; takes the delivery
} Building;

static const StepRow *
step_row(const Building *b, uint64_t step)
{
    const StepRow *row = record_step(b->record, step);
    bool open;
    if (row != NULL)
        return row;
    const uint64_t plan = state_number(b->ledger, key_u64(key_of(TABLE_STEP_PLAN), step));
    return state_step(b->ledger, plan, step, b->arena, &open);
}

static Keten__V1__StepView *
step_view(const Building *b, uint64_t step)
{
    const StepRow *row = step_row(b, step);
    if (row == NULL)
        return NULL;
    Keten__V1__StepView *view = NEW(b->arena, Keten__V1__StepView, step_view);
    view->step = row->step;
    view->version = row->version;
    view->kind = row->kind;
    view->state = row->state;
    view->owner = arena_text(b->arena, ledger_partner_name(b->ledger, row->owner));
    view->due_ms = row->due_ms;
    view->late = row->late;
    return view;
}

static const char *
level_of(const Building *b, const MatterRow *row)
{
    const PlanRow *plan =
        ROW(b->ledger, key_plan(b->receiver->plan, PLAN_SUB_HEADER), plan_row, b->arena);
    const Arrangement *arrangement =
        plan == NULL ? NULL : ledger_arrangement(b->ledger, plan->arrangement);
    return arrangement == NULL ? "" : matter_level(arrangement, row);
}

static Keten__V1__MatterView *
matter_view(const Building *b, uint64_t matter)
{
    const MatterRow *row = record_matter(b->record, matter);
    ASSERT(row != NULL);
    Keten__V1__MatterView *view = NEW(b->arena, Keten__V1__MatterView, matter_view);
    view->matter = row->matter;
    view->version = row->version;
    view->kind = row->kind;
    view->open = row->open;
    view->step = row->step;
    view->turn = arena_text(b->arena, ledger_partner_name(b->ledger, row->turn));
    view->level = arena_text(b->arena, level_of(b, row));
    view->due_ms = row->due_ms;
    view->late = row->late;
    view->topic = row->topic;
    view->law = row->law;
    view->outcome = row->outcome;
    view->other_plan = row->other_plan;
    if (row->arrangement != 0)
        view->arrangement = ledger_arrangement(b->ledger, row->arrangement)->name;
    return view;
}

// The pause that the record began or ended in this plan.
static Keten__V1__PauseView *
pause_view(const Building *b)
{
    const Keten__V1__PauseRow *row = NULL;
    for (size_t i = 0; row == NULL && i < b->record->head->n_events; i++)
        if (b->record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_PAUSE_CHANGED)
            row = b->record->head->events[i]->pause_changed->row;
    ASSERT(row != NULL);
    Keten__V1__PauseView *view = NEW(b->arena, Keten__V1__PauseView, pause_view);
    view->actions = row->actions;
    view->n_actions = row->n_actions;
    view->from_ms = row->from_ms;
    view->until_ms = row->until_ms;
    view->by = arena_text(b->arena, ledger_partner_name(b->ledger, row->by));
    return view;
}

static void
fact_fields(const Building *b, const Keten__V1__PartRow *part, FieldSet allowed,
            Keten__V1__FactView *view)
{
    const PartBody *body = message_unpack(&keten__v1__part_body__descriptor, b->arena,
                                          part->body.data, part->body.len);
    ASSERT(body != NULL);
    view->fields = arena_take(b->arena, (body->n_fields + 1) * sizeof *view->fields);
    view->n_fields = field_set_values(allowed, body, view->fields);
}

// The earlier signal that the item's signal repeats; 0 none. Only a receiver that gets the signal
// as it comes in is told so: a partner that is given the fact later needs the fact for itself.
static uint64_t
repeats_of(const Building *b, const ReceiverItem *item)
{
    const Head *head = b->record->head;
    for (size_t i = 0; item->kind == KETEN__V1__ITEM_KIND__ITEM_SIGNAL && i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED &&
            head->events[i]->fact_added->row->fact == item->fact)
            return head->events[i]->fact_added->row->repeats;
    return 0;
}

// Whether an address in the plan is secret; false for 0.
static bool
has_secret(const Building *b, uint64_t number)
{
    Plan plan;
    return number != 0 && ledger_plan(b->ledger, number, b->arena, &plan) && plan_is_secret(&plan);
}

// The address fields that go out no more, because an address in the fact's own plan, or in the plan
// that the receiver is told, became secret since. After a split these are two plans. When the kind
// is no longer known, no field goes out.
static FieldSet
secret_fields(const Building *b, const FactRow *row)
{
    if (!b->ledger->registry.has_addresses ||
        (!has_secret(b, row->plan) && !has_secret(b, b->receiver->plan)))
        return FIELD_SET_NONE;
    const PlanRow *header =
        ROW(b->ledger, key_plan(row->plan, PLAN_SUB_HEADER), plan_row, b->arena);
    const uint32_t under = header == NULL ? 0 : plan_reads_by(header, row);
    const FactKind *kind =
        under == 0 ? NULL : agreement_fact(ledger_arrangement(b->ledger, under), row->kind);
    return kind == NULL ? FIELD_SET_ALL
                        : field_set_of_type(row, kind, KETEN__V1__FIELD_TYPE__FIELD_ADDRESS);
}

// A signal that its sender took back while the delivery still lay ready leaves as a tombstone.
static bool
is_taken_back(const Building *b, const FactRow *row)
{
    if (!row->signal)
        return false;
    const FactRow *latest = state_fact(b->ledger, row->fact, b->arena);
    return latest != NULL && latest->withdrawn;
}

static Keten__V1__FactView *
fact_view(const Building *b, const ReceiverItem *item)
{
    const Keten__V1__PartRow *part =
        ROW(b->ledger, key_u32(key_u64(key_of(TABLE_FACT_VERSION), item->fact), item->fact_version),
            part_row, b->arena);
    if (part == NULL)
        return NULL;
    const FactRow *row = part->row;
    Keten__V1__FactView *view = NEW(b->arena, Keten__V1__FactView, fact_view);
    view->kind = row->kind;
    view->withdrawn = is_taken_back(b, row);
    if (item->answers != NULL) {
        view->answers = item->answers->signal;
    } else {
        view->fact = row->fact;
        view->version = row->version;
        view->from = arena_text(b->arena, ledger_partner_name(b->ledger, row->source));
        view->signal = row->signal;
        view->repeats = repeats_of(b, item);
    }
    const FieldSet allowed = field_set_of(item->allowed);
    if (!field_set_is_empty(allowed) && !view->withdrawn)
        fact_fields(b, part, field_set_without(allowed, secret_fields(b, row)), view);
    return view;
}

// A fact without an allowed field is not told at all, not even its kind. A withdrawal is told only
// to partners that received the fact.
static bool
fact_is_told(const ReceiverItem *item)
{
    return item->fact != 0 && (!field_set_is_empty(field_set_of(item->allowed)) ||
                               item->kind == KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN);
}

static char *
item_text(const Building *b, uint32_t text)
{
    ASSERT(text <= b->record->n_parts);
    const ProtobufCBinaryData bytes = b->record->parts[text - 1]->body;
    const PartBody *body =
        message_unpack(&keten__v1__part_body__descriptor, b->arena, bytes.data, bytes.len);
    ASSERT(body != NULL);
    return body->text;
}

// Until when the coordinator is away, as the record has it.
static int64_t
absent_until(const Record *record)
{
    for (size_t i = record->head->n_events; i > 0; i--) {
        const Event *event = record->head->events[i - 1];
        if (event->body_case == KETEN__V1__EVENT__BODY_PLAN_CHANGED &&
            event->plan_changed->row->absence != NULL)
            return event->plan_changed->row->absence->until_ms;
    }
    return 0;
}

static Keten__V1__PartnerView *
partner_view(const Building *b, uint32_t partner)
{
    Keten__V1__PartnerView *view = NEW(b->arena, Keten__V1__PartnerView, partner_view);
    view->partner = arena_text(b->arena, ledger_partner_name(b->ledger, partner));
    return view;
}

// The partner that is silent, or that rejected a delivery; the record is about one.
static Keten__V1__PartnerView *
about_view(const Building *b, ItemKind kind)
{
    const Head *head = b->record->head;
    const bool rejected = kind == KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD;
    if (!rejected && kind != KETEN__V1__ITEM_KIND__ITEM_PARTNER_SILENT &&
        kind != KETEN__V1__ITEM_KIND__ITEM_PARTNER_SPEAKS)
        return NULL;
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (rejected && event->body_case == KETEN__V1__EVENT__BODY_DEAD_CHANGED) {
            const DeadRow *row = event->dead_changed->row;
            Keten__V1__PartnerView *view = partner_view(b, row->partner);
            view->n = row->n;
            view->since_ms = row->rejected_at_ms;
            view->outcome = row->outcome;
            return view;
        }
        if (!rejected && event->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED) {
            const SilenceRow *row = event->silence_changed->row;
            Keten__V1__PartnerView *view = partner_view(b, row->partner);
            view->since_ms = row->heard_ms;
            return view;
        }
    }
    unhandled("an item about a partner in a record about none");
}

static Keten__V1__Item *
item_make(const Building *b, const ReceiverItem *item)
{
    if (item->fact != 0 && item->step == 0 && !fact_is_told(item))
        return NULL;
    Keten__V1__Item *ret = NEW(b->arena, Keten__V1__Item, item);
    ret->kind = item->kind;
    ret->reason = item->reason;
    ret->resend_of = item->resend == NULL ? 0 : item->resend->n;
    ret->about = about_view(b, item->kind);
    ret->other_plan = item->other_plan;
    ret->offer = item->offer;
    if (item->step != 0)
        ret->step = step_view(b, item->step);
    if (item->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_STARTED ||
        item->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_ENDED)
        ret->pause = pause_view(b);
    if (item->matter != 0)
        ret->matter = matter_view(b, item->matter);
    if (fact_is_told(item))
        ret->fact = fact_view(b, item);
    if (item->person != 0)
        ret->person = answer_pseudonym(b->ledger, b->receiver->partner, item->person, b->arena);
    if (item->text != 0)
        ret->text = item_text(b, item->text);
    if (item->kind == KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_ABSENT)
        ret->until_ms = absent_until(b->record);
    return ret;
}

// An item that is told again is built from the record that told it first.
static Keten__V1__Item *
item_again(const Building *b, const ReceiverItem *item)
{
    KtCode code;
    Building first = *b;
    first.record = record_find(b->ledger, item->resend->position, b->arena, NULL, &code);
    if (first.record == NULL)
        return NULL;
    ASSERT(item->resend->index < first.record->head->n_receivers);
    first.receiver = first.record->head->receivers[item->resend->index];
    return item_make(&first, item);
}

static void
delivery_tag(const Building *b, Keten__V1__Delivery *delivery)
{
    uint8_t *tag = arena_take(b->arena, DELIVERY_TAG_BYTES);
    tag_delivery(b->ledger, b->receiver->partner, delivery, b->arena, tag);
    delivery->tag = (ProtobufCBinaryData){DELIVERY_TAG_BYTES, tag};
}

static const Keten__V1__Delivery *
delivery_make(const Building *b, uint64_t position)
{
    const Receiver *receiver = b->receiver;
    Keten__V1__Delivery *delivery = NEW(b->arena, Keten__V1__Delivery, delivery);
    delivery->history = b->ledger->history;
    delivery->n = receiver->n;
    // Where feedback stands among all records would tell how much else goes on.
    if (feedback_plan(receiver) == 0)
        delivery->position = position;
    delivery->recorded_at_ms = b->record->head->at_ms;
    delivery->plan = receiver->plan;
    delivery->persons = arena_take(b->arena, (receiver->n_persons + 1) * sizeof *delivery->persons);
    for (size_t i = 0; i < receiver->n_persons; i++)
        delivery->persons[delivery->n_persons++] =
            answer_pseudonym(b->ledger, receiver->partner, receiver->persons[i], b->arena);
    delivery->items = arena_take(b->arena, (receiver->n_items + 1) * sizeof *delivery->items);
    for (size_t i = 0; i < receiver->n_items; i++) {
        const ReceiverItem *told = receiver->items[i];
        Keten__V1__Item *item = told->resend != NULL ? item_again(b, told) : item_make(b, told);
        if (item != NULL)
            delivery->items[delivery->n_items++] = item;
    }
    delivery_tag(b, delivery);
    return delivery;
}

const Keten__V1__Delivery *
ledger_delivery(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena, KtCode *ret_code)
{
    ASSERT(ledger != NULL && arena != NULL && ret_code != NULL);
    *ret_code = KT_OK;
    arena_reset(&ledger->scratch);
    const Keten__V1__InboxRow *row =
        n == 0 ? NULL
               : ROW(ledger, key_u64(key_u32(key_of(TABLE_INBOX), partner), n), inbox_row, arena);
    Building b = {.ledger = ledger, .arena = arena};
    const Keten__V1__Delivery *delivery = NULL;
    if (row != NULL)
        b.record = record_find(ledger, row->position, arena, NULL, ret_code);
    if (b.record != NULL) {
        ASSERT(row->receiver < b.record->head->n_receivers);
        b.receiver = b.record->head->receivers[row->receiver];
        ASSERT(b.receiver->partner == partner && b.receiver->n == n);
        delivery = delivery_make(&b, row->position);
    }
    if (!ledger->failed)
        return delivery;
    *ret_code = ledger->fault.code;
    return NULL;
}
