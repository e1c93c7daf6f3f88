// SPDX-License-Identifier: EUPL-1.2
// The log: one event, one line on stderr. Knows: levels, whether systemd's journal reads it. Must
// never know: persons, field values, free text, keys. A line names ids, kinds and codes only.
#ifndef KETEN_BROKER_LOG_H
#define KETEN_BROKER_LOG_H

#include <stdio.h>

#include "proto/errors.h"

// The numbers are syslog's (RFC 5424).
typedef enum LogLevel {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
} LogLevel;

typedef struct Log {
    FILE *to;      // not owned
    bool prefixes; // "<N>", as sd-daemon(3) says
    KtLanguage language;
} Log;

// JOURNAL_STREAM says whether stderr is the stream of systemd's journal (systemd.exec(5)).
Log
log_to_stderr(KtLanguage language);

// Control characters in the text become blanks, so that nothing can forge a second line.
void
log_line(const Log *log, LogLevel level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Lines that are made elsewhere ("file:line:column: error …"); each is written as it is.
void
log_text(const Log *log, LogLevel level, const char *lines);
void
log_fault(const Log *log, const Fault *fault);

#endif
