// SPDX-License-Identifier: EUPL-1.2
// Work on a stopped store or on a file, without a daemon. Knows: the offline commands. Must never
// know: sockets.
#ifndef KETEN_OFFLINE_OFFLINE_H
#define KETEN_OFFLINE_OFFLINE_H

#include "daemon/broker/log.h"

// `words`: what follows --offline, the command first. Results go to stdout, errors to the log.
// Returns the exit status.
int
offline_run(int count, char **words, const Log *log);

#endif
