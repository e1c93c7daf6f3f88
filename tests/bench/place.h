// SPDX-License-Identifier: EUPL-1.2
// A fresh chain per run, and the real daemon on it. Knows: directories, ketend and keten as
// programs. Must never know: the wire.
#ifndef KETEN_BENCH_PLACE_H
#define KETEN_BENCH_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#define PATH_BYTES 512

typedef struct Place {
    const char *programs;
    char directory[PATH_BYTES]; // "" when nothing was made
    pid_t daemon;               // 0 when none runs
} Place;

// A new directory in `parent`.
bool
place_make(const char *parent, const char *programs, Place *ret, char *why, size_t why_size);
// The arrangement, keys and configuration for so many receivers; `terms` as content_arrangement has
// it.
bool
place_init(const Place *place, unsigned receivers, bool terms, char *why, size_t why_size);
// Returns when the daemon listens.
bool
place_start(Place *place, char *why, size_t why_size);
// Sends SIGTERM. True when the daemon exits with 0.
bool
place_stop(Place *place);
void
place_done(Place *place, bool keep);

void
place_context(const Place *place, const char *partner, char ret[PATH_BYTES]);

// True when the data lies in memory instead of on a disk.
bool
place_is_memory(const char *parent);

#endif
