// SPDX-License-Identifier: EUPL-1.2
// See traits.h. Knows: prefixes, dashes and initials of Dutch names. Must never know: which person
// has the name or address.
// The path of a name: split folds it (base/fold.h) and marks the prefixes, then each form is joined
// from its words and added once. A text without a letter gives no form; a date or address that is
// none gives NULL.
#include "proto/traits.h"

#include <string.h>

#include "base/calendar.h"
#include "base/fold.h"

#define WORDS_MAX 32u

// Words before a name that registers sometimes leave out.
static const char *const prefixes[] = {
    "van",  "de",  "der", "den",   "het", "t",  "ter", "ten",   "te",  "von", "vom", "zu",
    "zur",  "zum", "d",   "du",    "des", "di", "da",  "do",    "dos", "das", "del", "della",
    "dell", "la",  "le",  "les",   "lo",  "el", "al",  "in",    "op",  "aan", "by",  "voor",
    "over", "uit", "tot", "onder", "s",   "l",  "af",  "vande", "vd",
};

typedef struct Words {
    const char *items[WORDS_MAX];
    bool prefix[WORDS_MAX];
    size_t name[WORDS_MAX]; // index of the name between dashes to which the word belongs
    size_t count;           // words
    size_t names;           // dashes between names so far
} Words;

static bool
is_prefix(const char *word)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strcmp(prefixes[i], word) == 0)
            return true;
    return false;
}

static void
split(const char *text, bool all_prefix, Arena *arena, Words *words)
{
    const size_t length = strlen(text);
    char *folded = arena_take(arena, 2 * length + 1);
    text_fold(text, length, folded);
    char *at = folded;
    while (*at != '\0') {
        const size_t taken = strcspn(at, " -");
        const char end = at[taken];
        if (taken > 0 && words->count < WORDS_MAX) {
            const size_t index = words->count++;
            words->items[index] = arena_copy(arena, at, taken);
            words->prefix[index] = all_prefix || is_prefix(words->items[index]);
            words->name[index] = words->names;
        }
        words->names += end == '-';
        at += taken + (end != '\0');
    }
}

static void
add(NameForms *forms, const char *form, size_t least)
{
    for (size_t i = 0; i < forms->count; i++)
        if (strcmp(forms->items[i], form) == 0)
            return;
    if (strlen(form) >= least && forms->count < NAME_FORMS_MAX)
        forms->items[forms->count++] = form;
}

#define ALL_NAMES SIZE_MAX

// Joins the words of one name between dashes, or of all names, with or without the prefixes.
static const char *
joined(const Words *words, size_t name, bool prefixes_too, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < words->count; i++)
        if ((name == ALL_NAMES || words->name[i] == name) && (prefixes_too || !words->prefix[i]))
            text = arena_format(arena, "%s%s", text, words->items[i]);
    return text;
}

static const char *
sorted(const Words *words, Arena *arena)
{
    const char *items[WORDS_MAX], *text = "";
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) {
        if (words->prefix[i])
            continue;
        size_t at = count++;
        for (; at > 0 && strcmp(items[at - 1], words->items[i]) > 0; at--)
            items[at] = items[at - 1];
        items[at] = words->items[i];
    }
    for (size_t i = 0; i < count; i++)
        text = arena_format(arena, "%s%s", text, items[i]);
    return text;
}

void
name_forms(const char *prefix, const char *surname, Arena *arena, NameForms *forms)
{
    Words words = {.count = 0};
    split(prefix, true, arena, &words);
    const size_t before = words.count;
    words.names = 0;
    split(surname, false, arena, &words);
    if (words.count == before)
        return; // a prefix alone is no name
    add(forms, joined(&words, ALL_NAMES, false, arena), 1);
    add(forms, joined(&words, ALL_NAMES, true, arena), 1);
    add(forms, sorted(&words, arena), 1);
    // a single letter between dashes is an initial
    for (size_t name = 0; words.names > 0 && name <= words.names; name++)
        add(forms, joined(&words, name, false, arena), 2);
}

const char *
given_form(const char *given, Arena *arena)
{
    const size_t length = strlen(given);
    char *folded = arena_take(arena, 2 * length + 1);
    text_fold(given, length, folded);
    folded[strcspn(folded, " ")] = '\0';
    size_t kept = 0;
    for (const char *at = folded; *at != '\0'; at++)
        if (*at != '-')
            folded[kept++] = *at;
    folded[kept] = '\0';
    return folded;
}

static bool
digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static int32_t
number(const char *text, size_t count)
{
    int32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = 10 * value + (text[i] - '0');
    return value;
}

const char *
birth_form(const char *born, Arena *arena)
{
    char text[9];
    const size_t length = strlen(born);
    if (length == 0)
        return "";
    if (length == 10 && born[4] == '-' && born[7] == '-') {
        memcpy(text, born, 4);
        memcpy(text + 4, born + 5, 2);
        memcpy(text + 6, born + 8, 2);
    } else if (length == 8) {
        memcpy(text, born, 8);
    } else {
        return NULL;
    }
    text[8] = '\0';
    if (!digits(text, 8))
        return NULL;
    const Date date = {number(text, 4), number(text + 4, 2), number(text + 6, 2)};
    if (date.year == 0)
        return date.month == 0 && date.day == 0 ? "" : NULL;
    // an unknown month or day counts as the first, so that the rest can be checked; without a month
    // there is no day
    const Date whole = {date.year, date.month == 0 ? 1 : date.month, date.day == 0 ? 1 : date.day};
    if (!date_is_valid(whole) || (date.month == 0 && date.day != 0))
        return NULL;
    return arena_copy(arena, text, 8);
}

// The letters and digits of a text, in capitals; NULL: it has other signs, or is too long.
static const char *
plain(const char *text, size_t most, Arena *arena)
{
    char *ret = arena_take(arena, strlen(text) + 1);
    size_t count = 0;
    for (; *text != '\0'; text++) {
        const char c = *text;
        if (c == ' ' || c == '-' || c == '.' || c == '/')
            continue;
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return NULL;
        ret[count++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    ret[count] = '\0';
    return count > most ? NULL : ret;
}

static bool
is_postcode(const char *text)
{
    return strlen(text) == 6 && digits(text, 4) && text[0] != '0' && text[4] >= 'A' &&
           text[5] >= 'A';
}

static bool
is_house_number(const char *text)
{
    const size_t length = strlen(text);
    return length > 0 && length <= 5 && digits(text, length) && number(text, length) > 0;
}

static bool
is_empty(const Address *address)
{
    return address->postcode[0] == '\0' && address->number[0] == '\0' &&
           address->letter[0] == '\0' && address->addition[0] == '\0';
}

const char *
address_form(const Address *address, Arena *arena, const char **ret_wrong)
{
    const char *municipality = address->municipality;
    if (municipality[0] != '\0' && (strlen(municipality) != 4 || !digits(municipality, 4))) {
        *ret_wrong = "municipality";
        return NULL;
    }
    if (is_empty(address))
        return "";
    const char *postcode = plain(address->postcode, 6, arena);
    const char *house = plain(address->number, 5, arena);
    const char *letter = plain(address->letter, 1, arena);
    const char *addition = plain(address->addition, 10, arena);
    *ret_wrong = postcode == NULL || !is_postcode(postcode) ? "postcode"
                 : house == NULL || !is_house_number(house) ? "number"
                 : letter == NULL                           ? "letter"
                 : addition == NULL                         ? "addition"
                                                            : NULL;
    if (*ret_wrong != NULL)
        return NULL;
    return arena_format(arena, "%s %s %d %s%s", municipality, postcode,
                        number(house, strlen(house)), letter, addition);
}
