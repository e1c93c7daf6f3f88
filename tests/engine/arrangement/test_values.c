// SPDX-License-Identifier: EUPL-1.2
// The values of a fact: canonical form by type, refusals, filters.
// Knows: kinds of facts made here. Must never know: plans, partners.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/arrangement/values.h"
#include "proto/limits.h"
#include "tests/fixture/literal.h"

#define TYPE(NAME) KETEN__V1__FIELD_TYPE__FIELD_##NAME

// A field "it" with the range 0 … 1000 and the choices "one" and "other".
static FieldKind
field_kind(Keten__V1__FieldType type)
{
    static char *choices[] = {(char *)"one", (char *)"other"};
    FieldKind kind = KETEN__V1__FIELD_KIND__INIT;
    kind.name = literal("it");
    kind.type = type;
    kind.has_min = kind.has_max = true;
    kind.max = 1000;
    if (type == TYPE(CHOICE)) {
        kind.of = choices;
        kind.n_of = 2;
    }
    return kind;
}

static Field
field_of(const char *name, const char *value)
{
    Field field = KETEN__V1__FIELD__INIT;
    field.name = literal(name);
    field.value = literal(value);
    return field;
}

typedef struct Reading {
    Keten__V1__FieldType type;
    const char *given;
    const char *canonical; // NULL: the value is refused
} Reading;

static const Reading readings[] = {
    {TYPE(INTEGER), "7", "7"},        {TYPE(INTEGER), "007", NULL},
    {TYPE(INTEGER), "0", "0"},        {TYPE(INTEGER), "1000", "1000"},
    {TYPE(INTEGER), "1001", NULL},    {TYPE(INTEGER), "-1", NULL},
    {TYPE(INTEGER), "7.0", NULL},     {TYPE(INTEGER), "", NULL},
    {TYPE(MONEY), "9.99", "9.99"},    {TYPE(MONEY), "10", "10.00"}, // the range is in cents
    {TYPE(MONEY), "10.01", NULL},     {TYPE(MONEY), "-0.01", NULL},
    {TYPE(CHOICE), "one", "one"},     {TYPE(CHOICE), "One", NULL},
    {TYPE(CHOICE), "", NULL},         {TYPE(YES_NO), "ja", "yes"},
    {TYPE(YES_NO), "true", "yes"},    {TYPE(YES_NO), "nee", "no"},
    {TYPE(YES_NO), "maybe", NULL},    {TYPE(TEXT), "any words", "any words"},
    {TYPE(TEXT), "", NULL},           {TYPE(DATE), "2024-02-29", "2024-02-29"},
    {TYPE(DATE), "2023-02-29", NULL}, {TYPE(ADDRESS), "Dorpsstraat 1", "Dorpsstraat 1"},
};

static void
a_value_gets_the_form_of_its_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        const Reading *reading = &readings[i];
        Arena arena = {0};
        FieldKind field = field_kind(reading->type), *fields[] = {&field};
        FactKind kind = KETEN__V1__FACT_KIND__INIT;
        kind.n_fields = 1;
        kind.fields = fields;
        Field given = field_of("it", reading->given), *givens[] = {&given};
        Values values = {.count = 99};
        const ValueFault fault = values_check(&kind, givens, 1, &arena, &values);
        const KtCode code = reading->canonical == NULL ? KT_FIELD_VALUE : KT_OK;
        if (fault.code != code)
            fail_msg("row %zu, %s: code %d", i, reading->given, fault.code);
        if (code == KT_OK)
            assert_string_equal(values_find(&values, "it"), reading->canonical);
        else
            assert_int_equal(values.count, 99); // untouched
        arena_done(&arena);
    }
}

static void
a_text_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[LIMIT_TEXT_BYTES + 2];
    for (size_t length = LIMIT_TEXT_BYTES; length <= LIMIT_TEXT_BYTES + 1; length++) {
        Arena arena = {0};
        memset(text, 'a', sizeof text);
        text[length] = '\0';
        FieldKind field = field_kind(TYPE(TEXT)), *fields[] = {&field};
        FactKind kind = KETEN__V1__FACT_KIND__INIT;
        kind.n_fields = 1;
        kind.fields = fields;
        Field given = field_of("it", text), *givens[] = {&given};
        Values values;
        assert_int_equal(values_check(&kind, givens, 1, &arena, &values).code,
                         length <= LIMIT_TEXT_BYTES ? KT_OK : KT_FIELD_VALUE);
        arena_done(&arena);
    }
}

typedef struct Giving {
    const char *names[3]; // of the fields that are given, each with the value "1"; NULL: no more
    KtCode code;
    const char *detail;
    uint64_t present; // bit = index in the kind
} Giving;

// The kind has the fields a, b (optional) and c.
static const Giving givings[] = {
    {{"a", "c", NULL}, KT_OK, "", 5},
    {{"c", "a", NULL}, KT_OK, "", 5},
    {{"c", "b", "a"}, KT_OK, "", 7},
    {{"a", NULL, NULL}, KT_MISSING_FIELD, "c", 0},
    {{"b", "c", NULL}, KT_MISSING_FIELD, "a", 0},
    {{"a", "a", "c"}, KT_DOUBLE_FIELD, "a", 0},
    {{"a", "unknown", "c"}, KT_UNKNOWN_FIELD, "unknown", 0},
};

static void
the_fields_given_are_those_of_the_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof givings / sizeof givings[0]; i++) {
        Arena arena = {0};
        FieldKind kinds[3], *fields[3];
        Field given[3], *givens[3];
        size_t count = 0;
        FactKind kind = KETEN__V1__FACT_KIND__INIT;
        for (size_t j = 0; j < 3; j++) {
            kinds[j] = field_kind(TYPE(INTEGER));
            kinds[j].name = literal((const char *[]){"a", "b", "c"}[j]);
            kinds[j].optional = j == 1;
            fields[j] = &kinds[j];
        }
        kind.n_fields = 3;
        kind.fields = fields;
        for (; count < 3 && givings[i].names[count] != NULL; count++) {
            given[count] = field_of(givings[i].names[count], "1");
            givens[count] = &given[count];
        }
        Values values = {.count = 0};
        const ValueFault fault = values_check(&kind, givens, count, &arena, &values);
        assert_int_equal(fault.code, givings[i].code);
        assert_string_equal(fault.detail, givings[i].detail);
        assert_int_equal(values.present, givings[i].present);
        for (size_t j = 1; j < values.count; j++) // in the order of the kind
            assert_true(strcmp(values.fields[j - 1]->name, values.fields[j]->name) < 0);
        arena_done(&arena);
    }
}

typedef struct Match {
    const char *a, *b; // values of the fields; NULL: not present
    bool matches;      // the filters: a is 1 or 2, and b is 3
} Match;

static const Match matches[] = {
    {"1", "3", true},  {"2", "3", true},   {"3", "3", false},
    {"1", "1", false}, {NULL, "3", false}, {"1", NULL, false},
};

static void
every_filter_must_match(void **state)
{
    (void)state;
    char *one_or_two[] = {(char *)"1", (char *)"2"}, *three[] = {(char *)"3"};
    Keten__V1__Filter filter_a = KETEN__V1__FILTER__INIT, filter_b = KETEN__V1__FILTER__INIT;
    filter_a.field = literal("a");
    filter_a.values = one_or_two;
    filter_a.n_values = 2;
    filter_b.field = literal("b");
    filter_b.values = three;
    filter_b.n_values = 1;
    Keten__V1__Filter *filters[] = {&filter_a, &filter_b};
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        Field a = field_of("a", matches[i].a == NULL ? "" : matches[i].a);
        Field b = field_of("b", matches[i].b == NULL ? "" : matches[i].b);
        Field *fields[2];
        Values values = {.fields = fields};
        if (matches[i].a != NULL)
            fields[values.count++] = &a;
        if (matches[i].b != NULL)
            fields[values.count++] = &b;
        assert_int_equal(filters_match(filters, 2, &values), matches[i].matches);
        assert_true(filters_match(filters, 0, &values));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_gets_the_form_of_its_type),
        cmocka_unit_test(a_text_that_is_too_long_is_refused),
        cmocka_unit_test(the_fields_given_are_those_of_the_kind),
        cmocka_unit_test(every_filter_must_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
