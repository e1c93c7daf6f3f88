// SPDX-License-Identifier: EUPL-1.2
// Maps rent arrears to the signal `rent-arrears`. From the exchange model for early signals:
//
//     client.Burgerservicenummer, gezinsleden[].Burgerservicenummer   persons
//     ontstaansdatum … signaaldatum                                   months, begun, at least one
//     bedrag (whole euros)                                            amount
//     ID                                                              dossier
//     client.Telefoonnummer                                           contact-phone
//     signaaldatum                                                    when it happened
//
// `gezinsleden` and `Telefoonnummer` are not in the model: they are taken along where a corporation
// adds them. Names, addresses and dates of birth in the input go no further than this program.
//
// Knows: that form. Must never know: folders, sessions, how commands are sent.
#include "clients/corporation/arrears.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "clients/connector/mapping.h"

static const FieldMap fields[] = {
    {"bedrag", "amount", SHAPE_MONEY},
    {"maanden", "months", SHAPE_NUMBER},
    {"dossier", "dossier", SHAPE_TEXT},
    {"telefoon", "contact-phone", SHAPE_TEXT},
};

static const FormMap forms[] = {
    {"huurachterstand", "rent-arrears", "rent-arrears", NULL, fields,
     sizeof fields / sizeof *fields},
};

#define FORMS (sizeof forms / sizeof *forms)

// The months that have begun between two dates, at least 1.
static int
months_begun(Date from, Date to)
{
    int months = (to.year - from.year) * 12 + to.month - from.month + (to.day > from.day);
    return months < 1 ? 1 : months;
}

static const char *
text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool
add_months(Intake *intake, size_t record, const json_t *signal, json_t *into)
{
    Date from, to;
    const char *began = text_at(signal, "ontstaansdatum"), *sent = text_at(signal, "signaaldatum");
    if (began == NULL || !date_parse(text_of(began), &from))
        return intake_complain(intake, record, SAY_WRONG_VALUE, "ontstaansdatum");
    if (sent == NULL || !date_parse(text_of(sent), &to))
        return intake_complain(intake, record, SAY_WRONG_VALUE, "signaaldatum");
    return json_object_set_new(into, "months", json_sprintf("%d", months_begun(from, to))) == 0;
}

static bool
add_amount(Intake *intake, size_t record, const json_t *signal, json_t *into)
{
    json_t *amount = shape_value(SHAPE_MONEY, json_object_get(signal, "bedrag"));
    if (amount == NULL)
        return intake_complain(intake, record, SAY_WRONG_VALUE, "bedrag");
    return json_object_set_new(into, "amount", amount) == 0;
}

static void
add_text(json_t *into, const char *name, const json_t *value)
{
    if (json_is_string(value) && json_string_length(value))
        json_object_set(into, name, (json_t *)value);
}

// The client first: the signal is about him, and the others named with him form the household.
static json_t *
persons_of(const json_t *signal)
{
    json_t *persons = json_array(), *member;
    size_t i;
    json_t *client = json_object_get(json_object_get(signal, "client"), "Burgerservicenummer");
    json_array_append(persons, client ? client : json_null());
    json_array_foreach(json_object_get(signal, "gezinsleden"), i, member)
    {
        json_t *number = json_object_get(member, "Burgerservicenummer");
        json_array_append(persons, number ? number : json_null());
    }
    return persons;
}

static bool
map_signal(Intake *intake, size_t record, const json_t *signal)
{
    if (!json_is_object(signal))
        return intake_complain(intake, record, SAY_WRONG_VALUE, "vroegsignalen");
    json_t *values = json_object();
    bool months = add_months(intake, record, signal, values);
    bool amount = add_amount(intake, record, signal, values);
    add_text(values, "dossier", json_object_get(signal, "ID"));
    add_text(values, "contact-phone",
             json_object_get(json_object_get(signal, "client"), "Telefoonnummer"));
    json_t *source = json_object();
    add_text(source, "occurred-at", json_object_get(signal, "signaaldatum"));
    bool good = mapping_signal(intake, record, "rent-arrears", persons_of(signal), values, source);
    json_decref(source);
    return good && months && amount;
}

static bool
read_exchange(Intake *intake, const json_t *deliveries)
{
    size_t i, j, record = 0;
    json_t *delivery, *signal;
    json_array_foreach((json_t *)deliveries, i, delivery)
        json_array_foreach(json_object_get(delivery, "vroegsignalen"), j, signal)
            map_signal(intake, ++record, signal);
    return true;
}

bool
arrears_read_json(Intake *intake, const json_t *root)
{
    const json_t *deliveries = json_object_get(root, "leveringen");
    if (json_is_array(deliveries))
        return read_exchange(intake, deliveries);
    return mapping_read_json(intake, root, forms, FORMS);
}

bool
arrears_read_csv(Intake *intake, const CsvTable *csv)
{
    return mapping_read_csv(intake, csv, forms, FORMS);
}
