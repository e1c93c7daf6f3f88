// SPDX-License-Identifier: EUPL-1.2
// The counts of the daemon since its start. Knows: one number per row of daemon/metrics.def. Must
// never know: who reads the numbers.
#ifndef KETEN_LEDGER_METRICS_H
#define KETEN_LEDGER_METRICS_H

#include <stddef.h>
#include <stdint.h>

typedef enum Metric {
#define METRIC(id, name, unit, kind, nl, en) METRIC_##id,
#include "daemon/metrics.def"
#undef METRIC
    METRICS, // how many there are
} Metric;

typedef enum MetricKind {
    METRIC_KIND_COUNTER = 1, // only grows
    METRIC_KIND_GAUGE,       // as it is now
} MetricKind;

typedef struct MetricRow {
    const char *name, *unit; // the unit of a number of things is ""
    MetricKind kind;
    const char *help[2]; // nl, en
} MetricRow;

// The numbers; owned by the ledger. Zero at each start.
typedef struct Metrics {
    uint64_t values[METRICS];
} Metrics;

const MetricRow *
metric_row(Metric metric);

// For a counter.
void
metric_add(Metrics *metrics, Metric metric, uint64_t count);
// For a gauge.
void
metric_set(Metrics *metrics, Metric metric, uint64_t value);

#endif
