// SPDX-License-Identifier: EUPL-1.2
// verify, handovers, digest, arrangement check and show. Knows: a store that nobody writes. Must
// never know: how it is read.
#include "daemon/offline/offline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"
#include "daemon/files/arrangement.h"
#include "daemon/files/file_read.h"
#include "daemon/ledger/ledger.h"
#include "daemon/ledger/query/query.h"
#include "daemon/offline/json.h"

typedef struct Offline {
    const Log *log;
    Arena arena;
    Ledger *ledger;
    Secrets *secrets;
    const char *path; // the directory or file named
    bool matrix;
    int64_t from_ms, to_ms;
} Offline;

typedef KtCode (*OfflineWork)(Offline *offline, Fault *fault);

// ---- a store ------------------------------------------------------------------------------------

// `snapshot`: also what the daemon derived, as it lies there; else everything is derived anew in
// memory.
static KtCode
open_store(Offline *offline, bool snapshot, Fault *fault)
{
    Journal *journal = NULL;
    State *state = NULL;
    const char *rows = arena_format(&offline->arena, "%s/state", offline->path);
    const JournalFilesOptions files = {
        .directory = arena_format(&offline->arena, "%s/journal", offline->path), .read_only = true};
    const StateOptions options = {.directory = snapshot && access(rows, F_OK) == 0 ? rows : NULL,
                                  .read_only = true};
    if (access(files.directory, F_OK) != 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: no store (no journal/ in it)",
                         offline->path);
    KtCode code = journal_files_open(&files, &journal, fault);
    if (code == KT_OK && (code = state_open(&options, &state, fault)) != KT_OK)
        journal_done(journal);
    if (code != KT_OK)
        return code;
    // Nobody is asked about persons here: the real keys are not needed, and stay where they are.
    offline->secrets = secrets_of_seed(0);
    return ledger_open(
        &(LedgerOptions){
            .journal = journal, .state = state, .secrets = offline->secrets, .offline = true},
        &offline->ledger, fault);
}

static void
show_progress(void *caller, const char *what, uint64_t done, uint64_t of)
{
    (void)caller;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s %llu/%llu", what, (unsigned long long)done, (unsigned long long)of);
}

static KtCode
do_verify(Offline *offline, Fault *fault)
{
    VerifyReport report;
    char digest[2 * HASH_BYTES + 1];
    KtCode code = open_store(offline, true, fault);
    if (code == KT_OK)
        code = ledger_verify(offline->ledger, show_progress, NULL, &report, fault);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    if (code != KT_OK)
        return code;
    text_hex(report.digest.bytes, sizeof report.digest.bytes, digest);
    json_print(stdout,
               json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "verify", "ok", "records",
                         (json_int_t)report.records, "rows", (json_int_t)report.rows, "plans",
                         (json_int_t)report.plans, "open_plans", (json_int_t)report.open_plans,
                         "open_steps", (json_int_t)report.open_steps, "deliveries",
                         (json_int_t)report.deliveries, "digest", digest));
    return KT_OK;
}

static KtCode
do_digest(Offline *offline, Fault *fault)
{
    Hash digest;
    char text[2 * HASH_BYTES + 1];
    KtCode code = open_store(offline, false, fault);
    if (code == KT_OK && (code = state_digest(ledger_state(offline->ledger), &digest)) != KT_OK)
        *fault = *state_fault(ledger_state(offline->ledger));
    if (code != KT_OK)
        return code;
    text_hex(digest.bytes, sizeof digest.bytes, text);
    puts(text);
    return KT_OK;
}

// ---- handovers ----------------------------------------------------------------------------------

static const Keten__V1__Cell *
cell_of(const Keten__V1__Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i];
    return NULL;
}

static const char *
text_of_cell(const Keten__V1__Row *row, const char *name)
{
    const Keten__V1__Cell *cell = cell_of(row, name);
    return cell && cell->value_case == KETEN__V1__CELL__VALUE_TEXT ? cell->text : "";
}

// Work that passed from one partner to another. A first assignment and a stay within one partner
// are listed, but do not count here.
static bool
passed_on(const Keten__V1__Row *row)
{
    const Keten__V1__Cell *opening = cell_of(row, "opening");
    return !(opening && opening->value_case == KETEN__V1__CELL__VALUE_FLAG && opening->flag) &&
           strcmp(text_of_cell(row, "outcome"), "accepted") == 0 &&
           strcmp(text_of_cell(row, "from"), text_of_cell(row, "to")) != 0;
}

static int
by_pair(const void *left, const void *right)
{
    const Keten__V1__Row *a = *(Keten__V1__Row *const *)left, *b = *(Keten__V1__Row *const *)right;
    const int from = strcmp(text_of_cell(a, "from"), text_of_cell(b, "from"));
    return from ? from : strcmp(text_of_cell(a, "to"), text_of_cell(b, "to"));
}

static void
print_matrix(Offline *offline, const QueryRows *rows)
{
    Keten__V1__Row **kept =
        arena_take(&offline->arena, (rows->count + 1) * sizeof(Keten__V1__Row *));
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (passed_on(rows->rows[i]))
            kept[count++] = rows->rows[i];
    qsort(kept, count, sizeof *kept, by_pair);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && by_pair(&kept[first], &kept[next]) == 0;)
            next++;
        json_print(stdout,
                   json_pack("{s:s, s:s, s:I}", "from", text_of_cell(kept[first], "from"), "to",
                             text_of_cell(kept[first], "to"), "count", (json_int_t)(next - first)));
    }
}

static KtCode
do_handovers(Offline *offline, Fault *fault)
{
    QueryRows rows = {0};
    KtCode code = open_store(offline, true, fault);
    if (code != KT_OK)
        return code;
    code =
        ledger_handovers(offline->ledger, offline->from_ms, offline->to_ms, &offline->arena, &rows);
    if (code != KT_OK)
        return fault_set(fault, code, "%s: handovers", offline->path);
    if (offline->matrix)
        print_matrix(offline, &rows);
    for (size_t i = 0; !offline->matrix && i < rows.count; i++)
        json_print(stdout, json_of_row(rows.rows[i]));
    return KT_OK;
}

// ---- an arrangement file ------------------------------------------------------------------------

// NULL after its errors have been told; *ret_code says why.
static const Arrangement *
read_arrangement(Offline *offline, KtCode *ret_code, Fault *fault)
{
    char *bytes;
    size_t length;
    FileErrors errors = {0};
    const Arrangement *arrangement = NULL;
    *ret_code = file_read(offline->path, &offline->arena, &bytes, &length, fault);
    if (*ret_code != KT_OK)
        return NULL;
    *ret_code = arrangement_read(bytes, length, NULL, 0, &offline->arena, &arrangement, &errors);
    if (*ret_code == KT_OK)
        return arrangement;
    log_text(offline->log, LOG_LEVEL_ERROR,
             file_errors_text(offline->path, &errors, *ret_code, offline->log->language,
                              &offline->arena));
    return NULL;
}

static KtCode
do_check(Offline *offline, Fault *fault)
{
    KtCode code;
    const Arrangement *arrangement = read_arrangement(offline, &code, fault);
    if (arrangement)
        printf("%s: %s %u: OK\n", offline->path, arrangement->name, arrangement->version);
    return code;
}

static KtCode
do_show(Offline *offline, Fault *fault)
{
    KtCode code;
    const Arrangement *arrangement = read_arrangement(offline, &code, fault);
    if (arrangement)
        json_print(stdout, json_of_message(&arrangement->base));
    return code;
}

// ---- the commands -------------------------------------------------------------------------------

typedef struct OfflineRow {
    const char *first, *second; // the words that name it; second NULL: one word
    OfflineWork work;
    bool ranged; // takes --matrix, --from, --to
} OfflineRow;

static const OfflineRow offline_table[] = {
    {"verify", NULL, do_verify, false},      {"digest", NULL, do_digest, false},
    {"handovers", NULL, do_handovers, true}, {"arrangement", "check", do_check, false},
    {"arrangement", "show", do_show, false},
};

static const OfflineRow *
find_row(int count, char **words)
{
    for (size_t i = 0; i < sizeof offline_table / sizeof offline_table[0]; i++) {
        const OfflineRow *row = &offline_table[i];
        if (strcmp(words[0], row->first) == 0 &&
            (!row->second || (count > 1 && strcmp(words[1], row->second) == 0)))
            return row;
    }
    return NULL;
}

static KtCode
take_instant(int64_t *ret, const char *word, Fault *fault)
{
    if (word && instant_parse(text_of(word), ret))
        return KT_OK;
    return fault_set(fault, KT_USAGE, "'%s': ISO 8601", word ? word : "");
}

static KtCode
take_words(Offline *offline, const OfflineRow *row, int count, char **words, Fault *fault)
{
    KtCode code = KT_OK;
    for (int i = row->second ? 2 : 1; i < count && code == KT_OK; i++) {
        const char *word = words[i];
        if (row->ranged && strcmp(word, "--matrix") == 0)
            offline->matrix = true;
        else if (row->ranged && strcmp(word, "--from") == 0)
            code = take_instant(&offline->from_ms, i + 1 < count ? words[++i] : NULL, fault);
        else if (row->ranged && strcmp(word, "--to") == 0)
            code = take_instant(&offline->to_ms, i + 1 < count ? words[++i] : NULL, fault);
        else if (word[0] != '-' && !offline->path)
            offline->path = word;
        else
            code = fault_set(fault, KT_USAGE, "--offline %s: '%s'", row->first, word);
    }
    if (code == KT_OK && !offline->path)
        code = fault_set(fault, KT_USAGE, "--offline %s: DIR|FILE", row->first);
    return code;
}

static void
offline_done(Offline *offline)
{
    if (offline->ledger)
        ledger_done(offline->ledger);
    if (offline->secrets)
        secrets_done(offline->secrets);
    arena_done(&offline->arena);
}

int
offline_run(int count, char **words, const Log *log)
{
    Offline offline = {.log = log, .from_ms = INT64_MIN};
    Fault fault = {.code = KT_OK};
    const OfflineRow *row = find_row(count, words);
    KtCode code = row ? take_words(&offline, row, count, words, &fault)
                      : fault_set(&fault, KT_USAGE, "--offline '%s'", words[0]);
    code = code == KT_OK ? row->work(&offline, &fault) : code;
    if (fault.code != KT_OK)
        log_fault(log, &fault);
    offline_done(&offline);
    return code == KT_OK ? 0 : error_find(code)->exit;
}
