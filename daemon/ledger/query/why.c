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
#include "proto/names.h"
#include "proto/unpack.h"

// What the question is about; position 0: every record of the plan that touches it.
typedef struct Subject {
    uint64_t plan, step, fact, matter, position;
    uint64_t n;        // a delivery of the asker's
    bool own, refused; // of the record at position: commanded by the asker; refused
} Subject;

// ---- finding the subject ----------------------------------------------------------------------

static bool
subject_record(Asking *asking, uint64_t position, Subject *ret)
{
    KtCode code;
    const Record *record = record_find(asking->ledger, position, asking->sheet.arena, NULL, &code);
    if (record == NULL)
        return false;
    const Head *head = record->head;
    *ret = (Subject){.plan = head->plan, .position = position};
    ret->own = head->partner == asking->partner;
    ret->refused = head->refused != NULL;
    if (ret->own && head->opened != NULL && head->opened->sender_plan != 0)
        ret->plan = head->opened->sender_plan;
    return true;
}

static bool
subject_delivery(Asking *asking, uint64_t n, Subject *ret)
{
    const Keten__V1__InboxRow *row =
        ROW(asking->ledger, key_u64(key_u32(key_of(TABLE_INBOX), asking->partner), n), inbox_row,
            asking->sheet.arena);
    if (row == NULL || !subject_record(asking, row->position, ret))
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
    insist(key_length == 29);
    *number = key_read_u64(key, 21);
    return false;
}

// A command id is the stream as a UUID and, behind a colon, the number; without one it is the
// stream's first.
static bool
subject_command(Asking *asking, const char *text, Subject *ret)
{
    uint8_t stream[16];
    uint64_t number = 0;
    const char *colon = strchr(text, ':');
    const size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
    if (!uuid_parse(arena_copy(asking->sheet.arena, text, length), stream) ||
        (colon != NULL && !text_to_uint64(text_of(colon + 1), &number)))
        return false;
    const Key prefix =
        key_bytes(key_u32(key_of(TABLE_COMMAND), asking->partner), stream, sizeof stream);
    if (number == 0 && !state_each(asking->ledger, &prefix, NULL, first_command, &number))
        return false;
    const Keten__V1__CommandRow *row =
        ROW(asking->ledger, key_u64(prefix, number), command_row, asking->sheet.arena);
    return row != NULL && subject_record(asking, row->position, ret);
}

static bool
subject_find(Asking *asking, const char *text, Subject *ret)
{
    uint64_t number;
    uint32_t version;
    *ret = (Subject){.plan = 0};
    if (id_parse(text, 'r', &number, NULL))
        return subject_record(asking, number, ret);
    if (id_parse(text, 'd', &number, NULL))
        return subject_delivery(asking, number, ret);
    if (id_parse(text, 'p', &number, NULL)) {
        ret->plan = number;
    } else if (id_parse(text, 's', &number, &version)) {
        ret->step = number;
        ret->plan = state_number(asking->ledger, key_u64(key_of(TABLE_STEP_PLAN), number));
    } else if (id_parse(text, 'm', &number, &version)) {
        ret->matter = number;
        ret->plan = state_number(asking->ledger, key_u64(key_of(TABLE_MATTER_PLAN), number));
    } else if (id_parse(text, 'f', &number, NULL)) {
        ret->fact = number;
        ret->plan = state_number(asking->ledger, key_u64(key_of(TABLE_FACT_PLAN), number));
    } else {
        return subject_command(asking, text, ret);
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
why_repeats(Sheet *sheet, AnswerRow *row, const FactRow *fact)
{
    if (fact->repeats == 0)
        return;
    sheet_id(sheet, row, "repeats", fact->repeats);
    sheet_text(sheet, row, "why", "nothing_grown");
}

static void
why_came(Asking *asking, const View *view, const Record *record, uint64_t position)
{
    Sheet *sheet = &asking->sheet;
    const Head *head = record->head;
    const FactRow *fact = fact_of_record(record);
    AnswerRow *row = sheet_add(sheet, "came");
    sheet_id(sheet, row, "position", position);
    sheet_instant(sheet, row, "at", head->at_ms);
    sheet_enum(sheet, row, "cause", &keten__v1__cause__descriptor, (int)head->cause, "CAUSE_");
    sheet_partner(sheet, row, "partner", head->partner);
    sheet_id(sheet, row, "plan", head->plan);
    if (fact != NULL && view_sees_fact(view, fact)) {
        sheet_id(sheet, row, "fact", fact->fact);
        sheet_text(sheet, row, "kind", fact->kind);
        why_repeats(sheet, row, fact);
    }
    if (head->refused != NULL && (view->holds || head->partner == view->partner)) {
        sheet_number(sheet, row, "refused", head->refused->code);
        sheet_text(sheet, row, "detail", head->refused->detail);
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
        insist(field->purposes[i] < view->arrangement->n_purposes);
        const char *purpose = view->arrangement->purposes[field->purposes[i]]->name;
        text = i == 0 ? purpose : arena_format(arena, "%s, %s", text, purpose);
    }
    return text;
}

static void
why_withheld(Asking *asking, const View *view, const Receiver *receiver, const ReceiverItem *item,
             const FieldKind *field)
{
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "withheld");
    sheet_partner(sheet, row, "partner", receiver->partner);
    sheet_id(sheet, row, "fact", item->fact);
    sheet_text(sheet, row, "field", field->name);
    const bool secret =
        field->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS && plan_is_secret(&view->plan);
    sheet_text(sheet, row, "why", secret ? "secrecy" : "no_purpose");
    sheet_text(sheet, row, "purposes",
               purposes_of(view, view_fact(view, item->fact), field->name, sheet->arena));
}

static void
why_item(Asking *asking, const View *view, const Receiver *receiver, const ReceiverItem *item)
{
    Sheet *sheet = &asking->sheet;
    const FieldKind *fields[64];
    const size_t count = item->fact == 0 ? 0 : fields_present(view, item, fields, 64);
    const char *names = "";
    for (size_t i = 0; i < count; i++)
        if ((item->allowed >> i & 1) != 0)
            names = names[0] == '\0' ? fields[i]->name
                                     : arena_format(sheet->arena, "%s, %s", names, fields[i]->name);
    if (receiver->n != 0 && (item->allowed != 0 || item->fact == 0 || item->step != 0 ||
                             item->kind == KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN)) {
        AnswerRow *row = sheet_add(sheet, "got");
        sheet_partner(sheet, row, "partner", receiver->partner);
        sheet_id(sheet, row, "n", receiver->partner == view->partner ? receiver->n : 0);
        sheet_enum(sheet, row, "item", &keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_");
        sheet_id(sheet, row, "step", item->step);
        sheet_id(sheet, row, "fact", item->fact);
        sheet_id(sheet, row, "matter", item->matter);
        sheet_text(sheet, row, "fields", names);
        sheet_text(sheet, row, "reason", item->reason);
        if (item->resend != NULL && receiver->partner == view->partner)
            sheet_id(sheet, row, "resend_of", item->resend->n);
    }
    for (size_t i = 0; i < count; i++)
        if ((item->withheld >> i & 1) != 0)
            why_withheld(asking, view, receiver, item, fields[i]);
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
why_not(Asking *asking, const View *view, const Record *record)
{
    Sheet *sheet = &asking->sheet;
    const FactRow *fact = fact_of_record(record);
    if (fact == NULL || (!view->holds && fact->source != view->partner))
        return;
    for (size_t i = 0; i < view->arrangement->n_partners; i++) {
        const PartnerRow *partner =
            ledger_partner_named(asking->ledger, view->arrangement->partners[i]->name);
        if (partner == NULL || partner->partner == fact->source ||
            is_receiver(record->head, partner->partner))
            continue;
        AnswerRow *row = sheet_add(sheet, "not");
        sheet_text(sheet, row, "partner", partner->name);
        sheet_id(sheet, row, "fact", fact->fact);
        sheet_text(sheet, row, "why", "no_task");
    }
}

static void
why_record(Asking *asking, const View *view, const Record *record, uint64_t position)
{
    const Head *head = record->head;
    why_came(asking, view, record, position);
    for (size_t i = 0; i < head->n_receivers; i++) {
        const Receiver *receiver = head->receivers[i];
        for (size_t j = 0; j < receiver->n_items; j++)
            if (item_is_here(view, head, receiver->items[j]) &&
                item_is_visible(view, receiver, receiver->items[j]))
                why_item(asking, view, receiver, receiver->items[j]);
    }
    why_not(asking, view, record);
}

// ---- the chain --------------------------------------------------------------------------------

static void
why_records(Asking *asking, const View *view, const Subject *subject)
{
    Arena page = {0};
    KtCode code = KT_OK;
    uint64_t position = subject->position == 0 ? 0 : subject->position - 1;
    while (code == KT_OK && !sheet_is_full(&asking->sheet) &&
           view_next_record(view, position, &position)) {
        if (subject->position != 0 && position != subject->position)
            break;
        const Record *record = record_find(asking->ledger, position, &page, NULL, &code);
        if (record != NULL && record->head->cause != KETEN__V1__CAUSE__CAUSE_DISCLOSE &&
            record_touches(record, subject))
            why_record(asking, view, record, position);
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
why_dead(Asking *asking, uint64_t n)
{
    while (n != 0) {
        const DeadRow *dead = state_dead(asking->ledger, asking->partner, n, asking->sheet.arena);
        if (dead == NULL)
            return;
        sheet_dead(asking, dead);
        n = dead->resent_as;
    }
}

// Whose silence, or whose rejected delivery, a record about no plan tells of.
static void
told_about(Sheet *sheet, AnswerRow *row, const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED) {
            sheet_partner(sheet, row, "about", event->silence_changed->row->partner);
            sheet_instant(sheet, row, "last_sign", event->silence_changed->row->heard_ms);
            return;
        }
        if (event->body_case == KETEN__V1__EVENT__BODY_DEAD_CHANGED) {
            sheet_partner(sheet, row, "about", event->dead_changed->row->partner);
            return;
        }
    }
}

// Of a record about no plan: what the asker itself was told.
static void
why_told(Asking *asking, const Record *record)
{
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; i < record->head->n_receivers; i++) {
        const Receiver *receiver = record->head->receivers[i];
        for (size_t j = 0; receiver->partner == asking->partner && j < receiver->n_items; j++) {
            AnswerRow *row = sheet_add(sheet, "got");
            sheet_partner(sheet, row, "partner", receiver->partner);
            sheet_id(sheet, row, "n", receiver->n);
            sheet_enum(sheet, row, "item", &keten__v1__item_kind__descriptor,
                       (int)receiver->items[j]->kind, "ITEM_");
            sheet_text(sheet, row, "reason", receiver->items[j]->reason);
            told_about(sheet, row, record);
        }
    }
}

// A record about no plan concerns whoever commanded it or was told of it, and administrators.
static KtCode
why_alone(Asking *asking, const Subject *subject, const char *text)
{
    KtCode code;
    Arena *arena = asking->sheet.arena;
    const Record *record = record_find(asking->ledger, subject->position, arena, NULL, &code);
    if (record == NULL || (record->head->partner != asking->partner && subject->n == 0 &&
                           !asking->row->administrator))
        return asking_refused(asking, KT_NO_PART, "subject", text);
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "came");
    sheet_id(sheet, row, "position", subject->position);
    sheet_instant(sheet, row, "at", record->head->at_ms);
    sheet_enum(sheet, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    sheet_partner(sheet, row, "partner", record->head->partner);
    if (record->head->refused != NULL) {
        sheet_number(sheet, row, "refused", record->head->refused->code);
        sheet_text(sheet, row, "detail", record->head->refused->detail);
    }
    const Keten__V1__SignalReturned *returned = returned_of(record);
    if (returned != NULL) {
        sheet_text(sheet, row, "kind", returned->kind);
        sheet_text(sheet, row, "outcome", returned->outcome);
    }
    why_told(asking, record);
    why_dead(asking, subject->n);
    return KT_OK;
}

static KtCode
why_sender(Asking *asking, const View *view, const Subject *subject)
{
    const SenderSubject mine = {
        .fact = subject->fact,
        .position = subject->n == 0 ? subject->position : 0,
        .delivery = subject->n,
        .hidden = subject->step != 0 || subject->matter != 0 ||
                  (subject->position != 0 && subject->n == 0 && !subject->own),
    };
    return sender_why(asking, view, &mine);
}

KtCode
query_why(Asking *asking)
{
    const char *text = asking->query->subject;
    Subject subject;
    View view;
    if (!subject_find(asking, text, &subject))
        return asking_refused(asking, KT_NO_PART, "subject", text);
    if (subject.plan == 0 && subject.position != 0)
        return why_alone(asking, &subject, text);
    const KtCode code = asking_view(asking, subject.plan, "subject", text, &view);
    // What was refused to somebody without a task says nothing about which plan it hit.
    if (subject.own && subject.refused && (code != KT_OK || view.sender))
        return why_alone(asking, &subject, text);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return why_sender(asking, &view, &subject);
    const StepRow *step = subject.step == 0 ? NULL : view_step(&view, subject.step);
    const FactRow *fact = subject.fact == 0 ? NULL : view_fact(&view, subject.fact);
    const MatterRow *matter = subject.matter == 0 ? NULL : view_matter(&view, subject.matter);
    if ((subject.matter != 0 &&
         (matter == NULL || !matter_is_visible(matter, view.partner, view.holds))) ||
        (step != NULL && !step_is_visible(step, view.partner, view.holds)) ||
        (fact != NULL && !view_sees_fact(&view, fact)))
        return asking_refused(asking, KT_NO_PART, "subject", text);
    why_records(asking, &view, &subject);
    why_dead(asking, subject.n);
    why_waits(asking, &view, subject.step, subject.matter);
    return KT_OK;
}
