// SPDX-License-Identifier: EUPL-1.2
// See why_subject.h. Must never know: the answer.
#include "daemon/ledger/query/why_subject.h"

#include <string.h>

#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/rows.h"
#include "proto/names.h"
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

// A command id is the stream as a UUID and, behind a colon, the number; without one it is the
// stream's first.
static bool
subject_command(QueryContext *context, const char *text, WhySubject *ret)
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

bool
subject_find(QueryContext *context, const char *text, WhySubject *ret)
{
    uint64_t number;
    uint32_t version;
    *ret = (WhySubject){.plan = 0};
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

static bool
event_touches(const Event *event, const WhySubject *subject)
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

bool
record_touches(const Record *record, const WhySubject *subject)
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
