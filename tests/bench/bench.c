// SPDX-License-Identifier: EUPL-1.2
// The benchmark: publisher, durable, receiver, acknowledged - with the real daemon, a process each,
// on loopback. Knows: rounds in turns, what is printed. Must never know: how a figure is measured.
// docs/BENCHMARK.md says what the figures mean.
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>

#include "tests/bench/figures.h"
#include "tests/bench/options.h"
#include "tests/bench/place.h"
#include "tests/bench/run.h"

static void
tell_start(const Options *options)
{
    FILE *to = options->json ? stderr : stdout;
    fprintf(to,
            "%" PRIu32 " round%s of %g s after %g s warm-up, %" PRIu32 " receiver%s, %" PRIu32
            " plans, CURVE on, seed %" PRIu64 ", data under %s\n",
            options->rounds, options->rounds == 1 ? "" : "s", options->seconds,
            options->warm_seconds, options->receivers, options->receivers == 1 ? "" : "s",
            options->plans, options->seed, options->place);
    if (place_is_memory(options->place))
        fprintf(to, "%s is memory: nothing here is durable, and no figure of the disk counts\n",
                options->place);
    fflush(to);
}

static void
tell_run(const Options *options, const Series *series)
{
    const Figures *run = &series->runs[series->count - 1];
    if (options->json) {
        figures_json(stdout, options, series, series->count - 1);
        return;
    }
    printf("round %zu, %s %" PRIu32 ": %.0f signals/s; %" PRIu64
           " sent, each answered, delivered and acknowledged once\n",
           series->count,
           series->load.beside != BESIDE_NONE ? beside_name(series->load.beside)
           : series->load.depth > 0           ? "depth"
                                              : "rate",
           series->load.depth > 0 ? series->load.depth : series->load.rate,
           run->values[FIGURE_RATE], run->sent);
    fflush(stdout);
}

// The figures of a run against those of the calm run of the same round.
static void
compare(const Options *options, Series *series, uint32_t round)
{
    const Series *calm = NULL;
    for (size_t i = 0; i < options->load_count; i++)
        if (series[i].load.beside == BESIDE_CALM)
            calm = &series[i];
    for (size_t i = 0; i < options->load_count; i++) {
        double *values = series[i].runs[round].values;
        values[FIGURE_RECEIPT_P50_OF_CALM] = values[FIGURE_RECEIPT_P99_OF_CALM] = (double)NAN;
        if (calm == NULL || series[i].load.beside == BESIDE_NONE)
            continue;
        const double *base = calm->runs[round].values;
        values[FIGURE_RECEIPT_P50_OF_CALM] = values[FIGURE_RECEIPT_P50] / base[FIGURE_RECEIPT_P50];
        values[FIGURE_RECEIPT_P99_OF_CALM] = values[FIGURE_RECEIPT_P99] / base[FIGURE_RECEIPT_P99];
    }
}

static bool
run_rounds(const Options *options, Series *series)
{
    char why[512] = "";
    for (uint32_t round = 0; round < options->rounds; round++) {
        for (size_t i = 0; i < options->load_count; i++) {
            Figures *figures = &series[i].runs[series[i].count];
            if (!run_load(options, options->loads[i], round, figures, why, sizeof why)) {
                fprintf(stderr, "bench: %s\n", why);
                return false;
            }
            series[i].count++;
        }
        compare(options, series, round);
        for (size_t i = 0; i < options->load_count; i++)
            tell_run(options, &series[i]);
    }
    return true;
}

int
main(int argc, char **argv)
{
    static Series series[LOADS_MOST];
    Options options;
    const int status = options_read(argc, argv, &options);
    if (status >= 0)
        return status;
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < options.load_count; i++)
        series[i].load = options.loads[i];
    tell_start(&options);
    if (!run_rounds(&options, series))
        return 3;
    for (size_t i = 0; options.json && i < options.load_count; i++)
        figures_json_summary(stdout, &options, &series[i]);
    if (!options.json) {
        putchar('\n');
        figures_table(stdout, series, options.load_count);
    }
    return 0;
}
