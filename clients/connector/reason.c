// SPDX-License-Identifier: EUPL-1.2
// Writes the text beside a file that failed. Knows: failed/, lines. Must never know: why the file
// failed.
#include "clients/connector/reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/connector/speech.h"

void
reason_add(ReasonText *text, const char *line)
{
    size_t length = strlen(line);
    char *larger = realloc(text->at, text->length + length + 2);
    if (larger == NULL)
        return;
    memcpy(larger + text->length, line, length);
    larger[text->length + length] = '\n';
    text->length += length + 1;
    larger[text->length] = '\0';
    text->at = larger;
}

bool
reason_write(ReasonText *text, const Folder *folder, const char *name)
{
    char file[FOLDER_NAME + 32];
    snprintf(file, sizeof file, "%s.reason.txt", name);
    if (text->at != NULL)
        speech_hide_bsn(text->at);
    bool good = folder_write(folder, PLACE_FAILED, file, text->at ? text->at : "", text->length);
    free(text->at);
    return good;
}

void
reason_remove(const Folder *folder, const char *name)
{
    char file[FOLDER_NAME + 32];
    snprintf(file, sizeof file, "%s.reason.txt", name);
    folder_remove(folder, PLACE_FAILED, file);
}
