// SPDX-License-Identifier: EUPL-1.2
// Knows: how a finding is kept, whether a row or a timer is there. Must never know: what is being
// looked at.
#include "daemon/ledger/verify_report.h"

#include "daemon/ledger/core.h"

void
verify_tell(const Verify *verify, const char *what, uint64_t done, uint64_t of)
{
    if (verify->progress != NULL)
        verify->progress(verify->caller, what, done, of);
}

bool
verify_failed(Verify *verify)
{
    if (verify->code == KT_OK && verify->ledger->failed) {
        *verify->fault = verify->ledger->fault;
        verify->code = verify->fault->code;
    }
    return verify->code != KT_OK;
}

bool
verify_has_row(Verify *verify, Key key)
{
    Value value;
    const StateRead read = state_get(verify->ledger->state, &key, &value);
    if (read == STATE_DAMAGED)
        ledger_fail_state(verify->ledger);
    return read == STATE_FOUND;
}

bool
verify_has_timer(Verify *verify, int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind,
                 uint64_t step)
{
    return verify_has_row(
        verify,
        key_u64(key_u8(key_u64(key_instant(key_of(TABLE_TIMER), due_ms), plan), (uint8_t)kind),
                step));
}
