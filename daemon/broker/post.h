// SPDX-License-Identifier: EUPL-1.2
// Messages that a turn has for its sessions. Knows: how a message enters the outbox, how many
// commands a partner may have on their way. Must never know: why a message is posted.
#ifndef KETEN_BROKER_POST_H
#define KETEN_BROKER_POST_H

#include "daemon/broker/server_state.h"
#include "proto/transport.h"

// Bytes of rows or deliveries that one frame may carry: what is around them takes less than 64. A
// partner of an earlier release loses its connection to a frame that CURVE makes longer than the
// limit.
#define FRAME_BODY_BYTES (LIMIT_FRAME_BYTES - TRANSPORT_CURVE_BYTES - 64u)

// Puts a message into the outbox of this turn. It must live until the turn's end.
void
server_post(Server *server, uint32_t session, Keten__V1__ToPartner__BodyCase which,
            const void *message);
// `detail` may be NULL.
void
server_notice(Server *server, uint32_t session, Keten__V1__NoticeKind kind, KtLanguage language,
              const char *detail);
// A refusal in the memory of this turn, to be filled in and posted. `field` and `detail` may be
// NULL.
Keten__V1__Refusal *
server_refusal(Server *server, KtCode code, KtLanguage language, const char *field,
               const char *detail);
// Posts the ledger's answer: a receipt or a refusal.
void
server_answer(Server *server, uint32_t session, Answer answer);

// The notice that refuses a Hello whose protocol numbers are not served here. It tells those that
// are.
void
server_notice_protocol(Server *server, uint32_t session, const Keten__V1__Hello *hello,
                       KtLanguage language);

// How many commands a partner may have on their way.
uint32_t
server_window(Server *server);
// The way out, with the window as it is now.
Wire
server_wire(Server *server);

// After partners were loaded: tells and forgets the sessions of keys that no longer count.
void
server_revoke(Server *server);

#endif
