// SPDX-License-Identifier: EUPL-1.2
// Loads from the state everything that the decision about a command may look at.
// Knows: the loader of each command (proto/commands.def). Must never know: which rule will read the
// context, BSNs.
// Path: context_command sets the actor, then calls the loader of the command. The loaders
// stand in context_subject.c, context_signal.c, context_member.c and context_delivery.c.
// Failure: false when the state is damaged and the ledger failed. A step, matter or plan that is
// not there leaves the context without it, and decide() refuses.
#include "daemon/ledger/context.h"

#include "base/assert.h"
#include "daemon/ledger/context_load.h"
#include "daemon/ledger/context_person.h"
#include "daemon/ledger/core.h"
#include "proto/commands.h"

static Loader
loader_of(Keten__V1__Command__BodyCase body)
{
    switch (body) {
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    case KETEN__V1__COMMAND__BODY_##NAME:                                                          \
        return load;
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)                    \
    case KETEN__V1__COMMAND__BODY_##NAME:                                                          \
        return load;
#include "proto/commands.def"
    case KETEN__V1__COMMAND__BODY__NOT_SET:
    case _KETEN__V1__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("command without a body");
}

bool
context_command(Ledger *ledger, uint32_t partner, const Command *command, const Checked *checked,
                Arena *arena, Context *context)
{
    const PartnerRow *row = ledger_partner(ledger, partner);
    ASSERT(row != NULL && checked != NULL);
    context->actor = partner;
    context->administrator = row->administrator;
    context->worker = worker_entry(ledger, partner, command->worker, arena);
    const Loading loading = {ledger, command, checked, command_number(command), arena, context};
    return loader_of(command->body_case)(&loading) && !ledger->failed;
}
