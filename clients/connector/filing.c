// SPDX-License-Identifier: EUPL-1.2
// Files deliveries and runs the partner's command for each, one at a time and in order. Knows:
// inbox/, failed/, the exit statuses of the command. Must never know: what a delivery is about.
//
// filing_take() writes a delivery to inbox/. filing_turn() starts the command on the oldest one and
// looks at how it ended. Status 0 acknowledges the delivery, 65 rejects it. After any other status
// the command runs again after a growing pause, and no later delivery is acknowledged meanwhile.
#include "clients/connector/filing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "clients/connector/form.h"

#define COPIES_MOST     1000
#define STATUS_REJECTED 65 // EX_DATAERR of sysexits.h: the data is wrong, and stays so

static const Backoff pauses = {.first_ms = 1000, .longest_ms = 60000};

extern char **environ;

void
filing_start(Filing *ret, const Folder *folder, const Speech *speech, const char *command,
             const char *worker)
{
    ASSERT(folder != NULL && speech != NULL && worker != NULL);
    *ret = (Filing){
        .folder = folder, .speech = speech, .command = command, .worker = worker, .child_fd = -1};
}

void
filing_done(Filing *filing)
{
    if (filing->child_fd >= 0)
        close(filing->child_fd);
    filing->child_fd = -1;
}

static void
file_name(const Filed *filed, char ret[64])
{
    if (filed->copy == 0)
        snprintf(ret, 64, "%" PRIu64 "-%" PRIu64 ".json", filed->history, filed->n);
    else
        snprintf(ret, 64, "%" PRIu64 "-%" PRIu64 ".%u.json", filed->history, filed->n, filed->copy);
}

// A number comes again with other content when a signal was taken back meanwhile, or when the
// daemon's store was put back. The file that is there may not have been read yet, so it stays.
static bool
write_beside(const Filing *filing, Filed *filed, const char *text, size_t length)
{
    char first[64], name[64];
    FolderWrite result;
    file_name(filed, first);
    do {
        file_name(filed, name);
        result = folder_write_new(filing->folder, PLACE_INBOX, name, text, length);
    } while (result == FOLDER_TAKEN && ++filed->copy < COPIES_MOST);
    if (result == FOLDER_WRITTEN && filed->copy != 0)
        speech_tell(filing->speech, SAY_OTHER_CONTENT, first, name);
    if (result == FOLDER_TAKEN)
        errno = EEXIST;
    return result == FOLDER_WRITTEN;
}

static bool
write_delivery(const Filing *filing, Filed *filed, const Keten__V1__Delivery *delivery)
{
    json_t *object = form_delivery(delivery);
    char *text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (text == NULL) {
        errno = ENOMEM;
        return false;
    }
    size_t length = strlen(text);
    text[length] = '\n';
    bool good = write_beside(filing, filed, text, length + 1);
    free(text);
    return good;
}

bool
filing_take(Filing *filing, Desk *desk, const Keten__V1__Delivery *delivery)
{
    Filed filed = {.history = delivery->history, .n = delivery->n};
    if (filing->count == FILING_ROOM) {
        errno = ENOBUFS; // cannot be: credit is smaller than the room
        return false;
    }
    if (!write_delivery(filing, &filed, delivery) ||
        !desk_learn_delivery(desk, filing->folder, delivery))
        return false;
    filing->waiting[(filing->head + filing->count) % FILING_ROOM] = filed;
    filing->count++;
    return true;
}

static void
acknowledge_first(Filing *filing, keten *k, size_t count)
{
    ASSERT(count > 0 && count <= filing->count);
    Filed last = filing->waiting[(filing->head + count - 1) % FILING_ROOM];
    filing->head = (filing->head + count) % FILING_ROOM;
    filing->count -= count;
    filing->failures = 0;
    // A delivery of an earlier history says nothing about the one that has its number now. This
    // fails when a program that took over has acknowledged the delivery: neither needs an action.
    if (last.history == filing->history && keten_acknowledge(k, last.n) == KETEN_OK)
        filing->acknowledged = last.n;
}

static bool
spawn(Filing *filing, int file)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGIO);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
    // stdout belongs to the JSON lines.
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {"sh", "-c", (char *)filing->command, NULL};
    pid_t child;
    int failed = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed)
        return false;
    filing->child = child;
    filing->child_fd = pidfd_open(child, 0);
    return true;
}

static void
run_again_later(Filing *filing, int64_t now_ms, const char *how)
{
    char name[64];
    file_name(&filing->waiting[filing->head], name);
    filing->retry_ms = now_ms + backoff_ms(&pauses, filing->failures);
    filing->failures++;
    speech_tell(filing->speech, SAY_COMMAND_FAILED, name, how);
}

static void
start_command(Filing *filing, int64_t now_ms)
{
    char name[64];
    file_name(&filing->waiting[filing->head], name);
    int file = openat(filing->folder->places[PLACE_INBOX], name, O_RDONLY | O_CLOEXEC);
    if (file < 0 || !spawn(filing, file))
        run_again_later(filing, now_ms, strerror(errno));
    if (file >= 0)
        close(file);
}

static void
write_reason(const Filing *filing, const Filed *filed, const char *name)
{
    char text[400], file[112], there[96];
    // A name that is taken in failed/ gets a number in front.
    snprintf(there, sizeof there, "%s", name);
    for (unsigned i = 2; folder_has(filing->folder, PLACE_FAILED, there) && i < COPIES_MOST; i++)
        snprintf(there, sizeof there, "%u-%s", i, name);
    speech_fill(filing->speech, text, sizeof text, SAY_REASON_REJECTED, name, (size_t)filed->n,
                (size_t)filed->n);
    snprintf(file, sizeof file, "%s.reason.txt", there);
    if (!folder_write(filing->folder, PLACE_FAILED, file, text, strlen(text)) ||
        !folder_move(filing->folder, PLACE_INBOX, name, PLACE_FAILED, there))
        speech_tell(filing->speech, SAY_CANNOT, folder_place_name(PLACE_FAILED), strerror(errno));
}

// The rejection makes the number count as processed. The library sends it until it is answered.
static void
reject_first(Filing *filing, keten *k, int64_t now_ms)
{
    char name[64];
    const Filed first = filing->waiting[filing->head];
    const keten_result result =
        keten_reject(k, first.history, first.n, filing->worker, "system-refused", NULL, NULL);
    if (result == KETEN_FULL || result == KETEN_STORAGE) {
        run_again_later(filing, now_ms, keten_result_text(result, filing->speech->language));
        return;
    }
    file_name(&first, name);
    write_reason(filing, &first, name);
    speech_tell(filing->speech, SAY_REJECTED, name);
    filing->head = (filing->head + 1) % FILING_ROOM;
    filing->count--;
    filing->failures = 0;
    filing->acknowledged = first.n;
}

static void
look_after_child(Filing *filing, keten *k, int64_t now_ms)
{
    int status;
    pid_t ended = waitpid(filing->child, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR))
        return;
    if (filing->child_fd >= 0)
        close(filing->child_fd);
    filing->child_fd = -1;
    filing->child = 0;
    if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        acknowledge_first(filing, k, 1);
        return;
    }
    if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == STATUS_REJECTED) {
        reject_first(filing, k, now_ms);
        return;
    }
    char how[32];
    snprintf(how, sizeof how, "%d", ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    run_again_later(filing, now_ms, how);
}

void
filing_turn(Filing *filing, keten *k, int64_t now_ms)
{
    if (filing->command == NULL) {
        if (filing->count)
            acknowledge_first(filing, k, filing->count);
        return;
    }
    if (filing->child)
        look_after_child(filing, k, now_ms);
    if (!filing->child && filing->count && (!filing->failures || now_ms >= filing->retry_ms))
        start_command(filing, now_ms);
}

int64_t
filing_due_ms(const Filing *filing)
{
    return !filing->child && filing->count && filing->failures ? filing->retry_ms : -1;
}
