// SPDX-License-Identifier: EUPL-1.2
// Folds a text to the form in which two texts are compared: without case, without diacritics.
// Knows: UTF-8 and the Latin letters of Unicode's first blocks. Must never know: names, how a
// language sorts.
#ifndef KETEN_BASE_FOLD_H
#define KETEN_BASE_FOLD_H

#include <stddef.h>

// Folds a text: Latin letters become a to z (ß ss, æ ae, ø o, þ th …; "ij" and ÿ become y, as Dutch
// writes them by turns); marks that combine with a letter are left out; dashes and the slash
// become '-'; blanks, apostrophes and other punctuation become one blank, none at either end.
// Letters of other scripts stay as they are. Bytes that are no UTF-8 count as punctuation. `ret`
// has at least 2 * length + 1 bytes. Returns the length of the folded text.
// The folded bytes go into tokens that stand in journals, so they may never change.
size_t
text_fold(const char *text, size_t length, char *ret);

#endif
