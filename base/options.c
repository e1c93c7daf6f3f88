// SPDX-License-Identifier: EUPL-1.2
// Reads a command line with getopt_long. Knows: how a table becomes getopt's. Must never know: what
// an option means, languages.
#include "base/options.h"

#include <getopt.h>

#include "base/assert.h"

const char *
options_parse(const OptionTable *table, int argc, char **argv, const char **ret_values,
              int *ret_rest)
{
    ASSERT(table->count <= OPTIONS_MOST);
    struct option longs[OPTIONS_MOST + 1] = {0};
    for (size_t i = 0; i < table->count; i++)
        longs[i] = (struct option){
            table->rows[i].name, table->rows[i].argument == NULL ? no_argument : required_argument,
            NULL, (int)i + 1}; // 0 would mean a flag that getopt sets itself
    optind = 0;
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, "+:", longs, NULL)) != -1;) {
        if (found <= 0 || (size_t)found > table->count)
            return argv[optind - 1];
        ret_values[found - 1] = optarg == NULL ? "" : optarg;
        if ((size_t)found - 1 == table->last)
            break;
    }
    *ret_rest = optind;
    return NULL;
}

void
options_help(const OptionTable *table, size_t language, FILE *to)
{
    ASSERT(language < 2);
    for (size_t i = 0; i < table->count; i++) {
        const OptionRow *row = &table->rows[i];
        char name[64];
        snprintf(name, sizeof name, "--%s%s%s", row->name, row->argument == NULL ? "" : " ",
                 row->argument == NULL ? "" : row->argument);
        fprintf(to, "  %-22s %s\n", name, row->text[language]);
    }
}
