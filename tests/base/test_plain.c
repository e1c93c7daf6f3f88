// SPDX-License-Identifier: EUPL-1.2
// A character that a terminal obeys never passes; writing passes unchanged. Knows: plain.h. Must
// never know: the programs that print.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/plain.h"
#include "base/text.h"

static void
writing_passes(void **state)
{
    (void)state;
    Arena arena = {0};
    static const char *const texts[] = {"",     "Zoë Ælfric",       "\xe2\x82\xac 450,00",   "名前",
                                        "שלום", "\xf0\x9f\x8f\xa0", "\\u001B is written out"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_ptr_equal(plain_line(&arena, texts[i]), texts[i]);
    arena_done(&arena);
}

static void
what_a_terminal_obeys_is_escaped(void **state)
{
    (void)state;
    Arena arena = {0};
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        {"\x1b[2J", "\\u001B[2J"},
        {"a\x7f", "a\\u007F"},
        {"\xc2\x9b"
         "31m",
         "\\u009B31m"}, // CSI as one character
        {"a\nb\tc\r\n", "a\\u000Ab\\u0009c\\u000D\\u000A"},
        {"\xe2\x80\xae"
         "evil\xe2\x80\xac",
         "\\u202Eevil\\u202C"},
        {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069"},
        {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200E\\u200F\\u061C"},
        {"\xe2\x80\xa8", "\\u2028"},
        {"\x9b", "\\x9B"},                   // C1 as one byte
        {"\xc0\xaf", "\\xC0\\xAF"},          // an overlong form
        {"\xed\xa0\x80", "\\xED\\xA0\\x80"}, // a surrogate
        {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
        {"\xe2\x82", "\\xE2\\x82"}, // the end is missing
        {"\xe2\x82z", "\\xE2\\x82z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(plain_line(&arena, rows[i].text), rows[i].wanted);
    arena_done(&arena);
}

// Every character of Unicode: the line is UTF-8 and has no control in it.
static void
every_character(void **state)
{
    (void)state;
    char text[5], plain[PLAIN_GROWTH * sizeof text];
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        memset(text, 0, sizeof text);
        if (c < 0x80)
            text[0] = (char)c;
        else if (c < 0x800)
            text[0] = (char)(0xC0 | c >> 6), text[1] = (char)(0x80 | (c & 0x3F));
        else if (c < 0x10000)
            text[0] = (char)(0xE0 | c >> 12), text[1] = (char)(0x80 | (c >> 6 & 0x3F)),
            text[2] = (char)(0x80 | (c & 0x3F));
        else
            text[0] = (char)(0xF0 | c >> 18), text[1] = (char)(0x80 | (c >> 12 & 0x3F)),
            text[2] = (char)(0x80 | (c >> 6 & 0x3F)), text[3] = (char)(0x80 | (c & 0x3F));
        plain_line_into(text, plain);
        assert_true(text_is_utf8(plain, strlen(plain)));
        for (const char *p = plain; *p; p++)
            assert_true((unsigned char)*p >= 0x20 && *p != 0x7F);
        assert_false(strncmp(plain, "\xc2", 1) == 0 && (unsigned char)plain[1] < 0xA0);
    }
}

// Writes `text` to the streams in pieces of `piece` bytes, and reads what came out.
static void
through_streams(const char *text, size_t piece, char *ret, size_t size)
{
    int ends[2];
    FILE *const out = stdout, *const errors = stderr;
    const int kept = dup(STDOUT_FILENO);
    assert_int_equal(pipe(ends), 0);
    fflush(out);
    dup2(ends[1], STDOUT_FILENO);
    assert_true(plain_streams());
    for (size_t at = 0; at < strlen(text); at += piece) {
        const size_t left = strlen(text) - at;
        fwrite(text + at, 1, left < piece ? left : piece, stdout);
        fflush(stdout);
    }
    fclose(stdout);
    fclose(stderr);
    stdout = out;
    stderr = errors;
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(ends[1]);
    const ssize_t got = read(ends[0], ret, size - 1);
    assert_true(got >= 0);
    ret[got] = '\0';
    close(ends[0]);
}

static void
a_stream_keeps_lines_and_characters_whole(void **state)
{
    (void)state;
    char said[512];
    for (size_t piece = 1; piece < 12; piece++) {
        through_streams("€ \xf0\x9f\x8f\xa0\tx\r\ny\rz\n\x1b[0m\xe2\x80\xae\xff.\n", piece, said,
                        sizeof said);
        assert_string_equal(said, "€ \xf0\x9f\x8f\xa0\tx\r\ny\\u000Dz\n\\u001B[0m\\u202E\\xFF.\n");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_passes),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped),
        cmocka_unit_test(every_character),
        cmocka_unit_test(a_stream_keeps_lines_and_characters_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
