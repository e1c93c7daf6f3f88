// SPDX-License-Identifier: EUPL-1.2
// keten question: may two plans be one household? Knows: its messages, and what an answer leads to.
// Must never know: what made it a question.
#include <stdio.h>
#include <string.h>

#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"

int
command_question_list(Tool *tool, const Args *args)
{
    return matter_list(tool, args, "question");
}

int
command_question_show(Tool *tool, const Args *args)
{
    return matter_show(tool, args);
}

static const char *
answer_word(const char *word)
{
    static const struct {
        const char *nl, *en;
    } words[] = {{"zelfde", "same"}, {"anders", "different"}, {"onzeker", "unsure"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].nl, word) == 0)
            return words[i].en;
    return word;
}

// Without --reason the answer is the reason, too. An answer merges nothing.
int
command_question_answer(Tool *tool, const Args *args)
{
    const char *answer = answer_word(args->words[1]);
    const char *reason = args_has(args, OPT_REASON) ? text_option(tool, args, OPT_REASON) : answer;
    const int status = matter_settle_give(tool, args, answer, reason);
    if (status == 0 && !tool->json && strcmp(answer, "same") == 0)
        puts(tool_say(tool, "Er is niets samengevoegd: dat doet keten plan merge.",
                      "Nothing was merged: keten plan merge does that."));
    return status;
}
