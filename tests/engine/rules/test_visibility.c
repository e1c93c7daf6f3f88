// SPDX-License-Identifier: EUPL-1.2
// Which role in a step or a matter makes it visible: a row per role. Knows: visibility.h. Must
// never know: plans, columns.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/visibility.h"

enum { ASKER = 1, OTHER = 2 };

typedef struct StepCase {
    const char *role;
    uint32_t giver, accountable, next, turn, owner;
    StepState state;
    uint32_t returns;
    bool visible;
} StepCase;

static const StepCase step_cases[] = {
    {"none", OTHER, OTHER, OTHER, OTHER, OTHER, STEP_ACTIVE, 0, false},
    {"giver", ASKER, OTHER, OTHER, OTHER, OTHER, STEP_ACTIVE, 0, true},
    {"accountable", OTHER, ASKER, OTHER, OTHER, OTHER, STEP_ACTIVE, 0, true},
    {"next in line", OTHER, OTHER, ASKER, OTHER, OTHER, STEP_ACTIVE, 0, true},
    {"the ladder's turn", OTHER, OTHER, OTHER, ASKER, OTHER, STEP_ACTIVE, 0, true},
    {"owner, asked", OTHER, OTHER, OTHER, OTHER, ASKER, STEP_OFFERED, 0, true},
    {"owner, never asked", OTHER, OTHER, OTHER, OTHER, ASKER, STEP_WAITING, 0, false},
    {"owner, asked before", OTHER, OTHER, OTHER, OTHER, ASKER, STEP_WAITING, 1, true},
};

static void
a_step_is_visible_by_role(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof step_cases / sizeof step_cases[0]; i++) {
        const StepCase *row = &step_cases[i];
        StepRow step = KETEN__V1__STEP_ROW__INIT;
        step.giver = row->giver;
        step.accountable = row->accountable;
        step.next = row->next;
        step.turn = row->turn;
        step.owner = row->owner;
        step.state = row->state;
        step.returns = row->returns;
        if (step_is_visible(&step, ASKER, false) != row->visible)
            fail_msg("%s", row->role);
        assert_true(step_is_visible(&step, ASKER, true)); // the holder sees every step
    }
}

typedef struct MatterCase {
    const char *role;
    Keten__V1__MatterKind kind;
    uint32_t turn, accountable, raised_by, partner;
    bool visible, task;
} MatterCase;

#define KIND(NAME) KETEN__V1__MATTER_KIND__MATTER_##NAME
static const MatterCase matter_cases[] = {
    {"none", KIND(BOTTLENECK), OTHER, OTHER, OTHER, OTHER, false, false},
    {"must settle it", KIND(BOTTLENECK), ASKER, OTHER, OTHER, 0, true, true},
    {"accountable", KIND(BOTTLENECK), OTHER, ASKER, OTHER, 0, true, true},
    {"raised it", KIND(BOTTLENECK), OTHER, OTHER, ASKER, 0, true, true},
    {"must acknowledge a pause", KIND(PAUSE), OTHER, OTHER, OTHER, ASKER, true, true},
    {"rejected a delivery", KIND(DEAD), OTHER, OTHER, OTHER, ASKER, true, false},
    {"tends another's delivery", KIND(DEAD), ASKER, OTHER, OTHER, OTHER, true, true},
};

static void
a_matter_is_visible_by_role(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof matter_cases / sizeof matter_cases[0]; i++) {
        const MatterCase *row = &matter_cases[i];
        MatterRow matter = KETEN__V1__MATTER_ROW__INIT;
        matter.kind = row->kind;
        matter.turn = row->turn;
        matter.accountable = row->accountable;
        matter.raised_by = row->raised_by;
        matter.partner = row->partner;
        if (matter_is_visible(&matter, ASKER, false) != row->visible ||
            matter_is_task(&matter, ASKER) != row->task)
            fail_msg("%s", row->role);
        assert_true(matter_is_visible(&matter, ASKER, true));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_visible_by_role),
        cmocka_unit_test(a_matter_is_visible_by_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
