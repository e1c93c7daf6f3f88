// SPDX-License-Identifier: EUPL-1.2
// The state that the readers of an arrangement's sections share while one file is read. Knows: the
// names that the file itself declares. Must never know: other files, which arrangement is in force.
#ifndef KETEN_FILES_ARRANGEMENT_FORM_H
#define KETEN_FILES_ARRANGEMENT_FORM_H

#include "daemon/files/yaml_map.h"

// The names are collected before the sections are read, since a section may name things that come
// later in the file.
typedef struct ArrangementForm {
    Arrangement *out;
    const Node *facts; // the section, for the names of a fact's fields
    Names purposes, partners, fact_names, step_names, kinds, actions;
    const char *const *recorded; // partners that the daemon knows; NULL: not checked
    size_t recorded_count;
} ArrangementForm;

// Lists of a file, in the reader's arena.
typedef struct NameList {
    char **items;
    size_t count;
} NameList;

typedef struct NumberList {
    uint32_t *items; // indexes of names
    size_t count;
} NumberList;

static inline ArrangementForm *
form_of(const Reader *reader)
{
    return reader->schema;
}

#endif
