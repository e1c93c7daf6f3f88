// SPDX-License-Identifier: EUPL-1.2
// How much of a frame each side takes. Knows: the wire's two directions, and the messages in which
// a newer release may say more. Must never know: what a message means.
#ifndef KETEN_PROTO_GUARD_LIMITS_H
#define KETEN_PROTO_GUARD_LIMITS_H

#include "proto/guard.h"

// Before two sides have agreed on a protocol number, neither knows what the other may say. So a
// Hello, a Welcome and a notice that answers a Hello are read with unknown fields skipped.

// The daemon's side: 64 KiB, depth 4; Hello is open.
extern const GuardLimits guard_to_daemon;
// A partner's side: 64 KiB, depth 5 (Deliveries › Delivery › Item › FactView › Field); Welcome is
// open.
extern const GuardLimits guard_to_partner;
// The same for a partner that waits for the answer to its Hello: Notice is open too.
extern const GuardLimits guard_to_partner_hello;

#endif
