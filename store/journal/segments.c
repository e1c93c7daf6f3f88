// SPDX-License-Identifier: EUPL-1.2
// Which segments there are, and known places in them. Knows: names. Must never know: what a segment
// holds.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/journal/files.h"

// A search walks over at most this much; a mark costs 16 bytes.
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
segments_add(JournalFiles *files, uint64_t first)
{
    if (files->segment_count == files->segment_room) {
        files->segment_room = files->segment_room == 0 ? 16 : files->segment_room * 2;
        files->segments = realloc(files->segments, files->segment_room * sizeof *files->segments);
        if (files->segments == NULL)
            exhausted("the list of segments");
    }
    files->segments[files->segment_count++] = (Segment){.first = first};
}

void
segments_forget(JournalFiles *files)
{
    for (size_t i = 0; i < files->segment_count; i++)
        free(files->segments[i].marks);
    free(files->segments);
    files->segments = NULL;
    files->segment_count = files->segment_room = 0;
}

static int
by_first(const void *a, const void *b)
{
    const Segment *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

KtCode
segments_list(JournalFiles *files, Fault *fault)
{
    segments_forget(files);
    const int fd = openat(files->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        if (fd >= 0)
            close(fd);
        return fault_set(fault, KT_SETUP, "%s: %s", files->directory, strerror(errno));
    }
    uint64_t first;
    for (const struct dirent *file = readdir(directory); file != NULL; file = readdir(directory))
        if (name_parse(file->d_name, &first))
            segments_add(files, first);
    closedir(directory);
    if (files->segment_count > 0)
        qsort(files->segments, files->segment_count, sizeof *files->segments, by_first);
    return KT_OK;
}

bool
segments_find(const JournalFiles *files, uint64_t position, size_t *ret)
{
    size_t low = 0, high = files->segment_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (files->segments[middle].first <= position)
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
    if (segment->mark_count == segment->mark_room) {
        segment->mark_room = segment->mark_room == 0 ? 64 : segment->mark_room * 2;
        segment->marks = realloc(segment->marks, segment->mark_room * sizeof *segment->marks);
        if (segment->marks == NULL)
            exhausted("marks in a segment");
    }
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
