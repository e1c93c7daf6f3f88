// SPDX-License-Identifier: EUPL-1.2
// The list of changes that a projection fills. See projection.h.
// Knows: keys of rows, timers. Must never know: events.
#include "daemon/engine/record/projection.h"

#include <string.h>

#include "base/assert.h"
#include "proto/message.h"

static Change *
change_of(Projection *p, Key key)
{
    p->changes.items =
        arena_more(p->arena, p->changes.items, p->changes.count, sizeof *p->changes.items);
    Change *change = &p->changes.items[p->changes.count++];
    *change = (Change){.key_length = key.length};
    memcpy(change->key, key.bytes, key.length);
    return change;
}

void
projection_put(Projection *p, Key key, const ProtobufCMessage *row)
{
    change_of(p, key)->row = row;
}

void
projection_drop(Projection *p, Key key)
{
    change_of(p, key)->drop = true;
}

void
projection_put_number(Projection *p, Key key, uint64_t number)
{
    Keten__V1__NumberRow *row = NEW(p->arena, Keten__V1__NumberRow, number_row);
    row->number = number;
    projection_put(p, key, &row->base);
}

static Key
timer_key(int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind, uint64_t step)
{
    return key_u64(key_u8(key_u64(key_instant(key_of(TABLE_TIMER), due_ms), plan), (uint8_t)kind),
                   step);
}

void
projection_move_timer(Projection *p, int64_t was_ms, int64_t due_ms, uint64_t plan,
                      Keten__V1__TimerKind kind, uint64_t step)
{
    if (was_ms == due_ms)
        return;
    if (was_ms != 0)
        projection_drop(p, timer_key(was_ms, plan, kind, step));
    if (due_ms == 0)
        return;
    Keten__V1__TimerRow *row = NEW(p->arena, Keten__V1__TimerRow, timer_row);
    row->kind = kind;
    row->plan = plan;
    row->step = step;
    projection_put(p, timer_key(due_ms, plan, kind, step), &row->base);
}

ProtobufCBinaryData
projection_part_body(const Projection *p, uint32_t part)
{
    ASSERT(part < p->record->n_parts);
    return p->record->parts[part]->body;
}
