// SPDX-License-Identifier: EUPL-1.2
// A ketend of the replay's own. Knows: processes, the file that says where it listens. Must never
// know: the wire.
#include "clients/keten/replay_daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/keten/offline.h"

#define LOOK_EVERY_MS 10
#define PATIENCE_MS   30000

static void
become(Tool *tool, const char *config, const char *data, const char *log, bool keep)
{
    const char *program = program_find("ketend", &tool->arena);
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int in = open("/dev/null", O_RDONLY);
    if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(3);
    if (keep)
        setsid();
    else
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_DFL);
    execlp(program, program, "--config", config, "--data", data, "--clock", "driven", (char *)NULL);
    dprintf(2, "%s: %s\n", program, strerror(errno));
    _exit(3);
}

static int
report_failure(Tool *tool, ReplayDaemon *daemon)
{
    daemon->pid = 0;
    daemon->failed = true;
    return tool_fail(tool, KT_SETUP, "%s: %s",
                     tool_say(tool, "de eigen ketend liep vast; zie", "its own ketend failed; see"),
                     daemon->log);
}

// True once ketend listens: it writes its endpoint after its sockets are bound, as one whole line.
static bool
listens(const char *data, Arena *arena)
{
    const char *text;
    size_t length;
    Fault fault;
    const char *path = arena_format(arena, "%s/run/endpoint", data);
    return access(path, R_OK) == 0 &&
           tool_file_read(arena, path, &text, &length, &fault) == KT_OK && length > 0 &&
           text[length - 1] == '\n';
}

static int
await(Tool *tool, ReplayDaemon *daemon)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
        Arena arena = {0};
        bool ready = listens(daemon->data, &arena);
        arena_done(&arena);
        if (ready)
            return 0;
        if (waitpid(daemon->pid, NULL, WNOHANG) == daemon->pid)
            return report_failure(tool, daemon);
        poll(NULL, 0, LOOK_EVERY_MS);
    }
    kill(daemon->pid, SIGKILL);
    waitpid(daemon->pid, NULL, 0);
    return report_failure(tool, daemon);
}

int
replay_daemon_start(Tool *tool, ReplayDaemon *daemon, const char *config, const char *data,
                    const char *log, bool keep)
{
    fflush(NULL);
    *daemon = (ReplayDaemon){.data = data, .log = log};
    daemon->pid = fork();
    if (daemon->pid == 0)
        become(tool, config, data, log, keep);
    if (daemon->pid < 0) {
        daemon->pid = 0;
        return tool_fail(tool, KT_SETUP, "fork: %s", strerror(errno));
    }
    return await(tool, daemon);
}

int
replay_daemon_stop(Tool *tool, ReplayDaemon *daemon)
{
    int status = 0;
    if (daemon->pid == 0)
        return 0;
    kill(daemon->pid, SIGTERM);
    while (waitpid(daemon->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return report_failure(tool, daemon);
    daemon->pid = 0;
    return 0;
}
