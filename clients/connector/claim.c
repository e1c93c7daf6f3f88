// SPDX-License-Identifier: EUPL-1.2
// The way of a file from new/ over work/ to cur/ or failed/. Knows: work/, numbers, answers. Must
// never know: how a file was read.
//
// claim_take() reserves the numbers of a file's commands, writes the list of commands and moves the
// file to work/. claim_submit() sends as far as the window allows, claim_answer() takes the
// answers, claim_finish() writes the result and moves the file on. The order on disk is list before
// file, result before file, and the list is removed last: a restart at any point neither loses nor
// repeats a command, and claim_resume() goes on with the same numbers.
#include "clients/connector/claim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "clients/connector/command.h"
#include "clients/connector/form.h"
#include "clients/connector/reason.h"
#include "proto/errors.h"

#define LIST_SUFFIX ".commands"
#define NAME_MOST   180 // bytes of a name; longer names are cut, so that every suffix fits
#define LIST_BYTES  (256u << 20)

void
claim_done(Claim *claim)
{
    json_decref(claim->commands);
    json_decref(claim->answers);
    *claim = (Claim){0};
}

bool
claim_is_list(const char *name)
{
    size_t length = strlen(name), suffix = strlen(LIST_SUFFIX);
    return length > suffix && strcmp(name + length - suffix, LIST_SUFFIX) == 0;
}

static void
list_name(const Claim *claim, char ret[FOLDER_NAME + 16])
{
    snprintf(ret, FOLDER_NAME + 16, "%s%s", claim->work, LIST_SUFFIX);
}

// Cuts a name so that suffixes fit, never in the middle of a character.
static void
cut_name(const char *name, char ret[FOLDER_NAME])
{
    size_t length = strlen(name);
    if (length > NAME_MOST)
        for (length = NAME_MOST; length && ((unsigned char)name[length] & 0xc0) == 0x80;)
            length--;
    memcpy(ret, name, length);
    ret[length] = '\0';
}

static bool
write_json(const Folder *folder, Place place, const char *name, const json_t *value, size_t flags)
{
    char *text = json_dumps(value, flags);
    if (text == NULL) {
        errno = ENOMEM;
        return false;
    }
    size_t length = strlen(text);
    text[length] = '\n'; // in place of the NUL, which is not written
    bool good = folder_write(folder, place, name, text, length + 1);
    free(text);
    return good;
}

static void
fill_answers(Claim *claim)
{
    claim->answers = json_array();
    for (size_t i = 0; i < claim->count; i++)
        json_array_append_new(claim->answers, json_null());
}

static bool
write_list(const Claim *claim, const Folder *folder)
{
    char name[FOLDER_NAME + 16];
    list_name(claim, name);
    json_t *list = json_pack("{s:s, s:I, s:O}", "name", claim->name, "first",
                             (json_int_t)claim->first, "commands", claim->commands);
    bool good = list && write_json(folder, PLACE_WORK, name, list, JSON_COMPACT);
    json_decref(list);
    return good;
}

keten_result
claim_take(Claim *ret, keten *k, const Folder *folder, const char *name, json_t *commands)
{
    ASSERT(json_is_array(commands));
    Claim claim = {.active = true, .count = json_array_size(commands)};
    cut_name(name, claim.name);
    keten_result result = keten_reserve(k, claim.count, &claim.first);
    if (result != KETEN_OK)
        return result;
    snprintf(claim.work, sizeof claim.work, "%020" PRIu64 "-%.*s", claim.first, NAME_MOST,
             claim.name);
    claim.commands = json_incref(commands);
    fill_answers(&claim);
    if (!write_list(&claim, folder) ||
        !folder_move(folder, PLACE_NEW, name, PLACE_WORK, claim.work)) {
        claim_done(&claim);
        return KETEN_STORAGE;
    }
    *ret = claim;
    return KETEN_OK;
}

bool
claim_resume(Claim *ret, const Folder *folder, const char *list)
{
    ASSERT(claim_is_list(list));
    char *text = NULL;
    size_t length;
    if (folder_read(folder, PLACE_WORK, list, LIST_BYTES, &text, &length) != FOLDER_OK)
        return false;
    json_t *object = json_loadb(text, length, 0, NULL);
    free(text);
    const char *name = json_string_value(json_object_get(object, "name"));
    json_t *commands = json_object_get(object, "commands");
    json_int_t first = json_integer_value(json_object_get(object, "first"));
    bool good = name && strlen(name) <= NAME_MOST && first > 0 && json_array_size(commands) &&
                strlen(list) < FOLDER_NAME;
    if (good) {
        *ret = (Claim){.active = true, .first = (uint64_t)first};
        ret->count = json_array_size(commands);
        snprintf(ret->name, sizeof ret->name, "%s", name);
        snprintf(ret->work, sizeof ret->work, "%.*s", (int)(strlen(list) - strlen(LIST_SUFFIX)),
                 list);
        ret->commands = json_incref(commands);
        fill_answers(ret);
    }
    json_decref(object);
    return good;
}

static void
set_answer(Claim *claim, size_t index, const char *kind, json_t *answer)
{
    json_t *record = json_object_get(json_array_get(claim->commands, index), "record");
    json_t *entry = json_pack("{s:O, s:o}", "record", record, kind, answer);
    json_array_set_new(claim->answers, index, entry);
    claim->answered++;
    claim->refused += strcmp(kind, "refusal") == 0;
}

// Records a refusal for a command that fits no frame, or that no daemon would read. Its number is
// used up.
static void
cannot_send(Claim *claim, size_t index, const keten *k, keten_result result, const Speech *speech)
{
    char text[400], code[16] = "";
    if (result == KETEN_TOO_LONG) {
        snprintf(code, sizeof code, "KT-%04d", KT_TOO_LONG);
        speech_fill(speech, text, sizeof text, SAY_TOO_LONG, keten_frame_bytes(k),
                    keten_frame_most(k));
    } else {
        speech_fill(speech, text, sizeof text, SAY_CANNOT_SEND);
    }
    set_answer(claim, index, "refusal", json_pack("{s:s, s:s}", "code", code, "text", text));
}

static keten_result
submit_one(Claim *claim, keten *k, size_t index, const Speech *speech)
{
    Arena arena;
    Complaint complaint;
    arena_init(&arena, 0);
    json_t *object = json_object_get(json_array_get(claim->commands, index), "command");
    Keten__V1__Command *command = command_read(&arena, object, &complaint);
    keten_result result =
        command ? keten_command_as(k, command, claim->first + index) : KETEN_USAGE;
    arena_done(&arena);
    if (result == KETEN_USAGE || result == KETEN_TOO_LONG) {
        cannot_send(claim, index, k, result, speech);
        return KETEN_OK;
    }
    return result;
}

keten_result
claim_submit(Claim *claim, keten *k, const Speech *speech)
{
    ASSERT(claim->active);
    while (claim->submitted < claim->count) {
        keten_result result = submit_one(claim, k, claim->submitted, speech);
        if (result != KETEN_OK)
            return result;
        claim->submitted++;
    }
    return KETEN_OK;
}

bool
claim_answer(Claim *claim, const keten_event *event)
{
    if (!claim->active || event->number < claim->first ||
        event->number - claim->first >= claim->count)
        return false;
    size_t index = (size_t)(event->number - claim->first);
    bool waits = json_is_null(json_array_get(claim->answers, index));
    if (waits && event->kind == KETEN_EVENT_RECEIPT)
        set_answer(claim, index, "receipt", form_receipt(event->receipt));
    else if (waits && event->kind == KETEN_EVENT_REFUSAL && !event->refusal->retryable)
        set_answer(claim, index, "refusal", form_refusal(event->refusal));
    return true;
}

bool
claim_is_answered(const Claim *claim)
{
    return claim->active && claim->answered == claim->count;
}

static void
add_refusals(const Claim *claim, const Speech *speech, ReasonText *text)
{
    char sentence[2400], line[2500];
    size_t i;
    json_t *answer;
    json_array_foreach(claim->answers, i, answer)
    {
        json_t *refusal = json_object_get(answer, "refusal");
        if (refusal == NULL)
            continue;
        snprintf(sentence, sizeof sentence, "%s%s%s",
                 json_string_value(json_object_get(refusal, "code")),
                 *json_string_value(json_object_get(refusal, "code")) ? " " : "",
                 json_string_value(json_object_get(refusal, "text")));
        size_t record = (size_t)json_integer_value(json_object_get(answer, "record"));
        reason_add(text, speech_fill(speech, line, sizeof line, SAY_RECORD, record, sentence));
    }
}

// The name in `to`: the file's own, or with its number in front when that is taken.
static const char *
free_name(const Claim *claim, const Folder *folder, Place to)
{
    return folder_has(folder, to, claim->name) ? claim->work : claim->name;
}

static bool
write_result(const Claim *claim, const Folder *folder, Place to, const char *name,
             const Speech *speech)
{
    char receipts[FOLDER_NAME + 32], line[1200];
    snprintf(receipts, sizeof receipts, "%s.receipt.json", name);
    if (!write_json(folder, to, receipts, claim->answers, JSON_INDENT(2)))
        return false;
    if (to == PLACE_CUR)
        return true;
    ReasonText text = {0};
    reason_add(&text, speech_fill(speech, line, sizeof line, SAY_REASON_FILE, name));
    reason_add(&text, speech_fill(speech, line, sizeof line, SAY_REASON_PARTLY, claim->refused,
                                  claim->count, receipts));
    add_refusals(claim, speech, &text);
    reason_add(&text, speech_text(speech, SAY_REASON_DO));
    return reason_write(&text, folder, name);
}

bool
claim_finish(Claim *claim, const Folder *folder, const Speech *speech)
{
    ASSERT(claim_is_answered(claim));
    char list[FOLDER_NAME + 16];
    Place to = claim->refused ? PLACE_FAILED : PLACE_CUR;
    const char *name = free_name(claim, folder, to);
    if (!write_result(claim, folder, to, name, speech) ||
        !folder_move(folder, PLACE_WORK, claim->work, to, name))
        return false;
    list_name(claim, list);
    folder_remove(folder, PLACE_WORK, list);
    if (to == PLACE_FAILED)
        speech_tell(speech, SAY_FAILED, claim->name, name);
    else
        speech_tell(speech, SAY_ACCEPTED, claim->name, claim->count);
    return true;
}

bool
claim_reject(const Folder *folder, Place from, const char *name, const json_t *complaints,
             const Speech *speech)
{
    ASSERT(json_is_array(complaints));
    char new_name[FOLDER_NAME], line[1200];
    cut_name(name, new_name);
    // A name that is taken in failed/ gets a number in front, whatever is free.
    for (unsigned i = 2; folder_has(folder, PLACE_FAILED, new_name) && i < 10000; i++)
        snprintf(new_name, sizeof new_name, "%u-%.*s", i, NAME_MOST, name);
    ReasonText text = {0};
    reason_add(&text, speech_fill(speech, line, sizeof line, SAY_REASON_FILE, new_name));
    reason_add(&text, speech_text(speech, SAY_REASON_NOTHING));
    size_t i;
    json_t *complaint;
    json_array_foreach((json_t *)complaints, i, complaint)
        reason_add(&text, json_string_value(complaint));
    reason_add(&text, speech_text(speech, SAY_REASON_DO_ALL));
    if (!reason_write(&text, folder, new_name) ||
        !folder_move(folder, from, name, PLACE_FAILED, new_name))
        return false;
    speech_tell(speech, SAY_FAILED, name, new_name);
    return true;
}
