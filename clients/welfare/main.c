// SPDX-License-Identifier: EUPL-1.2
// keten-welfare: home visits and worries on their way to the chain. Knows: this partner's forms of
// input. Must never know: sockets, other partners' forms.
#include "clients/welfare/intake_form.h"

int
main(int argc, char **argv)
{
    static const Connector connector = {
        .program = "keten-welfare",
        .read_json = intake_form_read_json,
        .read_csv = intake_form_read_csv,
    };
    return connector_main(argc, argv, &connector);
}
