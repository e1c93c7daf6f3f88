// SPDX-License-Identifier: EUPL-1.2
// Which time to believe. Knows: the readings of a turn, and when the wall clock is not to be
// believed. Must never know: the machine's clocks, what the time is used for.
//
// A wrong wall clock would fire terms that nobody has had the time to meet, or would let time stand
// still for days. Two things tell a wrong one: CLOCK_BOOTTIME, which nobody can set, and the time
// of the last record.
//
//            agrees                         agrees, or the kernel says that it is synchronised
//          ┌────────┐        jumps        ┌─────────────────┐
//          ▼        │  ┌───────────────►  AHEAD, BACK ───────┤
//       FOLLOWED ───┴──┤                  by CLOCK_BOOTTIME  │
//          ▲           └──────────────────────────◄──────────┘
//          │ within a day of the last record, or synchronised, or accepted
//          ├──────────────────────── HELD    no reference, and more than a day beyond the last
//          │                                 record: time stands still there
//          └──────────────────────── BEHIND  followed, but before the last record: time stands
//                                            still until the wall clock has passed it
//
// The reference is a pair of wall clock and CLOCK_BOOTTIME that was believed. A process that was
// started again has one when its predecessor ran since the same boot.
#ifndef KETEN_BROKER_CLOCK_H
#define KETEN_BROKER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_JUMP_MS 300000   // a wall clock that is set by less is a correction
#define CLOCK_HELD_MS 86400000 // without a reference a wall clock may be so far beyond the records

typedef enum ClockState {
    CLOCK_FOLLOWED = 0,
    CLOCK_AHEAD,  // the wall clock jumped forward
    CLOCK_BACK,   // the wall clock jumped back
    CLOCK_HELD,   // at the start it was far beyond the last record
    CLOCK_BEHIND, // it is before the last record
} ClockState;

// Read once a turn.
typedef struct ClockReading {
    int64_t wall_ms, boot_ms;
    int64_t record_ms; // time of the last record; INT64_MIN: there is none
    bool synchronised; // the kernel says that the wall clock is kept right by a time server
} ClockReading;

typedef struct Clock {
    ClockState state;
    bool referred;            // wall_ms and boot_ms are a reference
    int64_t wall_ms, boot_ms; // the last readings of both that were believed
} Clock;

// Without a reference.
Clock
clock_new(void);
Clock
clock_of_pair(int64_t wall_ms, int64_t boot_ms);

// Takes a reading and returns the time to believe; clock->state says how it came out. The ledger
// itself sees to it that the time of records never goes back.
int64_t
clock_take(Clock *clock, const ClockReading *reading);

// An administrator says that the wall clock is right.
void
clock_accept(Clock *clock, const ClockReading *reading);

// True in the states that an administrator can end.
bool
clock_may_accept(ClockState state);

// The word for a state, as `keten status` shows it.
const char *
clock_state_name(ClockState state);

#endif
