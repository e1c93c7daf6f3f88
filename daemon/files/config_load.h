// SPDX-License-Identifier: EUPL-1.2
// Settings from a file on disk. Knows: how the file is read. Must never know: its grammar.
#ifndef KETEN_FILES_CONFIG_LOAD_H
#define KETEN_FILES_CONFIG_LOAD_H

#include "daemon/files/config.h"

// As config_read. KT_FILE_UNREADABLE with the fault filled, or KT_FILE_CONTENT with the errors.
KtCode
config_load(const char *file, Arena *arena, Config *ret, FileErrors *ret_errors, Fault *fault);

#endif
