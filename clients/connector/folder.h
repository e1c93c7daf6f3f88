// SPDX-License-Identifier: EUPL-1.2
// A connector's folder on disk, with maildir manners. Knows: tmp/ new/ work/ cur/ failed/ inbox/
// state/, atomic writing and moving. Must never know: what the files say.
#ifndef KETEN_CONNECTOR_FOLDER_H
#define KETEN_CONNECTOR_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define FOLDER_NAME 256 // a file's name with its NUL
#define FOLDER_PATH 4096

typedef enum Place {
    PLACE_TMP,
    PLACE_NEW,
    PLACE_WORK,
    PLACE_CUR,
    PLACE_FAILED,
    PLACE_INBOX,
    PLACE_STATE,
    PLACE_COUNT
} Place;

typedef struct Folder {
    const char *path;        // as given; not owned
    int places[PLACE_COUNT]; // open directories, -1 when not
} Folder;

typedef enum FolderRead {
    FOLDER_OK = 0,
    FOLDER_ABSENT, // not there, or still being written
    FOLDER_TOO_LARGE,
    FOLDER_NOT_A_FILE,
    FOLDER_ERROR // errno says why
} FolderRead;

// Makes what is missing, 0700. False with errno. *ret is valid for folder_close even then.
bool
folder_open(Folder *ret, const char *path);
void
folder_close(Folder *folder);
const char *
folder_place_name(Place place);

// The whole file with a NUL behind it, to be freed. A file that somebody has open for writing is
// FOLDER_ABSENT: its turn comes when it is closed.
FolderRead
folder_read(const Folder *folder, Place place, const char *name, size_t most, char **ret,
            size_t *ret_length);

// The file is there whole or not at all, and stays there: written to tmp/, synced, renamed,
// directory synced.
bool
folder_write(const Folder *folder, Place place, const char *name, const void *bytes, size_t length);

typedef enum FolderWrite {
    FOLDER_WRITTEN = 0, // or it was there already, with this content
    FOLDER_TAKEN,       // a file of that name has other content
    FOLDER_FAILED       // errno says why
} FolderWrite;

// As folder_write, but never over a file that is there.
FolderWrite
folder_write_new(const Folder *folder, Place place, const char *name, const void *bytes,
                 size_t length);

// Never over a file that is there: errno is EEXIST then.
bool
folder_move(const Folder *folder, Place from, const char *name, Place to, const char *new_name);
void
folder_remove(const Folder *folder, Place place, const char *name);
bool
folder_has(const Folder *folder, Place place, const char *name);

// Names without a dot in front, sorted as text; to be freed with folder_names_free. False with
// errno.
bool
folder_list(const Folder *folder, Place place, char ***ret, size_t *ret_count);
void
folder_names_free(char **names, size_t count);

#endif
