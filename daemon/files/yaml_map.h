// SPDX-License-Identifier: EUPL-1.2
// Checked reading of a YAML tree: maps by a table of keys, and names. Every reader adds each error
// to the list and goes on. Knows: forms. Must never know: which file it reads.
#ifndef KETEN_FILES_YAML_MAP_H
#define KETEN_FILES_YAML_MAP_H

#include <stdint.h>

#include "daemon/files/yaml_tree.h"
#include "store/vocabulary.h"

typedef struct Reader {
    ErrorList errors;
    Arena *arena;
    unsigned hints; // so many more times a nearest name is looked for; bounds the time for nonsense
    void *schema;   // shared by the readers of one kind of file, which own it; NULL: nothing
} Reader;

void
reader_init(Reader *reader, Arena *arena, void *schema);

#define read_error(reader, node, ...)                                                              \
    errors_add(&(reader)->errors, (node)->line, (node)->column, __VA_ARGS__)

// Reads a node into *ret; on an error it leaves *ret as it is.
typedef void (*NodeReader)(Reader *reader, const Node *node, void *ret);

typedef enum KeyNeed { KEY_OPTIONAL = 0, KEY_REQUIRED = 1 } KeyNeed;

typedef struct KeyRule {
    const char *name;
    KeyNeed need;
    NodeReader read;
    size_t offset; // in what map_read fills
} KeyRule;

// Unknown, doubled and missing keys are errors. False when the node is no map.
bool
map_read(Reader *reader, const Node *node, const KeyRule *rules, size_t count, void *ret);

// The names of one kind of thing, and the words for a name that is not among them.
typedef struct Names {
    const char **items;
    size_t count;
    bool known; // false: the section itself is missing or wrong, so that no name is an error
    const char *unknown_nl, *unknown_en; // "onbekend gegeven", "unknown fact"
} Names;

// The keys of a map, each once. Adds no errors: the reader of the map does.
void
names_of_map(Reader *reader, const Node *map, Names *ret);
// The index of a node's text among the names; an error and false when it is not there.
bool
name_index(Reader *reader, const Node *node, const Names *names, size_t *ret);
// The index of a text among the names. False when it is not there; adds no error.
bool
names_find(const Names *names, const char *text, size_t *ret);
// The end of an error's text: " (bedoelde u 'term'?)" or, when there are few names, all of them.
const char *
names_hint(Reader *reader, const Names *names, const char *wrong, KtLanguage language);

// Reads a map whose keys are names of the file's own. Calls `each` for every valid name, once.
typedef void (*EntryReader)(Reader *reader, const Node *key, const Node *node, void *into);
void
entries_read(Reader *reader, const Node *node, size_t most, EntryReader each, void *into);

// False with an error when the node is no list, or longer than `most`.
bool
list_check(Reader *reader, const Node *node, size_t most);
// False with an error when the node is no text, is empty or is null.
bool
text_check(Reader *reader, const Node *node);

#define KEYS(table) (table), sizeof(table) / sizeof((table)[0])

#endif
