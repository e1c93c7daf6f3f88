// SPDX-License-Identifier: EUPL-1.2
// The tool's session with the daemon. Knows: the library, where contexts lie. Must never know: what
// a command means.
//
// session_open() finds the context and connects. While another run has locked the stream of the
// context, this run uses a stream of its own. session_answer() takes events until the answer comes.
// Every failure is printed here and becomes an exit status.
#include "clients/keten/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proto/errors.h"

static bool
is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

KtCode
context_find(const char *name, Arena *arena, const char **ret_directory, Fault *fault)
{
    const char *under = getenv("KETEN_CONTEXTS");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    const char *places[] = {
        name,
        under && *under ? arena_format(arena, "%s/%s", under, name) : NULL,
        config && *config ? arena_format(arena, "%s/keten/contexts/%s", config, name) : NULL,
        home && *home ? arena_format(arena, "%s/.config/keten/contexts/%s", home, name) : NULL,
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (places[i] != NULL && is_directory(places[i])) {
            *ret_directory = places[i];
            return KT_OK;
        }
    return fault_set(fault, KT_CONNECT, "%s", name);
}

Keten__V1__Language
session_language(const Tool *tool)
{
    return tool->language == KT_NL ? KETEN__V1__LANGUAGE__LANGUAGE_NL
                                   : KETEN__V1__LANGUAGE__LANGUAGE_EN;
}

int
session_result(const Tool *tool, keten_result result, const char *what)
{
    const char *text = keten_result_text(result, session_language(tool));
    static const KtCode codes[] = {
        [KETEN_TIMEOUT] = KT_CONNECT,
        [KETEN_USAGE] = KT_USAGE,
        [KETEN_CONTEXT] = KT_SETUP,
        [KETEN_CONNECT] = KT_CONNECT,
        [KETEN_BUSY] = KT_SETUP,
        [KETEN_STORAGE] = KT_SETUP,
        [KETEN_FULL] = KT_SETUP,
        [KETEN_MEMORY] = KT_SETUP,
        [KETEN_NOBODY] = KT_NOBODY_LISTENS,
        [KETEN_SERVER_KEY] = KT_SERVER_KEY,
        [KETEN_OWN_KEY] = KT_OWN_KEY,
        [KETEN_NO_WELCOME] = KT_NO_WELCOME,
        [KETEN_DAMAGED] = KT_CLIENT_DAMAGED,
    };
    KtCode code = (size_t)result < sizeof codes / sizeof codes[0] ? codes[result] : KT_OK;
    if (code == KT_CONNECT || result >= KETEN_NOBODY)
        return tool_fail(tool, code, "%s", what);
    return tool_fail(tool, code == KT_OK ? KT_SETUP : code, "%s: %s", what, text);
}

int
session_unsent(const Tool *tool, const keten *session, keten_result result)
{
    if (result != KETEN_TOO_LONG)
        return session_result(tool, result, tool->context);
    return tool_fail(tool, KT_TOO_LONG, "%zu bytes, %s %zu", keten_frame_bytes(session),
                     tool_say(tool, "hoogstens", "most"), keten_frame_most(session));
}

// These say something about the store, not about what was asked: the answer still comes.
static bool
is_aside(Keten__V1__NoticeKind kind)
{
    return kind == KETEN__V1__NOTICE_KIND__NOTICE_ROLLED_BACK ||
           kind == KETEN__V1__NOTICE_KIND__NOTICE_HISTORY;
}

int
session_take_notice(const keten_event *event)
{
    const Keten__V1__Notice *notice = event->notice;
    if (event->kind != KETEN_EVENT_NOTICE ||
        notice->kind == KETEN__V1__NOTICE_KIND__NOTICE_DRAINING)
        return 0;
    const KtError *error = error_find(notice->code);
    const bool aside = is_aside(notice->kind);
    fflush(stdout);
    fprintf(stderr, "%s KT-%04u %s\n", aside ? "warning" : "error", notice->code, notice->text);
    if (aside)
        return 0;
    return error != NULL && error->exit ? error->exit : 3;
}

static keten_result
open_with_state(keten_options *options, keten **ret, char *why, size_t size)
{
    char *state = NULL;
    if (options->stream == NULL && asprintf(&state, "%s/stream", options->context) > 0)
        mkdir(state, 0700);
    options->state = state;
    keten_result result = keten_open(options, ret, why, size);
    if (state != NULL && (result == KETEN_BUSY || result == KETEN_STORAGE)) {
        options->state = NULL;
        result = keten_open(options, ret, why, size);
    }
    free(state);
    return result;
}

int
session_open(const Tool *tool, const SessionWish *wish, keten **ret)
{
    char why[400] = "";
    const char *directory;
    Fault fault;
    Arena arena = {0};
    if (tool->context == NULL)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --context of zet KETEN_CONTEXT",
                                  "give --context or set KETEN_CONTEXT"));
    if (context_find(tool->context, &arena, &directory, &fault) != KT_OK) {
        arena_done(&arena);
        return tool_fault(tool, &fault);
    }
    keten_options options = {
        .context = directory,
        .software = "keten/" KETEN_VERSION,
        .language = session_language(tool),
        .consumer = wish->consumer,
        .take_over = wish->take_over,
        .credit = wish->credit,
        .stream = wish->stream,
    };
    keten *session = NULL;
    keten_result result = open_with_state(&options, &session, why, sizeof why);
    if (result == KETEN_OK)
        result = keten_connect(session, SESSION_CONNECT_MS);
    int status = 0;
    if (result != KETEN_OK) {
        status = session_result(tool, result, why[0] ? why : directory);
        keten_close(session);
    } else {
        *ret = session;
    }
    arena_done(&arena);
    return status;
}

int
session_answer(const Tool *tool, keten *session, uint64_t number, keten_event *ret)
{
    for (;;) {
        keten_event event;
        keten_result result = keten_next(session, SESSION_ANSWER_MS, &event);
        if (result != KETEN_OK)
            return session_result(tool, result, tool->context);
        const int status = session_take_notice(&event);
        if (status != 0)
            return status;
        bool answer = event.kind == KETEN_EVENT_RECEIPT || event.kind == KETEN_EVENT_REFUSAL ||
                      event.kind == KETEN_EVENT_ANSWER;
        if (answer && event.number == number) {
            *ret = event;
            return 0;
        }
    }
}
