// SPDX-License-Identifier: EUPL-1.2
// The chain of a replay. Knows: what an arrangement file looks like, the 11-proef. Must never know:
// the daemon.
#include "clients/keten/replay_chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

// No term of a replay may pass: what the log shows is the only thing that happens.
#define FOREVER "36500d"

const char *
replay_group_name(Arena *arena, uint32_t group)
{
    return arena_format(arena, "g%" PRIu32, group + 1);
}

const char *
replay_step_kind(Arena *arena, uint32_t group)
{
    return arena_format(arena, "work-g%" PRIu32, group + 1);
}

static void
write_head(FILE *to)
{
    fprintf(to,
            "arrangement: " REPLAY_ARRANGEMENT "\nversion: 1\n"
            "title: {nl: Naspelen van een logboek, en: Replay of a log}\ncalendar: nl\n"
            "purposes:\n  work: {basis: 'historical log', title: {nl: Werk, en: Work}}\n"
            "partners:\n  " REPLAY_DESK ": {kind: municipality, purposes: [work], desk: true}\n");
}

static void
write_facts(FILE *to, size_t groups)
{
    fprintf(to, "terms: {return-within: " FOREVER ", review-within: " FOREVER "}\n"
                "facts:\n  " REPLAY_FACT ":\n    final: true\n    fields:\n"
                "      activity: {type: text, optional: true, for: [work]}\n"
                "      group: {type: choice, for: [work], of: [");
    for (size_t i = 0; i < groups; i++)
        fprintf(to, "%sg%zu", i ? "," : "", i + 1);
    fprintf(to, "]}\n");
}

static void
write_chain(FILE *to, size_t groups)
{
    fprintf(to, "steps:\n");
    for (size_t i = 1; i <= groups; i++)
        fprintf(to,
                "  work-g%zu: {owner: g%zu, needs: [work], gives: [work], wait-within: " FOREVER
                ", accept-within: " FOREVER ", term: " FOREVER "}\n",
                i, i);
    fprintf(to, "links:\n");
    for (size_t i = 1; i <= groups; i++)
        fprintf(to, "  - {on: work, from: other, when: {group: g%zu}, start: work-g%zu}\n", i, i);
    fprintf(to, "ladder:\n  - {level: city, partner: " REPLAY_DESK ", within: " FOREVER "}\n");
}

const char *
replay_arrangement(Arena *arena, const EventLog *log, size_t *ret_length)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, ret_length);
    if (to == NULL)
        exhausted("memory");
    write_head(to);
    for (size_t i = 0; i < log->groups.count; i++)
        fprintf(to, "  g%zu: {kind: other, purposes: [work], title: %s}\n", i + 1,
                yaml_quote(arena, log->groups.names[i]));
    write_facts(to, log->groups.count);
    write_chain(to, log->groups.count);
    if (fclose(to) != 0)
        exhausted("memory");
    const char *copy = arena_copy(arena, text, *ret_length);
    free(text);
    return copy;
}

const SitePartner *
replay_partners(Arena *arena, const EventLog *log, size_t *ret_count)
{
    size_t groups = log->groups.count;
    SitePartner *partners = arena_take(arena, (groups + 2) * sizeof *partners);
    for (size_t i = 0; i < groups; i++)
        partners[i] =
            (SitePartner){replay_group_name(arena, (uint32_t)i), log->groups.names[i], false};
    partners[groups] = (SitePartner){REPLAY_DESK, NULL, false};
    partners[groups + 1] = (SitePartner){SITE_ADMINISTRATOR, NULL, true};
    *ret_count = groups + 2;
    return partners;
}

// Seven digits come from the ordinal; the eighth is the first that leaves a last digit below ten.
void
replay_bsn(uint32_t ordinal, char ret[BSN_TEXT_BYTES])
{
    ASSERT(ordinal < REPLAY_PERSONS_MAX);
    uint32_t rest = (9000000u + ordinal) % 10000000u, sum = 0;
    if (9000000u + ordinal >= 10000000u)
        rest++; // seven noughts would leave a number of nine
    for (unsigned i = 7; i-- > 0; rest /= 10) {
        ret[i] = (char)('0' + rest % 10);
        sum += (9 - i) * (rest % 10);
    }
    for (unsigned digit = 0; digit < 10; digit++) {
        unsigned last = (sum + 2 * digit) % 11;
        if (last == 10)
            continue;
        ret[7] = (char)('0' + digit);
        ret[8] = (char)('0' + last);
        break;
    }
    ret[9] = '\0';
}
