// SPDX-License-Identifier: EUPL-1.2
// The table behind the drawing in silence_states.h. Must never know: drafts, terms.
#include "daemon/engine/record/silence_states.h"

#include <stddef.h>

#include "base/assert.h"

static const SilenceMove moves[SILENCE_STATES][SILENCE_EVENTS] = {
    [SILENCE_AT_REST] =
        {
            [SILENCE_GIVEN] = {SILENCE_WATCHED, SILENCE_DO_RENEW},
            [SILENCE_SIGN_WAITS] = {SILENCE_WATCHED, SILENCE_DO_RENEW},
            [SILENCE_SIGN_DONE] = {SILENCE_AT_REST, SILENCE_DO_NOTHING},
            [SILENCE_AWAITED] = {SILENCE_AT_REST, SILENCE_DO_NOTHING},
            [SILENCE_TERM_WAITS] = {SILENCE_AT_REST, SILENCE_IMPOSSIBLE},
            [SILENCE_TERM_DONE] = {SILENCE_AT_REST, SILENCE_IMPOSSIBLE},
        },
    [SILENCE_WATCHED] =
        {
            [SILENCE_GIVEN] = {SILENCE_WATCHED, SILENCE_DO_BEGIN},
            [SILENCE_SIGN_WAITS] = {SILENCE_WATCHED, SILENCE_DO_RENEW},
            [SILENCE_SIGN_DONE] = {SILENCE_WATCHED, SILENCE_DO_NOTHING},
            [SILENCE_AWAITED] = {SILENCE_WATCHED, SILENCE_DO_NOTHING},
            [SILENCE_TERM_WAITS] = {SILENCE_SILENT, SILENCE_DO_FALL},
            [SILENCE_TERM_DONE] = {SILENCE_AT_REST, SILENCE_DO_REST},
        },
    [SILENCE_SILENT] =
        {
            [SILENCE_GIVEN] = {SILENCE_SILENT, SILENCE_DO_NOTHING},
            [SILENCE_SIGN_WAITS] = {SILENCE_SPOKE, SILENCE_DO_SPEAK},
            [SILENCE_SIGN_DONE] = {SILENCE_SPOKE, SILENCE_DO_SPEAK},
            [SILENCE_AWAITED] = {SILENCE_SILENT, SILENCE_DO_LOOK},
            [SILENCE_TERM_WAITS] = {SILENCE_SILENT, SILENCE_DO_PAGE},
            [SILENCE_TERM_DONE] = {SILENCE_SILENT, SILENCE_DO_PAGE},
        },
    [SILENCE_SPOKE] =
        {
            [SILENCE_GIVEN] = {SILENCE_SPOKE, SILENCE_DO_NOTHING},
            [SILENCE_SIGN_WAITS] = {SILENCE_SPOKE, SILENCE_DO_NOTHING},
            [SILENCE_SIGN_DONE] = {SILENCE_SPOKE, SILENCE_DO_NOTHING},
            [SILENCE_AWAITED] = {SILENCE_SPOKE, SILENCE_DO_NOTHING},
            [SILENCE_TERM_WAITS] = {SILENCE_WATCHED, SILENCE_DO_TELL_WATCH},
            [SILENCE_TERM_DONE] = {SILENCE_AT_REST, SILENCE_DO_TELL_REST},
        },
};

SilenceState
silence_state(const SilenceRow *row)
{
    if (row == NULL)
        return SILENCE_AT_REST;
    switch (row->state) {
    case KETEN__V1__SILENCE_STATE__SILENCE_WATCHED:
        return row->due_ms == 0 ? SILENCE_AT_REST : SILENCE_WATCHED;
    case KETEN__V1__SILENCE_STATE__SILENCE_SILENT:
        return SILENCE_SILENT;
    case KETEN__V1__SILENCE_STATE__SILENCE_SPOKE:
        return SILENCE_SPOKE;
    case KETEN__V1__SILENCE_STATE__SILENCE_STATE_UNSPECIFIED:
    case _KETEN__V1__SILENCE_STATE_IS_INT_SIZE:
        break;
    }
    unhandled("state of a silence");
}

SilenceMove
silence_move(SilenceState from, SilenceEvent event)
{
    ASSERT((unsigned)from < SILENCE_STATES && (unsigned)event < SILENCE_EVENTS);
    return moves[from][event];
}
