// SPDX-License-Identifier: EUPL-1.2
// The acknowledgements, as the daemon counts them. Knows: an administrator's session and one query.
// Must never know: what publisher and receivers count.
#include "tests/bench/cursor.h"

#include <stdio.h>
#include <string.h>

#include "clients/lib/keten.h"
#include "tests/bench/content.h"

#define PATIENCE_MS 10000

keten *
cursor_open(const char *context, char *why, size_t why_size)
{
    const keten_options options = {.context = context,
                                   .software = "keten-bench/" KETEN_VERSION,
                                   .language = KETEN__V1__LANGUAGE__LANGUAGE_EN};
    keten *session = NULL;
    if (keten_open(&options, &session, why, why_size) != KETEN_OK)
        return NULL;
    const keten_result result = keten_connect(session, PATIENCE_MS);
    if (result == KETEN_OK)
        return session;
    snprintf(why, why_size, "administrator: %s",
             keten_result_text(result, KETEN__V1__LANGUAGE__LANGUAGE_EN));
    keten_close(session);
    return NULL;
}

void
cursor_close(keten *session)
{
    keten_close(session);
}

static const Keten__V1__Cell *
cell_of(const Keten__V1__Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i];
    return NULL;
}

static void
take_row(const Keten__V1__Row *row, uint32_t receivers, Cursors *ret)
{
    const Keten__V1__Cell *partner = cell_of(row, "partner");
    const Keten__V1__Cell *assigned = cell_of(row, "assigned");
    const Keten__V1__Cell *acknowledged = cell_of(row, "acknowledged");
    if (strcmp(row->kind, "partner") != 0 || !partner || !assigned || !acknowledged)
        return;
    for (uint32_t i = 0; i < receivers; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, CONTENT_RECEIVER, i + 1);
        if (strcmp(partner->text, name) != 0)
            continue;
        ret->assigned[i] = (uint64_t)assigned->number;
        ret->acknowledged[i] = (uint64_t)acknowledged->number;
        ret->count++;
    }
}

bool
cursor_read(keten *session, uint32_t receivers, Cursors *ret)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    keten_event event;
    bool more = true;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PARTNERS;
    *ret = (Cursors){0};
    if (keten_query(session, &query, NULL) != KETEN_OK)
        return false;
    while (more) {
        if (keten_next(session, PATIENCE_MS, &event) != KETEN_OK)
            return false;
        if (event.kind == KETEN_EVENT_REFUSAL || event.kind == KETEN_EVENT_LOST)
            return false;
        if (event.kind != KETEN_EVENT_ANSWER)
            continue;
        for (size_t i = 0; i < event.answer->n_rows; i++)
            take_row(event.answer->rows[i], receivers, ret);
        more = event.answer->more;
    }
    ret->at_ns = now_ns();
    return ret->count == receivers;
}

uint64_t
cursor_least(const Cursors *cursors)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < cursors->count; i++)
        if (cursors->acknowledged[i] < least)
            least = cursors->acknowledged[i];
    return cursors->count == 0 ? 0 : least;
}
