// SPDX-License-Identifier: EUPL-1.2
// Maps results to steps. A `vroegsignaalzaak` of the exchange model completes the step
// assess-signal of the plan that its first known signal (by ID, which the corporation sent as
// dossier) belongs to:
//
//     resultaat                      outcome, needs-support, told-landlord, by the table below
//     vervolg_steun, vervolg_werk    needs-support, needs-work: not in the model; "no" if left out
//     contactpogingen                note: how many, and when the resident was reached
//     datum_opgepakt                 when it happened
//
// The landlord is told only whether a signal was taken up, whatever the outcome was.
//
// Knows: that form. Must never know: folders, sessions, how commands are sent.
#include "clients/municipality/cases.h"

#include <stdio.h>
#include <string.h>

#include "clients/connector/mapping.h"

typedef struct ResultMap {
    const char *result;
    const char *outcome;
    const char *support;
    const char *landlord;
} ResultMap;

static const ResultMap results[] = {
    {"Niet opgepakt: herhaalde melding", "not-reached", "no", "not-taken-up"},
    {"Niet opgepakt: onterecht signaal", "no-debts", "no", "not-taken-up"},
    {"Niet opgepakt: andere reden", "not-reached", "no", "not-taken-up"},
    {"Inwoner is overleden", "not-reached", "no", "not-taken-up"},
    {"Persoon is geen inwoner (meer) in de gemeente", "not-reached", "no", "not-taken-up"},
    {"Inwoner al bekend bij schuldhulpverlening", "debts", "no", "taken-up"},
    {"Inwoner heeft al een ander lopend traject", "no-debts", "no", "taken-up"},
    {"Definitief geen contact kunnen krijgen", "not-reached", "no", "taken-up"},
    {"Geen reactie na eerder contact", "not-reached", "no", "taken-up"},
    {"Inwoner hoeft geen hulp vanuit vroegsignalering", "no-debts", "no", "taken-up"},
    {"Inwoner heeft zelf al betaald/betalingsregeling getroffen", "no-debts", "no", "taken-up"},
    {"(Budget)advies en/of quick fix", "no-debts", "no", "taken-up"},
    {"Vervolghulp en/of verwijzing financieel", "debts", "no", "taken-up"},
    {"Verwijzing zonder contact", "not-reached", "no", "taken-up"},
    {"Vervolghulp en/of verwijzing niet financieel", "no-debts", "yes", "taken-up"},
};

static const FieldMap frame_fields[] = {
    {"uitkomst", "outcome", SHAPE_WORD},        {"steun-nodig", "needs-support", SHAPE_YES_NO},
    {"werk-nodig", "needs-work", SHAPE_YES_NO}, {"verhuurder", "told-landlord", SHAPE_WORD},
    {"toelichting", "note", SHAPE_TEXT},
};

static const FieldMap debt_fields[] = {
    {"akkoord", "agreed", SHAPE_YES_NO},
    {"maandbedrag", "monthly", SHAPE_MONEY},
    {"huur-betaald", "rent-paid", SHAPE_YES_NO},
};

static const FieldMap participation_fields[] = {
    {"activiteit", "activity", SHAPE_WORD},
    {"start", "start", SHAPE_DATE},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const FormMap forms[] = {
    {"eerste-gesprek", "assess-signal", "assessment", "assess-signal", frame_fields,
     COUNT(frame_fields)},
    {"zorgmelding-wegen", "assess-report", "assessment", "assess-report", frame_fields,
     COUNT(frame_fields)},
    {"schuldhulp", "debt-counselling", "debt-plan", "debt-counselling", debt_fields,
     COUNT(debt_fields)},
    {"meedoen", "take-part", "participation-plan", "take-part", participation_fields,
     COUNT(participation_fields)},
};

static const ResultMap *
find_result(const json_t *value)
{
    const char *text = json_string_value(value);
    for (size_t i = 0; text && i < COUNT(results); i++)
        if (strcmp(results[i].result, text) == 0)
            return &results[i];
    return NULL;
}

// The first signal of the case that a delivery told of; else the first one, for the complaint.
static const json_t *
dossier_of(const Intake *intake, const json_t *signals)
{
    const json_t *first = NULL, *known = NULL;
    size_t i;
    json_t *signal;
    json_array_foreach((json_t *)signals, i, signal)
    {
        const json_t *id = json_object_get(signal, "ID");
        if (!json_is_string(id))
            continue;
        first = first ? first : id;
        if (known == NULL && desk_plan_of(intake->desk, json_string_value(id)))
            known = id;
    }
    return known ? known : first;
}

// How often contact was sought, in the words of the people who read it.
static json_t *
attempts_note(const json_t *attempts)
{
    size_t i, count = json_array_size(attempts);
    const char *reached = NULL, *how = NULL;
    json_t *attempt;
    json_array_foreach((json_t *)attempts, i, attempt)
    {
        if (!json_is_true(json_object_get(attempt, "bereikt")))
            continue;
        reached = json_string_value(json_object_get(attempt, "datum"));
        how = json_string_value(json_object_get(attempt, "soort"));
    }
    if (!count)
        return NULL;
    if (reached == NULL)
        return json_sprintf("%zu contactpoging%s, niet bereikt", count, count == 1 ? "" : "en");
    return json_sprintf("%zu contactpoging%s, bereikt op %s (%s)", count, count == 1 ? "" : "en",
                        reached, how ? how : "?");
}

static json_t *
assessment_of(const json_t *one, const ResultMap *result)
{
    json_t *support = shape_value(SHAPE_YES_NO, json_object_get(one, "vervolg_steun"));
    json_t *work = shape_value(SHAPE_YES_NO, json_object_get(one, "vervolg_werk"));
    json_t *fields =
        json_pack("{s:s, s:s}", "outcome", result->outcome, "told-landlord", result->landlord);
    json_object_set_new(fields, "needs-support", support ? support : json_string(result->support));
    json_object_set_new(fields, "needs-work", work ? work : json_string("no"));
    json_t *note = attempts_note(json_object_get(one, "contactpogingen"));
    if (note != NULL)
        json_object_set_new(fields, "note", note);
    return fields;
}

static bool
map_case(Intake *intake, size_t record, const json_t *one)
{
    const ResultMap *result = find_result(json_object_get(one, "resultaat"));
    const json_t *dossier = dossier_of(intake, json_object_get(one, "vroegsignalen"));
    if (result == NULL)
        return intake_complain(intake, record, SAY_WRONG_VALUE, "resultaat");
    if (dossier == NULL)
        return intake_complain(intake, record, SAY_MISSING, "vroegsignalen.ID");
    json_t *source = json_pack("{s:O}", "dossier", dossier);
    json_t *taken_up = json_object_get(one, "datum_opgepakt");
    if (json_is_string(taken_up))
        json_object_set(source, "occurred-at", taken_up);
    bool good = mapping_complete(intake, record, "assess-signal", "assessment",
                                 assessment_of(one, result), source);
    json_decref(source);
    return good;
}

static bool
read_exchange(Intake *intake, const json_t *deliveries)
{
    size_t i, j, record = 0;
    json_t *delivery, *one;
    json_array_foreach((json_t *)deliveries, i, delivery)
        json_array_foreach(json_object_get(delivery, "vroegsignaalzaken"), j, one)
            map_case(intake, ++record, one);
    return true;
}

bool
cases_read_json(Intake *intake, const json_t *root)
{
    const json_t *deliveries = json_object_get(root, "leveringen");
    if (json_is_array(deliveries))
        return read_exchange(intake, deliveries);
    return mapping_read_json(intake, root, forms, COUNT(forms));
}

bool
cases_read_csv(Intake *intake, const CsvTable *csv)
{
    return mapping_read_csv(intake, csv, forms, COUNT(forms));
}
