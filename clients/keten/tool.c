// SPDX-License-Identifier: EUPL-1.2
// One run of the tool: errors as lines, texts by language, files. Knows: stderr. Must never know:
// the wire.
#include "clients/keten/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"

const char *
tool_say(const Tool *tool, const char *nl, const char *en)
{
    return tool->language == KT_NL ? nl : en;
}

int
tool_fault(const Tool *tool, const Fault *fault)
{
    return tool_fault_at(tool, NULL, 0, 0, fault);
}

int
tool_fail(const Tool *tool, KtCode code, const char *format, ...)
{
    Fault fault = {.code = code};
    va_list list;
    va_start(list, format);
    vsnprintf(fault.detail, sizeof fault.detail, format, list);
    va_end(list);
    return tool_fault(tool, &fault);
}

int
tool_fault_at(const Tool *tool, const char *file, size_t line, size_t column, const Fault *fault)
{
    char text[800];
    const KtError *error = error_find(fault->code);
    fflush(stdout);
    if (file != NULL && line)
        fprintf(stderr, "%s:%zu:%zu: ", file, line, column);
    else if (file != NULL)
        fprintf(stderr, "%s: ", file);
    fprintf(stderr, "%s\n", fault_line(fault, tool->language, text, sizeof text));
    return error ? error->exit : 2;
}

bool
tool_instant(const Tool *tool, const char *text, int64_t *ret_ms, int *ret_status)
{
    if (instant_parse(text_of(text), ret_ms))
        return true;
    *ret_status =
        tool_fail(tool, KT_USAGE, "%s '%s'",
                  tool_say(tool, "geen tijdstip volgens ISO 8601:", "no ISO 8601 instant:"), text);
    return false;
}

KtCode
tool_file_read(Arena *arena, const char *path, const char **ret, size_t *ret_length, Fault *fault)
{
    bool input = strcmp(path, "-") == 0;
    int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t have = 0, room = 65536;
    char *bytes = arena_take(arena, room + 1);
    ssize_t got = fd < 0 ? -1 : 1;
    while (fd >= 0 && (got = read(fd, bytes + have, room - have)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        have += (size_t)got;
        if (have == room) {
            bytes = arena_grow(arena, bytes, have, 4 * room + 1, 1);
            room *= 4;
        }
    }
    int error = errno;
    if (fd >= 0 && !input)
        close(fd);
    if (got < 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: %s", path, strerror(error));
    bytes[have] = '\0';
    *ret = bytes;
    *ret_length = have;
    return KT_OK;
}
