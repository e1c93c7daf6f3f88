// SPDX-License-Identifier: EUPL-1.2
// The figures of runs, and how they are shown. Knows: names, medians, a table, JSON lines. Must
// never know: how anything is measured.
#ifndef KETEN_BENCH_FIGURES_H
#define KETEN_BENCH_FIGURES_H

#include <stdio.h>

#include "tests/bench/options.h"

typedef enum FigureKind {
#define FIGURE(NAME, json, label, decimals) FIGURE_##NAME,
#include "tests/bench/figures.def"
#undef FIGURE
    FIGURES
} FigureKind;

// The figures of one run. NAN where the machine does not count.
typedef struct Figures {
    double values[FIGURES];
    uint64_t signals; // acknowledged in the measured time
    uint64_t sent;    // in the whole run; each was delivered and acknowledged once
    uint64_t wire_bytes;
} Figures;

// All runs of one load.
typedef struct Series {
    Load load;
    Figures runs[ROUNDS_MOST];
    size_t count;
} Series;

void
figures_json(FILE *to, const Options *options, const Series *series, size_t run);
void
figures_json_summary(FILE *to, const Options *options, const Series *series);
// Medians over the rounds, with the least and the greatest value; a column per load.
void
figures_table(FILE *to, const Series *series, size_t count);

#endif
