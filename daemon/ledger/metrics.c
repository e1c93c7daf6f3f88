// SPDX-License-Identifier: EUPL-1.2
// Counts. Knows: the table of metrics. Must never know: what a metric is about.
#include "daemon/ledger/metrics.h"

#include "base/assert.h"

static const MetricRow metric_rows[METRICS] = {
#define METRIC(id, name, unit, kind, nl, en)                                                       \
    [METRIC_##id] = {name, unit, METRIC_KIND_##kind, {nl, en}},
#include "daemon/metrics.def"
#undef METRIC
};

const MetricRow *
metric_row(Metric metric)
{
    ASSERT((unsigned)metric < METRICS);
    return &metric_rows[metric];
}

void
metric_add(Metrics *metrics, Metric metric, uint64_t count)
{
    ASSERT(metric_row(metric)->kind == METRIC_KIND_COUNTER);
    metrics->values[metric] += count;
}

void
metric_set(Metrics *metrics, Metric metric, uint64_t value)
{
    ASSERT(metric_row(metric)->kind == METRIC_KIND_GAUGE);
    metrics->values[metric] = value;
}
