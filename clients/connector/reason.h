// SPDX-License-Identifier: EUPL-1.2
// The text beside a file that failed, NAME.reason.txt. Knows: failed/, lines. Must never know: why
// the file failed.
#ifndef KETEN_CONNECTOR_REASON_H
#define KETEN_CONNECTOR_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "clients/connector/folder.h"

typedef struct ReasonText {
    char *at; // owned until reason_write; NULL: no line yet
    size_t length;
} ReasonText;

// Adds a line. Without memory the line is left out.
void
reason_add(ReasonText *text, const char *line);

// Writes NAME.reason.txt into failed/, with stars over citizen service numbers, and frees the text.
// False with errno.
bool
reason_write(ReasonText *text, const Folder *folder, const char *name);

// Removes it again, because the file did not come to failed/.
void
reason_remove(const Folder *folder, const char *name);

#endif
