// SPDX-License-Identifier: EUPL-1.2
// Functions that all commands on matters share. Knows: the messages and queries of matters. Must
// never know: kinds, outcomes.
#ifndef KETEN_TOOL_MATTER_H
#define KETEN_TOOL_MATTER_H

#include "clients/keten/tool.h"

// Each function prints its result or its error, and returns the exit status. The matter is the
// command's first word (m7, or m7@2 with the version seen).
int
matter_settle_give(Tool *tool, const Args *args, const char *outcome, const char *reason);
int
matter_show(Tool *tool, const Args *args);
// The open ones of a kind.
int
matter_list(Tool *tool, const Args *args, const char *kind);

#endif
