// SPDX-License-Identifier: EUPL-1.2
// The router's self-test. Knows: a known key and a random one. Must never know: partners.
#ifndef KETEN_BROKER_ROUTER_SELFTEST_H
#define KETEN_BROKER_ROUTER_SELFTEST_H

#include "daemon/broker/router.h"

// Binds the router once to an endpoint that nobody else knows and tries both: `zap` must refuse a
// random key; a known key must get in under its own user id. Meanwhile `zap` asks its own caller
// about every other key. KT_SETUP when either goes wrong.
KtCode
router_self_test(void *context, Router *router, Zap *zap, const CurvePair *pair, Fault *fault);

#endif
