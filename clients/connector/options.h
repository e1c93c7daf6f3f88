// SPDX-License-Identifier: EUPL-1.2
// A connector's command line: one table that is also its help. Knows: options. Must never know:
// what they bring about.
#ifndef KETEN_CONNECTOR_OPTIONS_H
#define KETEN_CONNECTOR_OPTIONS_H

#include <stdbool.h>

#include "clients/connector/speech.h"

typedef struct Options {
    const char *context;
    const char *folder;
    const char *command;
    const char *arrangement;
    const char *worker;
    bool once;
    bool take_over;
    bool lines;
    Speech speech;
} Options;

// -1: go on. Else the exit status: help or version was printed, or a mistake was told.
int
options_read(int argc, char **argv, const char *program, Options *ret);

#endif
