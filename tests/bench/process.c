// SPDX-License-Identifier: EUPL-1.2
// Processes of the benchmark. Knows: fork, exec, wait. Must never know: what they do.
#include "tests/bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// The kernel kills the child when its parent ends: nobody would measure it any more.
static pid_t
fork_bound(void)
{
    const pid_t parent = getpid();
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
    }
    return pid;
}

pid_t
process_program(const char *const *words, const char *output)
{
    const pid_t pid = fork_bound();
    if (pid != 0)
        return pid;
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(3);
    execv(words[0], (char *const *)(uintptr_t)words);
    perror(words[0]);
    _exit(3);
}

pid_t
process_worker(bool (*run)(const void *what), const void *what)
{
    const pid_t pid = fork_bound();
    if (pid == 0)
        _exit(run(what) ? 0 : 1);
    return pid;
}

bool
process_has_ended(pid_t pid)
{
    siginfo_t info = {0};
    return pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

bool
process_wait(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
process_kill(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGKILL);
    process_wait(pid);
}
