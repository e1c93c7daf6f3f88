// SPDX-License-Identifier: EUPL-1.2
// The state of a running connector. Knows: its members. Must never know: a partner's own
// forms.
#ifndef KETEN_CONNECTOR_HUB_H
#define KETEN_CONNECTOR_HUB_H

#include "clients/connector/claim.h"
#include "clients/connector/connector.h"
#include "clients/connector/filing.h"
#include "clients/connector/lines.h"
#include "clients/connector/options.h"

typedef struct Hub {
    const Connector *connector;
    Options options;
    Folder folder;
    Desk desk;
    Filing filing;
    Claim claim;
    Lines lines;
    keten *k;
    int watch; // inotify on new/
    int signals;
    bool look; // new/ may have something
    bool stop;
    bool failed;    // a file went to failed/
    bool connected; // a session stood at least once
    uint64_t until; // --once: deliveries up to this number were there
    int status;     // the exit status once `stop` is set
} Hub;

// Ends the loop with an exit status; the first one counts.
void
hub_stop(Hub *hub, int status);
// The disk or the daemon leaves nothing to go on with: what was not acknowledged comes again.
void
hub_give_up(Hub *hub, const char *what, const char *why);
void
hub_give_up_result(Hub *hub, keten_result result);

void
hub_start_intake(const Hub *hub, Intake *ret);

#endif
