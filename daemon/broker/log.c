// SPDX-License-Identifier: EUPL-1.2
// One event, one line on stderr. Knows: stderr, how systemd's journal marks levels. Must never
// know: what the events are about.
#include "daemon/broker/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/plain.h"

#define LINE_BYTES 2048

static bool
stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat at;
    char own[64];
    if (stream == NULL || fstat(STDERR_FILENO, &at) != 0)
        return false;
    snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)at.st_dev, (uintmax_t)at.st_ino);
    return strcmp(stream, own) == 0;
}

Log
log_to_stderr(KtLanguage language)
{
    return (Log){.to = stderr, .prefixes = stderr_is_journal(), .language = language};
}

static const char *
level_name(LogLevel level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_NOTICE:
        return "notice";
    case LOG_LEVEL_INFO:
        return "info";
    }
    return "info";
}

void
log_line(const Log *log, LogLevel level, const char *format, ...)
{
    char line[LINE_BYTES], plain[PLAIN_GROWTH * LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    plain_line_into(line, plain);
    if (log->prefixes)
        fprintf(log->to, "<%d>%s\n", (int)level, plain);
    else
        fprintf(log->to, "ketend: %s: %s\n", level_name(level), plain);
    fflush(log->to);
}

void
log_text(const Log *log, LogLevel level, const char *lines)
{
    while (*lines) {
        char line[LINE_BYTES], plain[PLAIN_GROWTH * LINE_BYTES];
        const size_t length = strcspn(lines, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, lines);
        plain_line_into(line, plain);
        if (log->prefixes)
            fprintf(log->to, "<%d>", (int)level);
        fprintf(log->to, "%s\n", plain);
        lines += length + (lines[length] == '\n');
    }
    fflush(log->to);
}

void
log_fault(const Log *log, const Fault *fault)
{
    char line[LINE_BYTES], plain[PLAIN_GROWTH * LINE_BYTES];
    fault_line(fault, log->language, line, sizeof line);
    plain_line_into(line, plain);
    fprintf(log->to, log->prefixes ? "<3>%s\n" : "ketend: %s\n", plain);
    fflush(log->to);
}
