// SPDX-License-Identifier: EUPL-1.2
// Messages of the wire as JSON, for files, programs and JSON lines. Knows: the names of fields and
// enums. Must never know: where the JSON goes.
#ifndef KETEN_CONNECTOR_FORM_H
#define KETEN_CONNECTOR_FORM_H

#include <jansson.h>

#include "clients/lib/keten.h"

json_t *
form_delivery(const Keten__V1__Delivery *delivery);
json_t *
form_receipt(const Keten__V1__Receipt *receipt);
json_t *
form_refusal(const Keten__V1__Refusal *refusal);

#endif
