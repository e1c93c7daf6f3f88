// SPDX-License-Identifier: EUPL-1.2
// A fresh chain per run, and the real daemon on it. Knows: directories, ketend and keten as
// programs. Must never know: the wire.
#include "tests/bench/place.h"

#include <errno.h>
#include <ftw.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tests/bench/board.h"
#include "tests/bench/content.h"
#include "tests/bench/process.h"

#define LOOK_MS  2
#define START_NS 30000000000
#define BELOW    "/chain"

static bool
fail(char *why, size_t why_size, const char *what)
{
    snprintf(why, why_size, "%s: %s", what, strerror(errno));
    return false;
}

static void
path_of(const Place *place, const char *below, char ret[PATH_BYTES])
{
    const int length = snprintf(ret, PATH_BYTES, "%s%s", place->directory, below);
    if (length >= PATH_BYTES)
        ret[0] = '\0'; // cannot be opened, so the caller reports it
}

bool
place_make(const char *parent, const char *programs, Place *ret, char *why, size_t why_size)
{
    *ret = (Place){.programs = programs};
    const int length =
        snprintf(ret->directory, sizeof ret->directory, "%s/keten-bench-XXXXXX", parent);
    if (length < PATH_BYTES / 2 && mkdtemp(ret->directory) != NULL)
        return true;
    ret->directory[0] = '\0';
    return fail(why, why_size, parent);
}

static bool
write_arrangement(const char *path, unsigned receivers, bool terms)
{
    FILE *to = fopen(path, "we");
    if (to == NULL)
        return false;
    content_arrangement(to, receivers, terms);
    return fclose(to) == 0;
}

bool
place_init(const Place *place, unsigned receivers, bool terms, char *why, size_t why_size)
{
    char arrangement[PATH_BYTES], chain[PATH_BYTES], output[PATH_BYTES], tool[PATH_BYTES];
    path_of(place, "/bench.yaml", arrangement);
    path_of(place, BELOW, chain);
    path_of(place, "/init.log", output);
    snprintf(tool, sizeof tool, "%s/keten", place->programs);
    if (!write_arrangement(arrangement, receivers, terms))
        return fail(why, why_size, arrangement);
    const char *words[] = {
        tool, "init", chain, "--arrangement", arrangement, "--listen", "tcp://127.0.0.1:*", NULL};
    const pid_t pid = process_program(words, output);
    if (pid > 0 && process_wait(pid))
        return true;
    snprintf(why, why_size, "%s init failed (--keep leaves init.log)", tool);
    return false;
}

// The daemon writes this file when its sockets are bound. The file is complete when it has a whole
// line.
static bool
listens(const char *path)
{
    char line[PATH_BYTES] = "";
    FILE *from = fopen(path, "re");
    if (from == NULL)
        return false;
    const bool whole = fgets(line, sizeof line, from) != NULL && strchr(line, '\n') != NULL;
    fclose(from);
    return whole;
}

bool
place_start(Place *place, char *why, size_t why_size)
{
    char program[PATH_BYTES], config[PATH_BYTES], output[PATH_BYTES], endpoint[PATH_BYTES];
    snprintf(program, sizeof program, "%s/ketend", place->programs);
    path_of(place, BELOW "/ketend.yaml", config);
    path_of(place, BELOW "/data/run/endpoint", endpoint);
    path_of(place, "/ketend.log", output);
    const char *words[] = {program, "--config", config, NULL};
    place->daemon = process_program(words, output);
    const int64_t until = now_ns() + START_NS;
    while (place->daemon > 0 && !process_has_ended(place->daemon) && now_ns() < until) {
        if (listens(endpoint))
            return true;
        poll(NULL, 0, LOOK_MS);
    }
    snprintf(why, why_size, "%s does not listen (--keep leaves ketend.log)", program);
    return false;
}

bool
place_stop(Place *place)
{
    const pid_t daemon = place->daemon;
    place->daemon = 0;
    return daemon > 0 && kill(daemon, SIGTERM) == 0 && process_wait(daemon);
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void
place_done(Place *place, bool keep)
{
    process_kill(place->daemon);
    if (place->directory[0] != '\0' && keep)
        fprintf(stderr, "kept: %s\n", place->directory);
    else if (place->directory[0] != '\0')
        nftw(place->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    *place = (Place){0};
}

void
place_context(const Place *place, const char *partner, char ret[PATH_BYTES])
{
    char below[NAME_BYTES + 32];
    snprintf(below, sizeof below, BELOW "/contexts/%s", partner);
    path_of(place, below, ret);
}

bool
place_is_memory(const char *parent)
{
    struct statfs system;
    return statfs(parent, &system) == 0 &&
           (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}
