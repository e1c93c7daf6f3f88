// SPDX-License-Identifier: EUPL-1.2
// Reading secrets/curve.key. Knows: its two lines and its file mode. Must never know: what the key
// opens.
// The path: curve_pair_read() reads the file (read_private) and takes it apart (pair_parse). A file
// that others may read is KT_TRUST; one that has another form, or whose two keys do not belong
// together, is KT_SETUP. Copies of the secret are overwritten on every way out.
#include "daemon/files/keyfile.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "base/assert.h"
#include "proto/trust.h"
#include "store/secret.h"

#define KEY_LINE      (CURVE_KEY_TEXT_BYTES - 1)
#define KEY_FILE_MOST 128

static KtCode
read_private(const char *path, char *ret, size_t size, Fault *fault)
{
    TrustFault trust;
    const int fd = trusted_open(path, TRUST_SECRET_HERE, &trust, NULL);
    if (fd < 0)
        return trust_fault(trust, path, KT_SETUP, fault);
    const ssize_t got = read(fd, ret, size - 1);
    KtCode code = KT_OK;
    if (got < 0)
        code = fault_set(fault, KT_SETUP, "%s: %s", path, strerror(errno));
    ret[got > 0 ? got : 0] = '\0';
    close(fd);
    return code;
}

// One line of Z85 and its newline; NULL when it is anything else.
static const char *
take_line(const char *at, char ret[CURVE_KEY_TEXT_BYTES])
{
    uint8_t bytes[CURVE_KEY_BYTES];
    if (strcspn(at, "\n") != KEY_LINE)
        return NULL;
    memcpy(ret, at, KEY_LINE);
    ret[KEY_LINE] = '\0';
    const bool sound = zmq_z85_decode(bytes, ret) != NULL;
    sodium_memzero(bytes, sizeof bytes);
    return sound ? at + KEY_LINE + (at[KEY_LINE] == '\n') : NULL;
}

static bool
pair_parse(const char *text, CurvePair *ret)
{
    char derived[CURVE_KEY_TEXT_BYTES];
    const char *at = take_line(text, ret->public_text);
    at = at != NULL ? take_line(at, ret->secret_text) : NULL;
    return at != NULL && *at == '\0' && zmq_curve_public(derived, ret->secret_text) == 0 &&
           strcmp(derived, ret->public_text) == 0;
}

KtCode
curve_pair_read(const char *directory, CurvePair *ret, Fault *fault)
{
    ASSERT(directory != NULL && ret != NULL);
    char path[4096], text[KEY_FILE_MOST];
    CurvePair pair;
    const int length = snprintf(path, sizeof path, "%s/" CURVE_KEY_FILE, directory);
    if (length < 0 || (size_t)length >= sizeof path)
        return fault_set(fault, KT_SETUP, "the path of curve.key is too long");
    KtCode code = read_private(path, text, sizeof text, fault);
    if (code == KT_OK && !pair_parse(text, &pair))
        code = fault_set(fault, KT_SETUP, "%s: not a key pair of two lines that belong together",
                         path);
    uint8_t secret[CURVE_KEY_BYTES];
    if (code == KT_OK && zmq_z85_decode(secret, pair.secret_text) != NULL && secret_is_zero(secret))
        code = fault_set(fault, KT_SECRET_ZERO, "%s", path);
    sodium_memzero(secret, sizeof secret);
    if (code == KT_OK)
        *ret = pair;
    sodium_memzero(text, sizeof text);
    sodium_memzero(&pair, sizeof pair);
    return code;
}

KtCode
curve_pair_make(CurvePair *ret, Fault *fault)
{
    CurvePair pair;
    if (zmq_curve_keypair(pair.public_text, pair.secret_text) != 0)
        return fault_set(fault, KT_SETUP, "libzmq has no CURVE");
    *ret = pair;
    sodium_memzero(&pair, sizeof pair);
    return KT_OK;
}

void
curve_pair_check(const CurvePair *pair, uint8_t ret[CHECK_BYTES])
{
    uint8_t secret[CURVE_KEY_BYTES];
    ASSERT(zmq_z85_decode(secret, pair->secret_text) != NULL);
    secret_check(secret, CURVE_KEY_FILE, ret);
    sodium_memzero(secret, sizeof secret);
}

void
curve_pair_done(CurvePair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}
