// SPDX-License-Identifier: EUPL-1.2
// The answer of `bottleneck list`: bottlenecks gathered across plans, by topic. Knows: topics,
// levels, numbers. Must never know: in the answer, which plan a bottleneck is in.
// Path: query_bottlenecks checks the asker and the level, gather_visit adds each open bottleneck to
// its group, add_gathered makes the rows. Failure: damage gives no rows; the ledger failed.
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

#define NATIONAL "national"

// Bottlenecks that are alike; one row of the answer.
typedef struct Gathered {
    const char *topic, *level, *arrangement;
    bool law;         // they lie in law or regulation
    bool late;        // at least one of them is late
    uint64_t count;   // of bottlenecks
    int64_t since_ms; // when the oldest was raised
} Gathered;

typedef struct Gathering {
    QueryContext *context;
    const char *level; // asked for
    Gathered *items;   // in the answer's arena
    size_t count;
} Gathering;

static bool
has_level(const Arrangement *arrangement, const char *level)
{
    for (size_t i = 0; i < arrangement->n_ladder; i++)
        if (strcmp(arrangement->ladder[i]->level, level) == 0)
            return true;
    return false;
}

// A bottleneck that lies in law or regulation is listed at the national level too, wherever it
// waits.
static bool
is_meant(const Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    if (strcmp(matter_level(arrangement, matter), g->level) == 0)
        return true;
    return matter->law && strcmp(g->level, NATIONAL) == 0;
}

static Gathered *
find_group(const Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    const char *level = matter_level(arrangement, matter);
    for (size_t i = 0; i < g->count; i++) {
        Gathered *item = &g->items[i];
        if (item->law == matter->law && strcmp(item->topic, matter->topic) == 0 &&
            strcmp(item->level, level) == 0 && strcmp(item->arrangement, arrangement->name) == 0)
            return item;
    }
    return NULL;
}

static Gathered *
add_group(Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    Arena *arena = g->context->table.arena;
    g->items = arena_more(arena, g->items, g->count, sizeof *g->items);
    Gathered *group = &g->items[g->count++];
    *group = (Gathered){.topic = arena_text(arena, matter->topic),
                        .level = matter_level(arrangement, matter),
                        .arrangement = arrangement->name,
                        .law = matter->law,
                        .since_ms = matter->opened_at_ms};
    return group;
}

static void
gather(Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    Gathered *group = find_group(g, arrangement, matter);
    if (group == NULL)
        group = add_group(g, arrangement, matter);
    group->count++;
    group->late = group->late || matter->late;
    if (matter->opened_at_ms < group->since_ms)
        group->since_ms = matter->opened_at_ms;
}

static bool
gather_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Gathering *g = caller;
    Ledger *ledger = g->context->ledger;
    (void)key;
    (void)key_length;
    const MatterRow *matter = message_unpack(&keten__v1__matter_row__descriptor, &ledger->scratch,
                                             value.bytes, value.length);
    ASSERT(matter != NULL);
    const PlanRow *plan =
        ROW(ledger, key_plan(matter->plan, PLAN_SUB_HEADER), plan_row, &ledger->scratch);
    if (plan == NULL)
        return false;
    const Arrangement *arrangement = ledger_arrangement(ledger, plan->arrangement);
    if (is_meant(g, arrangement, matter))
        gather(g, arrangement, matter);
    return true;
}

// Auditors, administrators, and the partners that a ladder names at the level may see the list.
static bool
may_gather(const QueryContext *context, const char *level)
{
    if (context->row->auditor || context->row->administrator)
        return true;
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(context->ledger, &entries);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < entries[i].content->n_ladder; j++) {
            const Rung *rung = entries[i].content->ladder[j];
            if (strcmp(rung->level, level) == 0 && strcmp(rung->partner, context->row->name) == 0)
                return true;
        }
    return false;
}

static bool
is_level(const QueryContext *context, const char *level)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(context->ledger, &entries);
    for (size_t i = 0; i < count; i++)
        if (has_level(entries[i].content, level))
            return true;
    return strcmp(level, NATIONAL) == 0;
}

static void
add_gathered(ResultTable *table, const Gathered *item)
{
    AnswerRow *row = table_add(table, "bottleneck");
    table_text(table, row, "topic", item->topic);
    table_flag(table, row, "law", item->law);
    table_text(table, row, "level", item->level);
    table_text(table, row, "arrangement", item->arrangement);
    table_number(table, row, "count", item->count);
    table_instant(table, row, "since", item->since_ms);
    table_flag(table, row, "late", item->late);
}

KtCode
query_bottlenecks(QueryContext *context)
{
    Gathering g = {.context = context, .level = context->query->subject};
    const Key prefix = key_of(TABLE_BOTTLENECK);
    if (g.level[0] == '\0')
        return query_refused(context, KT_MISSING, "subject", "level");
    if (!may_gather(context, g.level))
        return query_refused(context, KT_NOT_AUDITOR, "subject", "");
    if (!is_level(context, g.level))
        return query_refused(context, KT_UNKNOWN_LEVEL, "subject", g.level);
    if (!state_each(context->ledger, &prefix, NULL, gather_visit, &g))
        return KT_OK;
    for (size_t i = 0; i < g.count; i++)
        add_gathered(&context->table, &g.items[i]);
    return KT_OK;
}
