// SPDX-License-Identifier: EUPL-1.2
// The daemon's one loop. Knows: what may wake it - sockets, signals, time. Must never know: what a
// turn does.
#ifndef KETEN_BROKER_LOOP_H
#define KETEN_BROKER_LOOP_H

#include "daemon/broker/server.h"

typedef struct Loop {
    Server *server;       // the caller's, as everything here
    int signals;          // a signalfd; from loop_signals
    const char *partners; // directories read again on SIGHUP
    const char *arrangements;
    const Log *log;
} Loop;

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and for threads that it starts later, and gives
// the descriptor that tells of them. To be called before any socket is made. -1 on failure.
int
loop_signals(void);

// Runs until a signal says stop (KT_OK) or the store fails (its code; it has been logged).
KtCode
loop_run(Loop *loop);

#endif
