// SPDX-License-Identifier: EUPL-1.2
// One partner's connector: its own forms of input on the common core. Knows: what a partner brings
// along. Must never know: another partner's forms.
#ifndef KETEN_CONNECTOR_CONNECTOR_H
#define KETEN_CONNECTOR_CONNECTOR_H

#include <stdbool.h>

#include "base/csv_table.h"
#include "clients/connector/intake.h"

typedef struct Connector {
    const char *program; // "keten-welfare"
    // Each adds commands or complaints to the intake; false when the input is no form of this
    // partner. NULL: it has none of the kind. The generic form is read by the core.
    bool (*read_json)(Intake *intake, const json_t *root);
    bool (*read_csv)(Intake *intake, const CsvTable *csv);
} Connector;

// A connector's whole life; returns the exit status.
int
connector_main(int argc, char **argv, const Connector *connector);

#endif
