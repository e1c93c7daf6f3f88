// SPDX-License-Identifier: EUPL-1.2
// The command line by the table: words in both languages, options where they belong. Must never
// know: a daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/keten/arguments.h"
#include "clients/keten/help.h"

typedef struct Line {
    Arena arena;
    Args args;
    Fault fault;
    KtCode code;
} Line;

// Splits at blanks and reads.
static void
read_line(Line *line, const char *text)
{
    *line = (Line){0};
    char *argv[32] = {"keten"};
    int argc = 1;
    for (char *word = strtok(arena_text(&line->arena, text), " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    line->code = args_read(argc, argv, KT_EN, &line->arena, &line->args, &line->fault);
}

static void
assert_fault(const char *text, const char *part)
{
    Line line;
    read_line(&line, text);
    assert_int_equal(line.code, KT_USAGE);
    if (!strstr(line.fault.detail, part))
        fail_msg("'%s' says '%s', not '%s'", text, line.fault.detail, part);
    arena_done(&line.arena);
}

static void
finds_commands_in_both_languages(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"step accept s1", "stap aannemen s1"},
        {"plan history p1", "plan verloop p1"},
        {"inbox --max 3", "postvak --max 3"},
        {"why s1", "waarom s1"},
        {"signal x --person 1", "signaal x --person 1"},
        {"audit handovers --csv", "controle overdrachten --csv"},
        {"--json status", "stand --json"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        Line a, b;
        read_line(&a, pairs[i][0]);
        read_line(&b, pairs[i][1]);
        assert_int_equal(a.code, KT_OK);
        assert_int_equal(b.code, KT_OK);
        assert_non_null(a.args.verb);
        assert_ptr_equal(a.args.verb, b.args.verb);
        assert_int_equal(a.args.word_count, b.args.word_count);
        arena_done(&a.arena);
        arena_done(&b.arena);
    }
}

static void
words_of_values_go_with_the_option_before_them(void **state)
{
    (void)state;
    static const OptionId expected[] = {OPT_WORD, OPT_WORD, OPT_WORD,   OPT_FACT, OPT_PAIR,
                                        OPT_PAIR, OPT_FACT, OPT_WORKER, OPT_JSON};
    Line line;
    read_line(&line, "step complete s17@4 --fact a x=1 y=2=3 --fact b --worker w --json");
    assert_int_equal(line.code, KT_OK);
    assert_int_equal(line.args.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < line.args.count; i++)
        assert_int_equal(line.args.items[i].id, expected[i]);
    assert_string_equal(line.args.items[5].value, "y=2=3");
    arena_done(&line.arena);
    size_t count;
    read_line(&line, "signal k --field a=1 b=2 --person 1 --person 2 --field c=3");
    assert_int_equal(line.code, KT_OK);
    args_values(&line.args, OPT_FIELD, &line.arena, &count);
    assert_int_equal(count, 3);
    args_values(&line.args, OPT_PERSON, &line.arena, &count);
    assert_int_equal(count, 2);
    assert_int_equal(line.args.word_count, 1);
    arena_done(&line.arena);
}

static void
one_name_means_what_its_command_says(void **state)
{
    (void)state;
    Line line;
    read_line(&line, "audit handovers --to 2011-01-01");
    assert_string_equal(args_value(&line.args, OPT_TO), "2011-01-01");
    arena_done(&line.arena);
    read_line(&line, "--to gemeente step offer p1 assess");
    assert_int_equal(line.code, KT_OK);
    assert_string_equal(args_value(&line.args, OPT_TO_PARTNER), "gemeente");
    assert_false(args_has(&line.args, OPT_TO));
    arena_done(&line.arena);
}

static void
tells_what_is_wrong(void **state)
{
    (void)state;
    assert_fault("step acept s1", "'accept'");
    assert_fault("sginal x", "'signal'");
    assert_fault("step", "verb");
    assert_fault("step accept", "'ID'");
    assert_fault("step accept s1 s2", "'s2'");
    assert_fault("status --contxt a", "'--context'");
    assert_fault("signal k --person", "--person");
    assert_fault("status --max 3", "'max'");
    assert_fault("status --lang fr", "'fr'");
    assert_fault("status --lang nl --max 3", "hoort niet");
}

static void
help_goes_with_a_word_alone(void **state)
{
    (void)state;
    static const struct {
        const char *line, *word;
    } rows[] = {
        {"step --help", "step"},
        {"--lang nl stap --help", "stap"},
        {"--help --lang en plan", "plan"},
        {"-h knelpunt", "knelpunt"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Line line;
        read_line(&line, rows[i].line);
        assert_int_equal(line.code, KT_OK);
        assert_null(line.args.verb);
        assert_string_equal(line.args.word, rows[i].word);
        arena_done(&line.arena);
    }
    assert_fault("stpe --help", "'step'");
    assert_fault("step acept --help", "'accept'");
    assert_fault("step --max 3 --help", "'max'");
}

// Completion and manual rely on this: every option is used, and no name is both with and without a
// value.
static void
the_table_is_sound(void **state)
{
    (void)state;
    uint64_t used = OPTIONS_GLOBAL;
    for (size_t i = 0; i < verb_count(); i++) {
        const Verb *v = verb_at(i);
        used |= v->options;
        assert_ptr_equal(verb_find(v->word, v->verb), v);
        assert_ptr_equal(verb_find(v->nl_word, v->nl_verb), v);
        assert_true(v->text[0][0] && v->text[1][0]);
    }
    for (size_t i = 0; i < option_count(); i++) {
        const Option *o = option_at(i);
        assert_true(used >> o->id & 1);
        assert_int_equal(o->id, i + 1);
        for (size_t j = 0; j < option_count(); j++)
            if (strcmp(o->name, option_at(j)->name) == 0)
                assert_int_equal(o->argument == NULL, option_at(j)->argument == NULL);
    }
}

static void
help_names_every_command(void **state)
{
    (void)state;
    for (int language = KT_NL; language <= KT_EN; language++) {
        char *text = NULL;
        size_t length = 0;
        FILE *to = open_memstream(&text, &length);
        help_all(to, (KtLanguage)language);
        fclose(to);
        for (size_t i = 0; i < verb_count(); i++) {
            char line[128];
            const Verb *v = verb_at(i);
            snprintf(line, sizeof line, "keten %s%s%s", language == KT_NL ? v->nl_word : v->word,
                     v->verb[0] ? " " : "", language == KT_NL ? v->nl_verb : v->verb);
            assert_non_null(strstr(text, line));
        }
        free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_commands_in_both_languages),
        cmocka_unit_test(words_of_values_go_with_the_option_before_them),
        cmocka_unit_test(one_name_means_what_its_command_says),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(help_goes_with_a_word_alone),
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(help_names_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
