// SPDX-License-Identifier: EUPL-1.2
// See segments.h. Knows: names of segments, marks in them. Must never know: what a batch holds.
// The path: a claim calls segments_list, appends call segments_add, and every walk adds marks. A
// directory that cannot be read is a fault; other files in it are passed over.
#include "store/journal/segments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/assert.h"
#include "store/journal/io.h"

// The least distance between two marks, in bytes. A search walks over little more than this, and a
// mark costs 16 bytes.
#define MARK_BYTES 65536u

void
segment_name(uint64_t first, char ret[SEGMENT_NAME_BYTES])
{
    snprintf(ret, SEGMENT_NAME_BYTES, "%020" PRIu64 ".seg", first);
}

// False for a file that is no segment.
static bool
name_parse(const char *name, uint64_t *ret)
{
    char again[SEGMENT_NAME_BYTES];
    if (strlen(name) != 24 || strspn(name, "0123456789") != 20)
        return false;
    const uint64_t first = strtoull(name, NULL, 10);
    segment_name(first, again);
    if (first == 0 || strcmp(name, again) != 0)
        return false;
    *ret = first;
    return true;
}

void
segments_add(Segments *segments, uint64_t first)
{
    segments->items = array_grow(segments->items, &segments->room, segments->count + 1,
                                 sizeof *segments->items, "the list of segments");
    segments->items[segments->count++] = (Segment){.first = first};
}

void
segments_forget(Segments *segments)
{
    for (size_t i = 0; i < segments->count; i++)
        free(segments->items[i].marks);
    free(segments->items);
    segments->items = NULL;
    segments->count = segments->room = 0;
}

static int
by_first(const void *a, const void *b)
{
    const Segment *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

KtCode
segments_list(Segments *segments, int directory_fd, const char *directory, Fault *fault)
{
    segments_forget(segments);
    const int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (stream == NULL) {
        if (fd >= 0)
            close(fd);
        return fault_set(fault, KT_SETUP, "%s: %s", directory, strerror(errno));
    }
    uint64_t first;
    for (const struct dirent *file = readdir(stream); file != NULL; file = readdir(stream))
        if (name_parse(file->d_name, &first))
            segments_add(segments, first);
    closedir(stream);
    if (segments->count > 0)
        qsort(segments->items, segments->count, sizeof *segments->items, by_first);
    return KT_OK;
}

Segment *
segments_last(const Segments *segments)
{
    ASSERT(segments->count > 0);
    return &segments->items[segments->count - 1];
}

bool
segments_find(const Segments *segments, uint64_t position, size_t *ret)
{
    size_t low = 0, high = segments->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (segments->items[middle].first <= position)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    *ret = low - 1;
    return true;
}

void
segment_mark(Segment *segment, uint64_t position, uint64_t offset)
{
    const uint64_t last =
        segment->mark_count == 0 ? 0 : segment->marks[segment->mark_count - 1].offset;
    if (offset < last + MARK_BYTES)
        return;
    segment->marks = array_grow(segment->marks, &segment->mark_room, segment->mark_count + 1,
                                sizeof *segment->marks, "marks in a segment");
    segment->marks[segment->mark_count++] = (Mark){.position = position, .offset = offset};
}

Mark
segment_nearest(const Segment *segment, uint64_t position)
{
    size_t low = 0, high = segment->mark_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (segment->marks[middle].position <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? (Mark){.position = segment->first} : segment->marks[low - 1];
}
