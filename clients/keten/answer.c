// SPDX-License-Identifier: EUPL-1.2
// Receipts and refusals, shown. Knows: their fields. Must never know: sessions.
#include "clients/keten/answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "clients/keten/rows.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/words.h"
#include "proto/names.h"
#include "proto/sizes.h"

static json_t *
json_number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static void
put_id(json_t *object, const Keten__V1__CommandId *id)
{
    if (id == NULL || id->stream.len != STREAM_BYTES)
        return;
    char stream[UUID_TEXT_BYTES];
    uuid_format(id->stream.data, stream);
    json_object_set_new(object, "stream", json_string(stream));
    json_object_set_new(object, "number", json_number(id->number));
}

static json_t *
step_ref_json(const Keten__V1__StepRef *step, Arena *arena)
{
    return json_pack(
        "{s:o, s:o, s:s, s:s}", "step", json_number(step->step), "version",
        json_number(step->version), "kind", step->kind, "state",
        enum_word(&keten__v1__step_state__descriptor, (int)step->state, "STEP_", arena));
}

static json_t *
matters_json(const Keten__V1__Receipt *receipt, Arena *arena)
{
    json_t *list = json_array();
    for (size_t i = 0; i < receipt->n_matters; i++) {
        const Keten__V1__MatterRef *matter = receipt->matters[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:b}", "matter",
                                              json_number(matter->matter), "version",
                                              json_number(matter->version), "kind",
                                              enum_word(&keten__v1__matter_kind__descriptor,
                                                        (int)matter->kind, "MATTER_", arena),
                                              "open", matter->open));
    }
    return list;
}

static json_t *
receipt_json(const Keten__V1__Receipt *receipt, Arena *arena)
{
    char *leaf = arena_take(arena, 2 * receipt->leaf.len + 1);
    text_hex(receipt->leaf.data, receipt->leaf.len, leaf);
    json_t *object = json_object(), *steps = json_array(), *persons = json_array();
    for (size_t i = 0; i < receipt->n_steps; i++)
        json_array_append_new(steps, step_ref_json(receipt->steps[i], arena));
    for (size_t i = 0; i < receipt->n_persons; i++)
        json_array_append_new(persons, json_string(receipt->persons[i]));
    put_id(object, receipt->id);
    json_object_set_new(object, "position", json_number(receipt->position));
    json_object_set_new(object, "leaf", json_string(leaf));
    json_object_set_new(object, "plan", json_number(receipt->plan));
    json_object_set_new(object, "opened", json_boolean(receipt->opened));
    if (receipt->other_plan)
        json_object_set_new(object, "other_plan", json_number(receipt->other_plan));
    json_object_set_new(object, "fact", json_number(receipt->fact));
    json_object_set_new(object, "steps", steps);
    json_object_set_new(object, "persons", persons);
    if (receipt->n_matters)
        json_object_set_new(object, "matters", matters_json(receipt, arena));
    json_object_set_new(object, "recorded_at", json_instant(receipt->recorded_at_ms));
    if (receipt->outcome[0])
        json_object_set_new(object, "outcome", json_string(receipt->outcome));
    return object;
}

static json_t *
refusal_json(const Keten__V1__Refusal *refusal)
{
    json_t *object = json_object();
    put_id(object, refusal->id);
    json_object_set_new(object, "code", json_number(refusal->code));
    json_object_set_new(object, "text", json_string(refusal->text));
    json_object_set_new(object, "field", json_string(refusal->field));
    json_object_set_new(object, "retryable", json_boolean(refusal->retryable));
    json_object_set_new(object, "position", json_number(refusal->position));
    return object;
}

void
receipt_show(const Tool *tool, const Keten__V1__Receipt *receipt)
{
    Arena arena = {0};
    if (tool->json) {
        json_line(stdout, receipt_json(receipt, &arena));
        arena_done(&arena);
        return;
    }
    printf("r%" PRIu64, receipt->position);
    if (receipt->plan)
        printf("  plan p%" PRIu64 "%s", receipt->plan,
               receipt->opened ? tool_say(tool, " geopend", " opened") : "");
    if (receipt->other_plan)
        printf("  plan p%" PRIu64 "%s", receipt->other_plan, tool_say(tool, " geopend", " opened"));
    if (receipt->outcome[0])
        printf("  %s: %s", word_of(tool->language, "outcome"),
               word_of(tool->language, receipt->outcome));
    if (receipt->fact)
        printf("  %s f%" PRIu64, word_of(tool->language, "fact"), receipt->fact);
    for (size_t i = 0; i < receipt->n_steps; i++) {
        const Keten__V1__StepRef *step = receipt->steps[i];
        const char *state =
            enum_word(&keten__v1__step_state__descriptor, (int)step->state, "STEP_", &arena);
        printf("  %s s%" PRIu64 "@%" PRIu32 " %s %s", word_of(tool->language, "step"), step->step,
               step->version, step->kind, word_of(tool->language, state));
    }
    for (size_t i = 0; i < receipt->n_matters; i++) {
        const Keten__V1__MatterRef *matter = receipt->matters[i];
        const char *kind =
            enum_word(&keten__v1__matter_kind__descriptor, (int)matter->kind, "MATTER_", &arena);
        printf("  %s m%" PRIu64 "@%" PRIu32 " %s", word_of(tool->language, kind), matter->matter,
               matter->version, word_of(tool->language, matter->open ? "open" : "settled"));
    }
    putchar('\n');
    arena_done(&arena);
}

int
refusal_show(const Tool *tool, const Keten__V1__Refusal *refusal)
{
    const KtError *error = error_find(refusal->code);
    if (tool->json)
        json_line(stdout, refusal_json(refusal));
    fflush(stdout);
    if (refusal->code == KT_ARRANGEMENT_FILE ||
        refusal->code == KT_PARTNER_FILE) // its text is lines of the full form already
        fprintf(stderr, "%s\n", refusal->text);
    else
        fprintf(stderr, "error KT-%04u %s\n", refusal->code, refusal->text);
    return error != NULL && error->exit ? error->exit : 1;
}
