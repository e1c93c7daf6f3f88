// SPDX-License-Identifier: EUPL-1.2
// The pause that a city has agreed on: its longest length, its actions, and the partners that each
// action concerns. Knows: the section `pause`. Must never know: steps, plans.
#include "daemon/files/arrangement_pause.h"

#include "daemon/files/arrangement_names.h"
#include "daemon/files/yaml_scalar.h"
#include "proto/limits.h"

typedef struct PauseForm {
    Term *at_most, *acknowledge_within;
    const Node *actions;
} PauseForm;

static void
action_entry(Reader *reader, const Node *key, const Node *node, void *into)
{
    Keten__V1__Pause *pause = into;
    Keten__V1__Action *action = arena_take(reader->arena, sizeof *action);
    keten__v1__action__init(action);
    action->name = arena_text(reader->arena, key->text);
    pause->actions[pause->n_actions++] = action;
    if (!list_check(reader, node, LIMIT_PARTNERS_PER_ARRANGEMENT))
        return;
    if (node->count == 0)
        read_error(reader, node, "wie doet '%s'? noem ten minste één ketenpartner",
                   "who does '%s'? name at least one partner", key->text);
    action->partners = arena_take(reader->arena, (node->count + 1) * sizeof(char *));
    for (size_t i = 0; i < node->count; i++) {
        char *partner = NULL;
        read_partner_ref(reader, node->items[i], &partner);
        if (partner != NULL)
            action->partners[action->n_partners++] = partner;
    }
}

void
read_pause(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"at-most", KEY_REQUIRED, read_term, offsetof(PauseForm, at_most)},
        {"acknowledge-within", KEY_REQUIRED, read_term, offsetof(PauseForm, acknowledge_within)},
        {"actions", KEY_REQUIRED, read_node, offsetof(PauseForm, actions)},
    };
    PauseForm form = {0};
    (void)ret;
    if (!map_read(reader, node, KEYS(keys), &form) || form.actions == NULL)
        return;
    Keten__V1__Pause *pause = arena_take(reader->arena, sizeof *pause);
    keten__v1__pause__init(pause);
    pause->at_most = form.at_most;
    pause->acknowledge_within = form.acknowledge_within;
    pause->actions = arena_take(reader->arena, (form.actions->count + 1) * sizeof *pause->actions);
    entries_read(reader, form.actions, LIMIT_ACTIONS_PER_PAUSE, action_entry, pause);
    form_of(reader)->out->pause = pause;
}
