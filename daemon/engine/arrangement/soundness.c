// SPDX-License-Identifier: EUPL-1.2
// Whether an arrangement can leave somebody waiting for ever. See soundness.h.
// Knows: the order of the rules. Must never know: files, lines.
//
// Path: names_resolve() first, then pieces_judge(), which needs no names. Links, chain and coverage
// follow names, and so run only when every name is declared.
// Failure modes: none; each fault of the arrangement is a finding.
#include "daemon/engine/arrangement/soundness.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/soundness_chain.h"
#include "daemon/engine/arrangement/soundness_coverage.h"
#include "daemon/engine/arrangement/soundness_links.h"
#include "daemon/engine/arrangement/soundness_names.h"
#include "daemon/engine/arrangement/soundness_pieces.h"

Findings
arrangement_findings(const Arrangement *arrangement, Arena *arena)
{
    ASSERT(arrangement != NULL && arena != NULL);
    Judge judge = {.arrangement = arrangement, .arena = arena};
    names_resolve(&judge);
    const bool resolved = judge.found.count == 0;
    pieces_judge(&judge);
    if (resolved) {
        links_judge(&judge);
        chain_judge(&judge);
        coverage_judge(&judge);
    }
    return judge.found;
}

const char *
arrangement_unsound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
                    const char **ret_path)
{
    const Findings findings = arrangement_findings(arrangement, arena);
    if (findings.count == 0)
        return NULL;
    *ret_path = findings.items[0].path;
    ASSERT(language == KT_NL || language == KT_EN);
    return findings.items[0].text[language - 1];
}
