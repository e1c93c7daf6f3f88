// SPDX-License-Identifier: EUPL-1.2
// A partner's program on stdin and stdout: commands in, one JSON object a line, and answers and
// deliveries out. Knows: lines, which number belongs to which line. Must never know: files.
#ifndef KETEN_CONNECTOR_LINES_H
#define KETEN_CONNECTOR_LINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/connector/intake.h"
#include "clients/lib/keten.h"

#define LINES_BYTES (1u << 20) // one line at most; a frame of 65,536 bytes may need 400,000 in JSON

// A command that was sent and has no final answer.
typedef struct Unanswered {
    uint64_t number; // of the command
    json_t *id;      // the line's own `id`, owned; NULL: the line has none
} Unanswered;

typedef struct Lines {
    bool on;                  // --json-lines; set by connector.c
    bool ended;               // stdin is at its end
    bool broken;              // stdout takes no more
    char buffer[LINES_BYTES]; // read from stdin, not yet a command
    size_t length;            // bytes of `buffer` in use
    bool skipping;            // the rest of a line that is too long: read and dropped
    json_t *waiting;          // a command that waits for room in the window; NULL: none
    json_t *waiting_id;       // the `id` of its line; NULL: the line has none
    Unanswered *unanswered;   // commands without a final answer; `count` of `room` in use
    size_t count, room;
} Lines;

void
lines_done(Lines *lines);

// Reads what is there; call when stdin is readable.
void
lines_read(Lines *lines);
// True while more may be read from stdin.
bool
lines_wants_more(const Lines *lines);

// Sends what was read. KETEN_FULL: later.
keten_result
lines_send(Lines *lines, keten *k, Intake *intake);

void
lines_answer(Lines *lines, const keten_event *event);
void
lines_delivery(Lines *lines, const Keten__V1__Delivery *delivery);
void
lines_notice(Lines *lines, const Keten__V1__Notice *notice);

// Everything read was sent and answered.
bool
lines_is_idle(const Lines *lines);

#endif
