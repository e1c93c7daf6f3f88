// SPDX-License-Identifier: EUPL-1.2
// keten clock: moves a driven clock, and accepts the machine's. Knows: instants and spans from now.
// Must never know: what falls due.
#include "base/calendar.h"
#include "clients/keten/answer.h"
#include "clients/keten/commands.h"
#include "clients/keten/session.h"

// Working days are counted from today's date, at the same time of day.
static int64_t
working_days_ms(int64_t now_ms, uint32_t count)
{
    static const Calendar calendar;
    int32_t from = day_of_instant(NULL, now_ms), day = from;
    while (count > 0)
        count -= day_is_working(&calendar, ++day) ? 1 : 0;
    return (day - from) * DAY_MS;
}

static int64_t
span_later(int64_t now_ms, Span span)
{
    switch (span.unit) {
    case SPAN_MINUTES:
        return now_ms + span.count * MINUTE_MS;
    case SPAN_HOURS:
        return now_ms + span.count * HOUR_MS;
    case SPAN_DAYS:
        return now_ms + span.count * DAY_MS;
    case SPAN_WORKING_DAYS:
        return now_ms + working_days_ms(now_ms, span.count);
    }
    return now_ms;
}

static int
send(Tool *tool, keten *session, const Keten__V1__Command *command)
{
    uint64_t number = 0;
    keten_event event;
    keten_result result = keten_command(session, command, &number);
    if (result != KETEN_OK)
        return session_unsent(tool, session, result);
    const int status = session_answer(tool, session, number, &event);
    if (status == 0 && event.kind == KETEN_EVENT_REFUSAL)
        return refusal_show(tool, event.refusal);
    if (status == 0)
        receipt_show(tool, event.receipt);
    return status;
}

static int
advance(Tool *tool, keten *session, const char *text)
{
    Span span;
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__ClockAdvance body = KETEN__V1__CLOCK_ADVANCE__INIT;
    if (text[0] == '+' && span_parse(text_of(text + 1), &span))
        body.to_ms = span_later(keten_session(session)->now_ms, span);
    else if (!tool_instant(tool, text, &body.to_ms, &status))
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE;
    command.clock_advance = &body;
    return send(tool, session, &command);
}

int
command_clock_advance(Tool *tool, const Args *args)
{
    keten *session = NULL;
    int status = session_open(tool, &(SessionWish){0}, &session);
    if (status == 0)
        status = advance(tool, session, args->words[0]);
    keten_close(session);
    return status;
}

int
command_clock_accept(Tool *tool, const Args *args)
{
    keten *session = NULL;
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__ClockAccept body = KETEN__V1__CLOCK_ACCEPT__INIT;
    if (args->word_count > 0 && !tool_instant(tool, args->words[0], &body.about_ms, &status))
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_CLOCK_ACCEPT;
    command.clock_accept = &body;
    status = session_open(tool, &(SessionWish){0}, &session);
    if (status == 0)
        status = send(tool, session, &command);
    keten_close(session);
    return status;
}
