// SPDX-License-Identifier: EUPL-1.2
// See snapshot_check.h. Knows: LMDB's two trees, the hash of a row, the sums. Must never know: the
// layers above, what a row means.
// The path: snapshot_check reads the meta pages, walks the tree of free pages and the tree of rows
// (check_tree, check_page), and compares what it met with what the meta pages and the meta row say
// (check_counts, check_sums). Each page has one use, keys ascend over the whole tree and fit the
// branches above them, and each row fits its hash. A finding may lie in memory and not on the disk,
// so the file is then read once more from the disk, and the second result counts.
#include "store/state/snapshot_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"
#include "base/text.h"
#include "store/hash.h"
#include "store/state/ordered_map.h"
#include "store/state/page_file.h"
#include "store/state/snapshot_lmdb.h"
#include "store/state/snapshot_value.h"

#define DEPTH_MOST     32
#define PAGES_MOST     UINT32_MAX // the bits of `seen` stay in memory
#define CHANGES_MOST   5          // for a reader beside a daemon that runs
#define PROGRESS_PAGES 4096       // pages between two calls of progress

typedef struct Check {
    PageFile file;
    PageMeta meta;
    uint64_t file_pages; // the length of the file
    uint64_t read_pages;
    uint8_t *seen;  // a bit for each page: it has a use
    uint8_t *pages; // one page for each depth
    uint8_t *large; // a large value
    size_t large_room;
    bool numbers;  // the keys of this tree are numbers: the tree of free pages
    PageTree met;  // what was counted in this tree
    PageNode last; // the key before it, in `last_key`; without a key: none
    uint8_t last_key[UINT16_MAX];
    bool may_equal; // `last` is the bound of a branch: the next key may be equal
    Hasher *hasher;
    TableSums sums;   // of the rows that were met
    TableSums stored; // of the meta row
    bool has_meta;
    uint64_t rows;
    const StateOptions *options;
    Fault *fault;
} Check;

static KtCode
page_wrong(Check *check, uint64_t number, const char *what)
{
    return fault_set(check->fault, KT_STATE_DAMAGED, "data.mdb, page %" PRIu64 ": %s", number,
                     what);
}

// Counts a page as used; a page with a second use is wrong.
static KtCode
take_page(Check *check, uint64_t number)
{
    if (number < 2 || number > check->meta.last)
        return page_wrong(check, number, "it lies outside the file");
    uint8_t *byte = &check->seen[number / 8];
    const uint8_t bit = (uint8_t)(1u << (number % 8));
    if ((*byte & bit) != 0)
        return page_wrong(check, number, "it is used twice");
    *byte |= bit;
    return KT_OK;
}

static KtCode
read_pages(Check *check, uint64_t number, uint64_t count, uint8_t *into)
{
    const StateOptions *options = check->options;
    check->read_pages += count;
    if (options->progress != NULL && check->read_pages % PROGRESS_PAGES < count)
        options->progress(options->caller, check->read_pages, check->file_pages);
    return page_file_read(&check->file, number, count, into, check->fault);
}

static int
compare_keys(const Check *check, const PageNode *a, const PageNode *b)
{
    uint64_t left, right;
    if (!check->numbers)
        return key_compare(a->key, a->key_length, b->key, b->key_length);
    memcpy(&left, a->key, sizeof left);
    memcpy(&right, b->key, sizeof right);
    return (left > right) - (left < right);
}

// Keys ascend. The bound of a branch lies behind every key before it, and the next key may be it.
static KtCode
take_key(Check *check, uint64_t number, const PageNode *node, bool bound)
{
    if (node->key_length == 0 || (check->numbers && node->key_length != sizeof(uint64_t)))
        return page_wrong(check, number, "an impossible key");
    const int order = check->last.key == NULL ? -1 : compare_keys(check, &check->last, node);
    if (order > 0 || (order == 0 && !check->may_equal))
        return page_wrong(check, number, "a key out of order");
    memcpy(check->last_key, node->key, node->key_length);
    check->last = (PageNode){.key = check->last_key, .key_length = node->key_length};
    check->may_equal = bound;
    return KT_OK;
}

// Reads a large value and gives its bytes.
static KtCode
read_large(Check *check, PageNode *node)
{
    const uint32_t page_bytes = check->file.page_bytes;
    uint64_t pages = (PAGE_HEADER_BYTES - 1 + node->value_length) / page_bytes + 1;
    KtCode code = KT_OK;
    for (uint64_t i = 0; i < pages && code == KT_OK; i++)
        code = take_page(check, node->page + i);
    if (code != KT_OK)
        return code;
    check->large = array_grow(check->large, &check->large_room, (size_t)pages * page_bytes, 1,
                              "a large value");
    code = read_pages(check, node->page, pages, check->large);
    if (code != KT_OK)
        return code;
    const char *wrong =
        page_large(check->large, page_bytes, node->page, node->value_length, &pages);
    if (wrong != NULL)
        return page_wrong(check, node->page, wrong);
    check->met.larges += pages;
    node->value = check->large + PAGE_HEADER_BYTES;
    return KT_OK;
}

static KtCode
row_wrong(Check *check, const PageNode *node, const char *what)
{
    char hex[2 * KEY_MAX + 1] = "";
    const size_t length = node->key_length < KEY_MAX ? node->key_length : KEY_MAX;
    text_hex(node->key, length, hex);
    return fault_set(check->fault, KT_STATE_DAMAGED, "state row %s: %s", hex, what);
}

static KtCode
take_row(Check *check, const PageNode *node)
{
    uint8_t hash[VALUE_HASH_BYTES];
    if (node->key_length > KEY_MAX || node->value_length < VALUE_HASH_BYTES)
        return row_wrong(check, node, "its value is too short");
    const MDB_val key = {.mv_size = node->key_length, .mv_data = (void *)(uintptr_t)node->key};
    const uint8_t *bytes = node->value + VALUE_HASH_BYTES;
    const size_t length = node->value_length - VALUE_HASH_BYTES;
    value_hash(check->hasher, &key, bytes, length, hash);
    if (memcmp(hash, node->value, sizeof hash) != 0)
        return row_wrong(check, node, "its value does not fit its hash");
    if (node->key_length == sizeof snapshot_meta_key && node->key[0] == snapshot_meta_key[0]) {
        MetaRow meta;
        const KtCode code = meta_decode(bytes, length, &meta, check->fault);
        check->stored = meta.sums;
        check->has_meta = true;
        return code;
    }
    check->rows++;
    sums_add(&check->sums, node->key[0], node->value);
    return KT_OK;
}

// A list of free pages: their number, then each of them, descending.
static KtCode
take_free(Check *check, uint64_t number, const PageNode *node)
{
    uint64_t count = 0, before = UINT64_MAX, page;
    if (node->value_length >= sizeof count)
        memcpy(&count, node->value, sizeof count);
    if (node->value_length % sizeof count != 0 || node->value_length / sizeof count < count + 1)
        return page_wrong(check, number, "an impossible list of free pages");
    for (uint64_t i = 1; i <= count; i++) {
        memcpy(&page, node->value + i * sizeof page, sizeof page);
        if (page >= before)
            return page_wrong(check, number, "a list of free pages out of order");
        before = page;
        const KtCode code = take_page(check, page);
        if (code != KT_OK)
            return code;
    }
    return KT_OK;
}

static KtCode
take_entry(Check *check, uint64_t number, PageNode *node)
{
    KtCode code = take_key(check, number, node, false);
    if (code == KT_OK && node->value == NULL)
        code = read_large(check, node);
    check->met.entries++;
    if (code != KT_OK)
        return code;
    return check->numbers ? take_free(check, number, node) : take_row(check, node);
}

static KtCode
check_page(Check *check, uint64_t number, unsigned depth, unsigned leaf_depth)
{
    uint8_t *page = check->pages + (size_t)depth * check->file.page_bytes;
    PageKind kind = PAGE_LEAF;
    size_t count = 0;
    KtCode code = take_page(check, number);
    if (code == KT_OK)
        code = read_pages(check, number, 1, page);
    if (code != KT_OK)
        return code;
    const char *wrong = page_check(page, check->file.page_bytes, number, &kind, &count);
    if (wrong == NULL && (kind == PAGE_LEAF) != (depth == leaf_depth))
        wrong = "a page of another depth";
    if (wrong != NULL)
        return page_wrong(check, number, wrong);
    *(kind == PAGE_LEAF ? &check->met.leaves : &check->met.branches) += 1;
    for (size_t i = 0; i < count && code == KT_OK; i++) {
        PageNode node = page_node(page, kind, i);
        if (kind == PAGE_LEAF) {
            code = take_entry(check, number, &node);
            continue;
        }
        code = i == 0 ? KT_OK : take_key(check, number, &node, true);
        code = code == KT_OK ? check_page(check, node.page, depth + 1, leaf_depth) : code;
    }
    return code;
}

static KtCode
check_tree(Check *check, const PageTree *tree, bool numbers)
{
    check->numbers = numbers;
    check->met = (PageTree){0};
    check->last = (PageNode){0};
    check->may_equal = false;
    if (tree->root == PAGE_NONE)
        return KT_OK;
    const KtCode code = check_page(check, tree->root, 0, tree->depth - 1u);
    if (code != KT_OK)
        return code;
    if (check->met.entries != tree->entries || check->met.leaves != tree->leaves ||
        check->met.branches != tree->branches || check->met.larges != tree->larges)
        return fault_set(check->fault, KT_STATE_DAMAGED,
                         "data.mdb: %" PRIu64 " entries instead of %" PRIu64, check->met.entries,
                         tree->entries);
    return KT_OK;
}

static KtCode
check_sums(Check *check)
{
    if (!check->has_meta && check->rows > 0)
        return fault_set(check->fault, KT_STATE_DAMAGED, "state: rows, but no applied position");
    for (unsigned table = 0; table < SUM_TABLES; table++) {
        const TableSum *met = &check->sums.tables[table], *stored = &check->stored.tables[table];
        if (!sum_equal(met, stored))
            return fault_set(check->fault, KT_STATE_DAMAGED,
                             "state table %u: %" PRIu64 " rows instead of %" PRIu64
                             ", or other rows",
                             table, met->rows, stored->rows);
    }
    return KT_OK;
}

// LMDB gives every page up to the last one a use, or keeps it in the tree of free pages.
static KtCode
check_last(Check *check)
{
    const uint64_t last = check->meta.last;
    if (last > 1 && (check->seen[last / 8] & (1u << (last % 8))) == 0)
        return page_wrong(check, last, "the last page, and without a use");
    return KT_OK;
}

static KtCode
check_file(Check *check, uint64_t length)
{
    KtCode code = page_file_meta(&check->file, &check->meta, check->fault);
    if (code != KT_OK)
        return code;
    check->file_pages = length / check->file.page_bytes;
    if (check->meta.last > PAGES_MOST)
        return page_wrong(check, check->meta.last, "it lies outside the file");
    check->seen = calloc(1, (size_t)(check->meta.last / 8 + 1));
    check->pages = malloc((size_t)DEPTH_MOST * check->file.page_bytes);
    if (check->seen == NULL || check->pages == NULL)
        exhausted("the check of the state");
    code = check_tree(check, &check->meta.free, true);
    if (code == KT_OK)
        code = check_tree(check, &check->meta.rows, false);
    if (code == KT_OK)
        code = check_last(check);
    return code == KT_OK ? check_sums(check) : code;
}

// One reading of the whole file. *ret_changed: a daemon wrote to it meanwhile, so the result means
// nothing.
static KtCode
check_once(const StateOptions *options, bool from_disk, bool *ret_changed, Fault *fault)
{
    uint64_t length;
    Check *check = calloc(1, sizeof *check);
    if (check == NULL)
        exhausted("the check of the state");
    *check = (Check){.options = options, .fault = fault, .file.fd = -1};
    check->hasher = hasher_make();
    KtCode code = page_file_open(options->directory, &check->file, &length, fault);
    if (code == KT_OK && length > 0) {
        if (from_disk)
            page_file_forget(&check->file);
        code = check_file(check, length);
        PageMeta after;
        Fault ignored;
        *ret_changed = page_file_meta(&check->file, &after, &ignored) == KT_OK &&
                       after.transaction != check->meta.transaction;
    }
    if (options->report != NULL) {
        options->report->rows = check->rows;
        options->report->pages = check->read_pages;
        options->report->reads_again += check->file.reads_again;
    }
    page_file_done(&check->file);
    hasher_free(check->hasher);
    free(check->seen);
    free(check->pages);
    free(check->large);
    free(check);
    return code;
}

KtCode
snapshot_check(const StateOptions *options, Fault *fault)
{
    bool changed = false;
    ASSERT(options != NULL && options->directory != NULL && fault != NULL);
    KtCode code = check_once(options, false, &changed, fault);
    for (int i = 0; i < CHANGES_MOST && options->read_only && changed && code != KT_OK; i++) {
        changed = false;
        code = check_once(options, false, &changed, fault);
    }
    if (code == KT_STATE_DAMAGED) {
        const KtCode again = check_once(options, true, &changed, fault);
        if (again == KT_OK && options->report != NULL)
            options->report->reads_again++;
        code = again;
    }
    return code;
}
