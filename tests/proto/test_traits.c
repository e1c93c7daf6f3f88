// SPDX-License-Identifier: EUPL-1.2
// Forms of names, births and addresses: which are the same to a careful clerk, and which are not.
// Must never know: keys.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/traits.h"

static bool
one_family(const char *const a[2], const char *const b[2])
{
    Arena arena = {0};
    NameForms one = {.count = 0}, other = {.count = 0};
    bool shared = false;
    name_forms(a[0], a[1], &arena, &one);
    name_forms(b[0], b[1], &arena, &other);
    for (size_t i = 0; i < one.count; i++)
        for (size_t j = 0; j < other.count; j++)
            shared = shared || strcmp(one.items[i], other.items[j]) == 0;
    arena_done(&arena);
    return shared;
}

typedef struct Pair {
    const char *a[2], *b[2]; // prefix, surname
} Pair;

static void
these_are_one_family(void **state)
{
    (void)state;
    static const Pair pairs[] = {
        {{"", "Bronwaßer"}, {"", "Bronwasser"}},
        {{"van", "Dijk"}, {"", "VAN DIJK"}},
        {{"van", "Dijk"}, {"", "Dijk, van"}},
        {{"van", "Dijk"}, {"", "Dyk"}},
        {{"van den", "Bergh"}, {"", "van  den   Bergh"}},
        {{"", "van den Bergh"}, {"", "Bergh"}},
        {{"de", "Meester"}, {"", "DeMeester"}},
        {{"", "d'Angelo"},
         {"", "D\xe2\x80\x99"
              "Angelo"}},
        {{"", "d'Angelo"}, {"d'", "Angelo"}},
        {{"", "d'Angelo-Huis in 't Veld"}, {"", "Huis in het Veld"}},
        {{"in 't", "Veld"}, {"", "Veld"}},
        {{"", "'t Haantje"}, {"", "Haantje"}},
        {{"", "O'Brien"}, {"", "OBrien"}},
        {{"", "Jansen-de Vries"}, {"", "de Vries-Jansen"}},
        {{"", "Jansen-de Vries"}, {"", "Jansen"}},
        {{"", "Jansen-de Vries"}, {"de", "Vries"}},
        {{"", "Jansen - de Vries"}, {"", "Jansen/de Vries"}},
        {{"", "Jansen de Vries"}, {"", "de Vries Jansen"}},
        {{"", "Jansen de Vries"}, {"", "Jansen-de Vries"}},
        {{"", "Abayomi - Akwasi"}, {"", "Akwasi"}},
        {{"", "Abayomi - Akwasi"}, {"", "ABAYOMI"}},
        {{"von", "Thursen"}, {"", "Thursen"}},
        {{"", "al-Hout"}, {"Al", "Hout"}},
        {{"", "Mălïka'stes"}, {"", "Malikastes"}},
        {{"", "Tjon á Jon"}, {"", "Tjon a Jon"}},
        {{"", "Groot Esselink"}, {"", "GrootEsselink"}},
        {{"", "Eötvös"}, {"", "EOTVOS"}},
        {{"", "Ksar el Kebir"}, {"", "Ksar Kebir"}},
        {{"", "A"}, {"", "a"}},
        {{"", "王"}, {"", "王"}},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (!one_family(pairs[i].a, pairs[i].b) || !one_family(pairs[i].b, pairs[i].a))
            fail_msg("'%s %s' and '%s %s'", pairs[i].a[0], pairs[i].a[1], pairs[i].b[0],
                     pairs[i].b[1]);
}

static void
these_are_not(void **state)
{
    (void)state;
    static const Pair pairs[] = {
        {{"de", "Boer"}, {"de", "Bruijn"}},
        {{"van", "Dijk"}, {"van", "Dam"}},
        {{"", "Jansen"}, {"", "Janssen"}},
        {{"", "Jansen"}, {"", "Jansens"}},
        {{"", "Boer"}, {"", "Boerma"}},
        {{"", "Jansen-de Vries"}, {"", "Bakker-de Boer"}},
        {{"", "Groot Esselink"}, {"", "Esselink"}},
        {{"van", ""}, {"van", ""}},
        {{"", ""}, {"", ""}},
        {{"", "-"}, {"", "'"}},
        {{"", "Smit-A"}, {"", "Bos-A"}},
        {{"de", "Vries"}, {"", "De"}},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (one_family(pairs[i].a, pairs[i].b))
            fail_msg("'%s %s' and '%s %s'", pairs[i].a[0], pairs[i].a[1], pairs[i].b[0],
                     pairs[i].b[1]);
}

static void
given_names_and_births(void **state)
{
    (void)state;
    static const char *const given[][2] = {
        {"Jan Adriaan", "jan"},
        {"Marie-Louise", "marielouise"},
        {"Hendrik-jan", "hendrikjan"},
        {"Wei Wei", "wei"},
        {"Désirée", "desiree"},
        {"", ""},
        {".", ""},
        {"  Piet  Jan", "piet"},
    };
    static const char *const born[][2] = {
        {"1987-04-01", "19870401"},
        {"19870401", "19870401"},
        {"19710000", "19710000"},
        {"1957-09-00", "19570900"},
        {"", ""},
        {"00000000", ""},
    };
    static const char *const wrong[] = {"1987",     "1987-4-1", "19870431",   "19871301",
                                        "x9870401", "19870001", "1987/04/01", "00000401",
                                        "19870229", "198704011"};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        assert_string_equal(given_form(given[i][0], &arena), given[i][1]);
    for (size_t i = 0; i < sizeof born / sizeof born[0]; i++)
        assert_string_equal(birth_form(born[i][0], &arena), born[i][1]);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_null(birth_form(wrong[i], &arena));
    arena_done(&arena);
}

static void
addresses(void **state)
{
    (void)state;
    static const struct {
        Address address;
        const char *form;
    } good[] = {
        {{"1067MD", "275", "", "", "0363"}, "0363 1067MD 275 "},
        {{" 1067 md ", "275", "", "", "0363"}, "0363 1067MD 275 "},
        {{"1014AW", "14", "", "H", "0363"}, "0363 1014AW 14 H"},
        {{"1014AW", "14", "h", "", "0363"}, "0363 1014AW 14 H"},
        {{"1014AW", "014", "A", "2-hoog", "0363"}, "0363 1014AW 14 A2HOOG"},
        {{"2596TW", "1", "", "", "1810"}, "1810 2596TW 1 "},
        {{"2596TW", "1", "", "", "0363"}, "0363 2596TW 1 "},
        {{"", "", "", "", "0363"}, ""},
        {{"", "", "", "", ""}, ""},
    };
    static const struct {
        Address address;
        const char *part;
    } bad[] = {
        {{"", "275", "", "", "0363"}, "postcode"},
        {{"0067MD", "275", "", "", "0363"}, "postcode"},
        {{"1067M1", "275", "", "", "0363"}, "postcode"},
        {{"1067MD", "", "", "", "0363"}, "number"},
        {{"1067MD", "0", "", "", "0363"}, "number"},
        {{"1067MD", "275a", "", "", "0363"}, "number"},
        {{"1067MD", "100000", "", "", "0363"}, "number"},
        {{"1067MD", "275", "AB", "", "0363"}, "letter"},
        {{"1067MD", "275", "", "een heel huis", "0363"}, "addition"},
        {{"1067MD", "275", "", "é", "0363"}, "addition"},
        {{"1067MD", "275", "", "", "363"}, "municipality"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const char *part = NULL;
        assert_string_equal(address_form(&good[i].address, &arena, &part), good[i].form);
        assert_null(part);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *part = NULL;
        assert_null(address_form(&bad[i].address, &arena, &part));
        assert_string_equal(part, bad[i].part);
    }
    arena_done(&arena);
}

// Any bytes: forms are few, none is empty or twice, and the same each time.
static void
any_bytes_are_taken(void **state)
{
    (void)state;
    const char *given = getenv("KETEN_SEED");
    const unsigned seed = given == NULL ? 20240304u : (unsigned)strtoul(given, NULL, 10);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 30000; round++) {
        Arena arena = {0};
        NameForms forms = {.count = 0}, again = {.count = 0};
        char text[2][40];
        for (int t = 0; t < 2; t++) {
            const size_t length = (size_t)(rand() % 39);
            for (size_t i = 0; i < length; i++)
                text[t][i] = (char)(1 + rand() % 255);
            text[t][length] = '\0';
        }
        name_forms(text[0], text[1], &arena, &forms);
        name_forms(text[0], text[1], &arena, &again);
        assert_true(forms.count <= NAME_FORMS_MAX);
        assert_int_equal(forms.count, again.count);
        for (size_t i = 0; i < forms.count; i++) {
            assert_string_not_equal(forms.items[i], "");
            assert_string_equal(forms.items[i], again.items[i]);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(forms.items[i], forms.items[j]);
        }
        const char *part = NULL;
        const Address address = {text[0], text[1], "", "", ""};
        (void)given_form(text[0], &arena);
        (void)birth_form(text[0], &arena);
        (void)address_form(&address, &arena, &part);
        arena_done(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(these_are_one_family),   cmocka_unit_test(these_are_not),
        cmocka_unit_test(given_names_and_births), cmocka_unit_test(addresses),
        cmocka_unit_test(any_bytes_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
