// SPDX-License-Identifier: EUPL-1.2
// Checks the value of one field. Knows: limits, names, days. Must never know: commands, plans,
// persons.
// Path: check_command calls the form of each field; a form calls value_wrong for its refusal.
// Failure: a refusal names the field and never its value, which may be personal.
#include "daemon/ledger/forms.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "proto/limits.h"
#include "proto/names.h"

KtCode
value_wrong(Checked *checked, KtCode code, const char *field, const char *detail)
{
    checked->field = field;
    checked->detail = detail;
    return code;
}

static KtCode
value_count(Checked *checked, const char *field, size_t count, size_t most)
{
    if (count <= most)
        return KT_OK;
    return value_wrong(checked, KT_LIMIT, field,
                       arena_format(checked->arena, "%s %zu, %zu", field, count, most));
}

KtCode
value_number(Checked *checked, const char *field, uint64_t number)
{
    return number != 0 ? KT_OK : value_wrong(checked, KT_MISSING, field, field);
}

KtCode
value_text(Checked *checked, const char *field, const char *text, size_t most)
{
    const size_t length = strlen(text);
    if (!text_is_utf8(text, length))
        return value_wrong(checked, KT_FRAME, field,
                           arena_format(checked->arena, "%s: UTF-8", field));
    return value_count(checked, field, length, most);
}

// C0, DEL, and C1, which is two bytes in UTF-8.
static bool
has_controls(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0))
            return true;
    return false;
}

KtCode
value_worker(Checked *checked, const char *field, const char *name)
{
    const KtCode code = value_text(checked, field, name, LIMIT_WORKER_BYTES);
    if (code != KT_OK || !has_controls(name))
        return code;
    return value_wrong(checked, KT_NAME, field, field);
}

KtCode
value_name(Checked *checked, const char *field, const char *name)
{
    if (name[0] == '\0')
        return value_wrong(checked, KT_MISSING, field, field);
    return name_is_valid(name) ? KT_OK : value_wrong(checked, KT_NAME, field, field);
}

static const char *
text_at(const FormField *field)
{
    return *(char *const *)field->value;
}

KtCode
form_number(const FormField *field)
{
    return value_number(field->checked, field->name, *(const uint64_t *)field->value);
}

KtCode
form_name(const FormField *field)
{
    return value_name(field->checked, field->name, text_at(field));
}

KtCode
form_optional_name(const FormField *field)
{
    return text_at(field)[0] == '\0' ? KT_OK : form_name(field);
}

KtCode
form_text(const FormField *field)
{
    return value_text(field->checked, field->name, text_at(field), field->most);
}

KtCode
form_required_text(const FormField *field)
{
    const char *text = text_at(field);
    if (text[strspn(text, " ")] == '\0')
        return value_wrong(field->checked, KT_MISSING, field->name, field->name);
    return value_worker(field->checked, field->name, text);
}

KtCode
form_day(const FormField *field)
{
    const char *day = text_at(field);
    Date date;
    if (day[0] == '\0' || date_parse(text_of(day), &date))
        return KT_OK;
    return value_wrong(field->checked, KT_FORM, field->name,
                       arena_format(field->checked->arena, "%s: YYYY-MM-DD", field->name));
}

KtCode
form_bytes(const FormField *field)
{
    const ProtobufCBinaryData *bytes = field->value;
    return value_count(field->checked, field->name, bytes->len, field->most);
}

KtCode
form_count(const FormField *field)
{
    return value_count(field->checked, field->name, field->count, field->most);
}

KtCode
form_names(const FormField *field)
{
    char *const *names = *(char **const *)field->value;
    KtCode code = form_count(field);
    for (size_t i = 0; code == KT_OK && i < field->count; i++)
        code = value_name(field->checked, field->name, names[i]);
    return code;
}

static KtCode
fields_of(Checked *checked, Field *const *fields, size_t count)
{
    KtCode code = value_count(checked, "fields", count, LIMIT_FIELDS_PER_FACT);
    for (size_t i = 0; code == KT_OK && i < count; i++) {
        code = value_name(checked, "fields", fields[i]->name);
        if (code == KT_OK)
            code = value_text(checked, "fields", fields[i]->value, LIMIT_TEXT_BYTES);
    }
    return code;
}

KtCode
form_fields(const FormField *field)
{
    return fields_of(field->checked, *(Field * *const *)field->value, field->count);
}

KtCode
form_facts(const FormField *field)
{
    Keten__V1__NewFact *const *facts = *(Keten__V1__NewFact * *const *)field->value;
    KtCode code = form_count(field);
    for (size_t i = 0; code == KT_OK && i < field->count; i++) {
        code = value_name(field->checked, field->name, facts[i]->kind);
        if (code == KT_OK)
            code = fields_of(field->checked, facts[i]->fields, facts[i]->n_fields);
    }
    return code;
}
