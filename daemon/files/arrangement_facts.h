// SPDX-License-Identifier: EUPL-1.2
// The facts of an arrangement. Knows: their fields and who may see them. Must never know: steps.
#ifndef KETEN_FILES_ARRANGEMENT_FACTS_H
#define KETEN_FILES_ARRANGEMENT_FACTS_H

#include "daemon/files/arrangement_form.h"

// NodeReader of the section; it fills form->out and leaves `ret` alone.
void
read_facts(Reader *reader, const Node *node, void *ret);

#endif
