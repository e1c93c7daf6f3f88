// SPDX-License-Identifier: EUPL-1.2
// Reads the command line by the table. Knows: getopt_long, which option goes with which command.
// Must never know: what a value means.
//
// args_read() takes all options and words in their order (take_all), finds the command among the
// words (find_verb), binds each option name to the one of that command (bind_options) and counts
// the words. The first mistake ends the reading with a fault in the language of --lang.
#include "clients/keten/arguments.h"

#include <getopt.h>
#include <string.h>

#include "base/text.h"

typedef struct Reading {
    Arena *arena;
    KtLanguage language;
    Fault *fault;
    Arg *items;
    size_t count;
} Reading;

static KtCode
wrong(const Reading *r, const char *nl, const char *en, const char *what)
{
    return fault_set(r->fault, KT_USAGE, "%s '%s'", r->language == KT_NL ? nl : en, what);
}

static KtCode
wrong_near(const Reading *r, const char *nl, const char *en, const char *what, const char *near)
{
    if (near == NULL)
        return wrong(r, nl, en, what);
    bool dutch = r->language == KT_NL;
    return fault_set(r->fault, KT_USAGE, "%s '%s'; %s '%s'?", dutch ? nl : en, what,
                     dutch ? "bedoelde u" : "did you mean", near);
}

// Lists every long name once. One name may have several rows for different commands; all of them
// take a value, or none of them does.
static struct option *
long_options(Arena *arena)
{
    struct option *list = arena_take(arena, (option_count() + 1) * sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < option_count(); i++) {
        const Option *o = option_at(i);
        size_t j = 0;
        while (j < count && strcmp(list[j].name, o->name) != 0)
            j++;
        if (j == count)
            list[count++] = (struct option){o->name, o->argument ? required_argument : no_argument,
                                            NULL, 256 + (int)i};
    }
    return list;
}

static const char *
nearest_option(const char *wrong_name, Arena *arena)
{
    const char **names = arena_take(arena, option_count() * sizeof *names);
    for (size_t i = 0; i < option_count(); i++)
        names[i] = option_at(i)->name;
    const char *near = text_nearest(wrong_name, names, option_count());
    return near ? arena_format(arena, "--%s", near) : NULL;
}

// A word K=V belongs to the --field, --detail or --fact before it.
static OptionId
word_id(const Reading *r, const char *word)
{
    OptionId before = r->count ? r->items[r->count - 1].id : OPT_NONE;
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals == word)
        return OPT_WORD;
    if (before == OPT_FIELD || before == OPT_DETAIL)
        return before;
    return before == OPT_FACT || before == OPT_PAIR ? OPT_PAIR : OPT_WORD;
}

static KtCode
take_all(Reading *r, int argc, char **argv)
{
    struct option *list = long_options(r->arena);
    r->items = arena_take(r->arena, (size_t)argc * sizeof *r->items);
    KtCode code = KT_OK;
    optind = 0;
    opterr = 0;
    for (;;) {
        int at = optind ? optind : 1;
        int c = getopt_long(argc, argv, "-:h", list, NULL);
        if (c == -1)
            break;
        const char *word = at < argc ? argv[at] : "";
        if (c == 1)
            r->items[r->count] = (Arg){word_id(r, optarg), optarg};
        else if (c == 'h')
            r->items[r->count] = (Arg){OPT_HELP, NULL};
        else if (c >= 256)
            r->items[r->count] = (Arg){option_at((size_t)c - 256)->id, optarg};
        else if (code == KT_OK)
            code = c == ':'
                       ? wrong(r, "er ontbreekt een waarde bij", "a value is missing with", word)
                       : wrong_near(r, "onbekende optie", "unknown option", word,
                                    nearest_option(word + strspn(word, "-"), r->arena));
        if (c == 1 || c == 'h' || c >= 256)
            r->count++;
    }
    while (optind < argc) // behind "--"
        r->items[r->count++] = (Arg){OPT_WORD, argv[optind++]};
    return code;
}

static const char *
nearest_verb(const char *word, const char *verb, Arena *arena)
{
    const char **names = arena_take(arena, 2 * verb_count() * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < verb_count(); i++) {
        const Verb *v = verb_at(i);
        bool here = strcmp(v->word, word) == 0 || strcmp(v->nl_word, word) == 0;
        if (verb != NULL && !here)
            continue;
        names[count++] = verb ? v->verb : v->word;
        names[count++] = verb ? v->nl_verb : v->nl_word;
    }
    return text_nearest(verb ? verb : word, names, count);
}

static KtCode
no_verb(const Reading *r, const char *word, const char *verb)
{
    const char *nl = "onbekende opdracht", *en = "unknown command";
    if (!word_is_known(word))
        return wrong_near(r, nl, en, word, nearest_verb(word, NULL, r->arena));
    if (verb == NULL)
        return wrong(r, "er ontbreekt een werkwoord bij", "a verb is missing with", word);
    return wrong_near(r, nl, en, verb, nearest_verb(word, verb, r->arena));
}

// Splits the words into the command's own and the rest.
static KtCode
find_verb(Reading *r, Args *ret)
{
    const char **words = arena_take(r->arena, (r->count + 1) * sizeof *words);
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].id == OPT_WORD)
            words[count++] = r->items[i].value;
    if (count == 0)
        return KT_OK;
    ret->word = words[0];
    const Verb *verb = verb_find(words[0], count > 1 ? words[1] : NULL);
    // The message about a missing verb points to --help, so --help must do without the verb.
    if (verb == NULL && count == 1 && args_has(ret, OPT_HELP) && word_is_known(words[0]))
        return KT_OK;
    if (verb == NULL)
        return no_verb(r, words[0], count > 1 ? words[1] : NULL);
    size_t own = verb->verb[0] ? 2 : 1;
    ret->verb = verb;
    ret->words = words + own;
    ret->word_count = count - own;
    return KT_OK;
}

// Replaces each option by the one that has this name with this command.
static KtCode
bind_options(Reading *r, const Verb *verb)
{
    uint64_t allowed = OPTIONS_GLOBAL | (verb ? verb->options : 0);
    for (size_t i = 0; i < r->count; i++) {
        Arg *item = &r->items[i];
        if (item->id == OPT_WORD || item->id == OPT_PAIR)
            continue;
        const char *name = option_at((size_t)item->id - 1)->name;
        OptionId found = OPT_NONE;
        for (size_t j = 0; j < option_count(); j++)
            if ((allowed >> option_at(j)->id & 1) && strcmp(option_at(j)->name, name) == 0)
                found = option_at(j)->id;
        if (found == OPT_NONE)
            return wrong(r, "deze optie hoort niet bij de opdracht:",
                         "this option does not go with the command:", name);
        item->id = found;
    }
    return KT_OK;
}

static KtCode
check_words(const Reading *r, const Args *args)
{
    size_t least = 0, most = 0;
    for (const char *p = args->verb->words; *p;) {
        size_t length = strcspn(p, " ");
        most++;
        least += *p != '[';
        p += length + (p[length] == ' ');
    }
    if (args->word_count > most)
        return wrong(r, "een woord te veel:", "a word too many:", args->words[most]);
    if (args->word_count < least)
        return wrong(r, "er ontbreekt iets; nodig is", "something is missing; needed is",
                     args->verb->words);
    return KT_OK;
}

KtCode
args_read(int argc, char **argv, KtLanguage language, Arena *arena, Args *ret, Fault *fault)
{
    Reading r = {.arena = arena, .language = language, .fault = fault};
    KtCode code = take_all(&r, argc, argv);
    *ret = (Args){.items = r.items, .count = r.count};
    const char *wanted = args_value(ret, OPT_LANG);
    if (code == KT_OK && wanted != NULL && !language_named(wanted, &r.language))
        code = wrong(&r, "kies nl of en, niet", "choose nl or en, not", wanted);
    if (code == KT_OK)
        code = find_verb(&r, ret);
    if (code == KT_OK)
        code = bind_options(&r, ret->verb);
    if (code == KT_OK && ret->verb != NULL && !args_has(ret, OPT_HELP))
        code = check_words(&r, ret);
    return code;
}

bool
args_has(const Args *args, OptionId id)
{
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id == id)
            return true;
    return false;
}

const char *
args_value(const Args *args, OptionId id)
{
    const char *value = NULL;
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id == id)
            value = args->items[i].value;
    return value;
}

Args
args_without(const Args *args, OptionId id, Arena *arena)
{
    Args rest = *args;
    rest.items = arena_take(arena, (args->count + 1) * sizeof *rest.items);
    rest.count = 0;
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id != id)
            rest.items[rest.count++] = args->items[i];
    return rest;
}

const char **
args_values(const Args *args, OptionId id, Arena *arena, size_t *ret_count)
{
    const char **values = arena_take(arena, (args->count + 1) * sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id == id)
            values[count++] = args->items[i].value;
    *ret_count = count;
    return values;
}
