// SPDX-License-Identifier: EUPL-1.2
// The languages in which people are addressed. Knows: their names, the locale. Must never know: any
// text.
#ifndef KETEN_PROTO_LANGUAGE_H
#define KETEN_PROTO_LANGUAGE_H

#include <stdbool.h>

typedef enum KtLanguage { KT_NL = 1, KT_EN = 2 } KtLanguage;

// Dutch when LC_ALL, LC_MESSAGES or LANG says so, in that order; English otherwise.
KtLanguage
language_of_locale(void);

// "nl" or "en"; false for any other name.
bool
language_named(const char *name, KtLanguage *ret);

#endif
