// SPDX-License-Identifier: EUPL-1.2
// Frames that came and were not taken yet. Knows: unpacked frames, their order, the one the program
// looks at. Must never know: sockets, what is to be answered.
#ifndef KETEN_LIB_ARRIVAL_H
#define KETEN_LIB_ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "clients/lib/keten.h"

typedef struct Arrival {
    struct Arrival *next;        // in its list: queued, or spare
    Arena arena;                 // owns `frame`
    Keten__V1__ToPartner *frame; // set by receive.c; NULL: the session was lost
    uint64_t number;             // the command or query that is answered; 0: none. By receive.c
    size_t taken;                // deliveries of the frame that the program has seen
} Arrival;

typedef struct Arrivals {
    Arrival *first, *last; // queued; NULL: none
    Arrival *current;      // the program's last event points into it; no longer queued
    Arrival *spare;        // a list for reuse
    size_t spares;         // its length
} Arrivals;

// An arrival to fill, not queued yet; NULL without memory.
Arrival *
arrival_new(Arrivals *arrivals);
// Releases an arrival that is not queued. Takes NULL.
void
arrival_drop(Arrivals *arrivals, Arrival *arrival);
// Appends an arrival; the queue owns it from then on.
void
arrival_queue(Arrivals *arrivals, Arrival *arrival);

// The next event in order. False when there is none.
bool
arrival_take(Arrivals *arrivals, keten_event *ret);
// The answer to one command, past everything else that waits.
bool
arrival_take_answer(Arrivals *arrivals, uint64_t number, keten_event *ret);

// Deliveries that wait are not handed out: they come again.
void
arrival_forget_deliveries(Arrivals *arrivals);

void
arrivals_done(Arrivals *arrivals);

#endif
