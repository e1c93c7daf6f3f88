// SPDX-License-Identifier: EUPL-1.2
// Deliveries by number: which one comes next, how many more may come, how far they were processed.
// Knows: numbers. Must never know: sockets, what a delivery says.
#ifndef KETEN_LIB_FLOW_H
#define KETEN_LIB_FLOW_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Flow {
    uint64_t history;
    uint64_t next;   // the number that comes next; 0: whatever comes first
    uint64_t handed; // the highest number the program has seen
    uint64_t acknowledged;
    uint64_t wanted;  // deliveries the program can take, counted from the start
    uint64_t taken;   // deliveries that came, each once
    uint64_t granted; // credit on its way in this session
    uint32_t credit;  // as asked for at the start
    bool paused;      // the program said not now: no credit leaves
    bool rewound;     // and what was on its way then is passed over
} Flow;

typedef enum FlowResult { FLOW_NEW, FLOW_AGAIN, FLOW_GAP } FlowResult;

void
flow_start(Flow *ret, uint32_t credit);

// A session stands: the daemon goes on after `acknowledged`. A looker (`from_cursor` false) takes
// what comes first.
void
flow_welcome(Flow *flow, uint64_t history, uint64_t acknowledged, bool from_cursor);

FlowResult
flow_take(Flow *flow, uint64_t history, uint64_t n);

// The credit to give now; 0: none. The caller sends it.
uint32_t
flow_grant(Flow *flow);

void
flow_handed(Flow *flow, uint64_t n);

// False when `upto` was never handed out.
bool
flow_acknowledge(Flow *flow, uint64_t upto);

// Not now: n comes again, and everything behind it, once flow_more was called. False when n was not
// handed out, or is processed.
bool
flow_rewind(Flow *flow, uint64_t n);

void
flow_more(Flow *flow, uint32_t deliveries);

#endif
