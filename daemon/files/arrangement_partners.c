// SPDX-License-Identifier: EUPL-1.2
// Purposes, partners, and the ladder that an overdue step climbs. Knows: these three sections. Must
// never know: facts, steps.
// The path: read_purposes(), read_partners() and read_ladder() are called in this order; each adds
// its entries to the arrangement.
#include "daemon/files/arrangement_partners.h"

#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "daemon/files/arrangement_names.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"
#include "proto/names.h"

typedef Keten__V1__Purpose Purpose;
typedef Keten__V1__PartnerKind PartnerKind;

static void
purpose_read(Reader *reader, const Node *key, const Node *node, void *into)
{
    static const KeyRule keys[] = {
        {"basis", KEY_REQUIRED, read_text, offsetof(Purpose, basis)},
        {"title", KEY_OPTIONAL, read_title, offsetof(Purpose, title)},
    };
    Arrangement *out = into;
    Purpose *purpose = arena_take(reader->arena, sizeof *purpose);
    keten__v1__purpose__init(purpose);
    purpose->name = arena_text(reader->arena, key->text);
    map_read(reader, node, KEYS(keys), purpose);
    out->purposes[out->n_purposes++] = purpose;
}

void
read_purposes(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    out->purposes = arena_take(reader->arena, (node->count + 1) * sizeof(Purpose *));
    entries_read(reader, node, LIMIT_KINDS_PER_ARRANGEMENT, purpose_read, out);
}

enum { PARTNER_KIND_WORDS = 5 };

static const char *const partner_kind_words[PARTNER_KIND_WORDS] = {"municipality", "corporation",
                                                                   "welfare", "uwv", "other"};

PartnerKind
partner_kind_of(const char *word, char **ret_other)
{
    static const PartnerKind kinds[PARTNER_KIND_WORDS] = {
        KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY, KETEN__V1__PARTNER_KIND__PARTNER_CORPORATION,
        KETEN__V1__PARTNER_KIND__PARTNER_WELFARE,      KETEN__V1__PARTNER_KIND__PARTNER_UWV,
        KETEN__V1__PARTNER_KIND__PARTNER_OTHER,
    };
    for (size_t i = 0; i < PARTNER_KIND_WORDS; i++) {
        if (strcmp(partner_kind_words[i], word) == 0)
            return kinds[i];
    }
    *ret_other = (char *)(uintptr_t)word;
    return KETEN__V1__PARTNER_KIND__PARTNER_OTHER;
}

typedef struct PartnerForm {
    char *kind, *title;
    const Node *kind_node;
    NumberList purposes;
    protobuf_c_boolean desk, may_give_up;
    Term *silent_after;
} PartnerForm;

// A city may have kinds of its own. A word that looks like a known kind is taken for a slip.
static void
read_kind(Reader *reader, const Node *node, void *ret)
{
    char *word = NULL, *other = NULL;
    read_name(reader, node, &word);
    if (word == NULL)
        return;
    partner_kind_of(word, &other);
    const char *near =
        other == NULL ? NULL : text_nearest(word, partner_kind_words, PARTNER_KIND_WORDS);
    if (near != NULL)
        read_error(reader, node, "onbekende soort ketenpartner '%s' (bedoelde u '%s'?)",
                   "unknown kind of partner '%s' (did you mean '%s'?)", word, near);
    else
        *(char **)ret = word;
}

static void
recorded_check(Reader *reader, const Node *key)
{
    const ArrangementForm *form = form_of(reader);
    for (size_t i = 0; i < form->recorded_count; i++) {
        if (strcmp(form->recorded[i], key->text) == 0)
            return;
    }
    Names recorded = {.items = (const char **)(uintptr_t)form->recorded,
                      .count = form->recorded_count};
    const char *nl = names_hint(reader, &recorded, key->text, KT_NL);
    const char *en = names_hint(reader, &recorded, key->text, KT_EN);
    errors_add_texts(&reader->errors, key->line, key->column,
                     arena_format(reader->arena,
                                  "onbekende ketenpartner '%s': geen bestand in partners.d%s",
                                  key->text, nl),
                     arena_format(reader->arena, "unknown partner '%s': no file in partners.d%s",
                                  key->text, en));
}

static void
partner_entry(Reader *reader, const Node *key, const Node *node, void *into)
{
    static const KeyRule keys[] = {
        {"kind", KEY_REQUIRED, read_kind, offsetof(PartnerForm, kind)},
        {"purposes", KEY_REQUIRED, read_purpose_refs, offsetof(PartnerForm, purposes)},
        {"desk", KEY_OPTIONAL, read_flag, offsetof(PartnerForm, desk)},
        {"title", KEY_OPTIONAL, read_text, offsetof(PartnerForm, title)},
        {"silent-after", KEY_OPTIONAL, read_term, offsetof(PartnerForm, silent_after)},
        {"may-give-up", KEY_OPTIONAL, read_flag, offsetof(PartnerForm, may_give_up)},
    };
    Arrangement *out = into;
    PartnerForm form = {0};
    if (form_of(reader)->recorded != NULL)
        recorded_check(reader, key);
    if (!map_read(reader, node, KEYS(keys), &form))
        return;
    ArrangementPartner *partner = arena_take(reader->arena, sizeof *partner);
    keten__v1__arrangement_partner__init(partner);
    partner->name = arena_text(reader->arena, key->text);
    if (form.kind != NULL)
        partner->kind = partner_kind_of(form.kind, &partner->other);
    partner->purposes = form.purposes.items;
    partner->n_purposes = form.purposes.count;
    partner->desk = form.desk;
    partner->silent_after = form.silent_after;
    partner->may_give_up = form.may_give_up;
    if (form.title != NULL)
        partner->title = form.title;
    out->partners[out->n_partners++] = partner;
}

void
read_partners(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    out->partners = arena_take(reader->arena, (node->count + 1) * sizeof(ArrangementPartner *));
    entries_read(reader, node, LIMIT_PARTNERS_PER_ARRANGEMENT, partner_entry, out);
}

typedef struct RungForm {
    char *level, *role, *partner;
    NameList mandate;
    Term *within;
} RungForm;

static void
read_role(Reader *reader, const Node *node, void *ret)
{
    char *role = NULL;
    read_name(reader, node, &role);
    if (role == NULL)
        return;
    if (strcmp(role, "coordinator") == 0)
        *(char **)ret = role;
    else
        read_error(
            reader, node,
            "onbekende rol '%s' (schrijf coordinator, of noem een ketenpartner met partner:)",
            "unknown role '%s' (write coordinator, or name a partner with partner:)", role);
}

static void
rung_party_check(Reader *reader, const Node *node)
{
    bool role = node_value(node, "role") != NULL, partner = node_value(node, "partner") != NULL;
    if (role && partner)
        read_error(reader, node, "een trede heeft role of partner, niet allebei",
                   "a rung has role or partner, not both");
    if (!role && !partner)
        read_error(reader, node,
                   "sleutel 'role' of 'partner' ontbreekt bij deze trede (wie is aan zet?)",
                   "key 'role' or 'partner' is missing on this rung (whose turn is it?)");
}

static Rung *
rung_read(Reader *reader, const Node *node)
{
    static const KeyRule keys[] = {
        {"level", KEY_REQUIRED, read_name, offsetof(RungForm, level)},
        {"role", KEY_OPTIONAL, read_role, offsetof(RungForm, role)},
        {"partner", KEY_OPTIONAL, read_partner_ref, offsetof(RungForm, partner)},
        {"mandate", KEY_OPTIONAL, read_names, offsetof(RungForm, mandate)},
        {"within", KEY_REQUIRED, read_term, offsetof(RungForm, within)},
    };
    RungForm form = {0};
    Rung *rung = arena_take(reader->arena, sizeof *rung);
    keten__v1__rung__init(rung);
    if (!map_read(reader, node, KEYS(keys), &form))
        return rung;
    rung_party_check(reader, node);
    if (form.level != NULL)
        rung->level = form.level;
    if (form.role != NULL)
        rung->role = form.role;
    if (form.partner != NULL)
        rung->partner = form.partner;
    rung->mandate = form.mandate.items;
    rung->n_mandate = form.mandate.count;
    rung->within = form.within;
    return rung;
}

void
read_ladder(Reader *reader, const Node *node, void *ret)
{
    Arrangement *out = form_of(reader)->out;
    (void)ret;
    if (!list_check(reader, node, LIMIT_RUNGS))
        return;
    out->ladder = arena_take(reader->arena, (node->count + 1) * sizeof(Rung *));
    for (size_t i = 0; i < node->count; i++) {
        Rung *rung = rung_read(reader, node->items[i]);
        for (size_t j = 0; j < i && rung->level[0] != '\0'; j++) {
            if (strcmp(out->ladder[j]->level, rung->level) == 0)
                read_error(reader, node->items[i],
                           "trede '%s' staat er tweemaal (laat er één staan)",
                           "rung '%s' stands twice (keep one)", rung->level);
        }
        out->ladder[out->n_ladder++] = rung;
    }
}
