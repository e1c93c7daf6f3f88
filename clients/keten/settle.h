// SPDX-License-Identifier: EUPL-1.2
// An answer to a matter about plans. Must never know: what follows from it.
#ifndef KETEN_CLIENTS_KETEN_SETTLE_H
#define KETEN_CLIENTS_KETEN_SETTLE_H

#include "clients/keten/tool.h"

int
settle_matter(Tool *tool, const Args *args, const char *outcome);

#endif
