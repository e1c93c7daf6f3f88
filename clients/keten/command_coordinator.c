// SPDX-License-Identifier: EUPL-1.2
// keten coordinator: all plans of one worker, or of the whole partner, at once. Knows: which plans
// those are, one command for each. Must never know: what a plan's coordination becomes.
//
// Each plan gets a command of its own, and only plans that still need it get one. A run that was
// broken off is therefore finished by running it again.
#include <inttypes.h>
#include <string.h>

#include "clients/keten/answer.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/query.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/session.h"

typedef struct Sweep {
    Tool *tool;
    keten *session;
    char *worker; // "" for the whole partner
    bool away;    // only plans whose coordinator is away
    Keten__V1__Command *command;
    uint64_t *plan; // where the body names the plan
    uint64_t done, refused;
} Sweep;

static const char *
text_of_cell(const Row *row, const char *name, Arena *arena)
{
    const Cell *cell = row_cell(row, name);
    return cell ? cell_text(cell, arena) : "";
}

// True for an open plan that this partner coordinates, or whose coordinator is away. The desk is
// the holder of a plan without a coordinator, but does not coordinate it.
static bool
is_meant(const Sweep *sweep, const Row *row)
{
    Arena *arena = &sweep->tool->arena;
    const char *self = keten_session(sweep->session)->partner;
    const bool away = strcmp(text_of_cell(row, "absent", arena), self) == 0;
    const bool coordinates = strcmp(text_of_cell(row, "coordinator", arena), self) == 0;
    const char *state = text_of_cell(row, "state", arena);
    if (*state && strcmp(state, "open") != 0)
        return false;
    return away || (coordinates && !sweep->away);
}

static int
list_plans(Sweep *sweep, Rows *ret)
{
    Rows rows;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    query.mine = *sweep->worker != '\0';
    query.subject = sweep->worker;
    const int status = query_rows(sweep->tool, sweep->session, &query, &rows);
    if (status != 0)
        return status;
    *ret = (Rows){.items = arena_take(&sweep->tool->arena, (rows.count + 1) * sizeof(Row *))};
    for (size_t i = 0; i < rows.count; i++)
        if (is_meant(sweep, rows.items[i]))
            ret->items[ret->count++] = rows.items[i];
    return 0;
}

static int
give_one(Sweep *sweep, const Row *row)
{
    keten_event event;
    uint64_t number = 0;
    *sweep->plan = (uint64_t)row_cell(row, "plan")->number;
    const keten_result result = keten_command(sweep->session, sweep->command, &number);
    if (result != KETEN_OK)
        return session_unsent(sweep->tool, sweep->session, result);
    const int status = session_answer(sweep->tool, sweep->session, number, &event);
    if (status != 0)
        return status;
    if (event.kind == KETEN_EVENT_RECEIPT) {
        receipt_show(sweep->tool, event.receipt);
        sweep->done++;
    } else {
        (void)refusal_show(sweep->tool, event.refusal);
        sweep->refused++;
    }
    fflush(stdout);
    return 0;
}

static void
summary(const Sweep *sweep)
{
    const Tool *tool = sweep->tool;
    if (tool->json)
        json_line(stdout,
                  json_pack("{s:s, s:I, s:I}", "row", "summary", "done", (json_int_t)sweep->done,
                            "refused", (json_int_t)sweep->refused));
    else
        printf("%" PRIu64 " %s, %" PRIu64 " %s\n", sweep->done,
               tool_say(tool, "plannen gedaan", "plans done"), sweep->refused,
               tool_say(tool, "geweigerd", "refused"));
}

// Lists and gives again while a pass did something: if two workers of the partner stand in for each
// other, the first command makes the second worker the coordinator.
static int
give_all(Sweep *sweep, bool again)
{
    uint64_t before;
    do {
        Rows rows;
        before = sweep->done;
        sweep->refused = 0;
        int status = list_plans(sweep, &rows);
        for (size_t i = 0; status == 0 && i < rows.count; i++)
            status = give_one(sweep, rows.items[i]);
        if (status != 0)
            return status;
    } while (again && sweep->done > before);
    return sweep->refused ? 1 : 0;
}

static int
run(Tool *tool, const Args *args, Sweep *sweep, bool again)
{
    int status = 0;
    const bool all = args_has(args, OPT_ALL);
    if (all == args_has(args, OPT_WORKER))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --worker, of --all voor de hele ketenpartner",
                                  "give --worker, or --all for the whole partner"));
    status = command_fill(tool, args, sweep->command);
    if (status != 0)
        return status;
    sweep->tool = tool;
    sweep->worker = text_option(tool, args, OPT_WORKER);
    status = session_open(tool, &(SessionWish){0}, &sweep->session);
    if (status != 0)
        return status;
    status = give_all(sweep, again);
    summary(sweep);
    keten_close(sweep->session);
    return status;
}

int
command_coordinator_leave(Tool *tool, const Args *args)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorLeave body = KETEN__V1__COORDINATOR_LEAVE__INIT;
    body.reason = text_option(tool, args, OPT_REASON);
    if (!*body.reason)
        return tool_fail(tool, KT_REASON, "%s", "");
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE;
    command.coordinator_leave = &body;
    return run(tool, args, &(Sweep){.command = &command, .plan = &body.plan}, true);
}

int
command_coordinator_absent(Tool *tool, const Args *args)
{
    int status = 0;
    const char *until = args_value(args, OPT_UNTIL);
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAbsent body = KETEN__V1__COORDINATOR_ABSENT__INIT;
    if (until == NULL)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --until: tot wanneer", "give --until: until when"));
    if (!tool_instant(tool, until, &body.until_ms, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command.coordinator_absent = &body;
    return run(tool, args, &(Sweep){.command = &command, .plan = &body.plan}, false);
}

int
command_coordinator_back(Tool *tool, const Args *args)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAbsent body = KETEN__V1__COORDINATOR_ABSENT__INIT;
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command.coordinator_absent = &body;
    return run(tool, args, &(Sweep){.command = &command, .plan = &body.plan, .away = true}, false);
}
