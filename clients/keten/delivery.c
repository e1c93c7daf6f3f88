// SPDX-License-Identifier: EUPL-1.2
// Deliveries, shown. Knows: their items. Must never know: sessions, acknowledging.
//
// delivery_show() prints a line for the delivery and a line per item, or one JSON object with
// --json.
#include "clients/keten/delivery.h"
#include "base/plain.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/calendar.h"
#include "clients/keten/rows.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/words.h"

static const char *
item_word(const Keten__V1__Item *item, Arena *arena)
{
    return enum_word(&keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_", arena);
}

static const char *
state_word(const Keten__V1__StepView *step, Arena *arena)
{
    return enum_word(&keten__v1__step_state__descriptor, (int)step->state, "STEP_", arena);
}

static json_t *
step_json(const Keten__V1__StepView *step, Arena *arena)
{
    return json_pack("{s:I, s:I, s:s, s:s, s:s, s:o, s:b}", "step", (json_int_t)step->step,
                     "version", (json_int_t)step->version, "kind", step->kind, "state",
                     state_word(step, arena), "owner", step->owner, "due",
                     json_instant(step->due_ms), "late", step->late);
}

static json_t *
fact_json(const Keten__V1__FactView *fact)
{
    json_t *fields = json_object();
    for (size_t i = 0; i < fact->n_fields; i++)
        json_object_set_new(fields, fact->fields[i]->name, json_string(fact->fields[i]->value));
    json_t *object =
        json_pack("{s:I, s:I, s:s, s:s, s:b, s:o, s:b}", "fact", (json_int_t)fact->fact, "version",
                  (json_int_t)fact->version, "kind", fact->kind, "from", fact->from, "signal",
                  fact->signal, "fields", fields, "withdrawn", fact->withdrawn);
    if (fact->answers)
        json_object_set_new(object, "answers", json_integer((json_int_t)fact->answers));
    if (fact->repeats)
        json_object_set_new(object, "repeats", json_integer((json_int_t)fact->repeats));
    return object;
}

static const char *
matter_word(const Keten__V1__MatterView *matter, Arena *arena)
{
    return enum_word(&keten__v1__matter_kind__descriptor, (int)matter->kind, "MATTER_", arena);
}

static json_t *
matter_json(const Keten__V1__MatterView *matter, Arena *arena)
{
    json_t *object =
        json_pack("{s:I, s:I, s:s, s:b, s:I, s:s, s:s, s:o, s:b, s:s, s:b, s:s}", "matter",
                  (json_int_t)matter->matter, "version", (json_int_t)matter->version, "kind",
                  matter_word(matter, arena), "open", matter->open, "step",
                  (json_int_t)matter->step, "must_move", matter->turn, "level", matter->level,
                  "due", json_instant(matter->due_ms), "late", matter->late, "topic", matter->topic,
                  "law", matter->law, "outcome", matter->outcome);
    if (matter->other_plan)
        json_object_set_new(object, "other_plan", json_integer((json_int_t)matter->other_plan));
    if (matter->arrangement[0])
        json_object_set_new(object, "arrangement", json_string(matter->arrangement));
    return object;
}

static json_t *
pause_json(const Keten__V1__PauseView *pause)
{
    json_t *actions = json_array();
    for (size_t i = 0; i < pause->n_actions; i++)
        json_array_append_new(actions, json_string(pause->actions[i]));
    return json_pack("{s:o, s:o, s:o, s:s}", "actions", actions, "from",
                     json_instant(pause->from_ms), "until", json_instant(pause->until_ms), "by",
                     pause->by);
}

static json_t *
about_json(const Keten__V1__PartnerView *about)
{
    json_t *object =
        json_pack("{s:s, s:o}", "partner", about->partner, "since", json_instant(about->since_ms));
    if (about->n)
        json_object_set_new(object, "n", json_integer((json_int_t)about->n));
    if (about->outcome[0])
        json_object_set_new(object, "outcome", json_string(about->outcome));
    return object;
}

static json_t *
item_json(const Keten__V1__Item *item, Arena *arena)
{
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(item_word(item, arena)));
    if (item->step != NULL)
        json_object_set_new(object, "step", step_json(item->step, arena));
    if (item->fact != NULL)
        json_object_set_new(object, "fact", fact_json(item->fact));
    if (item->matter != NULL)
        json_object_set_new(object, "matter", matter_json(item->matter, arena));
    if (item->person[0])
        json_object_set_new(object, "person", json_string(item->person));
    if (item->pause != NULL)
        json_object_set_new(object, "pause", pause_json(item->pause));
    if (item->reason[0])
        json_object_set_new(object, "reason", json_string(item->reason));
    if (item->resend_of)
        json_object_set_new(object, "resend_of", json_integer((json_int_t)item->resend_of));
    if (item->about != NULL)
        json_object_set_new(object, "about", about_json(item->about));
    if (item->text[0])
        json_object_set_new(object, "text", json_string(item->text));
    if (item->offer)
        json_object_set_new(object, "offer", json_integer((json_int_t)item->offer));
    if (item->other_plan)
        json_object_set_new(object, "other_plan", json_integer((json_int_t)item->other_plan));
    if (item->until_ms)
        json_object_set_new(object, "until", json_instant(item->until_ms));
    return object;
}

static json_t *
delivery_json(const Keten__V1__Delivery *delivery, Arena *arena)
{
    json_t *persons = json_array(), *items = json_array();
    for (size_t i = 0; i < delivery->n_persons; i++)
        json_array_append_new(persons, json_string(delivery->persons[i]));
    for (size_t i = 0; i < delivery->n_items; i++)
        json_array_append_new(items, item_json(delivery->items[i], arena));
    return json_pack("{s:I, s:I, s:I, s:o, s:I, s:o, s:o}", "history",
                     (json_int_t)delivery->history, "n", (json_int_t)delivery->n, "position",
                     (json_int_t)delivery->position, "recorded_at",
                     json_instant(delivery->recorded_at_ms), "plan", (json_int_t)delivery->plan,
                     "persons", persons, "items", items);
}

static void
step_line(const Tool *tool, const Keten__V1__StepView *step, Arena *arena)
{
    char due[INSTANT_TEXT_BYTES];
    printf("  s%" PRIu64 "@%" PRIu32 " %s: %s", step->step, step->version, step->kind,
           word_of(tool->language, state_word(step, arena)));
    if (step->owner[0])
        printf(", %s %s", word_of(tool->language, "owner"), plain_line(arena, step->owner));
    if (step->due_ms) {
        instant_format_local(step->due_ms, due);
        printf(", %s %s", word_of(tool->language, "due"), due);
    }
    if (step->late)
        printf(", %s", tool_say(tool, "TE LAAT", "LATE"));
}

static void
fact_line(const Tool *tool, const Keten__V1__FactView *fact, Arena *arena)
{
    if (fact->fact)
        printf("  f%" PRIu64 " %s %s %s", fact->fact, fact->kind, word_of(tool->language, "from"),
               plain_line(arena, fact->from));
    else
        printf("  %s", fact->kind);
    if (fact->answers)
        printf(" %s f%" PRIu64, word_of(tool->language, "answers"), fact->answers);
    for (size_t i = 0; i < fact->n_fields; i++)
        printf("%s %s=%s", i ? "," : ":", plain_line(arena, fact->fields[i]->name),
               plain_line(arena, fact->fields[i]->value));
    if (fact->repeats)
        printf(" [%s f%" PRIu64 "]", word_of(tool->language, "repeats"), fact->repeats);
    if (fact->withdrawn)
        printf(" [%s]", word_of(tool->language, "withdrawn"));
}

static void
matter_line(const Tool *tool, const Keten__V1__MatterView *matter, Arena *arena)
{
    char due[INSTANT_TEXT_BYTES];
    printf("  m%" PRIu64 "@%" PRIu32 " %s", matter->matter, matter->version,
           word_of(tool->language, matter_word(matter, arena)));
    if (matter->topic[0])
        printf(" %s", plain_line(arena, matter->topic));
    if (matter->law)
        printf(" [%s]", word_of(tool->language, "law"));
    if (matter->step)
        printf(", s%" PRIu64, matter->step);
    if (matter->other_plan)
        printf(" p%" PRIu64, matter->other_plan);
    if (matter->arrangement[0])
        printf(" → %s", plain_line(arena, matter->arrangement));
    if (!matter->open) {
        printf(": %s", word_of(tool->language, matter->outcome));
        return;
    }
    instant_format_local(matter->due_ms, due);
    printf(", %s %s", word_of(tool->language, "must_move"), plain_line(arena, matter->turn));
    if (matter->level[0])
        printf(" (%s)", plain_line(arena, matter->level));
    printf(", %s %s", word_of(tool->language, "due"), due);
    if (matter->late)
        printf(", %s", tool_say(tool, "TE LAAT", "LATE"));
}

static void
pause_line(const Tool *tool, const Keten__V1__PauseView *pause, Arena *arena)
{
    char until[INSTANT_TEXT_BYTES];
    printf(" ");
    for (size_t i = 0; i < pause->n_actions; i++)
        printf("%s %s", i ? "," : "", plain_line(arena, pause->actions[i]));
    instant_format_local(pause->until_ms, until);
    printf(", %s %s, %s %s", word_of(tool->language, "until"), until, word_of(tool->language, "by"),
           plain_line(arena, pause->by));
}

static void
about_line(const Tool *tool, const Keten__V1__PartnerView *about, Arena *arena)
{
    char since[INSTANT_TEXT_BYTES];
    instant_format_local(about->since_ms, since);
    printf("  %s", plain_line(arena, about->partner));
    if (about->n)
        printf("/d%" PRIu64, about->n);
    if (about->since_ms)
        printf(", %s %s", word_of(tool->language, "since"), since);
    if (about->outcome[0])
        printf(": %s", word_of(tool->language, about->outcome));
}

static void
item_show(const Tool *tool, const Keten__V1__Item *item, Arena *arena)
{
    printf("    %s", word_of(tool->language, item_word(item, arena)));
    if (item->offer)
        printf(" @%" PRIu32, item->offer);
    if (item->other_plan)
        printf(" p%" PRIu64, item->other_plan);
    if (item->step != NULL)
        step_line(tool, item->step, arena);
    if (item->fact != NULL)
        fact_line(tool, item->fact, arena);
    if (item->matter != NULL)
        matter_line(tool, item->matter, arena);
    if (item->person[0])
        printf("  %s", plain_line(arena, item->person));
    if (item->until_ms) {
        char until[INSTANT_TEXT_BYTES];
        instant_format_local(item->until_ms, until);
        printf(", %s %s", tool_say(tool, "tot", "until"), until);
    }
    if (item->pause != NULL)
        pause_line(tool, item->pause, arena);
    if (item->about != NULL)
        about_line(tool, item->about, arena);
    if (item->reason[0])
        printf("  (%s)", plain_line(arena, item->reason));
    if (item->resend_of)
        printf("  [%s d%" PRIu64 "]", word_of(tool->language, "resend_of"), item->resend_of);
    if (item->text[0])
        printf("  %s", plain_line(arena, item->text));
    putchar('\n');
}

void
delivery_show(const Tool *tool, const Keten__V1__Delivery *delivery)
{
    Arena arena = {0};
    if (tool->json) {
        json_line(stdout, delivery_json(delivery, &arena));
        arena_done(&arena);
        return;
    }
    char when[INSTANT_TEXT_BYTES];
    instant_format_local(delivery->recorded_at_ms, when);
    printf("d%" PRIu64 "  %s", delivery->n, when);
    if (delivery->plan)
        printf("  p%" PRIu64, delivery->plan);
    for (size_t i = 0; i < delivery->n_persons; i++)
        printf("  %s", plain_line(&arena, delivery->persons[i]));
    putchar('\n');
    for (size_t i = 0; i < delivery->n_items; i++)
        item_show(tool, delivery->items[i], &arena);
    arena_done(&arena);
}
