// SPDX-License-Identifier: EUPL-1.2
// One input on its way to becoming commands: a list of commands in the generic JSON form, or
// complaints about its records. Knows: records by number. Must never know: where the input came
// from, how commands are sent.
#ifndef KETEN_CONNECTOR_INTAKE_H
#define KETEN_CONNECTOR_INTAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "clients/connector/desk.h"
#include "clients/connector/speech.h"

#define INTAKE_RECORDS 10000

typedef struct Intake {
    const Speech *speech;
    const Desk *desk;           // steps and dossiers known from deliveries
    const char *arrangement;    // for signals that name none; NULL: none
    const char *worker;         // for records that name none
    const char *dossier_prefix; // --dossier-prefix; NULL: none. Set by hub_start_intake
    json_t *commands;           // array of {"record": n, "command": {…}}
    json_t *complaints;         // array of lines, without personal data
} Intake;

void
intake_start(Intake *ret, const Speech *speech, const Desk *desk, const char *arrangement,
             const char *worker);
void
intake_done(Intake *intake);

// Adds a command that came from record `record` (from 1) after checking it; a complaint when it is
// not sound. Takes the reference. False when it complained.
bool
intake_add(Intake *intake, size_t record, json_t *command);

// A complaint about a record; 0 is the whole input. Always returns false, so that `return
// intake_complain(…)` reads well.
bool
intake_complain(Intake *intake, size_t record, Say what, ...);

bool
intake_is_sound(const Intake *intake);

#endif
