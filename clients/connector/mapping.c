// SPDX-License-Identifier: EUPL-1.2
// Maps a partner's records by tables. Knows: records, persons, which step a record completes. Must
// never know: which facts a city's arrangement has, the forms of values.
//
// A CSV row becomes the JSON object that a file would hold, so that both go through map_record(). A
// record that is wrong becomes a complaint, and the rest of the input is read on.
#include "clients/connector/mapping.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/text.h"
#include "proto/names.h"

// Keys of a record that are not fields of its fact.
static const char *const locators[] = {
    "bsn",     "burgerservicenummer", "step",  "stap",   "plan",
    "dossier", "occurred-at",         "datum", "worker", "medewerker"};

json_t *
mapping_either(const json_t *object, const char *one, const char *other)
{
    json_t *value = json_object_get(object, one);
    return value != NULL ? value : json_object_get(object, other);
}

static void
add_persons(json_t *persons, const char *text)
{
    for (size_t at = strspn(text, " +"); text[at]; at += strspn(text + at, " +")) {
        size_t length = strcspn(text + at, " +");
        json_array_append_new(persons, json_stringn(text + at, length));
        at += length;
    }
}

json_t *
mapping_persons(const json_t *source)
{
    json_t *persons = json_array(), *value = mapping_either(source, "bsn", "burgerservicenummer"),
           *one;
    size_t i;
    if (json_is_string(value))
        add_persons(persons, json_string_value(value));
    // A value that is no text stays as it is: the reader of the command complains about its place.
    json_array_foreach(value, i, one) json_array_append(persons, one);
    return persons;
}

// Copies the instant and the worker of a record.
static void
copy_common(json_t *command, const json_t *source)
{
    json_t *at = mapping_either(source, "occurred-at", "datum");
    json_t *worker = mapping_either(source, "worker", "medewerker");
    if (json_is_string(at) && *json_string_value(at))
        json_object_set(command, "occurred-at", at);
    if (json_is_string(worker) && *json_string_value(worker))
        json_object_set(command, "worker", worker);
}

bool
mapping_signal(Intake *intake, size_t record, const char *fact, json_t *persons, json_t *fields,
               const json_t *source)
{
    json_t *command =
        json_pack("{s:s, s:o, s:o}", "signal", fact, "persons", persons, "fields", fields);
    copy_common(command, source);
    return intake_add(intake, record, command);
}

typedef struct Target {
    uint64_t step;
    uint32_t version; // that the record or the desk knows; 0: the command names no version
    bool offered;     // the step has to be accepted first
} Target;

static bool
number_of(const json_t *value, char letter, uint64_t *ret, uint32_t *ret_version)
{
    if (json_is_integer(value) && json_integer_value(value) > 0) {
        *ret = (uint64_t)json_integer_value(value);
        return true;
    }
    const char *text = json_string_value(value);
    if (text == NULL)
        return false;
    return id_parse(text, letter, ret, ret_version) || (text_to_uint64(text_of(text), ret) && *ret);
}

static bool
find_target(const Intake *intake, const char *kind, const json_t *source, Target *ret)
{
    uint64_t plan = 0;
    uint32_t version = 0;
    const DeskStep *known = NULL;
    if (number_of(mapping_either(source, "step", "stap"), 's', &ret->step, &version)) {
        known = desk_step(intake->desk, ret->step);
    } else {
        const char *dossier = json_string_value(json_object_get(source, "dossier"));
        if (!number_of(json_object_get(source, "plan"), 'p', &plan, NULL) && dossier != NULL)
            plan = desk_plan_of(intake->desk, dossier);
        known = plan ? desk_open_step(intake->desk, plan, kind) : NULL;
        if (known == NULL)
            return false;
        ret->step = known->step;
    }
    ret->version = version ? version : known ? known->version : 0;
    ret->offered = known && known->state == KETEN__V1__STEP_STATE__STEP_OFFERED;
    return true;
}

static json_t *
step_command(const char *verb, const Target *target, bool with_version)
{
    json_t *command = json_pack("{s:I}", verb, (json_int_t)target->step);
    if (with_version && target->version)
        json_object_set_new(command, "version", json_integer(target->version));
    return command;
}

bool
mapping_complete(Intake *intake, size_t record, const char *step, const char *fact, json_t *fields,
                 const json_t *source)
{
    Target target = {0};
    if (!find_target(intake, step, source, &target)) {
        const char *dossier = json_string_value(json_object_get(source, "dossier"));
        json_decref(fields);
        return intake_complain(intake, record, SAY_NO_OPEN_STEP, step, dossier ? dossier : "-");
    }
    if (target.offered) {
        json_t *accept = step_command("accept", &target, true);
        copy_common(accept, source);
        if (!intake_add(intake, record, accept)) {
            json_decref(fields);
            return false;
        }
    }
    // Accepting gives the step a new version that nobody has seen yet.
    json_t *complete = step_command("complete", &target, !target.offered);
    json_object_set_new(complete, "facts", json_pack("{s:o}", fact, fields));
    copy_common(complete, source);
    return intake_add(intake, record, complete);
}

static const FieldMap *
field_of(const FormMap *form, const char *key)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (strcasecmp(key, form->fields[i].nl) == 0 || strcasecmp(key, form->fields[i].field) == 0)
            return &form->fields[i];
    return NULL;
}

static bool
is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_string(value) && !json_string_length(value));
}

// One key of a record: a field by the table, something else about the record, or a field by its own
// name.
static bool
map_key(Intake *intake, size_t record, const FormMap *form, const char *key, const json_t *value,
        json_t *fields)
{
    const FieldMap *map = field_of(form, key);
    if (is_empty(value) ||
        (map == NULL && word_is_one_of(key, locators, sizeof locators / sizeof *locators)))
        return true;
    const char *name = map ? map->field : key;
    json_t *mapped = shape_value(map ? map->shape : SHAPE_TEXT, value);
    if (mapped != NULL && name_is_valid(name))
        return json_object_set_new(fields, name, mapped) == 0;
    json_decref(mapped);
    return intake_complain(intake, record, SAY_WRONG_VALUE, key);
}

static bool
map_record(Intake *intake, size_t record, const FormMap *form, const json_t *source)
{
    json_t *fields = json_object(), *value;
    const char *key;
    bool good = json_is_object(source) || intake_complain(intake, record, SAY_UNKNOWN_FORM);
    json_object_foreach((json_t *)source, key, value) good =
        map_key(intake, record, form, key, value, fields) && good;
    if (!good) {
        json_decref(fields);
        return false;
    }
    if (form->step != NULL)
        return mapping_complete(intake, record, form->step, form->fact, fields, source);
    return mapping_signal(intake, record, form->fact, mapping_persons(source), fields, source);
}

static void
map_records(Intake *intake, size_t *record, const FormMap *form, const json_t *value)
{
    size_t i;
    json_t *one;
    if (!json_is_array(value)) {
        map_record(intake, ++*record, form, value);
        return;
    }
    json_array_foreach((json_t *)value, i, one) map_record(intake, ++*record, form, one);
}

bool
mapping_read_json(Intake *intake, const json_t *root, const FormMap *forms, size_t count)
{
    size_t record = 0;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = mapping_either(root, forms[i].nl, forms[i].en);
        if (value == NULL)
            continue;
        found = true;
        map_records(intake, &record, &forms[i], value);
    }
    return found;
}

static json_t *
row_object(const CsvTable *csv, size_t row)
{
    json_t *object = json_object();
    for (size_t i = 0; i < csv->columns; i++) {
        char key[64];
        snprintf(key, sizeof key, "%s", csv_table_header(csv, i));
        for (char *at = key; *at; at++)
            *at = (char)(*at == ' ' || *at == '_' ? '-' : tolower((unsigned char)*at));
        json_object_set_new(object, key, json_string(csv_table_cell(csv, row, i)));
    }
    return object;
}

static bool
fits(const FormMap *form, const CsvTable *csv)
{
    ASSERT(form->field_count > 0);
    const char *person = form->step ? NULL : "bsn";
    bool leading = csv_table_column(csv, form->fields[0].nl) < CSV_TABLE_COLUMNS ||
                   csv_table_column(csv, form->fields[0].field) < CSV_TABLE_COLUMNS;
    bool persons = person == NULL || csv_table_column(csv, person) < CSV_TABLE_COLUMNS ||
                   csv_table_column(csv, "burgerservicenummer") < CSV_TABLE_COLUMNS;
    return leading && persons;
}

bool
mapping_read_csv(Intake *intake, const CsvTable *csv, const FormMap *forms, size_t count)
{
    size_t i = 0;
    while (i < count && !fits(&forms[i], csv))
        i++;
    if (i == count)
        return false;
    for (size_t row = 0; row < csv->rows; row++) {
        json_t *object = row_object(csv, row);
        map_record(intake, row + 1, &forms[i], object);
        json_decref(object);
    }
    return true;
}
