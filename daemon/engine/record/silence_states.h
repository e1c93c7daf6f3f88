// SPDX-License-Identifier: EUPL-1.2
// The watch on a partner: what each sign, delivery and passed term does in each state.
// Knows: one row of a silence. Must never know: drafts, plans, how long the term is.
//
//   at rest ──a delivery is given, or a sign while one waits──► watched ──term passes──► silent
//      ▲                                                         │  ▲                      │
//      ├──────── term passes, nothing is unprocessed ────────────┘  │                   a sign
//      │                                                            │                      ▼
//      └──── nothing is unprocessed ◄──told that it speaks──► something is ◄──────────── spoke
//
// "Spoke" lasts until the timer, which is due at once, has told the partners that heard of the
// silence. The record with the sign cannot tell them: it may be about a plan of which they are no
// participants.
#ifndef KETEN_ENGINE_RECORD_SILENCE_STATES_H
#define KETEN_ENGINE_RECORD_SILENCE_STATES_H

#include "store/vocabulary.h"

typedef enum SilenceState {
    SILENCE_AT_REST = 0, // never watched, or all processed when the term passed
    SILENCE_WATCHED,
    SILENCE_SILENT,
    SILENCE_SPOKE,
    SILENCE_STATES,
} SilenceState;

// "Waits": the partner has unprocessed deliveries, and a time was agreed within which it speaks.
typedef enum SilenceEvent {
    SILENCE_GIVEN = 0,  // a delivery got its number
    SILENCE_SIGN_WAITS, // a command or an acknowledgement of the partner
    SILENCE_SIGN_DONE,
    SILENCE_AWAITED, // the holder of a plan waits for the partner
    SILENCE_TERM_WAITS,
    SILENCE_TERM_DONE,
    SILENCE_EVENTS,
} SilenceEvent;

typedef enum SilenceAction {
    SILENCE_DO_NOTHING = 0,
    SILENCE_DO_RENEW,      // the term runs anew from now
    SILENCE_DO_BEGIN,      // the same, if this is the only unprocessed delivery
    SILENCE_DO_LOOK,       // the timer looks at the plan at once
    SILENCE_DO_SPEAK,      // the timer tells at once that the partner speaks
    SILENCE_DO_FALL,       // the first page of holders is told of the silence
    SILENCE_DO_PAGE,       // the next page
    SILENCE_DO_REST,       // the term ends
    SILENCE_DO_TELL_WATCH, // told that it speaks; the term runs anew
    SILENCE_DO_TELL_REST,  // told that it speaks; no term
    SILENCE_IMPOSSIBLE,    // no term runs in this state
} SilenceAction;

typedef struct SilenceMove {
    SilenceState to;
    SilenceAction action;
} SilenceMove;

// The state of a row; NULL: the partner was never watched.
SilenceState
silence_state(const SilenceRow *row);

SilenceMove
silence_move(SilenceState from, SilenceEvent event);

#endif
