// SPDX-License-Identifier: EUPL-1.2
// keten question: may two plans be one household? Knows: its messages, and what an answer leads to.
// Must never know: what made it a question.
#include <stdio.h>
#include <string.h>

#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/session.h"

int
command_question_list(Tool *tool, const Args *args)
{
    (void)args;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_MATTERS;
    query.subject = arena_text(&tool->arena, "question");
    return query_show(tool, &query);
}

int
command_question_show(Tool *tool, const Args *args)
{
    int status = 0;
    uint32_t version;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!id_take(tool, args->words[0], 'm', &query.id, &version, &status))
        return status;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_MATTER;
    return query_show(tool, &query);
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

// An answer is its own reason where no other is given. Nothing is merged by it.
int
command_question_answer(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MatterSettle body = KETEN__V1__MATTER_SETTLE__INIT;
    if (!id_take(tool, args->words[0], 'm', &body.matter, &body.version, &status))
        return status;
    body.outcome = arena_text(&tool->arena, answer_word(args->words[1]));
    body.reason = args_has(args, OPT_REASON) ? text_option(tool, args, OPT_REASON) : body.outcome;
    command.body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command.matter_settle = &body;
    status = command_give(tool, args, &command);
    if (status == 0 && !tool->json && strcmp(body.outcome, "same") == 0)
        puts(tool_say(tool, "Er is niets samengevoegd: dat doet keten plan merge.",
                      "Nothing was merged: keten plan merge does that."));
    return status;
}
