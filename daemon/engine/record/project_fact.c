// SPDX-License-Identifier: EUPL-1.2
// Rows of facts: the latest version, every version with its values, the kinds that stand. See
// project_fact.h.
// Knows: the tables of facts. Must never know: fields, purposes, what a value says.
#include "daemon/engine/record/project_fact.h"

#include <string.h>

#include "proto/message.h"

// A fact of this record gets the record's position; one that stood before has its own already.
static FactRow *
placed(Projection *p, const FactRow *row)
{
    FactRow *copy = NEW(p->arena, FactRow, fact_row);
    *copy = *row;
    if (copy->position == 0)
        copy->position = p->position;
    return copy;
}

static Key
kind_key(uint64_t plan, const char *kind)
{
    return key_bytes(key_plan(plan, PLAN_SUB_KIND), kind, strlen(kind));
}

static void
put_kind(Projection *p, uint64_t plan, const FactRow *latest, uint32_t live)
{
    KindRow *row = NEW(p->arena, KindRow, kind_row);
    row->kind = latest->kind;
    row->latest = placed(p, latest);
    row->live = live;
    projection_put(p, kind_key(plan, latest->kind), &row->base);
}

void
project_fact(Projection *p, const Keten__V1__FactAdded *added)
{
    FactRow *row = placed(p, added->row);
    projection_put(p, key_u64(key_plan(row->plan, PLAN_SUB_FACT), row->fact), &row->base);
    projection_put_number(p, key_u64(key_of(TABLE_FACT_PLAN), row->fact), row->plan);
    Keten__V1__PartRow *part = NEW(p->arena, Keten__V1__PartRow, part_row);
    part->row = row;
    part->body = projection_part_body(p, row->part);
    projection_put(p, key_u32(key_u64(key_of(TABLE_FACT_VERSION), row->fact), row->version),
                   &part->base);
    if (added->latest)
        put_kind(p, row->plan, row, added->live);
}

void
project_withdrawn(Projection *p, const Keten__V1__FactWithdrawn *withdrawn)
{
    const FactRow *row = placed(p, withdrawn->row);
    projection_put(p, key_u64(key_plan(row->plan, PLAN_SUB_FACT), row->fact), &row->base);
    if (withdrawn->latest == NULL)
        projection_drop(p, kind_key(withdrawn->plan, row->kind));
    else
        put_kind(p, withdrawn->plan, withdrawn->latest, withdrawn->live);
}

void
project_shared(Projection *p, const Keten__V1__FactShared *shared)
{
    put_kind(p, shared->plan, shared->latest, 1);
}
