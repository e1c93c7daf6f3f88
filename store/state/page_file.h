// SPDX-License-Identifier: EUPL-1.2
// Reads pages of LMDB's data file. Knows: pread, the two meta pages. Must never know: what a tree
// holds.
// LMDB maps the file into memory: there a page that the disk cannot give ends the process
// (SIGBUS). Here it is an error, and is tried once more.
#ifndef KETEN_STORE_STATE_PAGE_FILE_H
#define KETEN_STORE_STATE_PAGE_FILE_H

#include "proto/errors.h"
#include "store/state/page.h"

typedef struct PageFile {
    int fd; // -1: not open
    uint32_t page_bytes;
    uint64_t reads_again; // reads that failed once and then succeeded
} PageFile;

// Opens DIRECTORY/data.mdb to read. *ret_length is its length in bytes; 0 for a file that does not
// exist. KT_SETUP: it cannot be opened.
KtCode
page_file_open(const char *directory, PageFile *ret, uint64_t *ret_length, Fault *fault);
void
page_file_done(PageFile *file);

// Reads both meta pages and gives the newer one, from which LMDB goes on.
KtCode
page_file_meta(PageFile *file, PageMeta *ret, Fault *fault);
// The meta page that a transaction wrote; page_bytes is known. KT_STATE_DAMAGED: it does not say
// so.
KtCode
page_file_meta_of(PageFile *file, uint64_t transaction, PageMeta *ret, Fault *fault);
// Reads `count` pages from this number on into `into`. A read that fails twice, and a file that
// ends before, is KT_STATE_DAMAGED.
KtCode
page_file_read(PageFile *file, uint64_t number, uint64_t count, uint8_t *into, Fault *fault);
// Makes the next reads come from the disk.
void
page_file_forget(const PageFile *file);

#endif
