// SPDX-License-Identifier: EUPL-1.2
// See likeness.h. Must never know: how a token is made.
#include "daemon/engine/rules/likeness.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/rules/members.h"
#include "proto/sizes.h"
#include "proto/traits.h"

enum {
    TOKENS_MAX = 16, // tokens kept of names, and of births
};

static bool
has_token(ProtobufCBinaryData tokens, const uint8_t *token)
{
    for (size_t at = 0; at + TOKEN_BYTES <= tokens.len; at += TOKEN_BYTES)
        if (memcmp(tokens.data + at, token, TOKEN_BYTES) == 0)
            return true;
    return false;
}

bool
tokens_meet(ProtobufCBinaryData one, ProtobufCBinaryData other)
{
    for (size_t at = 0; at + TOKEN_BYTES <= one.len; at += TOKEN_BYTES)
        if (has_token(other, one.data + at))
            return true;
    return false;
}

// The newer tokens come first, so that the oldest fall out when there is no room.
static ProtobufCBinaryData
united(Draft *draft, ProtobufCBinaryData newer, ProtobufCBinaryData older)
{
    const ProtobufCBinaryData both[] = {newer, older};
    ProtobufCBinaryData all = {0, arena_take(draft->arena, TOKEN_BYTES * TOKENS_MAX)};
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 0; at + TOKEN_BYTES <= both[i].len && all.len < TOKEN_BYTES * TOKENS_MAX;
             at += TOKEN_BYTES)
            if (!has_token(all, both[i].data + at)) {
                memcpy(all.data + all.len, both[i].data + at, TOKEN_BYTES);
                all.len += TOKEN_BYTES;
            }
    return all;
}

const TraceRow *
likeness_after(Draft *draft, const PersonEntry *person)
{
    if (person->given == NULL || person->likeness == NULL)
        return person->given != NULL ? person->given : person->likeness;
    const TraceRow *given = person->given, *was = person->likeness;
    TraceRow *row = NEW(draft->arena, TraceRow, trace_row);
    row->address = given->address.len > 0 ? given->address : was->address;
    row->names = united(draft, given->names, was->names);
    row->born = united(draft, given->born, was->born);
    row->secret = given->secret || was->secret;
    return row;
}

static bool
adds_nothing(const TraceRow *given, const TraceRow *was)
{
    if (was == NULL)
        return given->address.len + given->names.len + given->born.len == 0 && !given->secret;
    for (size_t at = 0; at + TOKEN_BYTES <= given->names.len; at += TOKEN_BYTES)
        if (!has_token(was->names, given->names.data + at))
            return false;
    for (size_t at = 0; at + TOKEN_BYTES <= given->born.len; at += TOKEN_BYTES)
        if (!has_token(was->born, given->born.data + at))
            return false;
    return (given->address.len == 0 || has_token(was->address, given->address.data)) &&
           (!given->secret || was->secret);
}

// Persons named together mostly live together. If the address of one is secret, the address of none
// is written down.
static bool
is_kept_from_all(const Draft *draft)
{
    const Context *context = draft->context;
    bool secret = plan_is_secret(&draft->plan);
    for (size_t i = 0; i < context->people.person_count; i++) {
        const PersonEntry *person = &context->people.persons[i];
        secret = secret || (person->given != NULL && person->given->secret) ||
                 (person->likeness != NULL && person->likeness->secret);
    }
    return secret;
}

static uint32_t
details_part(Draft *draft, uint64_t number, const PersonDetails *details, bool secret)
{
    PersonDetails kept = *details;
    if (secret) {
        static char nothing[] = "";
        kept.postcode = kept.number = kept.letter = kept.addition = kept.municipality = nothing;
    }
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.details = &kept;
    return draft_personal_part(draft, number, &body) + 1;
}

static void
keep_secret(Draft *draft, const PersonEntry *person, uint64_t number)
{
    const uint64_t origin = plan_member_plan(&draft->plan, number);
    const uint64_t plans[] = {person->open_plan, person->second_plan};
    if (origin != 0)
        plan_header(&draft->plan, origin)->secret = true;
    for (size_t i = 0; i < 2; i++)
        if (plans[i] != 0 && plans[i] != origin)
            work_open(draft, KETEN__V1__WORK_KIND__WORK_SECRET, plans[i], number);
}

void
likeness_person(Draft *draft, const PersonEntry *person, uint64_t number,
                const PersonDetails *details)
{
    const TraceRow *row = likeness_after(draft, person);
    ASSERT(person->given == NULL || details != NULL);
    if (person->given != NULL && !adds_nothing(person->given, person->likeness)) {
        Event event = KETEN__V1__EVENT__INIT;
        event.body_case = KETEN__V1__EVENT__BODY_PERSON_TRACED;
        event.person_traced = NEW(draft->arena, Keten__V1__PersonTraced, person_traced);
        event.person_traced->person = number;
        event.person_traced->row = (TraceRow *)(uintptr_t)row;
        event.person_traced->was = (TraceRow *)(uintptr_t)person->likeness;
        event.person_traced->part = details_part(draft, number, details, is_kept_from_all(draft));
        draft_event(draft, &event);
    }
    if (row != NULL && row->secret)
        keep_secret(draft, person, number);
}

bool
details_are_past(const Draft *draft, const PersonDetails *details)
{
    const char *born = birth_form(details->born, draft->arena);
    const Date today = date_of_day(day_of_instant(draft->calendar->zone, draft->now_ms));
    ASSERT(born != NULL);
    return strcmp(born, arena_format(draft->arena, "%04d%02d%02d", today.year, today.month,
                                     today.day)) <= 0;
}
