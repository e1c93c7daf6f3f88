// SPDX-License-Identifier: EUPL-1.2
// Reading partners.d/ and arrangements/. Knows: directories and files. Must never know: what stands
// in the journal.
// The path: proposals_read() takes every file of both directories (take_directory, take_file)
// through its reader; proposals_load() gives what was read to the ledger. A wrong file is told and
// counted; the files behind it are still read.
#include "daemon/broker/load_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/files/arrangement.h"
#include "daemon/files/file_read.h"
#include "daemon/files/partner.h"
#include "proto/trust.h"

#define SUFFIX ".yaml"

typedef struct Reading {
    const Log *log;
    Arena *arena;
    Proposals *proposals;
    const char **names; // of partners, recorded or proposed
    size_t name_count;
} Reading;

typedef KtCode (*FileTaker)(Reading *reading, const char *path, const char *name, const char *bytes,
                            size_t length, FileErrors *ret_errors);

static int
is_yaml(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > strlen(SUFFIX) &&
           strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) == 0;
}

// The order of bytes, not of the locale: the same files load in the same order everywhere.
static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
tell(Reading *reading, const char *path, const FileErrors *errors, KtCode code)
{
    reading->proposals->wrong++;
    log_text(reading->log, LOG_LEVEL_ERROR,
             file_errors_text(path, errors, code, reading->log->language, reading->arena));
}

static void
take_file(Reading *reading, const char *directory, const char *entry, FileTaker taker)
{
    Fault fault;
    char *bytes;
    size_t length;
    FileErrors errors = {0};
    const char *path = arena_format(reading->arena, "%s/%s", directory, entry);
    const char *name = arena_copy(reading->arena, entry, strlen(entry) - strlen(SUFFIX));
    if (file_read(path, TRUST_UNWRITTEN, reading->arena, &bytes, &length, &fault) != KT_OK) {
        reading->proposals->wrong++;
        log_fault(reading->log, &fault);
        return;
    }
    const KtCode code = taker(reading, path, name, bytes, length, &errors);
    if (code != KT_OK || errors.count > 0)
        tell(reading, path, &errors, code != KT_OK ? code : KT_FILE_CONTENT);
}

static KtCode
take_directory(Reading *reading, const char *directory, FileTaker taker, Fault *fault)
{
    struct dirent **entries;
    const TrustFault trust = trusted_folder(directory, TRUST_UNWRITTEN);
    if (trust != TRUST_FINE)
        return trust_fault(trust, directory, KT_FILE_UNREADABLE, fault);
    const int count = scandir(directory, &entries, is_yaml, by_bytes);
    if (count < 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: %s", directory, strerror(errno));
    for (int i = 0; i < count; i++) {
        take_file(reading, directory, entries[i]->d_name, taker);
        free(entries[i]);
    }
    free(entries);
    return KT_OK;
}

static KtCode
take_partner(Reading *reading, const char *path, const char *name, const char *bytes, size_t length,
             FileErrors *ret_errors)
{
    (void)path;
    Proposals *proposals = reading->proposals;
    const PartnerRow *row = NULL;
    const KtCode code = partner_read(bytes, length, name, reading->arena, &row, ret_errors);
    if (code != KT_OK || row == NULL)
        return code;
    const size_t count = proposals->partner_count;
    proposals->partners =
        arena_more(reading->arena, proposals->partners, count, sizeof *proposals->partners);
    proposals->partners[proposals->partner_count++] = row;
    reading->names =
        arena_more(reading->arena, reading->names, reading->name_count, sizeof *reading->names);
    reading->names[reading->name_count++] = row->name;
    return KT_OK;
}

static KtCode
take_arrangement(Reading *reading, const char *path, const char *name, const char *bytes,
                 size_t length, FileErrors *ret_errors)
{
    (void)name;
    Proposals *proposals = reading->proposals;
    const Arrangement *arrangement = NULL;
    const KtCode code = arrangement_read(bytes, length, reading->names, reading->name_count,
                                         reading->arena, &arrangement, ret_errors);
    if (code != KT_OK || arrangement == NULL)
        return code;
    const size_t count = proposals->arrangement_count++;
    proposals->arrangements =
        arena_more(reading->arena, proposals->arrangements, count, sizeof *proposals->arrangements);
    proposals->arrangement_files = arena_more(reading->arena, proposals->arrangement_files, count,
                                              sizeof *proposals->arrangement_files);
    proposals->arrangements[count] = arrangement;
    proposals->arrangement_files[count] = path;
    return KT_OK;
}

static void
recorded_names(Reading *reading, Ledger *ledger)
{
    const size_t count = ledger != NULL ? ledger_partner_count(ledger) : 0;
    reading->names = arena_take(reading->arena, (count + 1) * sizeof *reading->names);
    for (size_t i = 0; i < count; i++)
        reading->names[reading->name_count++] = ledger_partner(ledger, (uint32_t)i + 1)->name;
}

KtCode
proposals_read(const char *partners, const char *arrangements, Ledger *ledger, const Log *log,
               Arena *arena, Proposals *ret, Fault *fault)
{
    ASSERT(partners != NULL && arrangements != NULL && arena != NULL && ret != NULL);
    Reading reading = {.log = log, .arena = arena, .proposals = ret};
    *ret = (Proposals){0};
    recorded_names(&reading, ledger);
    const KtCode code = take_directory(&reading, partners, take_partner, fault);
    return code == KT_OK ? take_directory(&reading, arrangements, take_arrangement, fault) : code;
}

// An arrangement in force that is newer than its file came by a load of an administrator.
static void
tell_older(const Proposals *proposals, Ledger *ledger, const Log *log)
{
    for (size_t i = 0; i < proposals->arrangement_count; i++) {
        const Arrangement *file = proposals->arrangements[i];
        const uint32_t version = ledger_arrangement_version(ledger, file->name);
        if (file->version < version)
            log_line(log, LOG_LEVEL_NOTICE,
                     "%s has version %u and is left aside: version %u is in force",
                     proposals->arrangement_files[i], file->version, version);
    }
}

size_t
proposals_load(const Proposals *proposals, Ledger *ledger, int64_t now_ms, const Log *log)
{
    ASSERT(proposals != NULL && proposals->wrong == 0 && ledger != NULL);
    Fault fault;
    size_t refused = 0;
    for (size_t i = 0; i < proposals->partner_count; i++) {
        if (ledger_partner_is_aside(ledger, proposals->partners[i]))
            log_line(
                log, LOG_LEVEL_NOTICE,
                "%s.yaml was taken before and is left aside: a later load of this partner stands "
                "(edit the file to change the partner)",
                proposals->partners[i]->name);
        if (ledger_load_partner(ledger, proposals->partners[i], now_ms, &fault) != KT_OK) {
            log_fault(log, &fault);
            refused++;
        }
    }
    tell_older(proposals, ledger, log);
    for (size_t i = 0; i < proposals->arrangement_count; i++)
        if (ledger_load_arrangement(ledger, proposals->arrangements[i], now_ms, &fault) != KT_OK) {
            char line[1024];
            log_line(log, LOG_LEVEL_ERROR, "%s: %s", proposals->arrangement_files[i],
                     fault_line(&fault, log->language, line, sizeof line));
            refused++;
        }
    return refused;
}
