// SPDX-License-Identifier: EUPL-1.2
// A store knows its secrets again: also one that began without knowing them, after a restart, and
// when its state is made anew from the journal. Must never know: files, real keys.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

static SecretCheck *
check(Town *town, const char *name, const char *hash)
{
    SecretCheck *made = NEW(&town->arena, SecretCheck, secret_check);
    made->name = arena_text(&town->arena, name);
    made->check.data = (uint8_t *)arena_text(&town->arena, hash);
    made->check.len = strlen(hash);
    return made;
}

static KtCode
know(Town *town, const char *one, const char *two, const char *renewed, Fault *ret_fault)
{
    SecretCheck *const checks[] = {check(town, "bsn.key", one), check(town, "curve.key", two)};
    return ledger_know_secrets(town->ledger, checks, two[0] == '\0' ? 1 : 2, renewed, town->now_ms,
                               ret_fault);
}

static void
secrets_are_known_again(void **state)
{
    (void)state;
    Town town;
    Fault fault = {.code = KT_OK};
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    assert_int_equal(know(&town, "one", "", NULL, &fault), KT_OK);
    assert_int_equal(town_position(&town), before + 1);
    assert_int_equal(know(&town, "one", "", NULL, &fault), KT_OK);
    assert_int_equal(town_position(&town), before + 1);
    town_restart(&town);
    assert_int_equal(know(&town, "other", "", NULL, &fault), KT_SECRET_OTHER);
    assert_string_equal(fault.detail, "bsn.key");
    // A longer check that begins alike is another, and so is an empty one.
    assert_int_equal(know(&town, "one1", "", NULL, &fault), KT_SECRET_OTHER);
    assert_int_equal(know(&town, "", "", NULL, &fault), KT_SECRET_OTHER);
    assert_int_equal(town_position(&town), before + 1);
    // A secret that is new to the store is recorded beside those it knows.
    assert_int_equal(know(&town, "one", "two", NULL, &fault), KT_OK);
    assert_int_equal(town_position(&town), before + 2);
    assert_int_equal(know(&town, "one", "three", NULL, &fault), KT_SECRET_OTHER);
    assert_string_equal(fault.detail, "curve.key");
    assert_int_equal(know(&town, "other", "three", "curve.key", &fault), KT_SECRET_OTHER);
    assert_string_equal(fault.detail, "bsn.key");
    assert_int_equal(know(&town, "one", "three", "curve.key", &fault), KT_OK);
    assert_int_equal(know(&town, "one", "two", NULL, &fault), KT_SECRET_OTHER);
    town_verify(&town); // the state is what the journal makes
    town_restart(&town);
    assert_int_equal(know(&town, "one", "three", NULL, &fault), KT_OK);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(secrets_are_known_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
