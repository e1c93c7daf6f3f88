// SPDX-License-Identifier: EUPL-1.2
// See names.h. Knows: forms. Must never know: which names exist.
#include "proto/names.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "proto/limits.h"

static bool
is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
name_is_valid(const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length > LIMIT_NAME_BYTES)
        return false;
    for (size_t i = 0; i < length; i++) {
        const bool hyphen = name[i] == '-' && i > 0 && i + 1 < length && name[i - 1] != '-';
        if (!hyphen && !is_letter_or_digit(name[i]))
            return false;
    }
    return true;
}

bool
bsn_parse(const char *text, char *ret)
{
    char digits[BSN_TEXT_BYTES];
    if (strlen(text) != 9)
        return false;
    memcpy(digits, text, sizeof digits);
    int sum = 0;
    bool zero = true;
    for (int i = 0; i < 9; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        zero = zero && digits[i] == '0';
        sum += (digits[i] - '0') * (i < 8 ? 9 - i : -1);
    }
    if (zero || sum % 11 != 0)
        return false;
    if (ret != NULL)
        memcpy(ret, digits, sizeof digits);
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#define SHAPE_GROUPS 3
// How the nine digits are written: in how many groups, and how long each is.
static const int shapes[][SHAPE_GROUPS] = {{9}, {4, 2, 3}, {3, 3, 3}};

// Reads nine digits of this shape; gives the bytes they take, 0: they are not there.
static size_t
read_shape(const char *text, const int *groups, char ret[BSN_TEXT_BYTES])
{
    size_t at = 0, count = 0;
    for (int group = 0; group < SHAPE_GROUPS && groups[group] != 0; group++) {
        const char between = group == 0 ? '\0' : text[at];
        const bool same = group < 2 || between == text[groups[0]];
        if (group > 0 && ((between != ' ' && between != '.' && between != '-') || !same))
            return 0;
        at += group > 0;
        for (int i = 0; i < groups[group]; i++, at++) {
            if (!is_digit(text[at]))
                return 0;
            ret[count++] = text[at];
        }
    }
    ret[count] = '\0';
    return at;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

// Whether the text before `at` ends in letters that make the number behind them a reference.
static bool
is_reference(const char *text, size_t at)
{
    static const char *const names[] = {"bsn", "sofi", "sofinummer", "burgerservicenummer"};
    at -= at > 0 && (text[at - 1] == '-' || text[at - 1] == '_' || text[at - 1] == '/');
    size_t begin = at;
    while (begin > 0 && is_letter(text[begin - 1]))
        begin--;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == at - begin && strncasecmp(text + begin, names[i], at - begin) == 0)
            return false;
    return at > begin;
}

// Whether digits go on before `begin` or behind `end`, perhaps after a point or a comma.
static bool
is_longer(const char *text, size_t begin, size_t end)
{
    const bool mark_before = begin > 1 && (text[begin - 1] == '.' || text[begin - 1] == ',');
    const bool mark_behind = text[end] == '.' || text[end] == ',';
    return (begin > 0 && is_digit(text[begin - 1])) || is_digit(text[end]) ||
           (mark_before && is_digit(text[begin - 2])) || (mark_behind && is_digit(text[end + 1]));
}

bool
bsn_stands_in(const char *text)
{
    char number[BSN_TEXT_BYTES];
    for (size_t at = 0; text[at] != '\0'; at++) {
        if (!is_digit(text[at]) || (at > 0 && is_digit(text[at - 1])))
            continue;
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            const size_t length = read_shape(text + at, shapes[i], number);
            if (length > 0 && bsn_parse(number, NULL) && !is_longer(text, at, at + length) &&
                !is_reference(text, at))
                return true;
        }
    }
    return false;
}

bool
id_parse(const char *text, char letter, uint64_t *ret_number, uint32_t *ret_version)
{
    if (text[0] != letter)
        return false;
    const char *at = strchr(text, '@');
    if (at != NULL && ret_version == NULL)
        return false;
    uint64_t number, version = 0;
    const Text digits = {text + 1, at == NULL ? strlen(text + 1) : (size_t)(at - text - 1)};
    if (!text_to_uint64(digits, &number) || number == 0)
        return false;
    if (at != NULL &&
        (!text_to_uint64(text_of(at + 1), &version) || version == 0 || version > UINT32_MAX))
        return false;
    *ret_number = number;
    if (ret_version != NULL)
        *ret_version = (uint32_t)version;
    return true;
}

static const int uuid_groups[] = {4, 2, 2, 2, 6};

bool
uuid_parse(const char *text, uint8_t ret[UUID_BYTES])
{
    if (strlen(text) != UUID_TEXT_BYTES - 1)
        return false;
    uint8_t bytes[UUID_BYTES];
    size_t at = 0, byte = 0;
    for (size_t group = 0; group < 5; group++) {
        char hex[13];
        const size_t count = (size_t)uuid_groups[group];
        if (group > 0 && text[at++] != '-')
            return false;
        memcpy(hex, text + at, 2 * count);
        hex[2 * count] = '\0';
        if (!text_from_hex(hex, bytes + byte, count))
            return false;
        at += 2 * count;
        byte += count;
    }
    memcpy(ret, bytes, sizeof bytes);
    return true;
}

void
uuid_format(const uint8_t uuid[UUID_BYTES], char ret[UUID_TEXT_BYTES])
{
    size_t at = 0, byte = 0;
    for (size_t group = 0; group < 5; group++) {
        const size_t count = (size_t)uuid_groups[group];
        if (group > 0)
            ret[at++] = '-';
        text_hex(uuid + byte, count, ret + at);
        at += 2 * count;
        byte += count;
    }
}

bool
reason_is_code(const char *reason)
{
    static const char *const codes[] = {
#define REASON(code, nl, en) code,
#include "proto/reasons.def"
#undef REASON
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i], reason) == 0)
            return true;
    return false;
}
