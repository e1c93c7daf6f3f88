// SPDX-License-Identifier: EUPL-1.2
// Deliveries by number: which one comes next, how many more may come, how far they were processed.
// Knows: numbers. Must never know: sockets, what a delivery says.
#ifndef KETEN_LIB_FLOW_H
#define KETEN_LIB_FLOW_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Flow {
    uint64_t history;      // the daemon's, from the welcome; 0: no session yet
    uint64_t next;         // the number that comes next; 0: any number may come first
    uint64_t handed;       // the highest number that the program has seen
    uint64_t acknowledged; // the highest number that is processed
    uint64_t wanted;       // deliveries that the program can take, counted since flow_start()
    uint64_t taken;        // deliveries that came since flow_start(), each counted once
    uint64_t granted;      // credit that this session gave and the daemon has not used up
    uint32_t credit;       // deliveries, as the program asked for at the start
    bool paused;           // after flow_rewind(), until flow_more(): no credit leaves
    bool rewound;          // after flow_rewind(): later numbers are passed over until `next` comes
} Flow;

typedef enum FlowResult {
    FLOW_NEW,   // the program gets this delivery
    FLOW_AGAIN, // the program had it, or will get it again after flow_rewind()
    FLOW_GAP,   // a delivery before it is missing, or the history is another one
} FlowResult;

// `credit`: how many deliveries may be on their way; 0 asks for none.
void
flow_start(Flow *ret, uint32_t credit);

// A session stands: the daemon goes on after `acknowledged`. A looker (`from_cursor` false) takes
// what comes first.
void
flow_welcome(Flow *flow, uint64_t history, uint64_t acknowledged, bool from_cursor);

// The daemon has given out less than it did: its numbers count as those of another history, from
// the next welcome on.
void
flow_forget(Flow *flow);

// Judges a delivery that arrived, by its number `n`.
FlowResult
flow_take(Flow *flow, uint64_t history, uint64_t n);

// The credit to give now; 0: none. The caller sends it.
uint32_t
flow_grant(Flow *flow);

// The program has seen delivery `n`.
void
flow_handed(Flow *flow, uint64_t n);

// False when `upto` was never handed out.
bool
flow_acknowledge(Flow *flow, uint64_t upto);

// The program said "not now" to `n`: this delivery and all later ones come again after flow_more().
// False when `n` was not handed out, or is processed.
bool
flow_rewind(Flow *flow, uint64_t n);

// The program can take so many deliveries more (0 after flow_rewind(): as many as before).
void
flow_more(Flow *flow, uint32_t deliveries);

#endif
