// SPDX-License-Identifier: EUPL-1.2
// See origin.h. Must never know: plans in memory, who asks.
#include "daemon/engine/record/origin.h"

#include "base/assert.h"

uint64_t
event_origin(const Event *event)
{
    switch (event->body_case) {
    case KETEN__V1__EVENT__BODY_PLAN_CHANGED:
        return event->plan_changed->row->plan;
    case KETEN__V1__EVENT__BODY_MEMBER_JOINED:
        return event->member_joined->plan;
    case KETEN__V1__EVENT__BODY_MEMBER_LEFT:
        return event->member_left->plan;
    case KETEN__V1__EVENT__BODY_FACT_ADDED:
        return event->fact_added->row->plan;
    case KETEN__V1__EVENT__BODY_FACT_WITHDRAWN:
        return event->fact_withdrawn->plan;
    case KETEN__V1__EVENT__BODY_STEP_PARTED:
        return event->step_parted->row->plan;
    case KETEN__V1__EVENT__BODY_FACT_SHARED:
        return event->fact_shared->plan;
    case KETEN__V1__EVENT__BODY_STEP_CHANGED:
        return event->step_changed->row->plan;
    case KETEN__V1__EVENT__BODY_MATTER_CHANGED:
        return event->matter_changed->row->plan;
    case KETEN__V1__EVENT__BODY_PAUSE_CHANGED:
        return event->pause_changed->plan;
    case KETEN__V1__EVENT__BODY_TERM_FIRED:
        return event->term_fired->plan;
    case KETEN__V1__EVENT__BODY_TERM_REMINDED:
        return event->term_reminded->plan;
    case KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED:
        return event->feedback_released->plan;
    case KETEN__V1__EVENT__BODY_PERSON_SEEN:
    case KETEN__V1__EVENT__BODY_HANDOVER_CHANGED:
    case KETEN__V1__EVENT__BODY_PARTNER_LOADED:
    case KETEN__V1__EVENT__BODY_ARRANGEMENT_LOADED:
    case KETEN__V1__EVENT__BODY_ACKNOWLEDGED:
    case KETEN__V1__EVENT__BODY_CLOCK_ADVANCED:
    case KETEN__V1__EVENT__BODY_WORK_OPENED:
    case KETEN__V1__EVENT__BODY_WORK_DONE:
    case KETEN__V1__EVENT__BODY_DISCLOSED:
    case KETEN__V1__EVENT__BODY_HISTORY_STARTED:
    case KETEN__V1__EVENT__BODY_MEMBER_PLACED:
    case KETEN__V1__EVENT__BODY_SIGNAL_RETURNED:
    case KETEN__V1__EVENT__BODY_DEAD_CHANGED: // its matter's event tells the plan's part in it
    case KETEN__V1__EVENT__BODY_SILENCE_CHANGED:
    case KETEN__V1__EVENT__BODY_PERSON_TRACED:
    case KETEN__V1__EVENT__BODY_PLANS_PAIRED:
        return 0;
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("event without a body");
}
