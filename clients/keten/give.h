// SPDX-License-Identifier: EUPL-1.2
// Giving one command and showing its answer. Knows: the options that go with every command. Must
// never know: what the command means.
#ifndef KETEN_TOOL_GIVE_H
#define KETEN_TOOL_GIVE_H

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

typedef struct FieldList {
    Keten__V1__Field **items;
    size_t count;
} FieldList;

// Fills in worker and occurrence, sends under --id or the context's own stream, shows the receipt
// or the refusal.
int
command_give(Tool *tool, const Args *args, Keten__V1__Command *command);
// Worker and occurrence alone; 0 or an exit status.
int
command_fill(Tool *tool, const Args *args, Keten__V1__Command *command);

// Adds "K=V" to a list. False after printing that there is no '='.
bool
field_add(Tool *tool, FieldList *list, const char *pair, int *ret_status);
// Adds a field by its name and value.
void
field_put(Arena *arena, FieldList *list, const char *name, const char *value);

// A printed id with its letter (and a step's version); false after printing what is wrong with it.
bool
id_take(const Tool *tool, const char *text, char letter, uint64_t *ret, uint32_t *ret_version,
        int *ret_status);

// A message's text field: the option's value, or empty.
char *
text_option(Tool *tool, const Args *args, OptionId id);

#endif
