// SPDX-License-Identifier: EUPL-1.2
// ketend: the command line, and what a process must be before it opens anything. Knows: options,
// exit statuses. Must never know: how the daemon works.
// The path: main() hardens the process, reads the options (read_arguments) and goes to run(): help,
// a report on a stopped store, or the settings (read_settings, with_settings) and then serve(). A
// mistake on the command line is told once and gives the exit status of KT_USAGE.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/options.h"
#include "base/plain.h"
#include "daemon/broker/serve.h"
#include "daemon/files/config_load.h"
#include "daemon/files/served.h"
#include "daemon/offline/offline.h"

typedef enum OptionId {
#define OPTION(id, name, argument, nl, en) OPTION_##id,
#include "daemon/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

static const OptionRow rows[OPTION_COUNT] = {
#define OPTION(id, name, argument, nl, en) [OPTION_##id] = {name, argument, {nl, en}},
#include "daemon/options.def"
#undef OPTION
};

static const OptionTable table = {.rows = rows, .count = OPTION_COUNT, .last = OPTION_OFFLINE};

typedef struct Arguments {
    const char *values[OPTION_COUNT]; // NULL: not given; "" for an option without an argument
    int rest;                         // index in argv of the first word that is no option
} Arguments;

// Personal data passes through this process: it leaves no core, and its files are its own.
static void
harden(void)
{
    const struct rlimit none = {0, 0};
    umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

static void
print_help(KtLanguage language)
{
    puts(language == KT_NL ? "Gebruik: ketend --config FILE [--data DIR] [--clock real|driven]"
                           : "Usage: ketend --config FILE [--data DIR] [--clock real|driven]");
    puts("         ketend --config FILE --check-config | --print-config | --new-curve-key");
    puts("         ketend --offline verify DIR | digest DIR");
    puts("         ketend --offline backup DIR DEST");
    puts("         ketend --offline restore SRC DIR [--upto N] [--try] [--replace-newer]");
    puts("         ketend --offline restored DIR [--served DIR]");
    puts("         ketend --offline handovers DIR [--matrix] [--from T] [--to T]");
    puts("         ketend --offline arrangement check FILE | arrangement show FILE\n");
    options_help(&table, language - KT_NL, stdout);
}

static int
usage(const Log *log, const char *what)
{
    Fault fault;
    fault_set(&fault, KT_USAGE, "%s", what);
    log_fault(log, &fault);
    return error_find(KT_USAGE)->exit;
}

// False after the mistake has been told. Reading stops at --offline: what follows belongs to it.
static bool
read_arguments(int argc, char **argv, const Log *log, Arguments *ret)
{
    const char *wrong = options_parse(&table, argc, argv, ret->values, &ret->rest);
    if (wrong != NULL) {
        usage(log, wrong);
        return false;
    }
    if (ret->values[OPTION_OFFLINE] == NULL && ret->rest < argc) {
        usage(log, argv[ret->rest]);
        return false;
    }
    return true;
}

// The exit status, or 0 with the settings.
static int
read_settings(const Arguments *arguments, const Log *log, Arena *arena, Config *ret)
{
    Fault fault = {.code = KT_OK};
    FileErrors errors = {0};
    const char *file = arguments->values[OPTION_CONFIG];
    const KtCode code = config_load(file, arena, ret, &errors, &fault);
    if (errors.count > 0)
        log_text(log, LOG_LEVEL_ERROR,
                 file_errors_text(file, &errors, KT_FILE_CONTENT, log->language, arena));
    else if (code != KT_OK)
        log_fault(log, &fault);
    if (code == KT_OK && arguments->values[OPTION_DATA] != NULL) {
        ret->data = arguments->values[OPTION_DATA];
        ret->served = served_beside(ret->data, arena); // a mark belongs to its data
    }
    if (code == KT_OK)
        ret->new_curve_key = arguments->values[OPTION_NEW_CURVE_KEY] != NULL;
    return code == KT_OK ? 0 : error_find(code)->exit;
}

static int
with_settings(const Arguments *arguments, const Config *config, const Log *log, Arena *arena)
{
    const char *clock =
        arguments->values[OPTION_CLOCK] != NULL ? arguments->values[OPTION_CLOCK] : "real";
    const bool driven = strcmp(clock, "driven") == 0;
    if (!driven && strcmp(clock, "real") != 0)
        return usage(log, "--clock real|driven");
    if (driven && !config->demo)
        return usage(log, log->language == KT_NL ? "--clock driven kan alleen met demo: true"
                                                 : "--clock driven needs demo: true");
    if (arguments->values[OPTION_PRINT_CONFIG] != NULL) {
        fputs(config_text(config, arena), stdout);
        return 0;
    }
    if (arguments->values[OPTION_CHECK_CONFIG] != NULL)
        return serve_check(config, log);
    return serve(config, driven, log);
}

static int
run_offline(int count, char **words, const Log *log, Arena *arena)
{
    OfflineReport report;
    const int status = offline_run(count, words, log->language, arena, &report);
    if (report.lines != NULL)
        log_text(log, LOG_LEVEL_ERROR, report.lines);
    if (report.fault.code != KT_OK)
        log_fault(log, &report.fault);
    return status;
}

static int
run(int argc, char **argv, const Arguments *arguments, const Log *log)
{
    Arena arena = {0};
    Config config;
    if (arguments->values[OPTION_HELP] != NULL) {
        print_help(log->language);
        return 0;
    }
    if (arguments->values[OPTION_VERSION] != NULL) {
        puts("ketend " KETEN_VERSION);
        return 0;
    }
    // The word of --offline and those behind it are one list.
    if (arguments->values[OPTION_OFFLINE] != NULL) {
        const int status =
            run_offline(argc - arguments->rest + 1, argv + arguments->rest - 1, log, &arena);
        arena_done(&arena);
        return status;
    }
    if (arguments->values[OPTION_CONFIG] == NULL)
        return usage(log, "--config FILE");
    int status = read_settings(arguments, log, &arena, &config);
    status = status == 0 ? with_settings(arguments, &config, log, &arena) : status;
    arena_done(&arena);
    return status;
}

int
main(int argc, char **argv)
{
    if (!plain_streams())
        return error_find(KT_SETUP)->exit;
    const Log log = log_to_stderr(language_of_locale());
    Arguments arguments = {0};
    harden();
    if (!read_arguments(argc, argv, &log, &arguments))
        return error_find(KT_USAGE)->exit;
    return run(argc, argv, &arguments, &log);
}
