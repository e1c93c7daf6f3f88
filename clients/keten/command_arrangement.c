// SPDX-License-Identifier: EUPL-1.2
// keten arrangement, and partner load: files are checked by ketend itself, what is in force is
// asked of the daemon.
// Must never know: the grammar of an arrangement.
#include <string.h>

#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/offline.h"
#include "clients/keten/query.h"

int
command_arrangement_check(Tool *tool, const Args *args)
{
    const char *words[] = {"arrangement", "check", args->words[0], NULL};
    return offline_become(tool, words);
}

// The file as it is: the daemon reads and checks it.
static int
yaml_take(Tool *tool, const char *path, char **ret_file, ProtobufCBinaryData *ret_yaml)
{
    Fault fault;
    const char *bytes;
    size_t length;
    if (tool_file_read(&tool->arena, path, &bytes, &length, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    *ret_file = arena_text(&tool->arena, path);
    ret_yaml->data = (uint8_t *)arena_copy(&tool->arena, bytes, length);
    ret_yaml->len = length;
    return 0;
}

int
command_arrangement_load(Tool *tool, const Args *args)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__ArrangementLoad body = KETEN__V1__ARRANGEMENT_LOAD__INIT;
    const int status = yaml_take(tool, args->words[0], &body.file, &body.yaml);
    if (status != 0)
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD;
    command.arrangement_load = &body;
    return command_give(tool, args, &command);
}

int
command_partner_load(Tool *tool, const Args *args)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PartnerLoad body = KETEN__V1__PARTNER_LOAD__INIT;
    const int status = yaml_take(tool, args->words[0], &body.file, &body.yaml);
    if (status != 0)
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_PARTNER_LOAD;
    command.partner_load = &body;
    return command_give(tool, args, &command);
}

int
command_arrangement_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_ARRANGEMENTS;
    return query_show_list(tool, args, query);
}

static bool
is_file(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

int
command_arrangement_show(Tool *tool, const Args *args)
{
    const char *words[] = {"arrangement", "show", args->words[0], NULL};
    if (is_file(args->words[0]))
        return offline_become(tool, words);
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_ARRANGEMENT;
    query.subject = arena_text(&tool->arena, args->words[0]);
    return query_show(tool, &query);
}
