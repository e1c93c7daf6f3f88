// SPDX-License-Identifier: EUPL-1.2
// Judges the whole data file of the snapshot before LMDB opens it. Knows: pages, the meta row, the
// sums. Must never know: the layers above, what a row means.
#ifndef KETEN_STORE_STATE_SNAPSHOT_CHECK_H
#define KETEN_STORE_STATE_SNAPSHOT_CHECK_H

#include "store/state/state.h"

// Reads every page and every row. KT_OK also for a snapshot that does not exist yet.
// KT_STATE_DAMAGED names the page, row or table that does not fit; KT_STATE_OLDER: a sound snapshot
// of another format. `options->report` and `options->progress` may be NULL.
KtCode
snapshot_check(const StateOptions *options, Fault *fault);

#endif
