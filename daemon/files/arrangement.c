// SPDX-License-Identifier: EUPL-1.2
// The whole of an arrangement's file: its first keys, then its sections in the order in which they
// need each other, at the end the engine's judgement. Knows: the order of the sections. Must never
// know: the journal, which arrangement is in force.
// The path: arrangement_read() makes the tree; tree_read() reads the first keys (read_root),
// collects the names that the file declares (declare_names), and reads the sections
// (sections_read), which fill form->out. Every error is added to the list and reading goes on. Only
// a file without an error is judged as a chain (soundness_judge); the findings are placed at the
// lines they are about.
#include "daemon/files/arrangement.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/files/arrangement_calendar.h"
#include "daemon/files/arrangement_facts.h"
#include "daemon/files/arrangement_form.h"
#include "daemon/files/arrangement_moved.h"
#include "daemon/files/arrangement_names.h"
#include "daemon/files/arrangement_partners.h"
#include "daemon/files/arrangement_pause.h"
#include "daemon/files/arrangement_steps.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

typedef struct RootForm {
    char *name;
    uint32_t version, open_goals;
    Keten__V1__Title *title;
    NameList neighbourhoods, domains;
    Term *return_within, *review_within, *remind_before, *reject_within, *silent_after;
    Term *feedback_after;
    const Node *purposes, *partners, *facts, *steps, *links, *ladder, *pause, *moved_away;
} RootForm;

// Codes of Statistics Netherlands (CBS): GM and four, WK and six, BU and eight digits or capitals.
static bool
is_area_code(const char *text)
{
    static const struct {
        const char *prefix;
        size_t length;
    } forms[] = {{"GM", 6}, {"WK", 8}, {"BU", 10}};
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != strlen(text))
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strncmp(text, forms[i].prefix, 2) == 0 && strlen(text) == forms[i].length)
            return true;
    }
    return false;
}

static void
read_areas(Reader *reader, const Node *node, void *ret)
{
    NameList *list = ret;
    if (!list_check(reader, node, LIMIT_KINDS_PER_ARRANGEMENT))
        return;
    list->items = arena_take(reader->arena, (node->count + 1) * sizeof(char *));
    for (size_t i = 0; i < node->count; i++) {
        const Node *item = node->items[i];
        if (!text_check(reader, item))
            continue;
        if (is_area_code(item->text))
            list->items[list->count++] = arena_text(reader->arena, item->text);
        else
            read_error(reader, item, "geen CBS-code: '%s' (schrijf GM0361, WK036103 of BU03610302)",
                       "not a CBS code: '%s' (write GM0361, WK036103 or BU03610302)",
                       text_shown(reader->arena, item->text));
    }
}

static void
read_focus(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"domains", KEY_OPTIONAL, read_names, offsetof(RootForm, domains)},
        {"open-goals", KEY_OPTIONAL, read_count, offsetof(RootForm, open_goals)},
    };
    map_read(reader, node, KEYS(keys), ret);
}

static void
read_terms(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"return-within", KEY_REQUIRED, read_term, offsetof(RootForm, return_within)},
        {"review-within", KEY_REQUIRED, read_term, offsetof(RootForm, review_within)},
        {"remind-before", KEY_OPTIONAL, read_term, offsetof(RootForm, remind_before)},
        {"reject-within", KEY_OPTIONAL, read_term, offsetof(RootForm, reject_within)},
        {"silent-after", KEY_OPTIONAL, read_term, offsetof(RootForm, silent_after)},
        {"feedback-after", KEY_OPTIONAL, read_term, offsetof(RootForm, feedback_after)},
    };
    map_read(reader, node, KEYS(keys), ret);
}

static void
read_root(Reader *reader, const Node *node, RootForm *form)
{
    static const KeyRule keys[] = {
        {"arrangement", KEY_REQUIRED, read_name, offsetof(RootForm, name)},
        {"version", KEY_REQUIRED, read_count, offsetof(RootForm, version)},
        {"title", KEY_OPTIONAL, read_title, offsetof(RootForm, title)},
        {"calendar", KEY_OPTIONAL, read_calendar, 0},
        {"neighbourhoods", KEY_OPTIONAL, read_areas, offsetof(RootForm, neighbourhoods)},
        {"focus", KEY_OPTIONAL, read_focus, 0},
        {"purposes", KEY_REQUIRED, read_node, offsetof(RootForm, purposes)},
        {"partners", KEY_REQUIRED, read_node, offsetof(RootForm, partners)},
        {"terms", KEY_REQUIRED, read_terms, 0},
        {"facts", KEY_REQUIRED, read_node, offsetof(RootForm, facts)},
        {"steps", KEY_REQUIRED, read_node, offsetof(RootForm, steps)},
        {"links", KEY_REQUIRED, read_node, offsetof(RootForm, links)},
        {"ladder", KEY_REQUIRED, read_node, offsetof(RootForm, ladder)},
        {"pause", KEY_OPTIONAL, read_node, offsetof(RootForm, pause)},
        {"moved-away", KEY_OPTIONAL, read_node, offsetof(RootForm, moved_away)},
    };
    map_read(reader, node, KEYS(keys), form);
}

static void
root_fill(const RootForm *root, Arrangement *out)
{
    static char calendar[] = "nl";
    out->name = root->name;
    out->version = root->version;
    out->title = root->title;
    if (out->calendar[0] == '\0')
        out->calendar = calendar;
    out->neighbourhoods = root->neighbourhoods.items;
    out->n_neighbourhoods = root->neighbourhoods.count;
    out->focus_domains = root->domains.items;
    out->n_focus_domains = root->domains.count;
    out->open_goals = root->open_goals;
    out->return_within = root->return_within;
    out->review_within = root->review_within;
    out->remind_before = root->remind_before;
    out->reject_within = root->reject_within;
    out->feedback_after = root->feedback_after;
}

static void
kinds_of_partners(Reader *reader, const Node *partners, Names *ret)
{
    ret->known = partners != NULL && partners->kind == NODE_MAP;
    if (!ret->known)
        return;
    ret->items = arena_take(reader->arena, (partners->count + 1) * sizeof *ret->items);
    for (size_t i = 0; i < partners->count; i++) {
        const Node *kind = node_value(partners->items[i], "kind");
        size_t index;
        if (kind != NULL && kind->kind == NODE_TEXT && !names_find(ret, kind->text, &index))
            ret->items[ret->count++] = kind->text;
    }
}

static void
declare_names(Reader *reader, const RootForm *root, ArrangementForm *form)
{
    form->purposes = (Names){.unknown_nl = "onbekend doel", .unknown_en = "unknown purpose"};
    form->partners =
        (Names){.unknown_nl = "onbekende ketenpartner", .unknown_en = "unknown partner"};
    form->fact_names = (Names){.unknown_nl = "onbekend gegeven", .unknown_en = "unknown fact"};
    form->step_names = (Names){.unknown_nl = "onbekende stap", .unknown_en = "unknown step"};
    form->kinds = (Names){.unknown_nl = "geen ketenpartner is van de soort",
                          .unknown_en = "no partner is of the kind"};
    form->facts = root->facts;
    names_of_map(reader, root->purposes, &form->purposes);
    names_of_map(reader, root->partners, &form->partners);
    names_of_map(reader, root->facts, &form->fact_names);
    names_of_map(reader, root->steps, &form->step_names);
    form->actions = (Names){.unknown_nl = "geen handeling van 'pause'",
                            .unknown_en = "no action of 'pause'",
                            .known = root->pause == NULL};
    if (root->pause != NULL)
        names_of_map(reader, node_value(root->pause, "actions"), &form->actions);
    kinds_of_partners(reader, root->partners, &form->kinds);
}

// A partner without a `silent-after` of its own gets that of the terms.
static void
agree_on_silence(Arrangement *out, Term *silent_after)
{
    for (size_t i = 0; i < out->n_partners; i++)
        if (out->partners[i]->silent_after == NULL)
            out->partners[i]->silent_after = silent_after;
}

static void
sections_read(Reader *reader, const RootForm *root)
{
    const struct {
        const Node *node;
        NodeReader read;
    } sections[] = {
        {root->purposes, read_purposes}, {root->partners, read_partners},
        {root->facts, read_facts},       {root->steps, read_steps},
        {root->links, read_links},       {root->ladder, read_ladder},
        {root->pause, read_pause},       {root->moved_away, read_moved_away},
    };
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (sections[i].node != NULL)
            sections[i].read(reader, sections[i].node, NULL);
    }
    agree_on_silence(form_of(reader)->out, root->silent_after);
}

// To be called only for a file that was read without an error: half a chain proves nothing.
static void
soundness_judge(Reader *reader, const Node *tree, const Arrangement *arrangement)
{
    Findings findings = arrangement_findings(arrangement, reader->arena);
    for (size_t i = 0; i < findings.count; i++) {
        const Finding *finding = &findings.items[i];
        const Node *node = node_at_path(tree, finding->path);
        errors_add_texts(&reader->errors, node->line, node->column, finding->text[KT_NL - 1],
                         finding->text[KT_EN - 1]);
    }
}

static void
tree_read(Reader *reader, const Node *tree, ArrangementForm *form)
{
    RootForm root = {0};
    read_root(reader, tree, &root);
    declare_names(reader, &root, form);
    root_fill(&root, form->out);
    sections_read(reader, &root);
    if (reader->errors.count == 0)
        soundness_judge(reader, tree, form->out);
}

KtCode
arrangement_read(const char *bytes, size_t length, const char *const *partners,
                 size_t partner_count, Arena *arena, const Arrangement **ret_arrangement,
                 FileErrors *ret_errors)
{
    ASSERT(bytes != NULL && arena != NULL && ret_arrangement != NULL && ret_errors != NULL);
    Arrangement *out = arena_take(arena, sizeof *out);
    keten__v1__arrangement__init(out);
    ArrangementForm form = {.out = out, .recorded = partners, .recorded_count = partner_count};
    Reader reader;
    reader_init(&reader, arena, &form);
    if (length > LIMIT_ARRANGEMENT_BYTES) {
        errors_add(&reader.errors, 1, 1, "te groot: %zu bytes, hooguit %u",
                   "too large: %zu bytes, at most %u", length, LIMIT_ARRANGEMENT_BYTES);
    } else {
        const Node *tree = yaml_tree_read(bytes, length, &reader.errors);
        if (tree != NULL)
            tree_read(&reader, tree, &form);
    }
    *ret_errors = errors_sorted(&reader.errors);
    if (ret_errors->count > 0)
        return KT_ARRANGEMENT_FILE;
    ASSERT(out->name != NULL && out->n_ladder > 0);
    *ret_arrangement = out;
    return KT_OK;
}
