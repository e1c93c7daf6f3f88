// SPDX-License-Identifier: EUPL-1.2
// See sim_line.h.
#include "tests/simulation/sim_line.h"

#include "tests/simulation/sim_intent.h"
#include "tests/simulation/sim_messages.h"

void
line_break(Client *client)
{
    client->connected = false;
    client->line_count = 0;
}

void
line_put(Client *client, size_t what)
{
    if (client->connected && client->line_count < LINE)
        client->line[client->line_count++] = what;
    else
        line_break(client);
}

void
line_act(Sim *sim, Client *client)
{
    if (client->sent_count == OUTBOX || sim->model.plan_count + 8 > MODEL_PLANS ||
        sim->model.step_count + 8 > MODEL_STEPS || sim->model.fact_count + 8 > MODEL_SIGNALS)
        return;
    Sent *sent = &client->outbox[client->sent_count];
    *sent = (Sent){.meaning = sim_intent(sim, client)};
    sim_pack(sim, client, sent);
    line_put(client, client->sent_count++);
    sim->totals->commands++;
}

void
line_resend(Sim *sim, Client *client)
{
    if (client->sent_count > 0 && client->connected)
        line_put(client, (size_t)sim_roll(sim, client->sent_count) < client->resend_from
                             ? (size_t)sim_roll(sim, client->resend_from)
                             : client->resend_from);
}

void
line_connect(Client *client)
{
    if (client->connected)
        return;
    client->connected = true;
    while (client->resend_from < client->sent_count &&
           client->outbox[client->resend_from].answer != NULL)
        client->resend_from++;
    for (size_t i = client->resend_from; i < client->sent_count && client->line_count < LINE; i++)
        client->line[client->line_count++] = i;
}
