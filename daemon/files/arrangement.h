// SPDX-License-Identifier: EUPL-1.2
// An arrangement's YAML (docs: keten-arrangement(5)) → the checked, canonical message. Knows: the
// file's grammar. Must never know: the journal, which arrangement is in force.
#ifndef KETEN_FILES_ARRANGEMENT_H
#define KETEN_FILES_ARRANGEMENT_H

#include "daemon/files/errors.h"
#include "store/vocabulary.h"

// *ret_arrangement is set only when there is no error at all. `partners`: recorded partner names,
// for the check that each is known; NULL skips it.
KtCode
arrangement_read(const char *bytes, size_t length, const char *const *partners,
                 size_t partner_count, Arena *arena, const Arrangement **ret_arrangement,
                 FileErrors *ret_errors);

#endif
