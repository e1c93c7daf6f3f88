// SPDX-License-Identifier: EUPL-1.2
// A number that passes as a citizen service number is refused in every text of every command, with
// the name of the field; where a person is named it is taken. Each text is found by the
// descriptors, so a field that comes later is tried, too. Must never know: how numbers are found.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/commands.h"
#include "tests/fixture/bodies.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"

static const char *const texts[] = {"999900006", "bel over 999900006 terug", "9999.00.006"};

typedef struct Trial {
    Town town;
    unsigned body;
    size_t tried;
    const char *top; // the field of the body in which the text stands
} Trial;

static bool
is_for_persons(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "person") == 0 || strcmp(field->name, "persons") == 0;
}

// Gives the command with the text in this place, and puts back what stood there.
static void
refuse_in(Trial *trial, Command *command, char **place, const char *name)
{
    Town *town = &trial->town;
    char *kept = *place;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *place = literal(texts[i]);
        const Answer answer = town_submit(town, town->administrator, command);
        if (answer.refusal == NULL || answer.refusal->code != KT_BSN_PLACE ||
            strcmp(answer.refusal->field, trial->top) != 0 ||
            strstr(answer.refusal->text, "9999") != NULL)
            fail_msg("command %u, %s in %s: %s", trial->body, name, trial->top,
                     answer.refusal == NULL ? "a receipt" : answer.refusal->text);
        town_commit(town);
        trial->tried++;
    }
    *place = kept;
}

static void
walk(Trial *trial, Command *command, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        char *at = (char *)message + field->offset;
        const bool body = message == (ProtobufCMessage *)(void *)command->signal;
        void **list = (void **)(void *)at;
        if (is_for_persons(field))
            continue;
        if (body)
            trial->top = field->name;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            if (*(size_t *)(void *)((char *)message + field->quantifier_offset) == 0)
                continue;
            list = *(void ***)(void *)at;
        }
        if (field->type == PROTOBUF_C_TYPE_STRING)
            refuse_in(trial, command, (char **)list, field->name);
        else if (field->type == PROTOBUF_C_TYPE_MESSAGE && *list != NULL)
            walk(trial, command, *list);
    }
}

static void
no_text_of_a_command_takes_a_citizen_service_number(void **state)
{
    (void)state;
    Trial trial = {.tried = 0};
    town_make(&trial.town, 0, NULL);
    for (trial.body = 1; trial.body < BODIES_END; trial.body++) {
        Command *command = body_command(&trial.town.arena, trial.body, trial.town.now_ms);
        if (command == NULL)
            continue;
        trial.top = "worker";
        refuse_in(&trial, command, &command->worker, "worker");
        walk(&trial, command, (ProtobufCMessage *)(void *)command->signal);
    }
    print_message("%zu commands refused\n", trial.tried);
    assert_true(trial.tried > 250);
    town_done(&trial.town);
}

static void
a_person_and_a_number_with_letters_are_taken(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Command *signal = town_signal(&town, "arrears", 0, 2);
    signal->worker = literal("Jan D-999900006");
    assert_int_equal(town_refused(&town, 2, signal), KT_OK);
    town_done(&town);
}

static void
a_worker_has_no_control_characters(void **state)
{
    (void)state;
    static const char *const names[] = {"Jan\033[2J", "Jan\n", "\tJan", "Jan\x7f", "Jan\xc2\x9b"};
    Town town;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Command *signal = town_signal(&town, "arrears", i, 1);
        signal->worker = literal(names[i]);
        assert_int_equal(town_refused(&town, 2, signal), KT_NAME);
        for (unsigned body = 1; body < BODIES_END; body++) {
            Command *command = body_command(&town.arena, body, town.now_ms);
            if (command == NULL || !body_text(command, "worker", names[i]))
                continue;
            body_number(&town.arena, command, "step", 1);
            body_number(&town.arena, command, "plan", 1);
            assert_int_equal(town_refused(&town, 1, command), KT_NAME);
        }
    }
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_of_a_command_takes_a_citizen_service_number),
        cmocka_unit_test(a_person_and_a_number_with_letters_are_taken),
        cmocka_unit_test(a_worker_has_no_control_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
