// SPDX-License-Identifier: EUPL-1.2
// Collects commands and complaints. Knows: which options complete a command. Must never know: where
// the input came from.
//
// intake_add() reads every command once before any of the input is reserved or sent, so that a file
// is taken whole or not at all.
#include "clients/connector/intake.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/plain.h"
#include "clients/connector/command.h"
#include "clients/connector/dossier.h"

void
intake_start(Intake *ret, const Speech *speech, const Desk *desk, const char *arrangement,
             const char *worker)
{
    *ret = (Intake){.speech = speech,
                    .desk = desk,
                    .arrangement = arrangement,
                    .worker = worker,
                    .commands = json_array(),
                    .complaints = json_array()};
}

void
intake_done(Intake *intake)
{
    json_decref(intake->commands);
    json_decref(intake->complaints);
    *intake = (Intake){0};
}

static bool
complain_line(Intake *intake, size_t record, const char *sentence)
{
    char line[1200];
    if (record)
        speech_fill(intake->speech, line, sizeof line, SAY_RECORD, record, sentence);
    else
        speech_fill(intake->speech, line, sizeof line, SAY_WHOLE_FILE, sentence);
    speech_hide_bsn(line);
    json_t *text = json_string(line);
    if (text == NULL) { // cut in the middle of a character
        char plain[PLAIN_GROWTH * sizeof line];
        plain_line_into(line, plain);
        text = json_string(plain);
    }
    json_array_append_new(intake->complaints, text);
    return false;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
bool
intake_complain(Intake *intake, size_t record, Say what, ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(sentence, sizeof sentence, speech_text(intake->speech, what), arguments);
    va_end(arguments);
    return complain_line(intake, record, sentence);
}
#pragma GCC diagnostic pop

// Adds the connector's own options where the record names no arrangement or worker.
static void
fill_in(const Intake *intake, json_t *command)
{
    if (intake->arrangement != NULL && json_object_get(command, "signal") &&
        !json_object_get(command, "arrangement"))
        json_object_set_new(command, "arrangement", json_string(intake->arrangement));
    if (intake->worker != NULL && !json_object_get(command, "worker"))
        json_object_set_new(command, "worker", json_string(intake->worker));
}

bool
intake_add(Intake *intake, size_t record, json_t *command)
{
    if (json_array_size(intake->commands) >= INTAKE_RECORDS) {
        json_decref(command);
        return intake_complain(intake, 0, SAY_TOO_MANY);
    }
    Arena arena;
    arena_init(&arena, 0); // bounded by the size of the input
    Complaint complaint;
    char sentence[1024];
    bool sound = command_read(&arena, command, &complaint) != NULL;
    if (!sound)
        complain_line(intake, record,
                      complaint_fill(&complaint, intake->speech, sentence, sizeof sentence));
    arena_done(&arena);
    if (!sound) {
        json_decref(command);
        return false;
    }
    fill_in(intake, command);
    dossier_send(intake->dossier_prefix, command);
    json_array_append_new(intake->commands, json_pack("{s:I, s:o}", "record", (json_int_t)record,
                                                      "command", command));
    return true;
}

bool
intake_is_sound(const Intake *intake)
{
    return !json_array_size(intake->complaints) && json_array_size(intake->commands);
}
