// SPDX-License-Identifier: EUPL-1.2
// The pace of the scrub, and what damage does. Knows: a town on disk, LMDB's file name. Must never
// know: the time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "daemon/broker/scrub.h"
#include "tests/fixture/city.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/town.h"

// Flips a bit in the count of entries of every leaf that has room for one less.
static void
spoil(const char *directory)
{
    char path[SCRATCH_PATH_BYTES];
    size_t length;
    scratch_path(directory, "state/data.mdb", path);
    uint8_t *bytes = scratch_read(path, &length);
    for (size_t page = 2 * (size_t)4096; page < length; page += 4096)
        if (bytes[page + 10] == 2 && (bytes[page + 12] & 2) != 0)
            scratch_flip(path, page + 12, 1);
    free(bytes);
}

static void
a_round_begins_after_six_hours_and_tells_damage(void **held)
{
    (void)held;
    char directory[SCRATCH_PATH_BYTES];
    Town town;
    Fault fault = {.code = KT_OK};
    const Log log = log_to_stderr(KT_EN);
    scratch_make(directory);
    town_make(&town, 0, directory);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    ScrubPace pace = scrub_start(1000);
    assert_int_equal(scrub_patience(&pace, 1000, 5000), 5000);
    // a round over a state that is whole, then the next six hours
    int64_t now_ms = 1000 + 6 * HOUR_MS;
    assert_int_equal(scrub_patience(&pace, now_ms - 1, 5000), 1);
    assert_int_equal(scrub_turn(&pace, town.ledger, now_ms, &log, &fault), KT_OK);
    assert_int_equal(pace.next_ms, now_ms + 6 * HOUR_MS);
    spoil(directory);
    assert_int_equal(scrub_turn(&pace, town.ledger, pace.next_ms - 1, &log, &fault), KT_OK);
    assert_int_equal(scrub_turn(&pace, town.ledger, pace.next_ms, &log, &fault), KT_STATE_DAMAGED);
    assert_int_equal(ledger_commit(town.ledger, &fault), KT_STATE_DAMAGED);
    // the next start builds the state again
    town_kill(&town);
    assert_int_equal(town_start(&town, &fault), KT_OK);
    assert_int_equal(town.found.code, KT_STATE_DAMAGED);
    assert_int_equal(ledger_commit(town.ledger, &fault), KT_OK);
    town_done(&town);
    scratch_remove(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_begins_after_six_hours_and_tells_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
