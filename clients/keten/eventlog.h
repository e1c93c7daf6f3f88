// SPDX-License-Identifier: EUPL-1.2
// A historical event log: CSV with the columns case, timestamp, activity and group. Knows: the
// columns, the order of events. Must never know: how the log is replayed.
#ifndef KETEN_TOOL_EVENTLOG_H
#define KETEN_TOOL_EVENTLOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "clients/keten/nameset.h"
#include "proto/errors.h"

typedef struct LogEvent {
    int64_t at_ms;
    uint32_t below_ms;  // the rest of the timestamp below a millisecond, in ns
    uint32_t household; // number of the case
    uint32_t group;
    size_t row; // its place in the file, from 0
    const char *activity;
} LogEvent;

typedef struct EventLog {
    LogEvent *events; // sorted by time; equal times keep the order of the file
    size_t count;
    NameSet cases, groups;
} EventLog;

// KT_FILE_CONTENT with a fault and its place; an empty log is a fault as well. Everything lives in
// the arena.
KtCode
eventlog_read(const char *bytes, size_t length, KtLanguage language, Arena *arena, EventLog *ret,
              size_t *ret_line, size_t *ret_column, Fault *fault);

#endif
