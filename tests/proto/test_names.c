// SPDX-License-Identifier: EUPL-1.2
// Names, numbers, ids and the tables of errors and reasons. Must never know: which names exist.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/errors.h"
#include "proto/names.h"

static void
names(void **state)
{
    (void)state;
    assert_true(name_is_valid("a") && name_is_valid("rent-arrears") && name_is_valid("7-wd"));
    static const char *const bad[] = {
        "",     "-a", "a-",
        "a--b", "A",  "a b",
        "a_b",  "é",  "a1234567890123456789012345678901234567890123456789012345678901234"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(name_is_valid(bad[i]));
}

static void
the_eleven_test(void **state)
{
    (void)state;
    char nine[10];
    assert_true(bsn_parse("123456782", nine));
    assert_string_equal(nine, "123456782");
    assert_true(bsn_parse("999993653", NULL));
    assert_true(bsn_parse("010000008", NULL));
    assert_false(bsn_parse("10000008", nine)); // eight digits
    static const char *const bad[] = {"000000000", "00000000",  "123456789",
                                      "987654321", "12345678x", "1234567820",
                                      "1234567",   "",          "12345 782"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(bsn_parse(bad[i], nine));
    // One digit off and neighbours swapped never pass: that is what the test is for.
    for (int place = 0; place < 9; place++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char other[] = "999993653";
            if (other[place] == digit)
                continue;
            other[place] = digit;
            assert_false(bsn_parse(other, NULL));
        }
}

static void
published_numbers(void **state)
{
    (void)state;
    const char *data = getenv("KETEN_DATA");
    if (data == NULL)
        skip();
    char path[512], line[512], bsn[64];
    snprintf(path, sizeof path, "%s/persons/bsn-vectors-dev.jsonl", data);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t count = 0;
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        const char *from = strstr(line, "\"bsn\": \"") + 8, *to = strchr(from, '"');
        snprintf(bsn, sizeof bsn, "%.*s", (int)(to - from), from);
        assert_int_equal(bsn_parse(bsn, NULL), strstr(line, "\"valid\": true") != NULL);
    }
    fclose(file);
    assert_true(count > 20);
}

static void
ids(void **state)
{
    (void)state;
    uint64_t number = 0;
    uint32_t version = 9;
    assert_true(id_parse("s17@4", 's', &number, &version) && number == 17 && version == 4);
    assert_true(id_parse("s17", 's', &number, &version) && version == 0);
    assert_true(id_parse("p12", 'p', &number, NULL) && number == 12);
    static const char *const bad[] = {"",     "s",     "s0",    "s01", "p17",
                                      "s17@", "s17@0", "s17@x", "s-1", "s17@4294967296"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(id_parse(bad[i], 's', &number, &version));
    assert_false(id_parse("p12@1", 'p', &number, NULL));
    uint8_t uuid[16];
    char back[UUID_TEXT_BYTES];
    assert_true(uuid_parse("00112233-4455-6677-8899-AABBCCDDEEFF", uuid));
    uuid_format(uuid, back);
    assert_string_equal(back, "00112233-4455-6677-8899-aabbccddeeff");
    assert_false(uuid_parse("00112233-4455-6677-8899aabbccddeeff0", uuid));
    assert_false(uuid_parse("00112233-4455-6677-8899-aabbccddeef", uuid));
}

static void
every_error_has_both_languages_and_says_what_to_do(void **state)
{
    (void)state;
    static const struct {
        KtCode code;
        const char *name;
    } all[] = {
#define ERROR(name, code, kind, http, exit, nl, en) {KT_##name, #name},
#include "proto/errors.def"
#undef ERROR
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const KtError *error = error_find((unsigned)all[i].code);
        char text[600];
        assert_non_null(error);
        assert_int_equal(error->code, all[i].code);
        assert_string_equal(error->name, all[i].name); // no other error has the same code
        assert_true(error->text[0][0] != '\0' && error->text[1][0] != '\0');
        assert_int_equal(strstr(error->text[0], "%s") != NULL,
                         strstr(error->text[1], "%s") != NULL);
        assert_string_equal(
            error_text((unsigned)error->code, KT_EN, "%s%n", text, sizeof text) + strlen(text), "");
        assert_in_range(error->exit, 1, 5);
    }
    assert_null(error_find(1));
    Fault fault;
    char line[200];
    assert_int_equal(fault_set(&fault, KT_VERSION, "s%d", 17), KT_VERSION);
    assert_memory_equal(fault_line(&fault, KT_EN, line, sizeof line), "error KT-1303 the step", 22);
    char small[8];
    fault_line(&fault, KT_NL, small, sizeof small);
    assert_string_equal(small, "error K");
}

static void
reasons(void **state)
{
    (void)state;
    assert_true(reason_is_code("capacity") && reason_is_code("other"));
    assert_false(reason_is_code("geen tijd") || reason_is_code(""));
#define REASON(code, nl, en) assert_true(name_is_valid(code) && (nl)[0] != '\0' && (en)[0] != '\0');
#include "proto/reasons.def"
#undef REASON
}

static void
numbers_in_texts(void **state)
{
    (void)state;
    static const char *const found[] = {
        "999900006",   "9999.00.006",     "999 900 006",  "999-900-006",   "bel 999900006 terug",
        "(999900006)", "BSN:999900006",   "bsn999900006", "BSN-999900006", "Sofi_999900006",
        "999900006.",  "x, 999900006, y", "1 999900006",  "999900006abc",  "123 999900006"};
    static const char *const passed[] = {"",
                                         "999900007",
                                         "99990000",
                                         "9999000061",
                                         "1999900006",
                                         "D-999900006",
                                         "D999900006",
                                         "zaak/999900006",
                                         "999900006.50",
                                         "999900006,50",
                                         "1.999900006",
                                         "000000000",
                                         "9999.00-006",
                                         "999.900.0061",
                                         "0612345678",
                                         "2026-03-02"};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
        if (!bsn_stands_in(found[i]))
            fail_msg("not found: %s", found[i]);
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (bsn_stands_in(passed[i]))
            fail_msg("found: %s", passed[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(the_eleven_test),
        cmocka_unit_test(numbers_in_texts),
        cmocka_unit_test(published_numbers),
        cmocka_unit_test(ids),
        cmocka_unit_test(reasons),
        cmocka_unit_test(every_error_has_both_languages_and_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
