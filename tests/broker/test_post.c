// SPDX-License-Identifier: EUPL-1.2
// The window that partners are told. Knows: the state's port. Must never know: frames.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/broker/post.h"
#include "tests/fixture/porch.h"

static void
it_narrows_while_the_state_is_behind(void **state)
{
    Porch *porch = *state;
    Ledger *ledger = porch->town.ledger;
    LedgerStatus status;
    Fault fault;
    const Hash running = {{0}};
    const uint32_t open = server_window(&porch->server);
    ledger_status(ledger, &status);
    for (size_t i = 0; i < STATE_GENERATIONS_MOST / 2; i++) {
        state_seal(ledger_state(ledger), status.position, &running);
        assert_int_equal(server_window(&porch->server), open);
    }
    state_seal(ledger_state(ledger), status.position, &running);
    assert_true(server_window(&porch->server) < open);
    assert_int_equal(ledger_checkpoint(ledger, true, &fault), KT_OK);
    assert_int_equal(server_window(&porch->server), open);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_narrows_while_the_state_is_behind, porch_set_up,
                                        porch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
