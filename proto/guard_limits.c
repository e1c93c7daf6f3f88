// SPDX-License-Identifier: EUPL-1.2
// The limits of both directions. Knows: the messages that begin a session. Must never know: what
// they mean.
#include "proto/guard_limits.h"

#include "keten/v1/wire.pb-c.h"
#include "proto/limits.h"

static const ProtobufCMessageDescriptor *const in_hello[] = {&keten__v1__hello__descriptor, NULL};
static const ProtobufCMessageDescriptor *const in_welcome[] = {&keten__v1__welcome__descriptor,
                                                               NULL};
static const ProtobufCMessageDescriptor *const in_answers[] = {
    &keten__v1__welcome__descriptor, &keten__v1__notice__descriptor, NULL};

const GuardLimits guard_to_daemon = {LIMIT_FRAME_BYTES, 4, 4096, in_hello};
const GuardLimits guard_to_partner = {LIMIT_FRAME_BYTES, 5, 65536, in_welcome};
const GuardLimits guard_to_partner_hello = {LIMIT_FRAME_BYTES, 5, 65536, in_answers};
