// SPDX-License-Identifier: EUPL-1.2
// See sim_messages.h. Path: sim_pack() finds the verb's row in forms, makes the message of the row,
// fills the subject and the reason, and calls the row's function for the rest.
#include "tests/simulation/sim_messages.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "proto/message.h"

typedef struct Form {
    Keten__V1__Command__BodyCase body;
    const ProtobufCMessageDescriptor *type;
    size_t subject_at;  // offset of the number of the step, plan, signal or delivery
    size_t reason_at;   // offset of the reason; 0: the message has none
    const char *reason; // a code that the verb may give
    // Fills what is the verb's own; NULL: nothing is.
    void (*fill)(Sim *sim, void *body, const ModelCommand *meaning);
} Form;

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

// Every message about a step begins with step and version, as StepAccept does.
static void
fill_version(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim;
    ((Keten__V1__StepAccept *)body)->version = meaning->version;
}

static void
fill_complete(Sim *sim, void *body, const ModelCommand *meaning)
{
    static const char *const facts[][3] = {{"assessment", "outcome", "no-debts"},
                                           {"intake", "score", "2"},
                                           {"profile", "ready", "yes"}};
    Keten__V1__StepComplete *complete = body;
    const ModelKind kind = meaning->number <= sim->model.step_count
                               ? sim->model.steps[meaning->number].kind
                               : MODEL_ASSESS;
    Keten__V1__NewFact *fact = NEW(&sim->arena, Keten__V1__NewFact, new_fact);
    fact->kind = (char *)(uintptr_t)facts[kind][0];
    city_field(&sim->arena, &fact->fields, &fact->n_fields, facts[kind][1],
               kind == MODEL_ASSESS && meaning->debts ? "debts" : facts[kind][2]);
    if (kind == MODEL_ASSESS)
        city_field(&sim->arena, &fact->fields, &fact->n_fields, "told", "yes");
    complete->version = meaning->version;
    complete->n_facts = 1;
    complete->facts = arena_take(&sim->arena, sizeof *complete->facts);
    complete->facts[0] = fact;
}

static void
fill_suspend(Sim *sim, void *body, const ModelCommand *meaning)
{
    Keten__V1__StepSuspend *suspend = body;
    suspend->version = meaning->version;
    suspend->until_ms = meaning->timely ? sim->now_ms + 40 * 86400000LL : 1;
}

static void
fill_offer(Sim *sim, void *body, const ModelCommand *meaning)
{
    static const char *const kinds[] = {"assess", "visit", "work"};
    (void)sim;
    ((Keten__V1__StepOffer *)body)->kind = (char *)(uintptr_t)kinds[meaning->kind];
    ((Keten__V1__StepOffer *)body)->partner = sim_partner_name(meaning->to);
}

static void
fill_ask(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim;
    ((Keten__V1__CoordinatorOffer *)body)->partner = sim_partner_name(meaning->to);
    ((Keten__V1__CoordinatorOffer *)body)->worker = (char *)"Sanne";
}

static void
fill_absent(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim;
    Keten__V1__CoordinatorAbsent *absent = body;
    absent->until_ms = meaning->until_ms;
    if (meaning->verb == MODEL_AWAY && meaning->to != 0) {
        absent->partner = sim_partner_name(meaning->to);
        absent->worker = (char *)"Sanne";
    }
}

static void
fill_reject(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim, (void)meaning;
    ((Keten__V1__DeliveryReject *)body)->history = 1;
}

static void
fill_resend(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim;
    ((Keten__V1__DeliveryResend *)body)->matter = meaning->matter;
}

static void
fill_give_up(Sim *sim, void *body, const ModelCommand *meaning)
{
    (void)sim;
    ((Keten__V1__DeliveryGiveUp *)body)->matter = meaning->matter;
}

// As city_signal has it, with an amount and a crisis of the command's own.
static Keten__V1__Signal *
signal_form(Sim *sim, const ModelCommand *meaning)
{
    Keten__V1__Signal *signal =
        city_signal(&sim->arena, meaning->fact == MODEL_ARREARS ? "arrears" : "worry",
                    meaning->person_count)
            ->signal;
    if (meaning->fact != MODEL_ARREARS)
        return signal;
    ASSERT(strcmp(signal->fields[1]->name, "amount") == 0);
    signal->fields[1]->value = arena_format(&sim->arena, "%" PRIu64, 450 + meaning->amount);
    if (meaning->crisis)
        city_field(&sim->arena, &signal->fields, &signal->n_fields, "eviction", "yes");
    return signal;
}

static void
fill_signal(Sim *sim, void *body, const ModelCommand *meaning)
{
    Keten__V1__Signal *signal = body;
    *signal = *signal_form(sim, meaning);
    signal->persons = arena_take(&sim->arena, 2 * sizeof(char *));
    for (size_t i = 0; i < meaning->person_count; i++) {
        signal->persons[i] = arena_take(&sim->arena, 10);
        bsn_of(meaning->persons[i], signal->persons[i]);
    }
}

static void
fill_correct(Sim *sim, void *body, const ModelCommand *meaning)
{
    const Keten__V1__Signal *form = signal_form(sim, meaning);
    ((Keten__V1__SignalCorrect *)body)->fields = form->fields;
    ((Keten__V1__SignalCorrect *)body)->n_fields = form->n_fields;
}

#define ROW(VERB, BODY, name, type, subject, reason_offset, reason, fill)                          \
    [MODEL_##VERB] = {KETEN__V1__COMMAND__BODY_##BODY,                                             \
                      &keten__v1__##name##__descriptor,                                            \
                      offsetof(Keten__V1__##type, subject),                                        \
                      reason_offset,                                                               \
                      reason,                                                                      \
                      fill}
#define REASON(type) offsetof(Keten__V1__##type, reason)

static const Form forms[] = {
    [MODEL_SIGNAL] = {KETEN__V1__COMMAND__BODY_SIGNAL, &keten__v1__signal__descriptor, 0, 0, NULL,
                      fill_signal},
    ROW(WITHDRAW_SIGNAL, SIGNAL_WITHDRAW, signal_withdraw, SignalWithdraw, signal,
        REASON(SignalWithdraw), "paid", NULL),
    ROW(CORRECT_SIGNAL, SIGNAL_CORRECT, signal_correct, SignalCorrect, signal, 0, NULL,
        fill_correct),
    ROW(ACCEPT, STEP_ACCEPT, step_accept, StepAccept, step, 0, NULL, fill_version),
    ROW(REFUSE, STEP_REFUSE, step_refuse, StepRefuse, step, REASON(StepRefuse), "capacity",
        fill_version),
    ROW(COMPLETE, STEP_COMPLETE, step_complete, StepComplete, step, 0, NULL, fill_complete),
    ROW(FAIL, STEP_FAIL, step_fail, StepFail, step, REASON(StepFail), "capacity", fill_version),
    ROW(SUSPEND, STEP_SUSPEND, step_suspend, StepSuspend, step, 0, NULL, fill_suspend),
    ROW(RESUME, STEP_RESUME, step_resume, StepResume, step, 0, NULL, fill_version),
    ROW(DROP, STEP_DROP, step_drop, StepDrop, step, REASON(StepDrop), "capacity", fill_version),
    ROW(WITHDRAW, STEP_WITHDRAW, step_withdraw, StepWithdraw, step, REASON(StepWithdraw),
        "capacity", fill_version),
    ROW(OFFER, STEP_OFFER, step_offer, StepOffer, plan, 0, NULL, fill_offer),
    ROW(ASK, COORDINATOR_OFFER, coordinator_offer, CoordinatorOffer, plan, 0, NULL, fill_ask),
    ROW(TAKE, COORDINATOR_ACCEPT, coordinator_accept, CoordinatorAccept, plan, 0, NULL, NULL),
    ROW(DECLINE, COORDINATOR_REFUSE, coordinator_refuse, CoordinatorRefuse, plan,
        REASON(CoordinatorRefuse), "capacity", NULL),
    ROW(LEAVE, COORDINATOR_LEAVE, coordinator_leave, CoordinatorLeave, plan,
        REASON(CoordinatorLeave), "capacity", NULL),
    ROW(AWAY, COORDINATOR_ABSENT, coordinator_absent, CoordinatorAbsent, plan, 0, NULL,
        fill_absent),
    ROW(BACK, COORDINATOR_ABSENT, coordinator_absent, CoordinatorAbsent, plan, 0, NULL,
        fill_absent),
    ROW(CLOSE, PLAN_CLOSE, plan_close, PlanClose, plan, REASON(PlanClose), "solved", NULL),
    ROW(REJECT, DELIVERY_REJECT, delivery_reject, DeliveryReject, n, REASON(DeliveryReject),
        "not-processable", fill_reject),
    ROW(RESEND, DELIVERY_RESEND, delivery_resend, DeliveryResend, n, 0, NULL, fill_resend),
    ROW(GIVE_UP, DELIVERY_GIVE_UP, delivery_give_up, DeliveryGiveUp, n, REASON(DeliveryGiveUp),
        "no-need", fill_give_up),
};

static const Form *
form_of(ModelVerb verb)
{
    ASSERT(verb < MODEL_VERBS && forms[verb].type != NULL);
    return &forms[verb];
}

static Command *
command_of(Sim *sim, const ModelCommand *meaning)
{
    const Form *form = form_of(meaning->verb);
    Command *command = city_command(&sim->arena);
    char *body = message_new(&sim->arena, form->type);
    if (form->subject_at != 0)
        memcpy(body + form->subject_at, &(uint64_t){meaning->number}, sizeof(uint64_t));
    if (form->reason_at != 0)
        *(char **)(void *)(body + form->reason_at) = (char *)(uintptr_t)form->reason;
    if (form->fill != NULL)
        form->fill(sim, body, meaning);
    command->body_case = form->body;
    command->signal = (Keten__V1__Signal *)(void *)body; // every body is a pointer in one union
    return command;
}

static void
stream_of(uint32_t partner, uint8_t ret[16])
{
    memset(ret, 0, 16);
    ret[0] = (uint8_t)partner;
    ret[15] = 0x5e;
}

void
sim_pack(Sim *sim, const Client *client, Sent *sent)
{
    Command *command = command_of(sim, &sent->meaning);
    command->id = NEW(&sim->arena, Keten__V1__CommandId, command_id);
    command->id->stream = (ProtobufCBinaryData){16, arena_take(&sim->arena, 16)};
    stream_of(client->partner, command->id->stream.data);
    command->id->number = (uint64_t)(sent - client->outbox) + 1;
    const ProtobufCBinaryData packed = message_pack(&command->base, &sim->arena);
    sent->length = packed.len;
    sent->bytes = malloc(packed.len);
    ASSERT(sent->bytes != NULL);
    memcpy(sent->bytes, packed.data, packed.len);
}
