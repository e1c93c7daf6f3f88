// SPDX-License-Identifier: EUPL-1.2
// Reads an event log. Knows: columns by name, timestamps, stable order. Must never know: how the
// log is replayed.
//
// eventlog_read() finds the columns in the first record (read_head), adds an event per record
// (read_rows) and sorts by time. The first fault ends the reading with its line and column.
#include "clients/keten/eventlog.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/csv.h"
#include "proto/limits.h"

enum { COLUMN_CASE, COLUMN_TIMESTAMP, COLUMN_ACTIVITY, COLUMN_GROUP, COLUMNS };

static const char *const column_names[COLUMNS] = {"case", "timestamp", "activity", "group"};

typedef struct Reading {
    Csv csv;
    CsvRecord record;
    Arena *arena;
    KtLanguage language;
    size_t at[COLUMNS]; // which field of a record
    size_t width;
    EventLog *log;
    size_t room;
    size_t line, column; // where the fault is
    Fault *fault;
} Reading;

static KtCode
wrong(Reading *r, size_t line, size_t column, const char *nl, const char *en, Text what)
{
    r->line = line;
    r->column = column;
    int length = what.length > 60 ? 60 : (int)what.length;
    return fault_set(r->fault, KT_FILE_CONTENT, length ? "%s '%.*s'" : "%s",
                     r->language == KT_NL ? nl : en, length, what.at);
}

static KtCode
wrong_field(Reading *r, const CsvField *field, const char *nl, const char *en)
{
    return wrong(r, field->line, field->column, nl, en, field->text);
}

static KtCode
next_record(Reading *r, bool *ret_more)
{
    const Text none = {"", 0};
    CsvResult result = csv_next(&r->csv, r->arena, &r->record);
    *ret_more = result == CSV_RECORD;
    if (result == CSV_OPEN_QUOTE)
        return wrong(r, r->csv.line, r->csv.column, "aanhalingsteken nooit gesloten",
                     "a quote is never closed", none);
    if (result == CSV_AFTER_QUOTE)
        return wrong(r, r->csv.line, r->csv.column, "tekst achter een sluitend aanhalingsteken",
                     "text behind a closing quote", none);
    return KT_OK;
}

static KtCode
find_column(Reading *r, size_t column)
{
    r->at[column] = r->width;
    for (size_t i = 0; i < r->width; i++) {
        if (!text_is(r->record.fields[i].text, column_names[column]))
            continue;
        if (r->at[column] < r->width)
            return wrong_field(r, &r->record.fields[i],
                               "kolom staat er tweemaal:", "column stands twice:");
        r->at[column] = i;
    }
    if (r->at[column] < r->width)
        return KT_OK;
    return wrong(r, 1, 1,
                 "er ontbreekt een kolom:", "a column is missing:", text_of(column_names[column]));
}

static KtCode
read_head(Reading *r)
{
    bool more = false;
    KtCode code = next_record(r, &more);
    if (code == KT_OK && !more)
        return wrong(r, 1, 1, "het bestand is leeg", "the file is empty", (Text){"", 0});
    r->width = r->record.count;
    for (size_t i = 0; code == KT_OK && i < COLUMNS; i++)
        code = find_column(r, i);
    return code;
}

// The rest of a timestamp below a millisecond. It orders events within the same millisecond.
static uint32_t
below_ms(Text timestamp)
{
    const char *dot = memchr(timestamp.at, '.', timestamp.length);
    if (dot == NULL)
        dot = memchr(timestamp.at, ',', timestamp.length);
    const char *end = timestamp.at + timestamp.length;
    uint32_t below = 0, unit = 100000;
    for (const char *p = dot ? dot + 1 : end, *from = p; p < end && *p >= '0' && *p <= '9'; p++) {
        if (p - from < 3)
            continue;
        below += (uint32_t)(*p - '0') * unit;
        unit /= 10;
    }
    return below;
}

static KtCode
check_fields(Reading *r)
{
    if (r->record.count != r->width) {
        const CsvField *last = &r->record.fields[r->record.count - 1];
        return wrong(r, last->line, last->column, "ander aantal velden dan de eerste regel",
                     "another number of fields than the first line", (Text){"", 0});
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        const CsvField *field = &r->record.fields[r->at[i]];
        if (!text_is_utf8(field->text.at, field->text.length))
            return wrong(r, field->line, field->column, "geen UTF-8", "not UTF-8", (Text){"", 0});
        if (i != COLUMN_ACTIVITY && field->text.length == 0)
            return wrong(r, field->line, field->column,
                         "leeg veld:", "empty field:", text_of(column_names[i]));
        if (i != COLUMN_TIMESTAMP && field->text.length > LIMIT_TEXT_BYTES)
            return wrong_field(r, field, "te lang:", "too long:");
    }
    return KT_OK;
}

static KtCode
add_event(Reading *r)
{
    EventLog *log = r->log;
    const CsvField *fields = r->record.fields;
    const CsvField *when = &fields[r->at[COLUMN_TIMESTAMP]];
    Text activity = fields[r->at[COLUMN_ACTIVITY]].text;
    LogEvent event = {.row = log->count, .below_ms = below_ms(when->text)};
    if (!instant_parse(when->text, &event.at_ms))
        return wrong_field(r, when, "geen tijdstip volgens ISO 8601:", "no ISO 8601 instant:");
    event.household = nameset_number(&log->cases, fields[r->at[COLUMN_CASE]].text);
    event.group = nameset_number(&log->groups, fields[r->at[COLUMN_GROUP]].text);
    event.activity = arena_copy(r->arena, activity.at, activity.length);
    if (log->count == r->room) {
        size_t want = r->room ? 2 * r->room : 1024;
        log->events = arena_grow(r->arena, log->events, log->count, want, sizeof event);
        r->room = want;
    }
    log->events[log->count++] = event;
    return KT_OK;
}

static KtCode
read_rows(Reading *r)
{
    for (;;) {
        bool more = false;
        KtCode code = next_record(r, &more);
        if (code == KT_OK && more)
            code = check_fields(r);
        if (code == KT_OK && more)
            code = add_event(r);
        if (code != KT_OK || !more)
            return code;
    }
}

static int
by_time(const void *left, const void *right)
{
    const LogEvent *a = left, *b = right;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    if (a->below_ms != b->below_ms)
        return a->below_ms < b->below_ms ? -1 : 1;
    return a->row < b->row ? -1 : 1;
}

KtCode
eventlog_read(const char *bytes, size_t length, KtLanguage language, Arena *arena, EventLog *ret,
              size_t *ret_line, size_t *ret_column, Fault *fault)
{
    Reading r = {.arena = arena, .language = language, .log = ret, .fault = fault};
    *ret = (EventLog){0};
    nameset_init(&ret->cases, arena);
    nameset_init(&ret->groups, arena);
    csv_open(&r.csv, CSV_QUOTES_LOOSE, bytes, length);
    KtCode code = read_head(&r);
    if (code == KT_OK)
        code = read_rows(&r);
    if (code == KT_OK && ret->count == 0)
        code = wrong(&r, 1, 1, "geen enkele gebeurtenis", "no event at all", (Text){"", 0});
    if (code == KT_OK)
        qsort(ret->events, ret->count, sizeof *ret->events, by_time);
    *ret_line = r.line;
    *ret_column = r.column;
    return code;
}
