// SPDX-License-Identifier: EUPL-1.2
// CPU time, memory and disk writes of a process. Knows: /proc and /sys. Must never know: what the
// process does.
#ifndef KETEN_BENCH_METER_H
#define KETEN_BENCH_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// CPU time of all threads of the process since it began.
bool
meter_cpu_ns(pid_t pid, int64_t *ret);

// CPU time that all processes of the machine used. Time that a hypervisor took away counts as used.
bool
meter_machine_ns(int64_t *ret);

typedef struct Memory {
    uint64_t anonymous_bytes, file_bytes; // resident
} Memory;

bool
meter_memory(pid_t pid, Memory *ret);
// Bytes that the process has handed to storage since it began. False where this user may not read
// that: the daemon makes itself undumpable, so that only root may (proc(5)).
bool
meter_written(pid_t pid, uint64_t *ret_bytes);

// How often any process made the device under a path flush its cache. False when the device does
// not count that.
bool
meter_flushes(const char *path, uint64_t *ret);

#endif
