// SPDX-License-Identifier: EUPL-1.2
// Runs `ketend --offline`. Knows: processes, pipes. Must never know: what a store looks like.
//
// offline_become() replaces this program by ketend. offline_output() starts ketend and reads its
// output to the end; offline_rows() reads that as JSON lines. The errors of ketend go where ours
// go, and its exit status becomes ours.
#include "clients/keten/offline.h"

#include "clients/keten/rows_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *
program_directory(Arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return ".";
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash != NULL)
        *slash = '\0';
    return arena_text(arena, slash ? path : ".");
}

const char *
program_find(const char *name, Arena *arena)
{
    const char *beside = arena_format(arena, "%s/%s", program_directory(arena), name);
    return access(beside, X_OK) == 0 ? beside : name;
}

static void
become(const Tool *tool, const char *const *words, Arena *arena)
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    char **argv = arena_take(arena, (count + 3) * sizeof *argv);
    argv[0] = arena_text(arena, program_find("ketend", arena));
    argv[1] = arena_text(arena, "--offline");
    for (size_t i = 0; i < count; i++)
        argv[2 + i] = arena_text(arena, words[i]);
    setenv("LC_ALL", tool->language == KT_NL ? "nl_NL.UTF-8" : "C.UTF-8", 1);
    execvp(argv[0], argv);
}

int
offline_become(const Tool *tool, const char *const *words)
{
    Arena arena = {0};
    fflush(stdout);
    become(tool, words, &arena);
    int error = errno;
    arena_done(&arena);
    return tool_fail(tool, KT_SETUP, "ketend: %s", strerror(error));
}

static void
read_all(Tool *tool, int fd, const char **ret, size_t *ret_length)
{
    size_t have = 0, room = 65536;
    char *bytes = arena_take(&tool->arena, room + 1);
    for (ssize_t got; (got = read(fd, bytes + have, room - have)) != 0;) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        have += (size_t)got;
        if (have < room)
            continue;
        bytes = arena_grow(&tool->arena, bytes, have, 4 * room + 1, 1);
        room *= 4;
    }
    bytes[have] = '\0';
    *ret = bytes;
    *ret_length = have;
}

int
offline_output(Tool *tool, const char *const *words, const char **ret, size_t *ret_length)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        return tool_fail(tool, KT_SETUP, "pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        _exit(offline_become(tool, words));
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return tool_fail(tool, KT_SETUP, "fork: %s", strerror(errno));
    }
    read_all(tool, ends[0], ret, ret_length);
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

int
offline_rows(Tool *tool, const char *const *words, Rows *ret)
{
    const char *text;
    size_t length;
    Rows rows = {0};
    size_t room = 0;
    int status = offline_output(tool, words, &text, &length);
    for (const char *line = text; status == 0 && line < text + length;) {
        const char *end = memchr(line, '\n', (size_t)(text + length - line));
        size_t size = end ? (size_t)(end - line) : (size_t)(text + length - line);
        json_t *object = json_loadb(line, size, 0, NULL);
        Row *row = row_of_json(object, &tool->arena);
        json_decref(object);
        line += size + 1;
        if (row == NULL)
            continue;
        if (rows.count == room) {
            size_t want = room ? 2 * room : 256;
            rows.items = arena_grow(&tool->arena, rows.items, rows.count, want, sizeof row);
            room = want;
        }
        rows.items[rows.count++] = row;
    }
    *ret = rows;
    return status;
}
