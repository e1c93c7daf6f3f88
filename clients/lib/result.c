// SPDX-License-Identifier: EUPL-1.2
// The meaning of each result, in words. Knows: nothing but the table. Must never know: which handle
// it came from.
#include "clients/lib/keten.h"

typedef struct ResultText {
    const char *nl;
    const char *en;
} ResultText;

static const ResultText texts[] = {
    [KETEN_OK] = {"gelukt", "done"},
    [KETEN_TIMEOUT] = {"er kwam niets binnen de tijd", "nothing came in time"},
    [KETEN_REFUSED] = {"de daemon weigert dit", "the daemon refused this"},
    [KETEN_USAGE] = {"een verkeerd argument", "a wrong argument"},
    [KETEN_CONTEXT] = {"de context ontbreekt of is onleesbaar",
                       "the context is missing or malformed"},
    [KETEN_CONNECT] = {"geen verbinding met de daemon", "no connection with the daemon"},
    [KETEN_BUSY] = {"een ander programma is hier al mee bezig",
                    "another program is already at work here"},
    [KETEN_STORAGE] = {"de map met de stand is niet te lezen of te schrijven",
                       "the state directory cannot be read or written"},
    [KETEN_FULL] = {"te veel opdrachten onderweg", "too many commands on their way"},
    [KETEN_MEMORY] = {"geen geheugen", "out of memory"},
    [KETEN_DAMAGED] = {"de map met de stand is beschadigd", "the state directory is damaged"},
    [KETEN_TOO_LONG] = {"past niet in een bericht (maak teksten korter of splits "
                        "de opdracht)",
                        "does not fit into a frame (shorten texts or split the "
                        "command)"},
    [KETEN_NOBODY] = {"niemand luistert op het endpoint (start ketend, of verbeter endpoint)",
                      "nobody listens at the endpoint (start ketend, or mend endpoint)"},
    [KETEN_SERVER_KEY] = {"wat luistert verbreekt de handdruk (klopt server.key?)",
                          "what listens breaks off the handshake (is server.key right?)"},
    [KETEN_OWN_KEY] = {"de daemon laat deze sleutel niet toe (vraag de beheerder)",
                       "the daemon does not let this key in (ask the administrator)"},
    [KETEN_NO_WELCOME] = {"verbonden, maar er komt geen antwoord (zie het log van ketend)",
                          "connected, but no answer comes (see the log of ketend)"},
};

const char *
keten_result_text(keten_result result, Keten__V1__Language language)
{
    size_t index = (size_t)result;
    if (index >= sizeof texts / sizeof *texts)
        return "?";
    return language == KETEN__V1__LANGUAGE__LANGUAGE_NL ? texts[index].nl : texts[index].en;
}
