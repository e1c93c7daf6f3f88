// SPDX-License-Identifier: EUPL-1.2
// Writes the directory of a chain. Knows: files, modes, keys from libzmq and the kernel. Must never
// know: how the chain is run.
//
// site_claim() makes the directory, or takes an empty one. site_write() writes keys, partners,
// contexts, the arrangement and the configuration; after the first failure nothing more is written.
// site_remove() deletes all of it.
#include "clients/keten/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "base/text.h"
#include "proto/sizes.h"

typedef struct Writer {
    const Site *site;
    Arena *arena;
    Fault *fault;
    KtCode code; // the first fault; then nothing more is written
} Writer;

static void
failed(Writer *w, const char *path)
{
    if (w->code == KT_OK)
        w->code = fault_set(w->fault, KT_SETUP, "%s: %s", path, strerror(errno));
}

static const char *
path_of(Writer *w, const char *below)
{
    return arena_format(w->arena, "%s/%s", w->site->directory, below);
}

static void
folder(Writer *w, const char *below, mode_t mode)
{
    const char *path = path_of(w, below);
    if (w->code == KT_OK && mkdir(path, mode) != 0 && errno != EEXIST)
        failed(w, path);
}

static void
file(Writer *w, const char *below, mode_t mode, const char *bytes, size_t length)
{
    const char *path = path_of(w, below);
    if (w->code != KT_OK)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool ok = fd >= 0;
    while (ok && length > 0) {
        ssize_t wrote = write(fd, bytes, length);
        ok = wrote > 0;
        bytes += ok ? wrote : 0;
        length -= ok ? (size_t)wrote : 0;
    }
    if (!ok)
        failed(w, path);
    if (fd >= 0 && close(fd) != 0)
        failed(w, path);
}

static void
text_file(Writer *w, const char *below, mode_t mode, const char *text)
{
    file(w, below, mode, text, strlen(text));
}

static void
random_key(Writer *w, const char *below)
{
    uint8_t bytes[32];
    char hex[TEXT_HEX_BYTES(32)];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        failed(w, "getrandom");
    text_hex(bytes, sizeof bytes, hex);
    text_file(w, below, 0600, arena_format(w->arena, "%s\n", hex));
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(hex, sizeof hex);
}

static void
key_pair(Writer *w, char public[CURVE_KEY_TEXT_BYTES], char secret[CURVE_KEY_TEXT_BYTES])
{
    if (zmq_curve_keypair(public, secret) != 0)
        failed(w, "curve");
}

static void
secrets(Writer *w, char server[CURVE_KEY_TEXT_BYTES])
{
    char secret[CURVE_KEY_TEXT_BYTES] = "";
    key_pair(w, server, secret);
    folder(w, "secrets", 0700);
    text_file(w, "secrets/curve.key", 0600, arena_format(w->arena, "%s\n%s\n", server, secret));
    random_key(w, "secrets/bsn.key");
    random_key(w, "secrets/wrapping.key");
    explicit_bzero(secret, sizeof secret);
}

const char *
yaml_quote(Arena *arena, const char *text)
{
    char *out = arena_take(arena, 4 * strlen(text) + 3), *p = out;
    bool plain = strpbrk(text, "\\\"") == NULL;
    for (const char *q = text; *q; q++)
        plain = plain && (unsigned char)*q >= 0x20 && *q != 0x7F;
    *p++ = plain ? '\'' : '"';
    for (; *text; text++) {
        if (plain && *text == '\'')
            *p++ = '\'';
        if (!plain && (*text == '"' || *text == '\\'))
            *p++ = '\\';
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            p += sprintf(p, "\\x%02X", (unsigned)(unsigned char)*text);
        else
            *p++ = *text;
    }
    *p = plain ? '\'' : '"';
    return out;
}

static bool
port_is_open(const char *listen)
{
    size_t length = strlen(listen);
    return length > 2 && strcmp(listen + length - 2, ":*") == 0;
}

// Listening on * means every address of this machine; connecting needs one of them.
static const char *
connectable(Arena *arena, const char *listen)
{
    const char *any = "tcp://*:";
    if (strncmp(listen, any, strlen(any)) != 0)
        return listen;
    return arena_format(arena, "tcp://127.0.0.1:%s", listen + strlen(any));
}

// Writes the endpoint of a context. For a port that ketend chooses at start, it is a link to the
// file in which ketend writes its endpoint.
static void
endpoint(Writer *w, const char *below)
{
    const Site *site = w->site;
    if (!port_is_open(site->listen)) {
        text_file(w, below, 0644,
                  arena_format(w->arena, "%s\n", connectable(w->arena, site->listen)));
        return;
    }
    const char *up = site->data[0] == '/' ? "" : "../../";
    const char *target = arena_format(w->arena, "%s%s/run/endpoint", up, site->data);
    const char *path = path_of(w, below);
    if (w->code == KT_OK && symlink(target, path) != 0)
        failed(w, path);
}

static void
partner(Writer *w, const SitePartner *p, const char *server)
{
    char public[CURVE_KEY_TEXT_BYTES] = "", secret[CURVE_KEY_TEXT_BYTES] = "";
    Arena *arena = w->arena;
    const char *title = p->title && p->title[0]
                            ? arena_format(arena, "title: %s\n", yaml_quote(arena, p->title))
                            : "";
    key_pair(w, public, secret);
    text_file(w, arena_format(arena, "partners.d/%s.yaml", p->name), 0644,
              arena_format(arena, "id: %s\n%skeys:\n  - {key: '%s'}\n%s", p->name, title, public,
                           p->administrator ? "roles: [administrator, auditor]\n" : ""));
    folder(w, arena_format(arena, "contexts/%s", p->name), 0700);
    endpoint(w, arena_format(arena, "contexts/%s/endpoint", p->name));
    text_file(w, arena_format(arena, "contexts/%s/server.key", p->name), 0644,
              arena_format(arena, "%s\n", server));
    text_file(w, arena_format(arena, "contexts/%s/own.key", p->name), 0600,
              arena_format(arena, "%s\n%s\n", public, secret));
    explicit_bzero(secret, sizeof secret);
}

static void
configuration(Writer *w)
{
    const Site *site = w->site;
    const char *start = site->start ? arena_format(w->arena, "start: %s\n", site->start) : "";
    // For data elsewhere the daemon's own default stands.
    const char *served =
        site->data[0] == '/' ? "" : arena_format(w->arena, "served: %s-served\n", site->data);
    text_file(w, "ketend.yaml", 0644,
              arena_format(w->arena,
                           "# see ketend.yaml(5); paths are relative to this file\n"
                           "listen: [%s]\ndata: %s\n%ssecrets: secrets\npartners: partners.d\n"
                           "arrangements: arrangements\ndemo: %s\n%s",
                           yaml_quote(w->arena, site->listen), yaml_quote(w->arena, site->data),
                           served, site->demo ? "true" : "false", start));
}

KtCode
site_write(const Site *site, Arena *arena, Fault *fault)
{
    Writer w = {.site = site, .arena = arena, .fault = fault, .code = KT_OK};
    char server[CURVE_KEY_TEXT_BYTES] = "";
    secrets(&w, server);
    folder(&w, "partners.d", 0755);
    folder(&w, "arrangements", 0755);
    folder(&w, "contexts", 0755);
    for (size_t i = 0; i < site->partner_count; i++)
        partner(&w, &site->partners[i], server);
    file(&w, arena_format(arena, "arrangements/%s.yaml", site->arrangement), 0644, site->yaml,
         site->yaml_length);
    if (site->data[0] != '/')
        folder(&w, site->data, 0700);
    configuration(&w);
    return w.code;
}

static bool
is_empty(DIR *directory)
{
    for (struct dirent *e; (e = readdir(directory));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            return false;
    return true;
}

KtCode
site_claim(const char *directory, KtLanguage language, Fault *fault)
{
    if (mkdir(directory, 0755) == 0)
        return KT_OK;
    DIR *open = errno == EEXIST ? opendir(directory) : NULL;
    if (open == NULL)
        return fault_set(fault, KT_SETUP, "%s: %s", directory, strerror(errno));
    bool empty = is_empty(open);
    closedir(open);
    if (empty)
        return KT_OK;
    return fault_set(fault, KT_SETUP,
                     language == KT_NL ? "%s is niet leeg (kies een nieuwe map)"
                                       : "%s is not empty (choose a new directory)",
                     directory);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

void
site_remove(const char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
