// SPDX-License-Identifier: EUPL-1.2
// The table behind connections.h. Knows: an array by descriptor; the system gives out low
// descriptors, so the array stays short. Must never know: ZeroMQ, sessions.
#include "daemon/broker/connections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"

static Connection *
find(const Connections *connections, int fd)
{
    if (fd < 0 || (size_t)fd >= connections->room || connections->items[fd].serial == SERIAL_GONE)
        return NULL;
    return &connections->items[fd];
}

void
connections_opened(Connections *connections, int fd, const char *address, int64_t now_ms)
{
    ASSERT(connections != NULL && fd >= 0 && address != NULL);
    const size_t before = connections->room;
    connections_closed(connections, fd);
    if ((size_t)fd >= before) {
        connections->items = array_grow(connections->items, &connections->room, (size_t)fd + 1,
                                        sizeof *connections->items, "connections");
        memset(connections->items + before, 0,
               (connections->room - before) * sizeof *connections->items);
    }
    Connection *connection = &connections->items[fd];
    *connection = (Connection){.serial = ++connections->made, .since_ms = now_ms};
    snprintf(connection->address, sizeof connection->address, "%s", address);
    connections->silent++;
}

void
connections_closed(Connections *connections, int fd)
{
    ASSERT(connections != NULL);
    Connection *connection = find(connections, fd);
    if (connection == NULL)
        return;
    connections->silent -= !connection->tied;
    connections->closed++;
    *connection = (Connection){.serial = SERIAL_GONE};
}

Tie
connections_tie(Connections *connections, int fd, uint32_t id, const uint8_t key[CURVE_KEY_BYTES],
                uint64_t *ret_serial)
{
    ASSERT(connections != NULL && key != NULL && ret_serial != NULL);
    Connection *connection = find(connections, fd);
    *ret_serial = SERIAL_GONE;
    if (connection == NULL)
        return TIE_GONE;
    if (connection->tied &&
        (connection->id != id || memcmp(connection->key, key, sizeof connection->key) != 0))
        return TIE_OTHER;
    *ret_serial = connection->serial;
    if (connection->tied)
        return TIE_OK;
    if (connections_of_key(connections, key) >= CONNECTIONS_PER_KEY)
        return TIE_CROWD;
    connection->tied = true;
    connection->id = id;
    memcpy(connection->key, key, sizeof connection->key);
    connections->silent--;
    return TIE_OK;
}

bool
connections_is_open(const Connections *connections, int fd, uint64_t serial)
{
    const Connection *connection = find(connections, fd);
    return connection != NULL && connection->serial == serial;
}

const Connection *
connections_find(const Connections *connections, int fd)
{
    return find(connections, fd);
}

size_t
connections_of_key(const Connections *connections, const uint8_t key[CURVE_KEY_BYTES])
{
    size_t count = 0;
    for (size_t fd = 0; fd < connections->room; fd++) {
        const Connection *at = &connections->items[fd];
        count += at->serial != SERIAL_GONE && at->tied && memcmp(at->key, key, sizeof at->key) == 0;
    }
    return count;
}

int
connections_surplus(const Connections *connections)
{
    int oldest = -1;
    if (connections->silent <= CONNECTIONS_SILENT)
        return -1;
    for (size_t fd = 0; fd < connections->room; fd++) {
        const Connection *at = &connections->items[fd];
        if (at->serial != SERIAL_GONE && !at->tied &&
            (oldest < 0 || at->serial < connections->items[oldest].serial))
            oldest = (int)fd;
    }
    return oldest;
}

void
connections_done(Connections *connections)
{
    free(connections->items);
    *connections = (Connections){0};
}
