// SPDX-License-Identifier: EUPL-1.2
// The generic form of commands: every verb, and every way to be wrong, without a number of a
// citizen in a complaint.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/connector/command.h"

static Arena arena;

static int
set_up(void **unused)
{
    (void)unused;
    arena_init(&arena, 0);
    return 0;
}

static int
tear_down(void **unused)
{
    (void)unused;
    arena_done(&arena);
    return 0;
}

static Keten__V1__Command *
read_text(const char *text, Complaint *complaint)
{
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    Keten__V1__Command *command = command_read(&arena, object, complaint);
    json_decref(object);
    return command;
}

static Keten__V1__Command *
sound(const char *text)
{
    Complaint complaint = {0};
    Keten__V1__Command *command = read_text(text, &complaint);
    assert_non_null(command);
    return command;
}

static void
test_signal(void **unused)
{
    (void)unused;
    const Keten__V1__Command *command = sound(
        "{\"signal\": \"rent-arrears\", \"persons\": [\"999990007\", \"999990019\"], \"fields\": "
        "{\"months\": 3, \"agreed\": true, \"amount\": \"450.00\"}, \"worker\": \"j.bakker\", "
        "\"arrangement\": \"overdie\", \"occurred-at\": \"2026-01-01T12:00:00Z\", \"id\": 7}");
    assert_int_equal(command->body_case, KETEN__V1__COMMAND__BODY_SIGNAL);
    assert_string_equal(command->worker, "j.bakker");
    assert_int_equal(command->occurred_at_ms, 1767268800000);
    assert_string_equal(command->signal->kind, "rent-arrears");
    assert_string_equal(command->signal->arrangement, "overdie");
    assert_int_equal(command->signal->n_persons, 2);
    assert_string_equal(command->signal->persons[1], "999990019");
    assert_int_equal(command->signal->n_fields, 3);
    assert_string_equal(command->signal->fields[0]->value, "3");
    assert_string_equal(command->signal->fields[1]->value, "yes");
    assert_string_equal(command->signal->fields[2]->value, "450.00");
}

static void
test_steps(void **unused)
{
    (void)unused;
    const Keten__V1__Command *command = sound("{\"accept\": \"s17@4\"}");
    assert_int_equal(command->step_accept->step, 17);
    assert_int_equal(command->step_accept->version, 4);
    command = sound("{\"refuse\": 17, \"version\": 4, \"reason\": \"capacity\"}");
    assert_int_equal(command->step_refuse->version, 4);
    assert_string_equal(command->step_refuse->reason, "capacity");
    command = sound("{\"complete\": 17, \"facts\": {\"a\": {\"x\": \"1\"}, \"b\": {}}}");
    assert_int_equal(command->step_complete->n_facts, 2);
    assert_string_equal(command->step_complete->facts[0]->fields[0]->name, "x");
    command =
        sound("{\"suspend\": 17, \"until\": \"2026-01-01T12:00:00Z\", \"reason\": \"moved\"}");
    assert_int_equal(command->step_suspend->until_ms, 1767268800000);
    command = sound("{\"offer\": \"p12\", \"kind\": \"home-visit\", \"to\": \"welzijn\"}");
    assert_int_equal(command->step_offer->plan, 12);
    assert_string_equal(command->step_offer->partner, "welzijn");
    command = sound("{\"coordinator-offer\": 12, \"to\": \"welzijn\", \"to-worker\": \"w\", "
                    "\"worker\": \"me\"}");
    assert_string_equal(command->coordinator_offer->worker, "w");
    assert_string_equal(command->worker, "me");
}

static void
test_every_verb(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        Keten__V1__Command__BodyCase body;
    } cases[] = {
        {"{\"signal-withdraw\": \"f33\"}", KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW},
        {"{\"signal-correct\": 33, \"fields\": {}}", KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT},
        {"{\"fail\": 1}", KETEN__V1__COMMAND__BODY_STEP_FAIL},
        {"{\"replace\": 1, \"kind\": \"k\"}", KETEN__V1__COMMAND__BODY_STEP_REPLACE},
        {"{\"drop\": 1}", KETEN__V1__COMMAND__BODY_STEP_DROP},
        {"{\"withdraw\": 1}", KETEN__V1__COMMAND__BODY_STEP_WITHDRAW},
        {"{\"resume\": 1}", KETEN__V1__COMMAND__BODY_STEP_RESUME},
        {"{\"coordinator-accept\": 1}", KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT},
        {"{\"coordinator-refuse\": 1}", KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE},
        {"{\"coordinator-leave\": 1, \"reason\": \"capacity\"}",
         KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE},
        {"{\"coordinator-absent\": 1, \"until\": \"2026-01-01T12:00:00Z\", \"to\": \"w\", "
         "\"to-worker\": \"x\"}",
         KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT},
        {"{\"coordinator-absent\": 1}", KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT},
        {"{\"close\": \"p1\", \"reason\": \"solved\"}", KETEN__V1__COMMAND__BODY_PLAN_CLOSE},
        {"{\"reject\": \"d5\", \"history\": 1, \"reason\": \"unknown-field\", \"words\": \"w\"}",
         KETEN__V1__COMMAND__BODY_DELIVERY_REJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sound(cases[i].text)->body_case, cases[i].body);
}

static void
test_complaints(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"{}", "exactly one command"},
        {"{\"accept\": 1, \"refuse\": 1}", "exactly one command"},
        {"{\"accept\": 0}", "accept"},
        {"{\"accept\": \"p1\"}", "accept"},
        {"{\"accept\": 1, \"verzion\": 2}", "did you mean version?"},
        {"{\"accept\": 1, \"version\": 4294967296}", "version"},
        {"{\"refuse\": 1, \"reason\": 5}", "reason"},
        {"{\"signal\": \"Rent\", \"persons\": [\"999990007\"]}", "signal"},
        {"{\"signal\": \"rent\"}", "persons is missing"},
        {"{\"signal\": \"rent\", \"persons\": []}", "persons"},
        {"{\"signal\": \"rent\", \"persons\": [\"999990007\", \"999990008\"]}", "person 2"},
        {"{\"signal\": \"rent\", \"persons\": [999990007]}", "person 1"},
        {"{\"signal\": \"rent\", \"persons\": [\"999990007\"], \"fields\": {\"a\": 1.5}}", "a has"},
        {"{\"signal\": \"rent\", \"persons\": [\"999990007\"], \"fields\": {\"A b\": 1}}", "A b"},
        {"{\"suspend\": 1, \"until\": \"soon\"}", "until"},
        {"{\"complete\": 1, \"facts\": []}", "facts"},
    };
    Speech speech = {KETEN__V1__LANGUAGE__LANGUAGE_EN, "test"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Complaint complaint;
        char sentence[512];
        assert_null(read_text(cases[i].text, &complaint));
        complaint_fill(&complaint, &speech, sentence, sizeof sentence);
        if (!strstr(sentence, cases[i].says))
            fail_msg("%s: %s", cases[i].text, sentence);
        assert_null(strstr(sentence, "99999"));
    }
}

static void
test_hidden_numbers(void **unused)
{
    (void)unused;
    char text[] = "van 999990007 en 123456789, niet 1234567890 of KT-1008 ";
    speech_hide_bsn(text);
    assert_string_equal(text, "van ********* en 123456789, niet 1234567890 of KT-1008 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_signal),     TEST(test_steps),          TEST(test_every_verb),
        TEST(test_complaints), TEST(test_hidden_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
