// SPDX-License-Identifier: EUPL-1.2
// Steps and links of an arrangement. Knows: what starts a step. Must never know: whether the chain
// is sound.
#ifndef KETEN_FILES_ARRANGEMENT_STEPS_H
#define KETEN_FILES_ARRANGEMENT_STEPS_H

#include "daemon/files/arrangement_form.h"

// NodeReaders of the sections; they fill form->out and leave `ret` alone.
void
read_steps(Reader *reader, const Node *node, void *ret);
void
read_links(Reader *reader, const Node *node, void *ret);

#endif
