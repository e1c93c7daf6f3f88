// SPDX-License-Identifier: EUPL-1.2
// The table of offline commands and the words that each takes. Knows: a command line. Must never
// know: what a command does.
// Path: offline_run finds the row, take_words fills the run, the row's work does it. Failure: a
// wrong word is KT_USAGE; what the work found is in the report.
#include "daemon/offline/offline.h"

#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "base/text.h"
#include "daemon/offline/work.h"

// The options that a command takes, as bits.
enum {
    TAKES_RANGE = 1 << 0,  // --matrix, --from, --to
    TAKES_SERVED = 1 << 1, // --served
    TAKES_SECOND = 1 << 2, // a second directory
    TAKES_UPTO = 1 << 3,   // --upto, --try, --replace-newer
};

typedef struct OfflineRow {
    const char *first, *second; // the words that name it; second NULL: one word
    OfflineWork work;
    unsigned takes;
} OfflineRow;

static const OfflineRow offline_table[] = {
    {"verify", NULL, offline_verify, 0},
    {"digest", NULL, offline_digest, 0},
    {"handovers", NULL, offline_handovers, TAKES_RANGE},
    {"arrangement", "check", offline_arrangement_check, 0},
    {"arrangement", "show", offline_arrangement_show, 0},
    {"restored", NULL, offline_restored, TAKES_SERVED},
    {"backup", NULL, offline_backup, TAKES_SECOND},
    {"restore", NULL, offline_restore, TAKES_SECOND | TAKES_SERVED | TAKES_UPTO},
};

static const OfflineRow *
find_row(int count, char **words)
{
    for (size_t i = 0; i < sizeof offline_table / sizeof offline_table[0]; i++) {
        const OfflineRow *row = &offline_table[i];
        if (strcmp(words[0], row->first) == 0 &&
            (row->second == NULL || (count > 1 && strcmp(words[1], row->second) == 0)))
            return row;
    }
    return NULL;
}

static KtCode
take_instant(int64_t *ret, const char *word, Fault *fault)
{
    if (word != NULL && instant_parse(text_of(word), ret))
        return KT_OK;
    return fault_set(fault, KT_USAGE, "'%s': ISO 8601", word != NULL ? word : "");
}

// True when the word is an option without a value that the row takes.
static bool
take_flag(Offline *offline, unsigned takes, const char *word)
{
    const struct {
        const char *name;
        unsigned bit;
        bool *ret;
    } flags[] = {
        {"--matrix", TAKES_RANGE, &offline->matrix},
        {"--try", TAKES_UPTO, &offline->only_try},
        {"--replace-newer", TAKES_UPTO, &offline->replace_newer},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if ((takes & flags[i].bit) != 0 && strcmp(word, flags[i].name) == 0)
            return *flags[i].ret = true;
    return false;
}

static KtCode
take_position(uint64_t *ret, const char *word, Fault *fault)
{
    if (word != NULL && text_to_uint64(text_of(word + (word[0] == 'r')), ret) && *ret > 0)
        return KT_OK;
    return fault_set(fault, KT_USAGE, "--upto '%s': POSITION", word != NULL ? word : "");
}

// Takes the option at words[*i], and moves *i over its value. False: the row does not take it.
static bool
take_option(Offline *offline, unsigned takes, int count, char **words, int *i, KtCode *ret_code,
            Fault *fault)
{
    const char *word = words[*i], *value = *i + 1 < count ? words[*i + 1] : NULL;
    const bool ranged = (takes & TAKES_RANGE) != 0;
    if (take_flag(offline, takes, word))
        return true;
    if (ranged && strcmp(word, "--from") == 0)
        *ret_code = take_instant(&offline->from_ms, value, fault);
    else if (ranged && strcmp(word, "--to") == 0)
        *ret_code = take_instant(&offline->to_ms, value, fault);
    else if ((takes & TAKES_UPTO) != 0 && strcmp(word, "--upto") == 0)
        *ret_code = take_position(&offline->upto, value, fault);
    else if ((takes & TAKES_SERVED) != 0 && strcmp(word, "--served") == 0 && value != NULL)
        offline->served = value;
    else
        return false;
    ++*i;
    return true;
}

static KtCode
take_words(Offline *offline, const OfflineRow *row, int count, char **words, Fault *fault)
{
    KtCode code = KT_OK;
    for (int i = row->second != NULL ? 2 : 1; i < count && code == KT_OK; i++) {
        const char *word = words[i];
        if (take_option(offline, row->takes, count, words, &i, &code, fault))
            continue;
        if (word[0] != '-' && offline->path == NULL)
            offline->path = word;
        else if (word[0] != '-' && offline->to == NULL && (row->takes & TAKES_SECOND) != 0)
            offline->to = word;
        else
            code = fault_set(fault, KT_USAGE, "--offline %s: '%s'", row->first, word);
    }
    if (code == KT_OK && offline->path == NULL)
        code = fault_set(fault, KT_USAGE, "--offline %s: DIR|FILE", row->first);
    if (code == KT_OK && offline->to == NULL && (row->takes & TAKES_SECOND) != 0)
        code = fault_set(fault, KT_USAGE, "--offline %s: FROM TO", row->first);
    return code;
}

int
offline_run(int count, char **words, KtLanguage language, Arena *arena, OfflineReport *ret_report)
{
    ASSERT(count > 0 && words != NULL && arena != NULL && ret_report != NULL);
    Offline offline = {.language = language, .arena = arena, .from_ms = INT64_MIN};
    Fault fault = {.code = KT_OK};
    const OfflineRow *row = find_row(count, words);
    KtCode code = row != NULL ? take_words(&offline, row, count, words, &fault)
                              : fault_set(&fault, KT_USAGE, "--offline '%s'", words[0]);
    code = code == KT_OK ? row->work(&offline, &fault) : code;
    *ret_report = (OfflineReport){.fault = fault, .lines = offline.lines};
    offline_close(&offline);
    return code == KT_OK ? 0 : error_find(code)->exit;
}
