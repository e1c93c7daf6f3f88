// SPDX-License-Identifier: EUPL-1.2
// Letters as one compares them. Must never know: names' parts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fold.h"
#include "base/text.h"

static const char *
folded(const char *text)
{
    static char ret[1024];
    assert_true(2 * strlen(text) + 1 <= sizeof ret);
    const size_t length = text_fold(text, strlen(text), ret);
    assert_int_equal(length, strlen(ret));
    return ret;
}

static void
letters_lose_case_and_marks(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Bronwaßer", "bronwasser"},
        {"BRONWASSER", "bronwasser"},
        {"STRAẞE", "strasse"},
        {"Guðrún Sigríður", "gudrun sigridur"},
        {"Eötvös", "eotvos"},
        {"Mihailović", "mihailovic"},
        {"Vųlkovās", "vulkovas"},
        {"Øse", "ose"},
        {"Ægir", "aegir"},
        {"Œuvre", "oeuvre"},
        {"Þór", "thor"},
        {"Łódź", "lodz"},
        {"Đorđe", "dorde"},
        {"Atatürk", "ataturk"},
        {"Nguyễn", "nguyen"},
        {"İstanbul ılık", "istanbul ilik"},
        {"ǅ", "dz"},
        {"\xc5\x8a"
         "a",
         "na"},
        {"Cafe\xcc\x81", "cafe"},
        {"Caf\xc3\xa9", "cafe"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_string_equal(folded(pairs[i][0]), pairs[i][1]);
}

static void
ij_and_y_are_one(void **state)
{
    (void)state;
    static const char *const same[] = {"Dijk",
                                       "DIJK",
                                       "Dyk",
                                       "D\xc4\xb3"
                                       "k",
                                       "D\xc4\xb2"
                                       "k",
                                       "Dÿk"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        assert_string_equal(folded(same[i]), "dyk");
    assert_string_equal(folded("i j"), "i j");
    assert_string_equal(folded("i-j"), "i-j");
}

static void
signs_divide(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"  ", ""},
        {"'", ""},
        {"-", ""},
        {"  a   b  ", "a b"},
        {"d'Angelo", "d angelo"},
        {"d\xe2\x80\x99"
         "Angelo",
         "d angelo"},
        {"'t", "t"},
        {"a\xc2\xa0"
         "b",
         "a b"},
        {"Pietersz.", "pietersz"},
        {"a - b", "a-b"},
        {"a\xe2\x80\x93"
         "b",
         "a-b"},
        {"a--b", "a-b"},
        {"a-", "a"},
        {"a/b", "a-b"},
        {"so\xc2\xad"
         "ft",
         "soft"},
        {"Αθήνα", "Αθήνα"},
        {"王", "王"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_string_equal(folded(pairs[i][0]), pairs[i][1]);
}

// Whatever the bytes: nothing beyond the room, and text in, text out.
static void
any_bytes_are_taken(void **state)
{
    (void)state;
    const char *given = getenv("KETEN_SEED");
    const unsigned seed = given == NULL ? 20240304u : (unsigned)strtoul(given, NULL, 10);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 200000; round++) {
        char text[24], ret[2 * sizeof text + 2];
        const size_t length = (size_t)(rand() % (int)sizeof text);
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(rand() % 3 == 0 ? rand() % 256
                                             : "aiJ-' \xc3\xc4\xb3\x9f\xe1\xba"[rand() % 12]);
        memset(ret, '#', sizeof ret);
        const size_t got = text_fold(text, length, ret);
        assert_true(got <= 2 * length);
        assert_int_equal(ret[got], '\0');
        assert_int_equal(ret[2 * length + 1], '#');
        if (text_is_utf8(text, length))
            assert_true(text_is_utf8(ret, got));
        // Folding a folded text changes nothing.
        char again[sizeof ret + sizeof ret];
        assert_int_equal(text_fold(ret, got, again), got);
        assert_memory_equal(ret, again, got);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_lose_case_and_marks),
        cmocka_unit_test(ij_and_y_are_one),
        cmocka_unit_test(signs_divide),
        cmocka_unit_test(any_bytes_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
