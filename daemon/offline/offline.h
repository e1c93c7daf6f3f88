// SPDX-License-Identifier: EUPL-1.2
// Work on a stopped store or on a file, without a daemon. Knows: the offline commands. Must never
// know: sockets, the log.
#ifndef KETEN_OFFLINE_OFFLINE_H
#define KETEN_OFFLINE_OFFLINE_H

#include "base/arena.h"
#include "proto/errors.h"

// The errors of a run, for the caller to log. At most one of the two is set.
typedef struct OfflineReport {
    Fault fault;       // code KT_OK: none
    const char *lines; // errors in a file, a line each, in the arena; NULL: none
} OfflineReport;

// Runs one command. `words`: what follows --offline, the command first. Results go to stdout. Gives
// the exit status of the process.
int
offline_run(int count, char **words, KtLanguage language, Arena *arena, OfflineReport *ret_report);

#endif
