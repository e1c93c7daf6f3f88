// SPDX-License-Identifier: EUPL-1.2
// See errors.h. Knows: the table, and how a detail is filled into a text. Must never know: which
// program reports an error.
#include "proto/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

static const KtError errors[] = {
#define ERROR(name, code, kind, http, exit, nl, en)                                                \
    {KT_##name, KT_KIND_##kind, http, exit, #name, {nl, en}},
#include "proto/errors.def"
#undef ERROR
};

const KtError *
error_find(unsigned code)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if ((unsigned)errors[i].code == code)
            return &errors[i];
    return NULL;
}

// Drops half a letter at the end of a text that was cut: no frame may carry it.
static void
drop_half_letter(char *text)
{
    size_t length = strlen(text), start = length;
    while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xc0)
        start--;
    if (!text_is_utf8(text + start, length - start))
        text[start] = '\0';
}

char *
error_text(unsigned code, KtLanguage language, const char *detail, char *ret, size_t size)
{
    const KtError *error = error_find(code);
    ASSERT(error != NULL && size > 0);
    const char *text = error->text[language == KT_NL ? 0 : 1];
    const char *hole = strstr(text, "%s");
    if (hole == NULL)
        snprintf(ret, size, "%s", text);
    else
        snprintf(ret, size, "%.*s%s%s", (int)(hole - text), text, detail == NULL ? "" : detail,
                 hole + 2);
    drop_half_letter(ret);
    return ret;
}

KtCode
fault_set(Fault *fault, KtCode code, const char *format, ...)
{
    va_list list;
    ASSERT(fault != NULL && format != NULL);
    va_start(list, format);
    fault->code = code;
    vsnprintf(fault->detail, sizeof fault->detail, format, list);
    va_end(list);
    drop_half_letter(fault->detail);
    return code;
}

char *
fault_line(const Fault *fault, KtLanguage language, char *ret, size_t size)
{
    const int written = snprintf(ret, size, "error KT-%04d ", (int)fault->code);
    ASSERT(written > 0);
    if ((size_t)written < size)
        error_text((unsigned)fault->code, language, fault->detail, ret + written,
                   size - (size_t)written);
    for (char *at = ret; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    return ret;
}
