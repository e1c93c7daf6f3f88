// SPDX-License-Identifier: EUPL-1.2
// Tokens, pseudonyms, fingerprints and the keys behind them. Tokens stand in journals that exist,
// so other bytes would make a stranger of every person. Another implementation of keyed BLAKE2b
// (RFC 7693) computed the expected ones. Must never know: records.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "store/secret.h"
#include "tests/fixture/scratch.h"

// The bytes 0 to 31.
static const char key_text[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
static const char other_text[] =
    "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

typedef struct Place {
    char directory[SCRATCH_PATH_BYTES], bsn[SCRATCH_PATH_BYTES], wrapping[SCRATCH_PATH_BYTES];
} Place;

static void
write_key(const char *path, const char *text)
{
    unlink(path);
    scratch_write(path, text, strlen(text));
    assert_int_equal(chmod(path, 0600), 0);
}

static int
set_up(void **state)
{
    Place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    scratch_make(place->directory);
    assert_int_equal(chmod(place->directory, 0700), 0);
    scratch_path(place->directory, "bsn.key", place->bsn);
    scratch_path(place->directory, "wrapping.key", place->wrapping);
    write_key(place->bsn, key_text);
    write_key(place->wrapping, other_text);
    *state = place;
    return 0;
}

static int
tear_down(void **state)
{
    Place *place = *state;
    scratch_remove(place->directory);
    free(place);
    return 0;
}

static Secrets *
opened(const Place *place)
{
    Secrets *secrets = NULL;
    Fault fault;
    if (secrets_open(place->directory, NULL, &secrets, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    return secrets;
}

static void
assert_hex(const uint8_t bytes[16], const char *expected)
{
    char hex[33];
    text_hex(bytes, 16, hex);
    assert_string_equal(hex, expected);
}

static void
answers_of_another_implementation(void **state)
{
    Secrets *secrets = opened(*state);
    uint8_t token[16];
    char pseudonym[24];
    secret_person_token(secrets, "123456782", token);
    assert_hex(token, "6f5001f10976485cae2a16cc3ad368b9");
    secret_pseudonym(secrets, 3, token, pseudonym);
    assert_string_equal(pseudonym, "pn-e51b98cd4d046f86d49c");
    secret_worker_token(secrets, 0x01020304, "Zoë", token);
    assert_hex(token, "e8b59bc1ca94cd264fa5e6a7cc7533bf");
    secret_worker_token(secrets, 3, "", token);
    assert_hex(token, "bdfc7118bf3c5eb75a9cade6fbbcd651");
    secret_fingerprint(secrets, "command", 7, token);
    assert_hex(token, "af36b7e60b96d50eea576650d9b05722");
    secret_fingerprint(secrets, "", 0, token);
    assert_hex(token, "3bb69669b8aab9cbcfdc70fc94232678");
    secrets_done(secrets);
}

static void
the_key_decides_and_the_other_key_does_not(void **state)
{
    Place *place = *state;
    uint8_t before[16], after[16];
    Secrets *secrets = opened(place);
    secret_person_token(secrets, "123456782", before);
    secrets_done(secrets);
    write_key(place->wrapping, key_text);
    secrets = opened(place);
    secret_person_token(secrets, "123456782", after);
    secrets_done(secrets);
    assert_memory_equal(before, after, 16);
    write_key(place->bsn, other_text);
    secrets = opened(place);
    secret_person_token(secrets, "123456782", after);
    secrets_done(secrets);
    assert_memory_not_equal(before, after, 16);
}

static void
refused(const Place *place, KtCode code, const char *names)
{
    Secrets *secrets = NULL;
    Fault fault = {.code = KT_OK};
    assert_int_equal(secrets_open(place->directory, NULL, &secrets, &fault), code);
    assert_int_equal(fault.code, code);
    assert_null(secrets);
    assert_non_null(strstr(fault.detail, names));
}

// The check is that of its key and name, and neither the key nor a token.
static void
a_secret_is_known_by_its_check(void **state)
{
    Place *place = *state;
    const char *name = "";
    uint8_t bsn[CHECK_BYTES], wrapping[CHECK_BYTES], again[CHECK_BYTES];
    Secrets *secrets = opened(place);
    assert_true(secrets_check(secrets, 0, &name, bsn));
    assert_string_equal(name, "bsn.key");
    assert_true(secrets_check(secrets, 1, &name, wrapping));
    assert_string_equal(name, "wrapping.key");
    assert_false(secrets_check(secrets, 2, &name, again));
    secrets_done(secrets);
    assert_hex(bsn, "8316202c783a66b42e3823383880a66b");
    write_key(place->wrapping, key_text);
    secrets = opened(place);
    assert_true(secrets_check(secrets, 0, &name, again));
    assert_memory_equal(again, bsn, CHECK_BYTES);
    assert_true(secrets_check(secrets, 1, &name, again));
    assert_memory_not_equal(again, wrapping, CHECK_BYTES);
    assert_memory_not_equal(again, bsn, CHECK_BYTES);
    secrets_done(secrets);
}

static void
wrong_files_are_refused_by_name(void **state)
{
    Place *place = *state;
    static const char *const wrong[] = {
        "",
        "\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2\n",
        " 00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        write_key(place->bsn, wrong[i]);
        refused(place, KT_SETUP, "bsn.key");
    }
    unlink(place->bsn);
    refused(place, KT_SETUP, "bsn.key");
    assert_int_equal(mkfifo(place->bsn, 0600), 0); // and does not wait for a writer
    refused(place, KT_TRUST_KIND, "bsn.key");
    unlink(place->bsn);
    assert_int_equal(symlink(place->wrapping, place->bsn), 0);
    refused(place, KT_TRUST_KIND, "bsn.key");
    write_key(place->bsn, "0000000000000000000000000000000000000000000000000000000000000000\n");
    refused(place, KT_SECRET_ZERO, "bsn.key");
    write_key(place->bsn, key_text);
    for (mode_t bit = 1; bit < 0100; bit <<= 1) {
        // Root may give a key to a group, which then may read it.
        if (geteuid() == 0 && (bit & 050) != 0)
            continue;
        assert_int_equal(chmod(place->wrapping, 0600 | bit), 0);
        refused(place, KT_TRUST, "wrapping.key");
    }
    assert_int_equal(chmod(place->wrapping, 0400), 0);
    secrets_done(opened(place));
}

static void
secrets_never_lie_in_the_data(void **state)
{
    Place *place = *state;
    char data[SCRATCH_PATH_BYTES + 8], link[SCRATCH_PATH_BYTES];
    Secrets *secrets = NULL;
    Fault fault;
    // The directory itself, by another road, and through a link.
    assert_int_equal(secrets_open(place->directory, place->directory, &secrets, &fault), KT_SETUP);
    snprintf(data, sizeof data, "%s/../", place->directory);
    assert_int_equal(secrets_open(place->directory, data, &secrets, &fault), KT_SETUP);
    scratch_path(place->directory, "link", link);
    assert_int_equal(symlink(place->directory, link), 0);
    assert_int_equal(secrets_open(link, place->directory, &secrets, &fault), KT_SETUP);
    assert_null(secrets);
    // A neighbour whose name begins alike is not inside; neither is what does not exist yet.
    snprintf(data, sizeof data, "%.*s", (int)strlen(place->directory) - 1, place->directory);
    assert_int_equal(secrets_open(place->directory, data, &secrets, &fault), KT_OK);
    secrets_done(secrets);
    const int made = mkdir(data, 0700);
    assert_int_equal(made, 0);
    const KtCode code = secrets_open(place->directory, data, &secrets, &fault);
    rmdir(data);
    assert_int_equal(code, KT_OK);
    secrets_done(secrets);
}

static void
tokens_are_keyed_and_kept_apart(void **state)
{
    (void)state;
    Secrets *one = secrets_of_seed(1), *same = secrets_of_seed(1), *other = secrets_of_seed(2);
    uint8_t a[16], b[16], c[16], worker[16], fingerprint[16];
    secret_person_token(one, "123456782", a);
    secret_person_token(same, "123456782", b);
    secret_person_token(other, "123456782", c);
    assert_memory_equal(a, b, 16);
    assert_memory_not_equal(a, c, 16);
    secret_person_token(one, "999993653", b);
    assert_memory_not_equal(a, b, 16);
    secret_worker_token(one, 1, "Noor", worker);
    secret_worker_token(one, 2, "Noor", c);
    assert_memory_not_equal(worker, c, 16);
    secret_fingerprint(one, "123456782", 9, fingerprint);
    assert_memory_not_equal(a, fingerprint, 16);
    char pseudonym[24], elsewhere[24];
    secret_pseudonym(one, 1, a, pseudonym);
    secret_pseudonym(one, 2, a, elsewhere);
    assert_string_not_equal(pseudonym, elsewhere);
    assert_int_equal(strlen(pseudonym), 23);
    assert_memory_equal(pseudonym, "pn-", 3);
    secrets_done(one);
    secrets_done(same);
    secrets_done(other);
    secrets_done(NULL);
}

static void
write_file(const char *directory, const char *name, const char *text, mode_t mode)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void
keys_must_be_whole_and_private(void **state)
{
    (void)state;
    char place[] = "/tmp/keten-secret-XXXXXX", data[64], directory[64];
    assert_non_null(mkdtemp(place));
    snprintf(data, sizeof data, "%s/data", place);
    snprintf(directory, sizeof directory, "%s/secrets", place);
    mkdir(data, 0700);
    mkdir(directory, 0700);
    char key[66];
    memset(key, 'a', 64);
    memcpy(key + 64, "\n", 2);
    Secrets *secrets = NULL;
    Fault fault;
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_SETUP);
    write_file(directory, "bsn.key", key, 0600);
    write_file(directory, "wrapping.key", key, 0600);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_OK);
    secrets_done(secrets);
    secrets = NULL;
    write_file(directory, "wrapping.key", key, 0644);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_TRUST);
    write_file(directory, "wrapping.key", "abc\n", 0600);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_SETUP);
    write_file(directory, "wrapping.key", key, 0600);
    chmod(directory, 0755);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_TRUST);
    chmod(directory, 0700);
    assert_int_equal(secrets_open(directory, place, &secrets, &fault),
                     KT_SETUP); // inside the data directory
    assert_null(secrets);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", place);
    assert_int_equal(system(command), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_keyed_and_kept_apart),
        cmocka_unit_test(keys_must_be_whole_and_private),
        cmocka_unit_test_setup_teardown(answers_of_another_implementation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_decides_and_the_other_key_does_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_secret_is_known_by_its_check, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_files_are_refused_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secrets_never_lie_in_the_data, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
