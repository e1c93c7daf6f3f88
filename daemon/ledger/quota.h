// SPDX-License-Identifier: EUPL-1.2
// How many records each partner may cause in an hour that change nothing: reads that show personal
// fields, and commands that are refused by a record. Knows: hours, counts. Must never know:
// records, why a command was refused, disks.
#ifndef KETEN_LEDGER_QUOTA_H
#define KETEN_LEDGER_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Without a bound, one partner could fill the disk with what nobody needs, and then nobody could
// work. Signals and other work are no part of it.
typedef enum QuotaKind {
    QUOTA_READS = 0,
    QUOTA_REFUSALS,
    QUOTAS, // how many there are
} QuotaKind;

#define QUOTA_DEFAULT 10000u // an hour; far beyond what people do, and some megabytes on disk

typedef struct QuotaUse {
    int64_t hour; // since 1970
    uint32_t used[QUOTAS];
    bool reached[QUOTAS], told[QUOTAS]; // refused in this hour; quota_news told it
} QuotaUse;

// Zero but for `most` before the first call; the owner frees `partners`. What was used is not
// recorded: a restart begins anew.
typedef struct Quotas {
    uint32_t most[QUOTAS]; // an hour and partner
    QuotaUse *partners;    // owned; index = partner number - 1
    size_t count, room;    // partners in the list; partners that it has room for
    size_t untold;         // quotas that were reached and not told
} Quotas;

// Counts one, unless the partner's hour is full: then false.
bool
quota_take(Quotas *quotas, uint32_t partner, QuotaKind kind, int64_t now_ms);
// True: a partner has reached a quota, and it was not told before in this hour.
bool
quota_news(Quotas *quotas, uint32_t *ret_partner, QuotaKind *ret_kind);
// Its key in ketend.yaml.
const char *
quota_name(QuotaKind kind);

#endif
