// SPDX-License-Identifier: EUPL-1.2
// Reads the details of a person. Knows: the names of the details. Must never know: which values
// they may have, how they are sent.
#include "clients/keten/details.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

typedef Keten__V1__PersonDetails Details;

static const struct {
    const char *name;
    size_t at; // a char * of Details
} detail_names[] = {
    {"given", offsetof(Details, given)},
    {"prefix", offsetof(Details, prefix)},
    {"surname", offsetof(Details, surname)},
    {"partner-prefix", offsetof(Details, partner_prefix)},
    {"partner-surname", offsetof(Details, partner_surname)},
    {"born", offsetof(Details, born)},
    {"postcode", offsetof(Details, postcode)},
    {"number", offsetof(Details, number)},
    {"letter", offsetof(Details, letter)},
    {"addition", offsetof(Details, addition)},
    {"municipality", offsetof(Details, municipality)},
};

enum { NAMES = sizeof detail_names / sizeof detail_names[0] };

static bool
is_yes(const char *value)
{
    return strcmp(value, "yes") == 0 || strcmp(value, "ja") == 0 || strcmp(value, "true") == 0;
}

bool
detail_put(Arena *arena, Details *details, const char *name, const char *value,
           const char **ret_near)
{
    const char *names[NAMES + 1] = {"secret"};
    for (size_t i = 0; i < NAMES; i++) {
        names[i + 1] = detail_names[i].name;
        if (strcmp(detail_names[i].name, name) == 0) {
            *(char **)(void *)((char *)details + detail_names[i].at) = arena_text(arena, value);
            return true;
        }
    }
    // Any value that is not clearly a no keeps the address secret.
    if (strcmp(name, "secret") == 0) {
        details->secret = is_yes(value) || (strcmp(value, "no") != 0 && strcmp(value, "nee") != 0 &&
                                            strcmp(value, "false") != 0 && strcmp(value, "0") != 0);
        return true;
    }
    *ret_near = text_nearest(name, names, NAMES + 1);
    return false;
}

static int
take_one(Tool *tool, Details *details, const char *pair)
{
    const char *equals = strchr(pair, '='), *near = NULL;
    if (equals == NULL || equals == pair)
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "geen onderdeel=waarde:", "not part=value:"), pair);
    const char *name = arena_copy(&tool->arena, pair, (size_t)(equals - pair));
    if (detail_put(&tool->arena, details, name, equals + 1, &near))
        return 0;
    return tool_fail(tool, KT_USAGE, "%s '%s'%s%s%s",
                     tool_say(tool, "onbekend onderdeel", "unknown part"), name, near ? " (" : "",
                     near ? near : "", near ? "?)" : "");
}

int
details_take(Tool *tool, const Args *args, Details ***ret, size_t *ret_count)
{
    Details **all = arena_take(&tool->arena, (args->count + 1) * sizeof(Details *));
    size_t count = 0;
    bool any = false;
    for (size_t i = 0; i < args->count; i++) {
        const Arg *item = &args->items[i];
        if (item->id == OPT_PERSON) {
            all[count] = arena_take(&tool->arena, sizeof(Details));
            keten__v1__person_details__init(all[count++]);
        } else if (item->id == OPT_DETAIL) {
            if (count == 0)
                return tool_fail(tool, KT_USAGE, "%s",
                                 tool_say(tool, "--detail hoort achter de --person die het betreft",
                                          "--detail goes behind the --person it is about"));
            const int status = take_one(tool, all[count - 1], item->value);
            if (status != 0)
                return status;
            any = true;
        }
    }
    *ret = all;
    *ret_count = any ? count : 0;
    return 0;
}
