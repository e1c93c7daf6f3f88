// SPDX-License-Identifier: EUPL-1.2
// Receipts and refusals, as lines for people and objects for programs. Knows: their
// fields. Must never know: sessions.
#ifndef KETEN_TOOL_ANSWER_H
#define KETEN_TOOL_ANSWER_H

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

// On stdout.
void
receipt_show(const Tool *tool, const Keten__V1__Receipt *receipt);
// A line on stderr, with --json an object on stdout as well; the exit status.
int
refusal_show(const Tool *tool, const Keten__V1__Refusal *refusal);

#endif
