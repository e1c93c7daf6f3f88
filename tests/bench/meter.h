// SPDX-License-Identifier: EUPL-1.2
// What a process has used, and what its disk was asked. Knows: /proc and /sys. Must never know:
// what the process does.
#ifndef KETEN_BENCH_METER_H
#define KETEN_BENCH_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// CPU time, all threads.
bool
meter_cpu_ns(pid_t pid, int64_t *ret);

// CPU time of the whole machine, whoever used it; taken away by a hypervisor counts as used.
bool
meter_machine_ns(int64_t *ret);

typedef struct Memory {
    uint64_t anonymous_bytes, file_bytes; // resident
} Memory;

bool
meter_memory(pid_t pid, Memory *ret);
// Handed to storage since the process began.
bool
meter_written(pid_t pid, uint64_t *ret_bytes);

// How often the device under a path was told to flush its cache, by anyone; false when it does not
// tell.
bool
meter_flushes(const char *path, uint64_t *ret);

#endif
