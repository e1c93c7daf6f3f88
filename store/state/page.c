// SPDX-License-Identifier: EUPL-1.2
// See page.h. Knows: offsets and flags of LMDB 0.9. Must never know: files, what a key means.
// The path: page_meta tells where the trees begin; page_check judges a page as a whole, and only
// then page_node reads it. Each gives a constant text for what is wrong.
#include "store/state/page.h"

#include <string.h>

#define NODE_BYTES 8
#define META_MAGIC 0xBEEFC0DEu
#define META_FLAG  0x08
#define NODE_LARGE 0x01 // the value lies in large pages
#define DEPTH_MOST 32   // of LMDB's cursors
#define PAGE_LEAST 512u

static uint16_t
get_u16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t
get_u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t
get_u64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static PageTree
get_tree(const uint8_t *at)
{
    return (PageTree){.flags = get_u16(at + 4),
                      .depth = get_u16(at + 6),
                      .branches = get_u64(at + 8),
                      .leaves = get_u64(at + 16),
                      .larges = get_u64(at + 24),
                      .entries = get_u64(at + 32),
                      .root = get_u64(at + 40)};
}

static bool
is_tree(const PageTree *tree, uint64_t last)
{
    if (tree->root == PAGE_NONE)
        return tree->depth == 0 && tree->entries == 0;
    return tree->root <= last && tree->depth >= 1 && tree->depth <= DEPTH_MOST;
}

const char *
page_meta(const uint8_t *bytes, uint64_t number, PageMeta *ret)
{
    const uint8_t *at = bytes + PAGE_HEADER_BYTES;
    if (get_u64(bytes) != number || get_u16(bytes + 10) != META_FLAG || get_u32(at) != META_MAGIC)
        return "no meta page";
    if (get_u32(at + 4) != 1)
        return "another version of LMDB's data";
    const PageMeta meta = {.page_bytes = get_u32(at + 24),
                           .free = get_tree(at + 24),
                           .rows = get_tree(at + 72),
                           .last = get_u64(at + 120),
                           .transaction = get_u64(at + 128)};
    if (meta.page_bytes < PAGE_LEAST || meta.page_bytes > PAGE_BYTES_MOST ||
        (meta.page_bytes & (meta.page_bytes - 1)) != 0)
        return "an impossible size of pages";
    if (meta.free.flags != 0x08 || meta.rows.flags != 0 || meta.last < 1)
        return "flags that Keten does not use";
    if (!is_tree(&meta.free, meta.last) || !is_tree(&meta.rows, meta.last))
        return "an impossible tree";
    *ret = meta;
    return NULL;
}

// The bytes that a node takes, or 0 when it does not lie between `upper` and the end of the page.
static size_t
node_bytes(const uint8_t *page, size_t page_bytes, PageKind kind, size_t index, size_t upper)
{
    const size_t offset = get_u16(page + PAGE_HEADER_BYTES + 2 * index);
    if (offset < upper || offset + NODE_BYTES > page_bytes || offset % 2 != 0)
        return 0;
    const uint8_t *node = page + offset;
    const uint16_t flags = get_u16(node + 4);
    size_t length = NODE_BYTES + (size_t)get_u16(node + 6);
    if (kind == PAGE_LEAF) {
        if ((flags & ~NODE_LARGE) != 0)
            return 0;
        length += flags == NODE_LARGE ? sizeof(uint64_t) : get_u32(node);
    }
    length += length % 2;
    return length <= page_bytes - offset ? length : 0;
}

const char *
page_check(const uint8_t *page, size_t page_bytes, uint64_t number, PageKind *ret_kind,
           size_t *ret_count)
{
    const uint16_t flags = get_u16(page + 10);
    const size_t lower = get_u16(page + 12), upper = get_u16(page + 14);
    if (get_u64(page) != number)
        return "another page in its place";
    if (flags != PAGE_BRANCH && flags != PAGE_LEAF)
        return "a page of another kind";
    if (lower < PAGE_HEADER_BYTES + 2 || lower % 2 != 0 || lower > upper || upper > page_bytes)
        return "impossible bounds";
    const PageKind kind = flags == PAGE_BRANCH ? PAGE_BRANCH : PAGE_LEAF;
    const size_t count = (lower - PAGE_HEADER_BYTES) / 2;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t length = node_bytes(page, page_bytes, kind, i, upper);
        if (length == 0)
            return "an entry that does not fit into it";
        used += length;
    }
    // LMDB keeps the nodes of a page together, so a node that was lost leaves a hole
    if (used != page_bytes - upper)
        return "another number of bytes than its entries have";
    if (kind == PAGE_BRANCH && count < 2)
        return "a branch that leads to one page";
    *ret_kind = kind;
    *ret_count = count;
    return NULL;
}

PageNode
page_node(const uint8_t *page, PageKind kind, size_t index)
{
    const uint8_t *node = page + get_u16(page + PAGE_HEADER_BYTES + 2 * index);
    const uint16_t flags = get_u16(node + 4);
    PageNode ret = {.key = node + NODE_BYTES, .key_length = get_u16(node + 6)};
    if (kind == PAGE_BRANCH) {
        ret.page = get_u32(node) | (uint64_t)flags << 32;
        return ret;
    }
    ret.value_length = get_u32(node);
    if (flags == NODE_LARGE)
        ret.page = get_u64(ret.key + ret.key_length);
    else
        ret.value = ret.key + ret.key_length;
    return ret;
}

const char *
page_large(const uint8_t *page, size_t page_bytes, uint64_t number, size_t value_length,
           uint64_t *ret_pages)
{
    const uint64_t pages = get_u32(page + 12);
    if (get_u64(page) != number || get_u16(page + 10) != PAGE_LARGE)
        return "another page in place of a large value";
    if (pages != (PAGE_HEADER_BYTES - 1 + value_length) / page_bytes + 1)
        return "a large value of another length";
    *ret_pages = pages;
    return NULL;
}
