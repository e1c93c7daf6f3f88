// SPDX-License-Identifier: EUPL-1.2
// The likeness of a person: which lists of tokens meet, what a command adds, and that a secret
// address is written nowhere.
// Knows: tokens made here. Must never know: how a token is made.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/rules/likeness.h"
#include "proto/message.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/zone.h"

#define TOKEN 16

// A list of tokens: one letter for each.
static ProtobufCBinaryData
tokens(Arena *arena, const char *letters)
{
    ProtobufCBinaryData list = {strlen(letters) * TOKEN, NULL};
    list.data = arena_take(arena, list.len + 1);
    for (size_t i = 0; letters[i] != '\0'; i++)
        memset(list.data + i * TOKEN, letters[i], TOKEN);
    return list;
}

static const char *
letters_of(Arena *arena, ProtobufCBinaryData list)
{
    char *letters = arena_take(arena, list.len / TOKEN + 1);
    for (size_t i = 0; i < list.len / TOKEN; i++)
        letters[i] = (char)list.data[i * TOKEN];
    return letters;
}

static TraceRow *
likeness_of(Arena *arena, const char *address, const char *names, const char *born, bool secret)
{
    TraceRow *row = NEW(arena, TraceRow, trace_row);
    row->address = tokens(arena, address);
    row->names = tokens(arena, names);
    row->born = tokens(arena, born);
    row->secret = secret;
    return row;
}

static void
lists_meet_in_one_token(void **state)
{
    static const struct {
        const char *one, *other;
        bool meet;
    } cases[] = {{"a", "a", true}, {"ab", "b", true}, {"a", "cba", true}, {"ab", "cd", false},
                 {"", "a", false}, {"a", "", false},  {"", "", false},    {"abc", "xyc", true}};
    (void)state;
    Arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tokens_meet(tokens(&arena, cases[i].one), tokens(&arena, cases[i].other)),
                         cases[i].meet);
    // A token that begins in the middle of another is not in the list.
    ProtobufCBinaryData shifted = tokens(&arena, "ab");
    shifted.data += TOKEN / 2;
    shifted.len = TOKEN;
    assert_false(tokens_meet(shifted, tokens(&arena, "ab")));
    arena_done(&arena);
}

typedef struct Case {
    const char *given[3], *was[3]; // address, names, births; NULL: no row
    bool given_secret, was_secret;
    const char *after[3];
    bool after_secret;
} Case;

static const Case cases[] = {
    {{"a", "n", "b"}, {NULL, NULL, NULL}, false, false, {"a", "n", "b"}, false},
    {{NULL, NULL, NULL}, {"a", "n", "b"}, false, true, {"a", "n", "b"}, true},
    // The newest address alone; names and births of both, the newer ones first.
    {{"z", "m", "c"}, {"a", "n", "b"}, false, false, {"z", "mn", "cb"}, false},
    {{"", "", ""}, {"a", "n", "b"}, false, false, {"a", "n", "b"}, false},
    {{"a", "nm", "b"}, {"a", "mn", "b"}, false, false, {"a", "nm", "b"}, false},
    // Secret once is secret for good.
    {{"a", "n", "b"}, {"a", "n", "b"}, true, false, {"a", "n", "b"}, true},
    {{"a", "n", "b"}, {"a", "n", "b"}, false, true, {"a", "n", "b"}, true},
    // At most sixteen: the oldest fall out.
    {{"", "ABCD", ""},
     {"", "abcdefghijklmnop", ""},
     false,
     false,
     {"", "ABCDabcdefghijkl", ""},
     false},
};

static void
a_command_adds_to_the_likeness(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        Draft draft = {.arena = &arena};
        PersonEntry person = {.number = 1};
        const Case *row = &cases[i];
        if (row->given[0] != NULL)
            person.given =
                likeness_of(&arena, row->given[0], row->given[1], row->given[2], row->given_secret);
        if (row->was[0] != NULL)
            person.likeness =
                likeness_of(&arena, row->was[0], row->was[1], row->was[2], row->was_secret);
        const TraceRow *after = likeness_after(&draft, &person);
        assert_string_equal(letters_of(&arena, after->address), row->after[0]);
        assert_string_equal(letters_of(&arena, after->names), row->after[1]);
        assert_string_equal(letters_of(&arena, after->born), row->after[2]);
        assert_int_equal(after->secret, row->after_secret);
        arena_done(&arena);
    }
    Draft draft = {.arena = NULL};
    const PersonEntry unknown = {.number = 1};
    assert_null(likeness_after(&draft, &unknown));
}

static PersonDetails
details_of(const char *born)
{
    PersonDetails details = KETEN__V1__PERSON_DETAILS__INIT;
    details.surname = literal("Jansen");
    details.born = literal(born);
    details.postcode = literal("1234AB");
    details.number = literal("5");
    return details;
}

// The persons of a command, of whom the first gives details.
static PartBody *
details_recorded(Arena *arena, const PersonEntry *persons, size_t count, Draft *ret_draft)
{
    Context *context = arena_take(arena, sizeof *context);
    *context = (Context){.people = {.persons = persons, .person_count = count}};
    draft_start(ret_draft, context, KETEN__V1__CAUSE__CAUSE_SIGNAL, arena);
    const PersonDetails details = details_of("1987-04-01");
    likeness_person(ret_draft, &persons[0], persons[0].number, &details);
    if (ret_draft->record->n_parts == 0)
        return NULL;
    const ProtobufCBinaryData body = ret_draft->record->parts[0]->body;
    return message_unpack(&keten__v1__part_body__descriptor, arena, body.data, body.len);
}

static void
a_secret_address_is_written_nowhere(void **state)
{
    (void)state;
    // Neither, the person, or somebody who is named together with the person.
    for (unsigned secret = 0; secret < 3; secret++) {
        Arena arena = {0};
        Draft draft;
        const PersonEntry persons[] = {
            {.number = 1,
             .open_plan = 8,
             .second_plan = 9,
             .given = likeness_of(&arena, "a", "n", "b", secret == 1)},
            {.number = 2, .given = likeness_of(&arena, "a", "n", "c", secret == 2)},
        };
        const PartBody *body = details_recorded(&arena, persons, 2, &draft);
        assert_non_null(body);
        assert_string_equal(body->details->surname, "Jansen");
        assert_string_equal(body->details->postcode, secret == 0 ? "1234AB" : "");
        assert_string_equal(body->details->number, secret == 0 ? "5" : "");
        // Both plans of a person whose own address is secret keep addresses secret.
        size_t works = 0;
        for (size_t i = 0; i < draft.record->head->n_events; i++)
            works += draft.record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_WORK_OPENED;
        assert_int_equal(works, secret == 1 ? 2 : 0);
        arena_done(&arena);
    }
}

static void
details_that_say_nothing_new_are_not_recorded(void **state)
{
    (void)state;
    Arena arena = {0};
    Draft draft;
    PersonEntry person = {.number = 1,
                          .given = likeness_of(&arena, "a", "n", "b", false),
                          .likeness = likeness_of(&arena, "a", "mn", "bc", false)};
    assert_null(details_recorded(&arena, &person, 1, &draft));
    person.given = likeness_of(&arena, "a", "k", "b", false);
    assert_non_null(details_recorded(&arena, &person, 1, &draft));
    arena_done(&arena);
}

static void
nobody_is_born_tomorrow(void **state)
{
    static const struct {
        const char *born;
        bool past;
    } births[] = {{"2024-03-04", true}, {"20240304", true}, {"2024-03-05", false},
                  {"1987-00-00", true}, {"", true},         {"2025-01-01", false}};
    (void)state;
    Arena arena = {0};
    const Calendar calendar = {.zone = zone_fixture()};
    const Draft draft = {
        .arena = &arena, .calendar = &calendar, .now_ms = instant_at("2024-03-04T23:59:00+01:00")};
    for (size_t i = 0; i < sizeof births / sizeof births[0]; i++) {
        const PersonDetails details = details_of(births[i].born);
        assert_int_equal(details_are_past(&draft, &details), births[i].past);
    }
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_meet_in_one_token),
        cmocka_unit_test(a_command_adds_to_the_likeness),
        cmocka_unit_test(a_secret_address_is_written_nowhere),
        cmocka_unit_test(details_that_say_nothing_new_are_not_recorded),
        cmocka_unit_test(nobody_is_born_tomorrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
