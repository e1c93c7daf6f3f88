// SPDX-License-Identifier: EUPL-1.2
// Projects the events about no plan: partners, arrangements, deliveries, silence, the history,
// checks of secrets.
// Knows: their tables and timers. Must never know: plans, sessions.
#ifndef KETEN_ENGINE_RECORD_PROJECT_PARTNER_H
#define KETEN_ENGINE_RECORD_PROJECT_PARTNER_H

#include "daemon/engine/record/projection.h"

void
project_partner(Projection *p, const Keten__V1__PartnerLoaded *loaded);
void
project_arrangement(Projection *p, const Keten__V1__ArrangementLoaded *loaded);
void
project_acknowledged(Projection *p, const Keten__V1__Acknowledged *acknowledged);
void
project_rejected(Projection *p, const Keten__V1__DeadChanged *changed);
void
project_silence(Projection *p, const Keten__V1__SilenceChanged *changed);
void
project_history(Projection *p, const Keten__V1__HistoryStarted *started);
void
project_secrets(Projection *p, const Keten__V1__SecretsSeen *seen);

#endif
