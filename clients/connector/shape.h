// SPDX-License-Identifier: EUPL-1.2
// The shapes of values as partners write them. Knows: which forms are one value. Must never know:
// which field a value is for.
#ifndef KETEN_CONNECTOR_SHAPE_H
#define KETEN_CONNECTOR_SHAPE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum Shape {
    SHAPE_TEXT,
    SHAPE_NUMBER,
    SHAPE_MONEY,  // 450, "450,50", "450.5" → "450.50"
    SHAPE_DATE,   // 2025-01-31 or 31-01-2025
    SHAPE_YES_NO, // true, "ja", "yes" …
    SHAPE_WORD,   // lower case, blanks to hyphens: a choice
} Shape;

// Whether a word is one of the names, whatever its case.
bool
word_is_one_of(const char *word, const char *const *names, size_t count);

// The value in canonical form, as a new reference; NULL when it has another shape.
json_t *
shape_value(Shape shape, const json_t *value);

#endif
