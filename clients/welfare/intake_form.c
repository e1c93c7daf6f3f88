// SPDX-License-Identifier: EUPL-1.2
// Maps an intake: {"intake": {"step" | "plan" | "bsn": …, "leefgebieden": {"financien": 2, …},
// "toelichting": "…"}}. Where it names the step or the plan it completes home-visit with an
// intake-report; where it names persons only, it is the signal social-report: the worry is the one
// given, else that of the lowest domain, and a score of 1 is urgent. Scores run from 1 (acute) to 5
// (self-sufficient).
//
// Knows: that form. Must never know: folders, sessions, how commands are sent.
#include "clients/welfare/intake_form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clients/connector/mapping.h"

typedef struct Domain {
    const char *nl;
    const char *en;
    const char *field;
    const char *worry;
} Domain;

static const Domain domains[] = {
    {"financien", "finances", "score-finances", "money"},
    {"werk-en-opleiding", "work-and-education", "score-work-and-education", "money"},
    {"tijdsbesteding", "use-of-time", "score-use-of-time", "loneliness"},
    {"huisvesting", "housing", "score-housing", "home"},
    {"huiselijke-relaties", "domestic-relations", "score-domestic-relations", "safety"},
    {"geestelijke-gezondheid", "mental-health", "score-mental-health", "health"},
    {"lichamelijke-gezondheid", "physical-health", "score-physical-health", "health"},
    {"middelengebruik", "substance-use", "score-substance-use", "health"},
    {"basale-adl", "basic-daily-living", "score-basic-daily-living", "health"},
    {"instrumentele-adl", "instrumental-daily-living", "score-instrumental-daily-living", "health"},
    {"sociaal-netwerk", "social-network", "score-social-network", "loneliness"},
    {"maatschappelijke-participatie", "social-participation", "score-social-participation",
     "loneliness"},
    {"justitie", "judicial", "score-judicial", "safety"},
};

static const FieldMap report_fields[] = {
    {"zorg", "worry", SHAPE_WORD},
    {"spoed", "urgent", SHAPE_YES_NO},
    {"toelichting", "note", SHAPE_TEXT},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const FormMap forms[] = {
    {"zorgmelding", "social-report", "social-report", NULL, report_fields, COUNT(report_fields)},
};

static const Domain *
find_domain(const char *key)
{
    for (size_t i = 0; i < COUNT(domains); i++)
        if (strcasecmp(key, domains[i].nl) == 0 || strcasecmp(key, domains[i].en) == 0)
            return &domains[i];
    return NULL;
}

static bool
is_score(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 1 &&
           json_integer_value(value) <= 5;
}

// The scores as fields. *ret_lowest is the domain that needs most; NULL without any score.
static bool
map_scores(Intake *intake, size_t record, const json_t *scores, json_t *into,
           const Domain **ret_lowest)
{
    const char *key;
    json_t *value;
    json_int_t lowest = 6;
    bool good = true;
    json_object_foreach((json_t *)scores, key, value)
    {
        const Domain *domain = find_domain(key);
        if (domain == NULL || !is_score(value)) {
            good = intake_complain(intake, record, domain ? SAY_WRONG_VALUE : SAY_UNKNOWN_KEY, key);
            continue;
        }
        json_object_set_new(into, domain->field, shape_value(SHAPE_NUMBER, value));
        if (json_integer_value(value) >= lowest)
            continue;
        lowest = json_integer_value(value);
        *ret_lowest = domain;
    }
    return good;
}

static bool
names_a_step(const json_t *one)
{
    return mapping_either(one, "step", "stap") || json_object_get(one, "plan") ||
           json_object_get(one, "dossier");
}

static bool
complete_visit(Intake *intake, size_t record, const json_t *one, json_t *fields)
{
    json_t *note = shape_value(SHAPE_TEXT, mapping_either(one, "toelichting", "note"));
    if (note != NULL)
        json_object_set_new(fields, "note", note);
    return mapping_complete(intake, record, "home-visit", "intake-report", fields, one);
}

static bool
report_worry(Intake *intake, size_t record, const json_t *one, const json_t *scores,
             const Domain *lowest)
{
    json_t *worry = shape_value(SHAPE_WORD, mapping_either(one, "zorg", "worry"));
    json_t *urgent = shape_value(SHAPE_YES_NO, mapping_either(one, "spoed", "urgent"));
    json_t *note = shape_value(SHAPE_TEXT, mapping_either(one, "toelichting", "note"));
    const char *score = lowest ? json_string_value(json_object_get(scores, lowest->field)) : "5";
    if (worry == NULL && lowest != NULL)
        worry = json_string(lowest->worry);
    if (urgent == NULL)
        urgent = json_string(*score == '1' ? "yes" : "no");
    if (worry == NULL) {
        json_decref(urgent);
        json_decref(note);
        return intake_complain(intake, record, SAY_MISSING, "zorg, leefgebieden");
    }
    json_t *fields = json_pack("{s:o, s:o}", "worry", worry, "urgent", urgent);
    if (note != NULL)
        json_object_set_new(fields, "note", note);
    return mapping_signal(intake, record, "social-report", mapping_persons(one), fields, one);
}

static bool
map_intake(Intake *intake, size_t record, const json_t *one)
{
    const Domain *lowest = NULL;
    const json_t *scores = mapping_either(one, "leefgebieden", "scores");
    if (!json_is_object(one) || (scores && !json_is_object(scores)))
        return intake_complain(intake, record, SAY_WRONG_VALUE, "leefgebieden");
    json_t *fields = json_object();
    if (!map_scores(intake, record, scores, fields, &lowest)) {
        json_decref(fields);
        return false;
    }
    if (names_a_step(one))
        return complete_visit(intake, record, one, fields);
    bool good = report_worry(intake, record, one, fields, lowest);
    json_decref(fields);
    return good;
}

// The intake stands by itself, in "intake", or in a list.
bool
intake_form_read_json(Intake *intake, const json_t *root)
{
    const json_t *value = json_object_get(root, "intake");
    if (value == NULL && (json_is_array(root) || mapping_either(root, "leefgebieden", "scores")))
        value = root;
    if (value == NULL)
        return mapping_read_json(intake, root, forms, COUNT(forms));
    if (!json_is_array(value)) {
        map_intake(intake, 1, value);
        return true;
    }
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)value, i, one) map_intake(intake, i + 1, one);
    return true;
}

bool
intake_form_read_csv(Intake *intake, const CsvTable *csv)
{
    return mapping_read_csv(intake, csv, forms, COUNT(forms));
}
