// SPDX-License-Identifier: EUPL-1.2
// The forms that a field of a command can have, one function each. Knows: what a well-formed value
// is. Must never know: commands, plans. proto/commands.def says which field has which form.
#ifndef KETEN_LEDGER_FORMS_H
#define KETEN_LEDGER_FORMS_H

#include "daemon/ledger/check.h"

// A field to be looked at; check_command fills it in.
typedef struct FormField {
    Ledger *ledger;
    Checked *checked;       // takes what the form makes of the value, and a refusal
    const Command *command; // that the field stands in
    const char *name;       // as in wire.proto
    const void *value;      // where the field stands; its type is the form's
    size_t count;           // of a repeated field: how many values
    size_t most;            // bytes of a text, values of a list; 0 where the form has its own limit
} FormField;

// KT_OK, or a code with checked->field and checked->detail.
typedef KtCode (*Form)(const FormField *field);

// A number, not 0: uint64_t.
KtCode
form_number(const FormField *field);
// An id in small letters and dashes: char *.
KtCode
form_name(const FormField *field);
// Empty, or a name.
KtCode
form_optional_name(const FormField *field);
// UTF-8 of at most `most` bytes: char *.
KtCode
form_text(const FormField *field);
// The name of a worker, not empty and not of blanks alone.
KtCode
form_required_text(const FormField *field);
// Empty, or a day as YYYY-MM-DD: char *.
KtCode
form_day(const FormField *field);
// Any bytes, at most `most`: ProtobufCBinaryData.
KtCode
form_bytes(const FormField *field);
// Any list of at most `most` values.
KtCode
form_count(const FormField *field);
// A list of names: char **.
KtCode
form_names(const FormField *field);
// A list of names with values: Field **.
KtCode
form_fields(const FormField *field);
// A list of kinds with fields: Keten__V1__NewFact **.
KtCode
form_facts(const FormField *field);

// The same for a value that stands in no row of its own.
KtCode
value_name(Checked *checked, const char *field, const char *name);
KtCode
value_number(Checked *checked, const char *field, uint64_t number);
KtCode
value_text(Checked *checked, const char *field, const char *text, size_t most);
// The name of a worker: a text without control characters, which a terminal would obey.
KtCode
value_worker(Checked *checked, const char *field, const char *name);
// Fills in the refusal and returns its code.
KtCode
value_wrong(Checked *checked, KtCode code, const char *field, const char *detail);

#endif
