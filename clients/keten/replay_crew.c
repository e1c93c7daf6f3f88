// SPDX-License-Identifier: EUPL-1.2
// The partners of a replay. Knows: sessions as consumers, acknowledging. Must never know: the log.
//
// crew_command() opens the session of a partner when it is first needed, sends and takes events
// until the receipt. Deliveries that come meanwhile are counted and acknowledged in batches;
// crew_settle() takes in the rest at the end.
#include "clients/keten/replay_crew.h"

#include "base/assert.h"
#include "clients/keten/answer.h"

#define CREW_CREDIT 64u

void
crew_init(Crew *crew, Tool *tool, const char *contexts, const SitePartner *partners, size_t count)
{
    *crew = (Crew){tool, contexts, partners, NULL, count};
    crew->members = arena_take(&tool->arena, count * sizeof *crew->members);
}

void
crew_done(Crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        keten_close(crew->members[i].session);
}

static int
join(Crew *crew, size_t member)
{
    char why[400] = "";
    const SitePartner *partner = &crew->partners[member];
    if (crew->members[member].session != NULL)
        return 0;
    keten_options options = {
        .context = arena_format(&crew->tool->arena, "%s/%s", crew->contexts, partner->name),
        .software = "keten/" KETEN_VERSION,
        .language = session_language(crew->tool),
        .consumer = true,
        .credit = CREW_CREDIT,
    };
    keten *session = NULL;
    keten_result result = keten_open(&options, &session, why, sizeof why);
    if (result == KETEN_OK)
        result = keten_connect(session, SESSION_CONNECT_MS);
    if (result == KETEN_OK) {
        crew->members[member].session = session;
        return 0;
    }
    keten_close(session);
    return session_result(crew->tool, result, why[0] ? why : partner->name);
}

static void
acknowledge(CrewMember *m)
{
    if (m->delivered == m->acknowledged)
        return;
    keten_acknowledge(m->session, m->delivered);
    m->acknowledged = m->delivered;
}

static void
take_delivery(CrewMember *m, const Keten__V1__Delivery *delivery)
{
    m->delivered = delivery->n;
    m->deliveries++;
    if (m->delivered - m->acknowledged >= CREW_CREDIT / 2)
        acknowledge(m);
}

// Takes events until the answer to `number` comes; with 0, until there are none.
static int
take_until(Crew *crew, size_t member, uint64_t number, keten_event *ret)
{
    CrewMember *m = &crew->members[member];
    for (;;) {
        keten_event event;
        keten_result result = keten_next(m->session, number ? SESSION_ANSWER_MS : 0, &event);
        if (result == KETEN_TIMEOUT && number == 0)
            return 0;
        if (result != KETEN_OK)
            return session_result(crew->tool, result, crew->partners[member].name);
        if (event.kind == KETEN_EVENT_DELIVERY)
            take_delivery(m, event.delivery);
        bool answer = event.kind == KETEN_EVENT_RECEIPT || event.kind == KETEN_EVENT_REFUSAL ||
                      event.kind == KETEN_EVENT_ANSWER;
        if (number && answer && event.number == number) {
            *ret = event;
            return 0;
        }
    }
}

int
crew_command(Crew *crew, size_t member, const Keten__V1__Command *command,
             const Keten__V1__Receipt **ret)
{
    ASSERT(member < crew->count);
    keten_event event;
    uint64_t number = 0;
    int status = join(crew, member);
    if (status != 0)
        return status;
    keten_result result = keten_command(crew->members[member].session, command, &number);
    if (result != KETEN_OK)
        return session_unsent(crew->tool, crew->members[member].session, result);
    status = take_until(crew, member, number, &event);
    if (status == 0 && event.kind == KETEN_EVENT_REFUSAL)
        return refusal_show(crew->tool, event.refusal);
    if (status == 0)
        *ret = event.receipt;
    return status;
}

int
crew_look(Crew *crew, size_t member)
{
    int status = join(crew, member);
    return status ? status : take_until(crew, member, 0, NULL);
}

// Acknowledges and asks the daemon something. The answer comes after the acknowledgement has
// arrived and after all deliveries for which there was credit. Repeats until no delivery came
// meanwhile.
static int
settle_one(Crew *crew, size_t member)
{
    CrewMember *m = &crew->members[member];
    for (uint64_t before = UINT64_MAX; before != m->deliveries;) {
        keten_event event = {0};
        uint64_t number = 0;
        Keten__V1__Query query = KETEN__V1__QUERY__INIT;
        query.kind = KETEN__V1__QUERY_KIND__QUERY_STATUS;
        before = m->deliveries;
        acknowledge(m);
        keten_result result = keten_query(m->session, &query, &number);
        if (result != KETEN_OK)
            return session_result(crew->tool, result, crew->partners[member].name);
        int status = 0;
        do
            status = take_until(crew, member, number, &event);
        while (status == 0 && event.kind == KETEN_EVENT_ANSWER && event.answer->more);
        if (status == 0)
            status = take_until(crew, member, 0, NULL);
        if (status != 0)
            return status;
        if (m->delivered != m->acknowledged)
            before = UINT64_MAX;
    }
    return 0;
}

int
crew_settle(Crew *crew)
{
    for (size_t i = 0; i < crew->count; i++) {
        int status = crew->members[i].session ? settle_one(crew, i) : 0;
        if (status != 0)
            return status;
    }
    return 0;
}
