// SPDX-License-Identifier: EUPL-1.2
// The arrangement and the signals of the benchmark. Knows: names, lengths, the 11-proef. Must never
// know: sockets, the daemon.
#ifndef KETEN_BENCH_CONTENT_H
#define KETEN_BENCH_CONTENT_H

#include <stdbool.h>
#include <stdio.h>

#include "keten/v1/wire.pb-c.h"

#define CONTENT_SENDER   "sender"
#define CONTENT_RECEIVER "receiver-%u" // from 1; the first is the desk

#define NAME_BYTES 32

// The frame with one signal in it has at least and at most so many bytes.
#define CONTENT_WIRE_LEAST 378u
#define CONTENT_WIRE_MOST  420u

// One corporation signals, and each receiver has a step that needs the signalled fact. Every signal
// is a crisis, because the receivers would not hear of a repeat. No term passes; with `terms` the
// last receiver has a minute to accept, and that passes.
void
content_arrangement(FILE *to, unsigned receivers, bool terms);

// One signal, filled in anew each time. Its text begins with the moment of sending, so that a
// receiver can compute how long it took. The rest of the text does not compress.
typedef struct Content {
    uint64_t dice;
    char bsn[10];
    char text[321];
    Keten__V1__Field field;
    Keten__V1__Field *fields[1];
    char *persons[1];
    Keten__V1__Signal signal;
    Keten__V1__Command command;
} Content;

void
content_start(Content *ret, uint64_t seed);
// The signal about the household with this number, below 5,000,000.
const Keten__V1__Command *
content_make(Content *content, uint32_t household, int64_t sent_ns);
// A number below `bound`.
uint32_t
content_throw(Content *content, uint32_t bound);
// The length in bytes of the frame with this command in it.
size_t
content_wire_bytes(const Keten__V1__Command *command, uint64_t number);

// The number of the signalled fact in a delivery, and the moment of its sending. False when the
// delivery has no such fact.
bool
content_read(const Keten__V1__Delivery *delivery, uint64_t *ret_fact, int64_t *ret_sent_ns);

#endif
