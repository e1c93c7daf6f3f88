// SPDX-License-Identifier: EUPL-1.2
// See assert.h. Knows: stderr, abort. Must never know: the log.
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void
assert_failed(const char *class, const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s: %s\n", file, line, class, what);
    abort();
}
