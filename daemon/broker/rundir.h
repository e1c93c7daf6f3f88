// SPDX-License-Identifier: EUPL-1.2
// The data directory's own places: keys/ and run/. Knows: run/endpoint and run/pid, by which tests
// and tools find a daemon. Must never know: what listens there, what the store keeps in journal/
// and state/.
#ifndef KETEN_BROKER_RUNDIR_H
#define KETEN_BROKER_RUNDIR_H

#include "proto/errors.h"

// The directory itself, keys/ and run/, made where missing; 0700.
KtCode
rundir_make(const char *data, Fault *fault);
// Both files appear whole or not at all, and replace those of an older run.
KtCode
rundir_write(const char *data, const char *endpoint, Fault *fault);
void
rundir_remove(const char *data);

#endif
