// SPDX-License-Identifier: EUPL-1.2
// Which keys may open a connection: our handler of the ZeroMQ Authentication Protocol (RFC 27). The
// daemon's one loop polls it, so that there is no helper thread whose death would let everyone in.
// Knows: CURVE keys. Must never know: sessions, what a partner may do.
#ifndef KETEN_BROKER_ZAP_H
#define KETEN_BROKER_ZAP_H

#include <stdint.h>

#include "proto/errors.h"
#include "proto/sizes.h"

#define ZAP_DOMAIN "keten"

typedef enum ZapVerdict {
    ZAP_NO = 0, // the other side is told: refused
    ZAP_YES,
    ZAP_LATER, // the other side hears nothing, and may try again
} ZapVerdict;

// `address` is the other side's, without a port; "" where it has none.
typedef ZapVerdict (*ZapKnows)(void *caller, const uint8_t key[CURVE_KEY_BYTES],
                               const char *address);

typedef struct Zap {
    void *socket;               // owned; NULL: closed
    ZapKnows knows;             // asked about each key; the self-test replaces it for a while
    void *caller;               // its first argument; not owned
    uint64_t accepted, refused; // connections, since zap_open
} Zap;

// To be called before any server socket of the same context is bound; once per context.
KtCode
zap_open(void *context, ZapKnows knows, void *caller, Zap *ret, Fault *fault);
// Answers every question that waits. A question of any other form is answered with no. The user id
// of a yes is the key in lower-case hex; every later message of that connection carries it.
void
zap_serve(Zap *zap);
void
zap_done(Zap *zap);

#endif
