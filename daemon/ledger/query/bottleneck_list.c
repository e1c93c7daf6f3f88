// SPDX-License-Identifier: EUPL-1.2
// The answer of `bottleneck list`: bottlenecks gathered across plans, by topic. Knows: topics,
// levels, numbers. Must never know: in the answer, which plan a bottleneck is in.
// Path: query_bottlenecks checks the asker and the level, gather_all adds each open bottleneck to
// its group, in as many calls as it takes; then tell_groups makes the rows in the order of the
// groups' keys, which are also the bookmark. Failure: damage gives no rows; the ledger failed.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
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
    Bookmark key;     // the beginning of the topic, then a hash of all that names the group
} Gathered;

// Kept from one call of the query to the next.
typedef struct Gathering {
    QueryContext *context; // of this call
    const char *level;     // asked for
    uint64_t last;         // the bottleneck that was gathered last
    bool ready;            // all are gathered
    Gathered *items;       // from then on in the order of their keys
    size_t count;
    size_t told; // of them
} Gathering;

static void
hash_text(uint64_t *hash, const char *text)
{
    do {
        *hash = (*hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3); // FNV-1a
    } while (*text++ != '\0');
}

static Bookmark
key_of_group(const Gathered *group)
{
    uint8_t head[24] = {0};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    memccpy(head, group->topic, '\0', sizeof head);
    hash_text(&hash, group->topic);
    hash_text(&hash, group->level);
    hash_text(&hash, group->arrangement);
    hash_text(&hash, group->law ? "law" : "");
    return (Bookmark){
        .part = {bytes_get_u64(head), bytes_get_u64(head + 8), bytes_get_u64(head + 16), hash}};
}

static int
bookmark_compare(const Bookmark *a, const Bookmark *b)
{
    for (size_t i = 0; i < BOOKMARK_PARTS; i++)
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}

static int
group_compare(const void *a, const void *b)
{
    return bookmark_compare(&((const Gathered *)a)->key, &((const Gathered *)b)->key);
}

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
    Arena *arena = g->context->kept;
    g->items = arena_more(arena, g->items, g->count, sizeof *g->items);
    Gathered *group = &g->items[g->count++];
    *group = (Gathered){.topic = arena_text(arena, matter->topic),
                        .level = arena_text(arena, matter_level(arrangement, matter)),
                        .arrangement = arena_text(arena, arrangement->name),
                        .law = matter->law,
                        .since_ms = matter->opened_at_ms};
    group->key = key_of_group(group);
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
    g->last = matter->matter;
    arena_reset(&ledger->scratch);
    g->ready = g->context->enough == NULL || !g->context->enough(g->context->caller);
    return g->ready;
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

static Gathering *
gathering_of(QueryContext *context)
{
    if (context->held == NULL) {
        Gathering *g = arena_take(context->kept, sizeof *g);
        *g = (Gathering){.level = context->query->subject};
        context->held = g;
    }
    Gathering *gathering = context->held;
    gathering->context = context;
    return gathering;
}

static void
gather_all(Gathering *g)
{
    const Key prefix = key_of(TABLE_BOTTLENECK);
    const Key from = key_u64(prefix, g->last + 1);
    g->ready = true; // unless gather_visit stops
    if (!state_each(g->context->ledger, &prefix, &from, gather_visit, g))
        return;
    if (g->ready && g->count > 1)
        qsort(g->items, g->count, sizeof *g->items, group_compare);
}

static void
tell_groups(Gathering *g)
{
    QueryContext *context = g->context;
    context->more = false;
    while (g->told < g->count && !context->more) {
        const Gathered *item = &g->items[g->told++];
        if (bookmark_compare(&item->key, &context->at) <= 0)
            continue;
        add_gathered(&context->table, item);
        context->at = item->key;
        query_stops(context);
    }
}

KtCode
query_bottlenecks(QueryContext *context)
{
    const char *level = context->query->subject;
    if (level[0] == '\0')
        return query_refused(context, KT_MISSING, "subject", "level");
    if (!may_gather(context, level))
        return query_refused(context, KT_NOT_AUDITOR, "subject", "");
    if (!is_level(context, level))
        return query_refused(context, KT_UNKNOWN_LEVEL, "subject", level);
    Gathering *g = gathering_of(context);
    if (!g->ready)
        gather_all(g);
    context->more = !g->ready;
    if (g->ready)
        tell_groups(g);
    return KT_OK;
}
