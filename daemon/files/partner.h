// SPDX-License-Identifier: EUPL-1.2
// A partner's file → the row that proposes the partner. Knows: the file's grammar. Must never know:
// which partners there are already.
#ifndef KETEN_FILES_PARTNER_H
#define KETEN_FILES_PARTNER_H

#include "daemon/files/errors.h"
#include "store/vocabulary.h"

// partners.d/NAME.yaml → row (partner number 0). `name`: the file's name without .yaml; it must
// equal `id:` when that is given. The row has the hash of the
// bytes. *ret_row is set only when there is no error at all.
KtCode
partner_read(const char *bytes, size_t length, const char *name, Arena *arena,
             const PartnerRow **ret_row, FileErrors *ret_errors);

#endif
