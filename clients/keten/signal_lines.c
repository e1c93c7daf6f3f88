// SPDX-License-Identifier: EUPL-1.2
// Signals from a file of JSON lines. Knows: keeping several commands under way. Must never know:
// the form of a line, which signals an arrangement allows.
//
// signal_lines_give() opens a session, sends line after line and shows the answers in the order of
// the lines. A wrong line is told with its place and the rest goes on; the worst exit status
// counts.
#include "clients/keten/signal_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "clients/keten/answer.h"
#include "clients/keten/give.h"
#include "clients/keten/session.h"

#define LINES_UNDER_WAY 64u

typedef struct Lines {
    Tool *tool;
    const Args *args;
    const char *file;
    keten *session;
    struct {
        uint64_t number;
        size_t line;
    } waiting[LINES_UNDER_WAY]; // commands without a shown answer, in the order of the lines
    size_t first, count;
    size_t line;
    int worst;
} Lines;

static void
worse(Lines *lines, int status)
{
    if (status > lines->worst)
        lines->worst = status;
}

// Waits for the oldest command's answer. The daemon answers one session in order, so nothing is
// passed over.
static int
show_oldest(Lines *lines)
{
    keten_event event;
    uint64_t number = lines->waiting[lines->first].number;
    size_t line = lines->waiting[lines->first].line;
    int status = session_answer(lines->tool, lines->session, number, &event);
    if (status != 0)
        return status;
    lines->first = (lines->first + 1) % LINES_UNDER_WAY;
    lines->count--;
    if (event.kind == KETEN_EVENT_RECEIPT) {
        receipt_show(lines->tool, event.receipt);
    } else if (event.kind == KETEN_EVENT_REFUSAL) {
        fprintf(stderr, "%s:%zu:1: ", lines->file, line);
        worse(lines, refusal_show(lines->tool, event.refusal));
    }
    return 0;
}

static int
send_line(Lines *lines, const Keten__V1__Command *command)
{
    uint64_t number = 0;
    keten_result result = KETEN_FULL;
    while (lines->count == LINES_UNDER_WAY ||
           (result = keten_command(lines->session, command, &number)) == KETEN_FULL) {
        if (lines->count == 0)
            break;
        int status = show_oldest(lines);
        if (status != 0)
            return status;
    }
    if (result == KETEN_TOO_LONG) {
        fprintf(stderr, "%s:%zu:1: ", lines->file, lines->line);
        worse(lines, session_unsent(lines->tool, lines->session, result));
        return 0;
    }
    if (result != KETEN_OK)
        return session_unsent(lines->tool, lines->session, result);
    size_t at = (lines->first + lines->count++) % LINES_UNDER_WAY;
    lines->waiting[at].number = number;
    lines->waiting[at].line = lines->line;
    return 0;
}

// A fault in the line does not stop the other lines; a fault of the session ends the file.
static int
take_line(Lines *lines, const char *text, size_t length)
{
    Keten__V1__Command command;
    Fault fault;
    size_t column = 1;
    Arena arena = {0};
    if (strspn(text, " \t\r\n") >= length)
        return 0;
    int status = 0;
    KtCode code =
        signal_line_read(text, length, lines->tool->language, &arena, &command, &column, &fault);
    if (code != KT_OK) {
        worse(lines, tool_fault_at(lines->tool, lines->file, lines->line, column, &fault));
    } else {
        char *worker = command.worker;
        int64_t occurred = command.occurred_at_ms;
        status = command_fill(lines->tool, lines->args, &command);
        if (worker[0])
            command.worker = worker;
        if (occurred)
            command.occurred_at_ms = occurred;
        if (status == 0)
            status = send_line(lines, &command);
    }
    arena_done(&arena);
    return status;
}

static int
take_file(Lines *lines, FILE *from)
{
    char *text = NULL;
    size_t room = 0;
    int status = 0;
    ssize_t length;
    while (status == 0 && (length = getline(&text, &room, from)) > 0) {
        lines->line++;
        status = take_line(lines, text, (size_t)length);
    }
    free(text);
    while (status == 0 && lines->count > 0)
        status = show_oldest(lines);
    return status;
}

int
signal_lines_give(Tool *tool, const Args *args, const char *file)
{
    Lines lines = {.tool = tool, .args = args, .file = file};
    bool input = strcmp(file, "-") == 0;
    FILE *from = input ? stdin : fopen(file, "re");
    if (from == NULL)
        return tool_fail(tool, KT_FILE_UNREADABLE, "%s: %s", file, strerror(errno));
    int status = session_open(tool, &(SessionWish){0}, &lines.session);
    if (status == 0)
        status = take_file(&lines, from);
    keten_close(lines.session);
    if (!input)
        fclose(from);
    return status > lines.worst ? status : lines.worst;
}
