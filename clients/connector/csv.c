// SPDX-License-Identifier: EUPL-1.2
// Reads CSV in one pass: the cells are unquoted in place, in a copy of the text. Must never know:
// what the columns mean.
#include "clients/connector/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// One pass over the text: where it reads, where it writes, what separates.
typedef struct Scan {
    char *from;
    char *to;
    char separator;
    size_t line;
    bool row_ended;
    const char *wrong;
} Scan;

// The mark that occurs most in the first line, outside quotes; a comma when there is but one
// column.
static char
separator_of(const char *text)
{
    size_t counts[2] = {0, 0};
    bool quoted = false;
    for (const char *at = text; *at && (quoted || *at != '\n'); at++) {
        quoted ^= *at == '"';
        counts[0] += !quoted && *at == ',';
        counts[1] += !quoted && *at == ';';
    }
    return counts[1] > counts[0] ? ';' : ',';
}

static void
read_quoted(Scan *scan)
{
    for (scan->from++; *scan->from; scan->from++) {
        if (*scan->from == '"' && scan->from[1] != '"')
            break;
        if (*scan->from == '"')
            scan->from++;
        scan->line += *scan->from == '\n';
        *scan->to++ = *scan->from;
    }
    if (*scan->from != '"') {
        scan->wrong = "\"";
        return;
    }
    scan->from++;
    if (*scan->from && !strchr("\r\n", *scan->from) && *scan->from != scan->separator)
        scan->wrong = "\"";
}

// One cell; afterwards `from` stands behind its separator or line end.
static char *
read_cell(Scan *scan)
{
    char *cell = scan->to;
    if (*scan->from == '"') {
        read_quoted(scan);
    } else {
        while (*scan->from && *scan->from != scan->separator && !strchr("\r\n", *scan->from)) {
            if (*scan->from == '"')
                scan->wrong = "\"";
            *scan->to++ = *scan->from++;
        }
    }
    scan->row_ended = *scan->from != scan->separator;
    if (scan->row_ended) {
        scan->from += *scan->from == '\r';
        scan->line += *scan->from == '\n';
        scan->from += *scan->from == '\n';
    } else {
        scan->from++;
    }
    // Behind what was read, so nothing unread is overwritten; room was left for the last one.
    *scan->to++ = '\0';
    return cell;
}

static bool
keep(Csv *csv, size_t *count, size_t *room, char *cell)
{
    if (*count == *room) {
        size_t more = *room ? 2 * *room : 256;
        char **larger = realloc(csv->cells, more * sizeof *larger);
        if (!larger)
            return false;
        csv->cells = larger;
        *room = more;
    }
    csv->cells[(*count)++] = cell;
    return true;
}

static bool
is_blank_line(const Scan *scan)
{
    return *scan->from == '\n' || (*scan->from == '\r' && scan->from[1] == '\n');
}

// One line of cells; false when it is wrong.
static bool
read_row(Scan *scan, Csv *csv, size_t *count, size_t *room)
{
    size_t cells = 0;
    for (scan->row_ended = false; !scan->row_ended && !scan->wrong; cells++)
        if (cells == CSV_COLUMNS || !keep(csv, count, room, read_cell(scan)))
            scan->wrong = "columns";
    if (!csv->columns)
        csv->columns = cells;
    else if (!scan->wrong && cells != csv->columns)
        scan->wrong = "columns";
    return !scan->wrong;
}

const char *
csv_read(const char *text, size_t length, Csv *ret, size_t *ret_line)
{
    // Every cell gets a NUL in place of its separator; only the last one may need room of its own.
    Csv csv = {.bytes = malloc(length + 2)};
    char *input = malloc(length + 1);
    Scan scan = {.from = input, .to = csv.bytes, .line = 1};
    size_t count = 0, room = 0, line = 1;
    if (!input || !csv.bytes) {
        scan.wrong = "memory";
    } else {
        memcpy(input, text, length);
        input[length] = '\0';
        if (length >= 3 && memcmp(input, "\xef\xbb\xbf", 3) == 0)
            scan.from += 3;
        scan.separator = separator_of(scan.from);
        while (*scan.from && !scan.wrong) {
            line = scan.line;
            if (is_blank_line(&scan)) {
                scan.line++;
                scan.from += 1 + (*scan.from == '\r');
            } else if (read_row(&scan, &csv, &count, &room)) {
                csv.rows++;
            }
        }
        if (!scan.wrong && !csv.rows)
            scan.wrong = "header";
    }
    free(input);
    if (scan.wrong) {
        csv_done(&csv);
        *ret_line = line;
        return scan.wrong;
    }
    csv.rows--;
    *ret = csv;
    return NULL;
}

void
csv_done(Csv *csv)
{
    free(csv->cells);
    free(csv->bytes);
    *csv = (Csv){0};
}

size_t
csv_column(const Csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (strcasecmp(csv->cells[i], name) == 0)
            return i;
    return CSV_COLUMNS;
}

const char *
csv_header(const Csv *csv, size_t column)
{
    return csv->cells[column];
}

const char *
csv_cell(const Csv *csv, size_t row, size_t column)
{
    return csv->cells[(row + 1) * csv->columns + column];
}
