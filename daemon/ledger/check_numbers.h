// SPDX-License-Identifier: EUPL-1.2
// Citizen service numbers in texts of a command that are not for persons. Must never know: plans,
// which commands there are.
#ifndef KETEN_LEDGER_CHECK_NUMBERS_H
#define KETEN_LEDGER_CHECK_NUMBERS_H

#include "daemon/ledger/check.h"

// Whether the field at this offset of the body is for persons.
typedef bool (*PersonField)(const Command *command, size_t offset);

// KT_OK, or KT_BSN_PLACE with the name of the field. Looks at every text of the command and of the
// messages in it, by their descriptors: a field that comes later is looked at, too.
KtCode
check_numbers(const Command *command, PersonField is_for_persons, Checked *checked);

#endif
