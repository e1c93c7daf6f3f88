// SPDX-License-Identifier: EUPL-1.2
// See scrub.h. Knows: the pace. Must never know: rows.
// The path: six hours after the start, and after the end of each round, a round begins. It reads
// 1,024 rows ten times a second, which takes a third of a millisecond each: about 200 s for the
// two million rows of 100,000 plans. Damage is for the caller to tell.
#include "daemon/broker/scrub.h"

#include "base/calendar.h"

#define STEP_ROWS 1024u
#define STEP_MS   100
#define ROUND_MS  (6 * HOUR_MS)

ScrubPace
scrub_start(int64_t steady_ms)
{
    return (ScrubPace){.next_ms = steady_ms + ROUND_MS};
}

KtCode
scrub_turn(ScrubPace *pace, Ledger *ledger, int64_t steady_ms, const Log *log, Fault *fault)
{
    bool round = false;
    if (steady_ms < pace->next_ms)
        return KT_OK;
    const KtCode code = ledger_scrub(ledger, STEP_ROWS, &round, fault);
    pace->next_ms = steady_ms + (round ? ROUND_MS : STEP_MS);
    if (code == KT_OK && round)
        log_line(log, LOG_LEVEL_INFO, "the whole state was read again: it fits");
    return code;
}

long
scrub_patience(const ScrubPace *pace, int64_t steady_ms, long most)
{
    const int64_t left_ms = pace->next_ms - steady_ms;
    return left_ms < 0 ? 0 : left_ms < most ? (long)left_ms : most;
}
