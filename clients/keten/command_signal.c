// SPDX-License-Identifier: EUPL-1.2
// keten signal: giving, withdrawing and correcting. Knows: the messages, signals as JSON lines.
// Must never know: which signals an arrangement allows.
#include <string.h>

#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/details.h"
#include "clients/keten/give.h"
#include "clients/keten/signal_lines.h"

static int
fields_take(Tool *tool, const Args *args, FieldList *ret)
{
    int status = 0;
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id == OPT_FIELD && !field_add(tool, ret, args->items[i].value, &status))
            return status;
    return 0;
}

static char **
persons_take(Tool *tool, const Args *args, size_t *ret_count)
{
    const char **values = args_values(args, OPT_PERSON, &tool->arena, ret_count);
    char **persons = arena_take(&tool->arena, (*ret_count + 1) * sizeof *persons);
    for (size_t i = 0; i < *ret_count; i++)
        persons[i] = arena_text(&tool->arena, values[i]);
    return persons;
}

static int
one_signal(Tool *tool, const Args *args)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__Signal body = KETEN__V1__SIGNAL__INIT;
    FieldList fields = {0};
    int status = fields_take(tool, args, &fields);
    if (status != 0)
        return status;
    body.kind = arena_text(&tool->arena, args->words[0]);
    body.persons = persons_take(tool, args, &body.n_persons);
    if (body.n_persons == 0)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --person: over wie gaat het signaal",
                                  "give --person: whom is the signal about"));
    status = details_take(tool, args, &body.details, &body.n_details);
    if (status != 0)
        return status;
    body.fields = fields.items;
    body.n_fields = fields.count;
    body.arrangement = text_option(tool, args, OPT_ARRANGEMENT);
    command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    command.signal = &body;
    return command_give(tool, args, &command);
}

int
command_signal_give(Tool *tool, const Args *args)
{
    const char *file = args_value(args, OPT_FILE);
    if (file == NULL && args->word_count == 0)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef de soort van het signaal, of --file",
                                  "give the kind of the signal, or --file"));
    if (file == NULL)
        return one_signal(tool, args);
    if (args->word_count || args_has(args, OPT_PERSON) || args_has(args, OPT_FIELD) ||
        args_has(args, OPT_ID))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "met --file staan soort, personen en velden in het bestand",
                                  "with --file the kind, persons and fields stand in the file"));
    return signal_lines_give(tool, args, file);
}

#define FIELD_SIGNAL FIELD_ID("signal", 0, 'f')

int
command_signal_withdraw(Tool *tool, const Args *args)
{
    return body_give(tool, args, "signal_withdraw", FIELDS(FIELD_SIGNAL, FIELD_REASON));
}

int
command_signal_correct(Tool *tool, const Args *args)
{
    FieldList fields = {0};
    Keten__V1__Command command;
    int status = body_fill(tool, args, "signal_correct", FIELDS(FIELD_SIGNAL), &command);
    if (status == 0)
        status = fields_take(tool, args, &fields);
    command.signal_correct->fields = fields.items;
    command.signal_correct->n_fields = fields.count;
    return status ? status : command_give(tool, args, &command);
}
