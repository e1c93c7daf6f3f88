// SPDX-License-Identifier: EUPL-1.2
// Every question and every command, about everything there is, by everybody, is answered: by rows,
// by a receipt or by a refusal. Each kind of query is asked about each kind of subject with
// changing options, by every role; then each command is given about each number. The sanitizers of
// the asan build find what was read without having been loaded.
// Must never know: what an answer should be. KETEN_SEED: the order of the commands.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "proto/commands.h"
#include "proto/names.h"
#include "tests/fixture/bodies.h"
#include "tests/fixture/crowd.h"
#include "tests/fixture/query.h"
#include "tests/fixture/setting.h"
#include "tests/fixture/town_check.h"

enum { LETTERS = 6, SUBJECTS = 1024, KINDS_END = 32, NUMBERS_BEYOND = 2 };

typedef struct Walk {
    Town town;
    Arena page;       // of one answer
    Arena kept;       // until the end
    const char *next; // the bookmark of an earlier answer; "": none
    uint64_t numbers;
    const char *subjects[SUBJECTS];
    uint64_t ids[SUBJECTS]; // the number in each subject; 0: none
    size_t count;
    size_t asked, shown, taken, refused;
} Walk;

static void
add_subject(Walk *walk, const char *text, uint64_t id)
{
    assert_true(walk->count < SUBJECTS);
    walk->subjects[walk->count] = text;
    walk->ids[walk->count++] = id;
}

// Printed ids of every letter: those that are there, and some beyond.
static void
add_numbers(Walk *walk)
{
    static const char letters[LETTERS] = {'p', 's', 'm', 'f', 'd', 'r'};
    Arena *arena = &walk->town.arena;
    for (size_t i = 0; i < LETTERS; i++)
        for (uint64_t n = 1; n <= walk->numbers + NUMBERS_BEYOND; n++)
            add_subject(walk, arena_format(arena, "%c%" PRIu64, letters[i], n), n);
    // The records of the stories stand before those of the questions.
    for (uint64_t n = walk->numbers; n <= town_position(&walk->town) + NUMBERS_BEYOND; n += 2)
        add_subject(walk, arena_format(arena, "r%" PRIu64, n), n);
}

// NAME/dN of every partner, as administrators write it.
static void
add_deliveries(Walk *walk)
{
    Arena *arena = &walk->town.arena;
    for (uint32_t partner = 1; partner <= CROWD_AUDITOR; partner++) {
        const uint64_t assigned = ledger_assigned(walk->town.ledger, partner);
        for (uint64_t n = 1; n <= assigned + 1; n++)
            add_subject(walk,
                        arena_format(arena, "%s/d%" PRIu64,
                                     ledger_partner_name(walk->town.ledger, partner), n),
                        n);
    }
}

static void
add_words(Walk *walk)
{
    static const char *const words[] = {"",
                                        "x",
                                        "/d1",
                                        "welzijn/",
                                        "niemand/d1",
                                        "d0",
                                        "p18446744073709551615",
                                        "s1@1",
                                        "m1@7",
                                        "gemeente",
                                        "welzijn",
                                        "household",
                                        "city",
                                        "kleine-stad",
                                        "andere-stad",
                                        "dead",
                                        "merge",
                                        "pause",
                                        "question",
                                        "999900006",
                                        "999900007",
                                        "Noor",
                                        "Sanne",
                                        "00000000-0000-0000-0000-000000000000",
                                        "01000000-0000-0000-0000-000000000000",
                                        "02000000-0000-0000-0000-000000000000:1",
                                        "03000000-0000-0000-0000-000000000000:9"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        add_subject(walk, words[i], i % 5 == 0 ? UINT64_MAX : i);
}

// Reads every byte of the answer.
static size_t
read_rows(const QueryRows *rows)
{
    size_t bytes = rows->field == NULL ? 0 : strlen(rows->field) + strlen(rows->detail);
    for (size_t i = 0; i < rows->count; i++) {
        bytes += strlen(rows->rows[i]->kind);
        for (size_t j = 0; j < rows->rows[i]->n_cells; j++) {
            const Keten__V1__Cell *cell = rows->rows[i]->cells[j];
            bytes += strlen(cell->name);
            if (cell->value_case == KETEN__V1__CELL__VALUE_TEXT)
                bytes += strlen(cell->text);
        }
    }
    return bytes;
}

static bool
at_once(void *caller)
{
    (void)caller;
    return true;
}

static void
answer(Walk *walk, uint32_t partner, const Keten__V1__Query *query, QueryEnough enough)
{
    Town *town = &walk->town;
    QueryPass *pass = query_begin(town->ledger, partner, query);
    QueryRows rows = {.more = true};
    KtCode code = KT_OK;
    for (int calls = 0; code == KT_OK && rows.more; calls++) {
        rows = (QueryRows){.rows = NULL};
        code = query_go_on(pass, town->now_ms, enough, NULL, &walk->page, &rows);
        if (code == KT_DRAINING || (code != KT_OK && rows.count != 0) || calls > 10000)
            fail_msg("query %d about %s by partner %u: code %d, %zu rows", (int)query->kind,
                     query->subject, partner, code, rows.count);
        read_rows(&rows);
        if (code == KT_OK && rows.next != NULL && rows.next[0] != '\0')
            walk->next = arena_text(&walk->kept, rows.next);
        walk->shown += rows.count;
    }
    query_end(pass);
}

static void
ask(Walk *walk, uint32_t partner, unsigned kind, size_t subject)
{
    Town *town = &walk->town;
    const size_t options = walk->asked++;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.query = 1;
    query.kind = (Keten__V1__QueryKind)kind;
    query.id = walk->ids[subject];
    query.subject = (char *)(uintptr_t)walk->subjects[subject];
    query.limit = options % 3 == 0 ? 0 : (uint32_t)(options % 3);
    query.mine = options % 5 == 1;
    query.late = options % 7 == 2;
    query.unowned = options % 11 == 3;
    query.from_ms = options % 2 == 0 ? 0 : town->now_ms - 3 * DAY_MS;
    query.to_ms = options % 13 == 0 ? town->now_ms : 0;
    if (options % 17 == 5)
        query.after = (char *)(uintptr_t)walk->next;
    answer(walk, partner, &query, options % 4 == 1 ? at_once : NULL);
    town_commit(town);
    arena_reset(&walk->page);
}

static void
ask_everything(Walk *walk)
{
    for (unsigned kind = 0; kind < KINDS_END; kind++) {
        if (kind != 0 && protobuf_c_enum_descriptor_get_value(&keten__v1__query_kind__descriptor,
                                                              (int)kind) == NULL)
            continue;
        for (uint32_t partner = 0; partner <= CROWD_NOBODY; partner++)
            for (size_t subject = 0; subject < walk->count; subject++)
                ask(walk, partner, kind, subject);
    }
}

// One command about one number. Every number that the body has is set to it, or the first alone.
static void
give(Walk *walk, uint32_t partner, unsigned body, uint64_t number, uint64_t turn)
{
    static const char *const names[] = {"plan", "step", "steps", "matter", "signal", "other", "n"};
    static const char *const owners[] = {"", "gemeente", "corporatie", "niemand"};
    Town *town = &walk->town;
    Command *command = body_command(&town->arena, body, town->now_ms);
    if (command == NULL)
        return;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (body_number(&town->arena, command, names[i], (number + i * (turn % 3)) % 40) &&
            turn % 2 == 0)
            break;
    if (body >= KETEN__V1__COMMAND__BODY_DELIVERY_REJECT &&
        body <= KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP)
        body_text(command, "partner", owners[turn % 4]);
    if (turn % 5 == 0)
        body_text(command, "outcome", "");
    const Answer answer = town_submit(town, partner, command);
    if ((answer.receipt == NULL) == (answer.refusal == NULL) ||
        (answer.refusal != NULL && answer.refusal->code == KT_DRAINING))
        fail_msg("command %u about %" PRIu64 " by partner %u: no answer", body, number, partner);
    walk->taken += answer.receipt != NULL;
    walk->refused += answer.refusal != NULL;
    town_commit(town);
}

// Every command about every number by everybody, once each, in an order that the seed gives: a step
// through all triples whose length has no factor in common with their number.
static void
give_everything(Walk *walk, uint64_t seed)
{
    const uint64_t partners = CROWD_NOBODY + 1, numbers = walk->numbers + NUMBERS_BEYOND;
    const uint64_t all = partners * BODIES_END * numbers;
    const uint64_t stride = 2147483647; // a prime beyond every factor of `all`
    for (uint64_t i = 0; i < all; i++) {
        const uint64_t at = (seed + i * stride) % all;
        give(walk, (uint32_t)(at % partners), (unsigned)(at / partners % BODIES_END),
             at / partners / BODIES_END + 1, at + i);
    }
}

static void
everybody_is_answered_about_everything(void **state)
{
    (void)state;
    const uint64_t seed = setting("KETEN_SEED", 1);
    static Walk walk;
    crowd_make(&walk.town);
    walk.next = "";
    walk.numbers = crowd_numbers(&walk.town);
    add_numbers(&walk);
    add_deliveries(&walk);
    add_words(&walk);
    ask_everything(&walk);
    for (uint64_t round = 0; round < 3; round++)
        give_everything(&walk, seed + round);
    town_verify_restart(&walk.town);
    ask_everything(&walk);
    print_message("seed %" PRIu64
                  ": %zu questions with %zu rows; %zu commands taken, %zu refused\n",
                  seed, walk.asked, walk.shown, walk.taken, walk.refused);
    assert_true(walk.shown > 1000 && walk.taken > 100 && walk.refused > 1000);
    arena_done(&walk.page);
    arena_done(&walk.kept);
    town_done(&walk.town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_is_answered_about_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
