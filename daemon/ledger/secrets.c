// SPDX-License-Identifier: EUPL-1.2
// The checks of secrets that the store knows. Knows: their rows. Must never know: a secret, files.
// With another key than before, the same person would get another token and so a second plan.
// Path: ledger_know_secrets compares each check with its row (is_other), and records the checks
// that have no row yet. Failure: KT_SECRET_OTHER, and nothing was recorded.
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key.h"

static const SecretCheck *
known_check(Ledger *ledger, const char *name)
{
    const Key key = key_bytes(key_of(TABLE_SECRET), name, strlen(name));
    return ROW(ledger, key, secret_check, &ledger->scratch);
}

static bool
is_other(const SecretCheck *known, const SecretCheck *check)
{
    return known != NULL && (known->check.len != check->check.len ||
                             memcmp(known->check.data, check->check.data, known->check.len) != 0);
}

static KtCode
record_checks(Ledger *ledger, const Keten__V1__SecretsSeen *seen, int64_t now_ms, Fault *fault)
{
    Context context;
    context_start(ledger, now_ms, &context);
    const Order order = {.kind = ORDER_SECRETS, .secrets = seen};
    const Decision decision = decide(&context, &order, &ledger->scratch);
    ASSERT(decision.code == KT_OK && decision.record != NULL);
    record_append(ledger, decision.record, NULL);
    const KtCode code = ledger_commit(ledger, fault);
    ledger_turn_done(ledger);
    return code;
}

KtCode
ledger_know_secrets(Ledger *ledger, SecretCheck *const *checks, size_t count, const char *renewed,
                    int64_t now_ms, Fault *fault)
{
    ASSERT(ledger != NULL && !ledger->offline && (checks != NULL || count == 0) && fault != NULL);
    Keten__V1__SecretsSeen seen = KETEN__V1__SECRETS_SEEN__INIT;
    arena_reset(&ledger->scratch);
    seen.checks = arena_take(&ledger->scratch, (count + 1) * sizeof *seen.checks);
    for (size_t i = 0; i < count; i++) {
        const SecretCheck *known = known_check(ledger, checks[i]->name);
        const bool other = is_other(known, checks[i]);
        if (other && (renewed == NULL || strcmp(renewed, checks[i]->name) != 0))
            return fault_set(fault, KT_SECRET_OTHER, "%s", checks[i]->name);
        if (other || known == NULL)
            seen.checks[seen.n_checks++] = checks[i];
    }
    if (ledger->failed) {
        *fault = ledger->fault;
        return fault->code;
    }
    return seen.n_checks == 0 ? KT_OK : record_checks(ledger, &seen, now_ms, fault);
}
