// SPDX-License-Identifier: EUPL-1.2
// The router tests its own authentication before any endpoint is bound. Knows: two clients of its
// own making, one of them with a known key. Must never know: partners.
// The path: router_self_test() binds an endpoint with a random name, connects both clients
// (try_lock) and serves them (run_trial) until the known key got in and the random key was refused,
// at most ten seconds. Any other outcome is KT_SETUP, and the daemon does not start.
#include "daemon/broker/router_selftest.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "daemon/broker/clock_machine.h"

#define TRIAL_MS 10000

typedef struct Trial {
    ZapKnows knows; // the function that the trial replaced; called for every other key
    void *caller;
    uint8_t friend_key[CURVE_KEY_BYTES];
    uint8_t stranger_key[CURVE_KEY_BYTES];
    bool stranger_refused, stranger_entered, friend_entered;
} Trial;

static ZapVerdict
trial_knows(void *caller, const uint8_t key[CURVE_KEY_BYTES], const char *address)
{
    Trial *trial = caller;
    const ZapVerdict verdict = memcmp(key, trial->friend_key, CURVE_KEY_BYTES) == 0
                                   ? ZAP_YES
                                   : trial->knows(trial->caller, key, address);
    if (verdict == ZAP_NO && memcmp(key, trial->stranger_key, CURVE_KEY_BYTES) == 0)
        trial->stranger_refused = true;
    return verdict;
}

static void *
client_open(void *context, const CurvePair *server, const CurvePair *own, const char *endpoint)
{
    void *dealer = zmq_socket(context, ZMQ_DEALER);
    const int linger = 0;
    if (dealer == NULL)
        return NULL;
    zmq_setsockopt(dealer, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, server->public_text, CURVE_KEY_TEXT_BYTES) ==
            0 &&
        zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, own->public_text, CURVE_KEY_TEXT_BYTES) == 0 &&
        zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, own->secret_text, CURVE_KEY_TEXT_BYTES) == 0 &&
        zmq_connect(dealer, endpoint) == 0 && zmq_send(dealer, "?", 1, ZMQ_DONTWAIT) == 1)
        return dealer;
    zmq_close(dealer);
    return NULL;
}

static void
take_messages(Router *router, Trial *trial)
{
    Message message;
    while (router_receive(router, &message)) {
        // Only a message under the friend's own user id counts as the friend's.
        const bool friendly = message.fault == MESSAGE_OK &&
                              memcmp(message.key, trial->friend_key, CURVE_KEY_BYTES) == 0;
        *(friendly ? &trial->friend_entered : &trial->stranger_entered) = true;
        message_done(&message);
    }
}

static void
run_trial(Router *router, Zap *zap, Trial *trial)
{
    zmq_pollitem_t items[] = {{.socket = zap->socket, .events = ZMQ_POLLIN},
                              {.socket = router->socket, .events = ZMQ_POLLIN}};
    const int64_t end = clock_steady_ms() + TRIAL_MS;
    int64_t left = TRIAL_MS;
    while (left > 0 && !trial->stranger_entered &&
           !(trial->friend_entered && trial->stranger_refused)) {
        (void)zmq_poll(items, 2, (long)left);
        zap_serve(zap);
        take_messages(router, trial);
        left = end - clock_steady_ms();
    }
}

static KtCode
result(const Trial *trial, Fault *fault)
{
    if (trial->stranger_entered || !trial->stranger_refused)
        return fault_set(fault, KT_SETUP, "self-test: a random key was not refused");
    if (!trial->friend_entered)
        return fault_set(fault, KT_SETUP, "self-test: a known key was not let in");
    return KT_OK;
}

static KtCode
try_lock(void *context, Router *router, Zap *zap, const CurvePair *pair, const CurvePair own[2],
         const char *endpoint, Trial *trial, Fault *fault)
{
    void *stranger = client_open(context, pair, &own[0], endpoint);
    void *friend = client_open(context, pair, &own[1], endpoint);
    KtCode code;
    if (stranger != NULL && friend != NULL) {
        run_trial(router, zap, trial);
        code = result(trial, fault);
    } else {
        code = fault_set(fault, KT_SETUP, "self-test: %s", zmq_strerror(errno));
    }
    if (stranger != NULL)
        zmq_close(stranger);
    if (friend != NULL)
        zmq_close(friend);
    return code;
}

KtCode
router_self_test(void *context, Router *router, Zap *zap, const CurvePair *pair, Fault *fault)
{
    ASSERT(context != NULL && router != NULL && zap != NULL && pair != NULL);
    Trial trial = {.knows = zap->knows, .caller = zap->caller};
    CurvePair own[2];
    char endpoint[64], bound[256], name[17];
    uint8_t random[8];
    randombytes_buf(random, sizeof random);
    text_hex(random, sizeof random, name);
    snprintf(endpoint, sizeof endpoint, "ipc://@keten-%s", name);
    KtCode code = curve_pair_make(&own[0], fault);
    code = code == KT_OK ? curve_pair_make(&own[1], fault) : code;
    code = code == KT_OK ? router_bind(router, endpoint, bound, sizeof bound, fault) : code;
    if (code != KT_OK)
        return code;
    zmq_z85_decode(trial.stranger_key, own[0].public_text);
    zmq_z85_decode(trial.friend_key, own[1].public_text);
    zap->knows = trial_knows;
    zap->caller = &trial;
    code = try_lock(context, router, zap, pair, own, endpoint, &trial, fault);
    zap->knows = trial.knows;
    zap->caller = trial.caller;
    (void)zmq_unbind(router->socket, bound);
    curve_pair_done(&own[0]);
    curve_pair_done(&own[1]);
    return code;
}
