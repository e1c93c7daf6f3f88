// SPDX-License-Identifier: EUPL-1.2
// The reader of arrangements: what a good file becomes, and every kind of error with its place, its
// nearest name and both languages. Must never know: how the reader is built.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "daemon/files/arrangement.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "tests/fixture/example.h"

static const Arrangement *
read_ok(Arena *arena, const char *text)
{
    const Arrangement *arrangement = NULL;
    FileErrors errors;
    KtCode code = arrangement_read(text, strlen(text), NULL, 0, arena, &arrangement, &errors);
    if (code != KT_OK)
        print_error("%s\n", file_errors_text("example", &errors, code, KT_EN, arena));
    assert_int_equal(code, KT_OK);
    assert_int_equal(errors.count, 0);
    assert_non_null(arrangement);
    return arrangement;
}

static FileErrors
read_wrong(Arena *arena, const char *text)
{
    const Arrangement untouched = KETEN__V1__ARRANGEMENT__INIT, *arrangement = &untouched;
    FileErrors errors;
    assert_int_equal(arrangement_read(text, strlen(text), NULL, 0, arena, &arrangement, &errors),
                     KT_ARRANGEMENT_FILE);
    assert_ptr_equal(arrangement, &untouched);
    assert_true(errors.count > 0);
    return errors;
}

static void
example_becomes_its_message(void **state)
{
    (void)state;
    Arena arena = {0};
    const Arrangement *a = read_ok(&arena, example_arrangement);
    assert_string_equal(a->name, "voorbeeld-wijk");
    assert_int_equal(a->version, 1);
    assert_string_equal(a->title->en, "Debts and housing");
    assert_string_equal(a->calendar, "nl");
    assert_string_equal(a->neighbourhoods[0], "WK036103");
    assert_int_equal(a->n_focus_domains, 2);
    assert_int_equal(a->open_goals, 3);
    assert_string_equal(a->purposes[1]->basis, "huurovereenkomst");
    assert_int_equal(a->n_partners, 2);
    assert_int_equal(a->partners[0]->kind, KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY);
    assert_true(a->partners[0]->desk);
    assert_int_equal(a->partners[1]->purposes[0], 1);
    assert_int_equal(a->return_within->count, 2);
    assert_int_equal(a->return_within->unit, KETEN__V1__TERM_UNIT__TERM_WORKING_DAYS);
    assert_int_equal(a->review_within->unit, KETEN__V1__TERM_UNIT__TERM_DAYS);
    assert_int_equal(a->ladder[1]->within->count, 10);
    assert_string_equal(a->ladder[1]->mandate[0], "open-exception");
    assert_string_equal(a->ladder[0]->role, "coordinator");
    arena_done(&arena);
}

static void
example_chain_in_file_order(void **state)
{
    (void)state;
    Arena arena = {0};
    const Arrangement *a = read_ok(&arena, example_arrangement);
    assert_int_equal(a->n_facts, 3);
    assert_string_equal(a->facts[0]->fields[0]->name, "months");
    assert_true(a->facts[0]->fields[0]->has_min);
    assert_false(a->facts[0]->fields[0]->has_max);
    assert_int_equal(a->facts[0]->fields[0]->n_purposes, 2);
    assert_int_equal(a->facts[0]->fields[1]->type, KETEN__V1__FIELD_TYPE__FIELD_MONEY);
    assert_string_equal(a->facts[1]->fields[0]->of[2], "not-reached");
    assert_true(a->facts[2]->final);
    assert_string_equal(a->steps[1]->needs[0], "assessment");
    assert_int_equal(a->steps[1]->term->count, 28);
    assert_int_equal(a->links[0]->from, KETEN__V1__PARTNER_KIND__PARTNER_CORPORATION);
    assert_int_equal(a->links[1]->from, KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED);
    assert_string_equal(a->links[1]->when[0]->values[0], "debts");
    assert_int_equal(a->links[2]->when[0]->n_values, 2);
    assert_true(a->links[2]->end);
    assert_string_equal(a->links[2]->start, "");
    arena_done(&arena);
}

static void
same_text_same_bytes(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *spread = text_replaced(
        &arena, example_arrangement, "{return-within: 2wd, review-within: 90d}",
        "# quotes and layout mean nothing\n  review-within: '90d'\n  return-within: 2wd");
    ProtobufCBinaryData one = message_pack(&read_ok(&arena, example_arrangement)->base, &arena);
    ProtobufCBinaryData two = message_pack(&read_ok(&arena, spread)->base, &arena);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    arena_done(&arena);
}

static void
sections_in_any_order(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *facts = strstr(example_arrangement, "facts:\n");
    const char *links = strstr(example_arrangement, "links:\n");
    const char *turned = arena_format(&arena, "%s%.*s", links, (int)(facts - example_arrangement),
                                      example_arrangement);
    turned = arena_format(&arena, "%s%.*s", turned, (int)(links - facts), facts);
    ProtobufCBinaryData one = message_pack(&read_ok(&arena, example_arrangement)->base, &arena);
    ProtobufCBinaryData two = message_pack(&read_ok(&arena, turned)->base, &arena);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    arena_done(&arena);
}

// One change of the example, and the first error that must come of it.
typedef struct Slip {
    const char *from, *to;
    size_t line, column;
    const char *nl, *en;
} Slip;

static const Slip slips[] = {
    // keys
    {"version: 1", "versoin: 1", 2, 1, "onbekende sleutel 'versoin' (bedoelde u 'version'?)",
     "unknown key 'versoin' (did you mean 'version'?)"},
    {"version: 1", "version: 1\nversion: 2", 3, 1, "dubbele sleutel 'version', stond al op regel 2",
     "double key"},
    {"  woonwaard:", "  gemeente:", 12, 3, "dubbele sleutel 'gemeente'",
     "double key 'gemeente', already on line 11"},
    {"term: 28d", "trem: 28d", 29, 120, "onbekende sleutel 'trem' (bedoelde u 'term'?)",
     "unknown key 'trem'"},
    {", term: 28d", "", 29, 21, "sleutel 'term' ontbreekt", "key 'term' is missing"},
    {"{return-within: 2wd, ", "{", 13, 8, "sleutel 'return-within' ontbreekt",
     "key 'return-within' is missing"},
    {"role: coordinator, within: 5wd", "role: coordinator", 35, 5, "sleutel 'within' ontbreekt",
     "'within' is missing"},
    {"{basis: \"Wgs art. 3\", ", "{", 8, 14, "sleutel 'basis' ontbreekt", "key 'basis' is missing"},
    {"agreed: {type: yes-no, ", "agreed: {", 26, 15, "sleutel 'type' ontbreekt",
     "key 'type' is missing"},
    {", start: assess-signal", "", 31, 5, "sleutel 'start' ontbreekt", "key 'start' is missing"},
    {"end: true", "end: false", 33, 5, "sleutel 'start' ontbreekt", "key 'start' is missing"},
    {"role: coordinator, ", "", 35, 5, "'role' of 'partner' ontbreekt",
     "'role' or 'partner' is missing"},
    // names of things
    {"owner: gemeente, needs: [assess", "owner: gemente, needs: [assess", 29, 29,
     "onbekende ketenpartner 'gemente' (bedoelde u 'gemeente'?)", "unknown partner 'gemente'"},
    {"purposes: [debt-help]", "purposes: [dept-help]", 11, 46,
     "onbekend doel 'dept-help' (bedoelde u 'debt-help'?)",
     "unknown purpose 'dept-help' (did you mean 'debt-help'?)"},
    {"gives: [debt-plan]", "gives: [debtplan]", 29, 69,
     "onbekend gegeven 'debtplan' (bedoelde u 'debt-plan'?)",
     "unknown fact 'debtplan' (did you mean 'debt-plan'?)"},
    {"start: debt-counselling", "start: debt-counseling", 32, 53,
     "onbekende stap 'debt-counseling'",
     "unknown step 'debt-counseling' (did you mean 'debt-counselling'?)"},
    {"{on: rent-arrears", "{on: water-arrears", 31, 10, "onbekend gegeven 'water-arrears'",
     "unknown fact"},
    {"when: {outcome: debts}", "when: {outcom: debts}", 32, 29,
     "onbekend veld 'outcom' van assessment (bedoelde u",
     "unknown field 'outcom' of assessment (did you mean 'outcome'?)"},
    {"partner: gemeente, mandate", "partner: geemente, mandate", 36, 28,
     "onbekende ketenpartner 'geemente'", "unknown partner"},
    {"for: [debt-help]}\n      told", "for: [nothing]}\n      told", 21, 73,
     "onbekend doel 'nothing' (mogelijk: debt-help",
     "unknown purpose 'nothing' (possible: debt-help, housing)"},
    {"kind: corporation", "kind: corporaton", 12, 21,
     "onbekende soort ketenpartner 'corporaton' (bedoelde u",
     "unknown kind of partner 'corporaton' (did you mean 'corporation'?)"},
    {"from: corporation", "from: welfare", 31, 30, "geen ketenpartner is van de soort 'welfare'",
     "no partner is of the kind 'welfare' (possible: municipality, corporation)"},
    {"from: corporation", "from: woonwaard", 31, 30,
     "noemt een soort ketenpartner, niet de ketenpartner 'woonwaard'",
     "names a kind of partner, not the partner 'woonwaard'"},
    {"role: coordinator", "role: regisseur", 35, 30, "onbekende rol 'regisseur'",
     "unknown role 'regisseur'"},
    {"type: money", "type: mony", 18, 22, "onbekend type 'mony' (bedoelde u 'money'?)",
     "unknown type 'mony'"},
    {"calendar: nl", "calendar: be", 4, 11, "onbekende kalender 'be' (mogelijk: nl)",
     "unknown calendar 'be'"},
    // types and forms
    {"version: 1", "version: one", 2, 10, "hier hoort een geheel getal vanaf 1, er staat 'one'",
     "wrong type"},
    {"version: 1", "version: 0", 2, 10, "geheel getal vanaf 1", "a whole number from 1"},
    {"version: 1", "version: '1'", 2, 10, "geheel getal vanaf 1", "a whole number from 1"},
    {"version: 1", "version: 4294967296", 2, 10, "geheel getal vanaf 1", "a whole number from 1"},
    {"version: 1", "version:", 2, 9, "deze waarde is leeg", "this value is empty"},
    {"needs: [rent-arrears]", "needs: rent-arrears", 28, 45,
     "hier hoort een lijst [..], er staat een tekst",
     "wrong type: a list [..] belongs here, found a text"},
    {"title: {nl: Schulden en wonen, en: Debts and housing}", "title: [a]", 3, 8,
     "hier hoort een blok met sleutels", "found a list"},
    {"desk: true", "desk: yes", 11, 64, "hier hoort true of false, er staat 'yes'",
     "true or false belongs here"},
    {"owner: gemeente", "owner: [gemeente]", 28, 28,
     "hier hoort een enkele waarde, er staat een lijst",
     "a single value belongs here, found a list"},
    {"term: 28d", "term: 28", 29, 126, "geen geldige termijn: '28' (schrijf 30m, 4h, 5d of 5wd)",
     "not a valid term"},
    {"term: 28d", "term: 0d", 29, 126, "een termijn van nul: '0d'", "a term of zero: '0d'"},
    {"term: 28d", "term: 28d, extend-within: 0d", 29, 146, "een termijn van nul: '0d'",
     "a term of zero"},
    {"kind: municipality", "silent-after: 0h, kind: municipality", 11, 29, "termijn van nul: '0h'",
     "a term of zero: '0h'"},
    {"{return-within: 2wd", "{remind-before: 0wd, return-within: 2wd", 13, 24,
     "een termijn van nul: '0wd'", "a term of zero"},
    {"return-within: 2wd", "return-within: 0wd", 13, 24, "een termijn van nul: '0wd'",
     "a term of zero: '0wd' (1 at least)"},
    {"review-within: 90d", "review-within: 90d, feedback-after: 0d", 13, 65,
     "een termijn van nul: '0d'", "a term of zero: '0d' (1 at least)"},
    {"review-within: 90d", "review-within: 90d, feedback-afer: 7d", 13, 49,
     "onbekende sleutel 'feedback-afer' (bedoelde u 'feedback-after'?)",
     "unknown key 'feedback-afer' (did you mean 'feedback-after'?)"},
    {"within: 5wd}", "within: 000m}", 35, 51, "een termijn van nul: '000m'", "a term of zero"},
    {"term: 28d", "term: 00", 29, 126, "geen geldige termijn: '00'", "not a valid term: '00'"},
    {"calendar: nl", "calendar: {base: nl, closed: [2026-05-15, 2026-06-31]}", 4, 43,
     "'2026-06-31' bestaat niet (die maand heeft 30 dagen)",
     "'2026-06-31' does not exist (that month has 30 days)"},
    {"calendar: nl", "calendar: {closed: [2027-02-29]}", 4, 21,
     "'2027-02-29' bestaat niet (die maand heeft 28 dagen)", "(that month has 28 days)"},
    {"calendar: nl", "calendar: {closed: [15-05-2026]}", 4, 21,
     "geen geldige datum: '15-05-2026' (schrijf 2026-05-15)", "not a valid date: '15-05-2026'"},
    {"calendar: nl", "calendar: {closed: [2026-13-01]}", 4, 21, "geen geldige datum: '2026-13-01'",
     "not a valid date"},
    {"calendar: nl", "calendar: {closed: [2026-05-15, 2026-05-15]}", 4, 33,
     "'2026-05-15' staat er tweemaal", "stands twice"},
    {"calendar: nl", "calendar: {closed: 2026-05-15}", 4, 20, "hier hoort een lijst [..]",
     "a list [..] belongs here"},
    {"calendar: nl", "calendar: {liberation-day: monthly}", 4, 28,
     "onbekende keuze voor Bevrijdingsdag 'monthly' (mogelijk: every-five-years, every-year, "
     "never)",
     "unknown choice for Liberation Day 'monthly'"},
    {"calendar: nl", "calendar: {base: be}", 4, 18, "onbekende kalender 'be'", "unknown calendar"},
    {"calendar: nl", "calendar: {close: []}", 4, 12,
     "onbekende sleutel 'close' (bedoelde u 'closed'?)", "unknown key 'close'"},
    {"term: 28d", "term: 4 weeks", 29, 126, "geen geldige termijn: '4 weeks'", "not a valid term"},
    {"  debt-plan:", "  Debt_plan:", 23, 3, "'Debt_plan' is geen geldige naam",
     "'Debt_plan' is not a valid name"},
    {"arrangement: voorbeeld-wijk", "arrangement: Voorbeeld", 1, 14,
     "'Voorbeeld' is geen geldige naam", "not a valid name"},
    {"[WK036103]", "[WK03610]", 5, 18, "geen CBS-code: 'WK03610'", "not a CBS code"},
    {"type: integer, min: 1", "type: integer, min: een", 17, 36,
     "een grens van het type integer, er staat 'een'", "a bound of type integer"},
    {"type: integer, min: 1", "type: integer, max: 0, min: 1", 17, 36, "max is kleiner dan min",
     "max is less than min"},
    {"type: yes-no", "type: yes-no, min: 1", 26, 35, "min en max horen alleen bij integer en money",
     "min and max belong"},
    {"type: yes-no", "type: yes-no, of: [a]", 26, 34, "'of' hoort alleen bij choice",
     "'of' belongs to choice only"},
    {"of: [taken-up, not-taken-up], ", "", 22, 22, "sleutel 'of' ontbreekt", "key 'of' is missing"},
    {"of: [taken-up, not-taken-up]", "of: []", 22, 41, "een keuze zonder mogelijkheden",
     "a choice without options"},
    {"[taken-up, not-taken-up]", "[taken-up, taken-up]", 22, 52, "'taken-up' staat er tweemaal",
     "stands twice"},
    {"needs: [rent-arrears]", "needs: []", 28, 45, "een stap heeft ten minste één gegeven nodig",
     "needs at least one fact"},
    {"gives: [debt-plan]", "gives: []", 29, 68, "een stap levert ten minste één gegeven",
     "gives at least one fact"},
    {"agreed: {type: yes-no, for: [debt-help]}", "agreed: {type: yes-no, for: []}", 26, 35,
     "mag niemand zien", "nobody may see this field"},
    {"    fields:\n      agreed: {type: yes-no, for: [debt-help]}\n", "    fields: {}\n", 25, 13,
     "dit blok is leeg", "this block is empty"},
    {"start: assess-signal", "start: assess-signal, end: true", 31, 5, "start of end, niet allebei",
     "not both"},
    {"role: coordinator", "role: coordinator, partner: gemeente", 35, 5,
     "role of partner, niet allebei", "not both"},
    {"level: city", "level: household", 36, 5, "trede 'household' staat er tweemaal",
     "rung 'household' stands twice"},
    {"{outcome: debts}", "{outcome: depts}", 32, 38,
     "dit filter kan nooit passen: 'depts' is geen keuze van outcome",
     "this filter can never match: 'depts' is no choice of outcome (did you mean 'debts'?)"},
    {"{outcome: debts}", "{outcome: []}", 32, 38, "dit filter kan nooit passen: de lijst is leeg",
     "the list is empty"},
    {"from: corporation", "from: corporation, when: {months: 0}", 31, 58,
     "dit filter kan nooit passen: months van rent-arrears is nooit '0'",
     "this filter can never match: months of rent-arrears is never '0'"},
    // signals that mean the same
    {"agreed: {type: yes-no, for", "agreed: {type: text, grows: true, for", 26, 35,
     "een tekst groeit nooit", "a text never grows"},
    {"agreed: {type: yes-no, for", "agreed: {type: yes-no, grows: more, for", 26, 37,
     "hier hoort true of false", "true or false belongs here"},
    {"    fields:\n      months", "    crisis: {mnths: 3}\n    fields:\n      months", 16, 14,
     "onbekend veld 'mnths' van rent-arrears (bedoelde u 'months'?)",
     "unknown field 'mnths' of rent-arrears"},
    {"    fields:\n      months", "    crisis: {months: 0}\n    fields:\n      months", 16, 22,
     "months van rent-arrears is nooit '0'", "months of rent-arrears is never '0'"},
    {"    fields:\n      months", "    crisis: {months: many}\n    fields:\n      months", 16, 22,
     "'many' is geen waarde van months", "'many' is no value of months"},
    {"    fields:\n      months", "    crisis: {}\n    fields:\n      months", 16, 13,
     "een crisis zonder waarden", "a crisis without values"},
    {"    fields:\n      months", "    crisis: maybe\n    fields:\n      months", 16, 13,
     "hier hoort true of false", "true or false belongs here"},
    {"    final: true", "    crisis: true\n    final: true", 24, 13,
     "een crisis die niemand kan melden", "a crisis that nobody can signal"},
    // YAML that we do not take
    {"desk: true", "desk: &ja true", 11, 64, "ankers zijn niet toegestaan: '&ja'",
     "anchors are not allowed: '&ja'"},
    {"purposes: [housing]", "purposes: *doel", 12, 45, "verwijzingen zijn niet toegestaan: '*doel'",
     "aliases are not allowed: '*doel'"},
    {"version: 1", "version: !!int 1", 2, 10, "tags zijn niet toegestaan", "tags are not allowed"},
    {"10wd}\n", "10wd}\n---\na: b\n", 37, 1, "één document per bestand", "one document a file"},
    {"version: 1", "version: \"1\\0\"", 2, 10, "een teken dat niet mag (NUL)", "not allowed (NUL)"},
    {"version: 1", "version: [1", 3, 6, "geen geldige YAML: een komma of ] ontbreekt",
     "not valid YAML: "},
    {"version: 1", "version: \t1\n\t- x", 3, 1, "geen geldige YAML: een tab in het inspringen",
     "not valid YAML"},
    {"partners:\n", "partners:\n  [a]: b\n", 11, 3, "hier hoort een sleutel, er staat een lijst",
     "a key belongs here"},
    // where signals about people who moved away go on to
    {"terms: ", "moved-away: {to: woonwaard, within: 10wd}\nterms: ", 13, 18,
     "'woonwaard' is geen gemeente", "'woonwaard' is no municipality"},
    {"terms: ", "moved-away: {to: gemente, within: 10wd}\nterms: ", 13, 18,
     "onbekende ketenpartner 'gemente'", "unknown partner 'gemente'"},
    {"terms: ", "moved-away: {to: gemeente, within: 0wd}\nterms: ", 13, 36, "", ""},
    {"terms: ", "moved-away: {to: gemeente}\nterms: ", 13, 13, "'within' ontbreekt",
     "'within' is missing"},
    // the whole chain, judged by the engine, placed in the file
    {", desk: true", "", 11, 3, "geen meldpunt", "no desk"},
    {"purposes: [housing]}", "purposes: [housing], desk: true}", 12, 62,
     "twee meldpunten, gemeente en woonwaard", "two desks, gemeente and woonwaard"},
    {"final: true", "final: false", 24, 5, "doodlopend: na debt-plan",
     "a dead end: no link follows debt-plan"},
};

static void
every_slip_is_told(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        Arena arena = {0};
        const Slip *slip = &slips[i];
        FileErrors errors =
            read_wrong(&arena, text_replaced(&arena, example_arrangement, slip->from, slip->to));
        const FileError *first = &errors.items[0];
        bool right = first->line == slip->line && first->column == slip->column &&
                     strstr(first->text[KT_NL - 1], slip->nl) != NULL &&
                     strstr(first->text[KT_EN - 1], slip->en) != NULL;
        if (!right)
            print_error("'%s' → '%s', expected %zu:%zu %s\n%s\n%s\n", slip->from, slip->to,
                        slip->line, slip->column, slip->nl,
                        file_errors_text("is", &errors, KT_ARRANGEMENT_FILE, KT_NL, &arena),
                        file_errors_text("is", &errors, KT_ARRANGEMENT_FILE, KT_EN, &arena));
        wrong += !right;
        arena_done(&arena);
    }
    assert_int_equal(wrong, 0);
}

static void
all_errors_at_once_in_file_order(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"version: 1", "version: een"},
        {"purposes: [housing]", "purposes: [hosing]"},
        {"review-within: 90d", "review-within: 90"},
        {"type: money", "type: munt"},
        {"owner: gemeente, needs: [assessment]", "ownr: gemeente, needs: [assesment]"},
        {"start: assess-signal", "start: asses-signal"},
        {"within: 10wd", "within: 10wd, within: 11wd"},
    };
    static const size_t lines[] = {2, 12, 13, 18, 29, 29, 31, 36};
    Arena arena = {0};
    const char *text = example_arrangement;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        text = text_replaced(&arena, text, changes[i][0], changes[i][1]);
    FileErrors errors = read_wrong(&arena, text);
    assert_int_equal(errors.count, sizeof lines / sizeof lines[0]);
    for (size_t i = 0; i < errors.count; i++)
        assert_int_equal(errors.items[i].line, lines[i]);
    arena_done(&arena);
}

static void
errors_are_lines(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *text = text_replaced(&arena, example_arrangement, "version: 1", "uitgave: 1");
    FileErrors errors = read_wrong(&arena, text);
    assert_string_equal(file_errors_text("wijk.yaml", &errors, KT_ARRANGEMENT_FILE, KT_EN, &arena),
                        "wijk.yaml:1:1: error KT-1501 key 'version' is missing (fill it in)\n"
                        "wijk.yaml:2:1: error KT-1501 unknown key 'uitgave'");
    arena_done(&arena);
}

static void
partners_are_held_against_the_recorded(void **state)
{
    (void)state;
    static const char *const recorded[] = {"gemeente", "woonwaar"};
    Arena arena = {0};
    const Arrangement *arrangement = NULL;
    FileErrors errors;
    assert_int_equal(arrangement_read(example_arrangement, strlen(example_arrangement), recorded, 2,
                                      &arena, &arrangement, &errors),
                     KT_ARRANGEMENT_FILE);
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.items[0].line, 12);
    assert_string_equal(
        errors.items[0].text[KT_EN - 1],
        "unknown partner 'woonwaard': no file in partners.d (did you mean 'woonwaar'?)");
    arena_done(&arena);
}

static void
a_city_has_kinds_of_its_own(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *text =
        text_replaced(&arena, example_arrangement, "kind: corporation", "kind: school");
    text = text_replaced(&arena, text, "from: corporation", "from: school");
    const Arrangement *a = read_ok(&arena, text);
    assert_int_equal(a->partners[1]->kind, KETEN__V1__PARTNER_KIND__PARTNER_OTHER);
    assert_string_equal(a->partners[1]->other, "school");
    assert_int_equal(a->links[0]->from, KETEN__V1__PARTNER_KIND__PARTNER_OTHER);
    assert_string_equal(a->links[0]->from_other, "school");
    text = text_replaced(&arena, example_arrangement, "kind: corporation", "kind: other");
    text = text_replaced(&arena, text, "from: corporation", "from: other");
    assert_string_equal(read_ok(&arena, text)->partners[1]->other, "");
    arena_done(&arena);
}

static const char *
with_calendar(Arena *arena, const char *calendar)
{
    return text_replaced(arena, example_arrangement, "calendar: nl",
                         arena_format(arena, "calendar: %s", calendar));
}

// The calendar's own days need no words, and leave no trace; others stand in their order.
static void
a_calendar_of_its_own(void **state)
{
    (void)state;
    Arena arena = {0};
    static const char *const plain[] = {"nl", "{base: nl}", "{closed: []}",
                                        "{liberation-day: every-five-years}"};
    const ProtobufCBinaryData one =
        message_pack(&read_ok(&arena, example_arrangement)->base, &arena);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        const Arrangement *same = read_ok(&arena, with_calendar(&arena, plain[i]));
        const ProtobufCBinaryData two = message_pack(&same->base, &arena);
        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.data, two.data, one.len);
    }
    const Arrangement *own = read_ok(
        &arena,
        with_calendar(&arena, "{liberation-day: every-year, closed: [2026-12-24, '2026-05-15']}"));
    assert_string_equal(own->calendar, "nl");
    assert_int_equal(own->closing->liberation, KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_YEAR);
    assert_int_equal(own->closing->n_closed, 2);
    assert_string_equal(own->closing->closed[0], "2026-05-15");
    assert_string_equal(own->closing->closed[1], "2026-12-24");
    const Arrangement *never = read_ok(&arena, with_calendar(&arena, "{liberation-day: never}"));
    assert_int_equal(never->closing->liberation, KETEN__V1__LIBERATION_DAY__LIBERATION_NEVER);
    arena_done(&arena);
}

// One's own, or that of the terms; and giving up only where it says so.
static void
silence_and_giving_up(void **state)
{
    (void)state;
    Arena arena = {0};
    const Arrangement *plain = read_ok(&arena, example_arrangement);
    assert_null(plain->partners[0]->silent_after);
    assert_null(plain->reject_within);
    assert_false(plain->partners[1]->may_give_up);
    const char *text = text_replaced(&arena, example_arrangement, "review-within: 90d",
                                     "review-within: 90d, reject-within: 1wd, silent-after: 3wd");
    text = text_replaced(&arena, text, "kind: municipality",
                         "kind: municipality, silent-after: 4h, may-give-up: true");
    const Arrangement *own = read_ok(&arena, text);
    assert_int_equal(own->reject_within->count, 1);
    assert_int_equal(own->partners[0]->silent_after->unit, KETEN__V1__TERM_UNIT__TERM_HOURS);
    assert_true(own->partners[0]->may_give_up);
    assert_int_equal(own->partners[1]->silent_after->count, 3);
    arena_done(&arena);
}

static void
longer_and_reminded(void **state)
{
    (void)state;
    Arena arena = {0};
    const Arrangement *plain = read_ok(&arena, example_arrangement);
    assert_null(plain->remind_before);
    assert_null(plain->steps[0]->extend_within);
    const char *text = text_replaced(&arena, example_arrangement, "review-within: 90d",
                                     "review-within: 90d, remind-before: 1wd");
    text = text_replaced(&arena, text, "term: 28d",
                         "term: 28d, extend-within: 14d, remind-before: 7d");
    const Arrangement *own = read_ok(&arena, text);
    assert_int_equal(own->remind_before->count, 1);
    assert_int_equal(own->steps[1]->extend_within->count, 14);
    assert_int_equal(own->steps[1]->remind_before->unit, KETEN__V1__TERM_UNIT__TERM_DAYS);
    assert_null(own->steps[0]->remind_before);
    arena_done(&arena);
}

static void
what_may_be_left_out(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "title: {nl: Schulden en wonen, en: Debts and housing}\n",
        "calendar: nl                      # working days and public holidays\n",
        "neighbourhoods: [WK036103]        # CBS codes\n",
        "focus: {domains: [finances, work-and-education], open-goals: 3}\n",
        ", title: {nl: Wonen, en: Housing}",
        "mandate: [open-exception], ",
        ", min: 1",
    };
    Arena arena = {0};
    const char *text = example_arrangement;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        text = text_replaced(&arena, text, parts[i], "");
    assert_string_equal(read_ok(&arena, text)->calendar, "nl");
    arena_done(&arena);
}

static void
filters_stand_in_canonical_form(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *text =
        text_replaced(&arena, example_arrangement, "from: corporation, start",
                      "from: corporation, when: {amount: [450, 12.5], months: [0, 3]}, start");
    const Arrangement *a = read_ok(&arena, text);
    assert_string_equal(a->links[0]->when[0]->values[0], "450.00");
    assert_string_equal(a->links[0]->when[0]->values[1], "12.50");
    assert_string_equal(a->links[0]->when[1]->values[1], "3");
    arena_done(&arena);
}

static void
growth_and_crisis_are_kept(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *text = text_replaced(&arena, example_arrangement, "    fields:\n      months: {",
                                     "    crisis: {months: ['6', '7'], amount: 900}\n"
                                     "    fields:\n      months: {grows: false, ");
    const FactKind *fact = read_ok(&arena, text)->facts[0];
    assert_int_equal(fact->fields[0]->grows, KETEN__V1__GROWTH__GROWTH_IGNORED);
    assert_int_equal(fact->fields[1]->grows, KETEN__V1__GROWTH__GROWTH_UNSPECIFIED);
    assert_false(fact->crisis);
    assert_int_equal(fact->n_crisis_when, 2);
    assert_string_equal(fact->crisis_when[0]->values[1], "7");
    assert_string_equal(fact->crisis_when[1]->values[0], "900.00");
    text = text_replaced(&arena, example_arrangement, "    fields:\n      months: {",
                         "    crisis: true\n    fields:\n      months: {grows: true, ");
    fact = read_ok(&arena, text)->facts[0];
    assert_true(fact->crisis);
    assert_int_equal(fact->n_crisis_when, 0);
    assert_int_equal(fact->fields[0]->grows, KETEN__V1__GROWTH__GROWTH_COUNTS);
    arena_done(&arena);
}

static void
too_large_is_not_read(void **state)
{
    (void)state;
    Arena arena = {0};
    char *text = arena_take(&arena, LIMIT_ARRANGEMENT_BYTES + 2);
    memset(text, '#', LIMIT_ARRANGEMENT_BYTES + 1);
    FileErrors errors = read_wrong(&arena, text);
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.items[0].text[KT_EN - 1], "too large: 61441 bytes, at most 61440");
    arena_done(&arena);
}

static void
nonsense_costs_no_time(void **state)
{
    (void)state;
    Arena arena = {0};
    char *text = arena_take(&arena, LIMIT_ARRANGEMENT_BYTES);
    memset(text, '[', LIMIT_ARRANGEMENT_BYTES - 1);
    assert_non_null(strstr(read_wrong(&arena, text).items[0].text[KT_EN - 1], "nested too deeply"));
    size_t length = 0;
    for (unsigned i = 0; length + 16 < LIMIT_ARRANGEMENT_BYTES; i++)
        length += (size_t)snprintf(text + length, 16, "k%u: x\n", i);
    assert_true(read_wrong(&arena, text).count > 4000);
    arena_done(&arena);
}

static void
cities_files_read(void **state)
{
    (void)state;
    static const char *const files[] = {"chains/alkmaar-overdie.yaml"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        Arena arena = {0};
        const char *text = file_text(&arena, files[i]);
        assert_non_null(text);
        assert_true(read_ok(&arena, text)->n_links > 0);
        arena_done(&arena);
    }
}

static void
the_manuals_example_reads(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_string_equal(manual_example(&arena, "docs/man/keten-arrangement.5.scd", "EXAMPLE"),
                        example_arrangement);
    arena_done(&arena);
}

// A letter here, a letter there: no mistake may bring the reader down, and every error has a place
// within the file and a text in both languages.
static uint64_t
random_next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void
errors_are_told_well(const char *text, const FileErrors *errors)
{
    size_t lines = 2;
    for (const char *at = text; *at != '\0'; at++)
        lines += *at == '\n';
    for (size_t i = 0; i < errors->count; i++) {
        const FileError *error = &errors->items[i];
        assert_in_range(error->line, 1, lines);
        assert_true(error->column >= 1);
        for (size_t j = 0; j < 2; j++) {
            assert_true(text_is_utf8(error->text[j], strlen(error->text[j])));
            assert_null(strchr(error->text[j], '\n'));
        }
    }
}

static void
any_slip_of_the_pen(void **state)
{
    (void)state;
    static const char letters[] = "{}[]:,-# \n\t'\"&*!|>%@`0aZ\\\xc3\xa9\xff";
    const char *given = getenv("SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20090901;
    const size_t length = strlen(example_arrangement);
    size_t wrong = 0;
    print_message("SEED=%llu\n", (unsigned long long)seed);
    for (int round = 0; round < 3000; round++) {
        Arena arena = {0};
        char *text = arena_text(&arena, example_arrangement);
        for (uint64_t n = 1 + random_next(&seed) % 4; n > 0; n--)
            text[random_next(&seed) % length] = letters[random_next(&seed) % (sizeof letters - 1)];
        const Arrangement *arrangement = NULL;
        FileErrors errors;
        KtCode code = arrangement_read(text, strlen(text), NULL, 0, &arena, &arrangement, &errors);
        assert_int_equal(code == KT_OK, errors.count == 0);
        assert_int_equal(code == KT_OK, arrangement != NULL);
        errors_are_told_well(text, &errors);
        wrong += errors.count > 0;
        arena_done(&arena);
    }
    assert_true(wrong > 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_becomes_its_message),
        cmocka_unit_test(example_chain_in_file_order),
        cmocka_unit_test(same_text_same_bytes),
        cmocka_unit_test(sections_in_any_order),
        cmocka_unit_test(every_slip_is_told),
        cmocka_unit_test(all_errors_at_once_in_file_order),
        cmocka_unit_test(errors_are_lines),
        cmocka_unit_test(partners_are_held_against_the_recorded),
        cmocka_unit_test(a_city_has_kinds_of_its_own),
        cmocka_unit_test(a_calendar_of_its_own),
        cmocka_unit_test(silence_and_giving_up),
        cmocka_unit_test(longer_and_reminded),
        cmocka_unit_test(what_may_be_left_out),
        cmocka_unit_test(filters_stand_in_canonical_form),
        cmocka_unit_test(growth_and_crisis_are_kept),
        cmocka_unit_test(too_large_is_not_read),
        cmocka_unit_test(nonsense_costs_no_time),
        cmocka_unit_test(cities_files_read),
        cmocka_unit_test(the_manuals_example_reads),
        cmocka_unit_test(any_slip_of_the_pen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
