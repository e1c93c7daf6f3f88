// SPDX-License-Identifier: EUPL-1.2
// Looks words up in words.def. Knows: the table. Must never know: where a word is shown.
#include "clients/keten/words.h"

#include <ctype.h>
#include <string.h>

const char *
word_of(KtLanguage language, const char *name)
{
    static const struct {
        const char *name, *text[2];
    } words[] = {
#define WORD(word, nl, en) {word, {nl, en}},
#include "clients/keten/words.def"
#undef WORD
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].text[language - 1];
    return name;
}

const char *
enum_word(const ProtobufCEnumDescriptor *type, int value, const char *prefix, Arena *arena)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL)
        return "";
    size_t skip = strncmp(found->name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    char *word = arena_text(arena, found->name + skip);
    for (char *p = word; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return word;
}
