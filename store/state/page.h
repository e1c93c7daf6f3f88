// SPDX-License-Identifier: EUPL-1.2
// One page of LMDB's data file, read without LMDB. Knows: the form of LMDB 0.9 (data version 1).
// Must never know: files, rows, what a key means.
// LMDB believes what its pages say: over a damaged one it crashes, runs in circles, or misses rows
// in silence. So pages are judged here before LMDB sees them. Numbers are of the machine's own
// order, as LMDB writes them:
//
//   page    number u64, 2 bytes, flags u16, lower u16, upper u16, an offset u16 for each node up
//           to `lower`, free bytes, the nodes from `upper` to the end
//   large   number u64, 2 bytes, flags u16, pages u32, the value
//   node    size u32, flags u16, key length u16, the key, the value or the number of the large page
//           with it; in a branch size and flags are the number of a page, and no value follows
//   meta    a page header, magic u32, version u32, 16 bytes, the tree of free pages, the tree of
//           rows, last page u64, transaction u64
//   tree    u32 (in the first tree: the size of a page), flags u16, depth u16, branch pages u64,
//           leaf pages u64, large pages u64, entries u64, root u64
#ifndef KETEN_STORE_STATE_PAGE_H
#define KETEN_STORE_STATE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_HEADER_BYTES 16
#define PAGE_BYTES_MOST   32768u
#define PAGE_NONE         UINT64_MAX // the root of an empty tree

typedef struct PageTree {
    uint16_t flags, depth;
    uint64_t branches, leaves, larges; // pages of each kind
    uint64_t entries;
    uint64_t root;
} PageTree;

typedef struct PageMeta {
    uint32_t page_bytes;
    PageTree free, rows;
    uint64_t last; // the highest page in use
    uint64_t transaction;
} PageMeta;

typedef enum PageKind { PAGE_BRANCH = 1, PAGE_LEAF = 2, PAGE_LARGE = 4 } PageKind;

typedef struct PageNode {
    const uint8_t *key; // in the page; the first node of a branch has none
    size_t key_length;
    const uint8_t *value; // in the page; NULL: in a large page, or in a branch
    size_t value_length;
    uint64_t page; // of the child, or the first large page; 0: neither
} PageNode;

// NULL, or what is wrong with a meta page. `bytes` are the first PAGE_META_BYTES of it.
#define PAGE_META_BYTES 152
const char *
page_meta(const uint8_t *bytes, uint64_t number, PageMeta *ret);
// NULL, or what is wrong with a branch or a leaf; then every node of it lies within the page.
const char *
page_check(const uint8_t *page, size_t page_bytes, uint64_t number, PageKind *ret_kind,
           size_t *ret_count);
// A node of a page that page_check found good.
PageNode
page_node(const uint8_t *page, PageKind kind, size_t index);
// NULL, or what is wrong with the first page of a large value.
const char *
page_large(const uint8_t *page, size_t page_bytes, uint64_t number, size_t value_length,
           uint64_t *ret_pages);

#endif
