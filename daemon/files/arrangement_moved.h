// SPDX-License-Identifier: EUPL-1.2
// People who moved away. Knows: the section `moved-away`. Must never know: plans.
#ifndef KETEN_FILES_ARRANGEMENT_MOVED_H
#define KETEN_FILES_ARRANGEMENT_MOVED_H

#include "daemon/files/arrangement_form.h"

// NodeReader of the section; it fills form->out and leaves `ret` alone.
void
read_moved_away(Reader *reader, const Node *node, void *ret);

#endif
