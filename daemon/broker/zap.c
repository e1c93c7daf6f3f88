// SPDX-License-Identifier: EUPL-1.2
// The handler at inproc://zeromq.zap.01. Knows: RFC 27's frames. Must never know: why a key is
// known.
// The path: zap_serve() takes each question that waits (question_take), looks at its form and asks
// `knows` about the key, and answers. A question of another form, and an unknown key, are refused.
#include "daemon/broker/zap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"
#include "base/text.h"

// version, request id, domain, address, routing id, mechanism, credentials
enum {
    ZAP_VERSION,
    ZAP_REQUEST,
    ZAP_IN_DOMAIN,
    ZAP_ADDRESS,
    ZAP_ROUTING_ID,
    ZAP_MECHANISM,
    ZAP_KEY,
    ZAP_FRAMES
};
#define ZAP_REQUEST_MOST  255
#define ZAP_ADDRESS_BYTES 64

typedef struct ZapQuestion {
    zmq_msg_t frames[ZAP_FRAMES];
    size_t count; // frames that came; surplus frames are dropped
} ZapQuestion;

KtCode
zap_open(void *context, ZapKnows knows, void *caller, Zap *ret, Fault *fault)
{
    ASSERT(context != NULL && knows != NULL && ret != NULL);
    void *socket = zmq_socket(context, ZMQ_REP);
    const int linger = 0;
    if (socket == NULL)
        return fault_set(fault, KT_SETUP, "authentication socket: %s", zmq_strerror(errno));
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_bind(socket, "inproc://zeromq.zap.01") != 0) {
        const int error = errno;
        zmq_close(socket);
        return fault_set(fault, KT_SETUP, "authentication socket: %s", zmq_strerror(error));
    }
    *ret = (Zap){.socket = socket, .knows = knows, .caller = caller};
    return KT_OK;
}

static bool
frame_is(zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size(frame) == strlen(text) &&
           memcmp(zmq_msg_data(frame), text, zmq_msg_size(frame)) == 0;
}

static void
question_done(ZapQuestion *question)
{
    for (size_t i = 0; i < ZAP_FRAMES; i++)
        zmq_msg_close(&question->frames[i]);
}

// False when nothing waits.
static bool
question_take(void *socket, ZapQuestion *ret)
{
    bool more = true;
    ret->count = 0;
    for (size_t i = 0; i < ZAP_FRAMES; i++)
        zmq_msg_init(&ret->frames[i]);
    while (more) {
        zmq_msg_t surplus;
        zmq_msg_t *frame = ret->count < ZAP_FRAMES ? &ret->frames[ret->count] : &surplus;
        if (frame == &surplus)
            zmq_msg_init(&surplus);
        if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
            if (frame == &surplus)
                zmq_msg_close(&surplus);
            return false;
        }
        more = zmq_msg_more(frame) != 0;
        if (frame == &surplus)
            zmq_msg_close(&surplus);
        ret->count++;
    }
    return true;
}

static bool
question_is_ours(ZapQuestion *question)
{
    return question->count == ZAP_FRAMES && frame_is(&question->frames[ZAP_VERSION], "1.0") &&
           frame_is(&question->frames[ZAP_IN_DOMAIN], ZAP_DOMAIN) &&
           frame_is(&question->frames[ZAP_MECHANISM], "CURVE") &&
           zmq_msg_size(&question->frames[ZAP_KEY]) == CURVE_KEY_BYTES;
}

static void
answer_frame(void *socket, const void *bytes, size_t length, int flags)
{
    // The peer is libzmq itself. When it is gone, the answer goes nowhere and nobody gets in. An
    // answer of which a part is missing would shift all that follow.
    if (zmq_send(socket, bytes, length, flags | ZMQ_DONTWAIT) < 0 && errno == ENOMEM)
        exhausted("memory for an answer about a key");
}

static void
answer(void *socket, ZapQuestion *question, ZapVerdict verdict, const char *user)
{
    static const char *const codes[] = {[ZAP_NO] = "400", [ZAP_YES] = "200", [ZAP_LATER] = "300"};
    zmq_msg_t *request = &question->frames[ZAP_REQUEST];
    const size_t length = question->count > ZAP_REQUEST ? zmq_msg_size(request) : 0;
    answer_frame(socket, "1.0", 3, ZMQ_SNDMORE);
    answer_frame(socket, zmq_msg_data(request), length <= ZAP_REQUEST_MOST ? length : 0,
                 ZMQ_SNDMORE);
    answer_frame(socket, codes[verdict], 3, ZMQ_SNDMORE);
    answer_frame(socket, verdict == ZAP_YES ? "OK" : "No", 2, ZMQ_SNDMORE);
    answer_frame(socket, user, strlen(user), ZMQ_SNDMORE);
    answer_frame(socket, "", 0, 0);
}

void
zap_serve(Zap *zap)
{
    ZapQuestion question;
    while (question_take(zap->socket, &question)) {
        char user[2 * CURVE_KEY_BYTES + 1] = "", address[ZAP_ADDRESS_BYTES] = "";
        const uint8_t *key = zmq_msg_data(&question.frames[ZAP_KEY]);
        const bool ours = question_is_ours(&question);
        if (ours)
            snprintf(address, sizeof address, "%.*s",
                     (int)zmq_msg_size(&question.frames[ZAP_ADDRESS]),
                     (const char *)zmq_msg_data(&question.frames[ZAP_ADDRESS]));
        const ZapVerdict verdict = ours ? zap->knows(zap->caller, key, address) : ZAP_NO;
        if (verdict == ZAP_YES)
            text_hex(key, CURVE_KEY_BYTES, user);
        answer(zap->socket, &question, verdict, user);
        *(verdict == ZAP_YES ? &zap->accepted : &zap->refused) += 1;
        question_done(&question);
    }
    question_done(&question);
}

void
zap_done(Zap *zap)
{
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    zap->socket = NULL;
}
