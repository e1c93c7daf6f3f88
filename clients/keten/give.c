// SPDX-License-Identifier: EUPL-1.2
// Gives one command. Knows: worker, occurrence, --id. Must never know: what the command means.
//
// command_give() fills in the worker and the instant, sends in a session of its own and shows the
// answer. The exit status is that of the first thing that failed, or of the refusal.
#include "clients/keten/give.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/keten/answer.h"
#include "clients/keten/session.h"
#include "proto/names.h"
#include "proto/sizes.h"

char *
text_option(Tool *tool, const Args *args, OptionId id)
{
    const char *value = args_value(args, id);
    return arena_text(&tool->arena, value ? value : "");
}

static char *
worker_name(Tool *tool, const Args *args)
{
    const char *name = args_value(args, OPT_WORKER);
    if (name == NULL)
        name = getenv("KETEN_WORKER");
    if (name == NULL || !*name) {
        const struct passwd *user = getpwuid(getuid());
        name = user ? user->pw_name : "";
    }
    return arena_text(&tool->arena, name);
}

int
command_fill(Tool *tool, const Args *args, Keten__V1__Command *command)
{
    int status = 0;
    const char *when = args_value(args, OPT_OCCURRED_AT);
    if (when != NULL && !tool_instant(tool, when, &command->occurred_at_ms, &status))
        return status;
    command->worker = worker_name(tool, args);
    return 0;
}

static int
send_and_show(Tool *tool, const Keten__V1__Command *command, const uint8_t *stream)
{
    keten *session = NULL;
    keten_event event;
    uint64_t number = 0;
    int status = session_open(tool, &(SessionWish){.stream = stream}, &session);
    if (status != 0)
        return status;
    keten_result result = keten_command(session, command, &number);
    if (result != KETEN_OK)
        status = session_unsent(tool, session, result);
    if (status == 0)
        status = session_answer(tool, session, number, &event);
    if (status == 0 && event.kind == KETEN_EVENT_RECEIPT)
        receipt_show(tool, event.receipt);
    else if (status == 0 && event.kind == KETEN_EVENT_REFUSAL)
        status = refusal_show(tool, event.refusal);
    keten_close(session);
    return status;
}

int
command_give(Tool *tool, const Args *args, Keten__V1__Command *command)
{
    uint8_t stream[STREAM_BYTES];
    const char *id = args_value(args, OPT_ID);
    if (id != NULL && !uuid_parse(id, stream))
        return tool_fail(tool, KT_USAGE, "%s '%s'", tool_say(tool, "geen UUID:", "no UUID:"), id);
    int status = command_fill(tool, args, command);
    return status ? status : send_and_show(tool, command, id ? stream : NULL);
}

void
field_put(Arena *arena, FieldList *list, const char *name, const char *value)
{
    Keten__V1__Field *field = arena_take(arena, sizeof *field);
    keten__v1__field__init(field);
    field->name = arena_text(arena, name);
    field->value = arena_text(arena, value);
    list->items = arena_grow(arena, list->items, list->count, list->count + 1, sizeof field);
    list->items[list->count++] = field;
}

bool
field_add(Tool *tool, FieldList *list, const char *pair, int *ret_status)
{
    const char *equals = strchr(pair, '=');
    if (equals == NULL || equals == pair) {
        *ret_status = tool_fail(tool, KT_USAGE, "%s '%s'",
                                tool_say(tool, "geen veld=waarde:", "not field=value:"), pair);
        return false;
    }
    char *name = arena_copy(&tool->arena, pair, (size_t)(equals - pair));
    field_put(&tool->arena, list, name, equals + 1);
    return true;
}

bool
id_take(const Tool *tool, const char *text, char letter, uint64_t *ret, uint32_t *ret_version,
        int *ret_status)
{
    if (id_parse(text, letter, ret, ret_version))
        return true;
    *ret_status =
        tool_fail(tool, KT_USAGE, "%s '%s' (%c12%s)",
                  tool_say(tool, "geen nummer van deze soort:", "not an id of this kind:"), text,
                  letter, ret_version ? "@3" : "");
    return false;
}
