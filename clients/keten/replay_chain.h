// SPDX-License-Identifier: EUPL-1.2
// The chain in which a log is replayed, made from its groups. Knows: the arrangement's text,
// fictitious persons. Must never know: the daemon.
#ifndef KETEN_TOOL_REPLAY_CHAIN_H
#define KETEN_TOOL_REPLAY_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "clients/keten/eventlog.h"
#include "clients/keten/site.h"
#include "proto/sizes.h"

#define REPLAY_ARRANGEMENT "replay"
#define REPLAY_DESK        "desk"
#define REPLAY_FACT        "work"
#define REPLAY_PERSONS_MAX 9999999u

// "g1", "work-g1" for group 0.
const char *
replay_group_name(Arena *arena, uint32_t group);
const char *
replay_step_kind(Arena *arena, uint32_t group);

// Every group is a partner, and a desk coordinates. One fact, work {group, activity}: the first of
// a case is a signal, each next one is what the present group's step gives, and its group's step
// starts on it.
const char *
replay_arrangement(Arena *arena, const EventLog *log, size_t *ret_length);
// The groups, the desk and the administrator, in this order.
const SitePartner *
replay_partners(Arena *arena, const EventLog *log, size_t *ret_count);

// A number that passes the 11-proef, another one for each ordinal below REPLAY_PERSONS_MAX. 10
// bytes.
void
replay_bsn(uint32_t ordinal, char ret[BSN_TEXT_BYTES]);

#endif
