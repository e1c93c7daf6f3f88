// SPDX-License-Identifier: EUPL-1.2
// Text helpers and the arena. Must never know: languages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

static void
utf8_as_rfc_3629_has_it(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "abc", "Café", "Cafe\xcc\x81", "€", "\xf0\x9f\x8f\xa0", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80\xff\x41\x42",     "\xc0\xaf", "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",     "\xe2\x82", "\xc3",
                                      "\xf8\x88\x80\x80\x80", "a\xffz",   "\xe0\x80\xaf"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
    assert_false(text_is_utf8("a\0b", 3));
}

static void
numbers(void **state)
{
    (void)state;
    int64_t number = 7;
    uint64_t size = 7;
    assert_true(text_to_int64(text_of("-9223372036854775808"), &number) && number == INT64_MIN);
    assert_true(text_to_int64(text_of("9223372036854775807"), &number) && number == INT64_MAX);
    assert_true(text_to_uint64(text_of("18446744073709551615"), &size) && size == UINT64_MAX);
    static const char *const bad[] = {
        "",   "-", "-0", "01", "+1", " 1", "1 ", "9223372036854775808", "-9223372036854775809",
        "1e3"};
    number = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_to_int64(text_of(bad[i]), &number));
    assert_false(text_to_uint64(text_of("18446744073709551616"), &size));
    assert_true(number == 7);
}

static void
money(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t cents;
    } good[] = {{"450", 45000}, {"450.5", 45050}, {"450.05", 45005},
                {"0.01", 1},    {"-3.20", -320},  {"0", 0}};
    static const char *const bad[] = {
        "", ".", "1.", ".5", "1.234", "1,50", "1.000,00", "-", "1.-5", "92233720368547759", "0x1"};
    int64_t cents = 7;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(text_to_cents(text_of(good[i].text), &cents) && cents == good[i].cents);
    cents = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_to_cents(text_of(bad[i]), &cents));
    assert_true(cents == 7);
}

static void
the_nearest_name(void **state)
{
    (void)state;
    static const char *const names[] = {"assessment", "rent-arrears", "term"};
    assert_string_equal(text_nearest("trem", names, 3), "term");
    assert_string_equal(text_nearest("assesment", names, 3), "assessment");
    assert_null(text_nearest("something-else", names, 3));
    // Kitten and sitting are three mistakes apart: a third of nine letters, more than one of eight.
    static const char *const sitting[] = {"sitting-in", "sitting-i"};
    assert_string_equal(text_nearest("kitten-in", sitting, 1), "sitting-in");
    assert_null(text_nearest("kitten-i", sitting + 1, 1));
}

static void
hex(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0, 1, 0xab, 0xff};
    char text[9];
    uint8_t back[4];
    text_hex(bytes, sizeof bytes, text);
    assert_string_equal(text, "0001abff");
    assert_true(text_from_hex("0001ABff", back, sizeof back));
    assert_memory_equal(back, bytes, sizeof bytes);
    assert_false(text_from_hex("0001abf", back, sizeof back));
    assert_false(text_from_hex("0001abfg", back, sizeof back));
}

static void
an_arena_keeps_its_limit_and_zeroes(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena, 1000);
    unsigned char *first = arena_try(&arena, 600);
    assert_non_null(first);
    memset(first, 0xff, 600);
    assert_null(arena_try(&arena, 600));
    assert_null(arena_try(&arena, SIZE_MAX));
    assert_non_null(arena_try(&arena, 300));
    arena_reset(&arena);
    const unsigned char *again = arena_try(&arena, 600);
    for (size_t i = 0; i < 600; i++)
        assert_int_equal(again[i], 0);
    arena_done(&arena);
    arena_done(&arena);
    Arena zeroed = {0};
    char *large = arena_take(&zeroed, 1000000);
    large[999999] = 'x';
    assert_string_equal(arena_format(&zeroed, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_copy(&zeroed, "abcdef", 3), "abc");
    arena_reset(&zeroed);
    arena_done(&zeroed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_as_rfc_3629_has_it),
        cmocka_unit_test(numbers),
        cmocka_unit_test(money),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(hex),
        cmocka_unit_test(an_arena_keeps_its_limit_and_zeroes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
