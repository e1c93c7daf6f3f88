// SPDX-License-Identifier: EUPL-1.2
// A partner's file, partners.d/NAME.yaml: its keys, roles, title. Knows: the file's grammar. Must
// never know: kind, purposes and desk of a partner, which stand in arrangements; which partners
// there are already.
// The path: partner_read() makes the tree, form_read() reads its keys into a PartnerFile, and
// row_of() makes the row of it when there was no error.
#include "daemon/files/partner.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "base/assert.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"
#include "proto/names.h"
#include "proto/sizes.h"

typedef struct KeyForm {
    uint8_t *key;
    int64_t from_ms, until_ms;
    protobuf_c_boolean revoked;
} KeyForm;

typedef struct PartnerFile {
    char *id, *title;
    PartnerKey **keys;
    size_t key_count;
    protobuf_c_boolean administrator, auditor, revoked;
} PartnerFile;

static void
read_z85(Reader *reader, const Node *node, void *ret)
{
    if (!text_check(reader, node))
        return;
    uint8_t *key = arena_take(reader->arena, CURVE_KEY_BYTES);
    if (strlen(node->text) != CURVE_KEY_TEXT_BYTES - 1 || zmq_z85_decode(key, node->text) == NULL) {
        read_error(reader, node,
                   "geen publieke sleutel in z85 (40 tekens, tussen enkele aanhalingstekens)",
                   "not a public key in z85 (40 characters, in single quotes)");
        return;
    }
    *(uint8_t **)ret = key;
}

static bool
key_is_new(const PartnerFile *file, const uint8_t *key)
{
    for (size_t i = 0; i < file->key_count; i++) {
        if (memcmp(file->keys[i]->key.data, key, CURVE_KEY_BYTES) == 0)
            return false;
    }
    return true;
}

static void
key_read(Reader *reader, const Node *node, PartnerFile *file)
{
    static const KeyRule keys[] = {
        {"key", KEY_REQUIRED, read_z85, offsetof(KeyForm, key)},
        {"from", KEY_OPTIONAL, read_instant, offsetof(KeyForm, from_ms)},
        {"until", KEY_OPTIONAL, read_instant, offsetof(KeyForm, until_ms)},
        {"revoked", KEY_OPTIONAL, read_flag, offsetof(KeyForm, revoked)},
    };
    KeyForm form = {0};
    if (!map_read(reader, node, KEYS(keys), &form) || form.key == NULL)
        return;
    if (form.from_ms != 0 && form.until_ms != 0 && form.until_ms <= form.from_ms)
        read_error(reader, node, "until ligt niet na from", "until is not after from");
    if (!key_is_new(file, form.key)) {
        read_error(reader, node, "deze sleutel staat er tweemaal (laat er één staan)",
                   "this key stands twice (keep one)");
        return;
    }
    PartnerKey *key = arena_take(reader->arena, sizeof *key);
    keten__v1__partner_key__init(key);
    key->key = (ProtobufCBinaryData){CURVE_KEY_BYTES, form.key};
    key->from_ms = form.from_ms;
    key->until_ms = form.until_ms;
    key->revoked = form.revoked;
    file->keys[file->key_count++] = key;
}

static void
read_keys(Reader *reader, const Node *node, void *ret)
{
    PartnerFile *file = ret;
    if (!list_check(reader, node, LIMIT_KEYS_PER_PARTNER))
        return;
    file->keys = arena_take(reader->arena, (node->count + 1) * sizeof(PartnerKey *));
    for (size_t i = 0; i < node->count; i++)
        key_read(reader, node->items[i], file);
}

static void
read_roles(Reader *reader, const Node *node, void *ret)
{
    static const char *words[] = {"administrator", "auditor"};
    Names names = {.items = words, .count = 2, .known = true};
    names.unknown_nl = "onbekende rol";
    names.unknown_en = "unknown role";
    PartnerFile *file = ret;
    if (!list_check(reader, node, 2))
        return;
    for (size_t i = 0; i < node->count; i++) {
        size_t index;
        if (!name_index(reader, node->items[i], &names, &index))
            continue;
        protobuf_c_boolean *role = index == 0 ? &file->administrator : &file->auditor;
        if (*role)
            read_error(reader, node->items[i], "'%s' staat er tweemaal (laat er één staan)",
                       "'%s' stands twice (keep one)", words[index]);
        *role = true;
    }
}

static void
id_check(Reader *reader, const Node *tree, const PartnerFile *file, const char *name)
{
    if (!name_is_valid(name))
        read_error(
            reader, tree,
            "de bestandsnaam '%s' is geen geldige naam (kleine letters, cijfers en koppeltekens)",
            "the file's name '%s' is not a valid name (lower-case letters, digits and hyphens)",
            text_shown(reader->arena, name));
    const Node *id = node_value(tree, "id");
    if (file->id != NULL && strcmp(file->id, name) != 0)
        read_error(reader, id, "id '%s' is niet de naam van het bestand, '%s'",
                   "id '%s' is not the file's name, '%s'", file->id,
                   text_shown(reader->arena, name));
}

static void
form_read(Reader *reader, const Node *tree, const char *name, PartnerFile *file)
{
    static const KeyRule keys[] = {
        {"id", KEY_OPTIONAL, read_name, offsetof(PartnerFile, id)},
        {"title", KEY_OPTIONAL, read_text, offsetof(PartnerFile, title)},
        {"keys", KEY_OPTIONAL, read_keys, 0},
        {"roles", KEY_OPTIONAL, read_roles, 0},
        {"revoked", KEY_OPTIONAL, read_flag, offsetof(PartnerFile, revoked)},
    };
    size_t errors = reader->errors.count;
    if (!map_read(reader, tree, KEYS(keys), file))
        return;
    id_check(reader, tree, file, name);
    if (file->key_count == 0 && !file->revoked && reader->errors.count == errors)
        read_error(reader, tree,
                   "sleutel 'keys' ontbreekt (zonder sleutel kan de ketenpartner niet verbinden)",
                   "key 'keys' is missing (without a key the partner cannot connect)");
}

static PartnerRow *
row_of(const PartnerFile *file, const char *name, Arena *arena)
{
    PartnerRow *row = arena_take(arena, sizeof *row);
    keten__v1__partner_row__init(row);
    row->name = arena_text(arena, name);
    if (file->title != NULL)
        row->title = file->title;
    row->keys = file->keys;
    row->n_keys = file->key_count;
    row->administrator = file->administrator;
    row->auditor = file->auditor;
    row->revoked = file->revoked;
    return row;
}

KtCode
partner_read(const char *bytes, size_t length, const char *name, Arena *arena,
             const PartnerRow **ret_row, FileErrors *ret_errors)
{
    ASSERT(bytes != NULL && name != NULL && ret_row != NULL && ret_errors != NULL);
    PartnerFile file = {0};
    Reader reader;
    reader_init(&reader, arena, NULL);
    if (length > LIMIT_ARRANGEMENT_BYTES) {
        errors_add(&reader.errors, 1, 1, "te groot: %zu bytes, hooguit %u",
                   "too large: %zu bytes, at most %u", length, LIMIT_ARRANGEMENT_BYTES);
    } else {
        const Node *tree = yaml_tree_read(bytes, length, &reader.errors);
        if (tree != NULL)
            form_read(&reader, tree, name, &file);
    }
    *ret_errors = errors_sorted(&reader.errors);
    if (ret_errors->count > 0)
        return KT_FILE_CONTENT;
    PartnerRow *row = row_of(&file, name, arena);
    row->file.data = arena_take(arena, crypto_hash_sha256_BYTES);
    row->file.len = crypto_hash_sha256_BYTES;
    crypto_hash_sha256(row->file.data, (const unsigned char *)bytes, length);
    *ret_row = row;
    return KT_OK;
}
