// SPDX-License-Identifier: EUPL-1.2
// The commands on a rejected delivery: which partner may give each, and how the cursor moves.
// Knows: contexts made here. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/zone.h"

enum { HISTORY = 3, N = 12, MATTER = 5, VERSION = 2 };

// A delivery with the number N to the corporation, which an actor deals with.
typedef struct Scene {
    Arena arena;
    PartnerRow rows[CITY_PARTNERS];
    PartnerEntry partners[CITY_PARTNERS];
    Calendar calendar;
    ReceiverItem item, *items[1];
    Receiver told;
    Record record;
    Head head;
    DeadRow rejected;
    Plan plan;
    Context context;
    Draft draft;
} Scene;

static void
scene_make(Scene *scene, uint32_t actor)
{
    static const char *const names[] = {"gemeente", "corporatie", "welzijn", "uwv"};
    *scene = (Scene){.calendar = {.zone = zone_fixture()}};
    for (size_t i = 0; i < CITY_PARTNERS; i++) {
        scene->rows[i] = (PartnerRow)KETEN__V1__PARTNER_ROW__INIT;
        scene->rows[i].partner = (uint32_t)i + 1;
        scene->rows[i].name = literal(names[i]);
        scene->partners[i] = (PartnerEntry){
            .row = &scene->rows[i], .assigned = 2 * (uint64_t)N, .acknowledged = N - 1};
    }
    scene->item = (ReceiverItem)KETEN__V1__RECEIVER_ITEM__INIT;
    scene->item.kind = KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED;
    scene->item.step = 1;
    scene->items[0] = &scene->item;
    scene->told = (Receiver)KETEN__V1__RECEIVER__INIT;
    scene->told.partner = CITY_CORPORATIE;
    scene->told.n = N;
    scene->told.items = scene->items;
    scene->told.n_items = 1;
    scene->record = (Record)KETEN__V1__RECORD__INIT;
    scene->head = (Head)KETEN__V1__HEAD__INIT;
    scene->record.head = &scene->head;
    scene->rejected = (DeadRow)KETEN__V1__DEAD_ROW__INIT;
    scene->rejected.partner = CITY_CORPORATIE;
    scene->rejected.n = N;
    scene->rejected.reason = literal("unknown-step");
    scene->rejected.due_ms = 1;
    scene->context = (Context){
        .now_ms = instant_at("2024-03-04T10:00:00+01:00"),
        .history = HISTORY,
        .agreed = {.partners = scene->partners, .partner_count = CITY_PARTNERS},
        .actor = actor,
        .calendar = &scene->calendar,
        .delivery = {.told = &scene->told, .record = &scene->record, .processed_upto = N},
    };
}

// The delivery is about a plan that the municipality holds.
static void
plan_make(Scene *scene)
{
    scene->plan = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
    scene->plan.row.plan = 1;
    scene->plan.row.state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
    scene->plan.row.desk = CITY_GEMEENTE;
    scene->context.plan = &scene->plan;
    scene->context.plan_arrangement = city_arrangement(&scene->arena);
}

// The plan has a matter of the delivery, in which a partner has the turn.
static void
matter_make(Scene *scene, uint32_t turn)
{
    MatterRow *matter = NEW(&scene->arena, MatterRow, matter_row);
    plan_make(scene);
    matter->matter = MATTER;
    matter->plan = 1;
    matter->kind = KETEN__V1__MATTER_KIND__MATTER_DEAD;
    matter->version = VERSION;
    matter->open = matter->held = true;
    matter->accountable = CITY_GEMEENTE;
    matter->turn = turn;
    matter->partner = CITY_CORPORATIE;
    plan_add_matter(&scene->plan, &scene->arena, matter);
    scene->plan.row.open_matters = 1;
    scene->rejected.matter = MATTER;
}

static Result
give_up(Scene *scene, uint32_t version, const char *reason)
{
    Command *command = city_command(&scene->arena);
    Keten__V1__DeliveryGiveUp *body = command->delivery_give_up =
        NEW(&scene->arena, Keten__V1__DeliveryGiveUp, delivery_give_up);
    body->n = N;
    body->version = version;
    body->reason = literal(reason);
    draft_start(&scene->draft, &scene->context, KETEN__V1__CAUSE__CAUSE_DELIVERY_GIVE_UP,
                &scene->arena);
    return decide_delivery_give_up(&scene->draft, command);
}

static Result
resend(Scene *scene)
{
    Command *command = city_command(&scene->arena);
    command->delivery_resend = NEW(&scene->arena, Keten__V1__DeliveryResend, delivery_resend);
    command->delivery_resend->n = N;
    draft_start(&scene->draft, &scene->context, KETEN__V1__CAUSE__CAUSE_DELIVERY_RESEND,
                &scene->arena);
    return decide_delivery_resend(&scene->draft, command);
}

static Result
reject(Scene *scene, uint64_t history, const char *reason)
{
    Command *command = city_command(&scene->arena);
    Keten__V1__DeliveryReject *body = command->delivery_reject =
        NEW(&scene->arena, Keten__V1__DeliveryReject, delivery_reject);
    body->history = history;
    body->n = N;
    body->reason = literal(reason);
    draft_start(&scene->draft, &scene->context, KETEN__V1__CAUSE__CAUSE_DELIVERY_REJECT,
                &scene->arena);
    return decide_delivery_reject(&scene->draft, command);
}

typedef struct Case {
    uint32_t actor;
    bool administrator;
    uint32_t turn; // the partner that has the turn in the matter; 0: there is no matter
    KtCode resend, give_up;
} Case;

static const Case cases[] = {
    // A matter of the plan: the holder decides, and a rung that has the turn.
    {CITY_GEMEENTE, false, CITY_CORPORATIE, KT_OK, KT_OK},
    {CITY_WELZIJN, false, CITY_WELZIJN, KT_OK, KT_OK},
    {CITY_CORPORATIE, false, CITY_CORPORATIE, KT_OK, KT_NOT_YOURS},
    {CITY_WELZIJN, false, CITY_CORPORATIE, KT_NO_PART, KT_NO_PART},
    {CITY_UWV, true, CITY_CORPORATIE, KT_NO_PART, KT_NO_PART},
    // No matter, as in a closed plan: the partner itself, and the administrators.
    {CITY_CORPORATIE, false, 0, KT_OK, KT_OK},
    {CITY_UWV, true, 0, KT_OK, KT_OK},
    {CITY_UWV, false, 0, KT_NO_PART, KT_NO_PART},
    {CITY_GEMEENTE, false, 0, KT_NO_PART, KT_NO_PART},
};

static void
a_rejected_delivery_is_for_its_partner_and_its_plan(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned gives_up = 0; gives_up < 2; gives_up++) {
            Scene scene;
            scene_make(&scene, cases[i].actor);
            scene.context.administrator = cases[i].administrator;
            scene.context.delivery.rejected = &scene.rejected;
            if (cases[i].turn != 0)
                matter_make(&scene, cases[i].turn);
            else
                plan_make(&scene);
            const Result result = gives_up ? give_up(&scene, 0, "obsolete") : resend(&scene);
            if (result.code != (gives_up ? cases[i].give_up : cases[i].resend))
                fail_msg("row %zu, gives up %u: code %d", i, gives_up, result.code);
            // A refusal leaves the draft as it was; a settled matter leaves the plan.
            assert_int_equal(scene.draft.record->head->n_events > 0, result.code == KT_OK);
            assert_int_equal(scene.draft.plan.matter_count,
                             cases[i].turn != 0 && result.code != KT_OK);
            arena_done(&scene.arena);
        }
    }
}

static void
a_partner_gives_up_where_the_city_agreed_so(void **state)
{
    (void)state;
    Scene scene;
    scene_make(&scene, CITY_CORPORATIE);
    scene.context.delivery.rejected = &scene.rejected;
    matter_make(&scene, CITY_CORPORATIE);
    scene.context.plan_arrangement->partners[CITY_CORPORATIE - 1]->may_give_up = true;
    assert_int_equal(give_up(&scene, 0, "obsolete").code, KT_OK);
    arena_done(&scene.arena);
}

static void
what_is_settled_or_older_is_refused(void **state)
{
    (void)state;
    Scene scene;
    scene_make(&scene, CITY_GEMEENTE);
    assert_int_equal(give_up(&scene, 0, "obsolete").code, KT_NO_PART); // not rejected at all
    scene.context.delivery.rejected = &scene.rejected;
    matter_make(&scene, CITY_CORPORATIE);
    assert_int_equal(give_up(&scene, VERSION - 1, "obsolete").code, KT_MATTER_VERSION);
    assert_int_equal(give_up(&scene, VERSION, "").code, KT_REASON);
    scene.rejected.outcome = literal("resent");
    assert_int_equal(give_up(&scene, VERSION, "obsolete").code, KT_DEAD_SETTLED);
    arena_done(&scene.arena);
}

static void
a_delivery_that_is_sent_again_gets_the_next_number(void **state)
{
    (void)state;
    Scene scene;
    scene_make(&scene, CITY_CORPORATIE);
    scene.context.delivery.rejected = &scene.rejected;
    assert_int_equal(resend(&scene).code, KT_OK);
    const Head *head = scene.draft.record->head;
    assert_int_equal(head->events[0]->body_case, KETEN__V1__EVENT__BODY_DEAD_CHANGED);
    assert_int_equal(head->events[0]->dead_changed->row->resent_as, 2 * N + 1);
    assert_string_equal(head->events[0]->dead_changed->row->outcome, "resent");
    assert_int_equal(head->receivers[0]->partner, CITY_CORPORATIE);
    assert_int_equal(head->receivers[0]->items[0]->step, 1);
    assert_int_equal(head->receivers[0]->items[0]->resend->n, N);
    arena_done(&scene.arena);
}

static void
only_a_delivery_of_this_history_is_rejected_once(void **state)
{
    (void)state;
    Scene scene;
    scene_make(&scene, CITY_CORPORATIE);
    Result result = reject(&scene, HISTORY + 1, "unknown-step");
    assert_int_equal(result.code, KT_DELIVERY_UNKNOWN);
    assert_string_equal(result.field, "history");
    assert_int_equal(reject(&scene, HISTORY, "").code, KT_REASON);
    scene.context.delivery.rejected = &scene.rejected;
    assert_int_equal(reject(&scene, HISTORY, "unknown-step").code, KT_DELIVERY_REJECTED);
    scene.context.delivery.told = NULL;
    result = reject(&scene, HISTORY, "unknown-step");
    assert_int_equal(result.code, KT_DELIVERY_UNKNOWN);
    assert_string_equal(result.field, "n");
    arena_done(&scene.arena);
}

static void
the_cursor_passes_over_a_rejected_delivery(void **state)
{
    static const struct {
        uint64_t acknowledged, processed_upto;
        bool moves;
    } cursors[] = {{N - 1, N, true}, {N - 1, N + 4, true}, {N - 3, N - 3, false}, {N, N, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++) {
        Scene scene;
        scene_make(&scene, CITY_CORPORATIE);
        scene.partners[CITY_CORPORATIE - 1].acknowledged = cursors[i].acknowledged;
        scene.context.delivery.processed_upto = cursors[i].processed_upto;
        assert_int_equal(reject(&scene, HISTORY, "unknown-step").code, KT_OK);
        const Head *head = scene.draft.record->head;
        assert_int_equal(head->events[0]->body_case, KETEN__V1__EVENT__BODY_DEAD_CHANGED);
        assert_true(head->events[0]->dead_changed->row->due_ms > scene.context.now_ms);
        assert_int_equal(head->n_events, cursors[i].moves ? 2 : 1);
        if (cursors[i].moves)
            assert_int_equal(head->events[1]->acknowledged->upto, cursors[i].processed_upto);
        arena_done(&scene.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rejected_delivery_is_for_its_partner_and_its_plan),
        cmocka_unit_test(a_partner_gives_up_where_the_city_agreed_so),
        cmocka_unit_test(what_is_settled_or_older_is_refused),
        cmocka_unit_test(a_delivery_that_is_sent_again_gets_the_next_number),
        cmocka_unit_test(only_a_delivery_of_this_history_is_rejected_once),
        cmocka_unit_test(the_cursor_passes_over_a_rejected_delivery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
