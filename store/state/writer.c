// SPDX-License-Identifier: EUPL-1.2
// See writer.h. Knows: threads, their priority, signals. Must never know: which generations there
// are, what a row means.
// The path of the thread: wait for a commit, write it, tell the result, wait again.
// Failure: the result is kept for writer_take; the thread itself takes no decision.
#include "store/state/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"

#define NICENESS 5 // more than that of the loop

typedef enum WriterState {
    WRITER_IDLE = 0, // no commit
    WRITER_BUSY,     // a commit was given
    WRITER_DONE,     // it is written, or failed; the result was not taken yet
} WriterState;

struct Writer {
    Snapshot *snapshot; // borrowed
    pthread_t thread;
    pthread_mutex_t mutex;  // guards what follows
    pthread_cond_t changed; // of `state` or `stopping`
    WriterState state;
    bool stopping;
    Commit commit;
    KtCode code; // the result
    Fault fault;
};

// The loop answers partners and comes first; the writer only has to keep up. In Linux each thread
// has a priority of its own. Where a filter of system calls forbids the change, the writer goes on
// with the loop's priority.
static void
step_back(void)
{
    const id_t self = (id_t)gettid();
    (void)setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + NICENESS);
}

static void *
write_commits(void *caller)
{
    Writer *writer = caller;
    step_back();
    ASSERT(pthread_mutex_lock(&writer->mutex) == 0);
    while (writer->state == WRITER_BUSY || !writer->stopping) {
        if (writer->state != WRITER_BUSY) {
            pthread_cond_wait(&writer->changed, &writer->mutex);
            continue;
        }
        pthread_mutex_unlock(&writer->mutex);
        Fault fault = {.code = KT_OK};
        const KtCode code = commit_write(writer->snapshot, &writer->commit, &fault);
        ASSERT(pthread_mutex_lock(&writer->mutex) == 0);
        writer->code = code;
        writer->fault = fault;
        writer->state = WRITER_DONE;
        pthread_cond_broadcast(&writer->changed);
    }
    pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

// The thread takes no signal, so that the loop's signals reach the loop. Those of a crash stay.
static int
create(Writer *writer)
{
    sigset_t blocked, before;
    sigfillset(&blocked);
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        sigdelset(&blocked, crashes[i]);
    ASSERT(pthread_sigmask(SIG_BLOCK, &blocked, &before) == 0);
    const int result = pthread_create(&writer->thread, NULL, write_commits, writer);
    ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return result;
}

KtCode
writer_start(Snapshot *snapshot, Writer **ret, Fault *fault)
{
    ASSERT(snapshot != NULL && ret != NULL && fault != NULL);
    Writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        exhausted("the writer of the state");
    writer->snapshot = snapshot;
    ASSERT(pthread_mutex_init(&writer->mutex, NULL) == 0);
    ASSERT(pthread_cond_init(&writer->changed, NULL) == 0);
    const int result = create(writer);
    if (result == 0) {
        *ret = writer;
        return KT_OK;
    }
    free(writer);
    return fault_set(fault, KT_SETUP, "state: no thread to write it: %s", strerror(result));
}

void
writer_stop(Writer *writer)
{
    if (writer == NULL)
        return;
    ASSERT(pthread_mutex_lock(&writer->mutex) == 0);
    writer->stopping = true;
    pthread_cond_broadcast(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
    ASSERT(pthread_join(writer->thread, NULL) == 0);
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

void
writer_give(Writer *writer, const Commit *commit)
{
    ASSERT(writer != NULL && commit != NULL);
    ASSERT(pthread_mutex_lock(&writer->mutex) == 0);
    ASSERT(writer->state == WRITER_IDLE);
    writer->commit = *commit;
    writer->state = WRITER_BUSY;
    pthread_cond_broadcast(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
}

bool
writer_take(Writer *writer, bool wait, KtCode *ret_code, Fault *fault)
{
    ASSERT(writer != NULL && ret_code != NULL && fault != NULL);
    ASSERT(pthread_mutex_lock(&writer->mutex) == 0);
    ASSERT(writer->state != WRITER_IDLE);
    while (wait && writer->state == WRITER_BUSY)
        pthread_cond_wait(&writer->changed, &writer->mutex);
    const bool done = writer->state == WRITER_DONE;
    if (done) {
        *ret_code = writer->code;
        if (writer->code != KT_OK)
            *fault = writer->fault;
        writer->state = WRITER_IDLE;
    }
    pthread_mutex_unlock(&writer->mutex);
    return done;
}
