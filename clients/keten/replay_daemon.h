// SPDX-License-Identifier: EUPL-1.2
// A ketend of the replay's own. Knows: starting it, waiting until it listens, stopping it. Must
// never know: what is asked of it.
#ifndef KETEN_TOOL_REPLAY_DAEMON_H
#define KETEN_TOOL_REPLAY_DAEMON_H

#include <sys/types.h>

#include "clients/keten/tool.h"

typedef struct ReplayDaemon {
    pid_t pid;        // 0: not running
    const char *data; // its data directory
    const char *log;  // where its output goes
    bool failed;      // its log says why
} ReplayDaemon;

// Returns when it listens. `keep`: it outlives this program, else it dies with it. 0, or an exit
// status after printing.
int
replay_daemon_start(Tool *tool, ReplayDaemon *daemon, const char *config, const char *data,
                    const char *log, bool keep);
// Stops it and looks at how it ended. Takes one that does not run.
int
replay_daemon_stop(Tool *tool, ReplayDaemon *daemon);

#endif
