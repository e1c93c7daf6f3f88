// SPDX-License-Identifier: EUPL-1.2
// The desk's memory. Knows: two small tables and state/desk.jsonl. Must never know: persons; only
// ids, kinds, states and the partner's own dossier numbers are kept.
//
// desk_load() reads the file and writes it again without steps that have ended.
// desk_learn_delivery() and desk_learn_receipt() put news into the tables and append it to the
// file. An unfinished last line is left out: its delivery was not acknowledged and comes again.
#include "clients/connector/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sum.h"

#define FILE_NAME  "desk.jsonl"
#define FILE_BYTES (64u << 20)
#define DOSSIER    "dossier"
#define SUM_BYTES  17 // a tab and 16 hexadecimal digits

void
desk_done(Desk *desk)
{
    free(desk->steps);
    free(desk->dossiers);
    *desk = (Desk){0};
}

static void *
room_for_one(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    size_t more = *room ? 2 * *room : 64;
    void *larger = realloc(items, more * size);
    if (larger != NULL)
        *room = more;
    return larger;
}

static bool
learn_step(Desk *desk, const DeskStep *step)
{
    for (size_t i = 0; i < desk->step_count; i++)
        if (desk->steps[i].step == step->step) {
            const uint64_t at = desk->steps[i].at;
            // A repeated receipt has an older version.
            if (step->version >= desk->steps[i].version)
                desk->steps[i] = *step;
            desk->steps[i].at = at != 0 ? at : step->at;
            return true;
        }
    void *items = room_for_one(desk->steps, desk->step_count, &desk->step_room, sizeof *step);
    if (items == NULL)
        return false;
    desk->steps = items;
    desk->steps[desk->step_count++] = *step;
    return true;
}

static bool
learn_dossier(Desk *desk, uint64_t plan, const char *name, uint64_t at)
{
    if (!plan || strlen(name) >= DESK_NAME)
        return true;
    for (size_t i = 0; i < desk->dossier_count; i++)
        if (strcmp(desk->dossiers[i].name, name) == 0) {
            desk->dossiers[i].plan = plan;
            desk->dossiers[i].at = at;
            return true;
        }
    void *items = room_for_one(desk->dossiers, desk->dossier_count, &desk->dossier_room,
                               sizeof *desk->dossiers);
    if (items == NULL)
        return false;
    desk->dossiers = items;
    DeskDossier *dossier = &desk->dossiers[desk->dossier_count++];
    *dossier = (DeskDossier){.plan = plan, .at = at};
    memcpy(dossier->name, name, strlen(name) + 1);
    return true;
}

static json_t *
step_json(const DeskStep *step)
{
    return json_pack("{s:I, s:I, s:I, s:i, s:s, s:I}", "plan", (json_int_t)step->plan, "step",
                     (json_int_t)step->step, "version", (json_int_t)step->version, "state",
                     (int)step->state, "kind", step->kind, "at", (json_int_t)step->at);
}

static json_t *
dossier_json(uint64_t plan, const char *name, uint64_t at)
{
    return json_pack("{s:I, s:s, s:I}", "plan", (json_int_t)plan, DOSSIER, name, "at",
                     (json_int_t)at);
}

static bool
read_line(Desk *desk, const json_t *line)
{
    const char *dossier = json_string_value(json_object_get(line, DOSSIER));
    uint64_t plan = (uint64_t)json_integer_value(json_object_get(line, "plan"));
    uint64_t at = (uint64_t)json_integer_value(json_object_get(line, "at"));
    uint64_t history = (uint64_t)json_integer_value(json_object_get(line, "history"));
    if (history != 0 || desk->history == 0) // an earlier release knew one history only
        desk->history = history != 0 ? history : 1;
    if (dossier != NULL)
        return learn_dossier(desk, plan, dossier, at);
    DeskStep step = {.plan = plan,
                     .at = at,
                     .step = (uint64_t)json_integer_value(json_object_get(line, "step")),
                     .version = (uint32_t)json_integer_value(json_object_get(line, "version")),
                     .state =
                         (Keten__V1__StepState)json_integer_value(json_object_get(line, "state"))};
    const char *kind = json_string_value(json_object_get(line, "kind"));
    if (!step.step || kind == NULL || strlen(kind) >= DESK_NAME)
        return true;
    memcpy(step.kind, kind, strlen(kind) + 1);
    return learn_step(desk, &step);
}

static bool
has_ended(const DeskStep *step)
{
    return step->state == KETEN__V1__STEP_STATE__STEP_COMPLETED ||
           step->state == KETEN__V1__STEP_STATE__STEP_WITHDRAWN;
}

// A line is JSON, a tab (which JSON writes in another way), and the sum of the JSON.
static bool
append_json(char **text, size_t *length, json_t *line)
{
    char *dumped = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    size_t more = dumped ? strlen(dumped) : 0;
    char *larger = dumped ? realloc(*text, *length + more + SUM_BYTES + 2) : NULL;
    if (larger != NULL) {
        snprintf(larger + *length, more + SUM_BYTES + 2, "%s\t%016" PRIx64 "\n", dumped,
                 sum_bytes(more, dumped, more));
        *length += more + SUM_BYTES + 1;
        *text = larger;
    }
    free(dumped);
    return larger != NULL;
}

static bool
save(const Desk *desk, const Folder *folder)
{
    char *text = NULL;
    size_t length = 0;
    bool good =
        desk->history == 0 ||
        append_json(&text, &length, json_pack("{s:I}", "history", (json_int_t)desk->history));
    for (size_t i = 0; good && i < desk->step_count; i++)
        if (!has_ended(&desk->steps[i]))
            good = append_json(&text, &length, step_json(&desk->steps[i]));
    for (size_t i = 0; good && i < desk->dossier_count; i++)
        good = append_json(
            &text, &length,
            dossier_json(desk->dossiers[i].plan, desk->dossiers[i].name, desk->dossiers[i].at));
    good = good && folder_write(folder, PLACE_STATE, FILE_NAME, text ? text : "", length);
    free(text);
    return good;
}

// The JSON of a line; NULL when it is damaged. Lines of an earlier release have no sum.
static json_t *
open_line(char *line)
{
    char *tab = strchr(line, '\t'), sum[SUM_BYTES + 1];
    if (tab != NULL) {
        const size_t length = (size_t)(tab - line);
        snprintf(sum, sizeof sum, "\t%016" PRIx64, sum_bytes(length, line, length));
        if (strcmp(tab, sum) != 0)
            return NULL;
        *tab = '\0';
    }
    return json_loads(line, 0, NULL);
}

// Keeps the damaged file under a second name before save() replaces it. The name of an earlier
// damage goes: what was told of it stands in the log.
static bool
keep_damaged(const Folder *folder)
{
    const int state = folder->places[PLACE_STATE];
    if (unlinkat(state, FILE_NAME ".damaged", 0) < 0 && errno != ENOENT)
        return false;
    return linkat(state, FILE_NAME, state, FILE_NAME ".damaged", 0) == 0;
}

bool
desk_load(Desk *ret, const Folder *folder)
{
    char *text = NULL;
    size_t length = 0;
    *ret = (Desk){0};
    FolderRead result = folder_read(folder, PLACE_STATE, FILE_NAME, FILE_BYTES, &text, &length);
    if (result == FOLDER_ABSENT)
        return save(ret, folder);
    if (result != FOLDER_OK)
        return false;
    bool good = true;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); good && line; line = strsep(&rest, "\n")) {
        json_t *object = *line ? open_line(line) : NULL;
        // The last line may be unfinished. Its delivery was not acknowledged and comes again.
        if (object != NULL)
            good = read_line(ret, object);
        else if (rest != NULL)
            ret->damaged++;
        json_decref(object);
    }
    free(text);
    return good && (!ret->damaged || keep_damaged(folder)) && save(ret, folder);
}

static bool
append(const Folder *folder, const char *text, size_t length)
{
    if (!length)
        return true;
    int fd = openat(folder->places[PLACE_STATE], FILE_NAME,
                    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write(fd, text, length) == (ssize_t)length && fdatasync(fd) == 0;
    return close(fd) == 0 && good;
}

// Up to which position the daemon's journal is the one of that history; 0: it comes from another.
static uint64_t
kept_upto(const Keten__V1__Welcome *welcome, uint64_t history)
{
    for (size_t i = 0; i + 1 < welcome->n_histories; i += 2)
        if (welcome->histories[i] == history)
            return i + 3 < welcome->n_histories ? welcome->histories[i + 3] - 1 : UINT64_MAX;
    return 0;
}

static bool
is_kept(uint64_t at, uint64_t upto)
{
    return at != 0 && at <= upto;
}

bool
desk_enter(Desk *desk, const Folder *folder, const Keten__V1__Welcome *welcome,
           size_t *ret_forgotten)
{
    const size_t before = desk->step_count + desk->dossier_count;
    const uint64_t upto = kept_upto(welcome, desk->history);
    size_t steps = 0, dossiers = 0;
    *ret_forgotten = 0;
    if (desk->history == welcome->history)
        return true;
    for (size_t i = 0; i < desk->step_count; i++)
        if (is_kept(desk->steps[i].at, upto)) {
            desk->steps[steps] = desk->steps[i];
            desk->steps[steps++].version = 0; // a later version may have been lost
        }
    for (size_t i = 0; i < desk->dossier_count; i++)
        if (is_kept(desk->dossiers[i].at, upto))
            desk->dossiers[dossiers++] = desk->dossiers[i];
    desk->step_count = steps;
    desk->dossier_count = dossiers;
    desk->history = welcome->history;
    *ret_forgotten = before - steps - dossiers;
    return save(desk, folder);
}

typedef struct Lesson {
    uint64_t at; // position of the record that tells it
    char *text;
    size_t length;
} Lesson;

static bool
teach_step(Desk *desk, Lesson *lesson, uint64_t plan, uint64_t number, uint32_t version,
           const char *kind, Keten__V1__StepState state)
{
    DeskStep step = {
        .plan = plan, .step = number, .version = version, .state = state, .at = lesson->at};
    if (!number || strlen(kind) >= DESK_NAME)
        return true;
    memcpy(step.kind, kind, strlen(kind) + 1);
    return learn_step(desk, &step) && append_json(&lesson->text, &lesson->length, step_json(&step));
}

static bool
teach_fact(Desk *desk, Lesson *lesson, uint64_t plan, const Keten__V1__FactView *fact)
{
    for (size_t i = 0; i < fact->n_fields; i++) {
        const Keten__V1__Field *field = fact->fields[i];
        if (strcmp(field->name, DOSSIER) != 0 || !*field->value)
            continue;
        if (!learn_dossier(desk, plan, field->value, lesson->at) ||
            !append_json(&lesson->text, &lesson->length,
                         dossier_json(plan, field->value, lesson->at)))
            return false;
    }
    return true;
}

bool
desk_learn_delivery(Desk *desk, const Folder *folder, const Keten__V1__Delivery *delivery)
{
    Lesson lesson = {.at = delivery->position};
    bool good = true;
    for (size_t i = 0; good && i < delivery->n_items; i++) {
        const Keten__V1__Item *item = delivery->items[i];
        const Keten__V1__StepView *step = item->step;
        if (step != NULL)
            good = teach_step(desk, &lesson, delivery->plan, step->step, step->version, step->kind,
                              step->state);
        if (good && item->fact != NULL)
            good = teach_fact(desk, &lesson, delivery->plan, item->fact);
    }
    good = good && append(folder, lesson.text, lesson.length);
    free(lesson.text);
    return good;
}

bool
desk_learn_receipt(Desk *desk, const Folder *folder, const Keten__V1__Receipt *receipt)
{
    Lesson lesson = {.at = receipt->position};
    bool good = true;
    for (size_t i = 0; good && i < receipt->n_steps; i++) {
        const Keten__V1__StepRef *step = receipt->steps[i];
        good = teach_step(desk, &lesson, receipt->plan, step->step, step->version, step->kind,
                          step->state);
    }
    good = good && append(folder, lesson.text, lesson.length);
    free(lesson.text);
    return good;
}

uint64_t
desk_plan_of(const Desk *desk, const char *dossier)
{
    for (size_t i = 0; i < desk->dossier_count; i++)
        if (strcmp(desk->dossiers[i].name, dossier) == 0)
            return desk->dossiers[i].plan;
    return 0;
}

const DeskStep *
desk_open_step(const Desk *desk, uint64_t plan, const char *kind)
{
    const DeskStep *found = NULL;
    for (size_t i = 0; i < desk->step_count; i++) {
        const DeskStep *step = &desk->steps[i];
        bool open = step->state == KETEN__V1__STEP_STATE__STEP_OFFERED ||
                    step->state == KETEN__V1__STEP_STATE__STEP_ACTIVE;
        if (step->plan == plan && open && strcmp(step->kind, kind) == 0 &&
            (found == NULL || step->step > found->step))
            found = step;
    }
    return found;
}

const DeskStep *
desk_step(const Desk *desk, uint64_t step)
{
    for (size_t i = 0; i < desk->step_count; i++)
        if (desk->steps[i].step == step)
            return &desk->steps[i];
    return NULL;
}
