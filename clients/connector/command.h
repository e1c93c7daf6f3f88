// SPDX-License-Identifier: EUPL-1.2
// The generic form of a command, one JSON object, and the command of the wire that it stands for.
// Knows: the table of verbs. Must never know: which facts or steps there are, how commands are
// sent.
//
//   {"signal": "rent-arrears", "persons": ["…"], "fields": {"months": 3, "amount": "450.00"}}
//   {"accept": "s17@4"}   {"refuse": 17, "version": 4, "reason": "capacity"}
//   {"complete": 17, "facts": {"assessment": {"outcome": "debts"}}}
#ifndef KETEN_CONNECTOR_COMMAND_H
#define KETEN_CONNECTOR_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "clients/connector/speech.h"
#include "clients/lib/keten.h"

// True when the object has a verb of the generic form.
bool
command_is_generic(const json_t *object);

// Why a command is not one. The texts lie in the arena.
typedef struct Complaint {
    Say what;            // the sentence
    const char *about;   // the key or value that is wrong
    const char *nearest; // the known key that is like it; with SAY_DID_YOU_MEAN only
} Complaint;

// NULL with *ret_complaint filled in. The message lives in the arena and points into `object`.
Keten__V1__Command *
command_read(Arena *arena, const json_t *object, Complaint *ret_complaint);

// A complaint as one sentence.
char *
complaint_fill(const Complaint *complaint, const Speech *speech, char *ret, size_t size);

#endif
