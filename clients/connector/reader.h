// SPDX-License-Identifier: EUPL-1.2
// Tells the forms of input apart: JSON, JSON lines, CSV; the generic form, or the partner's own.
// Knows: first characters and verbs. Must never know: files, what a partner's form means.
#ifndef KETEN_CONNECTOR_READER_H
#define KETEN_CONNECTOR_READER_H

#include <stddef.h>

#include "clients/connector/connector.h"

#define READER_BYTES (4u << 20)

// Fills the intake with commands or complaints, at least one of either.
void
reader_read(const Connector *connector, Intake *intake, const char *text, size_t length);

#endif
