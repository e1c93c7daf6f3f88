// SPDX-License-Identifier: EUPL-1.2
// The grammar of names and numbers that cross the wire. Knows: forms. Must never know: which names
// exist.
#ifndef KETEN_PROTO_NAMES_H
#define KETEN_PROTO_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/sizes.h"

// Names of partners, facts, fields, steps, purposes, arrangements, choices, levels and reason
// codes: a lower-case letter or digit, then letters, digits and single hyphens; 1 to 63 bytes; no
// hyphen at the end.
bool
name_is_valid(const char *name);

// Burgerservicenummer: nine digits that pass the 11-proef (9·d1+8·d2+…+2·d8−1·d9 divisible
// by eleven) and are not all zero. `ret`, if not NULL, gets the nine digits with a NUL, which are
// BSN_TEXT_BYTES. Source: Logisch Ontwerp BSN, RvIG.
bool
bsn_parse(const char *text, char *ret);

// Whether a number that passes as a burgerservicenummer stands alone in the text: nine digits
// together, or in groups of 4-2-3 or 3-3-3 with blanks, points or hyphens between them. A digit
// next to it, or a point or comma and a digit, makes it part of a longer number. Letters before it,
// or letters and one of - _ /, make it a reference such as D-123456782, which is no such number;
// "bsn" and "sofi" do not. Eight digits are none: most of them are days and telephone numbers.
bool
bsn_stands_in(const char *text);

// Printed ids: a letter and a number, for a step optionally @version: p12, s17@4, f33, r1042, d5.
// False for anything else. `ret_version` may be NULL; then a version is refused.
bool
id_parse(const char *text, char letter, uint64_t *ret_number, uint32_t *ret_version);

// RFC 9562 text form of a UUID → 16 bytes.
bool
uuid_parse(const char *text, uint8_t ret[UUID_BYTES]);
void
uuid_format(const uint8_t uuid[UUID_BYTES], char ret[UUID_TEXT_BYTES]);

// A reason code is one of proto/reasons.def. Words of a worker that are no code travel as text with
// the code "other".
bool
reason_is_code(const char *reason);

#endif
