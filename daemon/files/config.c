// SPDX-License-Identifier: EUPL-1.2
// Settings from YAML and back. Knows: defaults, forms of endpoints. Must never know: sockets,
// stores, clocks.
// The path: config_read() makes the tree and reads its keys (form_read); config_fill() adds
// defaults and makes paths relative to the file. config_text() writes the settings as YAML that
// config_read() takes.
#include "daemon/files/config.h"

#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "base/text.h"
#include "daemon/files/served.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

#define START_MS       946681200000LL // 2000-01-01 in Amsterdam
#define SNAPSHOT_EVERY 16384u
#define QUOTA          10000u // records an hour: far beyond what people do

typedef struct ConfigForm {
    const char *listen[CONFIG_LISTEN_MAX];
    size_t listen_count;
    char *data, *served, *secrets, *partners, *arrangements;
    protobuf_c_boolean demo, time_sync;
    uint32_t snapshot_every, reads_per_hour, refusals_per_hour;
    int64_t start_ms;
} ConfigForm;

// tcp://HOST:PORT, where PORT may be *, or ipc://PATH. The address of a socket has room for a path
// of 107 bytes.
static bool
endpoint_is_valid(const char *text)
{
    static const char tcp[] = "tcp://", ipc[] = "ipc://";
    uint64_t port;
    if (strncmp(text, ipc, sizeof ipc - 1) == 0) {
        size_t length = strlen(text + sizeof ipc - 1);
        return length >= 1 && length <= 107;
    }
    const char *colon = strrchr(text, ':');
    if (strncmp(text, tcp, sizeof tcp - 1) != 0 || colon == NULL || colon <= text + sizeof tcp - 1)
        return false;
    if (strcmp(colon, ":*") == 0)
        return true;
    return text_to_uint64(text_of(colon + 1), &port) && port >= 1 && port <= 65535;
}

static void
listen_add(Reader *reader, const Node *node, ConfigForm *form)
{
    if (!text_check(reader, node))
        return;
    if (!endpoint_is_valid(node->text)) {
        read_error(
            reader, node,
            "geen geldig adres: '%s' (schrijf tcp://127.0.0.1:7350 of ipc:///run/keten/door)",
            "not a valid endpoint: '%s' (write tcp://127.0.0.1:7350 or ipc:///run/keten/door)",
            text_shown(reader->arena, node->text));
        return;
    }
    for (size_t i = 0; i < form->listen_count; i++) {
        if (strcmp(form->listen[i], node->text) == 0) {
            read_error(reader, node, "'%s' staat er tweemaal (laat er één staan)",
                       "'%s' stands twice (keep one)", text_shown(reader->arena, node->text));
            return;
        }
    }
    form->listen[form->listen_count++] = node->text;
}

static void
read_listen(Reader *reader, const Node *node, void *ret)
{
    if (!list_check(reader, node, CONFIG_LISTEN_MAX))
        return;
    if (node->count == 0)
        read_error(reader, node, "deze lijst is leeg (noem ten minste één adres)",
                   "this list is empty (name at least one endpoint)");
    for (size_t i = 0; i < node->count; i++)
        listen_add(reader, node->items[i], ret);
}

static void
form_read(Reader *reader, const Node *tree, ConfigForm *form)
{
    static const KeyRule keys[] = {
        {"listen", KEY_OPTIONAL, read_listen, 0},
        {"data", KEY_OPTIONAL, read_text, offsetof(ConfigForm, data)},
        {"served", KEY_OPTIONAL, read_text, offsetof(ConfigForm, served)},
        {"secrets", KEY_OPTIONAL, read_text, offsetof(ConfigForm, secrets)},
        {"partners", KEY_OPTIONAL, read_text, offsetof(ConfigForm, partners)},
        {"arrangements", KEY_OPTIONAL, read_text, offsetof(ConfigForm, arrangements)},
        {"demo", KEY_OPTIONAL, read_flag, offsetof(ConfigForm, demo)},
        {"reads-per-hour", KEY_OPTIONAL, read_count, offsetof(ConfigForm, reads_per_hour)},
        {"refusals-per-hour", KEY_OPTIONAL, read_count, offsetof(ConfigForm, refusals_per_hour)},
        {"snapshot-every", KEY_OPTIONAL, read_count, offsetof(ConfigForm, snapshot_every)},
        {"time-sync", KEY_OPTIONAL, read_flag, offsetof(ConfigForm, time_sync)},
        {"start", KEY_OPTIONAL, read_instant, offsetof(ConfigForm, start_ms)},
    };
    if (!map_read(reader, tree, KEYS(keys), form))
        return;
    const Node *start = node_value(tree, "start");
    if (start != NULL && !form->demo)
        read_error(reader, start,
                   "'start' hoort bij een gestuurde klok (zet demo: true, of laat het weg)",
                   "'start' belongs to a driven clock (set demo: true, or leave it out)");
}

// A relative path in the file starts at the directory of the file, not of the process.
static const char *
path_beside(const char *file, const char *path, Arena *arena)
{
    const char *slash = strrchr(file, '/');
    if (path[0] == '/' || slash == NULL)
        return arena_text(arena, path);
    return arena_format(arena, "%.*s/%s", (int)(slash - file), file, path);
}

static void
config_fill(const ConfigForm *form, const char *file, Arena *arena, Config *ret)
{
    const struct {
        const char *given, *otherwise;
        const char **ret;
    } paths[] = {
        {form->data, "data", &ret->data},
        {form->secrets, "secrets", &ret->secrets},
        {form->partners, "partners.d", &ret->partners},
        {form->arrangements, "arrangements", &ret->arrangements},
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        *paths[i].ret =
            path_beside(file, paths[i].given != NULL ? paths[i].given : paths[i].otherwise, arena);
    ret->served = form->served != NULL ? path_beside(file, form->served, arena)
                                       : served_beside(ret->data, arena);
    for (size_t i = 0; i < form->listen_count; i++)
        ret->listen[i] = arena_text(arena, form->listen[i]);
    ret->listen_count = form->listen_count;
    if (form->listen_count == 0)
        ret->listen[ret->listen_count++] = "tcp://127.0.0.1:7350";
    ret->file = arena_text(arena, file);
    ret->demo = form->demo;
    ret->snapshot_every = form->snapshot_every;
    ret->reads_per_hour = form->reads_per_hour;
    ret->refusals_per_hour = form->refusals_per_hour;
    ret->time_sync = form->time_sync;
    ret->start_ms = form->start_ms;
}

KtCode
config_read(const char *bytes, size_t length, const char *file, Arena *arena, Config *ret,
            FileErrors *ret_errors)
{
    ASSERT(bytes != NULL && file != NULL && ret != NULL && ret_errors != NULL);
    ConfigForm form = {.start_ms = START_MS,
                       .snapshot_every = SNAPSHOT_EVERY,
                       .reads_per_hour = QUOTA,
                       .refusals_per_hour = QUOTA,
                       .time_sync = true};
    Reader reader;
    reader_init(&reader, arena, NULL);
    const Node *tree = yaml_tree_read(bytes, length, &reader.errors);
    if (tree != NULL)
        form_read(&reader, tree, &form);
    *ret_errors = errors_sorted(&reader.errors);
    if (ret_errors->count > 0)
        return KT_FILE_CONTENT;
    *ret = (Config){0};
    config_fill(&form, file, arena, ret);
    return KT_OK;
}

// A double-quoted YAML text.
static const char *
quoted(const char *text, Arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_take(arena, 4 * strlen(text) + 3);
    size_t at = 0;
    out[at++] = '"';
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < ' ' || byte == 0x7F) {
            memcpy(out + at, "\\x", 2);
            out[at + 2] = digits[byte >> 4];
            out[at + 3] = digits[byte & 15];
            at += 4;
            continue;
        }
        if (byte == '"' || byte == '\\')
            out[at++] = '\\';
        out[at++] = *text;
    }
    out[at] = '"';
    return out;
}

static const char *
path_from_here(const char *path, Arena *arena)
{
    char here[4096];
    if (path[0] == '/' || getcwd(here, sizeof here) == NULL)
        return quoted(path, arena);
    return quoted(arena_format(arena, "%s/%s", here, path), arena);
}

char *
config_text(const Config *config, Arena *arena)
{
    char start[INSTANT_TEXT_BYTES];
    const char *listen = "";
    for (size_t i = 0; i < config->listen_count; i++)
        listen = arena_format(arena, "%s  - %s\n", listen, quoted(config->listen[i], arena));
    char *text = arena_format(
        arena,
        "listen:\n%sdata: %s\nserved: %s\nsecrets: %s\npartners: %s\narrangements: %s\n"
        "snapshot-every: %u\nreads-per-hour: %u\nrefusals-per-hour: %u\ndemo: %s\ntime-sync: %s\n",
        listen, path_from_here(config->data, arena), path_from_here(config->served, arena),
        path_from_here(config->secrets, arena), path_from_here(config->partners, arena),
        path_from_here(config->arrangements, arena), config->snapshot_every, config->reads_per_hour,
        config->refusals_per_hour, config->demo ? "true" : "false",
        config->time_sync ? "true" : "false");
    if (!config->demo)
        return text;
    instant_format(config->start_ms, start);
    return arena_format(arena, "%sstart: %s\n", text, start);
}
