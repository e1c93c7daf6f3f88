// SPDX-License-Identifier: EUPL-1.2
// Finds the plans for `plan list` with --mine, --late or --unowned, and sorts them by urgency.
// Knows: the query's filters. Must never know: fields, names of persons, columns.
// Path: find_all looks at the asker's plans one after another (look_at) and puts those that are
// wanted on a heap; then tell_all takes the most urgent from the heap and makes its row, until the
// answer is full. Both stop when the time of the call is over and go on in the next. A plan is read
// as a decision reads it; records are read only for the rows that are told.
// The bookmark of this list is the urgency of the last row. Each page looks at every plan, since
// urgency changes with the time; a plan whose urgency changes between two pages may come twice, or
// on neither. A query without a limit looks at each plan once and tells it once.
#include "daemon/ledger/query/plan_list_urgent.h"

#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/query/participant_plans.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/urgency.h"
#include "daemon/ledger/query/urgent_row.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"

// Kept from one call of the query to the next.
typedef struct Search {
    uint64_t next; // the first plan that was not looked at
    bool ready;    // every plan was looked at
    Urgent *heap;  // no plan is more urgent than the one half-way before it
    size_t count;
    uint64_t told;   // the plan of the last row; 0: none
    uint64_t worker; // of --mine; 0: any worker
    Urgent after;    // the bookmark; of no plan: the beginning
} Search;

typedef struct Look {
    QueryContext *context;
    Search *search;
    Arena page; // of the plan at hand
} Look;

static void
heap_push(Search *search, Urgent urgent, Arena *arena)
{
    search->heap = arena_more(arena, search->heap, search->count, sizeof *search->heap);
    size_t at = search->count++;
    for (; at > 0 && urgent_compare(&urgent, &search->heap[(at - 1) / 2]) < 0; at = (at - 1) / 2)
        search->heap[at] = search->heap[(at - 1) / 2];
    search->heap[at] = urgent;
}

static Urgent
heap_pop(Search *search)
{
    const Urgent top = search->heap[0], last = search->heap[--search->count];
    size_t at = 0;
    for (size_t child = 1; child < search->count; child = 2 * at + 1) {
        if (child + 1 < search->count &&
            urgent_compare(&search->heap[child + 1], &search->heap[child]) < 0)
            child++;
        if (urgent_compare(&last, &search->heap[child]) <= 0)
            break;
        search->heap[at] = search->heap[child];
        at = child;
    }
    search->heap[at] = last;
    return top;
}

// The next plan to look at; 0: none. With --unowned alone, auditors and administrators search every
// plan; else the asker's plans count.
static uint64_t
next_plan(Look *look)
{
    const QueryContext *context = look->context;
    const bool auditor = context->row->auditor || context->row->administrator;
    const uint64_t next = look->search->next;
    if (!context->query->unowned || context->query->mine || !auditor)
        return participant_plan_from(context->ledger, context->partner, next);
    return next < context->ledger->counters.plan ? next : 0; // numbers are given out from 1
}

// A worker that is absent still counts as the coordinator.
static bool
is_workers(const PlanRow *row, uint32_t partner, uint64_t worker)
{
    if (row->coordinator == partner && row->coordinator_worker == worker)
        return true;
    return row->absence != NULL && row->absence->partner == partner &&
           row->absence->worker == worker;
}

static bool
is_mine(const Look *look, const Plan *plan)
{
    const uint32_t partner = look->context->partner;
    if (look->context->query->subject[0] == '\0')
        return plan_holder(plan) == partner;
    return look->search->worker != 0 && is_workers(&plan->row, partner, look->search->worker);
}

// The table of participants also lists plans that the asker has left, and those in which it is only
// a sender.
static bool
may_see(Look *look, const Plan *plan, const Urgent *urgent)
{
    const PartnerRow *row = look->context->row;
    if (urgent->kind != URGENT_NOTHING || row->auditor || row->administrator)
        return true;
    const View *view =
        view_load(look->context->ledger, look->context->partner, plan->row.plan, &look->page);
    return view != NULL && !view->sender;
}

static bool
is_wanted(Look *look, const Plan *plan, const Urgent *urgent)
{
    const Keten__V1__Query *query = look->context->query;
    if (query->mine && !is_mine(look, plan))
        return false;
    if (query->late && !urgent->late)
        return false;
    if (query->unowned && plan_unowned(look->context->ledger, plan) == NULL)
        return false;
    return query->mine || may_see(look, plan, urgent);
}

static void
look_at(Look *look, uint64_t number)
{
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&look->context->ledger->scratch);
    if (!ledger_plan(look->context->ledger, number, &look->page, &plan) ||
        plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    Urgent urgent = urgent_of(&plan, look->context->partner);
    if (urgent.kind == URGENT_NOTHING)
        urgent.due_ms = INT64_MAX;
    if (!is_wanted(look, &plan, &urgent))
        return;
    const Urgent *after = &look->search->after;
    if (after->plan == 0 || urgent_compare(&urgent, after) > 0)
        heap_push(look->search, urgent, look->context->kept);
}

static uint64_t
worker_number(const QueryContext *context)
{
    uint8_t token[TOKEN_BYTES];
    if (context->query->subject[0] == '\0')
        return 0;
    secret_worker_token(context->ledger->secrets, context->partner, context->query->subject, token);
    return state_number(context->ledger,
                        key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
}

static void
add_found(Look *look, const Urgent *urgent)
{
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&look->context->ledger->scratch);
    // A plan that cannot be read any more means damage; the ledger failed.
    if (ledger_plan(look->context->ledger, urgent->plan, &look->page, &plan))
        add_urgent_plan(look->context, &plan, urgent);
}

static Bookmark
bookmark_of(const Urgent *urgent)
{
    return (Bookmark){.part = {urgent->late, urgent->rung, (uint64_t)urgent->due_ms, urgent->plan}};
}

static Search *
search_of(QueryContext *context)
{
    if (context->held == NULL) {
        const uint64_t *at = context->at.part;
        Search *search = arena_take(context->kept, sizeof *search);
        *search = (Search){.next = 1,
                           .worker = worker_number(context),
                           .after = {.late = at[0] != 0,
                                     .rung = (uint32_t)at[1],
                                     .due_ms = (int64_t)at[2],
                                     .plan = at[3]}};
        context->held = search;
    }
    return context->held;
}

static void
find_all(Look *look)
{
    Search *search = look->search;
    do {
        const uint64_t plan = next_plan(look);
        search->ready = plan == 0;
        if (search->ready)
            return;
        look_at(look, plan);
        search->next = plan + 1;
    } while (!look->context->ledger->failed && !query_stops(look->context));
}

static void
tell_all(Look *look)
{
    QueryContext *context = look->context;
    Search *search = look->search;
    context->more = false;
    while (search->count > 0 && !context->more && !context->ledger->failed) {
        const Urgent urgent = heap_pop(search);
        // A plan is found once by its own number and once by each plan merged into it.
        if (urgent.plan == search->told)
            continue;
        search->told = urgent.plan;
        add_found(look, &urgent);
        context->at = bookmark_of(&urgent);
        query_stops(context);
    }
}

KtCode
query_urgent_plans(QueryContext *context)
{
    Look look = {.context = context, .search = search_of(context)};
    if (!look.search->ready)
        find_all(&look);
    if (look.search->ready)
        tell_all(&look);
    arena_done(&look.page);
    return KT_OK;
}
