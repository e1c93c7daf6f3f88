// SPDX-License-Identifier: EUPL-1.2
// Filters on the fields of a fact. Knows: fields and their values. Must never know: what a filter
// decides.
#ifndef KETEN_FILES_ARRANGEMENT_FILTERS_H
#define KETEN_FILES_ARRANGEMENT_FILTERS_H

#include "daemon/files/arrangement_form.h"

// A map of fields to one value or a list of values, as `when` has it. Returns how many filters
// there are. When the fact itself is wrong, `fact` and `fields` are NULL and no field is an error.
size_t
filters_read(Reader *reader, const Node *node, const FactKind *fact, const char *on,
             const Node *fields, Keten__V1__Filter ***ret);

#endif
