// SPDX-License-Identifier: EUPL-1.2
// From settings to a running daemon and back. Knows: the order in which things are opened and
// closed. Must never know: the command line, what happens in a turn.
#ifndef KETEN_BROKER_SERVE_H
#define KETEN_BROKER_SERVE_H

#include "daemon/broker/log.h"
#include "daemon/files/config.h"

// Until a signal stops it; returns the exit status. What fails is told in the log.
int
serve(const Config *config, bool driven, const Log *log);

// Reads partners and arrangements as a start would, tells every error, opens no store and changes
// nothing.
int
serve_check(const Config *config, const Log *log);

#endif
