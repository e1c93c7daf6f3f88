// SPDX-License-Identifier: EUPL-1.2
// The reader of CSV. Knows: quotes, separators, lines. Must never know: what a column means.
//
// csv_open() chooses the separator by the first line. csv_next() then takes one field after another
// up to the end of a line. A fault stops it at the byte that is wrong.
#include "base/csv.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"

static bool
at_end_of_line(const Csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r';
}

static void
step(Csv *csv)
{
    unsigned char c = (unsigned char)*csv->at++;
    if (c == '\n') {
        csv->line++;
        csv->column = 1;
    } else if ((c & 0xC0) != 0x80) { // not the tail of a character
        csv->column++;
    }
}

static const char separators[] = {',', ';', '\t'};

// Which separators the first line has outside quotes, and how many of each.
typedef struct Census {
    size_t counts[sizeof separators];
    size_t order[sizeof separators]; // as they first came
    size_t seen;
} Census;

static void
count_separators(const char *bytes, size_t length, Census *ret)
{
    bool quoted = false;
    *ret = (Census){0};
    for (size_t i = 0; i < length && (quoted || bytes[i] != '\n'); i++) {
        const char *mark = memchr(separators, bytes[i], sizeof separators);
        if (bytes[i] == '"')
            quoted = !quoted;
        if (mark == NULL || quoted)
            continue;
        size_t which = (size_t)(mark - separators);
        if (ret->counts[which]++ == 0)
            ret->order[ret->seen++] = which;
    }
}

static char
separator_of(const char *bytes, size_t length)
{
    Census census;
    count_separators(bytes, length, &census);
    size_t best = census.seen ? census.order[0] : 0;
    for (size_t i = 1; i < census.seen; i++)
        if (census.counts[census.order[i]] > census.counts[best])
            best = census.order[i];
    return separators[best];
}

void
csv_open(Csv *csv, CsvQuotes quotes, const char *bytes, size_t length)
{
    ASSERT(bytes != NULL);
    size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *csv = (Csv){
        .at = bytes + mark,
        .end = bytes + length,
        .quotes = quotes,
        .separator = separator_of(bytes + mark, length - mark),
        .line = 1,
        .column = 1,
    };
}

// The content of a quoted field: each doubled quote becomes one.
static Text
unquoted(Arena *arena, const char *from, size_t length)
{
    if (memchr(from, '"', length) == NULL)
        return (Text){from, length};
    char *copy = arena_copy(arena, from, length);
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        copy[kept++] = from[i];
        i += from[i] == '"';
    }
    return (Text){copy, kept};
}

static CsvResult
quoted_field(Csv *csv, Arena *arena, CsvField *field)
{
    step(csv);
    const char *from = csv->at;
    for (;;) {
        if (csv->at == csv->end)
            return CSV_OPEN_QUOTE;
        if (*csv->at == '"') {
            if (csv->at + 1 == csv->end || csv->at[1] != '"')
                break;
            step(csv);
        }
        step(csv);
    }
    field->text = unquoted(arena, from, (size_t)(csv->at - from));
    step(csv);
    if (!at_end_of_line(csv) && *csv->at != csv->separator)
        return CSV_AFTER_QUOTE;
    return CSV_RECORD;
}

static CsvResult
take_field(Csv *csv, Arena *arena, CsvField *field)
{
    *field = (CsvField){.line = csv->line, .column = csv->column};
    if (csv->at < csv->end && *csv->at == '"')
        return quoted_field(csv, arena, field);
    const char *from = csv->at;
    while (!at_end_of_line(csv) && *csv->at != csv->separator) {
        if (*csv->at == '"' && csv->quotes == CSV_QUOTES_STRICT)
            return CSV_INNER_QUOTE;
        step(csv);
    }
    field->text = (Text){from, (size_t)(csv->at - from)};
    return CSV_RECORD;
}

static void
end_line(Csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r')
        step(csv);
    if (csv->at < csv->end && *csv->at == '\n')
        step(csv);
}

static void
make_room(Arena *arena, CsvRecord *record)
{
    if (record->count < record->room)
        return;
    size_t want = record->room ? 2 * record->room : 16;
    record->fields = arena_grow(arena, record->fields, record->count, want, sizeof *record->fields);
    record->room = want;
}

CsvResult
csv_next(Csv *csv, Arena *arena, CsvRecord *record)
{
    record->count = 0;
    while (csv->at < csv->end && at_end_of_line(csv))
        end_line(csv);
    record->line = csv->line;
    if (csv->at == csv->end)
        return CSV_END;
    for (;;) {
        make_room(arena, record);
        CsvResult result = take_field(csv, arena, &record->fields[record->count]);
        if (result != CSV_RECORD)
            return result;
        record->count++;
        if (at_end_of_line(csv))
            break;
        step(csv); // the separator
    }
    end_line(csv);
    return CSV_RECORD;
}
