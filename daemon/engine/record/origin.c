// SPDX-License-Identifier: EUPL-1.2
// The plan to which an event belongs. See origin.h.
// Knows: the column `origin` of events.def. Must never know: plans in memory.
// Failure modes: none; an event without a body is a programming error.
#include "daemon/engine/record/origin.h"

#include "base/assert.h"

uint64_t
event_origin(const Event *event)
{
    switch (event->body_case) {
#define EVENT(BODY, member, origin, evolve, project)                                               \
    case KETEN__V1__EVENT__BODY_##BODY:                                                            \
        return origin(event->member);
#define ROW_PLAN(member) ((member)->row->plan)
#define OWN_PLAN(member) ((member)->plan)
#define NO_PLAN(member)  ((uint64_t)0)
#include "daemon/engine/record/events.def"
#undef NO_PLAN
#undef OWN_PLAN
#undef ROW_PLAN
#undef EVENT
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("event without a body");
}
