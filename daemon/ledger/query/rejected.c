// SPDX-License-Identifier: EUPL-1.2
// Queries about rejected deliveries, and how silence is told. Knows: who may see which, and of one
// that is another's only the fields that the asker may see too. Must never know: what a reason asks
// of whom.
#include "daemon/ledger/query/query.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "proto/names.h"
#include "proto/unpack.h"

#define DAY_MS 86400000

void
sheet_silence(Sheet *sheet, AnswerRow *row, uint32_t partner)
{
    const Cache *cache = &sheet->ledger->cache;
    const SilenceRow *silence =
        partner == 0 || partner > cache->partner_count ? NULL : cache->silences[partner - 1];
    if (silence == NULL || silence->silent_ms == 0)
        return;
    sheet_instant(sheet, row, "silent_since", silence->silent_ms);
    sheet_instant(sheet, row, "last_sign", silence->heard_ms);
}

void
sheet_awaited(Sheet *sheet, AnswerRow *row, const StepRow *step, bool holds)
{
    const bool awaited =
        step->state == STEP_OFFERED || step->state == STEP_ACTIVE || step->state == STEP_SUSPENDED;
    if (holds && awaited)
        sheet_silence(sheet, row, step->owner);
}

// ---- one row -----------------------------------------------------------------------------------

static const MatterRow *
matter_of(Asking *asking, const DeadRow *dead)
{
    return dead->matter == 0 ? NULL
                             : state_matter(asking->ledger, dead->matter, asking->sheet.arena);
}

// A plan that ended has settled what was open in it.
static const char *
outcome_of(const DeadRow *dead, const MatterRow *matter)
{
    if (dead->outcome[0] != '\0' || matter == NULL || matter->open)
        return dead->outcome;
    return matter->outcome;
}

static bool
sees_number(const Asking *asking, const DeadRow *dead)
{
    return dead->partner == asking->partner || (dead->matter == 0 && asking->row->administrator);
}

// Who has no part in the plan but its signals is not told who has.
static bool
is_outside(Asking *asking, const MatterRow *matter)
{
    View view;
    return !view_load(asking->ledger, asking->partner, matter->plan, asking->sheet.arena, &view) ||
           view.sender;
}

static void
sheet_turn(Asking *asking, AnswerRow *row, const DeadRow *dead, const MatterRow *matter)
{
    Sheet *sheet = &asking->sheet;
    if (matter != NULL && matter->turn != asking->partner && is_outside(asking, matter))
        return;
    if (matter != NULL) {
        sheet_partner(sheet, row, "must_move", matter->turn);
        sheet_partner(sheet, row, "next", matter->next);
        sheet_instant(sheet, row, "due", matter->due_ms);
        sheet_flag(sheet, row, "late", matter->late);
        return;
    }
    // Where no plan answers for it, administrators look after it too once it is late.
    sheet_partner(sheet, row, "must_move", dead->partner);
    sheet_text(sheet, row, "then", "administrators");
    sheet_instant(sheet, row, "due", dead->due_ms);
    sheet_flag(sheet, row, "late", dead->late);
}

void
sheet_dead(Asking *asking, const DeadRow *dead)
{
    Sheet *sheet = &asking->sheet;
    const MatterRow *matter = matter_of(asking, dead);
    const char *outcome = outcome_of(dead, matter);
    AnswerRow *row = sheet_add(sheet, "dead");
    sheet_partner(sheet, row, "partner", dead->partner);
    if (sees_number(asking, dead)) {
        sheet_id(sheet, row, "n", dead->n);
        sheet_id(sheet, row, "resend_of", dead->resend_of);
        sheet_id(sheet, row, "resent_as", dead->resent_as);
    }
    sheet_id(sheet, row, "matter", dead->matter);
    if (matter != NULL)
        sheet_number(sheet, row, "version", matter->version);
    sheet_id(sheet, row, "plan", matter != NULL ? matter->plan : dead->plan);
    sheet_text(sheet, row, "state", outcome[0] == '\0' ? "open" : "settled");
    sheet_text(sheet, row, "reason", dead->reason);
    sheet_instant(sheet, row, "rejected_at", dead->rejected_at_ms);
    sheet_number(sheet, row, "days",
                 (uint64_t)(asking->now_ms > dead->rejected_at_ms
                                ? (asking->now_ms - dead->rejected_at_ms) / DAY_MS
                                : 0));
    sheet_text(sheet, row, "outcome", outcome);
    sheet_instant(sheet, row, "settled_at", dead->settled_at_ms);
    if (outcome[0] == '\0')
        sheet_turn(asking, row, dead, matter);
}

// ---- the list ----------------------------------------------------------------------------------

typedef struct DeadList {
    Arena *arena;
    DeadRow **rows;
    size_t count;
} DeadList;

static bool
dead_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    DeadList *list = caller;
    (void)key;
    (void)key_length;
    DeadRow *row =
        message_unpack(&keten__v1__dead_row__descriptor, list->arena, value.bytes, value.length);
    insist(row != NULL);
    if (row->outcome[0] != '\0')
        return true;
    if ((list->count & (list->count - 1)) == 0)
        list->rows = arena_grow(list->arena, list->rows, list->count,
                                list->count == 0 ? 1 : 2 * list->count, sizeof(DeadRow *));
    list->rows[list->count++] = row;
    return true;
}

static void
list_partner(Asking *asking, uint32_t partner)
{
    Arena found = {0};
    DeadList list = {.arena = &found};
    const Key prefix = key_u32(key_of(TABLE_DEAD), partner);
    state_each(asking->ledger, &prefix, NULL, dead_visit, &list);
    for (size_t i = 0; i < list.count && !sheet_is_full(&asking->sheet); i++) {
        const MatterRow *matter = matter_of(asking, list.rows[i]);
        const bool seen = partner == asking->partner || list.rows[i]->matter == 0;
        if (seen && outcome_of(list.rows[i], matter)[0] == '\0')
            sheet_dead(asking, list.rows[i]);
    }
    arena_done(&found);
}

KtCode
query_deads(Asking *asking)
{
    list_partner(asking, asking->partner);
    for (uint32_t partner = 1;
         asking->row->administrator && partner <= ledger_partner_count(asking->ledger); partner++)
        if (partner != asking->partner)
            list_partner(asking, partner);
    return query_deads_held(asking);
}

// ---- one of them -------------------------------------------------------------------------------

// Printed d5 for one's own, m12 where a plan has it, and NAME/d5 for an administrator.
static const DeadRow *
dead_named(Asking *asking, const char *text)
{
    Arena *arena = asking->sheet.arena;
    uint64_t number;
    uint32_t version;
    const char *slash = strchr(text, '/');
    if (slash != NULL && id_parse(slash + 1, 'd', &number, NULL)) {
        const PartnerRow *partner =
            ledger_partner_named(asking->ledger, arena_copy(arena, text, (size_t)(slash - text)));
        return partner == NULL ? NULL : state_dead(asking->ledger, partner->partner, number, arena);
    }
    if (id_parse(text, 'd', &number, NULL))
        return state_dead(asking->ledger, asking->partner, number, arena);
    if (!id_parse(text, 'm', &number, &version))
        return NULL;
    const MatterRow *matter = state_matter(asking->ledger, number, arena);
    return matter == NULL || matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD
               ? NULL
               : state_dead(asking->ledger, matter->partner, matter->n, arena);
}

static bool
may_see_field(const View *view, const char *fact_kind, const char *name)
{
    const FactKind *kind = agreement_fact(view->arrangement, fact_kind);
    for (size_t i = 0; kind != NULL && view->place != NULL && i < kind->n_fields; i++)
        if (strcmp(kind->fields[i]->name, name) == 0)
            return agreement_may_see(view->place, kind->fields[i], plan_is_secret(&view->plan));
    return false;
}

// `view` NULL: it is the asker's own delivery. True when values were shown to another.
static bool
add_item(Asking *asking, const View *view, const Keten__V1__Item *item)
{
    Sheet *sheet = &asking->sheet;
    bool shown = false;
    AnswerRow *row = sheet_add(sheet, "item");
    sheet_enum(sheet, row, "item", &keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_");
    if (item->step != NULL) {
        sheet_id(sheet, row, "step", item->step->step);
        sheet_text(sheet, row, "kind", item->step->kind);
    }
    sheet_id(sheet, row, "matter", item->matter == NULL ? 0 : item->matter->matter);
    sheet_text(sheet, row, "reason", item->reason);
    if (item->fact == NULL)
        return false;
    sheet_id(sheet, row, "fact", item->fact->fact);
    sheet_text(sheet, row, "kind", item->fact->kind);
    sheet_flag(sheet, row, "withdrawn", item->fact->withdrawn);
    for (size_t i = 0; i < item->fact->n_fields; i++) {
        const Field *field = item->fact->fields[i];
        if (view != NULL && !may_see_field(view, item->fact->kind, field->name))
            continue;
        AnswerRow *value = sheet_add(sheet, "field");
        sheet_id(sheet, value, "fact", item->fact->fact);
        sheet_text(sheet, value, "field", field->name);
        sheet_text(sheet, value, "value", field->value);
        shown = shown || view != NULL;
    }
    return shown;
}

static const char *
words_of(Asking *asking, const DeadRow *dead)
{
    KtCode code;
    Arena *arena = asking->sheet.arena;
    const Record *record = record_find(asking->ledger, dead->position, arena, NULL, &code);
    for (size_t i = 0; record != NULL && i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_DEAD_CHANGED ||
            event->dead_changed->words == 0)
            continue;
        const ProtobufCBinaryData bytes = record->parts[event->dead_changed->words - 1]->body;
        const PartBody *body =
            message_unpack(&keten__v1__part_body__descriptor, arena, bytes.data, bytes.len);
        insist(body != NULL);
        return body->text;
    }
    return "";
}

// What it told: to the partner itself all of it; to another the kinds, and the fields of purposes
// that it has too.
static KtCode
show_items(Asking *asking, const DeadRow *dead, const View *view, bool all)
{
    KtCode code;
    Arena *arena = asking->sheet.arena;
    const Keten__V1__Delivery *delivery =
        ledger_delivery(asking->ledger, dead->partner, dead->n, arena, &code);
    bool shown = false;
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++)
        shown |= add_item(asking, all ? NULL : view, delivery->items[i]);
    if (shown)
        turn_disclose(asking->ledger, asking->partner, dead->plan, "dead", asking->now_ms);
    return KT_OK;
}

KtCode
query_dead(Asking *asking)
{
    const char *text = asking->query->subject;
    const DeadRow *dead = dead_named(asking, text);
    if (dead == NULL)
        return asking_refused(asking, KT_NO_PART, "subject", text);
    const MatterRow *matter = matter_of(asking, dead);
    const bool own = dead->partner == asking->partner;
    const bool tends = dead->matter == 0 && asking->row->administrator;
    View view = {.ledger = asking->ledger, .arena = asking->sheet.arena};
    const bool sees = matter != NULL && strchr(text, '/') == NULL &&
                      view_load(asking->ledger, asking->partner, matter->plan, view.arena, &view) &&
                      (view.holds || matter->turn == asking->partner);
    if (!own && !tends && !sees)
        return asking_refused(asking, KT_NO_PART, "subject", text);
    sheet_dead(asking, dead);
    sheet_text(&asking->sheet, asking->sheet.rows[0], "words", words_of(asking, dead));
    return show_items(asking, dead, &view, own);
}
