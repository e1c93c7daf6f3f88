// SPDX-License-Identifier: EUPL-1.2
// The figures of runs, and how they are shown. Knows: names, medians, a table, JSON lines. Must
// never know: how anything is measured.
#include "tests/bench/figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN       28
#define LABEL        38
#define COLUMNS_MOST 3u // in a hundred and twenty characters

typedef struct FigureRow {
    const char *json, *label;
    int decimals;
} FigureRow;

static const FigureRow rows[FIGURES] = {
#define FIGURE(NAME, json, label, decimals) [FIGURE_##NAME] = {json, label, decimals},
#include "tests/bench/figures.def"
#undef FIGURE
};

typedef struct Spread {
    double median, least, most;
} Spread;

static int
by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static Spread
spread_of(const Series *series, size_t figure)
{
    double values[ROUNDS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < series->count; i++)
        if (!isnan(series->runs[i].values[figure]))
            values[count++] = series->runs[i].values[figure];
    if (count == 0)
        return (Spread){NAN, NAN, NAN};
    qsort(values, count, sizeof values[0], by_value);
    const double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    return (Spread){median, values[0], values[count - 1]};
}

#define SIGNIFICANT 9 // digits for programs: a ratio may be very small where the disk is memory

static void
json_number(FILE *to, const char *name, double value)
{
    if (isnan(value))
        fprintf(to, ",\"%s\":null", name);
    else
        fprintf(to, ",\"%s\":%.*g", name, SIGNIFICANT, value);
}

static void
json_head(FILE *to, const char *row, const Options *options, const Load *load)
{
    fprintf(to, "{\"row\":\"%s\"", row);
    if (load->beside != BESIDE_NONE)
        fprintf(to, ",\"beside\":\"%s\"", beside_name(load->beside));
    if (load->depth > 0)
        fprintf(to, ",\"depth\":%" PRIu32, load->depth);
    else
        fprintf(to, ",\"rate\":%" PRIu32, load->rate);
    fprintf(to, ",\"receivers\":%" PRIu32 ",\"plans\":%" PRIu32 ",\"seconds\":%g,\"seed\":%" PRIu64,
            options->receivers, options->plans, options->seconds, options->seed);
}

void
figures_json(FILE *to, const Options *options, const Series *series, size_t run)
{
    const Figures *figures = &series->runs[run];
    json_head(to, "run", options, &series->load);
    fprintf(to,
            ",\"round\":%zu,\"signals\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"wire_bytes\":%" PRIu64,
            run + 1, figures->signals, figures->sent, figures->wire_bytes);
    for (size_t i = 0; i < FIGURES; i++)
        json_number(to, rows[i].json, figures->values[i]);
    fprintf(to, "}\n");
    fflush(to);
}

void
figures_json_summary(FILE *to, const Options *options, const Series *series)
{
    json_head(to, "median", options, &series->load);
    fprintf(to, ",\"rounds\":%zu", series->count);
    for (size_t i = 0; i < FIGURES; i++) {
        char name[64];
        const Spread spread = spread_of(series, i);
        json_number(to, rows[i].json, spread.median);
        snprintf(name, sizeof name, "%s_min", rows[i].json);
        json_number(to, name, spread.least);
        snprintf(name, sizeof name, "%s_max", rows[i].json);
        json_number(to, name, spread.most);
    }
    fprintf(to, "}\n");
    fflush(to);
}

static void
table_cell(FILE *to, Spread spread, int decimals)
{
    char cell[COLUMN * 4];
    if (isnan(spread.median))
        snprintf(cell, sizeof cell, "-");
    else if (spread.least == spread.most)
        snprintf(cell, sizeof cell, "%.*f", decimals, spread.median);
    else
        snprintf(cell, sizeof cell, "%.*f [%.*f-%.*f]", decimals, spread.median, decimals,
                 spread.least, decimals, spread.most);
    fprintf(to, "%*s", COLUMN, cell);
}

static void
table_head(FILE *to, const Series *series, size_t count)
{
    fprintf(to, "%-*s", LABEL, "median [from-to]");
    for (size_t i = 0; i < count; i++) {
        char cell[COLUMN];
        const Load *load = &series[i].load;
        if (load->beside != BESIDE_NONE)
            snprintf(cell, sizeof cell, "%s", beside_name(load->beside));
        else if (load->depth > 0)
            snprintf(cell, sizeof cell, "depth %" PRIu32, load->depth);
        else
            snprintf(cell, sizeof cell, "%" PRIu32 "/s", load->rate);
        fprintf(to, "%*s", COLUMN, cell);
    }
    fputc('\n', to);
}

static void
table_part(FILE *to, const Series *series, size_t count)
{
    table_head(to, series, count);
    for (size_t row = 0; row < FIGURES; row++) {
        fprintf(to, "%-*s", LABEL, rows[row].label);
        for (size_t i = 0; i < count; i++)
            table_cell(to, spread_of(&series[i], row), rows[row].decimals);
        fputc('\n', to);
    }
}

void
figures_table(FILE *to, const Series *series, size_t count)
{
    for (size_t from = 0; from < count; from += COLUMNS_MOST) {
        const size_t left = count - from;
        table_part(to, series + from, left < COLUMNS_MOST ? left : COLUMNS_MOST);
        fputc('\n', to);
    }
}
