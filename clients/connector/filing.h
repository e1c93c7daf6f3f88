// SPDX-License-Identifier: EUPL-1.2
// Deliveries on their way to the partner's own system: filed in inbox/, handed to its command, then
// acknowledged, in that order; rejected, and moved to failed/, where the command says so. Knows:
// inbox/, one running command. Must never know: what a delivery is about.
#ifndef KETEN_CONNECTOR_FILING_H
#define KETEN_CONNECTOR_FILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clients/connector/desk.h"
#include "clients/connector/folder.h"
#include "clients/connector/speech.h"
#include "clients/lib/keten.h"

#define FILING_ROOM 256

typedef struct Filed {
    uint64_t history;
    uint64_t n;
    unsigned copy; // 0: HISTORY-N.json; else HISTORY-N.COPY.json, because that one was taken
} Filed;

typedef struct Filing {
    const Folder *folder;
    const Speech *speech;
    const char *command;        // NULL: none
    const char *worker;         // named when a delivery is rejected
    Filed waiting[FILING_ROOM]; // filed, not acknowledged; a ring
    size_t head, count;         // of the ring; the delivery at the head is the oldest
    pid_t child;                // the command that runs; 0: none
    int child_fd;               // readable when the command ended; -1: none
    int64_t retry_ms;  // monotonic; the command runs again from then on. Valid with `failures`
    unsigned failures; // in a row, for the delivery at the head
    uint64_t history;  // of the present session; loop.c sets it at a welcome
    uint64_t
        acknowledged; // the last delivery that counts as processed; loop.c sets it at a welcome
} Filing;

void
filing_start(Filing *ret, const Folder *folder, const Speech *speech, const char *command,
             const char *worker);
// A command that still runs is left to itself: its delivery comes again.
void
filing_done(Filing *filing);

// False with errno when it cannot be filed: then nothing may be acknowledged any more.
bool
filing_take(Filing *filing, Desk *desk, const Keten__V1__Delivery *delivery);

// Runs and acknowledges as far as possible.
void
filing_turn(Filing *filing, keten *k, int64_t now_ms);

// When filing_turn has something to do by itself; -1: never.
int64_t
filing_due_ms(const Filing *filing);

#endif
