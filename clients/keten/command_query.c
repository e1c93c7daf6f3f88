// SPDX-License-Identifier: EUPL-1.2
// Commands that only look something up, and the tool's own help. Knows: queries about a subject.
// Must never know: the rows of their answers.
#include <string.h>

#include "base/text.h"
#include "clients/keten/commands.h"
#include "clients/keten/completion.h"
#include "clients/keten/help.h"
#include "clients/keten/query.h"
#include "proto/names.h"

static bool
is_subject(const char *text)
{
    uint64_t number;
    uint32_t version;
    uint8_t uuid[UUID_BYTES];
    for (const char *letter = "rsfmdp"; *letter; letter++)
        if (id_parse(text, *letter, &number, *letter == 's' || *letter == 'm' ? &version : NULL))
            return true;
    char head[UUID_TEXT_BYTES] = "";
    memccpy(head, text, ':', sizeof head - 1);
    head[strcspn(head, ":")] = '\0';
    return uuid_parse(head, uuid);
}

int
command_why_show(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!is_subject(args->words[0]))
        return tool_fail(
            tool, KT_USAGE, "%s '%s' (r12, s3, f4, m2, d5, p1, UUID)",
            tool_say(tool, "geen nummer om naar te vragen:", "not an id to ask about:"),
            args->words[0]);
    query.kind = KETEN__V1__QUERY_KIND__QUERY_WHY;
    query.subject = arena_text(&tool->arena, args->words[0]);
    query.subject[strcspn(query.subject, "@")] = '\0';
    return query_show(tool, &query);
}

int
command_status_show(Tool *tool, const Args *args)
{
    (void)args;
    return query_show_kind(tool, KETEN__V1__QUERY_KIND__QUERY_STATUS);
}

int
command_partner_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PARTNERS;
    return query_show_list(tool, args, query);
}

int
command_completion_print(Tool *tool, const Args *args)
{
    if (strcmp(args->words[0], "bash") != 0)
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "alleen bash, niet", "only bash, not"), args->words[0]);
    completion_bash(stdout);
    return 0;
}

int
command_help_print(Tool *tool, const Args *args)
{
    if (args->word_count == 0) {
        help_all(stdout, tool->language);
        return 0;
    }
    if (!word_is_known(args->words[0]))
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "onbekende opdracht", "unknown command"), args->words[0]);
    help_verbs(stdout, tool->language, args->words[0],
               args->word_count > 1 ? args->words[1] : NULL);
    return 0;
}
