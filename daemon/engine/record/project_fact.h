// SPDX-License-Identifier: EUPL-1.2
// Projects the events about facts. Knows: the tables of facts. Must never know: fields, purposes.
#ifndef KETEN_ENGINE_RECORD_PROJECT_FACT_H
#define KETEN_ENGINE_RECORD_PROJECT_FACT_H

#include "daemon/engine/record/projection.h"

void
project_fact(Projection *p, const Keten__V1__FactAdded *added);
void
project_withdrawn(Projection *p, const Keten__V1__FactWithdrawn *withdrawn);
void
project_shared(Projection *p, const Keten__V1__FactShared *shared);

#endif
