// SPDX-License-Identifier: EUPL-1.2
// A delivery, as lines for people and an object for programs. Knows: its items. Must never know:
// sessions, acknowledging.
#ifndef KETEN_TOOL_DELIVERY_H
#define KETEN_TOOL_DELIVERY_H

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

// On stdout; with --json as an object.
void
delivery_show(const Tool *tool, const Keten__V1__Delivery *delivery);

#endif
