// SPDX-License-Identifier: EUPL-1.2
// See fact_visibility.h. Must never know: steps, links.
#include "daemon/engine/rules/fact_visibility.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"

// The kind as it was when the fact was given: its fields are those of the fact's bits.
static const FactKind *
kind_of_fact(Draft *draft, const FactRow *fact)
{
    // One that came from the plan this was split off reads as it did there.
    const PlanRow *own = plan_header(&draft->plan, fact->plan);
    const uint32_t number = plan_reads_by(own == NULL ? &draft->plan.row : own, fact);
    const Arrangement *then = number == draft->plan.row.arrangement
                                  ? draft->arrangement
                                  : agreement_version(draft->context, number);
    const FactKind *kind = agreement_fact(then, fact->kind);
    ASSERT(kind != NULL);
    return kind;
}

// Whether a field may be seen is judged by the arrangement that the plan runs under now: what that
// does not know, nobody gets.
FactBits
fact_bits(Draft *draft, uint32_t partner, const FactRow *fact)
{
    const FactKind *kind = kind_of_fact(draft, fact);
    const FactKind *here = agreement_fact(draft->arrangement, fact->kind);
    const ArrangementPartner *place = partner_place(draft->context, draft->arrangement, partner);
    const bool secret = plan_is_secret(&draft->plan);
    FactBits bits = {0};
    unsigned at = 0;
    for (size_t i = 0; i < kind->n_fields; i++) {
        if ((fact->present >> i & 1) == 0)
            continue;
        const uint64_t bit = 1ULL << at++;
        const FieldKind *field = agreement_field_now(kind, i, here);
        const bool kept = agreement_is_kept(kind->fields[i], secret); // whatever it is called now
        if (place != NULL && field != NULL && !kept && agreement_may_see(place, field, secret))
            bits.allowed |= bit;
        else
            bits.withheld |= bit;
    }
    return bits;
}

ReceiverItem *
fact_tell(Draft *draft, uint32_t partner, ItemKind item_kind, const FactRow *fact)
{
    const FactBits bits = fact_bits(draft, partner, fact);
    ReceiverItem *item = draft_tell(draft, partner, item_kind, 0, fact->fact);
    item->fact_version = fact->version;
    item->allowed = bits.allowed;
    item->withheld = bits.withheld;
    return item;
}

ItemKind
fact_item_kind(const FactRow *fact)
{
    return fact->signal ? KETEN__V1__ITEM_KIND__ITEM_SIGNAL : KETEN__V1__ITEM_KIND__ITEM_FACT;
}
