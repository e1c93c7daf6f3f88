// SPDX-License-Identifier: EUPL-1.2
// CSV. Knows: quotes, separators, lines. Must never know: what a column means.
#include "clients/keten/csv.h"

#include <stdbool.h>
#include <string.h>

static bool
at_end_of_line(const Csv *csv)
{
    if (csv->at == csv->end || *csv->at == '\n')
        return true;
    return *csv->at == '\r' && (csv->at + 1 == csv->end || csv->at[1] == '\n');
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

static char
separator_of(const char *bytes, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length && (quoted || bytes[i] != '\n'); i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && memchr(",;\t", bytes[i], 3))
            return bytes[i];
    }
    return ',';
}

void
csv_open(Csv *csv, const char *bytes, size_t length)
{
    size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *csv = (Csv){bytes + mark, bytes + length, separator_of(bytes + mark, length - mark), 1, 1};
}

// Doubled quotes within become one.
static Text
unquoted(Arena *arena, const char *from, size_t length)
{
    if (!memchr(from, '"', length))
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
    while (!at_end_of_line(csv) && *csv->at != csv->separator)
        step(csv);
    field->text = (Text){from, (size_t)(csv->at - from)};
    return CSV_RECORD;
}

static void
end_line(Csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r')
        step(csv);
    if (csv->at < csv->end)
        step(csv);
}

CsvResult
csv_next(Csv *csv, Arena *arena, CsvRecord *record)
{
    record->count = 0;
    while (csv->at < csv->end && at_end_of_line(csv))
        end_line(csv);
    if (csv->at == csv->end)
        return CSV_END;
    for (;;) {
        if (record->count == record->room) {
            size_t want = record->room ? 2 * record->room : 16;
            record->fields =
                arena_grow(arena, record->fields, record->count, want, sizeof *record->fields);
            record->room = want;
        }
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
