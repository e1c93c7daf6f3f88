// SPDX-License-Identifier: EUPL-1.2
// JSON lines on stdin and stdout. Knows: which number belongs to which line. Must never know:
// files.
//
// lines_read() fills the buffer. lines_send() turns whole lines into commands and sends them; a
// command for which the window has no room waits, and stdin is not read meanwhile. lines_answer()
// writes each answer with the id of its line. A line that is wrong gets a refusal of its own, and a
// stdout that takes no more sets `broken`.
#include "clients/connector/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "clients/connector/command.h"
#include "clients/connector/form.h"

#define READ_BYTES 65536u // of stdin at once

void
lines_done(Lines *lines)
{
    json_decref(lines->waiting);
    json_decref(lines->waiting_id);
    for (size_t i = 0; i < lines->count; i++)
        json_decref(lines->unanswered[i].id);
    free(lines->unanswered);
    lines->unanswered = NULL;
    lines->waiting = lines->waiting_id = NULL;
    lines->count = lines->room = 0;
}

// One object on one line; takes the reference.
static void
put(Lines *lines, json_t *object, json_t *id)
{
    if (id != NULL)
        json_object_set(object, "id", id);
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (text != NULL && (puts(text) < 0 || fflush(stdout) != 0))
        lines->broken = true;
    free(text);
}

void
lines_read(Lines *lines)
{
    size_t room = sizeof lines->buffer - lines->length;
    // Not all that fits: every whole line of the buffer moves the rest of it.
    if (room > READ_BYTES)
        room = READ_BYTES;
    ssize_t got = room ? read(STDIN_FILENO, lines->buffer + lines->length, room) : 0;
    if (got > 0)
        lines->length += (size_t)got;
    else if (room && (got == 0 || (errno != EINTR && errno != EAGAIN)))
        lines->ended = true;
}

bool
lines_wants_more(const Lines *lines)
{
    return lines->on && !lines->ended && lines->waiting == NULL &&
           lines->length < sizeof lines->buffer;
}

static void
complain(Lines *lines, Intake *intake, json_t *id)
{
    json_t *text = json_array_get(intake->complaints, 0);
    put(lines,
        json_pack("{s:{s:s, s:O, s:b}}", "refusal", "code", "", "text", text, "retryable", 0), id);
    json_array_clear(intake->complaints);
}

// Turns one line into the waiting command, or answers it with a complaint.
static void
read_one(Lines *lines, Intake *intake, const char *line, size_t length)
{
    json_error_t error;
    size_t blank = 0;
    while (blank < length && strchr(" \t\r", line[blank]))
        blank++;
    if (blank == length)
        return;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    json_t *id = json_incref(json_object_get(object, "id"));
    if (object != NULL)
        intake_add(intake, 1, object);
    else
        intake_complain(intake, 1, SAY_BAD_JSON, "1");
    if (json_array_size(intake->complaints)) {
        complain(lines, intake, id);
        json_decref(id);
    } else {
        lines->waiting =
            json_incref(json_object_get(json_array_get(intake->commands, 0), "command"));
        lines->waiting_id = id;
    }
    json_array_clear(intake->commands);
}

// A line that does not fit the buffer is answered once, and dropped up to its end.
static void
take_piece(Lines *lines, Intake *intake, size_t length, bool whole)
{
    if (!lines->skipping && whole) {
        read_one(lines, intake, lines->buffer, length);
    } else if (!lines->skipping) {
        intake_complain(intake, 1, SAY_LINE_TOO_LONG, (size_t)LINES_BYTES);
        complain(lines, intake, NULL);
    }
    lines->skipping = !whole;
}

// Takes the next whole line out of the buffer. False when there is none.
static bool
next_line(Lines *lines, Intake *intake)
{
    char *end = memchr(lines->buffer, '\n', lines->length);
    bool full = lines->length == sizeof lines->buffer;
    if (end == NULL && !full && !(lines->ended && lines->length))
        return false;
    size_t length = end ? (size_t)(end - lines->buffer) : lines->length;
    size_t taken = end ? length + 1 : length;
    take_piece(lines, intake, length, end || !full);
    memmove(lines->buffer, lines->buffer + taken, lines->length - taken);
    lines->length -= taken;
    return true;
}

static bool
remember(Lines *lines, uint64_t number, json_t *id)
{
    if (lines->count == lines->room) {
        size_t room = lines->room ? 2 * lines->room : 64;
        Unanswered *larger = realloc(lines->unanswered, room * sizeof *larger);
        if (larger == NULL)
            return false;
        lines->unanswered = larger;
        lines->room = room;
    }
    lines->unanswered[lines->count++] = (Unanswered){number, id};
    return true;
}

static keten_result
send_waiting(Lines *lines, keten *k, Intake *intake)
{
    Arena arena;
    Complaint complaint;
    uint64_t number = 0;
    arena_init(&arena, 0);
    Keten__V1__Command *command = command_read(&arena, lines->waiting, &complaint);
    keten_result result = command ? keten_command(k, command, &number) : KETEN_USAGE;
    arena_done(&arena);
    if (result == KETEN_FULL || result == KETEN_STORAGE || result == KETEN_MEMORY)
        return result;
    if (result == KETEN_OK && !remember(lines, number, lines->waiting_id))
        return KETEN_MEMORY;
    if (result != KETEN_OK) {
        if (result == KETEN_TOO_LONG)
            intake_complain(intake, 1, SAY_TOO_LONG, keten_frame_bytes(k), keten_frame_most(k));
        else
            intake_complain(intake, 1, SAY_CANNOT_SEND);
        complain(lines, intake, lines->waiting_id);
        json_decref(lines->waiting_id);
    }
    json_decref(lines->waiting);
    lines->waiting = lines->waiting_id = NULL;
    return KETEN_OK;
}

keten_result
lines_send(Lines *lines, keten *k, Intake *intake)
{
    keten_result result = KETEN_OK;
    while (result == KETEN_OK && (lines->waiting || next_line(lines, intake)))
        if (lines->waiting != NULL)
            result = send_waiting(lines, k, intake);
    return result;
}

// The line's id, owned by the caller; the entry goes unless the answer is not final.
static json_t *
id_of(Lines *lines, uint64_t number, bool final)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->unanswered[i].number != number)
            continue;
        json_t *id = lines->unanswered[i].id;
        if (!final)
            return json_incref(id);
        lines->unanswered[i] = lines->unanswered[--lines->count];
        return id;
    }
    return NULL;
}

void
lines_answer(Lines *lines, const keten_event *event)
{
    ASSERT(event->kind == KETEN_EVENT_RECEIPT || event->kind == KETEN_EVENT_REFUSAL);
    if (!lines->on)
        return;
    bool receipt = event->kind == KETEN_EVENT_RECEIPT;
    json_t *id = id_of(lines, event->number, receipt || !event->refusal->retryable);
    json_t *form = receipt ? form_receipt(event->receipt) : form_refusal(event->refusal);
    put(lines, json_pack("{s:o}", receipt ? "receipt" : "refusal", form), id);
    json_decref(id);
}

void
lines_delivery(Lines *lines, const Keten__V1__Delivery *delivery)
{
    if (lines->on)
        put(lines, json_pack("{s:o}", "delivery", form_delivery(delivery)), NULL);
}

void
lines_notice(Lines *lines, const Keten__V1__Notice *notice)
{
    if (lines->on)
        put(lines,
            json_pack("{s:{s:i, s:s}}", "notice", "code", (int)notice->code, "text", notice->text),
            NULL);
}

bool
lines_is_idle(const Lines *lines)
{
    return !lines->on || (lines->waiting == NULL && !lines->count && !lines->length);
}
