// SPDX-License-Identifier: EUPL-1.2
// The tables of options.def, and finding things in them. Knows: words. Must never know: the command
// line's meaning.
#include "clients/keten/options.h"

#include <string.h>

#include "base/assert.h"

static const Option options[] = {
#define OPTION(id, name, argument, nl, en) {OPT_##id, name, argument, {nl, en}},
#include "clients/keten/options.def"
};

static const Verb verbs[] = {
#define COMMAND(function, word, verb, nl_word, nl_verb, words, set, nl, en)                        \
    {VERB_##function, word, verb, nl_word, nl_verb, words, set, {nl, en}},
#include "clients/keten/options.def"
};

size_t
option_count(void)
{
    return sizeof options / sizeof options[0];
}

const Option *
option_at(size_t index)
{
    ASSERT(index < option_count());
    return &options[index];
}

size_t
verb_count(void)
{
    return sizeof verbs / sizeof verbs[0];
}

const Verb *
verb_at(size_t index)
{
    ASSERT(index < verb_count());
    return &verbs[index];
}

static bool
either(const char *given, const char *english, const char *dutch)
{
    return strcmp(given, english) == 0 || strcmp(given, dutch) == 0;
}

bool
word_is_known(const char *word)
{
    for (size_t i = 0; i < verb_count(); i++)
        if (either(word, verbs[i].word, verbs[i].nl_word))
            return true;
    return false;
}

const Verb *
verb_find(const char *word, const char *verb)
{
    const Verb *alone = NULL;
    for (size_t i = 0; i < verb_count(); i++) {
        const Verb *v = &verbs[i];
        if (!either(word, v->word, v->nl_word))
            continue;
        if (v->verb[0] == '\0')
            alone = v;
        else if (verb != NULL && either(verb, v->verb, v->nl_verb))
            return v;
    }
    return alone;
}
