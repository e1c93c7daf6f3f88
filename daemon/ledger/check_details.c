// SPDX-License-Identifier: EUPL-1.2
// Names, births and addresses of persons become keyed tokens, so that persons can be compared.
// Knows: the forms of these texts. Must never know: plans, what stands in the state.
// Path: check_signal_details or check_join_details → check_details → read_one for each person.
// Failure: the refusal tells which person and which text is wrong, and never the value.
#include "daemon/ledger/check_details.h"

#include <string.h>

#include "daemon/ledger/core.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/traits.h"

// The details of one person while they are read.
typedef struct Reading {
    Ledger *ledger;
    Checked *checked; // takes the likeness tokens, or the refusal
    size_t index;     // of the person among those of the command, from 0
} Reading;

// `name`: of the text that is wrong.
static KtCode
wrong(const Reading *reading, KtCode code, const char *name)
{
    reading->checked->field = "details";
    reading->checked->detail =
        arena_format(reading->checked->arena, "%zu: %s", reading->index + 1, name);
    return code;
}

static KtCode
check_texts(const Reading *reading, const PersonDetails *details)
{
    const struct {
        const char *name, *text;
        size_t most;
    } texts[] = {
        {"given", details->given, LIMIT_PERSON_DETAIL_BYTES},
        {"prefix", details->prefix, LIMIT_NAME_BYTES},
        {"surname", details->surname, LIMIT_PERSON_DETAIL_BYTES},
        {"partner-prefix", details->partner_prefix, LIMIT_NAME_BYTES},
        {"partner-surname", details->partner_surname, LIMIT_PERSON_DETAIL_BYTES},
        {"born", details->born, LIMIT_NAME_BYTES},
        {"postcode", details->postcode, LIMIT_NAME_BYTES},
        {"number", details->number, LIMIT_NAME_BYTES},
        {"letter", details->letter, LIMIT_NAME_BYTES},
        {"addition", details->addition, LIMIT_NAME_BYTES},
        {"municipality", details->municipality, LIMIT_NAME_BYTES},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const size_t length = strlen(texts[i].text);
        if (!text_is_utf8(texts[i].text, length))
            return wrong(reading, KT_FORM, texts[i].name);
        if (length > texts[i].most)
            return wrong(reading, KT_LIMIT, texts[i].name);
    }
    return KT_OK;
}

static void
add_token(const Reading *reading, TraitDomain domain, const char *form, ProtobufCBinaryData *tokens)
{
    tokens->data = arena_grow(reading->checked->arena, tokens->data, tokens->len,
                              tokens->len + TOKEN_BYTES, 1);
    secret_trait_token(reading->ledger->secrets, domain, form, tokens->data + tokens->len);
    tokens->len += TOKEN_BYTES;
}

static void
add_names(const Reading *reading, const PersonDetails *details, const char *born, TraceRow *row)
{
    Arena *arena = reading->checked->arena;
    NameForms forms = {.count = 0};
    name_forms(details->prefix, details->surname, arena, &forms);
    name_forms(details->partner_prefix, details->partner_surname, arena, &forms);
    const char *given = given_form(details->given, arena);
    for (size_t i = 0; i < forms.count; i++) {
        add_token(reading, TRAIT_NAME, forms.items[i], &row->names);
        if (born[0] != '\0')
            add_token(reading, TRAIT_BIRTH,
                      arena_format(arena, "%s %s %s", born, given, forms.items[i]), &row->born);
    }
}

static KtCode
read_one(const Reading *reading, const PersonDetails *details, const TraceRow **ret)
{
    const KtCode code = check_texts(reading, details);
    if (code != KT_OK)
        return code;
    Arena *arena = reading->checked->arena;
    const Address address = {details->postcode, details->number, details->letter, details->addition,
                             details->municipality};
    const char *wrong_name = NULL, *born = birth_form(details->born, arena);
    const char *place = address_form(&address, arena, &wrong_name);
    if (born == NULL || place == NULL)
        return wrong(reading, KT_FORM, born == NULL ? "born" : wrong_name);
    TraceRow *row = NEW(arena, TraceRow, trace_row);
    add_names(reading, details, born, row);
    if (place[0] != '\0')
        add_token(reading, TRAIT_ADDRESS, place, &row->address);
    row->secret = details->secret;
    *ret = row;
    return KT_OK;
}

static KtCode
check_details(Ledger *ledger, Checked *checked, PersonDetails *const *details, size_t count)
{
    if (count == 0)
        return KT_OK;
    Reading reading = {ledger, checked, count};
    if (count != checked->token_count)
        return wrong(&reading, KT_FORM, "persons");
    checked->given = arena_take(checked->arena, count * sizeof *checked->given);
    for (size_t i = 0; i < count; i++) {
        reading.index = i;
        const KtCode code = read_one(&reading, details[i], &checked->given[i]);
        if (code != KT_OK)
            return code;
    }
    return KT_OK;
}

KtCode
check_signal_details(const FormField *field)
{
    const Keten__V1__Signal *signal = field->command->signal;
    return check_details(field->ledger, field->checked, signal->details, signal->n_details);
}

KtCode
check_join_details(const FormField *field)
{
    const Keten__V1__MemberJoin *join = field->command->member_join;
    return check_details(field->ledger, field->checked, &join->details, join->details != NULL);
}
