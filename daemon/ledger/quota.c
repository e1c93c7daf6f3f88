// SPDX-License-Identifier: EUPL-1.2
// See quota.h. Knows: hours, counts. Must never know: records, why a command was refused, disks.
#include "daemon/ledger/quota.h"

#include "base/array.h"
#include "base/assert.h"
#include "base/calendar.h"

static QuotaUse *
use_of(Quotas *quotas, uint32_t partner, int64_t now_ms)
{
    ASSERT(partner >= 1);
    if (quotas->count < partner) {
        quotas->partners = array_grow(quotas->partners, &quotas->room, partner,
                                      sizeof quotas->partners[0], "quotas");
        while (quotas->count < partner)
            quotas->partners[quotas->count++] = (QuotaUse){0};
    }
    QuotaUse *use = &quotas->partners[partner - 1];
    const int64_t hour = now_ms / HOUR_MS;
    if (use->hour != hour) {
        for (size_t kind = 0; kind < QUOTAS; kind++)
            quotas->untold -= use->reached[kind] && !use->told[kind];
        *use = (QuotaUse){.hour = hour};
    }
    return use;
}

bool
quota_take(Quotas *quotas, uint32_t partner, QuotaKind kind, int64_t now_ms)
{
    ASSERT(quotas != NULL && kind < QUOTAS);
    QuotaUse *use = use_of(quotas, partner, now_ms);
    if (use->used[kind] < quotas->most[kind]) {
        use->used[kind]++;
        return true;
    }
    quotas->untold += !use->reached[kind];
    use->reached[kind] = true;
    return false;
}

bool
quota_news(Quotas *quotas, uint32_t *ret_partner, QuotaKind *ret_kind)
{
    for (size_t i = 0; quotas->untold > 0 && i < quotas->count; i++) {
        QuotaUse *use = &quotas->partners[i];
        for (QuotaKind kind = 0; kind < QUOTAS; kind++) {
            if (!use->reached[kind] || use->told[kind])
                continue;
            use->told[kind] = true;
            quotas->untold--;
            *ret_partner = (uint32_t)i + 1;
            *ret_kind = kind;
            return true;
        }
    }
    return false;
}

const char *
quota_name(QuotaKind kind)
{
    static const char *const names[QUOTAS] = {
        [QUOTA_READS] = "reads-per-hour",
        [QUOTA_REFUSALS] = "refusals-per-hour",
    };
    ASSERT(kind < QUOTAS);
    return names[kind];
}
