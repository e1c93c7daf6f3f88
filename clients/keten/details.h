// SPDX-License-Identifier: EUPL-1.2
// The details of a person, such as name and address, as options and as JSON. Knows: the names of
// the details. Must never know: which values they may have; the daemon says so.
#ifndef KETEN_TOOL_DETAILS_H
#define KETEN_TOOL_DETAILS_H

#include <jansson.h>

#include "clients/keten/give.h"

// Sets the detail with this name. False for an unknown name; *ret_near is then the nearest known
// one or NULL.
bool
detail_put(Arena *arena, Keten__V1__PersonDetails *details, const char *name, const char *value,
           const char **ret_near);

// The --detail options, each of the --person before it; none given: *ret_count 0. The exit status.
int
details_take(Tool *tool, const Args *args, Keten__V1__PersonDetails ***ret, size_t *ret_count);

#endif
