// SPDX-License-Identifier: EUPL-1.2
// The machine's tz database as a table. Knows: libc's localtime, the name of our zone. Must never
// know: terms, the files of the database.
#ifndef KETEN_BROKER_ZONE_H
#define KETEN_BROKER_ZONE_H

#include "base/arena.h"
#include "base/calendar.h"
#include "proto/errors.h"

// The table of Europe/Amsterdam, in the arena. Sets TZ while it runs, so it must be called before
// there are threads. KT_SETUP where the database is missing.
KtCode
zone_load(Arena *arena, const Zone **ret, Fault *fault);

#endif
