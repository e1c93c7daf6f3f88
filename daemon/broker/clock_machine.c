// SPDX-License-Identifier: EUPL-1.2
// Reading the machine's clocks, once a turn. Knows: clock_gettime, adjtimex, the boot's id. Must
// never know: terms, plans.
// The path: clock_read() in every turn; clock_file_read() at the start of the daemon and
// clock_file_write() from time to time and at its end.
#include "daemon/broker/clock_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

#define BOOT_ID_FILE  "/proc/sys/kernel/random/boot_id" // random(4)
#define BOOT_ID_BYTES 37                                // with the final zero
#define FILE_BYTES    128

static int64_t
read_us(clockid_t id)
{
    struct timespec at;
    ASSERT(clock_gettime(id, &at) == 0);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static int64_t
read_ms(clockid_t id)
{
    return read_us(id) / 1000;
}

int64_t
clock_steady_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_steady_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

// Setting the clock by hand clears the kernel's word, until a time server has been heard again.
static bool
kernel_is_synchronised(void)
{
    struct timex timex = {.modes = 0};
    return adjtimex(&timex) != -1 && (timex.status & STA_UNSYNC) == 0;
}

ClockReading
clock_read(int64_t record_ms, bool ask_kernel)
{
    return (ClockReading){.wall_ms = read_ms(CLOCK_REALTIME),
                          .boot_ms = read_ms(CLOCK_BOOTTIME),
                          .record_ms = record_ms,
                          .synchronised = ask_kernel && kernel_is_synchronised()};
}

// Reads a short file into a text. Waits for nothing: a FIFO has no bytes.
static bool
read_short(const char *path, char *ret, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    const ssize_t length = read(fd, ret, size - 1);
    close(fd);
    ret[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static bool
read_boot(char ret[BOOT_ID_BYTES])
{
    return read_short(BOOT_ID_FILE, ret, BOOT_ID_BYTES) && strlen(ret) == BOOT_ID_BYTES - 1;
}

bool
clock_file_write(const char *path, const Clock *clock)
{
    ASSERT(path != NULL && clock != NULL);
    char boot[BOOT_ID_BYTES], fresh[PATH_MAX], text[FILE_BYTES];
    if (!clock->referred || !read_boot(boot))
        return true;
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return false;
    const int length = snprintf(text, sizeof text, "%s %" PRId64 " %" PRId64 "\n", boot,
                                clock->wall_ms, clock->boot_ms);
    unlink(fresh);
    const int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    const bool written = write(fd, text, (size_t)length) == length;
    return close(fd) == 0 && written && rename(fresh, path) == 0;
}

Clock
clock_file_read(const char *path)
{
    char boot[BOOT_ID_BYTES], text[FILE_BYTES], written_by[BOOT_ID_BYTES];
    int64_t wall_ms, boot_ms;
    char end;
    ASSERT(path != NULL);
    if (!read_boot(boot) || !read_short(path, text, sizeof text) ||
        sscanf(text, "%36s %" SCNd64 " %" SCNd64 "%c", written_by, &wall_ms, &boot_ms, &end) != 4 ||
        end != '\n' || strcmp(boot, written_by) != 0 || wall_ms < 0 || boot_ms < 0)
        return clock_new();
    return clock_of_pair(wall_ms, boot_ms);
}
