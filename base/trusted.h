// SPDX-License-Identifier: EUPL-1.2
// Files and folders that decide who is who: keys, partners, arrangements, configuration, data, the
// context of a client. Knows: modes, kinds of files. Must never know: what stands in them.
// One test serves all of them: nobody but the owner and root may change such a file, and nobody
// else may read a key. A key that root owns may be readable by its group: so the administrator
// gives it to the daemon, and systemd its credentials.
#ifndef KETEN_BASE_TRUSTED_H
#define KETEN_BASE_TRUSTED_H

#include <limits.h>
#include <stddef.h>
#include <sys/stat.h>

typedef enum TrustNeed {
    TRUST_READABLE,    // others may do what they like with it: only its kind is checked
    TRUST_UNWRITTEN,   // others may not change it
    TRUST_SECRET,      // others may not read it, either
    TRUST_SECRET_HERE, // and no symbolic link stands in its place
} TrustNeed;

typedef enum TrustFault {
    TRUST_FINE,
    TRUST_MISSING, // it cannot be opened; errno says why
    TRUST_OF_OTHER_KIND,
    TRUST_OPEN_TO_WRITE,
    TRUST_OPEN_TO_READ,
} TrustFault;

// The regular file, opened for reading: never waits, whatever stands in its place. -1 with the
// fault; *ret_status may be NULL.
int
trusted_open(const char *path, TrustNeed need, TrustFault *ret_fault, struct stat *ret_status);
TrustFault
trusted_folder(const char *path, TrustNeed need);
// The folder of a file that others could otherwise put another file in place of: in a folder with
// the sticky bit, such as /tmp, only its owner can.
TrustFault
trusted_folder_of(const char *file, char ret_folder[PATH_MAX]);
// The command that mends TRUST_OPEN_TO_…; for the other faults the path, with the reason.
void
trusted_advice(TrustFault fault, const char *path, char *ret, size_t size);

#endif
