// SPDX-License-Identifier: EUPL-1.2
// A YAML file as a tree of texts, lists and maps, each with its place. Knows: libyaml. Must never
// know: which keys mean what. Taken: one document. Refused, by name and place: anchors, aliases,
// tags, further documents, NUL, nesting deeper than sixteen.
#ifndef KETEN_FILES_YAML_TREE_H
#define KETEN_FILES_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/files/errors.h"

typedef enum NodeKind {
    NODE_REFUSED = 0, // an alias; its error is in the list already
    NODE_TEXT,
    NODE_LIST,
    NODE_MAP,
} NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    bool plain;          // a text without quotes
    size_t line, column; // from 1
    const char *text;    // of a text
    size_t count;        // of a list or a map
    Node **items;        // of a list, or the values of a map
    Node **keys;         // of a map; any kind of node
};

// Everything lies in the arena. NULL when there is no tree to read on in; then, and perhaps
// otherwise too, there are errors in the list.
const Node *
yaml_tree_read(const char *bytes, size_t length, ErrorList *errors);

// The value behind a key, or NULL.
const Node *
node_value(const Node *map, const char *key);

// A node by its path, "links.3" (lists count from 1), "steps.home-visit.term"; where the path leads
// nowhere, the last node on the way.
const Node *
node_at_path(const Node *root, const char *path);

#endif
