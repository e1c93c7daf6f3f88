// SPDX-License-Identifier: EUPL-1.2
// keten pause: the whole chain rests some kinds of action. Knows: which fields its messages have.
// Must never know: how long a pause may last, whom it concerns; the daemon says so.
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/matter.h"
#include "clients/keten/query.h"

int
command_pause_start(Tool *tool, const Args *args)
{
    return body_give(tool, args, "pause_start",
                     FIELDS(FIELD_PLAN,
                            NEEDED(BODY_INSTANT, "until_ms", UNTIL,
                                   "geef --until: een adempauze heeft altijd een eind",
                                   "give --until: a pause always has an end"),
                            FIELD_TEXTS("actions", ACTION), FIELD_REASON));
}

int
command_pause_acknowledge(Tool *tool, const Args *args)
{
    return matter_settle_give(tool, args, "acknowledged", "paused");
}

int
command_pause_end(Tool *tool, const Args *args)
{
    return body_give(tool, args, "pause_end", FIELDS(FIELD_PLAN, FIELD_REASON));
}

int
command_pause_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PAUSES;
    return query_show_list(tool, args, query);
}
