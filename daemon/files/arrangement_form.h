// SPDX-License-Identifier: EUPL-1.2
// What the readers of an arrangement's sections share while one file is read. Knows: the names that
// the file itself declares. Must never know: other files, what is in force.
#ifndef KETEN_FILES_ARRANGEMENT_FORM_H
#define KETEN_FILES_ARRANGEMENT_FORM_H

#include "daemon/files/yaml_map.h"

// The names stand before the sections are read: a section may speak of what comes later in the
// file.
typedef struct ArrangementForm {
    Arrangement *out;
    const Node *facts; // the section, for the names of a fact's fields
    Names purposes, partners, fact_names, step_names, kinds, actions;
    const char *const *recorded; // partners that the daemon knows; NULL: not checked
    size_t recorded_count;
} ArrangementForm;

typedef struct NameList {
    char **items;
    size_t count;
} NameList;
typedef struct NumberList {
    uint32_t *items;
    size_t count;
} NumberList;

static inline ArrangementForm *
form_of(const Reader *reader)
{
    return (ArrangementForm *)(uintptr_t)reader->schema;
}

// Sections of the file, as NodeReaders; they fill form->out and leave `ret` alone.
void
read_purposes(Reader *reader, const Node *node, void *ret);
void
read_partners(Reader *reader, const Node *node, void *ret);
void
read_ladder(Reader *reader, const Node *node, void *ret);
void
read_pause(Reader *reader, const Node *node, void *ret);
void
read_moved_away(Reader *reader, const Node *node, void *ret);
void
read_facts(Reader *reader, const Node *node, void *ret);
void
read_steps(Reader *reader, const Node *node, void *ret);
void
read_links(Reader *reader, const Node *node, void *ret);

// The root's own key; fills form->out likewise.
void
read_calendar(Reader *reader, const Node *node, void *ret);

// A map of fields to one value or a list of them, as `when` has it; how many there are. `fact` NULL
// and `fields` NULL when the fact itself is wrong: then nothing is held against it.
size_t
filters_read(Reader *reader, const Node *node, const FactKind *fact, const char *on,
             const Node *fields, Keten__V1__Filter ***ret);

// References: a name that the file declares. ret: char *, NameList, NumberList (indexes).
void
read_partner_ref(Reader *reader, const Node *node, void *ret);
void
read_fact_ref(Reader *reader, const Node *node, void *ret);
void
read_step_ref(Reader *reader, const Node *node, void *ret);
void
read_fact_refs(Reader *reader, const Node *node, void *ret);
void
read_purpose_refs(Reader *reader, const Node *node, void *ret);
// Names of any kind, each once.
void
read_names(Reader *reader, const Node *node, void *ret);

// The four kinds that links may name, or `other`; any other word is a kind of the arrangement's
// own: OTHER, with the word in *ret_other (else "").
Keten__V1__PartnerKind
partner_kind_of(const char *word, char **ret_other);
extern const char *const partner_kind_words[];
enum { PARTNER_KIND_WORDS = 5 };

#endif
