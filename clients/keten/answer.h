// SPDX-License-Identifier: EUPL-1.2
// Receipts, refusals and deliveries, as lines for people and objects for programs. Knows: their
// fields. Must never know: sessions.
#ifndef KETEN_TOOL_ANSWER_H
#define KETEN_TOOL_ANSWER_H

#include <jansson.h>

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

// New references.
json_t *
receipt_json(const Keten__V1__Receipt *receipt, Arena *arena);
json_t *
refusal_json(const Keten__V1__Refusal *refusal);
json_t *
delivery_json(const Keten__V1__Delivery *delivery, Arena *arena);

// On stdout.
void
receipt_show(const Tool *tool, const Keten__V1__Receipt *receipt);
void
delivery_show(const Tool *tool, const Keten__V1__Delivery *delivery);
// A line on stderr, with --json an object on stdout as well; the exit status.
int
refusal_show(const Tool *tool, const Keten__V1__Refusal *refusal);

#endif
