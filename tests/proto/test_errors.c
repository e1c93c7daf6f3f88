// SPDX-License-Identifier: EUPL-1.2
// Texts of errors: filled in, cut between letters, one line. Must never know: who is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "proto/errors.h"

// Letters of one, two, three and four bytes, so that every way of cutting one comes by.
static const char letters[] = "aé€🏠zéé€€🏠🏠";

static void
texts_are_filled_in(void **state)
{
    (void)state;
    char text[300];
    assert_string_equal(error_text(KT_ROOM, KT_EN, "100%s %n %d", text, sizeof text),
                        "no room for new commands: 100%s %n %d (try again later; the administrator "
                        "makes room)");
    assert_string_equal(error_text(KT_MISSING, KT_NL, "worker", text, sizeof text),
                        "worker ontbreekt (vul dit in)");
    assert_string_equal(error_text(KT_MISSING, KT_EN, NULL, text, sizeof text),
                        " is missing (fill it in)");
    assert_string_equal(error_text(KT_REASON, KT_EN, "unused", text, sizeof text),
                        "a reason is required (give --reason)");
}

static void
a_cut_text_ends_in_a_whole_letter(void **state)
{
    (void)state;
    char full[200], text[200];
    error_text(KT_MISSING, KT_NL, letters, full, sizeof full);
    for (size_t size = 1; size < sizeof text; size++) {
        // Behind the end stands what must stay as it was.
        memset(text, '#', sizeof text);
        assert_ptr_equal(error_text(KT_MISSING, KT_NL, letters, text, size), text);
        const size_t length = strlen(text);
        assert_true(length < size && (size == sizeof text - 1 || text[size] == '#'));
        assert_memory_equal(text, full, length);
        if (!text_is_utf8(text, length))
            fail_msg("half a letter at size %zu", size);
        assert_true(length + 4 >= size || length == strlen(full));
    }
    assert_string_equal(text, full);
}

static void
a_fault_keeps_what_fits(void **state)
{
    (void)state;
    Fault fault;
    char detail[sizeof fault.detail + 40];
    for (size_t blanks = sizeof fault.detail - 8; blanks < sizeof fault.detail; blanks++) {
        memset(detail, ' ', blanks);
        memcpy(detail + blanks, letters, sizeof letters);
        assert_int_equal(fault_set(&fault, KT_SETUP, "%s", detail), KT_SETUP);
        const size_t length = strlen(fault.detail);
        assert_true(text_is_utf8(fault.detail, length));
        assert_in_range(length, sizeof fault.detail - 4, sizeof fault.detail - 1);
        assert_memory_equal(fault.detail, detail, length);
    }
    assert_int_equal(fault_set(&fault, KT_SETUP, "%s", letters), KT_SETUP);
    assert_string_equal(fault.detail, letters);
}

static void
a_fault_is_told_in_one_line(void **state)
{
    (void)state;
    Fault fault;
    char line[200];
    fault_set(&fault, KT_CONNECT, "a\nb\tc\x1b[0m\x7f%s", "é");
    fault_line(&fault, KT_EN, line, sizeof line);
    assert_string_equal(line, "error KT-2101 no connection with a b c [0m é (is ketend running, is "
                              "the context right?)");
    for (size_t size = 1; size < sizeof line; size++) {
        fault_line(&fault, KT_NL, line, size);
        assert_true(strlen(line) < size && text_is_utf8(line, strlen(line)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_filled_in),
        cmocka_unit_test(a_cut_text_ends_in_a_whole_letter),
        cmocka_unit_test(a_fault_keeps_what_fits),
        cmocka_unit_test(a_fault_is_told_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
