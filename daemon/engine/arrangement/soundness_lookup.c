// SPDX-License-Identifier: EUPL-1.2
// Helpers of every rule of the soundness check. See soundness_lookup.h.
// Knows: findings, values. Must never know: which rule asks, files.
#include "daemon/engine/arrangement/soundness_lookup.h"

#include "daemon/engine/arrangement/values.h"

void
finding_add(Judge *judge, const char *path, const char *nl, const char *en)
{
    Findings *found = &judge->found;
    found->items = arena_more(judge->arena, found->items, found->count, sizeof(Finding));
    found->items[found->count++] = (Finding){path, {[KT_NL - 1] = nl, [KT_EN - 1] = en}};
}

bool
value_is_possible(const Judge *judge, const FieldKind *field, const char *value)
{
    FieldKind *fields[] = {(FieldKind *)(uintptr_t)field};
    FactKind fact = KETEN__V1__FACT_KIND__INIT;
    fact.fields = fields;
    fact.n_fields = 1;
    Field given = KETEN__V1__FIELD__INIT;
    Field *givens[] = {&given};
    given.name = field->name;
    given.value = (char *)(uintptr_t)value;
    Values values;
    return values_check(&fact, givens, 1, judge->arena, &values).code == KT_OK;
}
