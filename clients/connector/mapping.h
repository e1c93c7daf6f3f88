// SPDX-License-Identifier: EUPL-1.2
// Tables from a partner's own words to fields of facts, read alike from JSON and CSV. Knows: forms,
// columns, the shape of values. Must never know: which facts a city's arrangement has; the daemon
// judges that.
#ifndef KETEN_CONNECTOR_MAPPING_H
#define KETEN_CONNECTOR_MAPPING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/csv_table.h"
#include "clients/connector/intake.h"
#include "clients/connector/shape.h"

typedef struct FieldMap {
    const char *nl;    // the partner's word
    const char *field; // the fact's field, and the word in English
    Shape shape;
} FieldMap;

// One kind of record: it signals a fact, or completes a step with one.
typedef struct FormMap {
    const char *nl; // the key of such records in JSON
    const char *en;
    const char *fact;       // the kind of the fact
    const char *step;       // the kind of the step that it completes; NULL: a signal
    const FieldMap *fields; // the first one is the leading field
    size_t field_count;     // at least 1
} FormMap;

// {"einde-uitkering": {…} | […]}: true when the root has at least one of the forms' keys.
bool
mapping_read_json(Intake *intake, const json_t *root, const FormMap *forms, size_t count);

// The first form whose leading field has a column. Columns without a row in the table pass under
// their own name, so that an arrangement may ask for more than this table knows.
bool
mapping_read_csv(Intake *intake, const CsvTable *csv, const FormMap *forms, size_t count);

// Adds the signal of a fact; takes the references.
bool
mapping_signal(Intake *intake, size_t record, const char *fact, json_t *persons, json_t *fields,
               const json_t *source);

// Adds what completes a step of a kind with a fact, accepting it first when it is only offered.
// `source` says which step: by `step`, `plan` or `dossier`. Takes `fields`.
bool
mapping_complete(Intake *intake, size_t record, const char *step, const char *fact, json_t *fields,
                 const json_t *source);

// The member under its Dutch or its English name; NULL when there is neither. A borrowed reference.
json_t *
mapping_either(const json_t *object, const char *one, const char *other);

// The citizen service numbers of a record: `bsn` as text, several with blanks or + between, or an
// array. A new reference; empty when there are none.
json_t *
mapping_persons(const json_t *source);

#endif
