// SPDX-License-Identifier: EUPL-1.2
// The daemon's tags on the deliveries that the program has seen and may still acknowledge. Knows:
// numbers and tags. Must never know: sockets, what a delivery says.
#ifndef KETEN_LIB_GIVEN_H
#define KETEN_LIB_GIVEN_H

#include "clients/lib/keten.h"
#include "proto/sizes.h"

#define GIVEN_ROOM 256 // of the newest deliveries

typedef struct Given {
    struct {
        uint64_t history, n; // 0 0: free
        uint8_t tag[DELIVERY_TAG_BYTES];
    } items[GIVEN_ROOM]; // by number modulo the room
} Given;

// Keeps the tag of the delivery, in place of an older one's. One without a tag is not kept.
void
given_add(Given *given, const Keten__V1__Delivery *delivery);
// NULL when the tag is not kept any more, or never was.
const uint8_t *
given_tag(const Given *given, uint64_t history, uint64_t n);

#endif
