// SPDX-License-Identifier: EUPL-1.2
// Rows and messages as JSON. Knows: json.h. Must never know: which commands print them.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/offline/json.h"
#include "keten/v1/record.pb-c.h"

static void
assert_json(json_t *object, const char *expected)
{
    char *text = json_dumps(object, JSON_COMPACT);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(object);
}

static void
a_row_is_an_object_of_its_cells(void **state)
{
    (void)state;
    Keten__V1__Cell cells[4];
    Keten__V1__Cell *list[4];
    static char names[4][8] = {"kind", "step", "late", "due"};
    static char text[] = "visit";
    for (size_t i = 0; i < 4; i++) {
        keten__v1__cell__init(&cells[i]);
        cells[i].name = names[i];
        list[i] = &cells[i];
    }
    cells[0].value_case = KETEN__V1__CELL__VALUE_TEXT;
    cells[0].text = text;
    cells[1].value_case = KETEN__V1__CELL__VALUE_NUMBER;
    cells[1].number = 7;
    cells[2].value_case = KETEN__V1__CELL__VALUE_FLAG;
    cells[2].flag = true;
    cells[3].value_case = KETEN__V1__CELL__VALUE_INSTANT_MS;
    cells[3].instant_ms = 1709546400000;
    Keten__V1__Row row = KETEN__V1__ROW__INIT;
    static char kind[] = "step";
    row.kind = kind;
    row.cells = list;
    row.n_cells = 4;
    assert_json(json_of_row(&row), "{\"row\":\"step\",\"kind\":\"visit\",\"step\":7,\"late\":true,"
                                   "\"due\":\"2024-03-04T10:00:00.000Z\"}");
}

static void
a_message_keeps_the_names_of_its_fields(void **state)
{
    (void)state;
    Keten__V1__Title title = KETEN__V1__TITLE__INIT;
    static char nl[] = "Huisbezoek";
    title.nl = nl;
    assert_json(json_of_message(&title.base), "{\"nl\":\"Huisbezoek\",\"en\":\"\"}");
}

static void
a_member_of_a_oneof_that_is_not_set_is_left_out(void **state)
{
    (void)state;
    Keten__V1__Cell cell = KETEN__V1__CELL__INIT;
    cell.value_case = KETEN__V1__CELL__VALUE_INSTANT_MS;
    cell.instant_ms = 0;
    assert_json(json_of_message(&cell.base), "{\"name\":\"\",\"instant_ms\":null}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_an_object_of_its_cells),
        cmocka_unit_test(a_message_keeps_the_names_of_its_fields),
        cmocka_unit_test(a_member_of_a_oneof_that_is_not_set_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
