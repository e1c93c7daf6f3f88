// SPDX-License-Identifier: EUPL-1.2
// keten-corporation: a housing corporation's arrears on their way to the chain. Knows: this
// partner's forms of input. Must never know: sockets, other partners' forms.
#include "clients/corporation/arrears.h"

int
main(int argc, char **argv)
{
    static const Connector connector = {
        .program = "keten-corporation",
        .read_json = arrears_read_json,
        .read_csv = arrears_read_csv,
    };
    return connector_main(argc, argv, &connector);
}
