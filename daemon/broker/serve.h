// SPDX-License-Identifier: EUPL-1.2
// From settings to a running daemon and back. Knows: the order in which things are opened and
// closed. Must never know: the command line, what happens in a turn.
#ifndef KETEN_BROKER_SERVE_H
#define KETEN_BROKER_SERVE_H

#include "daemon/broker/log.h"
#include "daemon/files/config.h"

// Runs until a signal stops the daemon. Returns the exit status. The log tells each failure.
int
serve(const Config *config, bool driven, const Log *log);

// Reads partners and arrangements as a start would, and tells every error. Opens no store, changes
// nothing. Returns the exit status.
int
serve_check(const Config *config, const Log *log);

#endif
