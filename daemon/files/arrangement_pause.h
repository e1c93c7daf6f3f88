// SPDX-License-Identifier: EUPL-1.2
// The pause that a city has agreed on. Knows: its actions and their partners. Must never know:
// steps, plans.
#ifndef KETEN_FILES_ARRANGEMENT_PAUSE_H
#define KETEN_FILES_ARRANGEMENT_PAUSE_H

#include "daemon/files/arrangement_form.h"

// NodeReader of the section; it fills form->out and leaves `ret` alone.
void
read_pause(Reader *reader, const Node *node, void *ret);

#endif
