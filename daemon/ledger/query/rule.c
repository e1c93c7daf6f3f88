// SPDX-License-Identifier: EUPL-1.2
// Prints the rule behind a due instant. Knows: where each term stands in the arrangement's file.
// Must never know: the asker.
// Path: rule_of_step, rule_of_review and rule_of_matter find the key and its term; rule_text prints
// them.
#include "daemon/ledger/query/rule.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"

typedef struct RuleKey {
    const char *key; // NULL: no rule, since a person gave the end
    const Term *term;
} RuleKey;

static const char *
print_term(const Term *term, Arena *arena)
{
    char text[SPAN_TEXT_BYTES];
    span_format(term_span(term), text);
    return arena_text(arena, text);
}

const char *
rule_text(Arena *arena, const Arrangement *arrangement, const char *key, const Term *term,
          const char *more)
{
    ASSERT(arena != NULL && arrangement != NULL && key != NULL && term != NULL);
    return arena_format(arena, "%s %u: %s %s%s, calendar %s", arrangement->name,
                        arrangement->version, key, print_term(term, arena), more,
                        arrangement->calendar);
}

// `rung` is counted from 1, as rows do.
static RuleKey
rung_key(const Arrangement *arrangement, uint32_t rung, Arena *arena)
{
    const Rung *at = ladder_rung(arrangement, rung - 1);
    return (RuleKey){arena_format(arena, "ladder.%s.within", at->level), at->within};
}

static RuleKey
step_key(const Arrangement *arrangement, const StepRow *step, Arena *arena)
{
    const StepKind *kind = agreement_step(arrangement, step->kind);
    if (step->rung > 0)
        return rung_key(arrangement, step->rung, arena);
    switch (state_rule(step->state)->term) {
    case TERM_NONE:
    case TERM_GIVEN:
        return (RuleKey){NULL, NULL};
    case TERM_WAIT_WITHIN:
        return (RuleKey){arena_format(arena, "steps.%s.wait-within", kind->name),
                         kind->wait_within};
    case TERM_ACCEPT_WITHIN:
        return (RuleKey){arena_format(arena, "steps.%s.accept-within", kind->name),
                         kind->accept_within};
    case TERM_TERM:
        return (RuleKey){arena_format(arena, "steps.%s.term", kind->name), kind->term};
    case TERM_RETURN_WITHIN:
        return (RuleKey){"terms.return-within", arrangement->return_within};
    }
    unhandled("term of a state");
}

const char *
rule_of_step(const Arrangement *arrangement, const StepRow *step, Arena *arena)
{
    const RuleKey rule = step_key(arrangement, step, arena);
    const char *more = "";
    if (rule.key == NULL)
        return NULL;
    if (step->extended && step->rung == 0 && state_rule(step->state)->term == TERM_TERM)
        more =
            arena_format(arena, " + extend-within %s",
                         print_term(agreement_step(arrangement, step->kind)->extend_within, arena));
    return rule_text(arena, arrangement, rule.key, rule.term, more);
}

const char *
rule_of_review(const Arrangement *arrangement, const PlanRow *plan, Arena *arena)
{
    const RuleKey rule = plan->review_rung == 0
                             ? (RuleKey){"terms.review-within", arrangement->review_within}
                             : rung_key(arrangement, plan->review_rung, arena);
    return rule_text(arena, arrangement, rule.key, rule.term, "");
}

// The term that a matter begins with, before it is on the ladder.
static RuleKey
matter_key(const Arrangement *arrangement, const MatterRow *matter, Arena *arena)
{
    switch (matter->kind) {
    case KETEN__V1__MATTER_KIND__MATTER_PAUSE:
        if (arrangement->pause != NULL)
            return (RuleKey){"pause.acknowledge-within", arrangement->pause->acknowledge_within};
        break;
    case KETEN__V1__MATTER_KIND__MATTER_DEAD:
        if (arrangement->reject_within != NULL)
            return (RuleKey){"terms.reject-within", arrangement->reject_within};
        break;
    case KETEN__V1__MATTER_KIND__MATTER_MERGE:
    case KETEN__V1__MATTER_KIND__MATTER_MOVE:
        return rung_key(arrangement, 1, arena);
    case KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK:
    case KETEN__V1__MATTER_KIND__MATTER_QUESTION:
        break;
    case KETEN__V1__MATTER_KIND__MATTER_KIND_UNSPECIFIED:
    case _KETEN__V1__MATTER_KIND_IS_INT_SIZE:
        unhandled("kind of matter");
    }
    return (RuleKey){"terms.return-within", arrangement->return_within};
}

const char *
rule_of_matter(const Arrangement *arrangement, const MatterRow *matter, Arena *arena)
{
    const RuleKey rule = matter->rung > 0 ? rung_key(arrangement, matter->rung, arena)
                                          : matter_key(arrangement, matter, arena);
    return rule_text(arena, arrangement, rule.key, rule.term, "");
}
