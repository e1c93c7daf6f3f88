// SPDX-License-Identifier: EUPL-1.2
// The recorded partners by number and by name. Must never know: files in partners.d, sessions.
#ifndef KETEN_LEDGER_REGISTRY_PARTNER_H
#define KETEN_LEDGER_REGISTRY_PARTNER_H

#include "daemon/ledger/ledger.h"
#include "daemon/ledger/registry.h"

// A loaded partner: new, or in the place of its earlier row.
void
registry_partner(Ledger *ledger, const PartnerRow *row);
// The cursors of a recorded partner; NULL for another.
Cursor *
registry_cursor(Ledger *ledger, uint32_t partner);
const char *
ledger_partner_name(Ledger *ledger, uint32_t number); // "" for 0
const PartnerRow *
ledger_partner_named(Ledger *ledger, const char *name);
// For people: its title in partners.d, else in an arrangement in force, else its name.
const char *
ledger_partner_title(Ledger *ledger, uint32_t number);

#endif
