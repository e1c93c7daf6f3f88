// SPDX-License-Identifier: EUPL-1.2
// The journal on disk: opening and closing. Knows: which file of this folder serves each call of
// the port. Must never know: what a record says.
// The path: journal_files_open makes a JournalFiles and touches no segment. The port then calls
// files_claim (claim.c), files_append (append.c) and files_read (read.c) through the table below,
// and at last files_close_clean and files_done. A directory that cannot be opened is a fault; an
// epoch that cannot be written at a clean close leaves the journal broken.
#include "store/journal/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "store/journal/append.h"
#include "store/journal/claim.h"
#include "store/journal/epoch.h"
#include "store/journal/io.h"
#include "store/journal/read.h"

#define SEGMENT_BYTES (64ULL << 20)
#define RESERVE_BYTES (16ULL << 20)

static JournalResult
files_close_clean(Journal *journal, uint64_t epoch)
{
    JournalFiles *files = files_of(journal);
    if (files->broken)
        return JOURNAL_UNKNOWN;
    if (!files->claimed || files->read_only || epoch != files->epoch.epoch || epoch_lost(files))
        return JOURNAL_FENCED;
    const Epoch last = {
        .epoch = epoch, .clean = true, .tail = files->tail, .tail_hash = files->tail_hash};
    if (!epoch_write(files, &last)) {
        files->broken = true;
        return JOURNAL_UNKNOWN;
    }
    files->claimed = false;
    return JOURNAL_OK;
}

static void
files_done(Journal *journal)
{
    JournalFiles *files = files_of(journal);
    window_close(&files->window);
    segments_forget(&files->segments);
    close_if_open(files->active_fd);
    close_if_open(files->epoch_fd);
    close_if_open(files->lock_fd);
    close_if_open(files->directory_fd);
    hasher_free(files->hasher);
    free(files->recent);
    free(files->batch);
    free(files->directory);
    free(files);
}

static KtCode
files_lock(Journal *journal, Fault *fault)
{
    JournalFiles *files = files_of(journal);
    return files->read_only ? KT_OK : lock_take(files, fault);
}

static const JournalEngine files_engine = {
    .lock = files_lock,
    .claim = files_claim,
    .append = files_append,
    .read = files_read,
    .close_clean = files_close_clean,
    .room = files_room,
    .done = files_done,
};

static JournalFiles *
make(const JournalFilesOptions *options, int directory_fd)
{
    JournalFiles *files = calloc(1, sizeof *files);
    if (files == NULL)
        exhausted("the journal");
    files->journal.engine = &files_engine;
    files->segment_bytes = options->segment_bytes == 0 ? SEGMENT_BYTES : options->segment_bytes;
    files->reserve_bytes = options->reserve_bytes == 0 ? RESERVE_BYTES : options->reserve_bytes;
    files->read_only = options->read_only;
    files->directory = strdup(options->directory);
    files->directory_fd = directory_fd;
    files->lock_fd = files->epoch_fd = files->active_fd = files->window.fd = -1;
    files->recent = recent_make();
    files->hasher = hasher_make();
    if (files->directory == NULL)
        exhausted("the journal");
    return files;
}

KtCode
journal_files_open(const JournalFilesOptions *options, Journal **ret, Fault *fault)
{
    ASSERT(options != NULL && options->directory != NULL && ret != NULL && fault != NULL);
    if (!options->read_only && mkdir(options->directory, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    const int fd = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    *ret = &make(options, fd)->journal;
    return KT_OK;
}
