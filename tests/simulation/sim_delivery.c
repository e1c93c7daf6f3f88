// SPDX-License-Identifier: EUPL-1.2
// See sim_delivery.h.
#include "tests/simulation/sim_delivery.h"

#include <string.h>

#include "base/array.h"
#include "daemon/ledger/load_plan.h"
#include "tests/simulation/sim_line.h"

// The city agreed for each field which partners may see it; the digits are their numbers.
static bool
may_see(uint32_t partner, const char *field)
{
    static const struct {
        const char *field, *partners;
    } table[] = {{"months", "12"}, {"amount", "1"},    {"phone", "1"},
                 {"domain", "13"}, {"eviction", "12"}, {"outcome", "134"},
                 {"told", "2"},    {"score", "34"},    {"ready", "4"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].field, field) == 0)
            return strchr(table[i].partners, (int)('0' + partner)) != NULL;
    return false;
}

static void
check_delivery(Sim *sim, const Client *client, const Keten__V1__Delivery *delivery)
{
    CHECK(sim, delivery->n_items > 0, "an empty delivery");
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__FactView *fact = delivery->items[i]->fact;
        for (size_t j = 0; fact != NULL && j < fact->n_fields; j++)
            CHECK(sim, may_see(client->partner, fact->fields[j]->name), "%s went to %u",
                  fact->fields[j]->name, client->partner);
    }
}

static bool
tells_of_rejected_only(const Keten__V1__Delivery *delivery)
{
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__MatterView *matter = delivery->items[i]->matter;
        if ((matter == NULL || matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD) &&
            delivery->items[i]->kind != KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD)
            return false;
    }
    return true;
}

// Counts the feedback in a partner's inbox, rejected or not. A delivery that was sent again counts
// once.
static uint64_t
feedbacks_of(Sim *sim, uint32_t partner)
{
    uint64_t count = 0;
    for (uint64_t n = 1; n <= ledger_assigned(sim->ledger, partner); n++) {
        KtCode code = KT_OK;
        const Keten__V1__Delivery *delivery =
            ledger_delivery(sim->ledger, partner, n, &sim->arena, &code);
        CHECK(sim, delivery != NULL, "delivery %" PRIu64 " is not there", n);
        for (size_t i = 0; i < delivery->n_items; i++)
            count += delivery->items[i]->kind == KETEN__V1__ITEM_KIND__ITEM_FEEDBACK &&
                     delivery->items[i]->fact != NULL && delivery->items[i]->resend_of == 0;
    }
    return count;
}

void
sim_check_feedback(Sim *sim)
{
    uint64_t kept[CLIENTS + 1] = {0};
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++) {
        Plan real;
        CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
        for (size_t i = 0; i < real.row.n_feedback; i++)
            for (size_t j = 0; j < real.row.feedback[i]->n_senders; j++)
                kept[real.row.feedback[i]->senders[j]]++;
    }
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        const uint64_t heard = feedbacks_of(sim, partner);
        CHECK(sim, heard + kept[partner] == sim->model.feedback[partner],
              "%u heard %" PRIu64 " and is to hear %" PRIu64 " of %" PRIu64, partner, heard,
              kept[partner], sim->model.feedback[partner]);
        sim->totals->feedbacks += heard;
    }
}

static bool
is_feedback_only(const Keten__V1__Delivery *delivery)
{
    for (size_t i = 0; i < delivery->n_items; i++)
        if (delivery->items[i]->kind != KETEN__V1__ITEM_KIND__ITEM_FEEDBACK)
            return false;
    return true;
}

static void
tell(Sim *sim, Client *client, const Keten__V1__Delivery *delivery)
{
    client->told = array_grow(client->told, &client->told_room, client->told_count + 1,
                              sizeof *client->told, "deliveries that a client saw");
    client->told[client->told_count++] =
        (Told){delivery->position, delivery->plan, tells_of_rejected_only(delivery),
               is_feedback_only(delivery)};
    // Feedback does not tell where it stands.
    CHECK(sim, delivery->position == 0 || client->position <= delivery->position, "out of order");
    client->position = delivery->position != 0 ? delivery->position : client->position;
}

void
sim_deliver(Sim *sim, Client *client)
{
    if (!client->connected)
        return;
    const uint64_t assigned = ledger_assigned(sim->ledger, client->partner);
    CHECK(sim, assigned >= client->processed, "fewer deliveries than were processed");
    for (uint64_t credit = 1 + sim_roll(sim, 5); credit > 0 && client->processed < assigned;
         credit--) {
        KtCode code = KT_OK;
        const uint64_t n = client->processed + 1;
        const Keten__V1__Delivery *delivery =
            ledger_delivery(sim->ledger, client->partner, n, &sim->arena, &code);
        CHECK(sim, delivery != NULL && code == KT_OK, "delivery %" PRIu64 " is not there", n);
        CHECK(sim, delivery->n == n, "delivery %" PRIu64 " says it is %" PRIu64, n, delivery->n);
        check_delivery(sim, client, delivery);
        tell(sim, client, delivery);
        client->processed = n;
        sim->totals->deliveries++;
    }
    if (sim_roll(sim, 3) == 0)
        line_put(client, OUTBOX);
}

void
sim_look_back(Sim *sim, const Client *client)
{
    if (client->processed == 0)
        return;
    KtCode code = KT_OK;
    const uint64_t n = 1 + sim_roll(sim, client->processed);
    const Keten__V1__Delivery *delivery =
        ledger_delivery(sim->ledger, client->partner, n, &sim->arena, &code);
    CHECK(sim, delivery != NULL && delivery->position == client->told[n - 1].position,
          "delivery %" PRIu64 " has other content", n);
}
