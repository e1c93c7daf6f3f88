// SPDX-License-Identifier: EUPL-1.2
// Tokens, pseudonyms, fingerprints and the keys behind them. Must never know: records.
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

#include "store/secret.h"

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
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_SETUP);
    write_file(directory, "wrapping.key", "abc\n", 0600);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_SETUP);
    write_file(directory, "wrapping.key", key, 0600);
    chmod(directory, 0755);
    assert_int_equal(secrets_open(directory, data, &secrets, &fault), KT_SETUP);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
