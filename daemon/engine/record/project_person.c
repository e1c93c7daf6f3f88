// SPDX-License-Identifier: EUPL-1.2
// Rows of persons: their numbers, memberships, likeness tokens. See project_person.h.
// Knows: the tables of persons and members. Must never know: names, addresses, why somebody joined.
#include "daemon/engine/record/project_person.h"

#include "proto/message.h"
#include "proto/sizes.h"

void
project_person(Projection *p, const Keten__V1__PersonSeen *seen)
{
    Keten__V1__PersonRow *row = NEW(p->arena, Keten__V1__PersonRow, person_row);
    row->token = seen->token;
    row->worker = seen->worker;
    if (seen->part != 0)
        row->body = projection_part_body(p, seen->part - 1);
    projection_put(p, key_u64(key_of(TABLE_PERSON), seen->person), &row->base);
    projection_put_number(
        p, key_bytes(key_of(TABLE_PERSON_TOKEN), seen->token.data, seen->token.len), seen->person);
}

void
project_member(Projection *p, const Keten__V1__MemberJoined *joined)
{
    Keten__V1__MemberRow *row = NEW(p->arena, Keten__V1__MemberRow, member_row);
    row->since_ms = joined->since_ms;
    row->since = joined->since;
    row->why = joined->why;
    projection_put(p, key_u64(key_plan(joined->plan, PLAN_SUB_MEMBER), joined->person), &row->base);
    projection_put_number(
        p, key_u64(key_of(joined->second ? TABLE_SECOND : TABLE_MEMBER), joined->person),
        joined->plan);
}

void
project_left(Projection *p, const Keten__V1__MemberLeft *left)
{
    projection_drop(p, key_u64(key_plan(left->plan, PLAN_SUB_MEMBER), left->person));
    projection_put(
        p,
        key_u64(key_u64(key_u64(key_of(TABLE_MEMBER_PAST), left->plan), left->person), p->position),
        &left->row->base);
}

static void
put_or_drop(Projection *p, Key key, uint64_t number)
{
    if (number != 0)
        projection_put_number(p, key, number);
    else
        projection_drop(p, key);
}

void
project_placed(Projection *p, const Keten__V1__MemberPlaced *placed)
{
    const Key departed = key_u64(key_of(TABLE_DEPARTED), placed->person);
    put_or_drop(p, key_u64(key_of(TABLE_MEMBER), placed->person), placed->leads);
    put_or_drop(p, key_u64(key_of(TABLE_SECOND), placed->person), placed->second);
    if (placed->gone != NULL)
        projection_put(p, departed, &placed->gone->base);
    else if (placed->back)
        projection_drop(p, departed);
}

static Key
at_key(ProtobufCBinaryData tokens, size_t at, uint64_t person)
{
    return key_u64(key_bytes(key_of(TABLE_AT), tokens.data + at, TOKEN_BYTES), person);
}

static void
drop_tokens(Projection *p, ProtobufCBinaryData tokens, uint64_t person)
{
    for (size_t at = 0; at + TOKEN_BYTES <= tokens.len; at += TOKEN_BYTES)
        projection_drop(p, at_key(tokens, at, person));
}

static void
put_tokens(Projection *p, ProtobufCBinaryData tokens, uint64_t person)
{
    for (size_t at = 0; at + TOKEN_BYTES <= tokens.len; at += TOKEN_BYTES)
        projection_put(p, at_key(tokens, at, person), NULL);
}

void
project_likened(Projection *p, const Keten__V1__PersonTraced *likened)
{
    if (likened->was != NULL) {
        drop_tokens(p, likened->was->address, likened->person);
        drop_tokens(p, likened->was->born, likened->person);
    }
    put_tokens(p, likened->row->address, likened->person);
    put_tokens(p, likened->row->born, likened->person);
    projection_put(p, key_u64(key_of(TABLE_LIKENESS), likened->person), &likened->row->base);
}

void
project_paired(Projection *p, const Keten__V1__PlansPaired *paired)
{
    const Key key = key_u64(key_u64(key_of(TABLE_PAIR), paired->low), paired->high);
    projection_put(p, key, &paired->row->base);
}
