// SPDX-License-Identifier: EUPL-1.2
// Directories and two small files. Knows: paths below the data directory. Must never know: sockets.
#include "daemon/broker/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static KtCode
path_of(char ret[PATH_MAX], const char *data, const char *name, Fault *fault)
{
    const int length = snprintf(ret, PATH_MAX, "%s%s", data, name);
    if (length < 0 || length >= PATH_MAX)
        return fault_set(fault, KT_SETUP, "the path of the data directory is too long");
    return KT_OK;
}

static KtCode
make_directory(const char *data, const char *name, Fault *fault)
{
    char path[PATH_MAX];
    const KtCode code = path_of(path, data, name, fault);
    if (code != KT_OK || mkdir(path, 0700) == 0 || errno == EEXIST)
        return code;
    return fault_set(fault, KT_SETUP, "%s: %s", path, strerror(errno));
}

KtCode
rundir_make(const char *data, Fault *fault)
{
    KtCode code = make_directory(data, "", fault);
    code = code == KT_OK ? make_directory(data, "/keys", fault) : code;
    return code == KT_OK ? make_directory(data, "/run", fault) : code;
}

static KtCode
write_file(const char *data, const char *name, const char *text, Fault *fault)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    char temporary[64];
    snprintf(temporary, sizeof temporary, "%s.new", name);
    KtCode code = path_of(path, data, name, fault);
    code = code == KT_OK ? path_of(fresh, data, temporary, fault) : code;
    if (code != KT_OK)
        return code;
    // A file that somebody left there, or a link to another, gives way; nothing is written through
    // it.
    (void)unlink(fresh);
    const int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL && fd >= 0)
        close(fd);
    if (file == NULL)
        return fault_set(fault, KT_SETUP, "%s: %s", fresh, strerror(errno));
    const int said = fprintf(file, "%s\n", text);
    if (fclose(file) != 0 || said < 0 || rename(fresh, path) != 0)
        return fault_set(fault, KT_SETUP, "%s: %s", path, strerror(errno));
    return KT_OK;
}

KtCode
rundir_write(const char *data, const char *endpoint, Fault *fault)
{
    char pid[32];
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    // The endpoint is written last: a program that waits for it then finds the pid, too.
    const KtCode code = write_file(data, "/run/pid", pid, fault);
    return code == KT_OK ? write_file(data, "/run/endpoint", endpoint, fault) : code;
}

void
rundir_remove(const char *data)
{
    static const char *const names[] = {"/run/endpoint", "/run/pid"};
    char path[PATH_MAX];
    Fault fault;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (path_of(path, data, names[i], &fault) == KT_OK)
            unlink(path);
}
