// SPDX-License-Identifier: EUPL-1.2
// CPU time, memory and disk writes of a process. Knows: /proc and /sys. Must never know: what the
// process does.
#include "tests/bench/meter.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_COLUMN 16 // of a block device's stat, from 1; kernels before 5.5 have fewer

bool
meter_cpu_ns(pid_t pid, int64_t *ret)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return false;
    *ret = (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
    return true;
}

bool
meter_machine_ns(int64_t *ret)
{
    unsigned long long user, nice, system, idle, waiting, irq, softirq, stolen;
    FILE *from = fopen("/proc/stat", "re");
    if (!from)
        return false;
    const int read = fscanf(from, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                            &system, &idle, &waiting, &irq, &softirq, &stolen);
    fclose(from);
    const unsigned long long used = user + nice + system + irq + softirq + stolen;
    *ret = (int64_t)(used * (1000000000 / (unsigned long long)sysconf(_SC_CLK_TCK)));
    return read == 8;
}

// The number behind a label in one of a process' files.
static bool
labelled(pid_t pid, const char *file, const char *label, uint64_t *ret)
{
    char path[64], line[256];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *from = fopen(path, "re");
    while (from && !found && fgets(line, sizeof line, from)) {
        unsigned long long value;
        found = strncmp(line, label, strlen(label)) == 0 &&
                sscanf(line + strlen(label), "%llu", &value) == 1;
        if (found)
            *ret = value;
    }
    if (from)
        fclose(from);
    return found;
}

bool
meter_memory(pid_t pid, Memory *ret)
{
    uint64_t anonymous, file;
    if (!labelled(pid, "status", "RssAnon:", &anonymous) ||
        !labelled(pid, "status", "RssFile:", &file))
        return false;
    *ret = (Memory){.anonymous_bytes = anonymous * 1024, .file_bytes = file * 1024};
    return true;
}

bool
meter_written(pid_t pid, uint64_t *ret_bytes)
{
    return labelled(pid, "io", "write_bytes:", ret_bytes);
}

bool
meter_flushes(const char *path, uint64_t *ret)
{
    struct stat status;
    char name[64];
    unsigned long long value = 0;
    if (stat(path, &status) != 0)
        return false;
    snprintf(name, sizeof name, "/sys/dev/block/%u:%u/stat", major(status.st_dev),
             minor(status.st_dev));
    FILE *from = fopen(name, "re");
    if (!from)
        return false;
    int column = 0;
    while (column < FLUSH_COLUMN && fscanf(from, "%llu", &value) == 1)
        column++;
    fclose(from);
    *ret = value;
    return column == FLUSH_COLUMN;
}
