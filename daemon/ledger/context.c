// SPDX-License-Identifier: EUPL-1.2
// What a decision may look at, loaded from the state. Knows: which rows each order needs. Must
// never know: which rule will read them, BSNs.
#include "daemon/ledger/context.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/context_delivery.h"
#include "daemon/ledger/context_earlier.h"
#include "daemon/ledger/context_neighbours.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

// ---- contexts ---------------------------------------------------------------------------------

static void
person_places(Ledger *ledger, PersonEntry *entry, Arena *arena)
{
    entry->open_plan = state_number(ledger, key_u64(key_of(TABLE_MEMBER), entry->number));
    if (entry->open_plan != 0)
        entry->second_plan = state_number(ledger, key_u64(key_of(TABLE_SECOND), entry->number));
    entry->departed = ROW(ledger, key_u64(key_of(TABLE_DEPARTED), entry->number), gone_row, arena);
    entry->likeness = ROW(ledger, key_u64(key_of(TABLE_LIKENESS), entry->number), trace_row, arena);
}

static PersonEntry *
entry_of(Ledger *ledger, const uint8_t token[TOKEN_BYTES], Arena *arena)
{
    PersonEntry *entry = arena_take(arena, sizeof *entry);
    memcpy(entry->token, token, TOKEN_BYTES);
    entry->number = state_number(ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, TOKEN_BYTES));
    return entry;
}

static PersonEntry *
person_entry(Ledger *ledger, const uint8_t token[TOKEN_BYTES], Arena *arena)
{
    PersonEntry *entry = entry_of(ledger, token, arena);
    if (entry->number != 0)
        person_places(ledger, entry, arena);
    return entry;
}

static const PersonEntry *
worker_entry(Ledger *ledger, uint32_t partner, const char *worker, Arena *arena)
{
    uint8_t token[TOKEN_BYTES];
    if (partner == 0 || worker[0] == '\0')
        return NULL;
    secret_worker_token(ledger->secrets, partner, worker, token);
    return entry_of(ledger, token, arena); // no resident: a worker lives in no plan
}

// Where a person's signals go. Whoever died leads nowhere, even where a second household was not
// told yet; nor does who moved away, while there is anybody else.
static uint64_t
plan_led_to(const PersonEntry *person)
{
    const GoneRow *departed = person->departed;
    const bool leads =
        departed == NULL || (strcmp(departed->why, "deceased") != 0 &&
                             (departed->onward == 0 || departed->onward != person->open_plan));
    return leads ? person->open_plan : 0;
}

// Of people who are all gone: the plan that moved on with one of them.
static uint64_t
plan_moved_on(const PersonEntry *persons, size_t count)
{
    uint64_t plan = 0;
    for (size_t i = 0; i < count; i++) {
        const GoneRow *departed = persons[i].departed;
        if (departed == NULL)
            return 0;
        if (plan == 0 && departed->onward != 0 && departed->onward == persons[i].open_plan)
            plan = departed->onward;
    }
    return plan;
}

static bool
context_signal(Ledger *ledger, const Keten__V1__Signal *signal, const Checked *checked,
               Arena *arena, Context *context)
{
    PersonEntry *persons = arena_take(arena, checked->token_count * sizeof *persons);
    uint64_t plan = 0;
    for (size_t i = 0; i < checked->token_count; i++) {
        persons[i] = *person_entry(ledger, checked->tokens[i], arena);
        persons[i].given = checked->given == NULL ? NULL : checked->given[i];
        plan = plan != 0 ? plan : plan_led_to(&persons[i]);
    }
    if (plan == 0)
        plan = plan_moved_on(persons, checked->token_count);
    context->people.persons = persons;
    context->people.person_count = checked->token_count;
    if (plan != 0 && (!context_plan(ledger, plan, arena, context) ||
                      !context_earlier(ledger, signal->kind, NULL, arena, context)))
        return false;
    return context_neighbours(ledger, persons, arena, context);
}

typedef struct Receivers {
    uint32_t *partners;
    size_t count;
    Arena *arena;
} Receivers;

static bool
receivers_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Receivers *receivers = caller;
    (void)value;
    if ((receivers->count & (receivers->count - 1)) == 0)
        receivers->partners = arena_grow(receivers->arena, receivers->partners, receivers->count,
                                         receivers->count == 0 ? 1 : 2 * receivers->count,
                                         sizeof *receivers->partners);
    receivers->partners[receivers->count++] = key_read_received(key, key_length).partner;
    return true;
}

// The facts of the kind before it, as far back as one that stands: that one takes its place when it
// goes.
static void
load_chain(Ledger *ledger, const FactRow *fact, Arena *arena, Context *context)
{
    const FactRow **chain = NULL;
    size_t count = 0;
    uint64_t previous = fact->previous;
    while (previous != 0) {
        const FactRow *row = state_fact(ledger, previous, arena);
        if (row == NULL)
            break;
        if ((count & (count - 1)) == 0)
            chain = arena_grow(arena, chain, count, count == 0 ? 1 : 2 * count, sizeof *chain);
        chain[count++] = row;
        previous = row->withdrawn ? row->previous : 0;
    }
    context->fact.chain = chain;
    context->fact.chain_count = count;
}

static bool
context_fact(Ledger *ledger, uint64_t fact, Arena *arena, Context *context)
{
    const FactRow *row = state_fact(ledger, fact, arena);
    if (row == NULL)
        return !ledger->failed;
    Receivers receivers = {.arena = arena};
    const Key prefix = key_u64(key_of(TABLE_RECEIVED), fact);
    if (!state_each(ledger, &prefix, NULL, receivers_visit, &receivers))
        return false;
    context->fact.row = row;
    context->fact.receivers = receivers.partners;
    context->fact.receiver_count = receivers.count;
    load_chain(ledger, row, arena, context);
    return !ledger->failed && context_plan(ledger, row->plan, arena, context);
}

// A signal that only repeats another is held against that again.
static bool
context_correct(Ledger *ledger, uint64_t fact, Arena *arena, Context *context)
{
    if (!context_fact(ledger, fact, arena, context))
        return false;
    const FactRow *row = context->fact.row;
    return row == NULL || row->repeats == 0 ||
           context_earlier(ledger, row->kind, row, arena, context);
}

static bool
context_step(Ledger *ledger, uint64_t step, Arena *arena, Context *context)
{
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_STEP_PLAN), step));
    if (plan == 0)
        return !ledger->failed;
    if (!context_plan(ledger, plan, arena, context))
        return false;
    if (plan_step(context->plan, step) == NULL)
        context->closed.step =
            ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_STEP), step), step_row, arena);
    return !ledger->failed;
}

static bool
context_other(Ledger *ledger, uint64_t plan, Arena *arena, Context *context)
{
    Plan *loaded = arena_take(arena, sizeof *loaded);
    if (ledger_plan(ledger, plan, arena, loaded))
        context->other = loaded;
    return !ledger->failed;
}

static bool
context_matter(Ledger *ledger, uint64_t matter, Arena *arena, Context *context)
{
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_MATTER_PLAN), matter));
    if (plan == 0)
        return !ledger->failed;
    if (!context_plan(ledger, plan, arena, context))
        return false;
    if (plan_matter(context->plan, matter) == NULL)
        context->closed.matter =
            ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_MATTER), matter), matter_row, arena);
    const MatterRow *open = plan_matter(context->plan, matter);
    if (open != NULL && open->other_plan != 0)
        return context_other(ledger, open->other_plan, arena, context);
    return !ledger->failed;
}

// The plan, and the worker of a partner who is asked to coordinate it.
static bool
context_offer(Ledger *ledger, uint64_t plan, const char *partner, const char *worker, Arena *arena,
              Context *context)
{
    const PartnerRow *row = ledger_partner_named(ledger, partner);
    if (row != NULL)
        context->other_worker = worker_entry(ledger, row->partner, worker, arena);
    return context_plan(ledger, plan, arena, context);
}

// ---- members ----------------------------------------------------------------------------------

// The member whom the actor calls so.
static PersonEntry *
person_called(Ledger *ledger, const Context *context, const char *pseudonym, Arena *arena)
{
    for (size_t i = 0; i < context->plan->member_count; i++) {
        char name[24];
        const Key key = key_u64(key_of(TABLE_PERSON), context->plan->members[i]);
        const Keten__V1__PersonRow *row = ROW(ledger, key, person_row, arena);
        if (row == NULL || row->token.len != TOKEN_BYTES)
            continue;
        secret_pseudonym(ledger->secrets, context->actor, row->token.data, name);
        if (strcmp(name, pseudonym) == 0)
            return person_entry(ledger, row->token.data, arena);
    }
    return NULL;
}

static const MemberRow *
member_of(Ledger *ledger, uint64_t plan, uint64_t person, Arena *arena)
{
    const Key key = key_u64(key_plan(plan, PLAN_SUB_MEMBER), person);
    return plan == 0 ? NULL : ROW(ledger, key, member_row, arena);
}

static bool
context_member(Ledger *ledger, uint64_t plan, const char *person, const Checked *checked,
               Arena *arena, Context *context)
{
    if (!context_plan(ledger, plan, arena, context))
        return false;
    PersonEntry *entry = NULL;
    if (checked->token_count > 0)
        entry = person_entry(ledger, checked->tokens[0], arena);
    else if (context->plan != NULL)
        entry = person_called(ledger, context, person, arena);
    if (entry != NULL && checked->given != NULL)
        entry->given = checked->given[0];
    context->people.persons = entry;
    context->people.person_count = entry != NULL;
    if (entry == NULL)
        return !ledger->failed;
    if (context->plan != NULL) {
        const uint64_t origin = plan_member_plan(context->plan, entry->number);
        const uint64_t further = plan_member_further(context->plan, entry->number);
        context->membership.row = member_of(ledger, origin, entry->number, arena);
        context->membership.further = member_of(ledger, further, entry->number, arena);
    }
    Plan other;
    if (entry->second_plan != 0 && ledger_plan(ledger, entry->second_plan, arena, &other))
        context->membership.second_holder = plan_holder(&other);
    return context_neighbours(ledger, entry, arena, context);
}

// Members are named by number or, as the border left them, by pseudonym.
static bool
context_split(Ledger *ledger, const Keten__V1__PlanSplit *split, const Checked *checked,
              Arena *arena, Context *context)
{
    if (!context_plan(ledger, split->plan, arena, context) || context->plan == NULL)
        return !ledger->failed;
    PersonEntry *persons = arena_take(arena, (split->n_persons + 1) * sizeof *persons);
    const MemberRow **members = arena_take(arena, (split->n_persons + 1) * sizeof *members);
    size_t token = 0;
    for (size_t i = 0; i < split->n_persons; i++) {
        const PersonEntry *found = strncmp(split->persons[i], "pn-", 3) == 0
                                       ? person_called(ledger, context, split->persons[i], arena)
                                       : person_entry(ledger, checked->tokens[token++], arena);
        persons[i] = found == NULL ? (PersonEntry){.number = 0} : *found;
        const uint64_t plan = plan_member_plan(context->plan, persons[i].number);
        members[i] = member_of(ledger, plan, persons[i].number, arena);
    }
    context->people.persons = persons;
    context->people.person_count = split->n_persons;
    context->membership.of_persons = members;
    return !ledger->failed;
}

// A plan that ends must know who of its members has another household.
static bool
context_close(Ledger *ledger, uint64_t plan, Arena *arena, Context *context)
{
    if (!context_plan(ledger, plan, arena, context) || context->plan == NULL)
        return !ledger->failed;
    const size_t count = context->plan->member_count;
    PersonEntry *ties = arena_take(arena, (count + 1) * sizeof *ties);
    for (size_t i = 0; i < count; i++) {
        PersonEntry entry = {.number = context->plan->members[i]};
        person_places(ledger, &entry, arena);
        if (entry.second_plan != 0)
            ties[context->membership.tie_count++] = entry;
    }
    context->membership.ties = ties;
    return !ledger->failed;
}

static bool
context_body(Ledger *ledger, const Command *command, const Checked *checked, Arena *arena,
             Context *context)
{
    switch (command->body_case) {
    case KETEN__V1__COMMAND__BODY_SIGNAL:
        return context_signal(ledger, command->signal, checked, arena, context);
    case KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW:
        return context_fact(ledger, command->signal_withdraw->signal, arena, context);
    case KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT:
        return context_correct(ledger, command->signal_correct->signal, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_ACCEPT:
        return context_step(ledger, command->step_accept->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_REFUSE:
        return context_step(ledger, command->step_refuse->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_COMPLETE:
        return context_step(ledger, command->step_complete->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_FAIL:
        return context_step(ledger, command->step_fail->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_OFFER:
        return context_plan(ledger, command->step_offer->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_REPLACE:
        return context_step(ledger, command->step_replace->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_DROP:
        return context_step(ledger, command->step_drop->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_WITHDRAW:
        return context_step(ledger, command->step_withdraw->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_SUSPEND:
        return context_step(ledger, command->step_suspend->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_EXTEND:
        return context_step(ledger, command->step_extend->step, arena, context);
    case KETEN__V1__COMMAND__BODY_STEP_RESUME:
        return context_step(ledger, command->step_resume->step, arena, context);
    case KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER:
        return context_offer(ledger, command->coordinator_offer->plan,
                             command->coordinator_offer->partner,
                             command->coordinator_offer->worker, arena, context);
    case KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT:
        return context_plan(ledger, command->coordinator_accept->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE:
        return context_plan(ledger, command->coordinator_refuse->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE:
        return context_plan(ledger, command->coordinator_leave->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT:
        return context_offer(ledger, command->coordinator_absent->plan,
                             command->coordinator_absent->partner,
                             command->coordinator_absent->worker, arena, context);
    case KETEN__V1__COMMAND__BODY_PLAN_CLOSE:
        return context_close(ledger, command->plan_close->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_PLAN_MERGE:
        return context_plan(ledger, command->plan_merge->plan, arena, context) &&
               context_other(ledger, command->plan_merge->other, arena, context);
    case KETEN__V1__COMMAND__BODY_PLAN_UNMERGE:
        return context_plan(ledger, command->plan_unmerge->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_PLAN_SPLIT:
        return context_split(ledger, command->plan_split, checked, arena, context);
    case KETEN__V1__COMMAND__BODY_PLAN_MOVE:
        return context_plan(ledger, command->plan_move->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE:
        return command->bottleneck_raise->plan != 0
                   ? context_plan(ledger, command->bottleneck_raise->plan, arena, context)
                   : context_step(ledger, command->bottleneck_raise->step, arena, context);
    case KETEN__V1__COMMAND__BODY_MATTER_SETTLE:
        return context_matter(ledger, command->matter_settle->matter, arena, context);
    case KETEN__V1__COMMAND__BODY_MATTER_PASS:
        return context_matter(ledger, command->matter_pass->matter, arena, context);
    case KETEN__V1__COMMAND__BODY_MEMBER_JOIN:
        return context_member(ledger, command->member_join->plan, "", checked, arena, context);
    case KETEN__V1__COMMAND__BODY_MEMBER_LEAVE:
        return context_member(ledger, command->member_leave->plan, command->member_leave->person,
                              checked, arena, context);
    case KETEN__V1__COMMAND__BODY_MEMBER_LEAD:
        return context_member(ledger, command->member_lead->plan, command->member_lead->person,
                              checked, arena, context);
    case KETEN__V1__COMMAND__BODY_PAUSE_START:
        return context_plan(ledger, command->pause_start->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_PAUSE_END:
        return context_plan(ledger, command->pause_end->plan, arena, context);
    case KETEN__V1__COMMAND__BODY_DELIVERY_REJECT:
        return context_reject(ledger, command->delivery_reject, arena, context);
    case KETEN__V1__COMMAND__BODY_DELIVERY_RESEND:
        return context_rejected(ledger, command->delivery_resend->matter,
                                command->delivery_resend->partner, command->delivery_resend->n,
                                arena, context);
    case KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP:
        return context_rejected(ledger, command->delivery_give_up->matter,
                                command->delivery_give_up->partner, command->delivery_give_up->n,
                                arena, context);
    case KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD:
    case KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE:
        return true; // about no plan
    case KETEN__V1__COMMAND__BODY_PARTNER_LOAD:
        context_partner(ledger, checked->loaded, context);
        return true; // about no plan
    case KETEN__V1__COMMAND__BODY__NOT_SET:
    case _KETEN__V1__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("command without a body");
}

bool
context_command(Ledger *ledger, uint32_t partner, const Command *command, const Checked *checked,
                Arena *arena, Context *context)
{
    const PartnerRow *row = ledger_partner(ledger, partner);
    ASSERT(row != NULL);
    context->actor = partner;
    context->administrator = row->administrator;
    context->worker = worker_entry(ledger, partner, command->worker, arena);
    return context_body(ledger, command, checked, arena, context) && !ledger->failed;
}
