// SPDX-License-Identifier: EUPL-1.2
// A connector's command line by its table. Knows: which values are acceptable. Must never know:
// what an option brings about.
//
// options_read() parses the line, applies --lang before anything is said, then prints help or
// version, or fills in the options and checks them. Every mistake ends in one line on stderr.
#include "clients/connector/options.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/options.h"
#include "clients/connector/dossier.h"
#include "proto/errors.h"
#include "proto/language.h"
#include "proto/limits.h"
#include "proto/names.h"

typedef enum OptionId {
#define OPTION(id, name, argument, nl, en) OPTION_##id,
#include "clients/connector/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

static const OptionRow rows[OPTION_COUNT] = {
#define OPTION(id, name, argument, nl, en) [OPTION_##id] = {name, argument, {nl, en}},
#include "clients/connector/options.def"
#undef OPTION
};

static const OptionTable table = {.rows = rows, .count = OPTION_COUNT, .last = OPTION_COUNT};

#define GO_ON (-1)

static KtLanguage
language_of(const Speech *speech)
{
    return speech->language == KETEN__V1__LANGUAGE__LANGUAGE_NL ? KT_NL : KT_EN;
}

static int
mistake(const Options *options, const char *detail)
{
    char line[1024];
    Fault fault = {.code = KT_USAGE};
    snprintf(fault.detail, sizeof fault.detail, "%s", detail);
    fprintf(stderr, "%s: %s\n", options->speech.program,
            fault_line(&fault, language_of(&options->speech), line, sizeof line));
    return error_find(KT_USAGE)->exit;
}

static int
print_help(const Speech *speech)
{
    char line[256];
    puts(speech_fill(speech, line, sizeof line, SAY_HELP_HEAD, speech->program));
    options_help(&table, language_of(speech) - KT_NL, stdout);
    puts(speech_text(speech, SAY_HELP_TAIL));
    return 0;
}

static int
print_version(const Speech *speech)
{
    printf("%s %s\n", speech->program, KETEN_VERSION);
    return 0;
}

static void
fill(Options *options, const char *const *values)
{
    options->context = values[OPTION_CONTEXT];
    options->folder = values[OPTION_FOLDER];
    options->command = values[OPTION_EXEC];
    options->arrangement = values[OPTION_ARRANGEMENT];
    if (values[OPTION_WORKER] != NULL)
        options->worker = values[OPTION_WORKER];
    options->dossier_prefix = values[OPTION_DOSSIER_PREFIX];
    options->once = values[OPTION_ONCE] != NULL;
    options->take_over = values[OPTION_TAKE_OVER] != NULL;
    options->lines = values[OPTION_JSON_LINES] != NULL;
}

static int
check(const Options *options)
{
    if (options->context == NULL || options->folder == NULL)
        return mistake(options, speech_text(&options->speech, SAY_USAGE_FOLDER));
    if (options->arrangement != NULL && !name_is_valid(options->arrangement))
        return mistake(options, "--arrangement");
    if (!*options->worker || strlen(options->worker) > LIMIT_WORKER_BYTES)
        return mistake(options, "--worker");
    if (options->dossier_prefix != NULL && !dossier_prefix_is_valid(options->dossier_prefix))
        return mistake(options, "--dossier-prefix");
    return GO_ON;
}

int
options_read(int argc, char **argv, const char *program, Options *ret)
{
    const char *values[OPTION_COUNT] = {0};
    ASSERT(argv != NULL && program != NULL && ret != NULL);
    int rest = argc;
    *ret = (Options){.worker = program, .speech = {.program = program}};
    const char *wrong = options_parse(&table, argc, argv, values, &rest);
    const char *name = values[OPTION_LANG];
    KtLanguage language = language_of_locale();
    bool known = name == NULL || language_named(name, &language);
    ret->speech.language =
        language == KT_NL ? KETEN__V1__LANGUAGE__LANGUAGE_NL : KETEN__V1__LANGUAGE__LANGUAGE_EN;
    if (wrong != NULL)
        return mistake(ret, wrong);
    if (!known)
        return mistake(ret, "--lang nl|en");
    if (values[OPTION_VERSION] != NULL)
        return print_version(&ret->speech);
    if (values[OPTION_HELP] != NULL)
        return print_help(&ret->speech);
    fill(ret, values);
    return rest < argc ? mistake(ret, argv[rest]) : check(ret);
}
