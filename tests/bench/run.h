// SPDX-License-Identifier: EUPL-1.2
// One run: a fresh store, a daemon, a publisher, receivers, one load. Knows: the order of a run,
// and what must be true of it for its figures to count. Must never know: how figures are shown.
#ifndef KETEN_BENCH_RUN_H
#define KETEN_BENCH_RUN_H

#include "tests/bench/figures.h"

// False, with a line in `why`, when there are no figures.
bool
run_load(const Options *options, Load load, uint32_t round, Figures *ret, char *why,
         size_t why_size);

#endif
