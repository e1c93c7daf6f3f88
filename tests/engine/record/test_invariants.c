// SPDX-License-Identifier: EUPL-1.2
// The check of a plan in memory: a sound plan breaks no rule, and each way to spoil it breaks the
// rule that is meant.
// Knows: a plan made here. Must never know: decisions, records.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/invariants.h"
#include "daemon/engine/record/plan_merge.h"
#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"
#include "tests/fixture/literal.h"

enum { DESK = 1, OWNER = 2, GIVER = 3, STRANGER = 4 };

static StepRow *
step_add(Plan *plan, Arena *arena, uint64_t number, StepState state, uint32_t accountable)
{
    StepRow *step = NEW(arena, StepRow, step_row);
    step->step = number;
    step->plan = plan->row.plan;
    step->kind = literal(state == STEP_ACTIVE ? "assess" : "visit");
    step->version = 1;
    step->state = state;
    step->owner = OWNER;
    step->giver = GIVER;
    step->accountable = accountable;
    step->next = DESK;
    step->due_ms = 1000;
    step->handover = state == STEP_OFFERED ? 7 : 0;
    plan_add_step(plan, arena, step);
    plan->row.open_steps++;
    return step;
}

// An open plan with an active and an offered step, a matter, and two members.
static void
plan_make(Plan *ret, uint64_t number, Arena *arena)
{
    Plan *plan = ret;
    *plan = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
    plan->row.plan = number;
    plan->row.state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
    plan->row.arrangement = 1;
    plan->row.desk = DESK;
    step_add(plan, arena, 10 * number, STEP_ACTIVE, OWNER);
    step_add(plan, arena, 10 * number + 1, STEP_OFFERED, GIVER);
    MatterRow *matter = NEW(arena, MatterRow, matter_row);
    matter->matter = 10 * number;
    matter->plan = number;
    matter->version = 1;
    matter->open = matter->held = true;
    matter->accountable = matter->turn = matter->next = DESK;
    matter->due_ms = 1000;
    plan_add_matter(plan, arena, matter);
    plan->row.open_matters = 1;
    plan_add_member(plan, arena, number, 100 * number);
    plan_add_member(plan, arena, number, 100 * number + 1);
    plan->row.members = 2;
}

// Plan 1, into which plan 2 was merged.
static void
merged_make(Plan *ret, Arena *arena)
{
    Plan other;
    plan_make(ret, 1, arena);
    plan_make(&other, 2, arena);
    other.row.state = KETEN__V1__PLAN_STATE__PLAN_MERGED;
    other.row.into = 1;
    plan_absorb(ret, arena, &other);
}

// One statement that spoils the merged plan `p`, and how the rule that it breaks begins.
#define SPOIL(name, statement)                                                                     \
    static void spoil_##name(Plan *p)                                                              \
    {                                                                                              \
        statement;                                                                                 \
    }
SPOIL(nothing, (void)p)
SPOIL(accountable, p->steps[0]->accountable = 0)
SPOIL(owner, p->steps[0]->accountable = STRANGER)
SPOIL(giver, p->steps[1]->accountable = STRANGER)
SPOIL(returned, p->steps[0]->state = STEP_RETURNED)
SPOIL(completed, p->steps[0]->state = STEP_COMPLETED)
SPOIL(step_due, p->steps[0]->due_ms = 0)
SPOIL(step_next, p->steps[0]->next = 0)
SPOIL(reminder, p->steps[0]->remind_ms = p->steps[0]->due_ms)
SPOIL(handover, p->steps[1]->handover = 0)
SPOIL(step_origin, p->steps[0]->plan = 3; p->row.open_steps--)
SPOIL(step_kinds, p->steps[1]->kind = p->steps[0]->kind)
SPOIL(open_steps, p->row.open_steps++)
SPOIL(open_matters, p->merged[0]->open_matters++)
SPOIL(members, p->row.members--)
SPOIL(member_twice, p->members[1] = p->members[0])
SPOIL(matter_settled, p->matters[0]->open = false)
SPOIL(matter_turn, p->matters[0]->turn = 0)
SPOIL(matter_holder, p->matters[0]->accountable = STRANGER)
SPOIL(matter_due, p->matters[0]->due_ms = 0)
SPOIL(matter_version, p->matters[0]->version = 0)
SPOIL(holder, p->row.desk = 0)
SPOIL(offer_due, p->row.offered_to = STRANGER)
SPOIL(offer_rung, p->row.coordinator_rung = 1)
SPOIL(closed, p->row.state = KETEN__V1__PLAN_STATE__PLAN_CLOSED)
SPOIL(list, p->row.n_parts = 0)
SPOIL(into, p->merged[0]->into = 2)
SPOIL(arrangement, p->merged[0]->arrangement = 2)
SPOIL(merged_review, p->merged[0]->review_due_ms = 1000)
SPOIL(merged_open, p->merged[0]->state = KETEN__V1__PLAN_STATE__PLAN_OPEN)

typedef struct Case {
    void (*spoil)(Plan *plan);
    const char *rule; // NULL: none is broken
} Case;

static const Case cases[] = {
    {spoil_nothing, NULL},
    {spoil_accountable, "rule 2: an open step"},
    {spoil_owner, "rule 4: an accepted step"},
    {spoil_giver, "rule 4: an offer"},
    {spoil_returned, "rule 4: a step that fell back"},
    {spoil_completed, "a closed step"},
    {spoil_step_due, "rule 3: an open step without an end"},
    {spoil_step_next, "rule 3: an open step without a next"},
    {spoil_reminder, "a reminder"},
    {spoil_handover, "an offer and its handover"},
    {spoil_step_origin, "a step row that is not whole"},
    {spoil_step_kinds, "two open steps of one kind"},
    {spoil_open_steps, "the count of open steps"},
    {spoil_open_matters, "the count of open matters"},
    {spoil_members, "the count of members"},
    {spoil_member_twice, "rule 1"},
    {spoil_matter_settled, "a settled matter"},
    {spoil_matter_turn, "rule 2: an open matter"},
    {spoil_matter_holder, "rule 4: a matter"},
    {spoil_matter_due, "rule 3: an open matter"},
    {spoil_matter_version, "a matter row that is not whole"},
    {spoil_holder, "rule 2: an open plan that nobody holds"},
    {spoil_offer_due, "rule 3: an offer of coordination"},
    {spoil_offer_rung, "an offer of coordination that is late"},
    {spoil_closed, "a closed plan that still waits"},
    {spoil_list, "a plan without its merged plans"},
    {spoil_into, "a merged plan and the plan"},
    {spoil_arrangement, "rule 13"},
    {spoil_merged_review, "a merged plan that waits"},
    {spoil_merged_open, "a merged plan in another state"},
};

static void
each_way_to_spoil_a_plan_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        Plan plan;
        merged_make(&plan, &arena);
        cases[i].spoil(&plan);
        const char *rule = plan_check(&plan);
        if ((rule == NULL) != (cases[i].rule == NULL) ||
            (rule != NULL && strncmp(rule, cases[i].rule, strlen(cases[i].rule)) != 0))
            fail_msg("row %zu: '%s'", i, rule == NULL ? "none" : rule);
        arena_done(&arena);
    }
}

typedef struct Header {
    int64_t review_due_ms; // 0 none
    bool absence, pause;
    int64_t until_ms; // of the absence and of the pause
    uint32_t away;    // the partner that is absent; 0: it does not come back
    const char *rule; // NULL: none is broken
} Header;

// A plan at rest, with a review, an absence or a pause.
static const Header headers[] = {
    {1000, false, false, 0, 0, NULL},
    {0, false, false, 0, 0, "rule 3: a plan at rest"},
    {1000, true, false, 1000, OWNER, NULL},
    {1000, true, false, 0, OWNER, "rule 3: an absence"},
    {1000, true, false, 1000, 0, "an absence of nobody"},
    {1000, false, true, 1000, 0, NULL},
    {1000, false, true, 0, 0, "rule 3: a pause"},
};

static void
everything_in_a_header_has_an_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        char *actions[] = {(char *)"evict"};
        Keten__V1__Absence absence = KETEN__V1__ABSENCE__INIT;
        Keten__V1__PauseRow pause = KETEN__V1__PAUSE_ROW__INIT;
        Plan plan = {.row = KETEN__V1__PLAN_ROW__INIT};
        plan.row.plan = 1;
        plan.row.state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
        plan.row.desk = DESK;
        plan.row.review_due_ms = headers[i].review_due_ms;
        absence.partner = headers[i].away;
        absence.until_ms = pause.until_ms = headers[i].until_ms;
        pause.actions = actions;
        pause.n_actions = 1;
        plan.row.absence = headers[i].absence ? &absence : NULL;
        plan.row.pause = headers[i].pause ? &pause : NULL;
        const char *rule = plan_check(&plan);
        if ((rule == NULL) != (headers[i].rule == NULL) ||
            (rule != NULL && strncmp(rule, headers[i].rule, strlen(headers[i].rule)) != 0))
            fail_msg("row %zu: '%s'", i, rule == NULL ? "none" : rule);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_to_spoil_a_plan_is_found),
        cmocka_unit_test(everything_in_a_header_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
