// SPDX-License-Identifier: EUPL-1.2
// A YAML file as a tree of texts, lists and maps, each with its place. Knows: libyaml. Must never
// know: which keys mean what.
// It takes one document, and refuses, by name and place: anchors, aliases, tags, further documents,
// NUL, nesting deeper than sixteen.
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

// The tree lies in the arena. NULL when there is no tree; the list then has an error. There may be
// errors with a tree, too.
const Node *
yaml_tree_read(const char *bytes, size_t length, ErrorList *errors);

// The value behind a key, or NULL.
const Node *
node_value(const Node *map, const char *key);

// The node at a path: "links.3" (lists count from 1), "steps.home-visit.term". When the path leads
// nowhere, the last node on the way.
const Node *
node_at_path(const Node *root, const char *path);

#endif
