// SPDX-License-Identifier: EUPL-1.2
// A dossier number that passes as a citizen service number leaves with the prefix and comes back
// without it; every other number stays. Must never know: the daemon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/connector/dossier.h"
#include "proto/names.h"

static void
only_a_number_that_passes_gets_the_prefix(void **state)
{
    (void)state;
    json_t *signal =
        json_loads("{\"fields\": {\"dossier\": \"999900006\", \"phone\": \"x\"}}", 0, NULL);
    json_t *complete = json_loads("{\"facts\": {\"a\": {\"dossier\": 999900006}, "
                                  "\"b\": {\"dossier\": \"999900007\"}}}",
                                  0, NULL);
    dossier_send(NULL, signal);
    json_t *fields = json_object_get(signal, "fields");
    assert_string_equal(json_string_value(json_object_get(fields, "dossier")), "999900006");
    dossier_send("D-", signal);
    dossier_send("D-", signal); // a second time changes nothing
    assert_string_equal(json_string_value(json_object_get(fields, "dossier")), "D-999900006");
    assert_string_equal(json_string_value(json_object_get(fields, "phone")), "x");
    dossier_send("D-", complete);
    json_t *facts = json_object_get(complete, "facts");
    json_t *one = json_object_get(json_object_get(facts, "a"), "dossier");
    json_t *two = json_object_get(json_object_get(facts, "b"), "dossier");
    assert_string_equal(json_string_value(one), "D-999900006");
    assert_string_equal(json_string_value(two), "999900007");
    json_decref(signal);
    json_decref(complete);
}

static void
it_comes_back_as_it_was(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"dossier", "D-999900006", "999900006"},   // as it left
        {"dossier", "D-999900007", "D-999900007"}, // the partner's own D-
        {"dossier", "2024-17", "2024-17"},
        {"phone", "D-999900006", "D-999900006"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[32], value[32];
        strcpy(name, cases[i][0]);
        strcpy(value, cases[i][1]);
        Keten__V1__Field field = KETEN__V1__FIELD__INIT, *fields[] = {&field};
        field.name = name;
        field.value = value;
        Keten__V1__FactView fact = KETEN__V1__FACT_VIEW__INIT;
        fact.n_fields = 1;
        fact.fields = fields;
        Keten__V1__Item item = KETEN__V1__ITEM__INIT, *items[] = {&item};
        item.fact = &fact;
        Keten__V1__Delivery delivery = KETEN__V1__DELIVERY__INIT;
        delivery.n_items = 1;
        delivery.items = items;
        dossier_return(NULL, &delivery);
        assert_string_equal(value, cases[i][1]);
        dossier_return("D-", &delivery);
        assert_string_equal(value, cases[i][2]);
    }
}

static void
a_prefix_has_to_hide_the_number(void **state)
{
    (void)state;
    assert_true(dossier_prefix_is_valid("D-"));
    assert_true(dossier_prefix_is_valid("zaak/"));
    assert_false(dossier_prefix_is_valid(""));
    assert_false(dossier_prefix_is_valid("-"));
    assert_false(dossier_prefix_is_valid("bsn-"));
    assert_false(dossier_prefix_is_valid("D "));
    assert_false(dossier_prefix_is_valid("ABCDEFGHIJKLMNOPQ"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_number_that_passes_gets_the_prefix),
        cmocka_unit_test(it_comes_back_as_it_was),
        cmocka_unit_test(a_prefix_has_to_hide_the_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
