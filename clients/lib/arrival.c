// SPDX-License-Identifier: EUPL-1.2
// A queue of frames that came. Knows: an arena per frame, so that the program's present event
// outlives the next frame. Must never know: sockets, what is to be answered.
//
// arrival_new() gives an arrival to fill, arrival_queue() appends it, arrival_take() hands out its
// events one by one and releases the arrival that the program looked at before. Only arrival_new()
// can fail, for want of memory.
#include "clients/lib/arrival.h"

#include <stdlib.h>

#include "base/assert.h"

// The most that a frame of 64 KiB may grow to when it is unpacked.
#define UNPACKED_BYTES (8u << 20)
// Arrivals that wait for reuse; an arena keeps its memory.
#define SPARES 16

Arrival *
arrival_new(Arrivals *arrivals)
{
    Arrival *arrival = arrivals->spare;
    if (arrival != NULL) {
        arrivals->spare = arrival->next;
        arrivals->spares--;
        arrival->next = NULL;
        return arrival;
    }
    arrival = calloc(1, sizeof *arrival);
    if (arrival != NULL)
        arena_init(&arrival->arena, UNPACKED_BYTES);
    return arrival;
}

void
arrival_drop(Arrivals *arrivals, Arrival *arrival)
{
    if (arrival == NULL)
        return;
    if (arrivals->spares == SPARES) {
        arena_done(&arrival->arena);
        free(arrival);
        return;
    }
    arena_reset(&arrival->arena);
    arrival->frame = NULL;
    arrival->number = arrival->taken = 0;
    arrival->next = arrivals->spare;
    arrivals->spare = arrival;
    arrivals->spares++;
}

void
arrival_queue(Arrivals *arrivals, Arrival *arrival)
{
    ASSERT(arrival != NULL);
    arrival->next = NULL;
    if (arrivals->last != NULL)
        arrivals->last->next = arrival;
    else
        arrivals->first = arrival;
    arrivals->last = arrival;
}

static void
fill(const Arrival *arrival, keten_event *ret)
{
    const Keten__V1__ToPartner *frame = arrival->frame;
    *ret = (keten_event){.kind = KETEN_EVENT_LOST, .number = arrival->number};
    if (frame == NULL)
        return;
    switch (frame->body_case) {
    case KETEN__V1__TO_PARTNER__BODY_WELCOME:
        ret->kind = KETEN_EVENT_WELCOME;
        ret->welcome = frame->welcome;
        break;
    case KETEN__V1__TO_PARTNER__BODY_RECEIPT:
        ret->kind = KETEN_EVENT_RECEIPT;
        ret->receipt = frame->receipt;
        break;
    case KETEN__V1__TO_PARTNER__BODY_REFUSAL:
        ret->kind = KETEN_EVENT_REFUSAL;
        ret->refusal = frame->refusal;
        break;
    case KETEN__V1__TO_PARTNER__BODY_DELIVERIES:
        ret->kind = KETEN_EVENT_DELIVERY;
        ASSERT(arrival->taken < frame->deliveries->n_deliveries);
        ret->delivery = frame->deliveries->deliveries[arrival->taken];
        ret->number = ret->delivery->n;
        break;
    case KETEN__V1__TO_PARTNER__BODY_ANSWER:
        ret->kind = KETEN_EVENT_ANSWER;
        ret->answer = frame->answer;
        break;
    case KETEN__V1__TO_PARTNER__BODY_NOTICE:
        ret->kind = KETEN_EVENT_NOTICE;
        ret->notice = frame->notice;
        break;
    case KETEN__V1__TO_PARTNER__BODY__NOT_SET:
    case _KETEN__V1__TO_PARTNER__BODY__CASE_IS_INT_SIZE:
        ret->kind = KETEN_EVENT_NONE;
        break;
    }
}

static void
release_current(Arrivals *arrivals)
{
    arrival_drop(arrivals, arrivals->current);
    arrivals->current = NULL;
}

static void
unlink_after(Arrivals *arrivals, Arrival *before, Arrival *arrival)
{
    if (before != NULL)
        before->next = arrival->next;
    else
        arrivals->first = arrival->next;
    if (arrivals->last == arrival)
        arrivals->last = before;
}

bool
arrival_take(Arrivals *arrivals, keten_event *ret)
{
    ASSERT(arrivals != NULL && ret != NULL);
    release_current(arrivals);
    Arrival *arrival = arrivals->first;
    if (arrival == NULL)
        return false;
    fill(arrival, ret);
    const Keten__V1__ToPartner *frame = arrival->frame;
    if (frame != NULL && frame->body_case == KETEN__V1__TO_PARTNER__BODY_DELIVERIES &&
        ++arrival->taken < frame->deliveries->n_deliveries)
        return true; // it stays first: its other deliveries follow
    unlink_after(arrivals, NULL, arrival);
    arrivals->current = arrival;
    return true;
}

static bool
is_answer(const Arrival *arrival, uint64_t number)
{
    const Keten__V1__ToPartner *frame = arrival->frame;
    if (frame == NULL || arrival->number != number)
        return false;
    return frame->body_case == KETEN__V1__TO_PARTNER__BODY_RECEIPT ||
           (frame->body_case == KETEN__V1__TO_PARTNER__BODY_REFUSAL && !frame->refusal->query);
}

bool
arrival_take_answer(Arrivals *arrivals, uint64_t number, keten_event *ret)
{
    ASSERT(arrivals != NULL && number != 0 && ret != NULL);
    Arrival *before = NULL;
    for (Arrival *arrival = arrivals->first; arrival; before = arrival, arrival = arrival->next)
        if (is_answer(arrival, number)) {
            release_current(arrivals);
            fill(arrival, ret);
            unlink_after(arrivals, before, arrival);
            arrivals->current = arrival;
            return true;
        }
    return false;
}

static bool
is_deliveries(const Arrival *arrival)
{
    return arrival->frame != NULL &&
           arrival->frame->body_case == KETEN__V1__TO_PARTNER__BODY_DELIVERIES;
}

void
arrival_forget_deliveries(Arrivals *arrivals)
{
    Arrival *before = NULL, *arrival = arrivals->first;
    release_current(arrivals);
    while (arrival != NULL) {
        Arrival *next = arrival->next;
        if (is_deliveries(arrival)) {
            unlink_after(arrivals, before, arrival);
            arrival_drop(arrivals, arrival);
        } else {
            before = arrival;
        }
        arrival = next;
    }
}

static void
free_list(Arrival *arrival)
{
    while (arrival != NULL) {
        Arrival *next = arrival->next;
        arena_done(&arrival->arena);
        free(arrival);
        arrival = next;
    }
}

void
arrivals_done(Arrivals *arrivals)
{
    free_list(arrivals->first);
    free_list(arrivals->spare);
    if (arrivals->current != NULL)
        arrivals->current->next = NULL;
    free_list(arrivals->current);
    *arrivals = (Arrivals){0};
}
