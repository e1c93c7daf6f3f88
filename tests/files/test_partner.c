// SPDX-License-Identifier: EUPL-1.2
// The reader of partners.d: what a good file becomes, and every error with its place. Must never
// know: how it reads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/files/partner.h"
#include "tests/fixture/example.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

static const char good[] = "id: gemeente\n"
                           "title: Gemeente Alkmaar\n"
                           "keys:\n"
                           "  - {key: '" KEY_A "', from: 2020-01-01, until: 2030-01-01}\n"
                           "  - key: '" KEY_B "'\n"
                           "    revoked: true\n"
                           "roles: [auditor]\n";

static void
good_file_becomes_its_row(void **state)
{
    (void)state;
    Arena arena = {0};
    const PartnerRow *row = NULL;
    FileErrors errors;
    uint8_t key[32];
    int64_t from = 0;
    assert_int_equal(partner_read(good, strlen(good), "gemeente", &arena, &row, &errors), KT_OK);
    assert_int_equal(errors.count, 0);
    assert_int_equal(row->partner, 0);
    assert_string_equal(row->name, "gemeente");
    assert_string_equal(row->title, "Gemeente Alkmaar");
    assert_int_equal(row->n_keys, 2);
    assert_non_null(zmq_z85_decode(key, KEY_A));
    assert_int_equal(row->keys[0]->key.len, 32);
    assert_memory_equal(row->keys[0]->key.data, key, 32);
    assert_true(instant_parse(text_of("2020-01-01"), &from));
    assert_int_equal(row->keys[0]->from_ms, from);
    assert_true(row->keys[0]->until_ms > from);
    assert_false(row->keys[0]->revoked);
    assert_true(row->keys[1]->revoked);
    assert_int_equal(row->keys[1]->from_ms, 0);
    assert_true(row->auditor);
    assert_false(row->administrator);
    assert_false(row->revoked);
    arena_done(&arena);
}

static void
little_is_required(void **state)
{
    (void)state;
    static const char *const texts[] = {"keys: [{key: '" KEY_A "'}]\n", "revoked: true\n"};
    for (size_t i = 0; i < 2; i++) {
        Arena arena = {0};
        const PartnerRow *row = NULL;
        FileErrors errors;
        assert_int_equal(partner_read(texts[i], strlen(texts[i]), "uwv", &arena, &row, &errors),
                         KT_OK);
        assert_string_equal(row->name, "uwv");
        assert_string_equal(row->title, "");
        assert_int_equal(row->n_keys, 1 - i);
        assert_int_equal(row->revoked, i);
        arena_done(&arena);
    }
}

static void
every_slip_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        size_t line, column;
        const char *nl, *en;
    } slips[] = {
        {"id: gemeente", "id: gemeent", 1, 5, "is niet de naam van het bestand",
         "is not the file's name, 'gemeente'"},
        {"id: gemeente", "id: Gemeente", 1, 5, "geen geldige naam", "not a valid name"},
        {"title:", "titel:", 2, 1, "onbekende sleutel 'titel' (bedoelde u 'title'?)",
         "unknown key 'titel'"},
        {"'" KEY_A "'", "'abc'", 4, 11, "geen publieke sleutel in z85", "not a public key in z85"},
        {KEY_A, "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y~7", 4, 11, "geen publieke sleutel",
         "not a public key"},
        {KEY_B, KEY_A, 5, 5, "deze sleutel staat er tweemaal", "this key stands twice"},
        {"until: 2030-01-01", "until: 2019-12-31", 4, 5, "until ligt niet na from",
         "until is not after from"},
        {"from: 2020-01-01", "from: 2020-13-01", 4, 61, "geen geldige datum", "not a valid date"},
        {"roles: [auditor]", "roles: [auditeur]", 7, 9,
         "onbekende rol 'auditeur' (bedoelde u 'auditor'?)", "unknown role"},
        {"roles: [auditor]", "roles: [auditor, auditor]", 7, 18, "staat er tweemaal",
         "stands twice"},
        {"roles: [auditor]", "roles: auditor", 7, 8, "hier hoort een lijst",
         "a list [..] belongs here"},
        {"revoked: true", "revoked: 1", 6, 14, "hier hoort true of false",
         "true or false belongs here"},
        {"key: '" KEY_B "'\n    ", "", 5, 5, "sleutel 'key' ontbreekt", "key 'key' is missing"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        Arena arena = {0};
        const PartnerRow *row = NULL;
        FileErrors errors;
        const char *text = text_replaced(&arena, good, slips[i].from, slips[i].to);
        assert_int_equal(partner_read(text, strlen(text), "gemeente", &arena, &row, &errors),
                         KT_FILE_CONTENT);
        assert_null(row);
        const FileError *error = &errors.items[0];
        if (error->line != slips[i].line || error->column != slips[i].column)
            print_error("%s: %zu:%zu\n", slips[i].to, error->line, error->column);
        assert_int_equal(error->line, slips[i].line);
        assert_int_equal(error->column, slips[i].column);
        assert_non_null(strstr(error->text[KT_NL - 1], slips[i].nl));
        assert_non_null(strstr(error->text[KT_EN - 1], slips[i].en));
        arena_done(&arena);
    }
}

static void
without_a_key_nobody_connects(void **state)
{
    (void)state;
    static const char *const texts[] = {"id: uwv\n", "id: uwv\nkeys: []\n"};
    for (size_t i = 0; i < 2; i++) {
        Arena arena = {0};
        const PartnerRow *row = NULL;
        FileErrors errors;
        assert_int_equal(partner_read(texts[i], strlen(texts[i]), "uwv", &arena, &row, &errors),
                         KT_FILE_CONTENT);
        assert_int_equal(errors.count, 1);
        assert_non_null(strstr(errors.items[0].text[KT_EN - 1], "key 'keys' is missing"));
        arena_done(&arena);
    }
}

static void
no_more_than_four_keys(void **state)
{
    (void)state;
    Arena arena = {0};
    const PartnerRow *row = NULL;
    FileErrors errors;
    const char *text = "keys: [{}, {}, {}, {}, {}]\n";
    assert_int_equal(partner_read(text, strlen(text), "uwv", &arena, &row, &errors),
                     KT_FILE_CONTENT);
    assert_string_equal(errors.items[0].text[KT_EN - 1], "too many: 5, at most 4");
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file_becomes_its_row),
        cmocka_unit_test(little_is_required),
        cmocka_unit_test(every_slip_is_told),
        cmocka_unit_test(without_a_key_nobody_connects),
        cmocka_unit_test(no_more_than_four_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
