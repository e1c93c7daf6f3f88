// SPDX-License-Identifier: EUPL-1.2
// References: names that the arrangement's file itself declares. Knows: the declared names. Must
// never know: what a name stands for.
#ifndef KETEN_FILES_ARRANGEMENT_NAMES_H
#define KETEN_FILES_ARRANGEMENT_NAMES_H

#include "daemon/files/arrangement_form.h"

// NodeReaders of one name that must be declared. ret: char **.
void
read_partner_ref(Reader *reader, const Node *node, void *ret);
void
read_fact_ref(Reader *reader, const Node *node, void *ret);
void
read_step_ref(Reader *reader, const Node *node, void *ret);
// NodeReaders of a list of declared names, each once. ret: NameList *, NumberList * (indexes).
void
read_fact_refs(Reader *reader, const Node *node, void *ret);
void
read_purpose_refs(Reader *reader, const Node *node, void *ret);
// NodeReader of a list of names of any kind, each once. ret: NameList *.
void
read_names(Reader *reader, const Node *node, void *ret);

#endif
