// SPDX-License-Identifier: EUPL-1.2
// See fold.h. Knows: the compatibility decompositions of Unicode 15 for U+00C0 to U+024F and U+1E00
// to U+1EFF, without their marks; a letter that does not decompose stands for the letter with which
// its Unicode name begins. Must never know: for what a text is compared.
// The path: text_fold decodes one character after another, and put_point decides: a letter, a dash,
// a blank or nothing. Bytes that are no UTF-8 count as punctuation; there is no failure.
#include "base/fold.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"

// '*': the letter becomes two, see `several`. '.': no Latin letter.
static const char from_00c0[] = "aaaaaa*ceeeeiiiidnooooo.ouuuuy**aaaaaa*ceeeeiiiidnooooo.ouuuuy*y"
                                "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
                                "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
                                "bbbb..occ.ddd.e.effg...ikkl.mnnooo..pp.....ttttuu.vyyzz........."
                                "....*********aaiioouuuuuuuuuueaaaa**ggggkkoooo..j***gg..nnaa**oo"
                                "aaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylntj..acclts"
                                "z..b.veejj.qrryy";
static const char from_1e00[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
                                "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
                                "wwwwwwwwwwxxxxyyzzzzzzhtwyas..*.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy....yy";

static const struct {
    uint32_t point;
    char letters[3];
} several[] = {
    {0xc6, "ae"},  {0xde, "th"},   {0xdf, "ss"},  {0xe6, "ae"},  {0xfe, "th"},  {0x132, "ij"},
    {0x133, "ij"}, {0x152, "oe"},  {0x153, "oe"}, {0x1c4, "dz"}, {0x1c5, "dz"}, {0x1c6, "dz"},
    {0x1c7, "lj"}, {0x1c8, "lj"},  {0x1c9, "lj"}, {0x1ca, "nj"}, {0x1cb, "nj"}, {0x1cc, "nj"},
    {0x1e2, "ae"}, {0x1e3, "ae"},  {0x1f1, "dz"}, {0x1f2, "dz"}, {0x1f3, "dz"}, {0x1fc, "ae"},
    {0x1fd, "ae"}, {0x1e9e, "ss"},
};

typedef struct Fold {
    char *ret;
    size_t length;
    bool blank; // a blank is due before the next letter
} Fold;

static void
put(Fold *fold, const char *bytes, size_t count)
{
    if (fold->blank && fold->length > 0 && fold->ret[fold->length - 1] != '-')
        fold->ret[fold->length++] = ' ';
    fold->blank = false;
    // Dutch writes "ij" and y by turns, so they are folded to one letter
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == 'j' && fold->length > 0 && fold->ret[fold->length - 1] == 'i')
            fold->ret[fold->length - 1] = 'y';
        else
            fold->ret[fold->length++] = bytes[i];
    }
}

static void
put_dash(Fold *fold)
{
    fold->blank = false;
    if (fold->length > 0 && fold->ret[fold->length - 1] != '-')
        fold->ret[fold->length++] = '-';
}

// Decodes one character; 0: the bytes are no character. *ret_length is at least 1.
static uint32_t
decode(const uint8_t *at, size_t left, size_t *ret_length)
{
    const uint8_t first = at[0];
    const size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    *ret_length = 1;
    if (first < 0x80)
        return first;
    if (first < 0xc2 || first > 0xf4 || length > left)
        return 0;
    uint32_t point = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (at[i] & 0x3fu);
    }
    // Longer than it need be, half of a pair of UTF-16, or beyond the last character.
    if ((length == 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) ||
        (length == 4 && (point < 0x10000 || point > 0x10ffff)))
        return 0;
    *ret_length = length;
    return point;
}

static bool
in(uint32_t point, uint32_t first, uint32_t last)
{
    return point >= first && point <= last;
}

static char
latin(uint32_t point)
{
    if (in(point, 0xc0, 0xbf + sizeof from_00c0 - 1))
        return from_00c0[point - 0xc0];
    if (in(point, 0x1e00, 0x1eff))
        return from_1e00[point - 0x1e00];
    return '.';
}

static void
put_latin(Fold *fold, uint32_t point, char letter)
{
    if (letter != '*') {
        put(fold, &letter, 1);
        return;
    }
    for (size_t i = 0; i < sizeof several / sizeof several[0]; i++)
        if (several[i].point == point)
            put(fold, several[i].letters, 2);
}

static void
put_ascii(Fold *fold, uint32_t point)
{
    char letter = (char)point;
    if (in(point, 'A', 'Z'))
        letter = (char)(point - 'A' + 'a');
    if (in((uint32_t)letter, 'a', 'z') || in(point, '0', '9'))
        put(fold, &letter, 1);
    else if (point == '-' || point == '/')
        put_dash(fold);
    else
        fold->blank = true;
}

static bool
leaves_nothing(uint32_t point)
{
    return point == 0xad || in(point, 0x300, 0x36f) || in(point, 0x200b, 0x200d) || point == 0xfeff;
}

// Signs that divide words: those of the Latin supplement, apostrophes among the modifier letters,
// general punctuation, the ideographic blank.
static bool
divides(uint32_t point)
{
    return in(point, 0x80, 0xbf) || point == 0xd7 || point == 0xf7 || in(point, 0x2b9, 0x2bf) ||
           in(point, 0x2000, 0x206f) || point == 0x3000;
}

static void
put_point(Fold *fold, uint32_t point, const uint8_t *bytes, size_t length)
{
    const char letter = latin(point);
    if (point < 0x80)
        put_ascii(fold, point);
    else if (in(point, 0x2010, 0x2015))
        put_dash(fold);
    else if (leaves_nothing(point))
        return;
    else if (divides(point))
        fold->blank = true;
    else if (letter != '.')
        put_latin(fold, point, letter);
    else
        put(fold, (const char *)bytes, length);
}

size_t
text_fold(const char *text, size_t length, char *ret)
{
    ASSERT(ret != NULL && (text != NULL || length == 0));
    Fold fold = {.ret = ret};
    const uint8_t *at = (const uint8_t *)text;
    for (size_t done = 0, one = 1; done < length; done += one) {
        const uint32_t point = decode(at + done, length - done, &one);
        put_point(&fold, point, at + done, one);
    }
    if (fold.length > 0 && ret[fold.length - 1] == '-')
        fold.length--;
    ret[fold.length] = '\0';
    return fold.length;
}
