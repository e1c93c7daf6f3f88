// SPDX-License-Identifier: EUPL-1.2
// The partner's own dossier number, where it happens to pass as a citizen service number. Knows:
// the field `dossier`, the prefix. Must never know: which fact the field is of.
//
// The daemon refuses such a number (KT-1013). With --dossier-prefix the connector puts the prefix
// before it when it leaves, and takes it off when it comes back; every other number stays as it is.
#ifndef KETEN_CONNECTOR_DOSSIER_H
#define KETEN_CONNECTOR_DOSSIER_H

#include <jansson.h>
#include <stdbool.h>

#include "keten/v1/wire.pb-c.h"

#define DOSSIER_FIELD      "dossier"
#define DOSSIER_PREFIX_MAX 16 // bytes

// Letters, then perhaps hyphens: behind it a number no longer stands alone.
bool
dossier_prefix_is_valid(const char *prefix);
// A command in the generic form that leaves. `prefix` NULL: nothing changes.
void
dossier_send(const char *prefix, json_t *command);
// A delivery that came; its texts are changed in place. `prefix` NULL: nothing changes.
void
dossier_return(const char *prefix, Keten__V1__Delivery *delivery);

#endif
