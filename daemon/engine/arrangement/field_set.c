// SPDX-License-Identifier: EUPL-1.2
// Sets of a fact's fields. See field_set.h.
// Knows: bits. Must never know: partners, purposes.
#include "daemon/engine/arrangement/field_set.h"

#include <string.h>

#include "base/assert.h"
#include "proto/limits.h"

#define BITS 64u
_Static_assert(LIMIT_FIELDS_PER_FACT <= BITS, "every field of a fact has a bit");

// A place beyond the last bit is in no set.
static bool
has_bit(uint64_t bits, size_t at)
{
    return at < BITS && (bits >> at & 1) != 0;
}

FieldSet
field_set_of(uint64_t stored)
{
    return (FieldSet){stored};
}

bool
field_set_is_empty(FieldSet set)
{
    return set.bits == 0;
}

void
field_set_add(FieldSet *set, size_t place)
{
    ASSERT(place < BITS);
    set->bits |= UINT64_C(1) << place;
}

FieldSet
field_set_without(FieldSet set, FieldSet other)
{
    return (FieldSet){set.bits & ~other.bits};
}

FieldWalk
field_walk(const FactRow *fact, const FactKind *kind, FieldSet set)
{
    if (kind == NULL)
        return (FieldWalk){.kind = NULL};
    ASSERT(fact != NULL && strcmp(fact->kind, kind->name) == 0);
    return (FieldWalk){.kind = kind, .present = fact->present, .set = set};
}

bool
field_next(FieldWalk *walk, PresentField *ret)
{
    while (walk->kind != NULL && walk->at < walk->kind->n_fields) {
        const size_t at = walk->at++;
        if (!has_bit(walk->present, at))
            continue;
        const size_t place = walk->place++;
        if (!has_bit(walk->set.bits, place))
            continue;
        *ret = (PresentField){.place = place, .at = at, .field = walk->kind->fields[at]};
        return true;
    }
    return false;
}

FieldSet
field_set_of_type(const FactRow *fact, const FactKind *kind, Keten__V1__FieldType type)
{
    FieldSet set = FIELD_SET_NONE;
    FieldWalk walk = field_walk(fact, kind, FIELD_SET_ALL);
    PresentField present;
    while (field_next(&walk, &present))
        if (present.field->type == type)
            field_set_add(&set, present.place);
    return set;
}

size_t
field_set_values(FieldSet set, const PartBody *body, Field **ret)
{
    ASSERT(body != NULL);
    size_t count = 0;
    for (size_t place = 0; place < body->n_fields; place++)
        if (has_bit(set.bits, place))
            ret[count++] = body->fields[place];
    return count;
}

void
present_add(uint64_t *present, size_t at)
{
    ASSERT(at < BITS);
    *present |= UINT64_C(1) << at;
}

size_t
present_count(uint64_t present)
{
    size_t count = 0;
    for (size_t at = 0; at < BITS; at++)
        count += has_bit(present, at);
    return count;
}
