// SPDX-License-Identifier: EUPL-1.2
// What two records of one person, or of one household, have in common though they are written
// differently: forms of a name and of an address to compare by. Knows: how Dutch registers write
// names and addresses. Must never know: who compares, keys - a form is personal,
// and what is kept of it is a keyed token.
#ifndef KETEN_PROTO_TRAITS_H
#define KETEN_PROTO_TRAITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

// Two people may be of one family when they share a form. Of "de Vries-Jansen": vries+jansen in the
// order written, with the prefixes, in the order of the alphabet, and each name by itself; so a
// maiden name meets the double name it is part of, in either order. Prefixes count in no place,
// written apart or as a field of their own.
#define NAME_FORMS_MAX 16u
typedef struct NameForms {
    const char *items[NAME_FORMS_MAX]; // in the arena, none twice
    size_t count;
} NameForms;

// Adds the forms of a surname; nothing for one without a letter. Beyond the room they are left out.
void
name_forms(const char *prefix, const char *surname, Arena *arena, NameForms *forms);

// The first of the given names; "" when there is none.
const char *
given_form(const char *given, Arena *arena);

// "1987-04-01" or "19870401", a month or day that is not known as 00 → "19870401". NULL for what
// is no date; "" for an empty text and for a year that is not known.
const char *
birth_form(const char *born, Arena *arena);

typedef struct Address {
    const char *postcode, *number, *letter, *addition, *municipality; // none is NULL
} Address;

// "0363 1067MD 275 H": letter and addition together, as they are written in either field. ""
// without an address. NULL when it is none, and *ret_part says which part of it is wrong.
const char *
address_form(const Address *address, Arena *arena, const char **ret_part);

#endif
