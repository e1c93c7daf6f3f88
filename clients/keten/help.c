// SPDX-License-Identifier: EUPL-1.2
// Help for people, grown from the table. Knows: how a usage line reads. Must never know: what a
// command does.
#include "clients/keten/help.h"

#include <string.h>

#include "clients/keten/options.h"

static const char *
pick(KtLanguage language, const char *nl, const char *en)
{
    return language == KT_NL ? nl : en;
}

static void
usage_line(FILE *to, KtLanguage language, const Verb *v)
{
    const char *word = pick(language, v->nl_word, v->word);
    const char *verb = pick(language, v->nl_verb, v->verb);
    fprintf(to, "  keten %s%s%s%s%s\n      %s\n", word, verb[0] ? " " : "", verb,
            v->words[0] ? " " : "", v->words, v->text[language - 1]);
}

static void
options_block(FILE *to, KtLanguage language, uint64_t set)
{
    for (size_t i = 0; i < option_count(); i++) {
        const Option *o = option_at(i);
        if (!(set >> o->id & 1))
            continue;
        int width = fprintf(to, "  --%s%s%s", o->name, o->argument ? " " : "",
                            o->argument ? o->argument : "");
        fprintf(to, "%*s%s\n", width < 26 ? 26 - width : 1, "", o->text[language - 1]);
    }
}

void
help_all(FILE *to, KtLanguage language)
{
    fprintf(to, "%s\n\n",
            pick(language, "keten - één gezin, één plan: het gereedschap van de keten",
                 "keten - one family, one plan: the tool of the chain"));
    for (size_t i = 0; i < verb_count(); i++)
        usage_line(to, language, verb_at(i));
    fprintf(to, "\n%s\n", pick(language, "Bij iedere opdracht:", "With every command:"));
    options_block(to, language, OPTIONS_GLOBAL);
    fprintf(to, "\n%s\n",
            pick(language, "De opties van één opdracht: keten OPDRACHT --help. Zie ook keten(1).",
                 "The options of one command: keten COMMAND --help. See also keten(1)."));
}

void
help_verbs(FILE *to, KtLanguage language, const char *word, const char *verb)
{
    uint64_t set = 0;
    const Verb *only = verb ? verb_find(word, verb) : NULL;
    for (size_t i = 0; i < verb_count(); i++) {
        const Verb *v = verb_at(i);
        bool here = strcmp(v->word, word) == 0 || strcmp(v->nl_word, word) == 0;
        if (only ? v != only : !here)
            continue;
        usage_line(to, language, v);
        set |= v->options;
    }
    if (set)
        fprintf(to, "\n");
    options_block(to, language, set);
    fprintf(to, "\n%s\n", pick(language, "Bij iedere opdracht:", "With every command:"));
    options_block(to, language, OPTIONS_GLOBAL);
}
