// SPDX-License-Identifier: EUPL-1.2
// The partner to which a signal about people who moved away is passed on. Knows: the section
// `moved-away`, kinds of partners. Must never know: plans, persons.
#include "daemon/files/arrangement_moved.h"

#include <string.h>

#include "daemon/files/arrangement_names.h"
#include "daemon/files/yaml_scalar.h"

typedef struct MovedForm {
    const Node *to;
    Term *within;
} MovedForm;

static bool
is_municipality(const Arrangement *arrangement, const char *name)
{
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (strcmp(arrangement->partners[i]->name, name) == 0)
            return arrangement->partners[i]->kind == KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY;
    return false;
}

void
read_moved_away(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"to", KEY_REQUIRED, read_node, offsetof(MovedForm, to)},
        {"within", KEY_REQUIRED, read_term, offsetof(MovedForm, within)},
    };
    MovedForm form = {0};
    (void)ret;
    if (!map_read(reader, node, KEYS(keys), &form) || form.to == NULL || form.within == NULL)
        return;
    Arrangement *out = form_of(reader)->out;
    char *to = NULL;
    read_partner_ref(reader, form.to, &to);
    if (to == NULL)
        return;
    if (!is_municipality(out, to)) {
        read_error(reader, form.to,
                   "'%s' is geen gemeente: noem een ketenpartner van de soort "
                   "municipality",
                   "'%s' is no municipality: name a partner of the kind municipality", to);
        return;
    }
    out->moved_away = arena_take(reader->arena, sizeof *out->moved_away);
    keten__v1__moved_away__init(out->moved_away);
    out->moved_away->to = to;
    out->moved_away->within = form.within;
}
