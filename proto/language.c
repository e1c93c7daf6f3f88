// SPDX-License-Identifier: EUPL-1.2
// Finds the language of a run. Knows: the variables of the locale. Must never know: any text.
#include "proto/language.h"

#include <stdlib.h>
#include <string.h>

KtLanguage
language_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value)
            return strncmp(value, "nl", 2) == 0 ? KT_NL : KT_EN;
    }
    return KT_EN;
}

bool
language_named(const char *name, KtLanguage *ret)
{
    bool dutch = strcmp(name, "nl") == 0;
    if (!dutch && strcmp(name, "en") != 0)
        return false;
    *ret = dutch ? KT_NL : KT_EN;
    return true;
}
