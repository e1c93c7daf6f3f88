// SPDX-License-Identifier: EUPL-1.2
// Purposes, partners and the ladder of an arrangement. Knows: kinds of partners. Must never know:
// facts, steps.
#ifndef KETEN_FILES_ARRANGEMENT_PARTNERS_H
#define KETEN_FILES_ARRANGEMENT_PARTNERS_H

#include "daemon/files/arrangement_form.h"

// NodeReaders of the sections; they fill form->out and leave `ret` alone.
void
read_purposes(Reader *reader, const Node *node, void *ret);
void
read_partners(Reader *reader, const Node *node, void *ret);
void
read_ladder(Reader *reader, const Node *node, void *ret);

// The four kinds that links may name, or `other`. Any other word is a kind of the arrangement's
// own: OTHER, with the word in *ret_other (else "").
Keten__V1__PartnerKind
partner_kind_of(const char *word, char **ret_other);

#endif
