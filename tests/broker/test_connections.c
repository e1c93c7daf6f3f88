// SPDX-License-Identifier: EUPL-1.2
// A connection is its key's and its routing id's until it ends; a later one on the same descriptor
// is another. Must never know: ZeroMQ.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/broker/connections.h"

static const uint8_t key_a[CURVE_KEY_BYTES] = {1}, key_b[CURVE_KEY_BYTES] = {2};

static void
a_descriptor_used_again_is_another_connection(void **state)
{
    (void)state;
    Connections connections = {0};
    uint64_t first, second;
    connections_opened(&connections, 7, "10.0.0.1", 1);
    assert_int_equal(connections_tie(&connections, 7, 100, key_a, &first), TIE_OK);
    assert_true(connections_is_open(&connections, 7, first));
    connections_closed(&connections, 7);
    assert_false(connections_is_open(&connections, 7, first));
    assert_int_equal(connections_tie(&connections, 7, 100, key_a, &second), TIE_GONE);
    assert_int_equal(second, SERIAL_GONE);
    connections_opened(&connections, 7, "10.0.0.2", 2);
    assert_int_equal(connections_tie(&connections, 7, 100, key_b, &second), TIE_OK);
    assert_true(second != first && connections_is_open(&connections, 7, second));
    assert_false(connections_is_open(&connections, 7, first));
    assert_false(connections_is_open(&connections, 7, SERIAL_GONE));
    assert_false(connections_is_open(&connections, -1, first));
    connections_done(&connections);
}

static void
another_key_or_id_does_not_fit(void **state)
{
    (void)state;
    Connections connections = {0};
    uint64_t serial;
    connections_opened(&connections, 7, "", 1);
    assert_int_equal(connections_tie(&connections, 7, 100, key_a, &serial), TIE_OK);
    assert_int_equal(connections_tie(&connections, 7, 101, key_a, &serial), TIE_OTHER);
    assert_int_equal(connections_tie(&connections, 7, 100, key_b, &serial), TIE_OTHER);
    assert_int_equal(serial, SERIAL_GONE);
    assert_int_equal(connections_tie(&connections, 7, 100, key_a, &serial), TIE_OK);
    connections_done(&connections);
}

static void
a_key_has_a_bounded_number(void **state)
{
    (void)state;
    Connections connections = {0};
    uint64_t serial;
    for (int fd = 0; fd < (int)CONNECTIONS_PER_KEY; fd++) {
        connections_opened(&connections, fd, "", 1);
        assert_int_equal(connections_tie(&connections, fd, (uint32_t)fd, key_a, &serial), TIE_OK);
    }
    connections_opened(&connections, 500, "", 1);
    assert_int_equal(connections_tie(&connections, 500, 500, key_a, &serial), TIE_CROWD);
    assert_int_equal(connections_tie(&connections, 500, 500, key_b, &serial), TIE_OK);
    connections_closed(&connections, 3);
    connections_opened(&connections, 3, "", 2);
    assert_int_equal(connections_tie(&connections, 3, 3, key_a, &serial), TIE_OK);
    connections_done(&connections);
}

static void
the_oldest_silent_one_is_surplus(void **state)
{
    (void)state;
    Connections connections = {0};
    uint64_t serial;
    for (int fd = 0; fd < (int)CONNECTIONS_SILENT; fd++)
        connections_opened(&connections, fd, "", 1);
    assert_int_equal(connections_surplus(&connections), -1);
    connections_opened(&connections, 900, "", 1);
    assert_int_equal(connections_surplus(&connections), 0);
    assert_int_equal(connections_tie(&connections, 0, 1, key_a, &serial), TIE_OK);
    assert_int_equal(connections_surplus(&connections), -1);
    connections_opened(&connections, 901, "", 1);
    assert_int_equal(connections_surplus(&connections), 1);
    connections_closed(&connections, 1);
    assert_int_equal(connections_surplus(&connections), -1);
    connections_done(&connections);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_descriptor_used_again_is_another_connection),
        cmocka_unit_test(another_key_or_id_does_not_fit),
        cmocka_unit_test(a_key_has_a_bounded_number),
        cmocka_unit_test(the_oldest_silent_one_is_surplus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
