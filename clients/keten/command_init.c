// SPDX-License-Identifier: EUPL-1.2
// keten init: a chain to try in one step. Knows: what is asked of ketend about an arrangement, what
// is told to the user. Must never know: the grammar of an arrangement.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/keten/commands.h"
#include "clients/keten/offline.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/site.h"
#include "proto/names.h"

#define DEFAULT_ARRANGEMENT "alkmaar-overdie"
#define DEFAULT_LISTEN      "tcp://127.0.0.1:7350"

// In the tree the chains stand two floors above the program, installed under share.
static const char *
default_arrangement(Arena *arena)
{
    const char *here = program_directory(arena);
    const char *tree = arena_format(arena, "%s/../../chains/%s.yaml", here, DEFAULT_ARRANGEMENT);
    if (access(tree, R_OK) == 0)
        return tree;
    return arena_format(arena, "%s/../share/keten/chains/%s.yaml", here, DEFAULT_ARRANGEMENT);
}

static const char *
text_member(const json_t *object, const char *key, Arena *arena)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? arena_text(arena, value) : NULL;
}

static bool
take_partners(const json_t *list, Arena *arena, Site *site)
{
    size_t count = json_array_size(list);
    SitePartner *partners = arena_take(arena, (count + 1) * sizeof *partners);
    for (size_t i = 0; i < count; i++) {
        partners[i].name = text_member(json_array_get(list, i), "name", arena);
        partners[i].title = text_member(json_array_get(list, i), "title", arena);
        if (partners[i].name == NULL || !name_is_valid(partners[i].name) ||
            strcmp(partners[i].name, SITE_ADMINISTRATOR) == 0)
            return false;
    }
    partners[count] = (SitePartner){SITE_ADMINISTRATOR, NULL, true};
    site->partners = partners;
    site->partner_count = count + 1;
    return count > 0;
}

// ketend reads and checks the file, and prints it in canonical form with the partners.
static int
take_arrangement(Tool *tool, const char *file, Site *site)
{
    const char *words[] = {"arrangement", "show", file, NULL};
    const char *text;
    size_t length;
    Fault fault;
    if (tool_file_read(&tool->arena, file, &site->yaml, &site->yaml_length, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    int status = offline_output(tool, words, &text, &length);
    if (status != 0)
        return status;
    json_t *shown = json_loadb(text, length, 0, NULL);
    site->arrangement = text_member(shown, "name", &tool->arena);
    bool fine = site->arrangement && name_is_valid(site->arrangement) &&
                take_partners(json_object_get(shown, "partners"), &tool->arena, site);
    json_decref(shown);
    if (fine)
        return 0;
    return tool_fail(tool, KT_SETUP, "%s: %s", file,
                     tool_say(tool, "geen bruikbare ketenpartners", "no usable partners"));
}

static void
tell(Tool *tool, const Site *site)
{
    const char *daemon = program_find("ketend", &tool->arena);
    const char *clock = site->demo ? " --clock driven" : "";
    if (tool->json) {
        json_t *object = json_pack("{s:s, s:s, s:s, s:i}", "directory", site->directory,
                                   "arrangement", site->arrangement, "listen", site->listen,
                                   "partners", (int)site->partner_count);
        json_line(stdout, object);
        return;
    }
    printf("%s: arrangement %s, %zu %s\n", site->directory, site->arrangement, site->partner_count,
           tool_say(tool, "partners met een context. Start met:",
                    "partners with a context. Start it with:"));
    printf("  %s --config %s/ketend.yaml%s\n", daemon, site->directory, clock);
    printf("  keten --context %s/contexts/%s status\n", site->directory, SITE_ADMINISTRATOR);
}

int
command_init_site(Tool *tool, const Args *args)
{
    Fault fault;
    const char *file = args_value(args, OPT_ARRANGEMENT_FILE);
    const char *listen = args_value(args, OPT_LISTEN);
    Site site = {.directory = args->words[0],
                 .listen = listen ? listen : DEFAULT_LISTEN,
                 .data = "data",
                 .demo = args_has(args, OPT_DEMO)};
    int status = take_arrangement(tool, file ? file : default_arrangement(&tool->arena), &site);
    if (status != 0)
        return status;
    if (site_claim(site.directory, tool->language, &fault) != KT_OK ||
        site_write(&site, &tool->arena, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    tell(tool, &site);
    return 0;
}
