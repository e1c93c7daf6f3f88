// SPDX-License-Identifier: EUPL-1.2
// Queries about matters: one, those of the asker's plans, and bottlenecks gathered across plans.
// Knows: rows of matters. Must never know: fields of facts, names of persons. What is gathered
// tells topics and numbers, never a plan.
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/turn.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "proto/message.h"

// Who is alike, as the asker calls them: of this plan = of the other.
static void
table_pairs(ResultTable *table, AnswerRow *row, const MatterRow *matter)
{
    const char *text = "";
    for (size_t i = 0; i + 1 < matter->n_pairs; i += 2) {
        const char *ours =
            answer_pseudonym(table->ledger, table->partner, matter->pairs[i], table->arena);
        const char *theirs =
            answer_pseudonym(table->ledger, table->partner, matter->pairs[i + 1], table->arena);
        text = arena_format(table->arena, "%s%s%s%s%s", text, i == 0 ? "" : ", ", ours,
                            ours[0] == '\0' ? "" : "=", theirs);
    }
    table_text(table, row, "persons", text);
}

void
table_matter(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
             const MatterRow *matter, uint64_t plan)
{
    table_id(table, row, "matter", matter->matter);
    table_number(table, row, "version", matter->version);
    table_id(table, row, "plan", plan);
    table_id(table, row, "step", matter->step);
    table_id(table, row, "other_plan", matter->other_plan);
    if (matter->arrangement != 0)
        table_text(table, row, "arrangement",
                   ledger_arrangement(table->ledger, matter->arrangement)->name);
    table_text(table, row, "kind", matter_rule(matter->kind)->name);
    table_text(table, row, "state", matter->open ? "open" : "settled");
    table_text(table, row, "topic", matter->topic);
    if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK)
        table_flag(table, row, "law", matter->law);
    table_text(table, row, "level", matter_level(arrangement, matter));
    table_partner(table, row, "accountable", matter->accountable);
    table_partner(table, row, "must_move", matter->turn);
    table_partner(table, row, "next", matter->next);
    table_instant(table, row, "due", matter->due_ms);
    table_flag(table, row, "late", matter->late);
    table_text(table, row, "reason", matter->reason);
    table_text(table, row, "outcome", matter->outcome);
    table_partner(table, row, "raised_by", matter->raised_by);
    table_instant(table, row, "opened_at", matter->opened_at_ms);
    table_instant(table, row, "since", matter->since_ms);
    table_id(table, row, "other_plan", matter->asked_plan);
    table_pairs(table, row, matter);
}

// The words it was raised with: for who holds the plan, whose turn it is, and who wrote them.
static bool
add_words(QueryContext *context, const View *view, AnswerRow *row, const MatterRow *matter)
{
    Arena *arena = context->table.arena;
    if (!view->holds && matter->turn != view->partner && matter->raised_by != view->partner)
        return false;
    const Keten__V1__WordsRow *words =
        ROW(context->ledger, key_u64(key_of(TABLE_MATTER_WORDS), matter->matter), words_row, arena);
    if (words == NULL)
        return false;
    const PartBody *body =
        message_unpack(&keten__v1__part_body__descriptor, arena, words->body.data, words->body.len);
    ASSERT(body != NULL);
    table_text(&context->table, row, "words", body->text);
    return true;
}

KtCode
query_matter(QueryContext *context)
{
    const uint64_t number = context->query->id;
    const uint64_t plan = state_number(context->ledger, key_u64(key_of(TABLE_MATTER_PLAN), number));
    const char *printed = arena_format(context->table.arena, "m%" PRIu64, number);
    View view;
    const KtCode code = query_view(context, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const MatterRow *matter = view_matter(&view, number);
    if (matter == NULL || view.sender || !matter_is_visible(matter, view.partner, view.holds))
        return query_refused(context, KT_NO_PART, "id", printed);
    AnswerRow *row = table_add(&context->table, "matter");
    table_matter(&context->table, row, view.arrangement, matter, view.plan.row.plan);
    if (view.holds)
        table_silence(&context->table, row, matter->turn);
    if (add_words(context, &view, row, matter))
        turn_disclose(context->ledger, context->partner, plan, "matter", context->now_ms);
    return KT_OK;
}

// ---- gathered across plans --------------------------------------------------------------------

#define NATIONAL "national"

typedef struct Gathered {
    const char *topic, *level, *arrangement;
    bool law, late;
    uint64_t plans;
    int64_t since_ms;
} Gathered;

typedef struct Gathering {
    QueryContext *context;
    const char *level;
    Gathered *items;
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

// Law and regulation are the nation's: what lies there is listed for it wherever it waits now.
static bool
is_meant(const Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    if (strcmp(matter_level(arrangement, matter), g->level) == 0)
        return true;
    return matter->law && strcmp(g->level, NATIONAL) == 0;
}

static void
gather(Gathering *g, const Arrangement *arrangement, const MatterRow *matter)
{
    Arena *arena = g->context->table.arena;
    const char *level = matter_level(arrangement, matter);
    Gathered *at = NULL;
    for (size_t i = 0; at == NULL && i < g->count; i++) {
        Gathered *item = &g->items[i];
        if (item->law == matter->law && strcmp(item->topic, matter->topic) == 0 &&
            strcmp(item->level, level) == 0 && strcmp(item->arrangement, arrangement->name) == 0)
            at = item;
    }
    if (at == NULL) {
        g->items = arena_grow(arena, g->items, g->count, g->count + 1, sizeof *g->items);
        at = &g->items[g->count++];
        *at = (Gathered){.topic = arena_text(arena, matter->topic),
                         .level = level,
                         .arrangement = arrangement->name,
                         .law = matter->law,
                         .since_ms = matter->opened_at_ms};
    }
    at->plans++;
    at->late = at->late || matter->late;
    if (matter->opened_at_ms < at->since_ms)
        at->since_ms = matter->opened_at_ms;
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

// A level's list is for whom the ladder names there, and for auditors and administrators.
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
    ResultTable *table = &context->table;
    for (size_t i = 0; i < g.count; i++) {
        AnswerRow *row = table_add(table, "bottleneck");
        table_text(table, row, "topic", g.items[i].topic);
        table_flag(table, row, "law", g.items[i].law);
        table_text(table, row, "level", g.items[i].level);
        table_text(table, row, "arrangement", g.items[i].arrangement);
        table_number(table, row, "count", g.items[i].plans);
        table_instant(table, row, "since", g.items[i].since_ms);
        table_flag(table, row, "late", g.items[i].late);
    }
    return KT_OK;
}
