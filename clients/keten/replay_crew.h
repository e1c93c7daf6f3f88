// SPDX-License-Identifier: EUPL-1.2
// The partners of a replay, each with a session of its own. Knows: sessions, commands with their
// receipts, consuming what is delivered. Must never know: the log.
#ifndef KETEN_TOOL_REPLAY_CREW_H
#define KETEN_TOOL_REPLAY_CREW_H

#include "clients/keten/session.h"
#include "clients/keten/site.h"

typedef struct CrewMember {
    keten *session;     // NULL until first needed
    uint64_t delivered; // the last delivery seen
    uint64_t acknowledged;
    uint64_t deliveries; // how many were seen
} CrewMember;

typedef struct Crew {
    Tool *tool;
    const char *contexts; // directory
    const SitePartner *partners;
    CrewMember *members; // as the partners
    size_t count;
} Crew;

void
crew_init(Crew *crew, Tool *tool, const char *contexts, const SitePartner *partners, size_t count);
void
crew_done(Crew *crew);

// Gives a command as a partner and waits for its receipt, which lives until that partner's next
// command. A refusal is printed. 0 or an exit status.
int
crew_command(Crew *crew, size_t member, const Keten__V1__Command *command,
             const Keten__V1__Receipt **ret);
// Takes in what has been delivered to a partner that may not have given a command for a while.
int
crew_look(Crew *crew, size_t member);
// Takes in and acknowledges everything there is for everyone.
int
crew_settle(Crew *crew);

#endif
