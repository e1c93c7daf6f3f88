// SPDX-License-Identifier: EUPL-1.2
// The tree from libyaml's events. Knows: libyaml's parser. Must never know: keys and their meaning.
// The path: yaml_tree_read() takes one event after another (event_take), which opens, fills or
// closes a node. It uses events and not libyaml's own documents, since those have forgotten anchors
// and aliases. A syntax error ends the reading; the tree so far is not given.
#include "daemon/files/yaml_tree.h"

#include <string.h>
#include <yaml.h>

#include "base/assert.h"
#include "base/text.h"

enum { DEPTH_MAX = 16 };

// One open list or map while it is being read.
typedef struct Open {
    Node *node;
    Node *key; // of a map: the key that waits for its value
} Open;

typedef struct Builder {
    yaml_parser_t parser;
    ErrorList *errors;
    Arena *arena;
    Open open[DEPTH_MAX];
    size_t depth;
    Node *root;
    size_t documents;
    bool stopped;
} Builder;

#define errors_at(builder, mark, ...)                                                              \
    errors_add((builder)->errors, (mark).line + 1, (mark).column + 1, __VA_ARGS__)

// libyaml speaks English only. Its most frequent messages have a Dutch text here.
static const struct {
    const char *en, *nl;
} problems[] = {
    {"found character that cannot start any token",
     "een teken dat hier niet mag staan, bijvoorbeeld een tab"},
    {"mapping values are not allowed in this context",
     "een dubbele punt op een plek waar geen sleutel staat"},
    {"could not find expected ':'", "een dubbele punt ontbreekt achter een sleutel"},
    {"did not find expected key", "hier wordt een sleutel verwacht; klopt het inspringen?"},
    {"did not find expected ',' or ']'", "een komma of ] ontbreekt"},
    {"did not find expected ',' or '}'", "een komma of } ontbreekt"},
    {"did not find expected '-' indicator",
     "een streepje van de lijst ontbreekt; klopt het inspringen?"},
    {"did not find expected node content", "hier ontbreekt een waarde"},
    {"found unexpected end of stream",
     "het bestand houdt te vroeg op; is een aanhalingsteken vergeten?"},
    {"found a tab character that violates indentation",
     "een tab in het inspringen; gebruik spaties"},
    {"control characters are not allowed", "een stuurteken; dat mag hier niet"},
    {"did not find expected <document start>", "hier hoort het bestand op te houden"},
};

static const char *
problem_in_dutch(const char *en)
{
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        if (strcmp(problems[i].en, en) == 0)
            return problems[i].nl;
    }
    return "het bestand is niet als YAML te lezen";
}

// For a byte that is no UTF-8 libyaml gives an offset but no line and column.
static void
place_of_offset(const yaml_parser_t *parser, const char *bytes, size_t *ret_line,
                size_t *ret_column)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < parser->problem_offset; i++) {
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)bytes[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    *ret_line = line;
    *ret_column = column;
}

static void
syntax_error(Builder *builder, const char *bytes, size_t length)
{
    const yaml_parser_t *parser = &builder->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    size_t line = parser->problem_mark.line + 1, column = parser->problem_mark.column + 1;
    ASSERT(parser->error != YAML_MEMORY_ERROR);
    if (parser->error == YAML_READER_ERROR && parser->problem_offset <= length)
        place_of_offset(parser, bytes, &line, &column);
    errors_add_texts(
        builder->errors, line, column,
        arena_format(builder->arena, "geen geldige YAML: %s", problem_in_dutch(problem)),
        arena_format(builder->arena, "not valid YAML: %s", problem));
}

static Node *
node_new(Builder *builder, NodeKind kind, const yaml_event_t *event)
{
    Node *node = arena_take(builder->arena, sizeof *node);
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    return node;
}

static void
node_append(Builder *builder, Open *open, Node *item)
{
    Node *node = open->node;
    if (node->kind == NODE_MAP && open->key == NULL) {
        open->key = item;
        return;
    }
    node->items = arena_more(builder->arena, node->items, node->count, sizeof(Node *));
    node->items[node->count] = item;
    if (node->kind == NODE_MAP) {
        node->keys = arena_more(builder->arena, node->keys, node->count, sizeof(Node *));
        node->keys[node->count] = open->key;
    }
    open->key = NULL;
    node->count++;
}

static void
node_place(Builder *builder, Node *node)
{
    if (builder->depth > 0)
        node_append(builder, &builder->open[builder->depth - 1], node);
    else if (builder->root == NULL)
        builder->root = node;
}

static void
node_open(Builder *builder, NodeKind kind, const yaml_event_t *event)
{
    Node *node = node_new(builder, kind, event);
    if (builder->depth == DEPTH_MAX) {
        errors_at(builder, event->start_mark, "te diep genest: hooguit %d lagen",
                  "nested too deeply: %d levels at most", DEPTH_MAX);
        builder->stopped = true;
        return;
    }
    node_place(builder, node);
    builder->open[builder->depth++] = (Open){.node = node};
}

static void
scalar_take(Builder *builder, const yaml_event_t *event)
{
    Node *node = node_new(builder, NODE_TEXT, event);
    const char *value = (const char *)event->data.scalar.value;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_copy(builder->arena, value, event->data.scalar.length);
    if (!text_is_utf8(value, event->data.scalar.length))
        errors_at(builder, event->start_mark, "deze tekst bevat een teken dat niet mag (NUL)",
                  "this text has a character that is not allowed (NUL)");
    node_place(builder, node);
}

static void
decoration_refuse(Builder *builder, const yaml_event_t *event, const yaml_char_t *anchor,
                  const yaml_char_t *tag)
{
    if (anchor != NULL)
        errors_at(builder, event->start_mark,
                  "ankers zijn niet toegestaan: '&%s' (schrijf de waarde uit)",
                  "anchors are not allowed: '&%s' (write the value out)",
                  text_shown(builder->arena, (const char *)anchor));
    if (tag != NULL)
        errors_at(builder, event->start_mark, "tags zijn niet toegestaan: '%s' (laat de tag weg)",
                  "tags are not allowed: '%s' (leave the tag out)",
                  text_shown(builder->arena, (const char *)tag));
}

static void
alias_refuse(Builder *builder, const yaml_event_t *event)
{
    errors_at(builder, event->start_mark,
              "verwijzingen zijn niet toegestaan: '*%s' (schrijf de waarde uit)",
              "aliases are not allowed: '*%s' (write the value out)",
              text_shown(builder->arena, (const char *)event->data.alias.anchor));
    node_place(builder, node_new(builder, NODE_REFUSED, event));
}

static void
document_start(Builder *builder, const yaml_event_t *event)
{
    if (++builder->documents < 2)
        return;
    errors_at(builder, event->start_mark, "één document per bestand (verwijder alles vanaf '---')",
              "one document a file (remove everything from '---' on)");
    builder->stopped = true;
}

static void
event_take(Builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        document_start(builder, event);
        break;
    case YAML_SCALAR_EVENT:
        decoration_refuse(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
        scalar_take(builder, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        decoration_refuse(builder, event, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        node_open(builder, NODE_LIST, event);
        break;
    case YAML_MAPPING_START_EVENT:
        decoration_refuse(builder, event, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
        node_open(builder, NODE_MAP, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        break;
    case YAML_ALIAS_EVENT:
        alias_refuse(builder, event);
        break;
    case YAML_STREAM_END_EVENT:
        builder->stopped = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

const Node *
yaml_tree_read(const char *bytes, size_t length, ErrorList *errors)
{
    ASSERT(bytes != NULL && errors != NULL);
    Builder builder = {.errors = errors, .arena = errors->arena};
    size_t errors_before = errors->count;
    if (yaml_parser_initialize(&builder.parser) == 0)
        exhausted("yaml");
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, (const unsigned char *)bytes, length);
    bool broken = false;
    while (!builder.stopped) {
        yaml_event_t event;
        if (yaml_parser_parse(&builder.parser, &event) == 0) {
            syntax_error(&builder, bytes, length);
            broken = builder.stopped = true;
        } else {
            event_take(&builder, &event);
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&builder.parser);
    if (builder.root == NULL && errors->count == errors_before)
        errors_add(errors, 1, 1, "het bestand is leeg", "the file is empty");
    return broken || builder.depth > 0 ? NULL : builder.root;
}

const Node *
node_value(const Node *map, const char *key)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        if (map->keys[i]->kind == NODE_TEXT && strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    }
    return NULL;
}

static const Node *
node_child(const Node *node, Text part)
{
    char name[128];
    if (part.length >= sizeof name)
        return NULL;
    memcpy(name, part.at, part.length);
    name[part.length] = '\0';
    if (node->kind == NODE_MAP)
        return node_value(node, name);
    uint64_t index;
    if (node->kind == NODE_LIST && text_to_uint64(part, &index) && index >= 1 &&
        index <= node->count)
        return node->items[index - 1];
    return NULL;
}

const Node *
node_at_path(const Node *root, const char *path)
{
    const Node *node = root;
    while (*path != '\0') {
        size_t length = strcspn(path, ".");
        const Node *child = node_child(node, (Text){path, length});
        if (child == NULL)
            return node;
        node = child;
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return node;
}
