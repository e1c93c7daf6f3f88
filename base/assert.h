// SPDX-License-Identifier: EUPL-1.2
// Assertions that are on in every build. Knows: how to stop the process with one clear line. Must
// never know: the log, the journal, the program that asserts.
// A failed assertion is a fault of this program. Input from outside is never asserted: it is
// checked and answered.
#ifndef KETEN_BASE_ASSERT_H
#define KETEN_BASE_ASSERT_H

// A programming error: the condition can only be false through a fault in this program.
#define ASSERT(condition)                                                                          \
    ((condition) ? (void)0 : assert_failed("impossible", #condition, __FILE__, __LINE__))

// A case that no row of a table or switch handles. The word differs from ASSERT's, so that the line
// on stderr tells where to look.
#define unhandled(what) assert_failed("not handled", (what), __FILE__, __LINE__)

// The machine refused a resource without which the program cannot go on: memory, as a rule.
#define exhausted(what) assert_failed("exhausted", (what), __FILE__, __LINE__)

// Writes one line to stderr and aborts. Never returns.
_Noreturn void
assert_failed(const char *class, const char *what, const char *file, int line);

#endif
