// SPDX-License-Identifier: EUPL-1.2
// A replay on a daemon that runs already. Knows: loading the replay's partners and arrangement as
// its administrator.
// Must never know: the log's events.
#ifndef KETEN_TOOL_REPLAY_GUEST_H
#define KETEN_TOOL_REPLAY_GUEST_H

#include "clients/keten/site.h"
#include "clients/keten/tool.h"

// The site was written below `site->directory`; its contexts come to point at the daemon of the
// tool's own context. Needs an administrator, a driven clock, and a clock that has not passed
// `first_ms`. 0, or an exit status after printing.
// *ret_now_ms is what its clock says.
int
replay_guest_enter(Tool *tool, const Site *site, int64_t first_ms, int64_t *ret_now_ms);

#endif
