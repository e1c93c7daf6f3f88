// SPDX-License-Identifier: EUPL-1.2
// Completion for bash, grown from the table. Knows: bash's programmable completion. Must never
// know: the daemon.
#include "clients/keten/completion.h"

#include <string.h>

#include "clients/keten/options.h"

static bool
first_of_word(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(verb_at(i)->word, verb_at(index)->word) == 0)
            return false;
    return true;
}

static void
print_words(FILE *to)
{
    fprintf(to, "    local words='");
    for (size_t i = 0; i < verb_count(); i++)
        if (first_of_word(i))
            fprintf(to, "%s%s%s%s", i ? " " : "", verb_at(i)->word,
                    strcmp(verb_at(i)->word, verb_at(i)->nl_word) ? " " : "",
                    strcmp(verb_at(i)->word, verb_at(i)->nl_word) ? verb_at(i)->nl_word : "");
    fprintf(to, "'\n");
}

static void
print_options(FILE *to, uint64_t set)
{
    for (size_t i = 0; i < option_count(); i++)
        if (set >> option_at(i)->id & 1)
            fprintf(to, " --%s", option_at(i)->name);
}

// The verbs and options that go with one first word.
static void
print_case(FILE *to, size_t index)
{
    const Verb *first = verb_at(index);
    uint64_t set = 0;
    fprintf(to, "    %s%s%s) verbs='", first->word, strcmp(first->word, first->nl_word) ? "|" : "",
            strcmp(first->word, first->nl_word) ? first->nl_word : "");
    for (size_t i = index; i < verb_count(); i++) {
        const Verb *v = verb_at(i);
        if (strcmp(v->word, first->word) != 0)
            continue;
        set |= v->options;
        if (v->verb[0])
            fprintf(to, "%s %s ", v->verb, v->nl_verb);
    }
    fprintf(to, "' options='");
    print_options(to, set);
    fprintf(to, "' ;;\n");
}

void
completion_bash(FILE *to)
{
    fprintf(to, "# bash completion for keten; from `keten completion bash`\n_keten() {\n");
    fprintf(to, "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n");
    fprintf(to, "    local word='' verbs='' options='' at=0 i\n");
    print_words(to);
    fprintf(to, "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in\n"
                "        --context|--lang) ((i++)) ;;\n"
                "        -*) ;;\n"
                "        *) word=${COMP_WORDS[i]}; at=$i; break ;;\n"
                "        esac\n    done\n    case $word in\n");
    for (size_t i = 0; i < verb_count(); i++)
        if (first_of_word(i))
            print_case(to, i);
    fprintf(to, "    esac\n    case $prev in\n"
                "    --lang) COMPREPLY=($(compgen -W 'nl en' -- \"$cur\")); return ;;\n"
                "    --file|--data|--context|--arrangement) "
                "COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n    esac\n");
    fprintf(to, "    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W \"$options");
    print_options(to, OPTIONS_GLOBAL);
    fprintf(to, "\" -- \"$cur\"))\n"
                "    elif [[ -z $word ]]; then\n"
                "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                "    elif ((COMP_CWORD == at + 1)) && [[ -n $verbs ]]; then\n"
                "        COMPREPLY=($(compgen -W \"$verbs\" -- \"$cur\"))\n"
                "    else\n        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
                "complete -o filenames -F _keten keten\n");
}
