// SPDX-License-Identifier: EUPL-1.2
// NodeReaders of the plain types that our files share. Knows: the form of each type. Must never
// know: which key a value stands behind.
#ifndef KETEN_FILES_YAML_SCALAR_H
#define KETEN_FILES_YAML_SCALAR_H

#include "daemon/files/yaml_map.h"

// Each is a NodeReader; its comment says what `ret` points to.
void
read_text(Reader *reader, const Node *node, void *ret); // char *, at most LIMIT_TEXT_BYTES
void
read_name(Reader *reader, const Node *node, void *ret); // char *
void
read_flag(Reader *reader, const Node *node, void *ret); // protobuf_c_boolean; true or false
void
read_count(Reader *reader, const Node *node, void *ret); // uint32_t from 1
void
read_term(Reader *reader, const Node *node, void *ret); // Term *
// Keten__V1__Title *: {nl, en}, or one text for both
void
read_title(Reader *reader, const Node *node, void *ret);
void
read_instant(Reader *reader, const Node *node, void *ret); // int64_t ms
// const Node *: the node itself, to be read later
void
read_node(Reader *reader, const Node *node, void *ret);

#endif
