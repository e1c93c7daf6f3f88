// SPDX-License-Identifier: EUPL-1.2
// A command line read by a table of options, and the help that grows from the same table. Knows:
// long options with and without a value. Must never know: what an option means.
#ifndef KETEN_BASE_OPTIONS_H
#define KETEN_BASE_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#define OPTIONS_MOST 64 // rows of a table

typedef struct OptionRow {
    const char *name;     // without the dashes
    const char *argument; // what the help calls the value; NULL for a flag
    const char *text[2];  // for the help, in the caller's languages
} OptionRow;

typedef struct OptionTable {
    const OptionRow *rows;
    size_t count;
    size_t last; // the row after which reading stops, because the rest belongs to it; or `count`
} OptionTable;

// Reads the options up to the first word that is none. ret_values[i] is the last value of row i,
// "" for a flag, and stays untouched where the option was not given. *ret_rest is the index in argv
// of the first word left. Returns NULL, or the word that is wrong.
const char *
options_parse(const OptionTable *table, int argc, char **argv, const char **ret_values,
              int *ret_rest);

// A line per option, with the texts of `language` (an index into OptionRow.text).
void
options_help(const OptionTable *table, size_t language, FILE *to);

#endif
