// SPDX-License-Identifier: EUPL-1.2
// The pieces of an arrangement one by one: desk, terms, fields, ladder, steps. See
// soundness_pieces.h.
// Knows: what each piece must have. Must never know: files, links.
//
// Path: pieces_judge() calls one function a kind of piece; each adds its own findings.
#include "daemon/engine/arrangement/soundness_pieces.h"

#include "daemon/engine/arrangement/agreement.h"

static void
desk_judge(Judge *judge)
{
    const ArrangementPartner *desk = NULL;
    for (size_t i = 0; i < judge->arrangement->n_partners; i++) {
        const ArrangementPartner *partner = judge->arrangement->partners[i];
        if (partner->desk && desk != NULL)
            FINDING(judge, PATH(judge, "partners.%s.desk", partner->name),
                    "twee meldpunten, %s en %s: wie houdt een nieuw plan vast? (laat er één staan)",
                    "two desks, %s and %s: who holds a new plan? (keep one)", desk->name,
                    partner->name);
        else if (partner->desk)
            desk = partner;
    }
    if (desk == NULL)
        finding_add(
            judge, "partners",
            "geen meldpunt: een nieuw plan heeft niemand (zet desk: true bij één ketenpartner)",
            "no desk: a new plan has nobody (put desk: true with one partner)");
}

static void
term_judge(Judge *judge, const Term *term, const char *where, const char *name)
{
    if (term == NULL || term->count == 0 ||
        term->unit == KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED)
        FINDING(judge, PATH(judge, "%s.%s", where, name), "wachten zonder einde: %s heeft geen %s",
                "a wait without an end: %s has no %s", where, name);
}

static void
terms_judge(Judge *judge)
{
    const Arrangement *arrangement = judge->arrangement;
    term_judge(judge, arrangement->return_within, "terms", "return-within");
    term_judge(judge, arrangement->review_within, "terms", "review-within");
    for (size_t i = 0; i < arrangement->n_steps; i++) {
        const StepKind *step = arrangement->steps[i];
        const char *path = PATH(judge, "steps.%s", step->name);
        term_judge(judge, step->wait_within, path, "wait-within");
        term_judge(judge, step->accept_within, path, "accept-within");
        term_judge(judge, step->term, path, "term");
    }
    for (size_t i = 0; i < arrangement->n_ladder; i++)
        term_judge(judge, arrangement->ladder[i]->within, PATH(judge, "ladder.%zu", i + 1),
                   "within");
}

static bool
anyone_may_see(const Arrangement *arrangement, const FieldKind *field)
{
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (agreement_may_see(arrangement->partners[i], field, false))
            return true;
    return false;
}

static void
fields_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_facts; i++) {
        const FactKind *fact = judge->arrangement->facts[i];
        for (size_t j = 0; j < fact->n_fields; j++) {
            const FieldKind *field = fact->fields[j];
            if (!anyone_may_see(judge->arrangement, field))
                FINDING(judge, PATH(judge, "facts.%s.fields.%s.for", fact->name, field->name),
                        "veld %s van %s mag niemand zien: geen ketenpartner heeft dit doel",
                        "nobody may see field %s of %s: no partner has this purpose", field->name,
                        fact->name);
        }
    }
}

// The top rung has the last word. It must name a partner: a coordinator that is late cannot answer
// for its own delay.
static void
ladder_judge(Judge *judge)
{
    const Arrangement *arrangement = judge->arrangement;
    if (arrangement->n_ladder == 0) {
        finding_add(
            judge, "ladder",
            "een ladder zonder top: wat te laat is, komt bij niemand (noem ten minste één trede)",
            "a ladder without a top: what is late reaches nobody (name at least one rung)");
        return;
    }
    const Rung *top = arrangement->ladder[arrangement->n_ladder - 1];
    if (top->partner[0] == '\0')
        FINDING(judge, PATH(judge, "ladder.%zu", arrangement->n_ladder),
                "een ladder zonder top: is de regisseur zelf te laat, dan houdt %s nergens op "
                "(eindig met partner:)",
                "a ladder without a top: when the coordinator is late, %s leads nowhere (end with "
                "partner:)",
                top->level);
}

static void
steps_judge(Judge *judge)
{
    for (size_t i = 0; i < judge->arrangement->n_steps; i++) {
        const StepKind *step = judge->arrangement->steps[i];
        const char *path = PATH(judge, "steps.%s", step->name);
        if (step->n_needs == 0)
            FINDING(judge, path, "stap %s heeft niets nodig: waarop begint zij?",
                    "step %s needs nothing: what does it start on?", step->name);
        if (step->n_gives == 0)
            FINDING(judge, path, "stap %s levert niets: daarna gaat het niet verder",
                    "step %s gives nothing: nothing goes on after it", step->name);
    }
}

void
pieces_judge(Judge *judge)
{
    desk_judge(judge);
    terms_judge(judge);
    fields_judge(judge);
    ladder_judge(judge);
    steps_judge(judge);
}
