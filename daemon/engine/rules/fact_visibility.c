// SPDX-License-Identifier: EUPL-1.2
// See fact_visibility.h. Must never know: steps, links.
#include "daemon/engine/rules/fact_visibility.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"

// The kind in the fact's own version: it gives the meaning of the fields that are present.
static const FactKind *
kind_of_fact(Draft *draft, const FactRow *fact)
{
    // A fact of the plan from which this one was split off is read as in that plan.
    const PlanRow *own = plan_header(&draft->plan, fact->plan);
    const uint32_t number = plan_reads_by(own == NULL ? &draft->plan.row : own, fact);
    const Arrangement *then = number == draft->plan.row.arrangement
                                  ? draft->arrangement
                                  : agreement_version(draft->context, number);
    const FactKind *kind = agreement_fact(then, fact->kind);
    ASSERT(kind != NULL);
    return kind;
}

// The arrangement that the plan runs under now judges whether a partner may see a field. A field
// that this arrangement does not know is withheld from every partner.
VisibleFields
fact_visible(Draft *draft, uint32_t partner, const FactRow *fact)
{
    const FactKind *kind = kind_of_fact(draft, fact);
    const FactKind *here = agreement_fact(draft->arrangement, fact->kind);
    const ArrangementPartner *place = partner_place(draft->context, draft->arrangement, partner);
    const bool secret = plan_is_secret(&draft->plan);
    VisibleFields fields = {FIELD_SET_NONE, FIELD_SET_NONE};
    FieldWalk walk = field_walk(fact, kind, FIELD_SET_ALL);
    PresentField present;
    while (field_next(&walk, &present)) {
        const FieldKind *now = agreement_field_now(kind, present.at, here);
        // The fact's own version says that the field is an address: a later one may call it a text.
        const bool hidden = agreement_hides(present.field, secret);
        const bool may = place != NULL && now != NULL && !hidden;
        if (may && agreement_may_see(place, now, secret))
            field_set_add(&fields.allowed, present.place);
        else
            field_set_add(&fields.withheld, present.place);
    }
    return fields;
}

ReceiverItem *
fact_tell(Draft *draft, uint32_t partner, ItemKind item_kind, const FactRow *fact)
{
    const VisibleFields fields = fact_visible(draft, partner, fact);
    ReceiverItem *item = draft_tell(draft, partner, item_kind, 0, fact->fact);
    item->fact_version = fact->version;
    item->allowed = fields.allowed.bits;
    item->withheld = fields.withheld.bits;
    return item;
}

ItemKind
fact_item_kind(const FactRow *fact)
{
    return fact->signal ? KETEN__V1__ITEM_KIND__ITEM_SIGNAL : KETEN__V1__ITEM_KIND__ITEM_FACT;
}
