// SPDX-License-Identifier: EUPL-1.2
// The options of the benchmark. Knows: the command line. Must never know: how anything is measured.
#ifndef KETEN_BENCH_OPTIONS_H
#define KETEN_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOADS_MOST  16
#define ROUNDS_MOST 100

// The work beside a load that is compared with a calm one.
typedef enum Beside {
    BESIDE_NONE = 0,  // an ordinary load
    BESIDE_CALM,      // the load that the others are compared with
    BESIDE_RETURNING, // a partner comes back to a delivery of every plan
    BESIDE_LISTS,     // a partner asks for lists of all plans
    BESIDE_UNREAD,    // 32 sessions ask for deliveries and read none
    BESIDE_TERMS,     // a term of every plan has passed while the daemon did not run
    BESIDES
} Beside;

const char *
beside_name(Beside beside);

// Closed loop: so many commands without an answer. Open loop: so many a second, however many
// answers come back.
typedef struct Load {
    uint32_t depth; // 0: open loop
    uint32_t rate;
    Beside beside;
} Load;

typedef struct Options {
    const char *programs; // directory of ketend and keten
    const char *place;    // directory for the data, on the disk to be measured
    Load loads[LOADS_MOST];
    size_t load_count;
    double seconds, warm_seconds;
    uint32_t rounds, receivers, plans;
    uint64_t seed;
    bool json;
    bool keep; // leave the data directories
} Options;

// -1: go on. Otherwise the exit status: the help or an error has been printed.
int
options_read(int argc, char **argv, Options *ret);

#endif
