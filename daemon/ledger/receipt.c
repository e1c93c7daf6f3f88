// SPDX-License-Identifier: EUPL-1.2
// Makes receipts and refusals from a record alone, so that a command that comes again gets the same
// bytes. Knows: records, pseudonyms. Must never know: when the answer is asked for.
// Path: answer_record for a record, answer_refusal for a refusal that left no record.
#include "daemon/ledger/receipt.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/histories.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/tag.h"
#include "proto/message.h"

static Keten__V1__CommandId *
id_copy(ProtobufCBinaryData stream, uint64_t number, Arena *arena)
{
    Keten__V1__CommandId *id = NEW(arena, Keten__V1__CommandId, command_id);
    if (stream.len > 0)
        id->stream = (ProtobufCBinaryData){stream.len,
                                           (uint8_t *)arena_copy(arena, stream.data, stream.len)};
    id->number = number;
    return id;
}

static Keten__V1__Refusal *
refusal_make(KtCode code, const char *field, const char *detail, KtLanguage language, Arena *arena)
{
    const KtError *error = error_find(code);
    ASSERT(error != NULL);
    Keten__V1__Refusal *refusal = NEW(arena, Keten__V1__Refusal, refusal);
    const size_t size = strlen(error->text[language - 1]) + strlen(detail) + 1;
    refusal->code = code;
    refusal->text = error_text(code, language, detail, arena_take(arena, size), size);
    refusal->field = arena_text(arena, field);
    refusal->retryable = error->kind == KT_KIND_TRANSIENT;
    return refusal;
}

Answer
answer_refusal(const Command *command, KtCode code, const char *field, const char *detail,
               KtLanguage language, Arena *arena)
{
    ASSERT(command != NULL && code != KT_OK);
    Keten__V1__Refusal *refusal = refusal_make(code, field, detail, language, arena);
    if (command->id != NULL)
        refusal->id = id_copy(command->id->stream, command->id->number, arena);
    return (Answer){.refusal = refusal};
}

char *
answer_pseudonym(Ledger *ledger, uint32_t partner, uint64_t person, Arena *arena)
{
    const Keten__V1__PersonRow *row =
        ROW(ledger, key_u64(key_of(TABLE_PERSON), person), person_row, &ledger->scratch);
    if (row == NULL || row->token.len != TOKEN_BYTES)
        return unconst("");
    char *pseudonym = arena_take(arena, 24);
    secret_pseudonym(ledger->secrets, partner, row->token.data, pseudonym);
    return pseudonym;
}

const StepRow *
record_step(const Record *record, uint64_t step)
{
    const Head *head = record->head;
    for (size_t i = head->n_events; i > 0; i--) {
        const Event *event = head->events[i - 1];
        if (event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED &&
            event->step_changed->row->step == step)
            return event->step_changed->row;
    }
    return NULL;
}

const MatterRow *
record_matter(const Record *record, uint64_t matter)
{
    const Head *head = record->head;
    for (size_t i = head->n_events; i > 0; i--) {
        const Event *event = head->events[i - 1];
        if (event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED &&
            event->matter_changed->row->matter == matter)
            return event->matter_changed->row;
    }
    return NULL;
}

static bool
step_told(const Keten__V1__Receipt *receipt, uint64_t step)
{
    for (size_t i = 0; i < receipt->n_steps; i++)
        if (receipt->steps[i]->step == step)
            return true;
    return false;
}

// Each step once, in the order in which the record first touches them, as it stands after the
// record.
static void
receipt_steps(Keten__V1__Receipt *receipt, const Record *record, Arena *arena)
{
    const Head *head = record->head;
    receipt->steps = arena_take(arena, (head->n_events + 1) * sizeof *receipt->steps);
    for (size_t i = 0; i < head->n_events; i++) {
        if (head->events[i]->body_case != KETEN__V1__EVENT__BODY_STEP_CHANGED)
            continue;
        const StepRow *row = record_step(record, head->events[i]->step_changed->row->step);
        if (step_told(receipt, row->step))
            continue;
        Keten__V1__StepRef *ref = NEW(arena, Keten__V1__StepRef, step_ref);
        ref->step = row->step;
        ref->version = row->version;
        ref->kind = arena_text(arena, row->kind);
        ref->state = row->state;
        receipt->steps[receipt->n_steps++] = ref;
    }
}

static bool
matter_told(const Keten__V1__Receipt *receipt, uint64_t matter)
{
    for (size_t i = 0; i < receipt->n_matters; i++)
        if (receipt->matters[i]->matter == matter)
            return true;
    return false;
}

static void
receipt_matters(Keten__V1__Receipt *receipt, const Record *record, bool outside, Arena *arena)
{
    const Head *head = record->head;
    receipt->matters = arena_take(arena, (head->n_events + 1) * sizeof *receipt->matters);
    for (size_t i = 0; i < head->n_events; i++) {
        if (head->events[i]->body_case != KETEN__V1__EVENT__BODY_MATTER_CHANGED)
            continue;
        const MatterRow *row = record_matter(record, head->events[i]->matter_changed->row->matter);
        if (matter_told(receipt, row->matter) || (outside && row->raised_by != head->partner))
            continue;
        Keten__V1__MatterRef *ref = NEW(arena, Keten__V1__MatterRef, matter_ref);
        ref->matter = row->matter;
        ref->version = row->version;
        ref->kind = row->kind;
        ref->open = row->open;
        receipt->matters[receipt->n_matters++] = ref;
    }
}

static void
receipt_opened(Ledger *ledger, Keten__V1__Receipt *receipt, const Head *head, Arena *arena)
{
    const Opened *opened = head->opened;
    if (opened == NULL)
        return;
    receipt->opened = opened->plan;
    receipt->other_plan = opened->other_plan;
    receipt->fact = opened->fact;
    receipt->outcome = arena_text(arena, opened->outcome);
    // The plan that the household went on to is not told to the sender.
    if (opened->outcome[0] != '\0')
        receipt->plan = 0;
    receipt->persons = arena_take(arena, (opened->n_persons + 1) * sizeof *receipt->persons);
    for (size_t i = 0; i < opened->n_persons; i++)
        receipt->persons[receipt->n_persons++] =
            answer_pseudonym(ledger, head->partner, opened->persons[i], arena);
}

Answer
answer_record(Ledger *ledger, const Record *record, uint64_t position, const Hash *leaf,
              KtLanguage language, Arena *arena)
{
    const Head *head = record->head;
    ASSERT(head->command != NULL && leaf != NULL);
    Keten__V1__CommandId *id = id_copy(head->command->stream, head->command->number, arena);
    if (head->refused != NULL) {
        Keten__V1__Refusal *refusal =
            refusal_make((KtCode)head->refused->code, head->refused->field, head->refused->detail,
                         language, arena);
        refusal->id = id;
        refusal->position = position;
        return (Answer){.refusal = refusal};
    }
    Keten__V1__Receipt *receipt = NEW(arena, Keten__V1__Receipt, receipt);
    receipt->id = id;
    receipt->position = position;
    receipt->leaf =
        (ProtobufCBinaryData){HASH_BYTES, (uint8_t *)arena_copy(arena, leaf->bytes, HASH_BYTES)};
    uint8_t *tag = arena_take(arena, RECEIPT_TAG_BYTES);
    tag_receipt(ledger, head->partner, histories_at(ledger, position), position, leaf->bytes, tag);
    receipt->tag = (ProtobufCBinaryData){RECEIPT_TAG_BYTES, tag};
    const uint64_t sender_plan = head->opened == NULL ? 0 : head->opened->sender_plan;
    receipt->plan = sender_plan != 0 ? sender_plan : head->plan;
    receipt->recorded_at_ms = head->at_ms;
    if (sender_plan == 0)
        receipt_steps(receipt, record, arena);
    receipt_matters(receipt, record, sender_plan != 0, arena);
    receipt_opened(ledger, receipt, head, arena);
    return (Answer){.receipt = receipt};
}
