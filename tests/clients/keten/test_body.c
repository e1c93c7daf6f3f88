// SPDX-License-Identifier: EUPL-1.2
// Bodies of commands filled from a command line, and every command of the table up to the point at
// which it needs a daemon. Must never know: a daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "clients/keten/arguments.h"
#include "clients/keten/body.h"
#include "clients/keten/commands.h"

// Splits at blanks and reads.
static Args
args_of(Tool *tool, const char *text)
{
    Args args;
    Fault fault;
    char *argv[64] = {"keten"};
    int argc = 1;
    for (char *word = strtok(arena_text(&tool->arena, text), " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    if (args_read(argc, argv, KT_EN, &tool->arena, &args, &fault) != KT_OK)
        fail_msg("'%s': %s", text, fault.detail);
    return args;
}

static void
fills_every_kind_of_field(void **state)
{
    (void)state;
    Tool tool = {.language = KT_EN};
    Keten__V1__Command command;
    Args args = args_of(&tool, "pause start p7 --action a --action b --until 2025-01-01T00:00:00Z");
    assert_int_equal(body_fill(&tool, &args, "pause_start",
                               FIELDS(FIELD_PLAN, FIELD_TEXTS("actions", ACTION),
                                      FIELD_INSTANT("until_ms", UNTIL), FIELD_REASON),
                               &command),
                     0);
    assert_int_equal(command.body_case, KETEN__V1__COMMAND__BODY_PAUSE_START);
    assert_int_equal(command.pause_start->plan, 7);
    assert_int_equal(command.pause_start->n_actions, 2);
    assert_string_equal(command.pause_start->actions[1], "b");
    assert_int_equal(command.pause_start->until_ms, INT64_C(1735689600000));
    assert_string_equal(command.pause_start->reason, "");
    args = args_of(&tool, "step replace s17@4 other --reason r");
    assert_int_equal(body_fill(&tool, &args, "step_replace",
                               FIELDS(FIELD_STEP, FIELD_WORD("kind", 1), FIELD_REASON), &command),
                     0);
    assert_int_equal(command.step_replace->step, 17);
    assert_int_equal(command.step_replace->version, 4);
    assert_string_equal(command.step_replace->kind, "other");
    assert_string_equal(command.step_replace->reason, "r");
    args = args_of(&tool, "plan join p1 --second");
    assert_int_equal(body_fill(&tool, &args, "member_join",
                               FIELDS(FIELD_PLAN, FIELD_FLAG("second", SECOND)), &command),
                     0);
    assert_true(command.member_join->second);
    args = args_of(&tool, "plan split p1 --step s3 --step s4@2");
    assert_int_equal(body_fill(&tool, &args, "plan_split",
                               FIELDS(FIELD_PLAN, FIELD_IDS("steps", STEP, 's')), &command),
                     0);
    assert_int_equal(command.plan_split->n_steps, 2);
    assert_int_equal(command.plan_split->steps[1], 4);
    arena_done(&tool.arena);
}

// Runs with stderr in `ret`.
static int
run_quietly(Tool *tool, const Args *args, char *ret, size_t size)
{
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    int status = command_run(tool, args);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    ret[fread(ret, 1, size - 1, file)] = '\0';
    fclose(file);
    return status;
}

static void
says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *line, *said;
    } cases[] = {
        {"step accept p1", "s12@3"},
        {"step suspend s1", "a suspension always has an end"},
        {"step suspend s1 --until tomorrow", "ISO 8601"},
        {"plan close s1", "p12"},
        {"plan close p1@2", "p12"},
        {"plan coordinator p1 --to a", "--to and --worker"},
        {"plan absent p1", "--until"},
        {"plan absent p1 --until 2025-01-01T00:00:00Z --to a", "--worker with --to"},
        {"plan split p1", "--person"},
        {"plan split p1 --step p1", "s12@3"}, // the step comes first
        {"plan move p1", "--to-arrangement"},
        {"plan join p1", "--person"},
        {"plan join p1 --person 1 --person 2", "one --person"},
        {"pause start p1", "a pause always has an end"},
        {"bottleneck raise m1", "p12"},
        {"inbox reject p1", "d12"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[512];
        Tool tool = {.language = KT_EN};
        Args args = args_of(&tool, cases[i].line);
        assert_int_equal(run_quietly(&tool, &args, said, sizeof said), 2);
        if (!strstr(said, cases[i].said))
            fail_msg("'%s' says '%s', not '%s'", cases[i].line, said, cases[i].said);
        arena_done(&tool.arena);
    }
}

// One line for each form of a command.
static const char *const command_lines[] = {
    "step accept s1@2",
    "step refuse s1@2 --reason r",
    "step complete s1 --fact a x=1 y=2 --fact b",
    "step fail s1 --reason r",
    "step offer p1 kind --to a",
    "step replace s1 kind --reason r",
    "step drop s1 --reason r",
    "step withdraw s1 --reason r",
    "step suspend s1 --until 2025-01-01T00:00:00Z --reason r",
    "step extend s1 --reason r",
    "step resume s1",
    "step list",
    "step show s1",
    "plan list --mine --max 3",
    "plan show p1",
    "plan history p1",
    "plan coordinator p1 --to a --worker w",
    "plan accept p1@2",
    "plan accept m1@2",
    "plan refuse p1 --reason r",
    "plan refuse m1 --reason r",
    "plan resign p1 --reason r",
    "plan absent p1 --until 2025-01-01T00:00:00Z",
    "plan absent p1 --until 2025-01-01T00:00:00Z --to a --worker w",
    "plan back p1",
    "plan merge p1 p2 --reason r",
    "plan unmerge p1 p2 --reason r",
    "plan split p1 --person 1 --step s1 --reason r",
    "plan move p1 --to-arrangement a --reason r",
    "plan withdraw m1 --reason r",
    "plan close p1 --reason r",
    "plan join p1 --person 1 --detail born=2001 --since 2025-01-01 --second",
    "plan leave p1 --person 1 --on 2025-01-01",
    "plan lead p1 --person 1",
    "signal kind --person 1 --field a=1 b=2",
    "signal withdraw f1 --reason r",
    "signal correct f1 --field a=1",
    "bottleneck raise p1 --reason r --topic t --law",
    "bottleneck raise s1@2 --reason r",
    "bottleneck list",
    "bottleneck list --level l",
    "bottleneck show m1",
    "bottleneck solve m1@2 --decision d --reason r",
    "bottleneck pass m1 --reason r",
    "pause start p1 --action a --until 2025-01-01T00:00:00Z --reason r",
    "pause acknowledge m1",
    "pause end p1 --reason r",
    "pause list",
    "dead list",
    "dead show d1",
    "dead resend a/d1",
    "dead give-up m1@2 --reason r",
    "question list",
    "question show m1",
    "question answer m1@2 same",
    "inbox reject d1 --reason r",
    "why s1",
    "status",
    "partner list",
    "arrangement list",
};

// Without --context each command gets as far as opening a session: its message was filled.
static void
every_command_fills_its_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof command_lines / sizeof command_lines[0]; i++) {
        char said[512];
        Tool tool = {.language = KT_EN};
        Args args = args_of(&tool, command_lines[i]);
        assert_int_equal(run_quietly(&tool, &args, said, sizeof said), 2);
        if (!strstr(said, "KETEN_CONTEXT"))
            fail_msg("'%s' says '%s'", command_lines[i], said);
        arena_done(&tool.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_every_kind_of_field),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(every_command_fills_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
