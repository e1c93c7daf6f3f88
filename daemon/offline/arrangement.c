// SPDX-License-Identifier: EUPL-1.2
// Does `arrangement check` and `arrangement show`: reads an arrangement's file without a store.
// Knows: the file. Must never know: the ledger, recorded partners.
// Failure: offline->lines has the errors in the file, a line each; the fault tells that the file
// cannot be read.
#include <stdio.h>

#include "daemon/files/arrangement.h"
#include "daemon/files/file_read.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

// NULL with a code in *ret_code; the fault or offline->lines then tells the errors.
static const Arrangement *
read_arrangement(Offline *offline, KtCode *ret_code, Fault *fault)
{
    char *bytes;
    size_t length;
    FileErrors errors = {0};
    const Arrangement *arrangement = NULL;
    *ret_code = file_read(offline->path, TRUST_READABLE, offline->arena, &bytes, &length, fault);
    if (*ret_code != KT_OK)
        return NULL;
    *ret_code = arrangement_read(bytes, length, NULL, 0, offline->arena, &arrangement, &errors);
    if (*ret_code == KT_OK)
        return arrangement;
    offline->lines =
        file_errors_text(offline->path, &errors, *ret_code, offline->language, offline->arena);
    return NULL;
}

KtCode
offline_arrangement_check(Offline *offline, Fault *fault)
{
    KtCode code;
    const Arrangement *arrangement = read_arrangement(offline, &code, fault);
    if (arrangement != NULL)
        printf("%s: %s %u: OK\n", offline->path, arrangement->name, arrangement->version);
    return code;
}

KtCode
offline_arrangement_show(Offline *offline, Fault *fault)
{
    KtCode code;
    const Arrangement *arrangement = read_arrangement(offline, &code, fault);
    if (arrangement != NULL)
        json_print(stdout, json_of_message(&arrangement->base));
    return code;
}
