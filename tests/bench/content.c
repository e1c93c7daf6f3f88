// SPDX-License-Identifier: EUPL-1.2
// The arrangement and the signals of the benchmark. Knows: names, lengths, the 11-proef. Must never
// know: sockets, the daemon.
#include "tests/bench/content.h"

#include <string.h>
#include <time.h>

#include "base/assert.h"

#define KIND        "report"
#define FIELD       "body"
#define FOREVER     "36500d"
#define SOON        "1m"
#define STAMP_BYTES 16u // a letter for four bits, from `a` on

void
content_arrangement(FILE *to, unsigned receivers, bool terms)
{
    fprintf(to, "arrangement: bench\nversion: 1\n"
                "title: {nl: Meting, en: Benchmark}\ncalendar: nl\n"
                "purposes:\n  work: {basis: none, title: {nl: Werk, en: Work}}\n"
                "partners:\n  " CONTENT_SENDER ": {kind: corporation, purposes: [work]}\n");
    for (unsigned i = 1; i <= receivers; i++)
        fprintf(to, "  " CONTENT_RECEIVER ": {kind: %s, purposes: [work]%s}\n", i,
                i == 1 ? "municipality" : "other", i == 1 ? ", desk: true" : "");
    fprintf(to, "terms: {return-within: " FOREVER ", review-within: " FOREVER "}\n"
                "facts:\n  " KIND ":\n    crisis: true\n    fields:\n      " FIELD
                ": {type: text, for: [work]}\n"
                "  outcome:\n    final: true\n    fields:\n"
                "      done: {type: yes-no, for: [work]}\n"
                "steps:\n");
    for (unsigned i = 1; i <= receivers; i++)
        fprintf(to,
                "  work-%u: {owner: " CONTENT_RECEIVER ", needs: [" KIND "], gives: [outcome], "
                "wait-within: " FOREVER ", accept-within: %s, term: " FOREVER "}\n",
                i, i, terms && i == receivers ? SOON : FOREVER);
    fprintf(to, "links:\n");
    for (unsigned i = 1; i <= receivers; i++)
        fprintf(to, "  - {on: " KIND ", from: corporation, start: work-%u}\n", i);
    fprintf(to, "ladder:\n  - {level: city, partner: receiver-1, within: " FOREVER "}\n");
}

static uint64_t
throw_dice(Content *content)
{
    content->dice ^= content->dice << 13;
    content->dice ^= content->dice >> 7;
    content->dice ^= content->dice << 17;
    return content->dice;
}

uint32_t
content_throw(Content *content, uint32_t bound)
{
    return (uint32_t)(((throw_dice(content) >> 32) * bound) >> 32);
}

void
content_start(Content *ret, uint64_t seed)
{
    *ret = (Content){.dice = (seed + 1) * 0x9e3779b97f4a7c15u | 1};
    ret->field = (Keten__V1__Field)KETEN__V1__FIELD__INIT;
    ret->signal = (Keten__V1__Signal)KETEN__V1__SIGNAL__INIT;
    ret->command = (Keten__V1__Command)KETEN__V1__COMMAND__INIT;
    ret->field.name = (char *)(uintptr_t)FIELD;
    ret->field.value = ret->text;
    ret->fields[0] = &ret->field;
    ret->persons[0] = ret->bsn;
    ret->signal.kind = (char *)(uintptr_t)KIND;
    ret->signal.n_fields = 1;
    ret->signal.fields = ret->fields;
    ret->signal.n_persons = 1;
    ret->signal.persons = ret->persons;
    ret->command.worker = (char *)(uintptr_t) "bench";
    ret->command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    ret->command.signal = &ret->signal;
}

// Seven digits are the number; the eighth is the first that leaves a last digit below ten. The sum
// of 9 to 2 times the digits, less the last one, is a multiple of eleven.
static void
write_bsn(uint32_t household, char ret[10])
{
    uint32_t rest = 1000000 + household, sum = 0;
    ASSERT(rest < 10000000);
    for (uint32_t i = 7; i-- > 0; rest /= 10) {
        ret[i] = (char)('0' + rest % 10);
        sum += (9 - i) * (rest % 10);
    }
    uint32_t eighth = 0;
    while ((sum + 2 * eighth) % 11 == 10)
        eighth++;
    ret[7] = (char)('0' + eighth);
    ret[8] = (char)('0' + (sum + 2 * eighth) % 11);
    ret[9] = '\0';
}

// Six random bits a byte. The text has no digits: nine of them may pass for a citizen service
// number, and the daemon refuses these.
static void
write_text(Content *content, int64_t sent_ns)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;!?+=()-_";
    for (size_t i = 0; i < STAMP_BYTES; i++)
        content->text[i] = (char)('a' + (((uint64_t)sent_ns >> (4 * (STAMP_BYTES - 1 - i))) & 15));
    uint64_t bits = 0;
    for (size_t i = STAMP_BYTES; i < sizeof content->text - 1; i++, bits >>= 6) {
        if ((i - STAMP_BYTES) % 10 == 0)
            bits = throw_dice(content);
        content->text[i] = letters[bits & 63];
    }
    content->text[sizeof content->text - 1] = '\0';
}

const Keten__V1__Command *
content_make(Content *content, uint32_t household, int64_t sent_ns)
{
    write_bsn(household, content->bsn);
    write_text(content, sent_ns);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    content->command.occurred_at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return &content->command;
}

size_t
content_wire_bytes(const Keten__V1__Command *command, uint64_t number)
{
    uint8_t stream[16] = {0};
    Keten__V1__CommandId id = KETEN__V1__COMMAND_ID__INIT;
    id.stream = (ProtobufCBinaryData){.len = sizeof stream, .data = stream};
    id.number = number;
    Keten__V1__Command whole = *command;
    whole.id = &id;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_COMMAND;
    frame.command = &whole;
    return keten__v1__to_daemon__get_packed_size(&frame);
}

bool
content_read(const Keten__V1__Delivery *delivery, uint64_t *ret_fact, int64_t *ret_sent_ns)
{
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__FactView *fact = delivery->items[i]->fact;
        if (fact == NULL || !fact->signal || fact->n_fields != 1 ||
            strlen(fact->fields[0]->value) != sizeof((Content *)0)->text - 1)
            continue;
        uint64_t stamp = 0;
        for (size_t j = 0; j < STAMP_BYTES; j++)
            stamp = stamp << 4 | ((uint64_t)(fact->fields[0]->value[j] - 'a') & 15);
        *ret_fact = fact->fact;
        *ret_sent_ns = (int64_t)stamp;
        return true;
    }
    return false;
}
