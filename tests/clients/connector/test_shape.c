// SPDX-License-Identifier: EUPL-1.2
// Values as partners write them, and their canonical form. Knows: JSON values. Must never know:
// fields, forms of records.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/connector/shape.h"

static void
brings_every_shape_into_canonical_form(void **state)
{
    (void)state;
    static const struct {
        Shape shape;
        const char *json, *expected; // NULL: another shape
    } cases[] = {
        {SHAPE_TEXT, "\"a b\"", "a b"},
        {SHAPE_TEXT, "12", "12"},
        {SHAPE_TEXT, "true", "yes"},
        {SHAPE_TEXT, "\"\"", NULL},
        {SHAPE_TEXT, "1.5", NULL},
        {SHAPE_NUMBER, "3", "3"},
        {SHAPE_NUMBER, "\"-3\"", "-3"},
        {SHAPE_NUMBER, "\"3.0\"", NULL},
        {SHAPE_MONEY, "450", "450.00"},
        {SHAPE_MONEY, "\"450,5\"", "450.50"},
        {SHAPE_MONEY, "450.25", "450.25"},
        {SHAPE_MONEY, "-1", NULL},
        {SHAPE_MONEY, "\"a lot\"", NULL},
        {SHAPE_DATE, "\"2025-01-31\"", "2025-01-31"},
        {SHAPE_DATE, "\"31-01-2025\"", "2025-01-31"},
        {SHAPE_DATE, "\"2025-02-30\"", NULL},
        {SHAPE_DATE, "20250131", NULL},
        {SHAPE_YES_NO, "\"Ja\"", "yes"},
        {SHAPE_YES_NO, "false", "no"},
        {SHAPE_YES_NO, "\"perhaps\"", NULL},
        {SHAPE_WORD, "\"No Show\"", "no-show"},
        {SHAPE_WORD, "\"no_show\"", "no-show"},
        {SHAPE_WORD, "\"!\"", NULL},
        {SHAPE_WORD, "1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        json_t *shaped = shape_value(cases[i].shape, value);
        const char *text = json_string_value(shaped);
        if ((text == NULL) != (cases[i].expected == NULL) ||
            (text != NULL && strcmp(text, cases[i].expected) != 0))
            fail_msg("%s becomes %s", cases[i].json, text ? text : "nothing");
        json_decref(shaped);
        json_decref(value);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_every_shape_into_canonical_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
