// SPDX-License-Identifier: EUPL-1.2
// Finds the subject of a `why`, and the records that are about it. Knows: ids as people write them.
// Must never know: the answer.
// Path: subject_find tries the forms of an id in turn: record, delivery, row of a plan, command.
// Failure: an unknown id of a record, a delivery or a command is no subject; an unknown step, fact
// or matter has plan 0, which query_view refuses.
#include "daemon/ledger/query/why_subject.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/rows.h"
#include "proto/names.h"
#include "proto/sizes.h"
#include "store/key_read.h"

static bool
subject_record(QueryContext *context, uint64_t position, WhySubject *ret)
{
    KtCode code;
    const Record *record =
        record_find(context->ledger, position, context->table.arena, NULL, &code);
    if (record == NULL)
        return false;
    const Head *head = record->head;
    *ret = (WhySubject){.plan = head->plan, .position = position};
    ret->own = head->partner == context->partner;
    ret->refused = head->refused != NULL;
    if (ret->own && head->opened != NULL && head->opened->sender_plan != 0)
        ret->plan = head->opened->sender_plan;
    return true;
}

static bool
subject_delivery(QueryContext *context, uint64_t n, WhySubject *ret)
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

// A command id is a stream, as a UUID, and behind a colon the number of the command in that stream.
// Without a number the first command of the stream is meant.
static bool
subject_command(QueryContext *context, const char *text, WhySubject *ret)
{
    uint8_t stream[STREAM_BYTES];
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

// How an id names a subject. `plans`: the table that has the subject's plan; 0: the id is the plan.
typedef struct SubjectForm {
    char letter;
    bool versioned; // the id may end in a version, as s7.3
    Table plans;
    size_t number; // offset in WhySubject of the subject's number
} SubjectForm;

static const SubjectForm forms[] = {
    {'p', false, 0, offsetof(WhySubject, plan)},
    {'s', true, TABLE_STEP_PLAN, offsetof(WhySubject, step)},
    {'m', true, TABLE_MATTER_PLAN, offsetof(WhySubject, matter)},
    {'f', false, TABLE_FACT_PLAN, offsetof(WhySubject, fact)},
};

static bool
subject_row(QueryContext *context, const char *text, WhySubject *ret)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const SubjectForm *form = &forms[i];
        uint64_t number;
        uint32_t version;
        if (!id_parse(text, form->letter, &number, form->versioned ? &version : NULL))
            continue;
        *(uint64_t *)(void *)((char *)ret + form->number) = number;
        if (form->plans != 0)
            ret->plan = state_number(context->ledger, key_u64(key_of(form->plans), number));
        return true;
    }
    return false;
}

bool
subject_find(QueryContext *context, const char *text, WhySubject *ret)
{
    ASSERT(text != NULL && ret != NULL);
    uint64_t number;
    *ret = (WhySubject){.plan = 0};
    if (id_parse(text, 'r', &number, NULL))
        return subject_record(context, number, ret);
    if (id_parse(text, 'd', &number, NULL))
        return subject_delivery(context, number, ret);
    return subject_row(context, text, ret) || subject_command(context, text, ret);
}

static bool
event_touches(const Event *event, const WhySubject *subject)
{
    if (event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED)
        return event->step_changed->row->step == subject->step;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
        return event->fact_added->row->fact == subject->fact;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
        return event->fact_withdrawn->row->fact == subject->fact;
    return event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED &&
           event->matter_changed->row->matter == subject->matter;
}

static bool
receiver_touches(const Receiver *receiver, const WhySubject *subject)
{
    for (size_t i = 0; subject->fact != 0 && i < receiver->n_items; i++)
        if (receiver->items[i]->fact == subject->fact)
            return true;
    return false;
}

bool
record_touches(const Record *record, const WhySubject *subject)
{
    const Head *head = record->head;
    if (subject->step == 0 && subject->fact == 0 && subject->matter == 0)
        return true;
    for (size_t i = 0; i < head->n_events; i++)
        if (event_touches(head->events[i], subject))
            return true;
    for (size_t i = 0; i < head->n_receivers; i++)
        if (receiver_touches(head->receivers[i], subject))
            return true;
    return false;
}
