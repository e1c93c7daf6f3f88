// SPDX-License-Identifier: EUPL-1.2
// Projects the events about a plan, its steps and matters. Knows: the tables of plans and their
// timers. Must never know: why a step moved.
#ifndef KETEN_ENGINE_RECORD_PROJECT_PLAN_H
#define KETEN_ENGINE_RECORD_PROJECT_PLAN_H

#include "daemon/engine/record/projection.h"

void
project_plan(Projection *p, const Keten__V1__PlanChanged *changed);
void
project_step(Projection *p, const Keten__V1__StepChanged *changed);
// The step stops in the plan `from` and begins in the plan of its row.
void
project_parted(Projection *p, const Keten__V1__StepParted *parted);
void
project_matter(Projection *p, const Keten__V1__MatterChanged *changed);
void
project_handover(Projection *p, const Keten__V1__HandoverChanged *changed);
void
project_work(Projection *p, const Keten__V1__WorkOpened *opened);
void
project_work_done(Projection *p, const Keten__V1__WorkDone *done);

#endif
