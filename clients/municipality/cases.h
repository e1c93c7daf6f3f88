// SPDX-License-Identifier: EUPL-1.2
// The reports of a municipality's debt help: results of early-signal cases in the exchange model
// (Divosa, DDAS vroegsignalering), first talks and debt plans. Knows: those forms. Must never know:
// how a step is completed.
#ifndef KETEN_MUNICIPALITY_CASES_H
#define KETEN_MUNICIPALITY_CASES_H

#include "clients/connector/connector.h"

bool
cases_read_json(Intake *intake, const json_t *root);
bool
cases_read_csv(Intake *intake, const CsvTable *csv);

#endif
