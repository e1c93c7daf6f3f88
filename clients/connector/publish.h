// SPDX-License-Identifier: EUPL-1.2
// Files out of new/, one at a time and in order. Knows: new/, work/, cur/ and failed/. Must never
// know: a partner's own forms, deliveries.
#ifndef KETEN_CONNECTOR_PUBLISH_H
#define KETEN_CONNECTOR_PUBLISH_H

#include "clients/connector/hub.h"

// Goes on with the file under way, else takes the next one of work/ or new/.
void
publish_turn(Hub *hub);

// At the start, once: a file in work/ goes to failed/ when its list of commands is missing, because
// nobody knows any more which of its commands were sent.
void
publish_reject_unlisted(Hub *hub);

#endif
