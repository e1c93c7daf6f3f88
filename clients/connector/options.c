// SPDX-License-Identifier: EUPL-1.2
// Reads the command line by a table of options. Must never know: what they bring about.
#include "clients/connector/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/errors.h"
#include "proto/names.h"

typedef enum OptionKind {
    OPTION_TEXT,
    OPTION_FLAG,
    OPTION_LANG,
    OPTION_HELP,
    OPTION_VERSION
} OptionKind;

typedef struct OptionRow {
    const char *name;
    const char *value; // what to call it in the help; NULL for a flag
    OptionKind kind;
    size_t offset; // into Options
    const char *nl;
    const char *en;
} OptionRow;

static const OptionRow rows[] = {
#define OPTION(id, name, value, kind, member, nl, en)                                              \
    {name, value, kind, offsetof(Options, member), nl, en},
#include "clients/connector/options.def"
#undef OPTION
};

#define ROWS (sizeof rows / sizeof *rows)

static Keten__V1__Language
language_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "nl", 2) == 0 ? KETEN__V1__LANGUAGE__LANGUAGE_NL
                                                : KETEN__V1__LANGUAGE__LANGUAGE_EN;
    }
    return KETEN__V1__LANGUAGE__LANGUAGE_EN;
}

static int
mistake(const Options *options, const char *detail)
{
    char line[1024];
    Fault fault = {.code = KT_USAGE};
    snprintf(fault.detail, sizeof fault.detail, "%s", detail);
    bool dutch = options->speech.language == KETEN__V1__LANGUAGE__LANGUAGE_NL;
    fprintf(stderr, "%s: %s\n", options->speech.program,
            fault_line(&fault, dutch ? KT_NL : KT_EN, line, sizeof line));
    return error_find(KT_USAGE)->exit;
}

static int
print_help(const Options *options)
{
    char line[256], name[32];
    const Speech *speech = &options->speech;
    puts(speech_fill(speech, line, sizeof line, SAY_HELP_HEAD, speech->program));
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(name, sizeof name, "--%s %s", rows[i].name, rows[i].value ? rows[i].value : "");
        bool dutch = speech->language == KETEN__V1__LANGUAGE__LANGUAGE_NL;
        printf("  %-22s %s\n", name, dutch ? rows[i].nl : rows[i].en);
    }
    puts(speech_text(speech, SAY_HELP_TAIL));
    return 0;
}

static bool
take_language(Options *options, const char *value)
{
    if (strcmp(value, "nl") == 0)
        options->speech.language = KETEN__V1__LANGUAGE__LANGUAGE_NL;
    else if (strcmp(value, "en") == 0)
        options->speech.language = KETEN__V1__LANGUAGE__LANGUAGE_EN;
    else
        return false;
    return true;
}

// -1: go on.
static int
take_option(Options *options, const OptionRow *row, const char *value)
{
    void *at = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_TEXT:
        memcpy(at, &value, sizeof value);
        return -1;
    case OPTION_FLAG:
        *(bool *)at = true;
        return -1;
    case OPTION_LANG:
        return take_language(options, value) ? -1 : mistake(options, "--lang nl|en");
    case OPTION_HELP:
        options->help = true; // shown when all is read: --lang may follow
        return -1;
    case OPTION_VERSION:
        printf("%s %s\n", options->speech.program, KETEN_VERSION);
        return 0;
    }
    return -1;
}

static int
check(const Options *options)
{
    if (!options->context || !options->folder)
        return mistake(options, speech_text(&options->speech, SAY_USAGE_FOLDER));
    if (options->arrangement && !name_is_valid(options->arrangement))
        return mistake(options, "--arrangement");
    if (!*options->worker || strlen(options->worker) > 200)
        return mistake(options, "--worker");
    return -1;
}

int
options_read(int argc, char **argv, const char *program, Options *ret)
{
    struct option table[ROWS + 1] = {{0}};
    *ret = (Options){.worker = program, .speech = {language_of_locale(), program}};
    for (size_t i = 0; i < ROWS; i++)
        table[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument,
                                   NULL, (int)i};
    opterr = 0;
    for (int index; (index = getopt_long(argc, argv, "", table, NULL)) != -1;) {
        int status = index >= 0 && (size_t)index < ROWS ? take_option(ret, &rows[index], optarg)
                                                        : mistake(ret, argv[optind - 1]);
        if (status >= 0)
            return status;
    }
    if (ret->help)
        return print_help(ret);
    return optind < argc ? mistake(ret, argv[optind]) : check(ret);
}
