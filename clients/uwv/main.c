// SPDX-License-Identifier: EUPL-1.2
// keten-uwv: benefits that end and work that starts, on their way to the chain. Knows: this
// partner's forms of input, JSON and CSV alike, as tables. Must never know: sockets, other
// partners' forms.
#include "clients/connector/connector.h"
#include "clients/connector/mapping.h"

static const FieldMap benefit_fields[] = {
    {"uitkering", "benefit", SHAPE_WORD},
    {"laatste-dag", "last-day", SHAPE_DATE},
};

static const FieldMap track_fields[] = {
    {"start", "start", SHAPE_DATE},
    {"soort", "kind", SHAPE_WORD},
};

static const FieldMap profile_fields[] = {
    {"route", "route", SHAPE_WORD},
    {"uren", "hours", SHAPE_NUMBER},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const FormMap forms[] = {
    {"einde-uitkering", "benefit-ending", "benefit-ending", NULL, benefit_fields,
     COUNT(benefit_fields)},
    {"werktraject", "work-track", "work-track", "work-track", track_fields, COUNT(track_fields)},
    {"werkintake", "work-intake", "work-profile", "work-intake", profile_fields,
     COUNT(profile_fields)},
    {"uitstroomgesprek", "exit-talk", "work-profile", "exit-talk", profile_fields,
     COUNT(profile_fields)},
};

static bool
read_json(Intake *intake, const json_t *root)
{
    return mapping_read_json(intake, root, forms, COUNT(forms));
}

static bool
read_csv(Intake *intake, const CsvTable *csv)
{
    return mapping_read_csv(intake, csv, forms, COUNT(forms));
}

int
main(int argc, char **argv)
{
    static const Connector connector = {"keten-uwv", read_json, read_csv};
    return connector_main(argc, argv, &connector);
}
