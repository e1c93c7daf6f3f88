// SPDX-License-Identifier: EUPL-1.2
// The command line of the benchmark. Knows: one table of options. Must never know: how anything is
// measured.
#include "tests/bench/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "tests/bench/board.h"

typedef bool (*OptionReader)(Options *options, const char *value);

typedef struct OptionRow {
    const char *name, *value, *help;
    OptionReader read;
} OptionRow;

static bool
number(const char *text, double least, double most, double *ret)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most))
        return false;
    *ret = value;
    return true;
}

static bool
whole(const char *text, uint32_t least, uint32_t most, uint32_t *ret)
{
    double value;
    if (!number(text, least, most, &value) || value != (double)(uint32_t)value)
        return false;
    *ret = (uint32_t)value;
    return true;
}

static bool
read_loads(Options *options, const char *list, uint32_t most, bool open)
{
    char *copy = strdup(list), *rest = copy;
    bool good = copy != NULL;
    for (char *word = strsep(&rest, ","); good && word; word = strsep(&rest, ",")) {
        uint32_t value = 0;
        good = options->load_count < LOADS_MOST && whole(word, 1, most, &value);
        if (good)
            options->loads[options->load_count++] =
                open ? (Load){.rate = value} : (Load){.depth = value};
    }
    free(copy);
    return good;
}

static bool
read_depth(Options *options, const char *value)
{
    return read_loads(options, value, 1024, false);
}

static bool
read_rate(Options *options, const char *value)
{
    return read_loads(options, value, 1000000, true);
}

static const char *const besides[BESIDES] = {
    [BESIDE_NONE] = "",       [BESIDE_CALM] = "calm",     [BESIDE_RETURNING] = "returning",
    [BESIDE_LISTS] = "lists", [BESIDE_UNREAD] = "unread", [BESIDE_TERMS] = "terms",
};

const char *
beside_name(Beside beside)
{
    return besides[beside];
}

#define BESIDE_RATE 500 // signals a second

static bool
read_beside(Options *options, const char *list)
{
    char *copy = strdup(list), *rest = copy;
    bool good = copy != NULL;
    for (char *word = strsep(&rest, ","); good && word; word = strsep(&rest, ",")) {
        Beside beside = BESIDE_CALM;
        while (beside < BESIDES && strcmp(word, besides[beside]) != 0)
            beside++;
        good = options->load_count < LOADS_MOST && beside < BESIDES;
        if (good)
            options->loads[options->load_count++] = (Load){.rate = BESIDE_RATE, .beside = beside};
    }
    free(copy);
    return good;
}

static bool
read_seconds(Options *options, const char *value)
{
    return number(value, 0.1, 86400, &options->seconds);
}

static bool
read_warm(Options *options, const char *value)
{
    return number(value, 0, 3600, &options->warm_seconds);
}

static bool
read_rounds(Options *options, const char *value)
{
    return whole(value, 1, ROUNDS_MOST, &options->rounds);
}

static bool
read_receivers(Options *options, const char *value)
{
    return whole(value, 1, RECEIVERS_MOST, &options->receivers);
}

static bool
read_plans(Options *options, const char *value)
{
    return whole(value, 1, 5000000, &options->plans);
}

static bool
read_seed(Options *options, const char *value)
{
    char *end;
    options->seed = strtoull(value, &end, 0);
    return end != value && *end == '\0';
}

static bool
read_place(Options *options, const char *value)
{
    options->place = value;
    return *value != '\0';
}

static bool
read_json(Options *options, const char *value)
{
    (void)value;
    options->json = true;
    return true;
}

static bool
read_keep(Options *options, const char *value)
{
    (void)value;
    options->keep = true;
    return true;
}

static const OptionRow rows[] = {
    {"depth", "N,…", "closed loop: commands without an answer (1,64,256)", read_depth},
    {"rate", "N,…", "open loop: signals a second, latency from the intended moment", read_rate},
    {"beside", "CASE,…", "500/s beside calm,returning,lists,unread,terms", read_beside},
    {"seconds", "S", "measured per run (5)", read_seconds},
    {"warm-up", "S", "under load before that (1)", read_warm},
    {"rounds", "N", "runs of each load, in turns (3)", read_rounds},
    {"receivers", "N", "partners that get each signal (1)", read_receivers},
    {"plans", "N", "open plans, filled before (10000)", read_plans},
    {"seed", "N", "of plans and contents (random, and told)", read_seed},
    {"dir", "DIR", "where the data goes: the disk to be measured (/var/tmp)", read_place},
    {"json", NULL, "a line per run and per load", read_json},
    {"keep", NULL, "leave the data directories", read_keep},
};
#define ROWS (sizeof rows / sizeof rows[0])

static void
help(FILE *to, const char *program)
{
    fprintf(to, "%s [options] DIR-OF-PROGRAMS\n", program);
    for (size_t i = 0; i < ROWS; i++)
        fprintf(to, "  --%-10s %-6s %s\n", rows[i].name, rows[i].value ? rows[i].value : "",
                rows[i].help);
}

static int
wrong(const char *program)
{
    help(stderr, program);
    return 2;
}

static void
defaults(Options *ret)
{
    *ret = (Options){.place = "/var/tmp",
                     .seconds = 5,
                     .warm_seconds = 1,
                     .rounds = 3,
                     .receivers = 1,
                     .plans = 10000};
    if (getrandom(&ret->seed, sizeof ret->seed, 0) != sizeof ret->seed)
        ret->seed = (uint64_t)now_ns();
    ret->seed &= UINT32_MAX;
}

int
options_read(int argc, char **argv, Options *ret)
{
    struct option table[ROWS + 2] = {0};
    for (size_t i = 0; i < ROWS; i++)
        table[i] =
            (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL, 1};
    table[ROWS] = (struct option){"help", no_argument, NULL, 'h'};
    defaults(ret);
    int index, option;
    while ((option = getopt_long(argc, argv, "h", table, &index)) != -1) {
        if (option == 'h') {
            help(stdout, argv[0]);
            return 0;
        }
        if (option != 1)
            return wrong(argv[0]);
        if (!rows[index].read(ret, optarg)) {
            fprintf(stderr, "--%s: not %s\n", rows[index].name, optarg);
            return wrong(argv[0]);
        }
    }
    if (optind != argc - 1)
        return wrong(argv[0]);
    ret->programs = argv[optind];
    if (ret->load_count == 0)
        read_depth(ret, "1,64,256");
    return -1;
}
