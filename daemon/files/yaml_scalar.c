// SPDX-License-Identifier: EUPL-1.2
// The plain types that our YAML files share: texts, names, numbers, flags, terms, titles, instants.
// Knows: the form of each. Must never know: which key a value stands behind.
// Each reader adds an error and leaves its `ret` alone when the form is wrong.
#include "daemon/files/yaml_scalar.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "proto/limits.h"
#include "proto/names.h"

typedef Keten__V1__Title Title;

void
read_text(Reader *reader, const Node *node, void *ret)
{
    if (!text_check(reader, node))
        return;
    if (strlen(node->text) > LIMIT_TEXT_BYTES) {
        read_error(reader, node, "te lang: hooguit %u bytes", "too long: %u bytes at most",
                   LIMIT_TEXT_BYTES);
        return;
    }
    *(char **)ret = arena_text(reader->arena, node->text);
}

void
read_name(Reader *reader, const Node *node, void *ret)
{
    if (!text_check(reader, node))
        return;
    if (!name_is_valid(node->text)) {
        read_error(
            reader, node,
            "'%s' is geen geldige naam (kleine letters, cijfers en koppeltekens, hooguit %u)",
            "'%s' is not a valid name (lower-case letters, digits and hyphens, %u at most)",
            text_shown(reader->arena, node->text), LIMIT_NAME_BYTES);
        return;
    }
    *(char **)ret = arena_text(reader->arena, node->text);
}

void
read_flag(Reader *reader, const Node *node, void *ret)
{
    if (!text_check(reader, node))
        return;
    bool is_true = strcmp(node->text, "true") == 0;
    if (!node->plain || (!is_true && strcmp(node->text, "false") != 0)) {
        read_error(reader, node, "verkeerd type: hier hoort true of false, er staat '%s'",
                   "wrong type: true or false belongs here, found '%s'",
                   text_shown(reader->arena, node->text));
        return;
    }
    *(protobuf_c_boolean *)ret = is_true;
}

void
read_count(Reader *reader, const Node *node, void *ret)
{
    uint64_t number;
    if (!text_check(reader, node))
        return;
    if (!node->plain || !text_to_uint64(text_of(node->text), &number) || number < 1 ||
        number > UINT32_MAX) {
        read_error(reader, node,
                   "verkeerd type: hier hoort een geheel getal vanaf 1, er staat '%s'",
                   "wrong type: a whole number from 1 belongs here, found '%s'",
                   text_shown(reader->arena, node->text));
        return;
    }
    *(uint32_t *)ret = (uint32_t)number;
}

// "0d": the form is right, and nobody could ever be in time.
static bool
is_zero_term(const char *text)
{
    Span span;
    const size_t zeros = strspn(text, "0");
    char one[16] = "1";
    if (zeros == 0 || strlen(text + zeros) > 2)
        return false;
    strcpy(one + 1, text + zeros);
    return span_parse(text_of(one), &span);
}

void
read_term(Reader *reader, const Node *node, void *ret)
{
    static const Keten__V1__TermUnit units[] = {
        [SPAN_MINUTES] = KETEN__V1__TERM_UNIT__TERM_MINUTES,
        [SPAN_HOURS] = KETEN__V1__TERM_UNIT__TERM_HOURS,
        [SPAN_DAYS] = KETEN__V1__TERM_UNIT__TERM_DAYS,
        [SPAN_WORKING_DAYS] = KETEN__V1__TERM_UNIT__TERM_WORKING_DAYS,
    };
    Span span;
    if (!text_check(reader, node))
        return;
    if (is_zero_term(node->text)) {
        read_error(reader, node, "een termijn van nul: '%s' (ten minste 1)",
                   "a term of zero: '%s' (1 at least)", text_shown(reader->arena, node->text));
        return;
    }
    if (!span_parse(text_of(node->text), &span)) {
        read_error(reader, node, "geen geldige termijn: '%s' (schrijf 30m, 4h, 5d of 5wd)",
                   "not a valid term: '%s' (write 30m, 4h, 5d or 5wd)",
                   text_shown(reader->arena, node->text));
        return;
    }
    Term *term = arena_take(reader->arena, sizeof *term);
    keten__v1__term__init(term);
    term->count = span.count;
    term->unit = units[span.unit];
    *(Term **)ret = term;
}

typedef struct TitleForm {
    char *nl, *en;
} TitleForm;

void
read_title(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"nl", KEY_OPTIONAL, read_text, offsetof(TitleForm, nl)},
        {"en", KEY_OPTIONAL, read_text, offsetof(TitleForm, en)},
    };
    TitleForm form = {NULL, NULL};
    size_t errors = reader->errors.count;
    if (node->kind == NODE_TEXT)
        read_text(reader, node, &form.nl);
    else if (!map_read(reader, node, KEYS(keys), &form))
        return;
    if (form.nl == NULL && form.en == NULL) {
        if (reader->errors.count == errors)
            read_error(reader, node, "een titel hoort in nl of en", "a title belongs in nl or en");
        return;
    }
    Title *title = arena_take(reader->arena, sizeof *title);
    keten__v1__title__init(title);
    title->nl = form.nl != NULL ? form.nl : form.en;
    title->en = form.en != NULL ? form.en : form.nl;
    *(Title **)ret = title;
}

void
read_instant(Reader *reader, const Node *node, void *ret)
{
    if (!text_check(reader, node))
        return;
    if (!instant_parse(text_of(node->text), ret)) {
        read_error(reader, node,
                   "geen geldige datum of tijd: '%s' (schrijf 2026-01-31 of 2026-01-31T09:00:00Z)",
                   "not a valid date or time: '%s' (write 2026-01-31 or 2026-01-31T09:00:00Z)",
                   text_shown(reader->arena, node->text));
    }
}

void
read_node(Reader *reader, const Node *node, void *ret)
{
    (void)reader;
    *(const Node **)ret = node;
}
