// SPDX-License-Identifier: EUPL-1.2
// Each form of proto/commands.def, at each field that has it: a command with good values passes,
// and with one bad value is refused with the form's code and the field's name. Then the checks that
// are no forms. Must never know: plans.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/check.h"
#include "proto/commands.h"
#include "proto/limits.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"

typedef struct Row {
    Keten__V1__Command__BodyCase body; // 0 in the row of a field
    bool administration;
    const char *field, *shape; // shape "": a check
    size_t at, count_at, most;
} Row;

#define AT(Type, member) .field = #member, .at = offsetof(Keten__V1__##Type, member)
static const Row rows[] = {
#define COMMAND(NAME, member_name, Type, since, subject, member, version, load, handler)           \
    {.body = KETEN__V1__COMMAND__BODY_##NAME},
#define ADMINISTRATION(NAME, member_name, Type, since, subject, member, version, load)             \
    {.body = KETEN__V1__COMMAND__BODY_##NAME, .administration = true},
#define FORM(Type, member, form, limit) {AT(Type, member), .shape = #form, .most = limit},
#define LIST(Type, member, form, limit)                                                            \
    {AT(Type, member), .shape = #form, .most = limit,                                              \
     .count_at = offsetof(Keten__V1__##Type, n_##member)},
#define CHECK(Type, member, check) {AT(Type, member), .shape = ""},
#include "proto/commands.def"
};
#define ROWS (sizeof rows / sizeof rows[0])

static bool
is(const Row *row, const char *shape)
{
    return strcmp(row->shape, shape) == 0;
}

static char *
bsn(Town *town)
{
    char *number = arena_take(&town->arena, 10);
    town_bsn(1, number);
    return number;
}

static void *
good_fields(Town *town)
{
    Field **fields = NULL;
    size_t count = 0;
    city_field(&town->arena, &fields, &count, "amount", "1");
    return fields;
}

static void *
good_facts(Town *town)
{
    Keten__V1__NewFact **facts = arena_take(&town->arena, sizeof *facts);
    facts[0] = arena_take(&town->arena, sizeof **facts);
    keten__v1__new_fact__init(facts[0]);
    facts[0]->kind = literal("result");
    return facts;
}

static void
fill(Town *town, const Row *row, char *body)
{
    void *at = body + row->at;
    char **texts = arena_take(&town->arena, sizeof *texts);
    if (row->count_at != 0)
        *(size_t *)(void *)(body + row->count_at) = 1;
    if (is(row, "number"))
        *(uint64_t *)at = 1;
    else if (is(row, "name") || is(row, "optional_name"))
        *(char **)at = literal("budget");
    else if (is(row, "text") || is(row, "required_text"))
        *(char **)at = literal("other");
    else if (is(row, "day"))
        *(char **)at = literal("2026-03-01");
    else if (is(row, "person") || is(row, "member"))
        *(char **)at = bsn(town);
    else if (is(row, "count"))
        *(void **)at = arena_take(&town->arena, sizeof(uint64_t));
    else if (is(row, "fields"))
        *(void **)at = good_fields(town);
    else if (is(row, "facts"))
        *(void **)at = good_facts(town);
    else if (row->count_at != 0) {
        texts[0] = is(row, "names") ? literal("budget") : bsn(town);
        *(char ***)at = texts;
    }
}

static Command *
good_command(Town *town, const Row *first)
{
    const CommandRow *row = command_row(first->body);
    char *body = arena_take(&town->arena, row->descriptor->sizeof_message);
    row->descriptor->message_init((ProtobufCMessage *)(void *)body);
    for (const Row *at = first + 1; at < rows + ROWS && at->body == 0; at++)
        if (at->shape[0] != '\0')
            fill(town, at, body);
    Command *command = town_command(town);
    command->body_case = first->body;
    command->signal = (void *)body;
    if (first->body == KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE)
        command->bottleneck_raise->step = 1;
    if (first->body == KETEN__V1__COMMAND__BODY_DELIVERY_RESEND)
        command->delivery_resend->matter = 1;
    if (first->body == KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP)
        command->delivery_give_up->n = 1;
    return command;
}

static KtCode
check(Town *town, const Command *command, const char **ret_field)
{
    Checked checked = {.language = KT_EN, .arena = &town->arena, .field = ""};
    const KtCode code = check_command(town->ledger, town->administrator, command, &checked);
    *ret_field = checked.field;
    return code;
}

static void
good_values_pass(void **state)
{
    Town *town = *state;
    for (const Row *row = rows; row < rows + ROWS; row++) {
        if (row->body == 0 || row->administration)
            continue;
        const char *field;
        const KtCode code = check(town, good_command(town, row), &field);
        if (code != KT_OK)
            fail_msg("%s: %d at %s", command_row(row->body)->name, (int)code, field);
    }
}

static char *
long_text(Town *town, size_t length)
{
    char *text = arena_take(&town->arena, length + 1);
    memset(text, 'a', length);
    return text;
}

// A bad value of a shape, and the code that it gives.
typedef struct Bad {
    const char *shape;
    enum { ZERO = 1, TEXT, LONG, MANY, FIRST, NO_FIRST, BYTES } how;
    const char *text;
    KtCode code;
} Bad;

static const Bad bads[] = {
    {"number", ZERO, "", KT_MISSING},
    {"name", TEXT, "", KT_MISSING},
    {"name", TEXT, "No Name", KT_NAME},
    {"optional_name", TEXT, "No Name", KT_NAME},
    {"text", LONG, "", KT_LIMIT},
    {"text", TEXT, "\xff", KT_FRAME},
    {"required_text", TEXT, "", KT_MISSING},
    {"required_text", TEXT, "  ", KT_MISSING},
    {"required_text", LONG, "", KT_LIMIT},
    {"required_text", TEXT, "\xff", KT_FRAME},
    {"day", TEXT, "29-02-2026", KT_FORM},
    {"day", TEXT, "2026-02-30", KT_FORM},
    {"bytes", BYTES, "", KT_LIMIT},
    {"count", MANY, "", KT_LIMIT},
    {"names", MANY, "", KT_LIMIT},
    {"names", FIRST, "No Name", KT_NAME},
    {"names", FIRST, "", KT_MISSING},
    {"fields", MANY, "", KT_LIMIT},
    {"facts", MANY, "", KT_LIMIT},
    {"persons", NO_FIRST, "", KT_MISSING},
    {"persons", MANY, "", KT_LIMIT},
    {"persons", FIRST, "123456789", KT_BSN},
    {"person", TEXT, "", KT_MISSING},
    {"person", TEXT, "123456789", KT_BSN},
    {"member", TEXT, "", KT_MISSING},
    {"member", TEXT, "123456789", KT_BSN},
    {"member", TEXT, "pn-0123456789abcdef01234", KT_LIMIT},
    {"members", NO_FIRST, "", KT_MISSING},
    {"members", MANY, "", KT_LIMIT},
    {"members", FIRST, "123456789", KT_BSN},
    {"members", FIRST, "pn-0123456789abcdef01234", KT_LIMIT},
};
#define BADS (sizeof bads / sizeof bads[0])

static void
spoil(Town *town, const Row *row, const Bad *bad, char *body)
{
    void *at = body + row->at;
    size_t *count = (size_t *)(void *)(body + row->count_at);
    switch (bad->how) {
    case ZERO:
        *(uint64_t *)at = 0;
        return;
    case TEXT:
        *(char **)at = literal(bad->text);
        return;
    case LONG:
        *(char **)at = long_text(town, row->most + 1);
        return;
    case MANY: // no value stands in the list: the limit is looked at before the form of any
        *count = row->most + 1;
        *(void **)at =
            memset(arena_take(&town->arena, *count * sizeof(void *)), 0, *count * sizeof(void *));
        return;
    case FIRST:
        (*(char ***)at)[0] = literal(bad->text);
        return;
    case NO_FIRST:
        *count = 0;
        return;
    case BYTES:
        ((ProtobufCBinaryData *)at)->len = row->most + 1;
        return;
    }
}

static void
one_bad_value_is_refused_by_its_field(void **state)
{
    Town *town = *state;
    const Row *first = NULL;
    size_t refusals = 0;
    for (const Row *row = rows; row < rows + ROWS; row++) {
        first = row->body != 0 ? row : first;
        size_t found = 0;
        for (const Bad *bad = bads; row->body == 0 && bad < bads + BADS; bad++) {
            if (!is(row, bad->shape))
                continue;
            Command *command = good_command(town, first);
            spoil(town, row, bad, (char *)command->signal);
            const char *field;
            const KtCode code = check(town, command, &field);
            if (code != bad->code || strcmp(field, row->field) != 0)
                fail_msg("%s.%s as %s: %d at %s", command_row(first->body)->name, row->field,
                         bad->shape, (int)code, field);
            found++;
        }
        if (row->body == 0 && row->shape[0] != '\0' && found == 0)
            fail_msg("form %s has no bad value here", row->shape);
        refusals += found;
    }
    assert_true(refusals > 100);
}

static void
values_inside_lists_are_looked_at(void **state)
{
    Town *town = *state;
    const char *field;
    Command *command = town_signal(town, "arrears", 1, 1);
    city_field(&town->arena, &command->signal->fields, &command->signal->n_fields, "No Name", "1");
    assert_int_equal(check(town, command, &field), KT_NAME);
    assert_string_equal(field, "fields");
    command = town_signal(town, "arrears", 1, 1);
    city_field(&town->arena, &command->signal->fields, &command->signal->n_fields, "amount",
               long_text(town, LIMIT_TEXT_BYTES + 1));
    assert_int_equal(check(town, command, &field), KT_LIMIT);

    command = town_complete(town, 1, "No Name", "amount", "1");
    assert_int_equal(check(town, command, &field), KT_NAME);
    assert_string_equal(field, "facts");
    command = town_complete(town, 1, "result", "No Name", "1");
    assert_int_equal(check(town, command, &field), KT_NAME);
    assert_string_equal(field, "fields");
}

typedef struct Absence {
    const char *partner, *worker;
    int64_t until_ms;
    KtCode code;
    const char *field;
} Absence;

static void
a_deputy_is_a_partner_and_a_worker_for_a_time(void **state)
{
    static const Absence cases[] = {
        {"", "", 0, KT_OK, ""},
        {"welzijn", "Anna", 1, KT_OK, ""},
        {"", "Anna", 1, KT_MISSING, "partner"},
        {"No Name", "Anna", 1, KT_NAME, "partner"},
        {"welzijn", "", 1, KT_MISSING, "worker"},
        {"welzijn", "Anna", 0, KT_MISSING, "until_ms"},
        {"welzijn", "\xff", 1, KT_FRAME, "worker"},
    };
    Town *town = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Keten__V1__CoordinatorAbsent absent = KETEN__V1__COORDINATOR_ABSENT__INIT;
        Command *command = town_command(town);
        absent.plan = 1;
        absent.partner = literal(cases[i].partner);
        absent.worker = literal(cases[i].worker);
        absent.until_ms = cases[i].until_ms;
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
        command->coordinator_absent = &absent;
        const char *field;
        assert_int_equal(check(town, command, &field), cases[i].code);
        assert_string_equal(field, cases[i].field);
    }
}

static void
one_of_two_fields_is_enough(void **state)
{
    Town *town = *state;
    const char *field;
    Keten__V1__BottleneckRaise raise = KETEN__V1__BOTTLENECK_RAISE__INIT;
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
    command->bottleneck_raise = &raise;
    assert_int_equal(check(town, command, &field), KT_MISSING);
    assert_string_equal(field, "plan");
    raise.step = 1;
    assert_int_equal(check(town, command, &field), KT_OK);
    raise.law = true; // needs a topic
    assert_int_equal(check(town, command, &field), KT_MISSING);
    assert_string_equal(field, "topic");

    Keten__V1__DeliveryResend resend = KETEN__V1__DELIVERY_RESEND__INIT;
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_RESEND;
    command->delivery_resend = &resend;
    assert_int_equal(check(town, command, &field), KT_MISSING);
    assert_string_equal(field, "n");
    resend.matter = 1;
    assert_int_equal(check(town, command, &field), KT_OK);

    Keten__V1__DeliveryReject reject = KETEN__V1__DELIVERY_REJECT__INIT;
    reject.history = reject.n = 1;
    reject.reason = literal("words of its own");
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
    command->delivery_reject = &reject;
    assert_int_equal(check(town, command, &field), KT_OK);
    reject.words = literal("and more");
    assert_int_equal(check(town, command, &field), KT_NAME);
    assert_string_equal(field, "reason");
}

static void
the_sender_is_looked_at_before_the_fields(void **state)
{
    Town *town = *state;
    Keten__V1__ArrangementLoad load = KETEN__V1__ARRANGEMENT_LOAD__INIT;
    Command *command = town_command(town);
    Checked checked = {.language = KT_EN, .arena = &town->arena};
    load.file = long_text(town, LIMIT_TEXT_BYTES + 1);
    command->body_case = KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD;
    command->arrangement_load = &load;
    assert_int_equal(check_command(town->ledger, CITY_GEMEENTE, command, &checked),
                     KT_NOT_ADMINISTRATOR);
    command->worker = long_text(town, LIMIT_WORKER_BYTES + 1);
    assert_int_equal(check_command(town->ledger, CITY_GEMEENTE, command, &checked), KT_LIMIT);
    command->body_case = KETEN__V1__COMMAND__BODY__NOT_SET;
    assert_int_equal(check_command(town->ledger, CITY_GEMEENTE, command, &checked), KT_MISSING);
    assert_string_equal(checked.field, "body");
}

static int
begin(void **state)
{
    static Town town;
    town_make(&town, 0, NULL);
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
        cmocka_unit_test(good_values_pass),
        cmocka_unit_test(one_bad_value_is_refused_by_its_field),
        cmocka_unit_test(values_inside_lists_are_looked_at),
        cmocka_unit_test(a_deputy_is_a_partner_and_a_worker_for_a_time),
        cmocka_unit_test(one_of_two_fields_is_enough),
        cmocka_unit_test(the_sender_is_looked_at_before_the_fields),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
