// SPDX-License-Identifier: EUPL-1.2
// Messages and rows as JSON, for programs that read what an offline command prints. Knows:
// descriptors. Must never know: which messages there are.
#ifndef KETEN_OFFLINE_JSON_H
#define KETEN_OFFLINE_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "keten/v1/wire.pb-c.h"

// Field names as in the proto; enum values in lower case without their prefix; bytes as hex; fields
// named …_ms as ISO 8601 UTC, null for 0. A member of a oneof that is not set is left out. New
// references.
json_t *
json_of_message(const ProtobufCMessage *message);
// An object with the row's cells; its kind is the member "row".
json_t *
json_of_row(const Keten__V1__Row *row);
// One compact line; takes the reference.
void
json_print(FILE *to, json_t *object);

#endif
