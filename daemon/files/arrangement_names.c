// SPDX-License-Identifier: EUPL-1.2
// References: names that must be declared in the same file. Knows: the declared names. Must never
// know: what a name stands for.
#include "daemon/files/arrangement_names.h"

#include <string.h>

#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

static void
read_ref(Reader *reader, const Node *node, const Names *names, char **ret)
{
    size_t index;
    if (name_index(reader, node, names, &index))
        *ret = arena_text(reader->arena, names->items[index]);
}

void
read_partner_ref(Reader *reader, const Node *node, void *ret)
{
    read_ref(reader, node, &form_of(reader)->partners, ret);
}

void
read_fact_ref(Reader *reader, const Node *node, void *ret)
{
    read_ref(reader, node, &form_of(reader)->fact_names, ret);
}

void
read_step_ref(Reader *reader, const Node *node, void *ret)
{
    read_ref(reader, node, &form_of(reader)->step_names, ret);
}

static void
doubled_item(Reader *reader, const Node *node)
{
    read_error(reader, node, "'%s' staat er tweemaal (laat er één staan)",
               "'%s' stands twice (keep one)", text_shown(reader->arena, node->text));
}

static void
list_add(Reader *reader, NameList *list, const Node *item, char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            doubled_item(reader, item);
            return;
        }
    }
    list->items[list->count++] = name;
}

// A list of names that `read_one` takes, each once.
static void
read_list(Reader *reader, const Node *node, size_t most, NodeReader read_one, NameList *ret)
{
    if (!list_check(reader, node, most))
        return;
    ret->items = arena_take(reader->arena, (node->count + 1) * sizeof(char *));
    for (size_t i = 0; i < node->count; i++) {
        char *name = NULL;
        read_one(reader, node->items[i], &name);
        if (name != NULL)
            list_add(reader, ret, node->items[i], name);
    }
}

void
read_names(Reader *reader, const Node *node, void *ret)
{
    read_list(reader, node, LIMIT_KINDS_PER_ARRANGEMENT, read_name, ret);
}

void
read_fact_refs(Reader *reader, const Node *node, void *ret)
{
    read_list(reader, node, LIMIT_FACTS_PER_COMMAND, read_fact_ref, ret);
}

void
read_purpose_refs(Reader *reader, const Node *node, void *ret)
{
    NumberList *list = ret;
    if (!list_check(reader, node, LIMIT_KINDS_PER_ARRANGEMENT))
        return;
    list->items = arena_take(reader->arena, (node->count + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < node->count; i++) {
        size_t index, seen = 0;
        if (!name_index(reader, node->items[i], &form_of(reader)->purposes, &index))
            continue;
        while (seen < list->count && list->items[seen] != index)
            seen++;
        if (seen < list->count)
            doubled_item(reader, node->items[i]);
        else
            list->items[list->count++] = (uint32_t)index;
    }
}
