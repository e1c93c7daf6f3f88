// SPDX-License-Identifier: EUPL-1.2
// keten-municipality: results of early-signal cases and debt help on their way to the chain. Knows:
// this partner's forms of input. Must never know: sockets, other partners' forms.
#include "clients/municipality/cases.h"

int
main(int argc, char **argv)
{
    static const Connector connector = {
        .program = "keten-municipality",
        .read_json = cases_read_json,
        .read_csv = cases_read_csv,
    };
    return connector_main(argc, argv, &connector);
}
