// SPDX-License-Identifier: EUPL-1.2
// From the bytes of an input to the reader of its form. Knows: how JSON, JSON lines and CSV are
// told apart. Must never know: files, what a partner's form means.
//
// reader_read() refuses what is not UTF-8, then looks at the first character. Objects in the
// generic form are taken here; everything else goes to the partner's own reader. Whatever is not
// understood becomes a complaint.
#include "clients/connector/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "clients/connector/command.h"

static bool
all_generic(const json_t *records)
{
    size_t i;
    json_t *record;
    json_array_foreach((json_t *)records, i, record) if (!command_is_generic(record)) return false;
    return json_array_size(records) > 0;
}

static void
add_generic(Intake *intake, const json_t *records)
{
    size_t i;
    json_t *record;
    json_array_foreach((json_t *)records, i, record)
        intake_add(intake, i + 1, json_deep_copy(record));
}

static void
read_root(const Connector *connector, Intake *intake, const json_t *root)
{
    json_t *records = json_is_array(root) ? json_incref((json_t *)root) : json_array();
    if (!json_is_array(root))
        json_array_append(records, (json_t *)root);
    if (all_generic(records))
        add_generic(intake, records);
    else if (connector->read_json == NULL || !connector->read_json(intake, root))
        intake_complain(intake, 0, SAY_UNKNOWN_FORM);
    json_decref(records);
}

// One object a line; NULL when some line is none.
static json_t *
read_lines(const char *text, size_t length)
{
    json_t *records = json_array();
    for (size_t at = 0, end; at < length; at = end + 1) {
        const char *stop = memchr(text + at, '\n', length - at);
        end = stop ? (size_t)(stop - text) : length;
        size_t blank = strspn(text + at, " \t\r");
        if (at + blank >= end)
            continue;
        json_t *record = json_loadb(text + at, end - at, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(record)) {
            json_decref(record);
            json_decref(records);
            return NULL;
        }
        json_array_append_new(records, record);
    }
    return records;
}

static void
read_json(const Connector *connector, Intake *intake, const char *text, size_t length)
{
    json_error_t error;
    char line[24];
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        root = read_lines(text, length);
    if (root != NULL) {
        read_root(connector, intake, root);
        json_decref(root);
        return;
    }
    snprintf(line, sizeof line, "%d", error.line);
    // Not the parser's own words: they repeat what stands there.
    intake_complain(intake, 0, SAY_BAD_JSON, line);
}

static void
read_csv(const Connector *connector, Intake *intake, const char *text, size_t length)
{
    Arena arena = {0};
    CsvTable csv;
    size_t line = 0;
    char where[64];
    if (connector->read_csv == NULL) {
        intake_complain(intake, 0, SAY_UNKNOWN_FORM);
        return;
    }
    const char *wrong = csv_table_read(&arena, text, length, &csv, &line);
    if (wrong != NULL) {
        snprintf(where, sizeof where, "%zu: %s", line, wrong);
        intake_complain(intake, 0, SAY_BAD_CSV, where);
    } else if (!connector->read_csv(intake, &csv)) {
        intake_complain(intake, 0, SAY_UNKNOWN_FORM);
    }
    arena_done(&arena);
}

void
reader_read(const Connector *connector, Intake *intake, const char *text, size_t length)
{
    if (!text_is_utf8(text, length)) {
        intake_complain(intake, 0, SAY_NOT_TEXT);
        return;
    }
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    size_t blank = strspn(text, " \t\r\n");
    if (text[blank] == '{' || text[blank] == '[')
        read_json(connector, intake, text, length);
    else if (blank < length)
        read_csv(connector, intake, text, length);
    if (!json_array_size(intake->commands) && !json_array_size(intake->complaints))
        intake_complain(intake, 0, SAY_EMPTY);
}
