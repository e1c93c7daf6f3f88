// SPDX-License-Identifier: EUPL-1.2
// Directories while a copy is made. Knows: syncing, removing. Must never know: journals.
#ifndef KETEN_OFFLINE_FILES_H
#define KETEN_OFFLINE_FILES_H

#include <stdbool.h>

// Syncs a directory, or the one that it lies in. False with errno.
bool
files_sync(const char *directory);
bool
files_sync_parent(const char *path);
// Removes a directory that this process made, with all that is in it.
void
files_remove(const char *directory);
// Puts one path in the place of another, and the other in the place of the first, at once; where
// `to` is not there, it is a rename. False with errno.
bool
files_exchange(const char *from, const char *to);

#endif
