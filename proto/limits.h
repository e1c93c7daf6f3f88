// SPDX-License-Identifier: EUPL-1.2
// Every limit of the wire and of the records, in one table. Knows: numbers. Must never know: which
// function checks them.
// A command beyond a limit is refused with KT-1007, which names the limit.
#ifndef KETEN_PROTO_LIMITS_H
#define KETEN_PROTO_LIMITS_H

#define LIMIT_FRAME_BYTES              65536u
#define LIMIT_NAME_BYTES               63u
#define LIMIT_TEXT_BYTES               2000u // a field of type text, a reason in words
#define LIMIT_WORKER_BYTES             200u
#define LIMIT_PERSONS_PER_SIGNAL       32u
#define LIMIT_PERSON_DETAIL_BYTES      500u // given names or a surname
#define LIMIT_NEIGHBOURS               64u  // looked at for one address, or one birth date and name
#define LIMIT_MEMBERS_PER_PLAN         64u
#define LIMIT_OPEN_STEPS_PER_PLAN      64u
#define LIMIT_OPEN_MATTERS_PER_PLAN    64u
#define LIMIT_ACTIONS_PER_PAUSE        16u // also the actions of an arrangement
#define LIMIT_MERGED_PER_PLAN          16u // plans merged into it
#define LIMIT_FACTS_PER_COMMAND        16u
#define LIMIT_FIELDS_PER_FACT          64u // allowed and withheld are bits of one word
#define LIMIT_PARTNERS                 4096u
#define LIMIT_KEYS_PER_PARTNER         4u
#define LIMIT_PARTNERS_PER_ARRANGEMENT 512u
#define LIMIT_KINDS_PER_ARRANGEMENT    1024u // of facts, of steps, of purposes
#define LIMIT_LINKS_PER_ARRANGEMENT    8192u
#define LIMIT_RUNGS                    8u
#define LIMIT_CLOSED_DAYS              512u   // added by one arrangement to its calendar
#define LIMIT_ARRANGEMENT_BYTES        61440u // a file that travels in one frame
#define LIMIT_SUSPEND_MS               (366LL * 86400000LL)
#define LIMIT_ABSENCE_MS               (366LL * 86400000LL)
#define LIMIT_SENDERS_PER_STEP         1024u

#endif
