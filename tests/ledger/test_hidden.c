// SPDX-License-Identifier: EUPL-1.2
// A command on something that its sender cannot see is refused as one on something that does not
// exist: the same code, field and text, byte for byte but for the number itself, and no record.
// Every command of proto/commands.def is given by every partner about every number, in a town with
// something of every kind (crowd.h). Whether the partner can see it, is asked of the queries.
// Must never know: the rules of visibility.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/commands.h"
#include "proto/message.h"
#include "tests/fixture/bodies.h"
#include "tests/fixture/crowd.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/query.h"
#include "tests/fixture/town_check.h"

#define NOT_THERE 7000000u // added to a number, gives one that does not exist

// A number of a body, and the queries that show what it names. The id of QUERY_STEP and the like is
// the number; the others take it as text behind the letter.
typedef struct Target {
    const char *field;
    char letter;
    Keten__V1__QueryKind by_id, by_text; // unspecified: none
} Target;

static const Target targets[] = {
    {"plan", 'p', ASK(PLAN), 0},
    {"other", 'p', ASK(PLAN), 0},
    {"step", 's', ASK(STEP), 0},
    {"steps", 's', ASK(STEP), 0},
    {"matter", 'm', ASK(MATTER), ASK(DEAD)},
    {"signal", 'f', 0, ASK(WHY)},
    {"n", 'd', 0, ASK(DEAD)},
};

typedef struct Trial {
    Town town;
    uint64_t numbers; // higher than any number of the crowd
    uint32_t partner;
    uint32_t version;
    unsigned body;
    const Target *target;
    const char *owner; // of the delivery that the command names; "": the sender
    size_t compared;
} Trial;

static bool
shows(Trial *trial, Keten__V1__QueryKind kind, uint64_t id, const char *subject)
{
    return kind != 0 && query_code(&trial->town, trial->partner, kind, id, subject) == KT_OK;
}

// The holder of a plan sees a delivery that another partner rejected as the matter that it is.
static bool
sees_rejected(Trial *trial, uint64_t n)
{
    Arena *arena = &trial->town.arena;
    const PartnerRow *owner = ledger_partner_named(trial->town.ledger, trial->owner);
    const DeadRow *row = state_rejected(trial->town.ledger, owner->partner, n, arena);
    const char *named = arena_format(arena, "%s/d%" PRIu64, trial->owner, n);
    return shows(trial, ASK(DEAD), 0, named) ||
           (row != NULL && row->matter != 0 &&
            shows(trial, ASK(DEAD), 0, arena_format(arena, "m%" PRIu64, row->matter)));
}

static bool
is_seen(Trial *trial, uint64_t number)
{
    const Target *target = trial->target;
    if (trial->owner[0] != '\0')
        return sees_rejected(trial, number);
    const char *printed = arena_format(&trial->town.arena, "%c%" PRIu64, target->letter, number);
    return shows(trial, target->by_id, number, "") || shows(trial, target->by_text, 0, printed);
}

static Answer
give(Trial *trial, uint64_t plan, uint64_t number)
{
    Town *town = &trial->town;
    Command *command = body_command(&town->arena, trial->body, town->now_ms);
    const CommandRow *row = command_row(command->body_case);
    body_number(&town->arena, command, "plan", plan);
    body_number(&town->arena, command, trial->target->field, number);
    if (trial->owner[0] != '\0')
        body_text(command, "partner", trial->owner);
    if (row->version_at != 0)
        *(uint32_t *)(void *)((char *)command->signal + row->version_at) = trial->version;
    return town_submit(town, trial->partner, command);
}

// The refusal as text, with `number` in the place of the one that does not exist.
static const char *
told(Trial *trial, const Answer *answer, uint64_t number)
{
    Arena *arena = &trial->town.arena;
    const Keten__V1__Refusal *refusal = answer->refusal;
    if (refusal == NULL)
        return "a receipt";
    const char *away = arena_format(arena, "%" PRIu64, NOT_THERE + number);
    const char *text = arena_format(arena, "%u %s: %s, retryable %d, %s", refusal->code,
                                    refusal->field, refusal->text, refusal->retryable,
                                    refusal->position == 0 ? "no record" : "a record");
    const char *at = strstr(text, away);
    return at == NULL ? text
                      : arena_format(arena, "%.*s%" PRIu64 "%s", (int)(at - text), text, number,
                                     at + strlen(away));
}

// Adds what QUERY_WHY tells the sender of its refused command.
static const char *
with_reason(Trial *trial, const char *text, uint64_t position)
{
    Arena *arena = &trial->town.arena;
    KtCode code;
    const char *subject = arena_format(arena, "r%" PRIu64, position);
    const QueryRows rows = town_ask(&trial->town, trial->partner, ASK(WHY), 0, subject, &code);
    text = arena_format(arena, "%s, why: %d", text, (int)code);
    for (size_t i = 0; i < rows.count; i++) {
        text = arena_format(arena, "%s %s", text, rows.rows[i]->kind);
        for (size_t j = 0; j < rows.rows[i]->n_cells; j++)
            if (strcmp(rows.rows[i]->cells[j]->name, "position") != 0 &&
                strcmp(rows.rows[i]->cells[j]->name, "detail") != 0)
                text = arena_format(arena, "%s %s=%s/%" PRId64, text, rows.rows[i]->cells[j]->name,
                                    town_cell(rows.rows[i], rows.rows[i]->cells[j]->name),
                                    town_number(rows.rows[i], rows.rows[i]->cells[j]->name));
    }
    return text;
}

// The holder of a plan may ask by PlanMerge about a plan that it does not see: that is what the
// command is for, and the other holder is told of it. Of a plan that cannot be asked about, the
// answer tells nothing either.
static bool
may_ask(const Trial *trial, const Answer *answer)
{
    return trial->body == KETEN__V1__COMMAND__BODY_PLAN_MERGE &&
           strcmp(trial->target->field, "other") == 0 &&
           (answer->receipt != NULL || answer->refusal->code == KT_PLAN_ASKED);
}

// Gives one command and the barrier, and counts the records that it leaves.
static const char *
outcome(Trial *trial, uint64_t plan, uint64_t named, uint64_t number, bool *ret_asks)
{
    Town *town = &trial->town;
    const uint64_t before = town_position(town);
    const Answer answer = give(trial, plan, named);
    const char *text = told(trial, &answer, number);
    const uint64_t position = answer.refusal == NULL ? 0 : answer.refusal->position;
    *ret_asks = may_ask(trial, &answer);
    town_commit(town);
    text = arena_format(&town->arena, "%s, %" PRIu64 " more", text, town_position(town) - before);
    return position == 0 ? text : with_reason(trial, text, position);
}

static void
compare(Trial *trial, uint64_t plan, uint64_t number)
{
    bool asks = false, never = false;
    // The terms that are due in a plan that the partner does see have fired after the first one.
    outcome(trial, plan, NOT_THERE + number, number, &never);
    const char *hidden = outcome(trial, plan, number, number, &asks);
    if (asks)
        return;
    const char *missing = outcome(trial, plan, NOT_THERE + number, number, &never);
    if (strcmp(hidden, missing) != 0)
        fail_msg("partner %u, %s, %s %" PRIu64 " in plan %" PRIu64 ", version %u:\n"
                 "    hidden:  %s\n    missing: %s",
                 trial->partner, command_row((Keten__V1__Command__BodyCase)trial->body)->name,
                 trial->target->field, number, plan, trial->version, hidden, missing);
    trial->compared++;
}

static void
try_number(Trial *trial, uint64_t number)
{
    static const uint32_t versions[] = {0, 1, 99};
    if (is_seen(trial, number))
        return;
    // A command with a second subject needs a plan that lets it get that far.
    Command *probe = body_command(&trial->town.arena, trial->body, trial->town.now_ms);
    const bool second = strcmp(trial->target->field, "plan") != 0 &&
                        body_number(&trial->town.arena, probe, "plan", 1);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        trial->version = versions[i];
        for (uint64_t plan = 0; plan <= (second ? trial->town.ledger->counters.plan : 0); plan++)
            compare(trial, second ? plan : number, number);
        if (command_row((Keten__V1__Command__BodyCase)trial->body)->version_at == 0)
            return;
    }
}

static void
try_body(Trial *trial)
{
    static const char *const owners[] = {"", "gemeente", "corporatie", "welzijn"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        Command *probe = body_command(&trial->town.arena, trial->body, trial->town.now_ms);
        const bool by_name = targets[i].letter == 'd' && body_text(probe, "partner", "");
        // A partner knows the numbers of its own deliveries, so none of them is hidden.
        if (!body_number(&trial->town.arena, probe, targets[i].field, 1) ||
            (targets[i].letter == 'd' && !by_name))
            continue;
        trial->target = &targets[i];
        for (size_t j = 0; j < (by_name ? sizeof owners / sizeof owners[0] : 1); j++) {
            trial->owner = owners[j];
            for (uint64_t number = 1; number <= trial->numbers; number++)
                try_number(trial, number);
        }
    }
}

static void
try_all(Trial *trial)
{
    for (trial->partner = 1; trial->partner < CROWD_NOBODY; trial->partner++) {
        if (trial->partner == CROWD_CORPORATION)
            continue; // revoked: every command is refused before it is read
        for (trial->body = 1; trial->body < BODIES_END; trial->body++)
            if (command_row((Keten__V1__Command__BodyCase)trial->body) != NULL)
                try_body(trial);
    }
}

static void
what_is_hidden_is_refused_like_what_is_not_there(void **state)
{
    (void)state;
    Trial trial = {.owner = ""};
    crowd_make(&trial.town);
    trial.numbers = crowd_numbers(&trial.town) + 2;
    try_all(&trial);
    const size_t before = trial.compared;
    // Once more with terms that have passed and did not fire: a command fires those of its plan.
    trial.town.now_ms += 30 * DAY_MS;
    try_all(&trial);
    print_message("%zu and %zu refusals compared\n", before, trial.compared - before);
    assert_true(before > 1000 && trial.compared > 2 * before - 1000);
    town_done(&trial.town);
}

// A bottleneck that another partner raised is not told by refusing the same one again.
static void
the_same_bottleneck_of_another_partner_is_not_told(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    town_do(&town, CITY_GEMEENTE, order_bottleneck(&town.arena, 1));
    assert_int_equal(query_code(&town, CITY_WELZIJN, ASK(MATTER), 1, ""), KT_NO_PART);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, order_bottleneck(&town.arena, 1)), KT_OK);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, order_bottleneck(&town.arena, 1)),
                     KT_BOTTLENECK_OPEN);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, order_bottleneck(&town.arena, 1)),
                     KT_BOTTLENECK_OPEN);
    town_verify_restart(&town);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bottleneck_of_another_partner_is_not_told),
        cmocka_unit_test(what_is_hidden_is_refused_like_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
