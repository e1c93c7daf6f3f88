// SPDX-License-Identifier: EUPL-1.2
// A welfare worker's intake at home, with scores per life domain, and reports of a worry. Knows:
// those forms. Must never know: how a step is completed.
#ifndef KETEN_WELFARE_INTAKE_FORM_H
#define KETEN_WELFARE_INTAKE_FORM_H

#include "clients/connector/connector.h"

bool
intake_form_read_json(Intake *intake, const json_t *root);
bool
intake_form_read_csv(Intake *intake, const CsvTable *csv);

#endif
