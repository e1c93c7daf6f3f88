// SPDX-License-Identifier: EUPL-1.2
// Projects the events about persons and members. Knows: the tables of persons and members.
// Must never know: names, addresses.
#ifndef KETEN_ENGINE_RECORD_PROJECT_PERSON_H
#define KETEN_ENGINE_RECORD_PROJECT_PERSON_H

#include "daemon/engine/record/projection.h"

void
project_person(Projection *p, const Keten__V1__PersonSeen *seen);
void
project_member(Projection *p, const Keten__V1__MemberJoined *joined);
// The membership moves to the table of past members, where it stays for ever.
void
project_left(Projection *p, const Keten__V1__MemberLeft *left);
void
project_placed(Projection *p, const Keten__V1__MemberPlaced *placed);
// The tokens of before no longer point to the person; those of the row do.
void
project_likened(Projection *p, const Keten__V1__PersonTraced *likened);
void
project_paired(Projection *p, const Keten__V1__PlansPaired *paired);

#endif
