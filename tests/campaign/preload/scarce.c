// SPDX-License-Identifier: EUPL-1.2
// Memory that runs out once: preloaded into the daemon, it lets one allocation fail after SIGUSR2
// came, as its environment says. Knows: the allocator of the C library. Must never know: what the
// memory is for.
// SCARCE_CALL: the number of the call that fails, counted from 1 after the signal. SCARCE_SITE: the
// file that gets the place of that call, as the name of its object and an offset.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *
__libc_malloc(size_t size);
void *
__libc_calloc(size_t count, size_t size);
void *
__libc_realloc(void *old, size_t size);

static atomic_long calls;
static atomic_int armed;
static long wanted;

static void
arm(int number)
{
    (void)number;
    armed = 1;
}

__attribute__((constructor)) static void
begin(void)
{
    const char *given = getenv("SCARCE_CALL");
    wanted = given == NULL ? 0 : atol(given);
    signal(SIGUSR2, arm);
}

static void
tell(const void *site)
{
    Dl_info info;
    char line[300];
    const char *path = getenv("SCARCE_SITE");
    const int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    const int found = dladdr(site, &info);
    const int length =
        snprintf(line, sizeof line, "%s+%lx\n", found ? info.dli_fname : "?",
                 (unsigned long)((const char *)site - (found ? (const char *)info.dli_fbase : 0)));
    (void)!write(fd, line, (size_t)length);
    close(fd);
}

static int
runs_out(const void *site)
{
    if (!armed || atomic_fetch_add(&calls, 1) + 1 != wanted)
        return 0;
    tell(site);
    errno = ENOMEM;
    return 1;
}

void *
malloc(size_t size)
{
    return runs_out(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return runs_out(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
    return runs_out(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
