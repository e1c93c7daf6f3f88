// SPDX-License-Identifier: EUPL-1.2
// Proves that the snapshot has no row of a key. Knows: pages, the order of keys over a tree. Must
// never know: the layers above it, what a row means.
// LMDB says "not found" also when a damaged page sends its search the wrong way, and whoever is not
// found becomes somebody new. So the search is made once more, page by page and without LMDB, and
// everything that the answer rests on is checked: each page on the way is sound to the byte, its
// keys ascend and fit the branches above, and the two rows between which the key would stand fit
// their hashes. Then one flipped bit cannot hide a row:
// - In a leaf it makes a hole, or breaks the order, or turns the key into one of the two rows.
// - In a branch it leads to a page with other bounds, or it moves a bound past the key. Then the
//   way ends in a neighbour of the right leaf, all of whose keys are on one side of the key. So a
//   key between two rows of its leaf was not led astray; for a key at an edge of its leaf, the rows
//   behind the nearest bound on that side are looked at, too (check_edge).
// The path: snapshot_absent walks down (descend) and judges the leaf (check_leaf). What does not
// fit is KT_STATE_DAMAGED.
#include "store/state/snapshot_absent.h"

#include <inttypes.h>
#include <string.h>

#include "store/state/ordered_map.h"
#include "store/state/snapshot_value.h"

typedef struct Search {
    PageFile *file;
    const uint8_t *key;
    size_t key_length;
    Hasher *hasher;
    Fault *fault;
} Search;

// A page that page_check found good.
typedef struct Page {
    uint8_t bytes[PAGE_BYTES_MOST];
    PageKind kind;
    size_t count;
    unsigned levels; // below it; 0: a leaf
} Page;

static KtCode
wrong(const Search *search, uint64_t number, const char *what)
{
    return fault_set(search->fault, KT_STATE_DAMAGED, "data.mdb, page %" PRIu64 ": %s", number,
                     what);
}

static KtCode
read_page(const Search *search, uint64_t number, unsigned levels, Page *ret)
{
    const KtCode code = page_file_read(search->file, number, 1, ret->bytes, search->fault);
    if (code != KT_OK)
        return code;
    const char *what =
        page_check(ret->bytes, search->file->page_bytes, number, &ret->kind, &ret->count);
    if (what == NULL && (ret->kind == PAGE_LEAF) != (levels == 0))
        what = "a page of another depth";
    ret->levels = levels;
    return what == NULL ? KT_OK : wrong(search, number, what);
}

static int
compare(const PageNode *a, const PageNode *b)
{
    return key_compare(a->key, a->key_length, b->key, b->key_length);
}

// The number of nodes that are not behind the key. The first node of a branch has no key and is
// never behind it. Fails when the keys do not ascend.
static KtCode
count_before(const Search *search, const Page *page, uint64_t number, size_t *ret)
{
    const PageNode key = {.key = search->key, .key_length = search->key_length};
    PageNode before = {0};
    const size_t first = page->kind == PAGE_BRANCH ? 1 : 0;
    *ret = first;
    for (size_t i = first; i < page->count; i++) {
        const PageNode node = page_node(page->bytes, page->kind, i);
        if (i > first && compare(&before, &node) >= 0)
            return wrong(search, number, "a key out of order");
        *ret += compare(&node, &key) <= 0;
        before = node;
    }
    return KT_OK;
}

// The nearest bound of the way on one side: of the branches above, the lowest that has a page
// there.
typedef struct Bound {
    const Page *branch; // NULL: the tree ends on this side
    size_t child;       // the page beyond the bound
    PageNode key;
} Bound;

// Looks at the row beyond a bound that is nearest to it: it lies beyond it indeed.
static KtCode
check_edge(const Search *search, const Bound *bound, bool left)
{
    Page page;
    if (bound->branch == NULL)
        return KT_OK;
    uint64_t number = page_node(bound->branch->bytes, PAGE_BRANCH, bound->child).page;
    PageNode edge = {0};
    for (unsigned levels = bound->branch->levels; levels-- > 0; number = edge.page) {
        const KtCode code = read_page(search, number, levels, &page);
        if (code != KT_OK)
            return code;
        edge = page_node(page.bytes, page.kind, left ? page.count - 1 : 0);
    }
    const int order = compare(&edge, &bound->key);
    if (left ? order >= 0 : order < 0)
        return fault_set(search->fault, KT_STATE_DAMAGED,
                         "data.mdb: a branch does not fit the keys below it");
    return KT_OK;
}

// A row with a large value is passed over: reading all of it would cost too much here. Tables that
// decide who somebody is have none.
static KtCode
check_row(const Search *search, const Page *page, size_t index, uint64_t number)
{
    uint8_t hash[VALUE_HASH_BYTES];
    const PageNode node = page_node(page->bytes, PAGE_LEAF, index);
    if (node.value == NULL)
        return KT_OK;
    const MDB_val key = {.mv_size = node.key_length, .mv_data = (void *)(uintptr_t)node.key};
    if (node.value_length < VALUE_HASH_BYTES)
        return wrong(search, number, "a value that is too short");
    value_hash(search->hasher, &key, node.value + VALUE_HASH_BYTES,
               node.value_length - VALUE_HASH_BYTES, hash);
    return memcmp(hash, node.value, sizeof hash) == 0
               ? KT_OK
               : wrong(search, number, "a row that does not fit its hash");
}

// `before` rows are not behind the key, so it would stand between rows before - 1 and before.
static KtCode
check_leaf(const Search *search, const Page *page, size_t before, const Bound *low,
           const Bound *high, uint64_t number)
{
    const PageNode key = {.key = search->key, .key_length = search->key_length};
    KtCode code;
    if (before > 0) {
        const PageNode node = page_node(page->bytes, PAGE_LEAF, before - 1);
        if (compare(&node, &key) == 0)
            return wrong(search, number, "a row that the search did not find");
        code = check_row(search, page, before - 1, number);
    } else {
        code = check_edge(search, low, true);
    }
    if (code != KT_OK)
        return code;
    return before < page->count ? check_row(search, page, before, number)
                                : check_edge(search, high, false);
}

static KtCode
check_bounds(const Search *search, const Page *page, const Bound *low, const Bound *high,
             uint64_t number)
{
    const PageNode begin = page_node(page->bytes, page->kind, page->kind == PAGE_BRANCH ? 1 : 0);
    const PageNode end = page_node(page->bytes, page->kind, page->count - 1);
    if ((low->branch != NULL && compare(&begin, &low->key) < 0) ||
        (high->branch != NULL && compare(&end, &high->key) >= 0))
        return wrong(search, number, "its keys do not fit the branch above it");
    return KT_OK;
}

// Goes down from a page. Each level has a page of its own, since the bounds point into it.
static KtCode
descend(const Search *search, uint64_t number, unsigned levels, Bound low, Bound high)
{
    Page page;
    size_t before = 0;
    KtCode code = read_page(search, number, levels, &page);
    if (code == KT_OK)
        code = check_bounds(search, &page, &low, &high, number);
    if (code == KT_OK)
        code = count_before(search, &page, number, &before);
    if (code != KT_OK || levels == 0)
        return code != KT_OK ? code : check_leaf(search, &page, before, &low, &high, number);
    const size_t way = before - 1;
    if (way > 0)
        low = (Bound){&page, way - 1, page_node(page.bytes, PAGE_BRANCH, way)};
    if (way + 1 < page.count)
        high = (Bound){&page, way + 1, page_node(page.bytes, PAGE_BRANCH, way + 1)};
    return descend(search, page_node(page.bytes, PAGE_BRANCH, way).page, levels - 1, low, high);
}

KtCode
snapshot_absent(PageFile *file, uint64_t transaction, const uint8_t *key, size_t key_length,
                Hasher *hasher, Fault *fault)
{
    PageMeta meta;
    const Search search = {
        .file = file, .key = key, .key_length = key_length, .hasher = hasher, .fault = fault};
    const KtCode code = page_file_meta_of(file, transaction, &meta, fault);
    if (code != KT_OK || meta.rows.root == PAGE_NONE)
        return code;
    return descend(&search, meta.rows.root, meta.rows.depth - 1u, (Bound){0}, (Bound){0});
}
