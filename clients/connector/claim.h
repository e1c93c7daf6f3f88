// SPDX-License-Identifier: EUPL-1.2
// A file on its way: its commands under numbers that are reserved and written down before the first
// one leaves, so that a restart sends the very same ones again. Knows: work/, numbers, answers.
// Must never know: how a file was read.
#ifndef KETEN_CONNECTOR_CLAIM_H
#define KETEN_CONNECTOR_CLAIM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/connector/folder.h"
#include "clients/connector/speech.h"
#include "clients/lib/keten.h"

typedef struct Claim {
    bool active;            // false: no file is on its way
    char name[FOLDER_NAME]; // the file's name in new/, cut where too long
    char work[FOLDER_NAME]; // the file's name in work/
    uint64_t first;         // the number of the file's first command
    size_t count;           // commands of the file
    size_t submitted;       // commands that the library has taken, from the first on
    size_t answered;        // commands with a final answer
    size_t refused;         // refusals among those
    json_t *commands;       // array of {"record": n, "command": {…}}
    json_t *answers;        // array of the same length: null, {"receipt": …} or {"refusal": …}
} Claim;

void
claim_done(Claim *claim);

// Takes a file of new/ with its commands (borrowed). KETEN_STORAGE with errno when the disk fails.
keten_result
claim_take(Claim *ret, keten *k, const Folder *folder, const char *name, json_t *commands);

// Takes up what an earlier run left in work/, by the name of its list of commands. False when that
// is damaged, or when another stream numbered it: then its commands must not leave under numbers of
// this one.
bool
claim_resume(Claim *ret, const keten *k, const Folder *folder, const char *list_name);
// The name of a list's file in work/.
void
claim_work_name(const char *list_name, char ret[FOLDER_NAME]);
// True for names of lists of commands in work/.
bool
claim_is_list(const char *name);

// Sends on as far as there is room. KETEN_FULL: more later.
keten_result
claim_submit(Claim *claim, keten *k, const Speech *speech);

// Takes the answer when it is this file's. A retryable refusal is none.
bool
claim_answer(Claim *claim, const keten_event *event);

bool
claim_is_answered(const Claim *claim);

// Moves the file to cur/ or failed/ with what became of it beside it. False with errno.
bool
claim_finish(Claim *claim, const Folder *folder, const Speech *speech);

// Puts a file of `from` into failed/ with complaints beside it.
bool
claim_reject(const Folder *folder, Place from, const char *name, const json_t *complaints,
             const Speech *speech);

#endif
