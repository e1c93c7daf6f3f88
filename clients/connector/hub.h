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
    // Opened and closed by connector.c.
    const Connector *connector; // the partner's own forms
    Options options;
    Folder folder;
    Desk desk;     // what deliveries and receipts told of steps
    Filing filing; // deliveries on their way to the partner's system
    Claim claim;   // the file on its way to the daemon; publish.c takes and ends it
    Lines lines;   // stdin and stdout
    keten *k;
    int watch;   // inotify on new/; -1: not open
    int signals; // a signalfd; -1: not open

    json_t *passed_over;  // names in new/ that cannot be moved and were told; publish.c adds
    bool look;            // new/ may have something; set by loop.c, cleared by publish.c
    bool stop;            // the loop ends; set by hub_stop()
    int status;           // the exit status once `stop` is set
    bool failed;          // a file went to failed/; set by publish.c
    bool connected;       // a session stood at least once; set by loop.c
    keten_result trouble; // why there is no session, as last told; set by loop.c
    uint64_t until;       // --once: the last delivery that the welcome told of; set by loop.c
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
