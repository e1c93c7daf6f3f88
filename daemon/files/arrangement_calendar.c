// SPDX-License-Identifier: EUPL-1.2
// The calendar of an arrangement: which public holidays, and the days on which this city's partners
// are closed besides. Knows: the forms of days. Must never know: what is counted by the calendar.
// The path: read_calendar() fills a CalendarInto through the readers of its keys, and
// calendar_fill() puts it into the arrangement, days in order.
#include "daemon/files/arrangement_calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "proto/limits.h"

typedef Keten__V1__ClosingDays ClosingDays;

typedef struct CalendarInto {
    char *base;
    Keten__V1__LiberationDay liberation;
    NameList closed;
} CalendarInto;

static void
read_base(Reader *reader, const Node *node, void *ret)
{
    static const char *words[] = {"nl"};
    Names calendars = {.items = words, .count = 1, .known = true};
    calendars.unknown_nl = "onbekende kalender";
    calendars.unknown_en = "unknown calendar";
    size_t index;
    if (name_index(reader, node, &calendars, &index))
        *(char **)ret = arena_text(reader->arena, words[index]);
}

static void
read_liberation(Reader *reader, const Node *node, void *ret)
{
    static const char *words[] = {"every-five-years", "every-year", "never"};
    Names choices = {.items = words, .count = 3, .known = true};
    choices.unknown_nl = "onbekende keuze voor Bevrijdingsdag";
    choices.unknown_en = "unknown choice for Liberation Day";
    size_t index;
    if (name_index(reader, node, &choices, &index))
        *(Keten__V1__LiberationDay *)ret = (Keten__V1__LiberationDay)index;
}

// For a text with the form of a date: the days that its month has. 0 for any other text.
static int32_t
days_of_month(const char *text)
{
    char first[] = "0000-00-01";
    Date date;
    if (strlen(text) != strlen(first) || strspn(text + 8, "0123456789") != 2)
        return 0;
    memcpy(first, text, 8);
    if (!date_parse(text_of(first), &date))
        return 0;
    for (date.day = 31; !date_is_valid(date);)
        date.day--;
    return date.day;
}

static bool
is_day(Reader *reader, const Node *node)
{
    Date date;
    if (date_parse(text_of(node->text), &date))
        return true;
    const char *shown = text_shown(reader->arena, node->text);
    const int32_t days = days_of_month(node->text);
    if (days > 0)
        read_error(reader, node, "'%s' bestaat niet (die maand heeft %d dagen)",
                   "'%s' does not exist (that month has %d days)", shown, days);
    else
        read_error(reader, node, "geen geldige datum: '%s' (schrijf 2026-05-15)",
                   "not a valid date: '%s' (write 2026-05-15)", shown);
    return false;
}

static bool
stood_before(const NameList *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

static int
by_date(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

// The order of the calendar: the same days make the same arrangement, however they are listed.
static void
read_closed(Reader *reader, const Node *node, void *ret)
{
    NameList *list = ret;
    if (!list_check(reader, node, LIMIT_CLOSED_DAYS))
        return;
    list->items = arena_take(reader->arena, (node->count + 1) * sizeof(char *));
    for (size_t i = 0; i < node->count; i++) {
        const Node *item = node->items[i];
        if (!text_check(reader, item) || !is_day(reader, item))
            continue;
        if (stood_before(list, item->text))
            read_error(reader, item, "'%s' staat er tweemaal (laat er één staan)",
                       "'%s' stands twice (keep one)", item->text);
        else
            list->items[list->count++] = arena_text(reader->arena, item->text);
    }
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, by_date);
}

static void
calendar_fill(Arena *arena, const CalendarInto *into, Arrangement *out)
{
    static char nl[] = "nl";
    out->calendar = into->base != NULL ? into->base : nl;
    if (into->liberation == 0 && into->closed.count == 0)
        return;
    ClosingDays *closing = out->closing = arena_take(arena, sizeof *closing);
    keten__v1__closing_days__init(closing);
    closing->liberation = into->liberation;
    closing->closed = into->closed.items;
    closing->n_closed = into->closed.count;
}

void
read_calendar(Reader *reader, const Node *node, void *ret)
{
    static const KeyRule keys[] = {
        {"base", KEY_OPTIONAL, read_base, offsetof(CalendarInto, base)},
        {"liberation-day", KEY_OPTIONAL, read_liberation, offsetof(CalendarInto, liberation)},
        {"closed", KEY_OPTIONAL, read_closed, offsetof(CalendarInto, closed)},
    };
    CalendarInto into = {0};
    (void)ret;
    if (node->kind == NODE_TEXT)
        read_base(reader, node, &into.base);
    else if (!map_read(reader, node, KEYS(keys), &into))
        return;
    calendar_fill(reader->arena, &into, form_of(reader)->out);
}
