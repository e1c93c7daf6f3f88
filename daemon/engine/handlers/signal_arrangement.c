// SPDX-License-Identifier: EUPL-1.2
// See signal_arrangement.h. Must never know: what the signal opens or starts.
#include "daemon/engine/handlers/signal_arrangement.h"

#include <string.h>

#include "daemon/engine/arrangement/agreement.h"

typedef struct Choice {
    const ArrangementEntry *entry; // the last that fits
    size_t fitting;                // arrangements in which the sender may give this signal
    size_t taking_part;            // arrangements in which the sender takes part
    const char *names;             // of the fitting ones
    const FactKind *kind;          // of the last in which the sender takes part and that knows it
} Choice;

static Choice
choose(Draft *draft, const Keten__V1__Signal *signal)
{
    const Context *context = draft->context;
    Choice choice = {.names = ""};
    for (size_t i = 0; i < context->agreed.arrangement_count; i++) {
        const ArrangementEntry *entry = &context->agreed.arrangements[i];
        if (signal->arrangement[0] != '\0' &&
            strcmp(signal->arrangement, entry->content->name) != 0)
            continue;
        const ArrangementPartner *place = partner_place(context, entry->content, context->actor);
        if (place == NULL)
            continue;
        choice.taking_part++;
        const FactKind *kind = agreement_fact(entry->content, signal->kind);
        choice.kind = kind != NULL ? kind : choice.kind;
        if (kind == NULL || !agreement_may_signal(entry->content, place, signal->kind))
            continue;
        choice.entry = entry;
        choice.names = choice.fitting++ == 0 ? entry->content->name
                                             : arena_format(draft->arena, "%s, %s", choice.names,
                                                            entry->content->name);
    }
    return choice;
}

Result
signal_unknown_fact(Draft *draft, const Arrangement *arrangement, const char *kind)
{
    const char **names = arena_take(draft->arena, (arrangement->n_facts + 1) * sizeof *names);
    for (size_t i = 0; i < arrangement->n_facts; i++)
        names[i] = arrangement->facts[i]->name;
    return refuse(KT_UNKNOWN_FACT, "kind",
                  agreement_hint(draft->arena, kind, names, arrangement->n_facts));
}

static const Arrangement *
only_arrangement_of(const Context *context)
{
    const Arrangement *only = NULL;
    for (size_t i = 0; i < context->agreed.arrangement_count; i++) {
        if (partner_place(context, context->agreed.arrangements[i].content, context->actor) == NULL)
            continue;
        if (only != NULL)
            return NULL;
        only = context->agreed.arrangements[i].content;
    }
    return only;
}

static Result
none_fits(Draft *draft, const Keten__V1__Signal *signal, const Choice *choice)
{
    const Arrangement *only = only_arrangement_of(draft->context);
    if (signal->arrangement[0] != '\0' &&
        arrangement_in_force(draft->context, signal->arrangement) == NULL)
        return refuse(KT_UNKNOWN_ARRANGEMENT, "arrangement", signal->arrangement);
    if (choice->kind != NULL)
        return refuse(KT_MAY_NOT_SIGNAL, "kind", signal->kind);
    if (only != NULL)
        return signal_unknown_fact(draft, only, signal->kind);
    return refuse(KT_NO_ARRANGEMENT, "arrangement", signal->kind);
}

Result
arrangement_for_new(Draft *draft, const Keten__V1__Signal *signal, const ArrangementEntry **ret)
{
    const Choice choice = choose(draft, signal);
    if (choice.fitting > 1)
        return refuse(KT_WHICH_ARRANGEMENT, "arrangement", choice.names);
    if (choice.fitting == 0)
        return none_fits(draft, signal, &choice);
    *ret = choice.entry;
    return ALLOWED;
}

Result
arrangement_of_plan(Draft *draft, const Keten__V1__Signal *signal)
{
    const Arrangement *arrangement = draft->arrangement;
    const ArrangementPartner *place =
        partner_place(draft->context, arrangement, draft->context->actor);
    if (place == NULL)
        return refuse(KT_NO_ARRANGEMENT, "arrangement", signal->kind);
    if (agreement_fact(arrangement, signal->kind) == NULL)
        return signal_unknown_fact(draft, arrangement, signal->kind);
    if (!agreement_may_signal(arrangement, place, signal->kind))
        return refuse(KT_MAY_NOT_SIGNAL, "kind", signal->kind);
    return ALLOWED;
}
