// SPDX-License-Identifier: EUPL-1.2
// The calendar of an arrangement. Knows: public holidays, closing days. Must never know: what is
// counted by it.
#ifndef KETEN_FILES_ARRANGEMENT_CALENDAR_H
#define KETEN_FILES_ARRANGEMENT_CALENDAR_H

#include "daemon/files/arrangement_form.h"

// NodeReader of the key `calendar`; it fills form->out and leaves `ret` alone.
void
read_calendar(Reader *reader, const Node *node, void *ret);

#endif
