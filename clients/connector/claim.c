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
#include "base/plain.h"
#include "base/sum.h"
#include "base/text.h"
#include "clients/connector/command.h"
#include "clients/connector/form.h"
#include "clients/connector/reason.h"
#include "proto/errors.h"
#include "proto/sizes.h"

#define LIST_SUFFIX ".commands"
#define NAME_MOST   180 // bytes of a name; longer names are cut, so that every suffix fits
#define LIST_BYTES  (256u << 20)
#define SUM_BYTES   22 // "\nsum ", 16 hexadecimal digits, "\n"

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

// The name under which a file goes on: text that no terminal obeys (base/plain.h), cut so that
// suffixes fit, never in the middle of a character.
static void
cut_name(const char *raw, char ret[FOLDER_NAME])
{
    char name[PLAIN_GROWTH * FOLDER_NAME];
    ASSERT(strlen(raw) < FOLDER_NAME);
    plain_line_into(raw, name);
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

static void
sum_line(const char *text, size_t length, char ret[SUM_BYTES + 1])
{
    snprintf(ret, SUM_BYTES + 1, "\nsum %016" PRIx64 "\n", sum_bytes(length, text, length));
}

// Text and sum in one file. Frees the text.
static bool
write_summed(const Folder *folder, const char *name, char *text)
{
    const size_t length = text ? strlen(text) : 0;
    char *larger = text ? realloc(text, length + SUM_BYTES + 1) : NULL;
    if (larger == NULL) {
        free(text);
        errno = ENOMEM;
        return false;
    }
    sum_line(larger, length, larger + length);
    const bool good = folder_write(folder, PLACE_WORK, name, larger, length + SUM_BYTES);
    free(larger);
    return good;
}

static bool
write_list(const Claim *claim, const keten *k, const Folder *folder)
{
    char name[FOLDER_NAME + 16], stream[TEXT_HEX_BYTES(STREAM_BYTES)];
    list_name(claim, name);
    text_hex(keten_stream(k), STREAM_BYTES, stream);
    json_t *list = json_pack("{s:s, s:s, s:I, s:O}", "name", claim->name, "stream", stream, "first",
                             (json_int_t)claim->first, "commands", claim->commands);
    char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    return write_summed(folder, name, text);
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
    if (!write_list(&claim, k, folder) ||
        !folder_move(folder, PLACE_NEW, name, PLACE_WORK, claim.work)) {
        char list[FOLDER_NAME + 16];
        const int saved = errno;
        list_name(&claim, list);
        folder_remove(folder, PLACE_WORK, list); // nothing of it has left
        claim_done(&claim);
        errno = saved;
        return KETEN_STORAGE;
    }
    *ret = claim;
    return KETEN_OK;
}

// The object of a list whose sum is right, or of one from an earlier release, which has none and is
// nothing but JSON. Else NULL.
static json_t *
open_list(const char *text, size_t length)
{
    char line[SUM_BYTES + 1];
    if (length > SUM_BYTES) {
        sum_line(text, length - SUM_BYTES, line);
        if (memcmp(text + length - SUM_BYTES, line, SUM_BYTES) == 0)
            length -= SUM_BYTES;
    }
    return json_loadb(text, length, 0, NULL);
}

// The numbers of a list belong to the stream that it names. An earlier release named none.
static bool
is_of_stream(const json_t *object, const keten *k)
{
    const char *named = json_string_value(json_object_get(object, "stream"));
    char stream[TEXT_HEX_BYTES(STREAM_BYTES)];
    text_hex(keten_stream(k), STREAM_BYTES, stream);
    return named == NULL || strcmp(named, stream) == 0;
}

void
claim_work_name(const char *list, char ret[FOLDER_NAME])
{
    ASSERT(claim_is_list(list) && strlen(list) < FOLDER_NAME);
    snprintf(ret, FOLDER_NAME, "%.*s", (int)(strlen(list) - strlen(LIST_SUFFIX)), list);
}

bool
claim_resume(Claim *ret, const keten *k, const Folder *folder, const char *list)
{
    ASSERT(claim_is_list(list));
    char *text = NULL;
    size_t length;
    if (folder_read(folder, PLACE_WORK, list, LIST_BYTES, &text, &length) != FOLDER_OK)
        return false;
    json_t *object = open_list(text, length);
    free(text);
    const char *name = json_string_value(json_object_get(object, "name"));
    json_t *commands = json_object_get(object, "commands");
    json_int_t first = json_integer_value(json_object_get(object, "first"));
    bool good = name && strlen(name) <= NAME_MOST && first > 0 && json_array_size(commands) &&
                strlen(list) < FOLDER_NAME && is_of_stream(object, k);
    if (good) {
        *ret = (Claim){.active = true, .first = (uint64_t)first};
        ret->count = json_array_size(commands);
        snprintf(ret->name, sizeof ret->name, "%s", name);
        claim_work_name(list, ret->work);
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
    char safe[FOLDER_NAME], new_name[FOLDER_NAME], line[1200];
    cut_name(name, safe);
    memcpy(new_name, safe, sizeof new_name);
    // A name that is taken in failed/ gets a number in front, whatever is free.
    for (unsigned i = 2; folder_has(folder, PLACE_FAILED, new_name) && i < 10000; i++)
        snprintf(new_name, sizeof new_name, "%u-%.*s", i, NAME_MOST, safe);
    ReasonText text = {0};
    reason_add(&text, speech_fill(speech, line, sizeof line, SAY_REASON_FILE, new_name));
    reason_add(&text, speech_text(speech, SAY_REASON_NOTHING));
    size_t i;
    json_t *complaint;
    json_array_foreach((json_t *)complaints, i, complaint)
        reason_add(&text, json_string_value(complaint));
    reason_add(&text, speech_text(speech, SAY_REASON_DO_ALL));
    if (!reason_write(&text, folder, new_name))
        return false;
    if (!folder_move(folder, from, name, PLACE_FAILED, new_name)) {
        const int saved = errno;
        reason_remove(folder, new_name);
        errno = saved;
        return false;
    }
    speech_tell(speech, SAY_FAILED, name, new_name);
    return true;
}
