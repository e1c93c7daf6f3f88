// SPDX-License-Identifier: EUPL-1.2
// See sim_intent.h. Path: sim_intent() rolls a verb and the plain fields; the function of the
// verb's family, mean_...(), then chooses the subject.
#include "tests/simulation/sim_intent.h"

#include <string.h>

#include "base/assert.h"

// Mostly a recent number of the count; at times one that was never given.
static size_t
some(Sim *sim, size_t count)
{
    if (count == 0 || sim_roll(sim, 40) == 0)
        return count + 1;
    const size_t back = (size_t)sim_roll(sim, count < 6 ? count : 6);
    return count - back;
}

// The holder of a plan drops a step that came back to it.
static void
mean_drop(Sim *sim, ModelCommand *meaning)
{
    for (size_t i = 1; i <= sim->model.step_count; i++)
        if (sim->model.steps[i].state == 'R' &&
            sim->model.plans[sim->model.steps[i].plan].holder == meaning->actor)
            meaning->number = i;
}

static void
mean_step(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.step_count);
    if (meaning->verb == MODEL_DROP) {
        mean_drop(sim, meaning);
        return;
    }
    // People look for their own work first.
    for (size_t tries = 0; tries < 12 && meaning->number <= sim->model.step_count &&
                           (sim->model.steps[meaning->number].owner != client->partner ||
                            strchr("OAS", sim->model.steps[meaning->number].state) == NULL);
         tries++)
        meaning->number = 1 + (size_t)sim_roll(sim, sim->model.step_count);
    if (meaning->number > sim->model.step_count)
        return;
    const ModelStep *step = &sim->model.steps[meaning->number];
    meaning->version = sim_roll(sim, 3) == 0    ? step->version
                       : sim_roll(sim, 12) == 0 ? step->version - 1
                                                : 0;
    // A partner that looks first chooses what fits; the others try.
    if (step->owner == client->partner && sim_roll(sim, 4) != 0)
        meaning->verb = step->state == 'O'   ? (sim_roll(sim, 4) == 0 ? MODEL_REFUSE : MODEL_ACCEPT)
                        : step->state == 'A' ? (sim_roll(sim, 3) == 0   ? MODEL_SUSPEND
                                                : sim_roll(sim, 9) == 0 ? MODEL_FAIL
                                                                        : MODEL_COMPLETE)
                        : step->state == 'S' ? MODEL_RESUME
                                             : meaning->verb;
}

// A partner that was asked to coordinate mostly answers; a holder mostly offers a returned step
// again.
static void
mean_plan(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.plan_count);
    for (size_t i = 1; i <= sim->model.plan_count; i++)
        if (sim->model.plans[i].asked == client->partner && sim_roll(sim, 2) == 0) {
            meaning->verb = sim_roll(sim, 4) == 0 ? MODEL_DECLINE : MODEL_TAKE;
            meaning->number = i;
        }
    for (size_t i = 1; meaning->verb == MODEL_ASK && i <= sim->model.plan_count; i++)
        if (sim->model.plans[i].holder == client->partner && sim_roll(sim, 2) == 0)
            meaning->number = i;
    for (size_t i = 1; meaning->verb == MODEL_OFFER && i <= sim->model.step_count; i++) {
        const ModelStep *step = &sim->model.steps[i];
        if (step->state == 'R' && sim->model.plans[step->plan].holder == client->partner) {
            meaning->number = step->plan;
            meaning->kind = step->kind;
        }
    }
}

// A partner mostly corrects or withdraws a signal of its own.
static void
mean_own_signal(Sim *sim, ModelCommand *meaning)
{
    for (size_t tries = 0; tries < 12 && sim->model.fact_count > 0; tries++) {
        const size_t number = 1 + (size_t)sim_roll(sim, sim->model.fact_count);
        if (sim->model.facts[number].source == meaning->actor &&
            sim->model.facts[number].kind <= MODEL_WORRY)
            meaning->number = number;
    }
}

// A coordinator goes away, stays away longer, comes back, or leaves.
static void
mean_absence(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.plan_count);
    for (size_t i = 1; i <= sim->model.plan_count; i++) {
        const ModelPlan *plan = &sim->model.plans[i];
        const bool coordinates =
            meaning->verb != MODEL_BACK && plan->coordinator == client->partner;
        if ((coordinates || plan->away == client->partner) && sim_roll(sim, 3) != 0)
            meaning->number = i;
    }
    if (meaning->verb == MODEL_AWAY)
        meaning->until_ms =
            sim_roll(sim, 10) == 0 ? 1 : sim->now_ms + (int64_t)sim_roll(sim, 6 * 86400000);
    if (sim_roll(sim, 2) == 0)
        meaning->to = 0;
}

// A verb that fits the partner: it was asked, is away, coordinates, or could ask another.
static ModelVerb
about_coordination(Sim *sim, const Client *client)
{
    bool asked = false, away = false, coordinates = false;
    for (size_t i = 1; i <= sim->model.plan_count; i++) {
        const ModelPlan *plan = &sim->model.plans[i];
        asked = asked || plan->asked == client->partner;
        away = away || plan->away == client->partner;
        coordinates = coordinates || plan->coordinator == client->partner;
    }
    if (asked && sim_roll(sim, 2) == 0)
        return MODEL_TAKE;
    if (away && sim_roll(sim, 2) == 0)
        return MODEL_BACK;
    if ((away || coordinates) && sim_roll(sim, 2) == 0)
        return sim_roll(sim, 3) == 0 ? MODEL_LEAVE : MODEL_AWAY;
    return MODEL_ASK;
}

// A delivery that the partner has seen, mostly a late one; at times one that was never given.
static void
mean_delivery(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = MODEL_NEVER;
    if (client->told_count == 0 || sim_roll(sim, 30) == 0)
        return;
    const size_t late = client->told_count < 8 ? client->told_count : 8;
    meaning->number = client->told_count - (size_t)sim_roll(sim, late);
    meaning->plan = client->told[meaning->number - 1].plan;
    meaning->noted = client->told[meaning->number - 1].noted;
    meaning->apart = client->told[meaning->number - 1].apart;
}

// A rejected delivery: the partner's own by its number, another's by the matter, if there is one.
static void
mean_rejected(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = MODEL_NEVER;
    for (size_t tries = 0; tries < 8 && sim->model.rejected_count > 0; tries++) {
        const struct ModelRejected *rejected =
            &sim->model.rejections[sim_roll(sim, sim->model.rejected_count)];
        const bool own = rejected->partner == client->partner;
        if (!own && rejected->matter == 0)
            continue;
        meaning->number = own ? rejected->n : 0;
        meaning->matter = own && sim_roll(sim, 2) == 0 ? 0 : rejected->matter;
        if (rejected->open)
            return;
    }
}

// A verb that fits a partner with deliveries, or with a part in a rejected one.
static ModelVerb
about_deliveries(Sim *sim, const Client *client)
{
    bool concerned = false;
    for (size_t i = 0; i < sim->model.rejected_count; i++) {
        const struct ModelRejected *rejected = &sim->model.rejections[i];
        const bool holds =
            rejected->plan != 0 && sim->model.plans[rejected->plan].holder == client->partner;
        concerned =
            concerned || (rejected->open && (rejected->partner == client->partner || holds));
    }
    if (concerned && sim_roll(sim, 2) == 0)
        return sim_roll(sim, 2) == 0 ? MODEL_RESEND : MODEL_GIVE_UP;
    return MODEL_REJECT;
}

// The verb: any, but mostly one that fits the partner.
static ModelVerb
some_verb(Sim *sim, const Client *client, ModelVerb any)
{
    const bool signals = client->partner == CITY_CORPORATIE || client->partner == CITY_WELZIJN;
    if (signals && sim_roll(sim, 4) == 0)
        return MODEL_SIGNAL;
    if (sim_roll(sim, 12) == 0)
        return about_deliveries(sim, client);
    if (sim_roll(sim, 4) == 0)
        return about_coordination(sim, client);
    if (sim_roll(sim, 3) != 0)
        return client->partner == CITY_GEMEENTE && sim_roll(sim, 3) == 0 ? MODEL_OFFER
                                                                         : MODEL_ACCEPT;
    return any;
}

// Chooses what the verb is about.
static void
mean_subject(Sim *sim, const Client *client, ModelCommand *meaning)
{
    switch (meaning->verb) {
    case MODEL_SIGNAL:
        meaning->person_count = 1 + (size_t)sim_roll(sim, 2);
        for (size_t i = 0; i < meaning->person_count; i++)
            meaning->persons[i] = (size_t)sim_roll(sim, MODEL_PERSONS);
        break;
    case MODEL_WITHDRAW_SIGNAL:
    case MODEL_CORRECT_SIGNAL:
        meaning->number = some(sim, sim->model.fact_count);
        mean_own_signal(sim, meaning);
        break;
    case MODEL_OFFER:
    case MODEL_ASK:
    case MODEL_TAKE:
    case MODEL_DECLINE:
        mean_plan(sim, client, meaning);
        break;
    case MODEL_LEAVE:
    case MODEL_AWAY:
    case MODEL_BACK:
        mean_absence(sim, client, meaning);
        break;
    case MODEL_REJECT:
        mean_delivery(sim, client, meaning);
        break;
    case MODEL_RESEND:
    case MODEL_GIVE_UP:
        mean_rejected(sim, client, meaning);
        break;
    case MODEL_CLOSE:
        meaning->number =
            sim_roll(sim, 3) == 0 ? some(sim, sim->model.plan_count) : sim->model.plan_count + 1;
        break;
    case MODEL_ACCEPT:
    case MODEL_REFUSE:
    case MODEL_COMPLETE:
    case MODEL_FAIL:
    case MODEL_SUSPEND:
    case MODEL_RESUME:
    case MODEL_DROP:
    case MODEL_WITHDRAW:
        mean_step(sim, client, meaning);
        break;
    case MODEL_VERBS:
        unhandled("no verb");
    }
}

ModelCommand
sim_intent(Sim *sim, const Client *client)
{
    ModelCommand meaning = {.actor = client->partner,
                            .verb = (ModelVerb)sim_roll(sim, MODEL_VERBS)};
    meaning.debts = sim_roll(sim, 3) != 0;
    meaning.timely = sim_roll(sim, 8) != 0;
    meaning.amount = sim_roll(sim, 4);
    meaning.crisis = sim_roll(sim, 12) == 0;
    meaning.fact = client->partner == CITY_WELZIJN ? MODEL_WORRY : MODEL_ARREARS;
    meaning.kind = (ModelKind)sim_roll(sim, MODEL_STEP_KINDS);
    meaning.to = 1 + (uint32_t)sim_roll(sim, CLIENTS);
    meaning.verb = some_verb(sim, client, meaning.verb);
    mean_subject(sim, client, &meaning);
    return meaning;
}
