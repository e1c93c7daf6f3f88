// SPDX-License-Identifier: EUPL-1.2
// A connector's command line: one table that is also its help. Knows: options. Must never know:
// what they bring about.
#ifndef KETEN_CONNECTOR_OPTIONS_H
#define KETEN_CONNECTOR_OPTIONS_H

#include <stdbool.h>

#include "clients/connector/speech.h"

typedef struct Options {
    const char *context;        // directory
    const char *folder;         // directory
    const char *command;        // for /bin/sh, run for each delivery; NULL: none
    const char *arrangement;    // for signals that name none; NULL: none
    const char *worker;         // for records that name none; the program's name when not given
    const char *dossier_prefix; // before dossier numbers that look like a person's; NULL: none
    bool once;                  // end when the input is published and the deliveries are filed
    bool take_over;             // take the place of the present consumer, once
    bool lines;                 // JSON lines on stdin and stdout
    Speech speech;              // the language of --lang, else the locale's
} Options;

// -1: go on. Else the exit status: help or version was printed, or a mistake was told.
int
options_read(int argc, char **argv, const char *program, Options *ret);

#endif
