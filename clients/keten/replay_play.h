// SPDX-License-Identifier: EUPL-1.2
// A log on its way through the chain. Knows: where each case stands, counting. Must never know:
// where the daemon runs, how it decides.
#ifndef KETEN_TOOL_REPLAY_PLAY_H
#define KETEN_TOOL_REPLAY_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "clients/keten/eventlog.h"
#include "clients/keten/replay_crew.h"

typedef struct Present Present;

typedef struct Play {
    Tool *tool;
    const EventLog *log;
    Present *present; // one per case; in the tool's arena
    Crew crew;        // the caller makes it and ends it
    int64_t now_ms;   // the driven clock
    uint64_t handovers, stays, openings;
    bool terminal; // progress goes to a terminal, else to a file
    unsigned told; // tenths of the way that were reported
} Play;

// The log must outlive the play.
void
replay_play_start(Play *ret, Tool *tool, const EventLog *log, bool terminal);

// Gives the commands of all events in order, then takes in every delivery that is left. 0, or an
// exit status after printing what failed.
int
replay_play(Play *play);

#endif
