// SPDX-License-Identifier: EUPL-1.2
// Stopping a running connector, from any of its files. Knows: stopping, the options that go
// with each input. Must never know: the loop, files, a partner's own forms.
#include "clients/connector/hub.h"

#include "proto/errors.h"

void
hub_stop(Hub *hub, int status)
{
    if (!hub->stop)
        hub->status = status;
    hub->stop = true;
}

void
hub_give_up(Hub *hub, const char *what, const char *why)
{
    speech_tell(&hub->options.speech, SAY_CANNOT, what, why);
    hub_stop(hub, error_find(KT_SETUP)->exit);
}

void
hub_give_up_result(Hub *hub, keten_result result)
{
    hub_give_up(hub, hub->options.folder, keten_result_text(result, hub->options.speech.language));
}

void
hub_start_intake(const Hub *hub, Intake *ret)
{
    intake_start(ret, &hub->options.speech, &hub->desk, hub->options.arrangement,
                 hub->options.worker);
    ret->dossier_prefix = hub->options.dossier_prefix;
}
