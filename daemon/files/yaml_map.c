// SPDX-License-Identifier: EUPL-1.2
// Maps by a table of keys, and names with their nearest. Knows: keys and names. Must never know:
// what they are for.
// The path: a reader of a section calls map_read() with its table of KeyRules; pair_read() finds
// the rule of each key and calls its NodeReader. Unknown, doubled and missing keys are errors.
// entries_read() does the same for a map whose keys are names of the file's own.
#include "daemon/files/yaml_map.h"

#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "proto/limits.h"
#include "proto/names.h"

enum { HINTS = 64, NAMES_TOLD = 8, RULES_MAX = 32 };

void
reader_init(Reader *reader, Arena *arena, void *schema)
{
    ASSERT(reader != NULL && arena != NULL);
    *reader =
        (Reader){.errors = {.arena = arena}, .arena = arena, .hints = HINTS, .schema = schema};
}

static void
wrong_type(Reader *reader, const Node *node, const char *nl, const char *en)
{
    static const char *const found_nl[] = {"", "een tekst", "een lijst", "een blok met sleutels"};
    static const char *const found_en[] = {"", "a text", "a list", "a block of keys"};
    if (node->kind == NODE_REFUSED)
        return;
    errors_add_texts(&reader->errors, node->line, node->column,
                     arena_format(reader->arena, "verkeerd type: hier hoort %s, er staat %s", nl,
                                  found_nl[node->kind]),
                     arena_format(reader->arena, "wrong type: %s belongs here, found %s", en,
                                  found_en[node->kind]));
}

static bool
node_is_null(const Node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; node->plain && i < sizeof nulls / sizeof nulls[0]; i++) {
        if (strcmp(node->text, nulls[i]) == 0)
            return true;
    }
    return false;
}

bool
list_check(Reader *reader, const Node *node, size_t most)
{
    if (node->kind != NODE_LIST) {
        wrong_type(reader, node, "een lijst [..]", "a list [..]");
        return false;
    }
    if (node->count > most) {
        read_error(reader, node, "te veel: %zu, hooguit %zu", "too many: %zu, at most %zu",
                   node->count, most);
        return false;
    }
    return true;
}

bool
text_check(Reader *reader, const Node *node)
{
    if (node->kind != NODE_TEXT) {
        wrong_type(reader, node, "een enkele waarde", "a single value");
        return false;
    }
    if (node->text[0] == '\0' || node_is_null(node)) {
        read_error(reader, node, "deze waarde is leeg (vul haar in)",
                   "this value is empty (fill it in)");
        return false;
    }
    return true;
}

static const char *
names_listed(Reader *reader, const Names *names)
{
    const char *all = "";
    for (size_t i = 0; i < names->count; i++)
        all = arena_format(reader->arena, "%s%s%s", all, i > 0 ? ", " : "", names->items[i]);
    return all;
}

const char *
names_hint(Reader *reader, const Names *names, const char *wrong, KtLanguage language)
{
    if (reader->hints == 0 || names->count == 0)
        return "";
    reader->hints--;
    const char *near = text_nearest(wrong, names->items, names->count);
    if (near != NULL && *near != '\0')
        return arena_format(reader->arena,
                            language == KT_NL ? " (bedoelde u '%s'?)" : " (did you mean '%s'?)",
                            near);
    if (names->count > NAMES_TOLD)
        return "";
    return arena_format(reader->arena, language == KT_NL ? " (mogelijk: %s)" : " (possible: %s)",
                        names_listed(reader, names));
}

static void
unknown_name(Reader *reader, const Node *node, const Names *names)
{
    const char *shown = text_shown(reader->arena, node->text);
    const char *nl = names_hint(reader, names, node->text, KT_NL);
    const char *en = names_hint(reader, names, node->text, KT_EN);
    errors_add_texts(&reader->errors, node->line, node->column,
                     arena_format(reader->arena, "%s '%s'%s", names->unknown_nl, shown, nl),
                     arena_format(reader->arena, "%s '%s'%s", names->unknown_en, shown, en));
}

static void
doubled_key(Reader *reader, const Node *key, const Node *first)
{
    read_error(reader, key, "dubbele sleutel '%s', stond al op regel %zu (laat er één staan)",
               "double key '%s', already on line %zu (keep one)",
               text_shown(reader->arena, key->text), first->line);
}

// The rule that a misspelt key most likely means, or `count`.
static size_t
unknown_key(Reader *reader, const Node *key, const KeyRule *rules, size_t count)
{
    const char *items[RULES_MAX];
    Names names = {.items = items, .unknown_nl = "onbekende sleutel", .unknown_en = "unknown key"};
    ASSERT(count <= RULES_MAX);
    for (size_t i = 0; i < count; i++)
        items[names.count++] = rules[i].name;
    unknown_name(reader, key, &names);
    const char *near = reader->hints > 0 ? text_nearest(key->text, items, count) : NULL;
    size_t index = count;
    return near != NULL && names_find(&names, near, &index) ? index : count;
}

static bool
key_is_text(Reader *reader, const Node *key)
{
    if (key->kind != NODE_TEXT)
        wrong_type(reader, key, "een sleutel", "a key");
    return key->kind == NODE_TEXT;
}

typedef struct Seen {
    const Node *key[RULES_MAX];   // by rule
    bool misspelt[RULES_MAX + 1]; // told as an unknown key: not told again as missing
} Seen;

static void
pair_read(Reader *reader, const Node *map, size_t pair, const KeyRule *rules, size_t count,
          Seen *seen, void *ret)
{
    const Node *key = map->keys[pair];
    if (!key_is_text(reader, key))
        return;
    size_t i = 0;
    while (i < count && strcmp(rules[i].name, key->text) != 0)
        i++;
    if (i == count) {
        seen->misspelt[unknown_key(reader, key, rules, count)] = true;
    } else if (seen->key[i] != NULL) {
        doubled_key(reader, key, seen->key[i]);
    } else {
        seen->key[i] = key;
        rules[i].read(reader, map->items[pair], (char *)ret + rules[i].offset);
    }
}

bool
map_read(Reader *reader, const Node *node, const KeyRule *rules, size_t count, void *ret)
{
    Seen seen = {0};
    ASSERT(count <= RULES_MAX);
    if (node->kind != NODE_MAP) {
        wrong_type(reader, node, "een blok met sleutels", "a block of keys");
        return false;
    }
    for (size_t i = 0; i < node->count; i++)
        pair_read(reader, node, i, rules, count, &seen, ret);
    for (size_t i = 0; i < count; i++) {
        if (rules[i].need == KEY_REQUIRED && seen.key[i] == NULL && !seen.misspelt[i])
            read_error(reader, node, "sleutel '%s' ontbreekt (vul die in)",
                       "key '%s' is missing (fill it in)", rules[i].name);
    }
    return true;
}

bool
names_find(const Names *names, const char *text, size_t *ret)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], text) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

void
names_of_map(Reader *reader, const Node *map, Names *ret)
{
    ret->known = map != NULL && map->kind == NODE_MAP && map->count <= LIMIT_KINDS_PER_ARRANGEMENT;
    if (!ret->known)
        return;
    ret->items = arena_take(reader->arena, (map->count + 1) * sizeof *ret->items);
    for (size_t i = 0; i < map->count; i++) {
        size_t index;
        if (map->keys[i]->kind == NODE_TEXT && !names_find(ret, map->keys[i]->text, &index))
            ret->items[ret->count++] = map->keys[i]->text;
    }
}

bool
name_index(Reader *reader, const Node *node, const Names *names, size_t *ret)
{
    if (!text_check(reader, node))
        return false;
    if (names_find(names, node->text, ret))
        return true;
    if (names->known)
        unknown_name(reader, node, names);
    return false;
}

static bool
key_is_name(Reader *reader, const Node *key)
{
    if (!key_is_text(reader, key))
        return false;
    if (name_is_valid(key->text))
        return true;
    read_error(reader, key,
               "'%s' is geen geldige naam (kleine letters, cijfers en koppeltekens, hooguit %u)",
               "'%s' is not a valid name (lower-case letters, digits and hyphens, %u at most)",
               text_shown(reader->arena, key->text), LIMIT_NAME_BYTES);
    return false;
}

void
entries_read(Reader *reader, const Node *node, size_t most, EntryReader each, void *into)
{
    if (node->kind != NODE_MAP) {
        wrong_type(reader, node, "een blok met namen", "a block of names");
        return;
    }
    if (node->count == 0)
        read_error(reader, node, "dit blok is leeg (noem er ten minste één)",
                   "this block is empty (name at least one)");
    if (node->count > most) {
        read_error(reader, node, "te veel: %zu, hooguit %zu", "too many: %zu, at most %zu",
                   node->count, most);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        size_t first = 0;
        if (!key_is_name(reader, node->keys[i]))
            continue;
        while (node->keys[first]->kind != NODE_TEXT ||
               strcmp(node->keys[first]->text, node->keys[i]->text) != 0)
            first++;
        if (first < i)
            doubled_key(reader, node->keys[i], node->keys[first]);
        else
            each(reader, node->keys[i], node->items[i], into);
    }
}
