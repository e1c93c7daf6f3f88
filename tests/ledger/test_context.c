// SPDX-License-Identifier: EUPL-1.2
// The context of each kind of command, row by row; every command of the wire has a row. Must never
// know: what a decision makes of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/context.h"
#include "daemon/ledger/context_plan.h"
#include "proto/commands.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"

static char *
resident(Town *town, size_t number)
{
    char *bsn = arena_take(&town->arena, 10);
    town_bsn(number, bsn);
    return bsn;
}

// The numbers that a command names, by field.
static const struct {
    const char *field;
    uint64_t number;
} numbers[] = {{"plan", 1}, {"other", 2}, {"step", 1}, {"signal", 1}, {"matter", 1}, {"n", 1}};

static const struct {
    const char *field, *text;
} texts[] = {{"kind", "arrears"}, {"partner", "welzijn"}, {"worker", "Anna"}};

static void
fill(Town *town, const ProtobufCFieldDescriptor *field, char *body)
{
    void *at = body + field->offset;
    const bool list = field->label == PROTOBUF_C_LABEL_REPEATED;
    for (size_t i = 0; !list && i < sizeof numbers / sizeof numbers[0]; i++)
        if (field->type == PROTOBUF_C_TYPE_UINT64 && strcmp(field->name, numbers[i].field) == 0)
            *(uint64_t *)at = numbers[i].number;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (field->type == PROTOBUF_C_TYPE_STRING && strcmp(field->name, texts[i].field) == 0)
            *(char **)at = literal(texts[i].text);
    if (strcmp(field->name, "person") == 0)
        *(char **)at = resident(town, 1);
    if (strcmp(field->name, "persons") == 0) {
        char **persons = arena_take(&town->arena, 2 * sizeof *persons);
        persons[0] = resident(town, 1);
        persons[1] = resident(town, 2);
        *(char ***)at = persons;
        *(size_t *)(void *)(body + field->quantifier_offset) = 2;
    }
}

static Command *
command_of(Town *town, Keten__V1__Command__BodyCase kind)
{
    const CommandRow *row = command_row(kind);
    char *body = arena_take(&town->arena, row->descriptor->sizeof_message);
    row->descriptor->message_init((ProtobufCMessage *)(void *)body);
    for (unsigned i = 0; i < row->descriptor->n_fields; i++)
        fill(town, &row->descriptor->fields[i], body);
    Command *command = town_command(town);
    command->body_case = kind;
    command->signal = (void *)body;
    return command;
}

// The tokens that the checks would have made of the command's persons.
static Checked
checked_of(Town *town, const Command *command)
{
    Checked checked = {.language = KT_EN, .arena = &town->arena};
    PartnerRow *revoked = NEW(&town->arena, PartnerRow, partner_row);
    revoked->name = literal("gemeente");
    revoked->revoked = true;
    checked.loaded = revoked;
    const bool administration = command_row(command->body_case)->administrator;
    if (!administration)
        (void)check_command(town->ledger, CITY_GEMEENTE, command, &checked);
    return checked;
}

// The parts of the context that are set, as one line.
static const char *
held(Town *town, const Context *context)
{
    const struct {
        bool is_set;
        const char *name;
    } parts[] = {
        {context->plan != NULL, "plan"},
        {context->plan_arrangement != NULL, "arrangement"},
        {context->other != NULL, "other"},
        {context->other_worker != NULL, "other_worker"},
        {context->people.person_count == 1, "person"},
        {context->people.person_count == 2, "persons"},
        {context->people.neighbour_count > 0, "neighbours"},
        {context->membership.row != NULL, "membership"},
        {context->membership.of_persons != NULL, "memberships"},
        {context->membership.ties != NULL, "ties"},
        {context->fact.row != NULL, "fact"},
        {context->fact.receiver_count > 0, "receivers"},
        {context->earlier.row != NULL, "earlier"},
        {context->closed.step != NULL, "closed_step"},
        {context->closed.matter != NULL, "closed_matter"},
        {context->delivery.told != NULL, "delivery"},
        {context->delivery.rejected != NULL, "rejected"},
    };
    const char *line = "";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].is_set)
            line = arena_format(&town->arena, "%s%s%s", line, line[0] == '\0' ? "" : " ",
                                parts[i].name);
    return line;
}

typedef struct Case {
    Keten__V1__Command__BodyCase body;
    const char *holds;
} Case;

#define UNKNOWN 99u // the number of nothing

#define CASE(NAME, holds)                                                                          \
    {                                                                                              \
        KETEN__V1__COMMAND__BODY_##NAME, holds                                                     \
    }
#define PLAN "plan arrangement"
static const Case cases[] = {
    CASE(SIGNAL, PLAN " persons earlier"),
    CASE(SIGNAL_WITHDRAW, PLAN " fact receivers"),
    CASE(SIGNAL_CORRECT, PLAN " fact receivers"),
    CASE(STEP_ACCEPT, PLAN),
    CASE(STEP_REFUSE, PLAN),
    CASE(STEP_COMPLETE, PLAN),
    CASE(STEP_FAIL, PLAN),
    CASE(STEP_REPLACE, PLAN),
    CASE(STEP_DROP, PLAN),
    CASE(STEP_WITHDRAW, PLAN),
    CASE(STEP_SUSPEND, PLAN),
    CASE(STEP_RESUME, PLAN),
    CASE(STEP_EXTEND, PLAN),
    CASE(STEP_ASSIGN, PLAN " other_worker"),
    CASE(STEP_OFFER, PLAN),
    CASE(COORDINATOR_OFFER, PLAN " other_worker"),
    CASE(COORDINATOR_ACCEPT, PLAN),
    CASE(COORDINATOR_REFUSE, PLAN),
    CASE(COORDINATOR_LEAVE, PLAN),
    CASE(COORDINATOR_ABSENT, PLAN " other_worker"),
    CASE(PLAN_CLOSE, PLAN " ties"),
    CASE(PLAN_MERGE, PLAN " other"),
    CASE(PLAN_UNMERGE, PLAN),
    CASE(PLAN_SPLIT, PLAN " persons memberships"),
    CASE(PLAN_MOVE, PLAN),
    CASE(BOTTLENECK_RAISE, PLAN),
    CASE(MATTER_SETTLE, PLAN),
    CASE(MATTER_PASS, PLAN),
    CASE(PAUSE_START, PLAN),
    CASE(PAUSE_END, PLAN),
    CASE(DELIVERY_REJECT, PLAN " delivery rejected"),
    CASE(DELIVERY_RESEND, PLAN " delivery rejected"),
    CASE(DELIVERY_GIVE_UP, PLAN " delivery rejected"),
    CASE(MEMBER_JOIN, PLAN " person membership"),
    CASE(MEMBER_LEAVE, PLAN " person membership"),
    CASE(MEMBER_LEAD, PLAN " person membership"),
    CASE(ARRANGEMENT_LOAD, ""),
    CASE(CLOCK_ADVANCE, ""),
    CASE(CLOCK_ACCEPT, ""),
    CASE(PARTNER_LOAD, ""),
};

static const Case *
case_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (cases[i].body == body)
            return &cases[i];
    return NULL;
}

static const char *
context_for(Town *town, uint32_t actor, const Command *command)
{
    Context context;
    const Checked checked = checked_of(town, command);
    context_start(town->ledger, town->now_ms, &context);
    assert_true(context_command(town->ledger, actor, command, &checked, &town->arena, &context));
    assert_int_equal(context.actor, actor);
    assert_non_null(context.worker);
    return held(town, &context);
}

// A signal is its sender's to withdraw or correct; any other command comes from the municipality.
static const char *
context_of(Town *town, const Command *command)
{
    const bool own = command_row(command->body_case)->subject == NAMES_SIGNAL;
    return context_for(town, own ? CITY_CORPORATIE : CITY_GEMEENTE, command);
}

static void
each_command_has_what_it_needs(void **state)
{
    Town *town = *state;
    bool all = true;
    for (unsigned i = 0; i < keten__v1__command__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &keten__v1__command__descriptor.fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
            continue;
        const Keten__V1__Command__BodyCase body = field->id;
        const Case *expected = case_of(body);
        const char *holds = context_of(town, command_of(town, body));
        if (expected != NULL && strcmp(holds, expected->holds) == 0)
            continue;
        print_message("%s: %s\n", field->name, holds);
        all = false;
    }
    assert_true(all);
}

// The record of a refusal would name the plan of somebody else's signal.
static void
the_signal_of_another_partner_is_not_there(void **state)
{
    Town *town = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (command_row(cases[i].body)->subject == NAMES_SIGNAL)
            assert_string_equal(context_for(town, CITY_GEMEENTE, command_of(town, cases[i].body)),
                                "");
}

// The number that a command names is set to one that was never given out.
static void
what_is_not_there_leaves_the_context_empty(void **state)
{
    Town *town = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const CommandRow *row = command_row(cases[i].body);
        Command *command = command_of(town, cases[i].body);
        char *body = (char *)command->signal;
        if (command_number(command) == 0)
            continue;
        for (unsigned j = 0; j < row->descriptor->n_fields; j++)
            if (row->descriptor->fields[j].type == PROTOBUF_C_TYPE_UINT64 &&
                row->descriptor->fields[j].label != PROTOBUF_C_LABEL_REPEATED)
                *(uint64_t *)(void *)(body + row->descriptor->fields[j].offset) = UNKNOWN;
        const char *holds = context_of(town, command);
        // A person or a worker is found without the plan.
        if (strstr(holds, PLAN) != NULL || strstr(holds, "membership") != NULL ||
            strstr(holds, "fact") != NULL || strstr(holds, "delivery") != NULL)
            fail_msg("%s: %s", row->name, holds);
    }
}

static void
a_bottleneck_names_a_plan_or_a_step(void **state)
{
    Town *town = *state;
    Command *command = command_of(town, KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE);
    command->bottleneck_raise->plan = 0;
    assert_string_equal(context_of(town, command), PLAN);
    command->bottleneck_raise->step = UNKNOWN;
    assert_string_equal(context_of(town, command), "");
}

static void
a_member_is_found_by_pseudonym_among_the_members(void **state)
{
    Town *town = *state;
    KtCode code;
    const QueryRows rows =
        town_ask(town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PLAN, 1, "", &code);
    assert_int_equal(code, KT_OK);
    Command *command = command_of(town, KETEN__V1__COMMAND__BODY_MEMBER_LEAVE);
    command->member_leave->person = literal(town_cell(town_row(&rows, "member", 0), "person"));
    assert_string_equal(context_of(town, command), PLAN " person membership");
    command->member_leave->person = literal("pn-00000000000000000000");
    assert_string_equal(context_of(town, command), PLAN);
}

static void
a_settled_step_is_told_as_closed(void **state)
{
    Town *town = *state;
    Command *drop = town_command(town);
    drop->body_case = KETEN__V1__COMMAND__BODY_STEP_WITHDRAW;
    drop->step_withdraw = NEW(&town->arena, Keten__V1__StepWithdraw, step_withdraw);
    drop->step_withdraw->step = 1;
    drop->step_withdraw->reason = literal("other");
    town_do(town, CITY_GEMEENTE, drop);
    Command *command = command_of(town, KETEN__V1__COMMAND__BODY_STEP_ACCEPT);
    assert_string_equal(context_of(town, command), PLAN " closed_step");
}

static void
reject_first_delivery(Town *town)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
    command->delivery_reject = NEW(&town->arena, Keten__V1__DeliveryReject, delivery_reject);
    command->delivery_reject->history = 1;
    command->delivery_reject->n = 1;
    command->delivery_reject->reason = literal("unknown-field");
    town_do(town, CITY_GEMEENTE, command);
}

// Two plans, of residents 1 and 2 and of resident 3. The desk of both has rejected its first
// delivery; that is the first matter.
static int
begin(void **state)
{
    static Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 2));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 3, 1));
    reject_first_delivery(&town);
    *state = &town;
    return 0;
}

static int
end(void **state)
{
    town_done(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signal_of_another_partner_is_not_there),
        cmocka_unit_test(each_command_has_what_it_needs),
        cmocka_unit_test(what_is_not_there_leaves_the_context_empty),
        cmocka_unit_test(a_bottleneck_names_a_plan_or_a_step),
        cmocka_unit_test(a_member_is_found_by_pseudonym_among_the_members),
        cmocka_unit_test(a_settled_step_is_told_as_closed),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
