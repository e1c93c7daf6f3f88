// SPDX-License-Identifier: EUPL-1.2
// Processes of the benchmark: the real programs, and workers. None outlives it. Knows: fork, exec,
// wait. Must never know: what they do.
#ifndef KETEN_BENCH_PROCESS_H
#define KETEN_BENCH_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

// A program whose outputs go to a file; -1 on failure.
pid_t
process_program(const char *const *words, const char *output);
// A worker of our own; -1 on failure. It ends with 0 when `run` returns true.
pid_t
process_worker(bool (*run)(const void *what), const void *what);

// True when the process has ended, with any exit status.
bool
process_has_ended(pid_t pid);
// Waits until the process ends. True when its exit status is 0.
bool
process_wait(pid_t pid);
// Ends the process with SIGKILL, if it still runs.
void
process_kill(pid_t pid);

#endif
