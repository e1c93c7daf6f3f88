// SPDX-License-Identifier: EUPL-1.2
// The forms of a name and of an address by which persons and households are compared, so that two
// registers that write them differently still meet. Knows: how Dutch registers write names and
// addresses. Must never know: keys, which records are compared.
// A form is personal. Only a keyed token of it is stored (store/secret.h), so its bytes may never
// change.
#ifndef KETEN_PROTO_TRAITS_H
#define KETEN_PROTO_TRAITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

// The forms of a surname: two persons who share a form may be of one family. The name
// "de Vries-Jansen" has these forms: vries+jansen as written, the same with its prefixes, the same
// in the order of the alphabet, and each name alone. So a maiden name meets a double name that
// contains it, in either order. Prefixes may stand in the name or in a field of their own.
#define NAME_FORMS_MAX 16u
typedef struct NameForms {
    const char *items[NAME_FORMS_MAX]; // in the arena, none twice
    size_t count;
} NameForms;

// Adds the forms of a surname, as far as there is room. A surname without a letter has none.
void
name_forms(const char *prefix, const char *surname, Arena *arena, NameForms *forms);

// The first of the given names; "": there is none.
const char *
given_form(const char *given, Arena *arena);

// "1987-04-01" or "19870401" → "19870401"; an unknown month or day is 00. NULL: the text is no
// date. "": the text is empty, or the year is not known.
const char *
birth_form(const char *born, Arena *arena);

typedef struct Address {
    const char *postcode, *number, *letter, *addition, *municipality; // no pointer is NULL
} Address;

// "0363 1067MD 275 H", with letter and addition joined, since registers write them in either field.
// "": there is no address. NULL: it is not a valid one, and *ret_wrong names the field that is
// wrong.
const char *
address_form(const Address *address, Arena *arena, const char **ret_wrong);

#endif
