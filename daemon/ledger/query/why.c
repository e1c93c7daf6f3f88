// SPDX-License-Identifier: EUPL-1.2
// Why something is where it is: what came in, who got it with which fields, who did not and why;
// where it waits is ledger/query/why_waits.c. Knows: records of one plan, purposes' names. Must
// never know: values - a chain tells names of fields only. Who holds the plan sees the whole chain;
// another sees what was its own to give or to get.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/steps.h"
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "proto/names.h"
#include "store/key_read.h"

// What the question is about; position 0: every record of the plan that touches it.
typedef struct Subject {
    uint64_t plan, step, fact, matter, position;
    uint64_t n;        // a delivery of the asker's
    bool own, refused; // of the record at position: commanded by the asker; refused
} Subject;

// ---- finding the subject ----------------------------------------------------------------------

static bool
subject_record(QueryContext *context, uint64_t position, Subject *ret)
{
    KtCode code;
    const Record *record =
        record_find(context->ledger, position, context->table.arena, NULL, &code);
    if (record == NULL)
        return false;
    const Head *head = record->head;
    *ret = (Subject){.plan = head->plan, .position = position};
    ret->own = head->partner == context->partner;
    ret->refused = head->refused != NULL;
    if (ret->own && head->opened != NULL && head->opened->sender_plan != 0)
        ret->plan = head->opened->sender_plan;
    return true;
}

static bool
subject_delivery(QueryContext *context, uint64_t n, Subject *ret)
{
    const Keten__V1__InboxRow *row =
        ROW(context->ledger, key_u64(key_u32(key_of(TABLE_INBOX), context->partner), n), inbox_row,
            context->table.arena);
    if (row == NULL || !subject_record(context, row->position, ret))
        return false;
    ret->n = n;
    ret->plan = row->plan;
    return true;
}

static bool
first_command(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    uint64_t *number = caller;
    (void)value;
    *number = key_read_command(key, key_length).number;
    return false;
}

// A command id is the stream as a UUID and, behind a colon, the number; without one it is the
// stream's first.
static bool
subject_command(QueryContext *context, const char *text, Subject *ret)
{
    uint8_t stream[16];
    uint64_t number = 0;
    const char *colon = strchr(text, ':');
    const size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
    if (!uuid_parse(arena_copy(context->table.arena, text, length), stream) ||
        (colon != NULL && !text_to_uint64(text_of(colon + 1), &number)))
        return false;
    const Key prefix =
        key_bytes(key_u32(key_of(TABLE_COMMAND), context->partner), stream, sizeof stream);
    if (number == 0 && !state_each(context->ledger, &prefix, NULL, first_command, &number))
        return false;
    const Keten__V1__CommandRow *row =
        ROW(context->ledger, key_u64(prefix, number), command_row, context->table.arena);
    return row != NULL && subject_record(context, row->position, ret);
}

static bool
subject_find(QueryContext *context, const char *text, Subject *ret)
{
    uint64_t number;
    uint32_t version;
    *ret = (Subject){.plan = 0};
    if (id_parse(text, 'r', &number, NULL))
        return subject_record(context, number, ret);
    if (id_parse(text, 'd', &number, NULL))
        return subject_delivery(context, number, ret);
    if (id_parse(text, 'p', &number, NULL)) {
        ret->plan = number;
    } else if (id_parse(text, 's', &number, &version)) {
        ret->step = number;
        ret->plan = state_number(context->ledger, key_u64(key_of(TABLE_STEP_PLAN), number));
    } else if (id_parse(text, 'm', &number, &version)) {
        ret->matter = number;
        ret->plan = state_number(context->ledger, key_u64(key_of(TABLE_MATTER_PLAN), number));
    } else if (id_parse(text, 'f', &number, NULL)) {
        ret->fact = number;
        ret->plan = state_number(context->ledger, key_u64(key_of(TABLE_FACT_PLAN), number));
    } else {
        return subject_command(context, text, ret);
    }
    return true;
}

// ---- which records belong to it ---------------------------------------------------------------

static bool
event_touches(const Event *event, const Subject *subject)
{
    if (event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED)
        return subject->step != 0 && event->step_changed->row->step == subject->step;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
        return subject->fact != 0 && event->fact_added->row->fact == subject->fact;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
        return subject->fact != 0 && event->fact_withdrawn->row->fact == subject->fact;
    if (event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED)
        return subject->matter != 0 && event->matter_changed->row->matter == subject->matter;
    return false;
}

static bool
record_touches(const Record *record, const Subject *subject)
{
    const Head *head = record->head;
    if (subject->step == 0 && subject->fact == 0 && subject->matter == 0)
        return true;
    for (size_t i = 0; i < head->n_events; i++)
        if (event_touches(head->events[i], subject))
            return true;
    for (size_t i = 0; subject->fact != 0 && i < head->n_receivers; i++)
        for (size_t j = 0; j < head->receivers[i]->n_items; j++)
            if (head->receivers[i]->items[j]->fact == subject->fact)
                return true;
    return false;
}

// ---- what came in -----------------------------------------------------------------------------

static const FactRow *
fact_of_record(const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++)
        if (record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
            return record->head->events[i]->fact_added->row;
    return NULL;
}

// Why a signal opened nothing: by which rule, and what it was held against.
static void
why_repeats(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    if (fact->repeats == 0)
        return;
    table_id(table, row, "repeats", fact->repeats);
    table_text(table, row, "why", "nothing_grown");
}

static void
why_came(QueryContext *context, const View *view, const Record *record, uint64_t position)
{
    ResultTable *table = &context->table;
    const Head *head = record->head;
    const FactRow *fact = fact_of_record(record);
    AnswerRow *row = table_add(table, "came");
    table_id(table, row, "position", position);
    table_instant(table, row, "at", head->at_ms);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)head->cause, "CAUSE_");
    table_partner(table, row, "partner", head->partner);
    table_id(table, row, "plan", head->plan);
    if (fact != NULL && view_sees_fact(view, fact)) {
        table_id(table, row, "fact", fact->fact);
        table_text(table, row, "kind", fact->kind);
        why_repeats(table, row, fact);
    }
    if (head->refused != NULL && (view->holds || head->partner == view->partner)) {
        table_number(table, row, "refused", head->refused->code);
        table_text(table, row, "detail", head->refused->detail);
    }
}

// ---- who got it -------------------------------------------------------------------------------

static bool
item_is_visible(const View *view, const Receiver *receiver, const ReceiverItem *item)
{
    if (view->holds || receiver->partner == view->partner)
        return true;
    const FactRow *fact = item->fact == 0 ? NULL : view_fact(view, item->fact);
    return fact != NULL && fact->source == view->partner;
}

// A record from when the plan was one with another tells here what is about this one.
static bool
item_is_here(const View *view, const Head *head, const ReceiverItem *item)
{
    if (plan_covers(&view->plan, head->plan))
        return true;
    return (item->fact == 0 || view_fact(view, item->fact) != NULL) &&
           (item->step == 0 || view_step(view, item->step) != NULL);
}

// The kind's fields that the item's version has a value for, in the order of its bits.
static size_t
fields_present(const View *view, const ReceiverItem *item, const FieldKind **ret, size_t room)
{
    const Key key = key_u32(key_u64(key_of(TABLE_FACT_VERSION), item->fact), item->fact_version);
    const Keten__V1__PartRow *part = ROW(view->ledger, key, part_row, view->arena);
    const FactKind *kind = part == NULL ? NULL : view_fact_kind(view, part->row);
    size_t count = 0;
    for (size_t i = 0; kind != NULL && i < kind->n_fields && count < room; i++)
        if ((part->row->present >> i & 1) != 0)
            ret[count++] = kind->fields[i];
    return count;
}

// As the plan's arrangement has the field now; "" when it has it no more, and nobody may see it.
static const char *
purposes_of(const View *view, const FactRow *fact, const char *name, Arena *arena)
{
    const char *text = "";
    const FactKind *kind = fact == NULL ? NULL : agreement_fact(view->arrangement, fact->kind);
    const FieldKind *field = kind == NULL ? NULL : agreement_field(kind, name);
    for (size_t i = 0; field != NULL && i < field->n_purposes; i++) {
        ASSERT(field->purposes[i] < view->arrangement->n_purposes);
        const char *purpose = view->arrangement->purposes[field->purposes[i]]->name;
        text = i == 0 ? purpose : arena_format(arena, "%s, %s", text, purpose);
    }
    return text;
}

static void
why_withheld(QueryContext *context, const View *view, const Receiver *receiver,
             const ReceiverItem *item, const FieldKind *field)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "withheld");
    table_partner(table, row, "partner", receiver->partner);
    table_id(table, row, "fact", item->fact);
    table_text(table, row, "field", field->name);
    const bool secret =
        field->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS && plan_is_secret(&view->plan);
    table_text(table, row, "why", secret ? "secrecy" : "no_purpose");
    table_text(table, row, "purposes",
               purposes_of(view, view_fact(view, item->fact), field->name, table->arena));
}

static void
why_item(QueryContext *context, const View *view, const Receiver *receiver,
         const ReceiverItem *item)
{
    ResultTable *table = &context->table;
    const FieldKind *fields[64];
    const size_t count = item->fact == 0 ? 0 : fields_present(view, item, fields, 64);
    const char *names = "";
    for (size_t i = 0; i < count; i++)
        if ((item->allowed >> i & 1) != 0)
            names = names[0] == '\0' ? fields[i]->name
                                     : arena_format(table->arena, "%s, %s", names, fields[i]->name);
    if (receiver->n != 0 && (item->allowed != 0 || item->fact == 0 || item->step != 0 ||
                             item->kind == KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN)) {
        AnswerRow *row = table_add(table, "got");
        table_partner(table, row, "partner", receiver->partner);
        table_id(table, row, "n", receiver->partner == view->partner ? receiver->n : 0);
        table_enum(table, row, "item", &keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_");
        table_id(table, row, "step", item->step);
        table_id(table, row, "fact", item->fact);
        table_id(table, row, "matter", item->matter);
        table_text(table, row, "fields", names);
        table_text(table, row, "reason", item->reason);
        if (item->resend != NULL && receiver->partner == view->partner)
            table_id(table, row, "resend_of", item->resend->n);
    }
    for (size_t i = 0; i < count; i++)
        if ((item->withheld >> i & 1) != 0)
            why_withheld(context, view, receiver, item, fields[i]);
}

static bool
is_receiver(const Head *head, uint32_t partner)
{
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->partner == partner)
            return true;
    return false;
}

// Partners of the arrangement that were told nothing of a new fact: they neither hold the plan nor
// work on a step that needs it.
static void
why_not(QueryContext *context, const View *view, const Record *record)
{
    ResultTable *table = &context->table;
    const FactRow *fact = fact_of_record(record);
    if (fact == NULL || (!view->holds && fact->source != view->partner))
        return;
    for (size_t i = 0; i < view->arrangement->n_partners; i++) {
        const PartnerRow *partner =
            ledger_partner_named(context->ledger, view->arrangement->partners[i]->name);
        if (partner == NULL || partner->partner == fact->source ||
            is_receiver(record->head, partner->partner))
            continue;
        AnswerRow *row = table_add(table, "not");
        table_text(table, row, "partner", partner->name);
        table_id(table, row, "fact", fact->fact);
        table_text(table, row, "why", "no_task");
    }
}

static void
why_record(QueryContext *context, const View *view, const Record *record, uint64_t position)
{
    const Head *head = record->head;
    why_came(context, view, record, position);
    for (size_t i = 0; i < head->n_receivers; i++) {
        const Receiver *receiver = head->receivers[i];
        for (size_t j = 0; j < receiver->n_items; j++)
            if (item_is_here(view, head, receiver->items[j]) &&
                item_is_visible(view, receiver, receiver->items[j]))
                why_item(context, view, receiver, receiver->items[j]);
    }
    why_not(context, view, record);
}

// ---- the chain --------------------------------------------------------------------------------

static void
why_records(QueryContext *context, const View *view, const Subject *subject)
{
    Arena page = {0};
    KtCode code = KT_OK;
    uint64_t position = subject->position == 0 ? 0 : subject->position - 1;
    while (code == KT_OK && !table_is_full(&context->table) &&
           view_next_record(view, position, &position)) {
        if (subject->position != 0 && position != subject->position)
            break;
        const Record *record = record_find(context->ledger, position, &page, NULL, &code);
        if (record != NULL && record->head->cause != KETEN__V1__CAUSE__CAUSE_DISCLOSE &&
            record_touches(record, subject))
            why_record(context, view, record, position);
        arena_reset(&page);
    }
    arena_done(&page);
}

static const Keten__V1__SignalReturned *
returned_of(const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++)
        if (record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_SIGNAL_RETURNED)
            return record->head->events[i]->signal_returned;
    return NULL;
}

// What became of a delivery that the asker rejected, as often as it was sent again.
static void
why_rejected(QueryContext *context, uint64_t n)
{
    while (n != 0) {
        const DeadRow *rejected =
            state_rejected(context->ledger, context->partner, n, context->table.arena);
        if (rejected == NULL)
            return;
        table_rejected(context, rejected);
        n = rejected->resent_as;
    }
}

// Whose silence, or whose rejected delivery, a record about no plan tells of.
static void
told_about(ResultTable *table, AnswerRow *row, const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED) {
            table_partner(table, row, "about", event->silence_changed->row->partner);
            table_instant(table, row, "last_sign", event->silence_changed->row->heard_ms);
            return;
        }
        if (event->body_case == KETEN__V1__EVENT__BODY_DEAD_CHANGED) {
            table_partner(table, row, "about", event->dead_changed->row->partner);
            return;
        }
    }
}

// Of a record about no plan: what the asker itself was told.
static void
why_told(QueryContext *context, const Record *record)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; i < record->head->n_receivers; i++) {
        const Receiver *receiver = record->head->receivers[i];
        for (size_t j = 0; receiver->partner == context->partner && j < receiver->n_items; j++) {
            AnswerRow *row = table_add(table, "got");
            table_partner(table, row, "partner", receiver->partner);
            table_id(table, row, "n", receiver->n);
            table_enum(table, row, "item", &keten__v1__item_kind__descriptor,
                       (int)receiver->items[j]->kind, "ITEM_");
            table_text(table, row, "reason", receiver->items[j]->reason);
            told_about(table, row, record);
        }
    }
}

// A record about no plan concerns whoever commanded it or was told of it, and administrators.
static KtCode
why_alone(QueryContext *context, const Subject *subject, const char *text)
{
    KtCode code;
    Arena *arena = context->table.arena;
    const Record *record = record_find(context->ledger, subject->position, arena, NULL, &code);
    if (record == NULL || (record->head->partner != context->partner && subject->n == 0 &&
                           !context->row->administrator))
        return query_refused(context, KT_NO_PART, "subject", text);
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "came");
    table_id(table, row, "position", subject->position);
    table_instant(table, row, "at", record->head->at_ms);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    table_partner(table, row, "partner", record->head->partner);
    if (record->head->refused != NULL) {
        table_number(table, row, "refused", record->head->refused->code);
        table_text(table, row, "detail", record->head->refused->detail);
    }
    const Keten__V1__SignalReturned *returned = returned_of(record);
    if (returned != NULL) {
        table_text(table, row, "kind", returned->kind);
        table_text(table, row, "outcome", returned->outcome);
    }
    why_told(context, record);
    why_rejected(context, subject->n);
    return KT_OK;
}

static KtCode
why_sender(QueryContext *context, const View *view, const Subject *subject)
{
    const SenderSubject mine = {
        .fact = subject->fact,
        .position = subject->n == 0 ? subject->position : 0,
        .delivery = subject->n,
        .hidden = subject->step != 0 || subject->matter != 0 ||
                  (subject->position != 0 && subject->n == 0 && !subject->own),
    };
    return sender_why(context, view, &mine);
}

KtCode
query_why(QueryContext *context)
{
    const char *text = context->query->subject;
    Subject subject;
    View view;
    if (!subject_find(context, text, &subject))
        return query_refused(context, KT_NO_PART, "subject", text);
    if (subject.plan == 0 && subject.position != 0)
        return why_alone(context, &subject, text);
    const KtCode code = query_view(context, subject.plan, "subject", text, &view);
    // What was refused to somebody without a task says nothing about which plan it hit.
    if (subject.own && subject.refused && (code != KT_OK || view.sender))
        return why_alone(context, &subject, text);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return why_sender(context, &view, &subject);
    const StepRow *step = subject.step == 0 ? NULL : view_step(&view, subject.step);
    const FactRow *fact = subject.fact == 0 ? NULL : view_fact(&view, subject.fact);
    const MatterRow *matter = subject.matter == 0 ? NULL : view_matter(&view, subject.matter);
    if ((subject.matter != 0 &&
         (matter == NULL || !matter_is_visible(matter, view.partner, view.holds))) ||
        (step != NULL && !step_is_visible(step, view.partner, view.holds)) ||
        (fact != NULL && !view_sees_fact(&view, fact)))
        return query_refused(context, KT_NO_PART, "subject", text);
    why_records(context, &view, &subject);
    why_rejected(context, subject.n);
    why_waits(context, &view, subject.step, subject.matter);
    return KT_OK;
}
