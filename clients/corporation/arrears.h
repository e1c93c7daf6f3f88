// SPDX-License-Identifier: EUPL-1.2
// Rent arrears as corporations report them: the exchange model for early signals (Divosa, DDAS
// vroegsignalering) and CSV. Knows: those forms. Must never know: how a signal is sent.
#ifndef KETEN_CORPORATION_ARREARS_H
#define KETEN_CORPORATION_ARREARS_H

#include "clients/connector/connector.h"

bool
arrears_read_json(Intake *intake, const json_t *root);
bool
arrears_read_csv(Intake *intake, const CsvTable *csv);

#endif
