// SPDX-License-Identifier: EUPL-1.2
// See load.h. A partner and an arrangement in canonical form, compared with what is in force.
// Knows: keys, versions. Must never know: files.
//
// The path: order_load_partner → file_was_taken → key_taken → its event → let_fall_back for a
// partner that is revoked now. order_load_arrangement → its partners → against_present → its desk →
// its event.
#include "daemon/engine/handlers/load.h"

#include <string.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/shared.h"
#include "proto/limits.h"
#include "proto/message.h"

static bool
equal(Arena *arena, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const ProtobufCBinaryData left = message_pack(a, arena);
    const ProtobufCBinaryData right = message_pack(b, arena);
    return left.len == right.len && (left.len == 0 || memcmp(left.data, right.data, left.len) == 0);
}

static const char *
key_taken(const Context *context, const PartnerRow *row)
{
    for (size_t p = 0; p < context->agreed.partner_count; p++) {
        const PartnerRow *other = context->agreed.partners[p].row;
        if (strcmp(other->name, row->name) == 0)
            continue;
        for (size_t i = 0; i < other->n_keys; i++)
            for (size_t j = 0; j < row->n_keys; j++)
                if (other->keys[i]->key.len == row->keys[j]->key.len &&
                    memcmp(other->keys[i]->key.data, row->keys[j]->key.data,
                           row->keys[j]->key.len) == 0)
                    return other->name;
    }
    return NULL;
}

// Opens the work that takes everything in which the revoked partner must move from it, one record
// per plan. A desk goes too: in an emergency its keys must be shut at once.
static void
let_fall_back(Draft *draft, uint32_t partner)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_WORK_OPENED;
    event.work_opened = NEW(draft->arena, Keten__V1__WorkOpened, work_opened);
    event.work_opened->row = NEW(draft->arena, WorkRow, work_row);
    event.work_opened->row->work = draft->counters.work++;
    event.work_opened->row->kind = KETEN__V1__WORK_KIND__WORK_REVOKED;
    event.work_opened->row->partner = partner;
    draft->numbered = true;
    draft_event(draft, &event);
}

static const PartnerRow *
recorded_row(const Context *context, const char *name)
{
    const uint32_t number = partner_number(context, name);
    return number == 0 ? NULL : context->agreed.partners[number - 1].row;
}

// A file of partners.d that was taken before says nothing new, so a load that came after it stands.
static bool
file_was_taken(const Context *context, const PartnerRow *row)
{
    const PartnerRow *known = recorded_row(context, row->name);
    return context->key == NULL && known != NULL && row->file.len > 0 &&
           known->file.len == row->file.len &&
           memcmp(known->file.data, row->file.data, row->file.len) == 0;
}

// The row as it is recorded. An administrator's load keeps the hash of the file taken last.
static PartnerRow *
row_to_keep(Draft *draft, const PartnerRow *row)
{
    const PartnerRow *known = recorded_row(draft->context, row->name);
    PartnerRow *kept = NEW(draft->arena, PartnerRow, partner_row);
    *kept = *row;
    kept->partner = known == NULL ? 0 : known->partner;
    if (draft->context->key != NULL)
        kept->file = known == NULL ? (ProtobufCBinaryData){0} : known->file;
    return kept;
}

Result
order_load_partner(Draft *draft, const Order *order)
{
    const PartnerRow *row = order->partner_row;
    const Context *context = draft->context;
    if (file_was_taken(context, row))
        return ALLOWED;
    const char *taken = key_taken(context, row);
    if (taken != NULL)
        return refuse(KT_PARTNER_KEY, "keys", taken);
    PartnerRow *kept = row_to_keep(draft, row);
    if (kept->partner != 0 &&
        equal(draft->arena, &kept->base, &context->agreed.partners[kept->partner - 1].row->base))
        return ALLOWED; // in force already
    const bool goes = kept->revoked && kept->partner != 0 &&
                      !context->agreed.partners[kept->partner - 1].row->revoked;
    if (kept->partner == 0) {
        if (context->agreed.partner_count >= LIMIT_PARTNERS)
            return refuse(KT_LIMIT, "partners", "partners");
        kept->partner = draft->counters.partner++;
        draft->numbered = true;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PARTNER_LOADED;
    event.partner_loaded = NEW(draft->arena, Keten__V1__PartnerLoaded, partner_loaded);
    event.partner_loaded->row = kept;
    draft_event(draft, &event);
    if (goes)
        let_fall_back(draft, kept->partner);
    return ALLOWED;
}

static Result
against_present(Draft *draft, const Arrangement *arrangement, bool *ret_nothing)
{
    const ArrangementEntry *present = arrangement_in_force(draft->context, arrangement->name);
    if (present == NULL || arrangement->version > present->content->version)
        return ALLOWED;
    const bool local = draft->context->key == NULL;
    const char *what = arena_format(draft->arena, "%s %u", arrangement->name, arrangement->version);
    if (arrangement->version < present->content->version && !local)
        return refuse(KT_ARRANGEMENT_OLDER, "version", what);
    if (arrangement->version == present->content->version &&
        !equal(draft->arena, &arrangement->base, &present->content->base))
        return refuse(KT_ARRANGEMENT_VERSION, "version", what);
    *ret_nothing = true;
    return ALLOWED;
}

Result
order_load_arrangement(Draft *draft, const Order *order)
{
    const Arrangement *arrangement = order->arrangement;
    bool nothing = false;
    for (size_t i = 0; i < arrangement->n_partners; i++)
        if (partner_number(draft->context, arrangement->partners[i]->name) == 0)
            return refuse(KT_ARRANGEMENT_PARTNER, "partners", arrangement->partners[i]->name);
    // First, because the file of an arrangement whose desk was revoked is read at each start.
    const Result result = against_present(draft, arrangement, &nothing);
    if (result.code != KT_OK || nothing)
        return result;
    const ArrangementPartner *desk = agreement_desk(arrangement);
    if (desk != NULL &&
        partner_is_revoked(draft->context, partner_number(draft->context, desk->name)))
        return refuse(KT_PARTNER_REVOKED, "partners", desk->name);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_ARRANGEMENT_LOADED;
    event.arrangement_loaded = NEW(draft->arena, Keten__V1__ArrangementLoaded, arrangement_loaded);
    event.arrangement_loaded->arrangement = draft->counters.arrangement++;
    draft->numbered = true;
    event.arrangement_loaded->content = (Arrangement *)(uintptr_t)arrangement;
    draft_event(draft, &event);
    return ALLOWED;
}
