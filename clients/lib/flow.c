// SPDX-License-Identifier: EUPL-1.2
// The numbers of deliveries and the credit for them. Knows: what was handed out, acknowledged and
// asked for. Must never know: sockets.
//
// flow_welcome() begins a session. flow_take() tells a new delivery from a repeated one, which is
// never handed out again, and finds gaps. flow_grant() gives the credit that is due, and gives back
// the credit that repeated deliveries used up. A gap is the only failure; the caller then begins a
// new session.
#include "clients/lib/flow.h"

#include "base/assert.h"

void
flow_start(Flow *ret, uint32_t credit)
{
    *ret = (Flow){.wanted = credit, .credit = credit};
}

// In another history a number may name other content, so only the daemon's cursor counts.
static void
start_history(Flow *flow, uint64_t history, uint64_t acknowledged, bool from_cursor)
{
    flow->history = history;
    flow->next = 0;
    flow->handed = flow->acknowledged = acknowledged;
    if (from_cursor)
        flow->wanted = flow->taken + flow->credit;
}

// Another program may have acknowledged deliveries meanwhile; they take no room here any more.
static void
pass_cursor(Flow *flow, uint64_t acknowledged)
{
    uint64_t came = flow->next ? flow->next - 1 : 0;
    uint64_t upto = came < acknowledged ? came : acknowledged;
    if (upto > flow->acknowledged)
        flow->wanted += upto - flow->acknowledged;
    if (acknowledged > flow->acknowledged)
        flow->acknowledged = acknowledged;
    if (flow->next < acknowledged + 1)
        flow->next = acknowledged + 1;
}

void
flow_welcome(Flow *flow, uint64_t history, uint64_t acknowledged, bool from_cursor)
{
    flow->granted = 0;
    flow->rewound = false;
    if (flow->history != history)
        start_history(flow, history, acknowledged, from_cursor);
    if (from_cursor)
        pass_cursor(flow, acknowledged);
}

void
flow_forget(Flow *flow)
{
    flow->history = 0;
}

FlowResult
flow_take(Flow *flow, uint64_t history, uint64_t n)
{
    if (flow->granted)
        flow->granted--;
    if (history != flow->history || !n)
        return FLOW_GAP;
    if (flow->next && (n < flow->next || (flow->rewound && n > flow->next)))
        return FLOW_AGAIN;
    if (flow->next && n > flow->next)
        return FLOW_GAP;
    flow->next = n + 1;
    flow->rewound = false;
    flow->taken++;
    return FLOW_NEW;
}

uint32_t
flow_grant(Flow *flow)
{
    if (flow->paused)
        return 0;
    uint64_t room = flow->wanted > flow->taken ? flow->wanted - flow->taken : 0;
    if (room <= flow->granted)
        return 0;
    uint64_t give = room - flow->granted;
    if (flow->granted && give < flow->credit / 2)
        return 0;
    if (give > UINT32_MAX)
        give = UINT32_MAX;
    flow->granted += give;
    return (uint32_t)give;
}

void
flow_handed(Flow *flow, uint64_t n)
{
    if (n > flow->handed)
        flow->handed = n;
}

bool
flow_acknowledge(Flow *flow, uint64_t upto)
{
    if (upto > flow->handed)
        return false;
    if (upto <= flow->acknowledged)
        return true;
    flow->wanted += upto - flow->acknowledged;
    flow->acknowledged = upto;
    return true;
}

bool
flow_rewind(Flow *flow, uint64_t n)
{
    if (!n || n > flow->handed || n <= flow->acknowledged || n >= flow->next)
        return false;
    ASSERT(flow->taken >= flow->next - n);
    flow->taken -= flow->next - n;
    flow->next = n;
    flow->granted = 0;
    flow->paused = flow->rewound = true;
    return true;
}

void
flow_more(Flow *flow, uint32_t deliveries)
{
    flow->paused = false;
    flow->wanted += deliveries;
}
