// SPDX-License-Identifier: EUPL-1.2
// Several partners over lines that lose, repeat and break, a ledger that crashes in the middle of
// its writes, and a plain model beside it: seed by seed, everything is compared after every turn.
// KETEN_SEED: the first seed; KETEN_SEEDS: how many. Must never know: sockets, files.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/assert.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/ledger/ledger.h"
#include "daemon/ledger/load_plan.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/journal_memory.h"
#include "tests/fixture/model.h"
#include "tests/fixture/zone.h"

enum { CLIENTS = CITY_PARTNERS, OUTBOX = 240, LINE = 64, OPS = 64, STEPS_PER_SEED = 400 };
#define NOT_DUE    SIZE_MAX
#define SILENT_ONE CITY_WELZIJN // a time of silence is agreed with it
#define SILENT_MS  (9 * 3600000LL)

typedef struct Sent {
    ModelCommand meaning;
    uint8_t *bytes; // the packed Command
    size_t length;
    uint8_t *answer; // the first answer, packed; NULL until there is one
    size_t answer_length;
    bool recorded; // that answer is a record: it never changes
    uint64_t position;
    uint8_t leaf[32];
} Sent;

typedef struct Client {
    uint32_t partner;
    bool connected;
    Sent outbox[OUTBOX];
    size_t sent_count;
    size_t line[LINE]; // indexes into outbox on their way, oldest first; OUTBOX: an acknowledgement
    size_t line_count;
    size_t resend_from; // everything before it was answered
    uint64_t processed, acknowledged;
    uint64_t position;   // the last one told
    uint64_t *positions; // of delivery n, by n - 1: what was delivered once stays the same
    struct Told {
        uint64_t plan;
        bool noted; // it tells of rejected ones only
        bool apart; // it is feedback
    } * told;       // likewise
    size_t position_count, position_room, told_room;
} Client;

typedef struct Op {
    size_t fired_plan; // 0: a command
    const ModelCommand *command;
    int64_t now_ms;
} Op;

typedef struct Totals {
    uint64_t allowed[MODEL_VERBS];
    uint64_t silent; // turns after which the one was flagged
    uint64_t commands, refused, duplicates, crashes, broken_writes, deliveries, fired, turns,
        restored, feedbacks, repeats;
} Totals;

typedef struct Sim {
    uint64_t seed, random;
    JournalMemory *memory;
    Secrets *secrets;
    Ledger *ledger;
    Arena config, arena;
    Model model, durable;
    Client clients[CLIENTS];
    int64_t now_ms;
    Op ops[OPS]; // of this turn, those that made a record, in order
    size_t op_count;
    Totals *totals;
} Sim;

static uint64_t
roll(Sim *sim, uint64_t sides)
{
    sim->random ^= sim->random << 13;
    sim->random ^= sim->random >> 7;
    sim->random ^= sim->random << 17;
    return (sim->random >> 11) % sides;
}

#define CHECK(sim, condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "KETEN_SEED=%" PRIu64 " KETEN_SEEDS=1: ", (sim)->seed);                \
            fail_msg(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

// ---- persons and messages
// -------------------------------------------------------------------------------------------

// The index-th number that passes the 11-proef, from a range that is not given out.
static void
bsn_of(size_t index, char ret[10])
{
    for (uint32_t number = 999900000, found = 0;; number++) {
        uint32_t sum = 0, rest = number;
        for (uint32_t weight = 1; weight <= 9; weight++, rest /= 10)
            sum += rest % 10 * (weight == 1 ? 10 : weight); // -1 is 10 modulo 11
        if (sum % 11 == 0 && found++ == index) {
            snprintf(ret, 10, "%u", number);
            return;
        }
    }
}

static void *
made(Arena *arena, const ProtobufCMessageDescriptor *type)
{
    void *message = arena_take(arena, type->sizeof_message);
    protobuf_c_message_init(type, message);
    return message;
}

typedef struct StepForm {
    ModelVerb verb;
    Keten__V1__Command__BodyCase body;
    const ProtobufCMessageDescriptor *type;
    size_t reason_at;
} StepForm;

// All these start with step and version, as StepAccept does.
static const StepForm step_forms[] = {
    {MODEL_ACCEPT, KETEN__V1__COMMAND__BODY_STEP_ACCEPT, &keten__v1__step_accept__descriptor, 0},
    {MODEL_REFUSE, KETEN__V1__COMMAND__BODY_STEP_REFUSE, &keten__v1__step_refuse__descriptor,
     offsetof(Keten__V1__StepRefuse, reason)},
    {MODEL_COMPLETE, KETEN__V1__COMMAND__BODY_STEP_COMPLETE, &keten__v1__step_complete__descriptor,
     0},
    {MODEL_FAIL, KETEN__V1__COMMAND__BODY_STEP_FAIL, &keten__v1__step_fail__descriptor,
     offsetof(Keten__V1__StepFail, reason)},
    {MODEL_SUSPEND, KETEN__V1__COMMAND__BODY_STEP_SUSPEND, &keten__v1__step_suspend__descriptor, 0},
    {MODEL_RESUME, KETEN__V1__COMMAND__BODY_STEP_RESUME, &keten__v1__step_resume__descriptor, 0},
    {MODEL_DROP, KETEN__V1__COMMAND__BODY_STEP_DROP, &keten__v1__step_drop__descriptor,
     offsetof(Keten__V1__StepDrop, reason)},
    {MODEL_WITHDRAW, KETEN__V1__COMMAND__BODY_STEP_WITHDRAW, &keten__v1__step_withdraw__descriptor,
     offsetof(Keten__V1__StepWithdraw, reason)},
};

static const char *const partner_names[] = {"", "gemeente", "corporatie", "welzijn", "uwv"};
static const char *const kind_names[] = {"assess", "visit", "work"};

static void
fill_completion(Sim *sim, Keten__V1__StepComplete *body, const ModelCommand *meaning)
{
    static const char *const facts[][3] = {{"assessment", "outcome", "no-debts"},
                                           {"intake", "score", "2"},
                                           {"profile", "ready", "yes"}};
    const ModelKind kind = meaning->number <= sim->model.step_count
                               ? sim->model.steps[meaning->number].kind
                               : MODEL_ASSESS;
    Keten__V1__NewFact *fact = made(&sim->arena, &keten__v1__new_fact__descriptor);
    fact->kind = (char *)(uintptr_t)facts[kind][0];
    city_field(&sim->arena, &fact->fields, &fact->n_fields, facts[kind][1],
               kind == MODEL_ASSESS && meaning->debts ? "debts" : facts[kind][2]);
    if (kind == MODEL_ASSESS)
        city_field(&sim->arena, &fact->fields, &fact->n_fields, "told", "yes");
    body->n_facts = 1;
    body->facts = arena_take(&sim->arena, sizeof *body->facts);
    body->facts[0] = fact;
}

static Command *
step_message(Sim *sim, const ModelCommand *meaning)
{
    for (size_t i = 0; i < sizeof step_forms / sizeof step_forms[0]; i++) {
        const StepForm *form = &step_forms[i];
        if (form->verb != meaning->verb)
            continue;
        Command *command = city_command(&sim->arena);
        void *body = made(&sim->arena, form->type);
        ((Keten__V1__StepAccept *)body)->step = meaning->number;
        ((Keten__V1__StepAccept *)body)->version = meaning->version;
        if (form->reason_at != 0)
            *(char **)((char *)body + form->reason_at) = (char *)"capacity";
        if (form->verb == MODEL_COMPLETE)
            fill_completion(sim, body, meaning);
        if (form->verb == MODEL_SUSPEND)
            ((Keten__V1__StepSuspend *)body)->until_ms =
                meaning->timely ? sim->now_ms + 40 * 86400000LL : 1;
        command->body_case = form->body;
        command->step_accept = body;
        return command;
    }
    return NULL;
}

// As city_signal has it, with an amount and a crisis of the command's own.
static Command *
signal_form(Sim *sim, const ModelCommand *meaning)
{
    Command *command = city_signal(
        &sim->arena, meaning->fact == MODEL_ARREARS ? "arrears" : "worry", meaning->person_count);
    Keten__V1__Signal *signal = command->signal;
    if (meaning->fact != MODEL_ARREARS)
        return command;
    ASSERT(strcmp(signal->fields[1]->name, "amount") == 0);
    signal->fields[1]->value = arena_format(&sim->arena, "%" PRIu64, 450 + meaning->amount);
    if (meaning->crisis)
        city_field(&sim->arena, &signal->fields, &signal->n_fields, "eviction", "yes");
    return command;
}

static Command *
correct_message(Sim *sim, const ModelCommand *meaning)
{
    const Keten__V1__Signal *form = signal_form(sim, meaning)->signal;
    Command *command = city_command(&sim->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT;
    command->signal_correct = made(&sim->arena, &keten__v1__signal_correct__descriptor);
    command->signal_correct->signal = meaning->number;
    command->signal_correct->fields = form->fields;
    command->signal_correct->n_fields = form->n_fields;
    return command;
}

static Command *
signal_message(Sim *sim, const ModelCommand *meaning)
{
    Command *command = signal_form(sim, meaning);
    command->signal->persons = arena_take(&sim->arena, 2 * sizeof(char *));
    for (size_t i = 0; i < meaning->person_count; i++) {
        command->signal->persons[i] = arena_take(&sim->arena, 10);
        bsn_of(meaning->persons[i], command->signal->persons[i]);
    }
    return command;
}

static Command *
plan_message(Sim *sim, const ModelCommand *meaning)
{
    Command *command = city_command(&sim->arena);
    switch (meaning->verb) {
    case MODEL_CORRECT_SIGNAL:
        return correct_message(sim, meaning);
    case MODEL_WITHDRAW_SIGNAL:
        command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
        command->signal_withdraw = made(&sim->arena, &keten__v1__signal_withdraw__descriptor);
        command->signal_withdraw->signal = meaning->number;
        command->signal_withdraw->reason = (char *)"paid";
        break;
    case MODEL_OFFER:
        command->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
        command->step_offer = made(&sim->arena, &keten__v1__step_offer__descriptor);
        command->step_offer->plan = meaning->number;
        command->step_offer->kind = (char *)(uintptr_t)kind_names[meaning->kind];
        command->step_offer->partner = (char *)(uintptr_t)partner_names[meaning->to];
        break;
    case MODEL_ASK:
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
        command->coordinator_offer = made(&sim->arena, &keten__v1__coordinator_offer__descriptor);
        command->coordinator_offer->plan = meaning->number;
        command->coordinator_offer->partner = (char *)(uintptr_t)partner_names[meaning->to];
        command->coordinator_offer->worker = (char *)"Sanne";
        break;
    case MODEL_TAKE:
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
        command->coordinator_accept = made(&sim->arena, &keten__v1__coordinator_accept__descriptor);
        command->coordinator_accept->plan = meaning->number;
        break;
    case MODEL_DECLINE:
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE;
        command->coordinator_refuse = made(&sim->arena, &keten__v1__coordinator_refuse__descriptor);
        command->coordinator_refuse->plan = meaning->number;
        command->coordinator_refuse->reason = (char *)"capacity";
        break;
    case MODEL_LEAVE:
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE;
        command->coordinator_leave = made(&sim->arena, &keten__v1__coordinator_leave__descriptor);
        command->coordinator_leave->plan = meaning->number;
        command->coordinator_leave->reason = (char *)"capacity";
        break;
    case MODEL_AWAY:
    case MODEL_BACK:
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
        command->coordinator_absent = made(&sim->arena, &keten__v1__coordinator_absent__descriptor);
        command->coordinator_absent->plan = meaning->number;
        command->coordinator_absent->until_ms = meaning->until_ms;
        if (meaning->verb == MODEL_AWAY && meaning->to != 0) {
            command->coordinator_absent->partner = (char *)(uintptr_t)partner_names[meaning->to];
            command->coordinator_absent->worker = (char *)"Sanne";
        }
        break;
    case MODEL_CLOSE:
        command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
        command->plan_close = made(&sim->arena, &keten__v1__plan_close__descriptor);
        command->plan_close->plan = meaning->number;
        command->plan_close->reason = (char *)"solved";
        break;
    case MODEL_REJECT:
        command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
        command->delivery_reject = made(&sim->arena, &keten__v1__delivery_reject__descriptor);
        command->delivery_reject->history = 1;
        command->delivery_reject->n = meaning->number;
        command->delivery_reject->reason = (char *)"not-processable";
        break;
    case MODEL_RESEND:
        command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_RESEND;
        command->delivery_resend = made(&sim->arena, &keten__v1__delivery_resend__descriptor);
        command->delivery_resend->n = meaning->number;
        command->delivery_resend->matter = meaning->matter;
        break;
    case MODEL_GIVE_UP:
        command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP;
        command->delivery_give_up = made(&sim->arena, &keten__v1__delivery_give_up__descriptor);
        command->delivery_give_up->n = meaning->number;
        command->delivery_give_up->matter = meaning->matter;
        command->delivery_give_up->reason = (char *)"no-need";
        break;
    default:
        unhandled("verb of the simulation");
    }
    return command;
}

static void
stream_of(uint32_t partner, uint8_t ret[16])
{
    memset(ret, 0, 16);
    ret[0] = (uint8_t)partner;
    ret[15] = 0x5e;
}

static void
pack_sent(Sim *sim, Client *client, Sent *sent)
{
    Command *command = step_message(sim, &sent->meaning);
    if (command == NULL)
        command = sent->meaning.verb == MODEL_SIGNAL ? signal_message(sim, &sent->meaning)
                                                     : plan_message(sim, &sent->meaning);
    command->id = made(&sim->arena, &keten__v1__command_id__descriptor);
    command->id->stream = (ProtobufCBinaryData){16, arena_take(&sim->arena, 16)};
    stream_of(client->partner, command->id->stream.data);
    command->id->number = (uint64_t)(sent - client->outbox) + 1;
    const ProtobufCBinaryData packed = message_pack(&command->base, &sim->arena);
    sent->length = packed.len;
    sent->bytes = malloc(packed.len);
    ASSERT(sent->bytes != NULL);
    memcpy(sent->bytes, packed.data, packed.len);
}

// ---- what a partner does
// ----------------------------------------------------------------------------------------------

static size_t
some(Sim *sim, size_t count)
{
    // Mostly a recent one; sometimes one that is not there at all.
    if (count == 0 || roll(sim, 40) == 0)
        return count + 1;
    const size_t back = (size_t)roll(sim, count < 6 ? count : 6);
    return count - back;
}

// What came back lies with who holds the plan.
static void
mean_drop(Sim *sim, ModelCommand *meaning)
{
    for (size_t i = 1; i <= sim->model.step_count; i++)
        if (sim->model.steps[i].state == 'R' &&
            sim->model.plans[sim->model.steps[i].plan].holder == meaning->actor)
            meaning->number = i;
}

static void
mean_step(Sim *sim, Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.step_count);
    if (meaning->verb == MODEL_DROP) {
        mean_drop(sim, meaning);
        return;
    }
    // Looking for one's own work first, as people do.
    for (size_t tries = 0; tries < 12 && meaning->number <= sim->model.step_count &&
                           (sim->model.steps[meaning->number].owner != client->partner ||
                            strchr("OAS", sim->model.steps[meaning->number].state) == NULL);
         tries++)
        meaning->number = 1 + (size_t)roll(sim, sim->model.step_count);
    if (meaning->number > sim->model.step_count)
        return;
    const ModelStep *step = &sim->model.steps[meaning->number];
    meaning->version = roll(sim, 3) == 0    ? step->version
                       : roll(sim, 12) == 0 ? step->version - 1
                                            : 0;
    // A partner that looks first chooses what fits; the others try.
    if (step->owner == client->partner && roll(sim, 4) != 0)
        meaning->verb = step->state == 'O'   ? (roll(sim, 4) == 0 ? MODEL_REFUSE : MODEL_ACCEPT)
                        : step->state == 'A' ? (roll(sim, 3) == 0   ? MODEL_SUSPEND
                                                : roll(sim, 9) == 0 ? MODEL_FAIL
                                                                    : MODEL_COMPLETE)
                        : step->state == 'S' ? MODEL_RESUME
                                             : meaning->verb;
}

// Whoever was asked to coordinate mostly answers; what came back is mostly offered again.
static void
mean_plan(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.plan_count);
    for (size_t i = 1; i <= sim->model.plan_count; i++)
        if (sim->model.plans[i].asked == client->partner && roll(sim, 2) == 0) {
            meaning->verb = roll(sim, 4) == 0 ? MODEL_DECLINE : MODEL_TAKE;
            meaning->number = i;
        }
    for (size_t i = 1; meaning->verb == MODEL_ASK && i <= sim->model.plan_count; i++)
        if (sim->model.plans[i].holder == client->partner && roll(sim, 2) == 0)
            meaning->number = i;
    for (size_t i = 1; meaning->verb == MODEL_OFFER && i <= sim->model.step_count; i++) {
        const ModelStep *step = &sim->model.steps[i];
        if (step->state == 'R' && sim->model.plans[step->plan].holder == client->partner) {
            meaning->number = step->plan;
            meaning->kind = step->kind;
        }
    }
}

// A partner mostly speaks of a signal of its own.
static void
mean_own_signal(Sim *sim, ModelCommand *meaning)
{
    for (size_t tries = 0; tries < 12 && sim->model.fact_count > 0; tries++) {
        const size_t number = 1 + (size_t)roll(sim, sim->model.fact_count);
        if (sim->model.facts[number].source == meaning->actor &&
            sim->model.facts[number].kind <= MODEL_WORRY)
            meaning->number = number;
    }
}

// Who coordinates goes away, stays away longer, comes back, or lays it down.
static void
mean_absence(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = some(sim, sim->model.plan_count);
    for (size_t i = 1; i <= sim->model.plan_count; i++) {
        const ModelPlan *plan = &sim->model.plans[i];
        const bool coordinates =
            meaning->verb != MODEL_BACK && plan->coordinator == client->partner;
        if ((coordinates || plan->away == client->partner) && roll(sim, 3) != 0)
            meaning->number = i;
    }
    if (meaning->verb == MODEL_AWAY)
        meaning->until_ms = roll(sim, 10) == 0 ? 1 : sim->now_ms + (int64_t)roll(sim, 6 * 86400000);
    if (roll(sim, 2) == 0)
        meaning->to = 0;
}

// What fits whoever is asked, is away, coordinates, or could ask.
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
    if (asked && roll(sim, 2) == 0)
        return MODEL_TAKE;
    if (away && roll(sim, 2) == 0)
        return MODEL_BACK;
    if ((away || coordinates) && roll(sim, 2) == 0)
        return roll(sim, 3) == 0 ? MODEL_LEAVE : MODEL_AWAY;
    return MODEL_ASK;
}

// One of those that it has seen, mostly a late one; at times one that was never given.
static void
mean_delivery(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = MODEL_NEVER;
    if (client->position_count == 0 || roll(sim, 30) == 0)
        return;
    const size_t late = client->position_count < 8 ? client->position_count : 8;
    meaning->number = client->position_count - (size_t)roll(sim, late);
    meaning->plan = client->told[meaning->number - 1].plan;
    meaning->noted = client->told[meaning->number - 1].noted;
    meaning->apart = client->told[meaning->number - 1].apart;
}

// Its own by number; another's by the matter, if there is one.
static void
mean_rejected(Sim *sim, const Client *client, ModelCommand *meaning)
{
    meaning->number = MODEL_NEVER;
    for (size_t tries = 0; tries < 8 && sim->model.rejected_count > 0; tries++) {
        const struct ModelRejected *rejected =
            &sim->model.rejections[roll(sim, sim->model.rejected_count)];
        const bool own = rejected->partner == client->partner;
        if (!own && rejected->matter == 0)
            continue;
        meaning->number = own ? rejected->n : 0;
        meaning->matter = own && roll(sim, 2) == 0 ? 0 : rejected->matter;
        if (rejected->open)
            return;
    }
}

// What fits whoever has deliveries, or something to do with one that was rejected.
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
    if (concerned && roll(sim, 2) == 0)
        return roll(sim, 2) == 0 ? MODEL_RESEND : MODEL_GIVE_UP;
    return MODEL_REJECT;
}

static ModelCommand
mean_something(Sim *sim, Client *client)
{
    ModelCommand meaning = {.actor = client->partner, .verb = (ModelVerb)roll(sim, MODEL_VERBS)};
    meaning.debts = roll(sim, 3) != 0;
    meaning.timely = roll(sim, 8) != 0;
    meaning.amount = roll(sim, 4);
    meaning.crisis = roll(sim, 12) == 0;
    meaning.fact = client->partner == CITY_WELZIJN ? MODEL_WORRY : MODEL_ARREARS;
    meaning.kind = (ModelKind)roll(sim, MODEL_STEP_KINDS);
    meaning.to = 1 + (uint32_t)roll(sim, CLIENTS);
    const bool signals = client->partner == CITY_CORPORATIE || client->partner == CITY_WELZIJN;
    if (signals && roll(sim, 4) == 0)
        meaning.verb = MODEL_SIGNAL;
    else if (roll(sim, 12) == 0)
        meaning.verb = about_deliveries(sim, client);
    else if (roll(sim, 4) == 0)
        meaning.verb = about_coordination(sim, client);
    else if (roll(sim, 3) != 0)
        meaning.verb =
            client->partner == CITY_GEMEENTE && roll(sim, 3) == 0 ? MODEL_OFFER : MODEL_ACCEPT;
    switch (meaning.verb) {
    case MODEL_SIGNAL:
        meaning.person_count = 1 + (size_t)roll(sim, 2);
        for (size_t i = 0; i < meaning.person_count; i++)
            meaning.persons[i] = (size_t)roll(sim, MODEL_PERSONS);
        break;
    case MODEL_WITHDRAW_SIGNAL:
    case MODEL_CORRECT_SIGNAL:
        meaning.number = some(sim, sim->model.fact_count);
        mean_own_signal(sim, &meaning);
        break;
    case MODEL_OFFER:
    case MODEL_ASK:
    case MODEL_TAKE:
    case MODEL_DECLINE:
        mean_plan(sim, client, &meaning);
        break;
    case MODEL_LEAVE:
    case MODEL_AWAY:
    case MODEL_BACK:
        mean_absence(sim, client, &meaning);
        break;
    case MODEL_REJECT:
        mean_delivery(sim, client, &meaning);
        break;
    case MODEL_RESEND:
    case MODEL_GIVE_UP:
        mean_rejected(sim, client, &meaning);
        break;
    case MODEL_CLOSE:
        meaning.number =
            roll(sim, 3) == 0 ? some(sim, sim->model.plan_count) : sim->model.plan_count + 1;
        break;
    default:
        mean_step(sim, client, &meaning);
        break;
    }
    return meaning;
}

static void
put_on_line(Client *client, size_t what)
{
    if (client->connected && client->line_count < LINE)
        client->line[client->line_count++] = what;
    else if (client->connected) {
        client->connected = false; // a line that is full breaks
        client->line_count = 0;
    }
}

static void
act(Sim *sim, Client *client)
{
    if (client->sent_count == OUTBOX || sim->model.plan_count + 8 > MODEL_PLANS ||
        sim->model.step_count + 8 > MODEL_STEPS || sim->model.fact_count + 8 > MODEL_SIGNALS)
        return;
    Sent *sent = &client->outbox[client->sent_count];
    *sent = (Sent){.meaning = mean_something(sim, client)};
    pack_sent(sim, client, sent);
    put_on_line(client, client->sent_count++);
    sim->totals->commands++;
}

static void
resend(Sim *sim, Client *client)
{
    if (client->sent_count > 0 && client->connected)
        put_on_line(client, (size_t)roll(sim, client->sent_count) < client->resend_from
                                ? (size_t)roll(sim, client->resend_from)
                                : client->resend_from);
}

static void
break_line(Client *client)
{
    client->connected = false;
    client->line_count = 0;
}

// Commands without an answer come again, in order.
static void
connect_again(Client *client)
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

// ---- the ledger, its turns and its crashes
// ----------------------------------------------------------------------------

static void
load_config(Sim *sim)
{
    Fault fault;
    for (uint32_t i = 1; i <= CLIENTS; i++) {
        PartnerRow *row = made(&sim->config, &keten__v1__partner_row__descriptor);
        PartnerKey *key = made(&sim->config, &keten__v1__partner_key__descriptor);
        row->name = (char *)(uintptr_t)partner_names[i];
        key->key = (ProtobufCBinaryData){32, arena_take(&sim->config, 32)};
        key->key.data[0] = (uint8_t)i;
        row->n_keys = 1;
        row->keys = arena_take(&sim->config, sizeof *row->keys);
        row->keys[0] = key;
        CHECK(sim, ledger_load_partner(sim->ledger, row, sim->now_ms, &fault) == KT_OK,
              "partner: %s", fault.detail);
    }
    Arrangement *city = city_arrangement(&sim->config);
    if (sim->seed % 2 == 0)
        city->feedback_after = city->return_within;
    Keten__V1__Term *agreed = made(&sim->config, &keten__v1__term__descriptor);
    agreed->count = SILENT_MS / 3600000;
    agreed->unit = KETEN__V1__TERM_UNIT__TERM_HOURS;
    city->partners[SILENT_ONE - 1]->silent_after = agreed;
    CHECK(sim, ledger_load_arrangement(sim->ledger, city, sim->now_ms, &fault) == KT_OK,
          "arrangement: %s", fault.detail);
    CHECK(sim, ledger_commit(sim->ledger, &fault) == KT_OK, "commit: %s", fault.detail);
    ledger_turn_done(sim->ledger);
}

static Ledger *
open_ledger(Sim *sim)
{
    Fault fault;
    State *state = NULL;
    Ledger *ledger = NULL;
    CHECK(sim, state_open(&(StateOptions){0}, &state, &fault) == KT_OK, "state: %s", fault.detail);
    const LedgerOptions options = {.journal = journal_memory_open(sim->memory),
                                   .state = state,
                                   .secrets = sim->secrets,
                                   .zone = zone_fixture(),
                                   .driven = true,
                                   .start_ms = 1293840000000};
    CHECK(sim, ledger_open(&options, &ledger, &fault) == KT_OK, "ledger: %s", fault.detail);
    return ledger;
}

// Which matter a plan has of a rejected delivery, and when the term of one without ends.
static void
sync_rejections(Sim *sim)
{
    for (size_t i = 0; i < sim->model.rejected_count; i++) {
        struct ModelRejected *rejected = &sim->model.rejections[i];
        KtCode code;
        const Key key = key_u64(key_u32(key_of(TABLE_REJECTED), rejected->partner), rejected->n);
        const DeadRow *row = state_message(ledger_state(sim->ledger), &key,
                                           &keten__v1__dead_row__descriptor, &sim->arena, &code);
        CHECK(sim, row != NULL && code == KT_OK, "delivery %zu of %u should be dead", rejected->n,
              rejected->partner);
        CHECK(sim, (row->matter != 0) == (rejected->plan != 0),
              "delivery %zu of %u: a matter or not", rejected->n, rejected->partner);
        const bool ended = row->outcome[0] != '\0' ||
                           (rejected->plan != 0 && !sim->model.plans[rejected->plan].open);
        CHECK(sim, ended == !rejected->open, "delivery %zu of %u: settled or not", rejected->n,
              rejected->partner);
        CHECK(sim, (row->due_ms != 0) == (rejected->open && rejected->plan == 0),
              "delivery %zu of %u: a term or not", rejected->n, rejected->partner);
        rejected->matter = row->matter;
        if (row->due_ms != 0)
            rejected->due_ms = row->due_ms;
    }
}

static void
sync_matters(Sim *sim, const Plan *real)
{
    int64_t *first_ms = &sim->model.plans[real->row.plan].matters_ms;
    *first_ms = 0;
    for (size_t i = 0; i < real->matter_count; i++) {
        const MatterRow *matter = real->matters[i];
        if (*first_ms == 0 || matter->due_ms < *first_ms)
            *first_ms = matter->due_ms;
        for (size_t j = 0; j < sim->model.rejected_count; j++)
            if (sim->model.rejections[j].partner == matter->partner &&
                sim->model.rejections[j].n == matter->n)
                sim->model.rejections[j].turn = matter->turn;
    }
}

static void
sync_dues(Sim *sim)
{
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++) {
        Plan real;
        if (!sim->model.plans[plan].open && sim->model.plans[plan].feedback_ms == 0)
            continue;
        CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
        sim->model.plans[plan].feedback_ms = feedback_due_ms(&real.row);
        if (!sim->model.plans[plan].open)
            continue;
        sim->model.plans[plan].coordinator_ms = real.row.coordinator_due_ms;
        sim->model.plans[plan].review_ms = real.row.review_due_ms;
        sim->model.plans[plan].away_ms = real.row.absence == NULL ? 0 : real.row.absence->until_ms;
        for (size_t i = 0; i < real.step_count; i++)
            sim->model.steps[real.steps[i]->step].due_ms = real.steps[i]->due_ms;
        sync_matters(sim, &real);
    }
    sync_rejections(sim);
}

static const SilenceRow *
silence_of(Sim *sim, uint32_t partner)
{
    KtCode code;
    const Key key = key_u32(key_of(TABLE_SILENCE), partner);
    const SilenceRow *row = state_message(ledger_state(sim->ledger), &key,
                                          &keten__v1__silence_row__descriptor, &sim->arena, &code);
    CHECK(sim, code == KT_OK, "the silence of %u", partner);
    return row;
}

// An oracle of its own: whoever has something unprocessed is given the whole time from its last
// sign, or from when that began to wait, and at most a sixty-fourth more; then it is flagged.
static void
compare_term(Sim *sim, const SilenceRow *row)
{
    const int64_t sign = sim->model.sign_ms[SILENT_ONE], since = sim->model.waits_ms[SILENT_ONE];
    const int64_t from = sign > since ? sign : since;
    const int64_t latest = from > sim->model.alone_ms ? from : sim->model.alone_ms;
    if (row->state == KETEN__V1__SILENCE_STATE__SILENCE_SILENT) {
        CHECK(sim, row->silent_ms >= from + SILENT_MS, "flagged early: %lld after %lld",
              (long long)row->silent_ms, (long long)from);
        sim->totals->silent++;
    } else if (row->state == KETEN__V1__SILENCE_STATE__SILENCE_WATCHED) {
        CHECK(sim, row->due_ms >= from + SILENT_MS, "due early: %lld after %lld",
              (long long)row->due_ms, (long long)from);
        CHECK(sim, row->due_ms <= latest + SILENT_MS + SILENT_MS / 64, "due late: %lld after %lld",
              (long long)row->due_ms, (long long)from);
    }
}

static void
compare_silence(Sim *sim)
{
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        int64_t *waits_ms = &sim->model.waits_ms[partner];
        const bool waits =
            ledger_assigned(sim->ledger, partner) > ledger_acknowledged(sim->ledger, partner);
        if (!waits || *waits_ms == 0)
            *waits_ms = waits ? sim->now_ms : 0;
        const SilenceRow *row = silence_of(sim, partner);
        CHECK(sim, row == NULL || partner == SILENT_ONE, "%u is watched", partner);
        if (partner != SILENT_ONE || !waits)
            continue;
        CHECK(sim, row != NULL, "%u is not watched", partner);
        compare_term(sim, row);
    }
}

// Cursors pass over what was rejected, as far as they can.
static void
compare_cursors(Sim *sim)
{
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        const uint64_t cursor = ledger_acknowledged(sim->ledger, partner);
        for (size_t i = 0; i < sim->model.rejected_count; i++)
            CHECK(sim,
                  sim->model.rejections[i].partner != partner ||
                      sim->model.rejections[i].n != cursor + 1,
                  "the cursor of %u stands before a rejected delivery", partner);
    }
}

static char
message_of(StepState state)
{
    return "-WOASRCX"[state];
}

static void
compare_plan(Sim *sim, size_t plan)
{
    const ModelPlan *expected = &sim->model.plans[plan];
    Plan real;
    CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
    CHECK(sim, (real.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN) == expected->open,
          "p%zu open or not", plan);
    CHECK(sim, real.row.signals == expected->signals, "p%zu signals", plan);
    CHECK(sim, real.row.repeats == expected->repeats, "p%zu has %" PRIu64 " repeats, not %" PRIu64,
          plan, real.row.repeats, expected->repeats);
    if (!expected->open)
        return;
    const char *rule = plan_check(&real);
    CHECK(sim, rule == NULL, "p%zu: %s", plan, rule);
    CHECK(sim, plan_holder(&real) == expected->holder, "p%zu held by %u", plan, plan_holder(&real));
    CHECK(sim, real.row.offered_to == expected->asked, "p%zu asked %u", plan, real.row.offered_to);
    CHECK(sim, real.row.coordinator == expected->coordinator, "p%zu is coordinated by %u", plan,
          real.row.coordinator);
    CHECK(sim, (real.row.absence != NULL) == expected->is_away, "p%zu away or not", plan);
    CHECK(sim, real.row.absence == NULL || real.row.absence->partner == expected->away,
          "p%zu: %u is away", plan, real.row.absence->partner);
    size_t open = 0;
    for (size_t i = 1; i <= sim->model.step_count; i++) {
        const ModelStep *step = &sim->model.steps[i];
        if (step->plan != plan || strchr("WOASR", step->state) == NULL)
            continue;
        const StepRow *row = plan_step(&real, i);
        open++;
        CHECK(sim, row != NULL, "s%zu should be open (%c)", i, step->state);
        CHECK(sim, message_of(row->state) == step->state,
              "s%zu of p%zu is %c, not %c, due %lld at %lld", i, plan, message_of(row->state),
              step->state, (long long)row->due_ms, (long long)sim->now_ms);
        CHECK(sim, row->owner == step->owner, "s%zu owner", i);
        CHECK(sim, row->version == step->version, "s%zu version %u, not %u", i, row->version,
              step->version);
        CHECK(sim, row->accountable == model_accountable(&sim->model, step), "s%zu accountable", i);
    }
    CHECK(sim, open == real.step_count, "p%zu has %zu open steps, not %zu", plan, real.step_count,
          open);
    size_t matters = 0;
    for (size_t i = 0; i < sim->model.rejected_count; i++)
        matters += sim->model.rejections[i].plan == plan && sim->model.rejections[i].open;
    for (size_t i = 0; i < sim->model.question_count; i++)
        matters += sim->model.questions[i].plan == plan;
    CHECK(sim, matters == real.matter_count, "p%zu has %zu open matters, not %zu", plan,
          real.matter_count, matters);
}

static void
compare(Sim *sim)
{
    LedgerStatus status;
    ledger_status(sim->ledger, &status);
    CHECK(sim, status.plans == sim->model.plan_count, "%" PRIu64 " plans, not %zu", status.plans,
          sim->model.plan_count);
    CHECK(sim, status.steps == sim->model.step_count, "%" PRIu64 " steps, not %zu", status.steps,
          sim->model.step_count);
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++)
        compare_plan(sim, plan);
    compare_cursors(sim);
    compare_silence(sim);
}

static void
op(Sim *sim, size_t fired_plan, const ModelCommand *command)
{
    ASSERT(sim->op_count < OPS);
    sim->ops[sim->op_count++] = (Op){fired_plan, command, sim->now_ms};
}

// 0 is a timer about no plan; NOT_DUE: nothing is.
static size_t
first_due(Sim *sim)
{
    int64_t due = INT64_MAX;
    size_t first = NOT_DUE;
    for (size_t i = 1; i <= sim->model.step_count; i++) {
        const ModelStep *step = &sim->model.steps[i];
        if (strchr("WOASR", step->state) != NULL &&
            (step->due_ms < due || (step->due_ms == due && step->plan < first))) {
            due = step->due_ms;
            first = step->plan;
        }
    }
    for (size_t i = 1; i <= sim->model.plan_count; i++) {
        const ModelPlan *plan = &sim->model.plans[i];
        const int64_t own[] = {plan->feedback_ms, plan->review_ms, plan->coordinator_ms,
                               plan->away_ms, plan->matters_ms};
        for (size_t j = 0; j < (plan->open ? sizeof own / sizeof own[0] : 1); j++)
            if (own[j] != 0 && (own[j] < due || (own[j] == due && i < first))) {
                due = own[j];
                first = i;
            }
    }
    for (size_t i = 0; i < sim->model.rejected_count; i++) {
        const struct ModelRejected *rejected = &sim->model.rejections[i];
        if (rejected->open && rejected->plan == 0 &&
            (rejected->due_ms < due || (rejected->due_ms == due && first != 0))) {
            due = rejected->due_ms;
            first = 0;
        }
    }
    const SilenceRow *silence = silence_of(sim, SILENT_ONE);
    if (silence != NULL && silence->due_ms != 0 &&
        (silence->due_ms < due || (silence->due_ms == due && first != 0))) {
        due = silence->due_ms;
        first = 0;
    }
    return due <= sim->now_ms ? first : NOT_DUE;
}

static void
fire(Sim *sim)
{
    for (size_t plan; sim->op_count < 16 && (plan = first_due(sim)) != NOT_DUE;) {
        CHECK(sim, ledger_fire(sim->ledger, sim->now_ms, 1) == 1, "p%zu is due, and nothing fired",
              plan);
        model_pass(&sim->model, plan, sim->now_ms);
        op(sim, plan, NULL);
        sync_dues(sim);
        sim->totals->fired++;
    }
}

typedef struct Answered {
    Client *client;
    Sent *sent;
    Answer answer;
} Answered;

static Answered
take_command(Sim *sim, Client *client, Sent *sent)
{
    const Command *command =
        message_unpack(&keten__v1__command__descriptor, &sim->arena, sent->bytes, sent->length);
    ASSERT(command != NULL);
    const Answer answer = ledger_command(sim->ledger, client->partner, command, KT_EN, sim->now_ms);
    sim->totals->duplicates += answer.duplicate;
    // A number that was passed over cannot come back: what was refused without a record is for a
    // new number.
    const bool passed_over = answer.refusal != NULL && answer.refusal->code == KT_STREAM;
    CHECK(sim, !passed_over || sent + 1 < client->outbox + client->sent_count,
          "a new number was passed over");
    if (!answer.duplicate && !passed_over) {
        const Model before = sim->model;
        const bool allowed = model_do(&sim->model, &sent->meaning, sim->now_ms);
        CHECK(sim, allowed == (answer.receipt != NULL), "verb %d by %u on %zu: %s %u",
              sent->meaning.verb, client->partner, sent->meaning.number,
              allowed ? "should be allowed, got" : "should be refused",
              answer.refusal == NULL ? 0 : answer.refusal->code);
        const KtError *error = answer.refusal == NULL ? NULL : error_find(answer.refusal->code);
        const bool recorded = error == NULL || error->kind == KT_KIND_DECIDED;
        sim->totals->refused += error != NULL;
        sim->totals->allowed[sent->meaning.verb] += allowed;
        if (!recorded)
            sim->model = before;
        else
            op(sim, 0, &sent->meaning);
        sync_dues(sim);
    }
    return (Answered){client, sent, answer};
}

// The same command always gets the very same answer.
static void
give_answer(Sim *sim, const Answered *given)
{
    Sent *sent = given->sent;
    const ProtobufCMessage *message =
        given->answer.receipt != NULL ? &given->answer.receipt->base : &given->answer.refusal->base;
    const ProtobufCBinaryData packed = message_pack(message, &sim->arena);
    const bool recorded = given->answer.receipt != NULL || given->answer.refusal->position != 0;
    if (sent->answer != NULL && sent->recorded) {
        CHECK(sim,
              sent->answer_length == packed.len &&
                  memcmp(sent->answer, packed.data, packed.len) == 0,
              "another answer to the same command (number %zu of %u)",
              (size_t)(sent - given->client->outbox) + 1, given->client->partner);
        return;
    }
    if (!given->client->connected)
        return; // the answer is lost with the line; the command will come again
    free(sent->answer);
    sent->answer = malloc(packed.len + 1);
    ASSERT(sent->answer != NULL);
    memcpy(sent->answer, packed.data, packed.len);
    sent->recorded = recorded;
    sent->answer_length = packed.len;
    if (given->answer.receipt != NULL) {
        sent->position = given->answer.receipt->position;
        ASSERT(given->answer.receipt->leaf.len == sizeof sent->leaf);
        memcpy(sent->leaf, given->answer.receipt->leaf.data, sizeof sent->leaf);
    }
}

// After a restart: whatever was answered is there, and the model is put back to what was written.
static void
crash(Sim *sim, size_t kept)
{
    ledger_done(sim->ledger);
    sim->ledger = open_ledger(sim);
    load_config(sim);
    sim->model = sim->durable;
    for (size_t i = 0; i < sim->op_count && kept > 0; i++, kept--) {
        if (sim->ops[i].command == NULL)
            model_pass(&sim->model, sim->ops[i].fired_plan, sim->ops[i].now_ms);
        else
            (void)model_do(&sim->model, sim->ops[i].command, sim->ops[i].now_ms);
        sim->totals->restored++;
    }
    sync_dues(sim);
    sim->durable = sim->model;
    sim->op_count = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        Client *client = &sim->clients[i];
        break_line(client);
        for (size_t j = 0; j < client->sent_count; j++) {
            Hash leaf;
            if (client->outbox[j].position == 0)
                continue;
            CHECK(sim,
                  ledger_record(sim->ledger, client->outbox[j].position, &sim->arena, &leaf) !=
                      NULL,
                  "an acknowledged record is gone");
            CHECK(sim, memcmp(leaf.bytes, client->outbox[j].leaf, 32) == 0,
                  "an acknowledged record is another");
        }
        CHECK(sim, ledger_acknowledged(sim->ledger, client->partner) <= client->processed,
              "an acknowledgement from nowhere");
    }
    compare(sim);
    sim->durable = sim->model;
}

// One turn: what is due, then what has come, then the barrier, then the answers.
static void
turn(Sim *sim)
{
    Answered answered[OPS];
    size_t count = 0;
    Fault fault;
    uint64_t before[CLIENTS + 1];
    for (uint32_t i = 1; i <= CLIENTS; i++)
        before[i] = ledger_acknowledged(sim->ledger, i);
    sim->op_count = 0;
    if (roll(sim, 4) != 0)
        fire(sim);
    for (size_t i = 0; i < CLIENTS; i++) {
        Client *client = &sim->clients[(i + sim->seed) % CLIENTS];
        size_t taken = 0;
        for (; taken < client->line_count && count < 24; taken++) {
            if (client->line[taken] == OUTBOX)
                CHECK(sim,
                      ledger_acknowledge(sim->ledger, client->partner, client->processed,
                                         sim->now_ms),
                      "an acknowledgement refused");
            else
                answered[count++] = take_command(sim, client, &client->outbox[client->line[taken]]);
        }
        memmove(client->line, client->line + taken,
                (client->line_count - taken) * sizeof *client->line);
        client->line_count -= taken;
    }
    (void)ledger_work(sim->ledger, sim->now_ms, 8);
    const bool breaks = roll(sim, 25) == 0 && sim->op_count > 0;
    size_t kept = 0;
    if (breaks) {
        kept = (size_t)roll(sim, sim->op_count + 1);
        journal_memory_fault(sim->memory, (JournalFault){0, 1, JOURNAL_UNKNOWN, kept});
    }
    const KtCode code = ledger_commit(sim->ledger, &fault);
    sim->totals->turns++;
    CHECK(sim, breaks == (code != KT_OK), "commit: %d", code);
    if (code != KT_OK) {
        sim->totals->broken_writes++;
        crash(sim, kept);
        return;
    }
    for (uint32_t i = 1; i <= CLIENTS; i++)
        if (ledger_acknowledged(sim->ledger, i) > before[i])
            sim->model.sign_ms[i] = sim->now_ms;
    sim->durable = sim->model;
    sim->op_count = 0;
    for (size_t i = 0; i < count; i++)
        give_answer(sim, &answered[i]);
    compare(sim);
    sim->durable = sim->model; // comparing has noted what began to wait
    ledger_turn_done(sim->ledger);
}

// ---- deliveries
// -----------------------------------------------------------------------------------------------------

// Which partners may see a field, as the city agreed.
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

// What lies in a partner's inbox of it, told once or rejected; what was told again is no more.
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

// Each sender has heard, or is still to hear, what came of its signals: each of it once.
static void
check_feedback(Sim *sim)
{
    uint64_t held[CLIENTS + 1] = {0};
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++) {
        Plan real;
        CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
        for (size_t i = 0; i < real.row.n_feedback; i++)
            for (size_t j = 0; j < real.row.feedback[i]->n_senders; j++)
                held[real.row.feedback[i]->senders[j]]++;
    }
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        const uint64_t heard = feedbacks_of(sim, partner);
        CHECK(sim, heard + held[partner] == sim->model.feedback[partner],
              "%u heard %" PRIu64 " and is to hear %" PRIu64 " of %" PRIu64, partner, heard,
              held[partner], sim->model.feedback[partner]);
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
deliver(Sim *sim, Client *client)
{
    if (!client->connected)
        return;
    const uint64_t assigned = ledger_assigned(sim->ledger, client->partner);
    CHECK(sim, assigned >= client->processed, "fewer deliveries than were processed");
    for (uint64_t credit = 1 + roll(sim, 5); credit > 0 && client->processed < assigned; credit--) {
        KtCode code = KT_OK;
        const uint64_t n = client->processed + 1;
        const Keten__V1__Delivery *delivery =
            ledger_delivery(sim->ledger, client->partner, n, &sim->arena, &code);
        CHECK(sim, delivery != NULL && code == KT_OK, "delivery %" PRIu64 " is not there", n);
        CHECK(sim, delivery->n == n, "delivery %" PRIu64 " says it is %" PRIu64, n, delivery->n);
        // Feedback does not tell where it stands.
        CHECK(sim, delivery->position == 0 || client->position <= delivery->position,
              "out of order");
        client->position = delivery->position != 0 ? delivery->position : client->position;
        check_delivery(sim, client, delivery);
        client->positions =
            array_grow(client->positions, &client->position_room, client->position_count + 1,
                       sizeof *client->positions, "positions that a client saw");
        client->told = array_grow(client->told, &client->told_room, client->position_count + 1,
                                  sizeof *client->told, "deliveries that a client saw");
        client->told[client->position_count] = (struct Told){
            delivery->plan, tells_of_rejected_only(delivery), is_feedback_only(delivery)};
        client->positions[client->position_count++] = delivery->position;
        client->processed = n;
        sim->totals->deliveries++;
    }
    if (roll(sim, 3) == 0)
        put_on_line(client, OUTBOX);
}

// What was delivered once is delivered the same when asked for again.
static void
look_back(Sim *sim, Client *client)
{
    if (client->processed == 0)
        return;
    KtCode code = KT_OK;
    const uint64_t n = 1 + roll(sim, client->processed);
    const Keten__V1__Delivery *delivery =
        ledger_delivery(sim->ledger, client->partner, n, &sim->arena, &code);
    CHECK(sim, delivery != NULL && delivery->position == client->positions[n - 1],
          "delivery %" PRIu64 " has other content", n);
}

// ---- a seed
// ---------------------------------------------------------------------------------------------------------

static void
step(Sim *sim)
{
    Client *client = &sim->clients[roll(sim, CLIENTS)];
    switch (roll(sim, 16)) {
    case 0:
        break_line(client);
        break;
    case 1:
    case 2:
        connect_again(client);
        break;
    case 3:
        resend(sim, client);
        break;
    case 4:
        sim->now_ms += (int64_t)roll(sim, 10 * 3600000);
        break;
    case 5:
        if (roll(sim, 6) == 0 && ledger_next_due(sim->ledger) != INT64_MAX &&
            ledger_next_due(sim->ledger) > sim->now_ms)
            sim->now_ms = ledger_next_due(sim->ledger);
        break;
    case 6:
        if (roll(sim, 8) == 0) {
            sim->totals->crashes++;
            sim->op_count = 0;
            crash(sim, 0);
        }
        break;
    case 7:
    case 8:
        deliver(sim, client);
        break;
    case 9:
        look_back(sim, client);
        break;
    case 10:
    case 11:
    case 12:
        turn(sim);
        break;
    default:
        act(sim, client);
        break;
    }
    arena_reset(&sim->arena);
}

static void
settle(Sim *sim)
{
    for (size_t round = 0; round < 400; round++) {
        bool idle = true;
        for (size_t i = 0; i < CLIENTS; i++) {
            Client *client = &sim->clients[i];
            connect_again(client);
            while (client->resend_from < client->sent_count &&
                   client->outbox[client->resend_from].answer != NULL)
                client->resend_from++;
            if (client->resend_from < client->sent_count && client->line_count == 0)
                break_line(client);
            idle = idle && client->resend_from == client->sent_count;
            deliver(sim, client);
            idle = idle && client->processed == ledger_assigned(sim->ledger, client->partner);
        }
        turn(sim);
        arena_reset(&sim->arena);
        if (idle && first_due(sim) == NOT_DUE)
            return;
    }
    CHECK(sim, false, "it does not come to rest");
}

// Rule 9: a ledger that replays everything has the same state to the byte.
static void
fold_again(Sim *sim)
{
    Hash one, other;
    CHECK(sim, state_digest(ledger_state(sim->ledger), &one) == KT_OK, "digest");
    ledger_done(sim->ledger);
    sim->ledger = open_ledger(sim);
    CHECK(sim, state_digest(ledger_state(sim->ledger), &other) == KT_OK, "digest");
    CHECK(sim, memcmp(&one, &other, sizeof one) == 0, "rule 9: the fold differs from the state");
}

static void
one_seed(uint64_t seed, Totals *totals)
{
    static Sim sim;
    memset(&sim, 0, sizeof sim);
    sim.seed = seed;
    sim.random = seed * 0x9e3779b97f4a7c15u | 1;
    sim.totals = totals;
    sim.now_ms = 1293840000000;
    sim.memory = journal_memory_make();
    sim.secrets = secrets_of_seed(seed);
    sim.ledger = open_ledger(&sim);
    load_config(&sim);
    model_start(&sim.model);
    model_start(&sim.durable);
    for (size_t i = 0; i < CLIENTS; i++)
        sim.clients[i] = (Client){.partner = (uint32_t)i + 1, .connected = true};
    for (int i = 0; i < STEPS_PER_SEED; i++)
        step(&sim);
    settle(&sim);
    check_feedback(&sim);
    for (size_t i = 1; i <= sim.model.plan_count; i++)
        totals->repeats += sim.model.plans[i].repeats;
    fold_again(&sim);
    ledger_done(sim.ledger);
    journal_memory_free(sim.memory);
    secrets_done(sim.secrets);
    for (size_t i = 0; i < CLIENTS; i++) {
        for (size_t j = 0; j < sim.clients[i].sent_count; j++) {
            free(sim.clients[i].outbox[j].bytes);
            free(sim.clients[i].outbox[j].answer);
        }
        free(sim.clients[i].positions);
        free(sim.clients[i].told);
    }
    arena_done(&sim.config);
    arena_done(&sim.arena);
}

static uint64_t
setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? strtoull(value, NULL, 10) : otherwise;
}

static void
every_seed_agrees_with_the_model(void **state)
{
    (void)state;
    const char *variant = getenv("KETEN_VARIANT");
    const uint64_t usual = variant != NULL && strcmp(variant, "debug") != 0 ? 150 : 1000;
    const uint64_t first = setting("KETEN_SEED", 1), count = setting("KETEN_SEEDS", usual);
    Totals totals = {0};
    for (uint64_t seed = first; seed < first + count; seed++)
        one_seed(seed, &totals);
    print_message(
        "seeds %" PRIu64 "-%" PRIu64 ": %" PRIu64 " commands, %" PRIu64 " refused, %" PRIu64
        " duplicates, %" PRIu64 " terms fired, %" PRIu64 " deliveries, %" PRIu64 " turns, %" PRIu64
        " crashes, %" PRIu64 " broken writes, %" PRIu64 " decisions kept of those\n",
        first, first + count - 1, totals.commands, totals.refused, totals.duplicates, totals.fired,
        totals.deliveries, totals.turns, totals.crashes, totals.broken_writes, totals.restored);
    static const char *const verbs[MODEL_VERBS] = {
        [MODEL_SIGNAL] = "signals",
        [MODEL_WITHDRAW_SIGNAL] = "signals withdrawn",
        [MODEL_CORRECT_SIGNAL] = "signals corrected",
        [MODEL_ACCEPT] = "accepted",
        [MODEL_REFUSE] = "refused",
        [MODEL_COMPLETE] = "completed",
        [MODEL_FAIL] = "failed",
        [MODEL_SUSPEND] = "suspended",
        [MODEL_RESUME] = "resumed",
        [MODEL_OFFER] = "offered",
        [MODEL_DROP] = "dropped",
        [MODEL_WITHDRAW] = "withdrawn",
        [MODEL_ASK] = "coordinators asked",
        [MODEL_TAKE] = "coordinators",
        [MODEL_DECLINE] = "declined",
        [MODEL_LEAVE] = "left",
        [MODEL_AWAY] = "away",
        [MODEL_BACK] = "back",
        [MODEL_CLOSE] = "closed",
        [MODEL_REJECT] = "deliveries rejected",
        [MODEL_RESEND] = "sent again",
        [MODEL_GIVE_UP] = "given up",
    };
    for (size_t i = 0; i < MODEL_VERBS; i++)
        print_message("%s%s %" PRIu64, i == 0 ? "" : ", ", verbs[i], totals.allowed[i]);
    print_message(", signals that only repeat %" PRIu64 ", feedback heard %" PRIu64
                  ", turns with a silent partner %" PRIu64 "\n",
                  totals.repeats, totals.feedbacks, totals.silent);
    if (count >= 100) {
        for (size_t i = 0; i < MODEL_VERBS; i++)
            assert_true(totals.allowed[i] > 0);
        assert_true(totals.repeats > 0 && totals.feedbacks > 0 && totals.silent > 0);
        assert_true(totals.commands > 0 && totals.refused > 0 && totals.duplicates > 0 &&
                    totals.fired > 0);
        assert_true(totals.crashes > 0 && totals.broken_writes > 0 && totals.deliveries > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_seed_agrees_with_the_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
