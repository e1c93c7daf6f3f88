// SPDX-License-Identifier: EUPL-1.2
// Queries about matters: one, those of the asker's plans, and bottlenecks gathered across plans.
// Knows: rows of matters. Must never know: fields of facts, names of persons. What is gathered
// tells topics and numbers, never a plan.
#include "daemon/ledger/query/query.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "proto/unpack.h"

// Who is alike, as the asker calls them: of this plan = of the other.
static void
sheet_pairs(Sheet *sheet, AnswerRow *row, const MatterRow *matter)
{
    const char *text = "";
    for (size_t i = 0; i + 1 < matter->n_pairs; i += 2) {
        const char *ours =
            answer_pseudonym(sheet->ledger, sheet->partner, matter->pairs[i], sheet->arena);
        const char *theirs =
            answer_pseudonym(sheet->ledger, sheet->partner, matter->pairs[i + 1], sheet->arena);
        text = arena_format(sheet->arena, "%s%s%s%s%s", text, i == 0 ? "" : ", ", ours,
                            ours[0] == '\0' ? "" : "=", theirs);
    }
    sheet_text(sheet, row, "persons", text);
}

void
sheet_matter(Sheet *sheet, AnswerRow *row, const Arrangement *arrangement, const MatterRow *matter,
             uint64_t plan)
{
    sheet_id(sheet, row, "matter", matter->matter);
    sheet_number(sheet, row, "version", matter->version);
    sheet_id(sheet, row, "plan", plan);
    sheet_id(sheet, row, "step", matter->step);
    sheet_id(sheet, row, "other_plan", matter->other_plan);
    if (matter->arrangement != 0)
        sheet_text(sheet, row, "arrangement",
                   ledger_arrangement(sheet->ledger, matter->arrangement)->name);
    sheet_text(sheet, row, "kind", matter_rule(matter->kind)->name);
    sheet_text(sheet, row, "state", matter->open ? "open" : "settled");
    sheet_text(sheet, row, "topic", matter->topic);
    if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK)
        sheet_flag(sheet, row, "law", matter->law);
    sheet_text(sheet, row, "level", matter_level(arrangement, matter));
    sheet_partner(sheet, row, "accountable", matter->accountable);
    sheet_partner(sheet, row, "must_move", matter->turn);
    sheet_partner(sheet, row, "next", matter->next);
    sheet_instant(sheet, row, "due", matter->due_ms);
    sheet_flag(sheet, row, "late", matter->late);
    sheet_text(sheet, row, "reason", matter->reason);
    sheet_text(sheet, row, "outcome", matter->outcome);
    sheet_partner(sheet, row, "raised_by", matter->raised_by);
    sheet_instant(sheet, row, "opened_at", matter->opened_at_ms);
    sheet_instant(sheet, row, "since", matter->since_ms);
    sheet_id(sheet, row, "other_plan", matter->asked_plan);
    sheet_pairs(sheet, row, matter);
}

// The words it was raised with: for who holds the plan, whose turn it is, and who wrote them.
static bool
add_words(Asking *asking, const View *view, AnswerRow *row, const MatterRow *matter)
{
    Arena *arena = asking->sheet.arena;
    if (!view->holds && matter->turn != view->partner && matter->raised_by != view->partner)
        return false;
    const Keten__V1__WordsRow *words =
        ROW(asking->ledger, key_u64(key_of(TABLE_MATTER_WORDS), matter->matter), words_row, arena);
    if (words == NULL)
        return false;
    const PartBody *body =
        message_unpack(&keten__v1__part_body__descriptor, arena, words->body.data, words->body.len);
    insist(body != NULL);
    sheet_text(&asking->sheet, row, "words", body->text);
    return true;
}

KtCode
query_matter(Asking *asking)
{
    const uint64_t number = asking->query->id;
    const uint64_t plan = state_number(asking->ledger, key_u64(key_of(TABLE_MATTER_PLAN), number));
    const char *printed = arena_format(asking->sheet.arena, "m%" PRIu64, number);
    View view;
    const KtCode code = asking_view(asking, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const MatterRow *matter = view_matter(&view, number);
    if (matter == NULL || view.sender || !matter_is_visible(matter, view.partner, view.holds))
        return asking_refused(asking, KT_NO_PART, "id", printed);
    AnswerRow *row = sheet_add(&asking->sheet, "matter");
    sheet_matter(&asking->sheet, row, view.arrangement, matter, view.plan.row.plan);
    if (view.holds)
        sheet_silence(&asking->sheet, row, matter->turn);
    if (add_words(asking, &view, row, matter))
        turn_disclose(asking->ledger, asking->partner, plan, "matter", asking->now_ms);
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
    Asking *asking;
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
    Arena *arena = g->asking->sheet.arena;
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
    Ledger *ledger = g->asking->ledger;
    (void)key;
    insist(key_length == 9);
    const MatterRow *matter = message_unpack(&keten__v1__matter_row__descriptor, &ledger->scratch,
                                             value.bytes, value.length);
    insist(matter != NULL);
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
may_gather(const Asking *asking, const char *level)
{
    if (asking->row->auditor || asking->row->administrator)
        return true;
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(asking->ledger, &entries);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < entries[i].content->n_ladder; j++) {
            const Rung *rung = entries[i].content->ladder[j];
            if (strcmp(rung->level, level) == 0 && strcmp(rung->partner, asking->row->name) == 0)
                return true;
        }
    return false;
}

static bool
is_level(const Asking *asking, const char *level)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(asking->ledger, &entries);
    for (size_t i = 0; i < count; i++)
        if (has_level(entries[i].content, level))
            return true;
    return strcmp(level, NATIONAL) == 0;
}

KtCode
query_bottlenecks(Asking *asking)
{
    Gathering g = {.asking = asking, .level = asking->query->subject};
    const Key prefix = key_of(TABLE_BOTTLENECK);
    if (g.level[0] == '\0')
        return asking_refused(asking, KT_MISSING, "subject", "level");
    if (!may_gather(asking, g.level))
        return asking_refused(asking, KT_NOT_AUDITOR, "subject", "");
    if (!is_level(asking, g.level))
        return asking_refused(asking, KT_UNKNOWN_LEVEL, "subject", g.level);
    if (!state_each(asking->ledger, &prefix, NULL, gather_visit, &g))
        return KT_OK;
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; i < g.count; i++) {
        AnswerRow *row = sheet_add(sheet, "bottleneck");
        sheet_text(sheet, row, "topic", g.items[i].topic);
        sheet_flag(sheet, row, "law", g.items[i].law);
        sheet_text(sheet, row, "level", g.items[i].level);
        sheet_text(sheet, row, "arrangement", g.items[i].arrangement);
        sheet_number(sheet, row, "count", g.items[i].plans);
        sheet_instant(sheet, row, "since", g.items[i].since_ms);
        sheet_flag(sheet, row, "late", g.items[i].late);
    }
    return KT_OK;
}
