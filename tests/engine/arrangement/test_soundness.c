// SPDX-License-Identifier: EUPL-1.2
// Arrangements that are unsound, with their counterexamples, and unusual ones that are sound.
// The arrangements are built from rows of text, so that each test shows its whole chain. Must never
// know: files, YAML.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "daemon/engine/arrangement/soundness.h"
#include "proto/message.h"
#include "tests/fixture/city.h"

typedef Keten__V1__Filter Filter;

// "a b c" → names; NULL or "" → none.
static char **
words_of(Arena *arena, const char *text, size_t *ret_count)
{
    char **words = arena_take(arena, 32 * sizeof *words);
    size_t count = 0;
    while (text != NULL && *text != '\0') {
        const size_t length = strcspn(text, " ");
        words[count++] = arena_copy(arena, text, length);
        text += length + (text[length] == ' ' ? 1 : 0);
    }
    *ret_count = count;
    return words;
}

static FieldKind *
field_of(Arena *arena, const char *name, Keten__V1__FieldType type, const char *of)
{
    FieldKind *made = NEW(arena, FieldKind, field_kind);
    made->name = arena_text(arena, name);
    made->type = type;
    made->of = words_of(arena, of, &made->n_of);
    made->purposes = arena_take(arena, sizeof *made->purposes);
    made->n_purposes = 1;
    return made;
}

// Every fact has a required choice `outcome` of yes-please and no-thanks, a number `size` of 1 to 9
// and an optional choice `mood`.
static FactKind *
fact_of(Arena *arena, const char *name)
{
    FactKind *made = NEW(arena, FactKind, fact_kind);
    made->name = arena_text(arena, name[0] == '!' ? name + 1 : name);
    made->final = name[0] == '!';
    made->fields = arena_take(arena, 3 * sizeof *made->fields);
    made->fields[0] =
        field_of(arena, "outcome", KETEN__V1__FIELD_TYPE__FIELD_CHOICE, "yes-please no-thanks");
    made->fields[1] = field_of(arena, "size", KETEN__V1__FIELD_TYPE__FIELD_INTEGER, "");
    made->fields[1]->has_min = made->fields[1]->has_max = true;
    made->fields[1]->min = 1;
    made->fields[1]->max = 9;
    made->fields[2] = field_of(arena, "mood", KETEN__V1__FIELD_TYPE__FIELD_CHOICE, "good bad");
    made->fields[2]->optional = true;
    made->n_fields = 3;
    return made;
}

typedef struct StepText {
    const char *name, *needs, *gives;
} StepText;
typedef struct LinkText {
    const char *on, *start, *field, *values; // start NULL: end
    Keten__V1__PartnerKind from;
} LinkText;
#define START(fact, step)                                                                          \
    {                                                                                              \
        .on = (fact), .start = (step)                                                              \
    }
#define WHEN(fact, name, value, step)                                                              \
    {                                                                                              \
        .on = (fact), .start = (step), .field = (name), .values = (value)                          \
    }
#define SIGNALLED .from = KETEN__V1__PARTNER_KIND__PARTNER_CORPORATION

typedef struct ChainText {
    const char *facts; // "!" before a final one
    StepText steps[8];
    LinkText links[8];
} ChainText;

static StepKind *
step_of(Arena *arena, const StepText *text)
{
    StepKind *made = NEW(arena, StepKind, step_kind);
    made->name = arena_text(arena, text->name);
    made->owner = arena_text(arena, "desk");
    made->needs = words_of(arena, text->needs, &made->n_needs);
    made->gives = words_of(arena, text->gives, &made->n_gives);
    made->wait_within = city_term(arena, "2wd");
    made->accept_within = city_term(arena, "2wd");
    made->term = city_term(arena, "2wd");
    return made;
}

static Link *
link_of(Arena *arena, const LinkText *text)
{
    Link *made = NEW(arena, Link, link);
    made->on = arena_text(arena, text->on);
    made->from = text->from;
    made->end = text->start == NULL;
    if (text->start != NULL)
        made->start = arena_text(arena, text->start);
    if (text->field == NULL)
        return made;
    made->when = arena_take(arena, sizeof *made->when);
    made->n_when = 1;
    made->when[0] = arena_take(arena, sizeof(Filter));
    keten__v1__filter__init(made->when[0]);
    made->when[0]->field = arena_text(arena, text->field);
    made->when[0]->values = words_of(arena, text->values, &made->when[0]->n_values);
    return made;
}

static ArrangementPartner *
partner_of(Arena *arena, const char *name, Keten__V1__PartnerKind kind, bool desk)
{
    ArrangementPartner *made = NEW(arena, ArrangementPartner, arrangement_partner);
    made->name = arena_text(arena, name);
    made->kind = kind;
    made->desk = desk;
    made->purposes = arena_take(arena, sizeof *made->purposes);
    made->n_purposes = 1;
    return made;
}

static void
ladder_fill(Arena *arena, Arrangement *arrangement)
{
    arrangement->ladder = arena_take(arena, 2 * sizeof *arrangement->ladder);
    arrangement->n_ladder = 2;
    for (size_t i = 0; i < 2; i++) {
        Rung *made = NEW(arena, Rung, rung);
        made->within = city_term(arena, "2wd");
        made->level = arena_text(arena, i == 0 ? "household" : "city");
        made->role = arena_text(arena, i == 0 ? "coordinator" : "");
        made->partner = arena_text(arena, i == 0 ? "" : "desk");
        arrangement->ladder[i] = made;
    }
}

static Arrangement *
chain_of(Arena *arena, const ChainText *text)
{
    Arrangement *made = NEW(arena, Arrangement, arrangement);
    char **facts = words_of(arena, text->facts, &made->n_facts);
    made->facts = arena_take(arena, (made->n_facts + 1) * sizeof *made->facts);
    for (size_t i = 0; i < made->n_facts; i++)
        made->facts[i] = fact_of(arena, facts[i]);
    made->steps = arena_take(arena, 8 * sizeof *made->steps);
    while (made->n_steps < 8 && text->steps[made->n_steps].name != NULL) {
        made->steps[made->n_steps] = step_of(arena, &text->steps[made->n_steps]);
        made->n_steps++;
    }
    made->links = arena_take(arena, 8 * sizeof *made->links);
    while (made->n_links < 8 && text->links[made->n_links].on != NULL) {
        made->links[made->n_links] = link_of(arena, &text->links[made->n_links]);
        made->n_links++;
    }
    made->partners = arena_take(arena, 2 * sizeof *made->partners);
    made->n_partners = 2;
    made->partners[0] =
        partner_of(arena, "desk", KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY, true);
    made->partners[1] =
        partner_of(arena, "homes", KETEN__V1__PARTNER_KIND__PARTNER_CORPORATION, false);
    made->return_within = city_term(arena, "2wd");
    made->review_within = city_term(arena, "2wd");
    ladder_fill(arena, made);
    return made;
}

// A signal, a step, an end.
static const ChainText plain = {
    "arrears !plan", {{"assess", "arrears", "plan"}}, {{"arrears", "assess", SIGNALLED}}};

static const ChainText sound[] = {
    {"arrears !plan", {{"assess", "arrears", "plan"}}, {{"arrears", "assess", SIGNALLED}}},
    // a loop that may be left
    {"arrears doubt !plan",
     {{"assess", "arrears", "doubt"}, {"again", "doubt", "doubt plan"}},
     {{"arrears", "assess", SIGNALLED},
      WHEN("doubt", "outcome", "yes-please", "again"),
      WHEN("doubt", "outcome", "no-thanks", NULL)}},
    // a step that waits for the outcome of two others
    {"arrears left right !plan",
     {{"one", "arrears", "left"}, {"two", "arrears", "right"}, {"join", "left right", "plan"}},
     {{"arrears", "one", SIGNALLED}, {"arrears", "two", SIGNALLED}, START("left", "join")}},
    // values of a signal that start nothing: the plan rests, and is reviewed
    {"arrears !plan",
     {{"assess", "arrears", "plan"}},
     {{"arrears", "assess", "outcome", "yes-please", SIGNALLED}}},
    // no choice is left over, counted over two links
    {"arrears found !plan",
     {{"assess", "arrears", "found"}, {"help", "found", "plan"}},
     {{"arrears", "assess", SIGNALLED},
      WHEN("found", "outcome", "yes-please", "help"),
      WHEN("found", "outcome", "no-thanks", NULL)}},
    // numbers and optional fields get the benefit of the doubt
    {"arrears found !plan",
     {{"assess", "arrears", "found"}, {"help", "found", "plan"}},
     {{"arrears", "assess", SIGNALLED},
      WHEN("found", "size", "1 2", "help"),
      WHEN("found", "mood", "bad", "help")}},
    {"arrears found !plan",
     {{"assess", "arrears", "found"}, {"help", "found", "plan"}},
     {{"arrears", "assess", SIGNALLED}, WHEN("found", "mood", "bad", "help")}},
    // a step that another fact starts awaits this one, whatever its value
    {"arrears worry found !plan",
     {{"assess", "arrears", "found"}, {"help", "found worry", "plan"}},
     {{"arrears", "assess", SIGNALLED},
      {"worry", "help", SIGNALLED},
      WHEN("found", "outcome", "yes-please", "help")}},
    // one step may give what another part of the chain awaits
    {"arrears found note !plan",
     {{"assess", "arrears", "found note"}, {"help", "found note", "plan"}},
     {{"arrears", "assess", SIGNALLED}, WHEN("found", "outcome", "yes-please", "help")}},
    // a fact that only informs: signalled, starts nothing
    {"arrears news !plan",
     {{"assess", "arrears", "plan"}},
     {{"arrears", "assess", SIGNALLED}, {"news", NULL, SIGNALLED}}},
    // a second signal joins the step that the first one started
    {"arrears worry !plan",
     {{"assess", "arrears", "plan"}},
     {{"arrears", "assess", SIGNALLED}, {"worry", "assess", SIGNALLED}}},
    // one filter value of several may be impossible, as long as one is not
    {"arrears !plan",
     {{"assess", "arrears", "plan"}},
     {{"arrears", "assess", "size", "9 10", SIGNALLED}}},
};

static void
sound_ones_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
        Arena arena = {0};
        const Arrangement *arrangement = chain_of(&arena, &sound[i]);
        const Findings found = arrangement_findings(arrangement, &arena);
        if (found.count > 0)
            print_error("%zu: %s: %s\n", i, found.items[0].path, found.items[0].text[KT_EN - 1]);
        assert_int_equal(found.count, 0);
        assert_null(arrangement_unsound(arrangement, KT_NL, &arena, NULL));
        arena_done(&arena);
    }
}

typedef struct Unsound {
    ChainText chain;
    const char *path, *nl, *en; // of one of the findings
} Unsound;

static const Unsound unsound[] = {
    {{"arrears !plan !other",
      {{"assess", "arrears", "plan"}, {"alone", "arrears", "other"}},
      {{"arrears", "assess", SIGNALLED}}},
     "steps.alone",
     "stap alone is onbereikbaar: geen schakel begint haar",
     "step alone is unreachable"},
    {{"arrears secret !plan",
      {{"assess", "arrears secret", "plan"}},
      {{"arrears", "assess", SIGNALLED}}},
     "steps.assess.needs",
     "gegeven secret levert geen stap, en niemand mag het signaleren",
     "no step gives fact secret, and nobody may signal it"},
    // two steps that wait for each other
    {{"arrears left right !plan",
      {{"one", "arrears right", "left"},
       {"two", "arrears left", "right"},
       {"join", "left right", "plan"}},
      {{"arrears", "one", SIGNALLED}, {"arrears", "two", SIGNALLED}, START("left", "join")}},
     "steps.one.needs",
     "wacht eeuwig op right: dat levert alleen two",
     "waits for ever for right: only two gives it"},
    {{"arrears found !plan",
      {{"assess", "arrears", "found plan"}},
      {{"arrears", "assess", SIGNALLED}}},
     "facts.found",
     "doodlopend: na found",
     "a dead end: no link follows found"},
    {{"arrears found !plan",
      {{"assess", "arrears", "found"}, {"help", "found", "plan"}},
      {{"arrears", "assess", SIGNALLED}, WHEN("found", "outcome", "yes-please", "help")}},
     "facts.found",
     "doodlopend: na found met outcome=no-thanks",
     "a dead end: after found with outcome=no-thanks"},
    {{"arrears worry !plan",
      {{"assess", "arrears", "plan"}},
      {{"worry", "assess", SIGNALLED}, {"arrears", NULL, SIGNALLED}}},
     "links.1.start",
     "die stap heeft dat gegeven niet nodig",
     "that step does not need this fact"},
    {{"arrears !plan",
      {{"assess", "arrears", "plan"}},
      {{"arrears", "assess", "outcome", "perhaps", SIGNALLED}}},
     "links.1.when.outcome",
     "dit filter kan nooit passen",
     "this filter can never match: outcome of arrears"},
    {{"arrears !plan",
      {{"assess", "arrears", "plan"}},
      {{"arrears", "assess", "size", "0 10", SIGNALLED}}},
     "links.1.when.size",
     "dit filter kan nooit passen",
     "this filter can never match: size of arrears is never '0'"},
    {{"arrears !plan",
      {{"assess", "arrears", "plan"}},
      {{"arrears", "assess", "weight", "1", SIGNALLED}}},
     "links.1.when.weight",
     "arrears heeft geen veld weight",
     "arrears has no field weight"},
    {{"arrears !plan",
      {{"assess", "arrears", "plan"}},
      {{"arrears", "assess", .from = KETEN__V1__PARTNER_KIND__PARTNER_UWV}}},
     "links.1.from",
     "geen ketenpartner is van de soort",
     "no partner is of the kind"},
    {{"arrears !plan", {{"assess", "arrears", "plan"}}, {START("arrears", "assess")}},
     "steps.assess.needs",
     "niemand mag het signaleren",
     "nobody may signal it"},
    {{"arrears !plan",
      {{"assess", "arrears", "plan"}, {"nothing", "arrears", ""}},
      {{"arrears", "assess", SIGNALLED}, {"arrears", "nothing", SIGNALLED}}},
     "steps.nothing",
     "stap nothing levert niets",
     "step nothing gives nothing"},
    {{"arrears !plan", {{"assess", "arrears", "paln"}}, {{"arrears", "assess", SIGNALLED}}},
     "steps.assess.gives",
     "onbekend gegeven 'paln'",
     "unknown fact 'paln'"},
    {{"arrears !plan", {{"assess", "arrears", "plan"}}, {{"arrears", "asess", SIGNALLED}}},
     "links.1.start",
     "onbekende stap 'asess'",
     "unknown step 'asess'"},
};

static bool
found_among(const Findings *found, const char *path, const char *nl, const char *en)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->items[i].path, path) == 0 &&
            strstr(found->items[i].text[KT_NL - 1], nl) != NULL &&
            strstr(found->items[i].text[KT_EN - 1], en) != NULL)
            return true;
    return false;
}

static void
unsound_ones_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unsound / sizeof unsound[0]; i++) {
        Arena arena = {0};
        const Unsound *u = &unsound[i];
        const Arrangement *arrangement = chain_of(&arena, &u->chain);
        const Findings found = arrangement_findings(arrangement, &arena);
        const bool told = found_among(&found, u->path, u->nl, u->en);
        for (size_t j = 0; !told && j < found.count; j++)
            print_error("%zu: %s: %s\n", i, found.items[j].path, found.items[j].text[KT_EN - 1]);
        assert_true(told);
        const char *path = NULL;
        assert_string_equal(arrangement_unsound(arrangement, KT_EN, &arena, &path),
                            found.items[0].text[KT_EN - 1]);
        assert_string_equal(path, found.items[0].path);
        arena_done(&arena);
    }
}

static void
no_desk(Arrangement *arrangement)
{
    arrangement->partners[0]->desk = false;
}
static void
two_desks(Arrangement *arrangement)
{
    arrangement->partners[1]->desk = true;
}
static void
no_ladder(Arrangement *arrangement)
{
    arrangement->n_ladder = 0;
}
static void
no_top(Arrangement *arrangement)
{
    arrangement->n_ladder = 1;
}
static void
rung_without_term(Arrangement *arrangement)
{
    arrangement->ladder[1]->within = NULL;
}
static void
rung_of_a_stranger(Arrangement *arrangement)
{
    arrangement->ladder[1]->partner = arrangement->ladder[1]->level;
}
static void
step_without_term(Arrangement *arrangement)
{
    arrangement->steps[0]->accept_within->count = 0;
}
static void
no_review(Arrangement *arrangement)
{
    arrangement->review_within = NULL;
}
static void
field_for_nobody(Arrangement *arrangement)
{
    arrangement->facts[0]->fields[1]->purposes[0] = 7;
}
static void
step_without_needs(Arrangement *arrangement)
{
    arrangement->steps[0]->n_needs = 0;
}
static void
owner_unknown(Arrangement *arrangement)
{
    arrangement->steps[0]->owner = arrangement->steps[0]->name;
}
static void
other_kinds_differ(Arrangement *arrangement)
{
    static char school[] = "school", police[] = "police";
    arrangement->partners[1]->kind = KETEN__V1__PARTNER_KIND__PARTNER_OTHER;
    arrangement->partners[1]->other = school;
    arrangement->links[0]->from = KETEN__V1__PARTNER_KIND__PARTNER_OTHER;
    arrangement->links[0]->from_other = police;
}

static void
parts_are_judged(void **state)
{
    (void)state;
    static const struct {
        void (*spoil)(Arrangement *arrangement);
        const char *path, *en;
    } parts[] = {
        {no_desk, "partners", "no desk"},
        {two_desks, "partners.homes.desk", "two desks, desk and homes"},
        {no_ladder, "ladder", "a ladder without a top"},
        {no_top, "ladder.1", "a ladder without a top"},
        {rung_without_term, "ladder.2.within", "a wait without an end"},
        {rung_of_a_stranger, "ladder.2.partner", "unknown partner 'city'"},
        {step_without_term, "steps.assess.accept-within", "a wait without an end"},
        {no_review, "terms.review-within", "a wait without an end"},
        {field_for_nobody, "facts.arrears.fields.size.for", "nobody may see field size of arrears"},
        {step_without_needs, "steps.assess", "step assess needs nothing"},
        {owner_unknown, "steps.assess.owner", "unknown partner 'assess'"},
        {other_kinds_differ, "links.1.from", "no partner is of the kind"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        Arena arena = {0};
        Arrangement *arrangement = chain_of(&arena, &plain);
        parts[i].spoil(arrangement);
        const Findings found = arrangement_findings(arrangement, &arena);
        const bool told = found_among(&found, parts[i].path, "", parts[i].en);
        for (size_t j = 0; !told && j < found.count; j++)
            print_error("%zu: %s: %s\n", i, found.items[j].path, found.items[j].text[KT_EN - 1]);
        assert_true(told);
        arena_done(&arena);
    }
}

static void
findings_are_the_same_twice(void **state)
{
    (void)state;
    Arena arena = {0};
    for (size_t i = 0; i < sizeof unsound / sizeof unsound[0]; i++) {
        const Findings one = arrangement_findings(chain_of(&arena, &unsound[i].chain), &arena);
        const Findings two = arrangement_findings(chain_of(&arena, &unsound[i].chain), &arena);
        assert_int_equal(one.count, two.count);
        for (size_t j = 0; j < one.count; j++)
            assert_string_equal(one.items[j].text[KT_NL - 1], two.items[j].text[KT_NL - 1]);
    }
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_ones_pass),
        cmocka_unit_test(unsound_ones_are_told),
        cmocka_unit_test(parts_are_judged),
        cmocka_unit_test(findings_are_the_same_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
