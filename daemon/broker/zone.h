// SPDX-License-Identifier: EUPL-1.2
// The machine's tz database as a table for whoever counts terms. Knows: libc's localtime, the name
// of our zone. Must never know: terms, the files of the database.
#ifndef KETEN_BROKER_ZONE_H
#define KETEN_BROKER_ZONE_H

#include "base/arena.h"
#include "base/calendar.h"
#include "proto/errors.h"

// What the clocks of Europe/Amsterdam do, as this machine knows it, in the arena. Sets TZ for as
// long as it runs: call it before there are threads. KT_SETUP where the database is missing.
KtCode
zone_load(Arena *arena, const Zone **ret, Fault *fault);

#endif
