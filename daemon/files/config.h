// SPDX-License-Identifier: EUPL-1.2
// ketend.yaml (docs: ketend.yaml(5)) → settings. Knows: the file's grammar, where relative paths
// start. Must never know: what the paths lead to, what the settings set in motion.
#ifndef KETEN_FILES_CONFIG_H
#define KETEN_FILES_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/files/errors.h"

enum { CONFIG_LISTEN_MAX = 16 };

typedef struct Config {
    const char *file; // as given
    const char *listen[CONFIG_LISTEN_MAX];
    size_t listen_count;
    const char *data;   // paths: absolute, or relative to the working directory as `file` is
    const char *served; // beside data, unless set: a copy of data does not have it
    const char *secrets;
    const char *partners;
    const char *arrangements;
    bool new_curve_key; // from the command line: curve.key was replaced on purpose
    bool demo;          // the clock may be driven
    uint32_t reads_per_hour, refusals_per_hour; // of one partner, at most
    uint32_t snapshot_every; // records; then the state is written beside the journal
    bool time_sync;          // believe the kernel when it says that the clock is synchronised
    int64_t start_ms;        // birth of a driven store, ms since 1970; 2000-01-01 unless set
} Config;

// *ret is set only when there is no error at all. The strings lie in the arena; `file` is for
// relative paths only.
KtCode
config_read(const char *bytes, size_t length, const char *file, Arena *arena, Config *ret,
            FileErrors *ret_errors);

// All settings with their effective values, as YAML that config_read takes.
char *
config_text(const Config *config, Arena *arena);

#endif
