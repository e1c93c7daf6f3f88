// SPDX-License-Identifier: EUPL-1.2
// Checks that the commands on steps share.
// Knows: the partner that may make each move (step_states.h), versions, mandates, pauses. Must
// never know: how a move is carried out.
#ifndef KETEN_ENGINE_HANDLERS_STEP_CHECKS_H
#define KETEN_ENGINE_HANDLERS_STEP_CHECKS_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"

// The fields that the commands on one step have in common.
typedef struct StepAddress {
    const Move *move;   // the row of the command's move: from which states, by which partner
    uint64_t step;      // its number
    uint32_t version;   // the version that the actor knows; 0: any
    const char *reason; // "" where the command has none
    int64_t until_ms;   // of a suspension; 0 in other commands
} StepAddress;

// A command on no step is a programming error.
StepAddress
address_of(const Command *command);

// Whether the actor may make the move on the step, in this version and state, with this reason.
Result
check_move(Draft *draft, const StepAddress *address, const StepRow **ret_step);

// Whether the mandate of the rung that the step has climbed to allows the move. A step on no rung
// is a programming error.
Result
check_mandate(Draft *draft, const Move *move, const StepRow *step);

// Whether no pause covers a kind of step. A step under a pause is neither offered, accepted nor
// resumed.
Result
check_pause(Draft *draft, const char *step_kind);

#endif
