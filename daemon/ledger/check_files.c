// SPDX-License-Identifier: EUPL-1.2
// Reads the file that an administrator's command carries. Knows: which reader takes which file,
// what the file's name says. Must never know: the forms of the other fields.
// Path: check_command calls these checks after the forms of `file` and `yaml`.
// Failure: the refusal's detail is the report of the reader, with line and column.
#include "daemon/ledger/check_files.h"

#include <string.h>

#include "daemon/files/arrangement.h"
#include "daemon/files/partner.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/turn.h"
#include "proto/names.h"

static const char *
bytes_of(const ProtobufCBinaryData *file)
{
    return file->data == NULL ? "" : (const char *)file->data;
}

static const char *const *
partner_names(Ledger *ledger, Arena *arena)
{
    const size_t count = ledger_partner_count(ledger);
    const char **names = arena_take(arena, (count + 1) * sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = ledger_partner_name(ledger, (uint32_t)(i + 1));
    return names;
}

KtCode
check_arrangement(const FormField *field)
{
    Checked *checked = field->checked;
    const Keten__V1__ArrangementLoad *load = field->command->arrangement_load;
    FileErrors errors = {.items = NULL};
    KtCode code = arrangement_read(
        bytes_of(&load->yaml), load->yaml.len, partner_names(field->ledger, checked->arena),
        ledger_partner_count(field->ledger), checked->arena, &checked->arrangement, &errors);
    const char *detail = "";
    if (code == KT_OK)
        code = turn_sound(checked->arrangement, checked->language, checked->arena, &detail);
    if (code == KT_OK || errors.count == 0)
        return code == KT_OK ? KT_OK : value_wrong(checked, code, field->name, detail);
    const char *file = load->file[0] == '\0' ? "-" : load->file;
    return value_wrong(checked, KT_ARRANGEMENT_FILE, field->name,
                       file_errors_text(file, &errors, code, checked->language, checked->arena));
}

// "dir/welzijn.yaml" → "welzijn": as in partners.d, the file's name is the partner's.
static const char *
name_of_file(const char *file, Arena *arena)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash == NULL ? file : slash + 1;
    const char *dot = strrchr(base, '.');
    return dot == NULL ? base : arena_copy(arena, base, (size_t)(dot - base));
}

KtCode
check_partner(const FormField *field)
{
    Checked *checked = field->checked;
    const Keten__V1__PartnerLoad *load = field->command->partner_load;
    const char *name = name_of_file(load->file, checked->arena);
    if (!name_is_valid(name))
        return value_wrong(checked, KT_NAME, "file", name);
    FileErrors errors = {.items = NULL};
    const KtCode code = partner_read(bytes_of(&load->yaml), load->yaml.len, name, checked->arena,
                                     &checked->loaded, &errors);
    if (code == KT_OK)
        return KT_OK;
    return value_wrong(
        checked, KT_PARTNER_FILE, field->name,
        file_errors_text(load->file, &errors, code, checked->language, checked->arena));
}
