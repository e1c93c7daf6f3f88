// SPDX-License-Identifier: EUPL-1.2
// The daemon's settings: defaults, paths, every error, and that what is printed can be read again.
// Must never know: what the settings do.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/files/arrangement.h"
#include "daemon/files/config_load.h"
#include "daemon/files/partner.h"
#include "tests/fixture/example.h"
#include "tests/fixture/scratch.h"

static Config
read_ok(Arena *arena, const char *text, const char *file)
{
    Config config;
    FileErrors errors;
    assert_int_equal(config_read(text, strlen(text), file, arena, &config, &errors), KT_OK);
    assert_int_equal(errors.count, 0);
    return config;
}

static void
defaults_stand(void **state)
{
    (void)state;
    Arena arena = {0};
    Config config = read_ok(&arena, "demo: false\n", "/etc/keten/ketend.yaml");
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(config.listen[0], "tcp://127.0.0.1:7350");
    assert_string_equal(config.data, "/etc/keten/data");
    assert_string_equal(config.served, "/etc/keten/data-served");
    assert_string_equal(config.secrets, "/etc/keten/secrets");
    assert_string_equal(config.partners, "/etc/keten/partners.d");
    assert_string_equal(config.arrangements, "/etc/keten/arrangements");
    assert_false(config.demo);
    assert_int_equal(config.snapshot_every, 16384);
    assert_int_equal(config.reads_per_hour, 10000);
    assert_int_equal(config.refusals_per_hour, 10000);
    int64_t start = 0;
    assert_true(instant_parse(text_of("2000-01-01"), &start));
    assert_int_equal(config.start_ms, start);
    arena_done(&arena);
}

static const char full[] = "listen: ['tcp://*:7350', 'ipc:///run/keten/door']\n"
                           "data: /var/lib/keten\n"
                           "secrets: geheim\n"
                           "partners: ../partners.d\n"
                           "arrangements: ketens\n"
                           "demo: true\n"
                           "snapshot-every: 64\n"
                           "reads-per-hour: 7\n"
                           "refusals-per-hour: 8\n"
                           "start: 2026-03-02T08:00:00Z\n";

static void
paths_start_beside_the_file(void **state)
{
    (void)state;
    Arena arena = {0};
    Config config = read_ok(&arena, full, "stad/ketend.yaml");
    assert_int_equal(config.listen_count, 2);
    assert_string_equal(config.listen[1], "ipc:///run/keten/door");
    assert_string_equal(config.data, "/var/lib/keten");
    assert_string_equal(config.served, "/var/lib/keten-served");
    assert_string_equal(config.secrets, "stad/geheim");
    assert_string_equal(config.partners, "stad/../partners.d");
    assert_string_equal(config.arrangements, "stad/ketens");
    assert_string_equal(config.file, "stad/ketend.yaml");
    assert_true(config.demo);
    assert_int_equal(config.snapshot_every, 64);
    assert_int_equal(config.reads_per_hour, 7);
    assert_int_equal(config.refusals_per_hour, 8);
    assert_string_equal(read_ok(&arena, full, "ketend.yaml").secrets, "geheim");
    arena_done(&arena);
}

static void
what_is_printed_reads_again(void **state)
{
    (void)state;
    static const char *const texts[] = {full, "demo: false\n",
                                        "data: \"a \\\"b\\\" \\\\ \\t c # d\"\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Arena arena = {0};
        Config config = read_ok(&arena, texts[i], "/stad/ketend.yaml");
        const char *once = config_text(&config, &arena);
        config = read_ok(&arena, once, "/elders/ketend.yaml");
        const char *twice = config_text(&config, &arena);
        assert_string_equal(once, twice);
        arena_done(&arena);
    }
}

static void
printed_paths_hold_anywhere(void **state)
{
    (void)state;
    Arena arena = {0};
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    Config config = read_ok(&arena, "data: gegevens\n", "ketend.yaml");
    assert_non_null(strstr(config_text(&config, &arena),
                           arena_format(&arena, "data: \"%s/gegevens\"\n", here)));
    arena_done(&arena);
}

static void
every_slip_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        size_t line, column;
        const char *nl, *en;
    } slips[] = {
        {"secrets:", "secret:", 3, 1, "onbekende sleutel 'secret' (bedoelde u 'secrets'?)",
         "unknown key 'secret'"},
        {"demo: true\n", "demo: true\ndemo: true\n", 7, 1,
         "dubbele sleutel 'demo', stond al op regel 6", "double key"},
        {"tcp://*:7350", "tcp://*:99999", 1, 10, "geen geldig adres: 'tcp://*:99999'",
         "not a valid endpoint"},
        {"tcp://*:7350", "udp://*:7350", 1, 10, "geen geldig adres", "not a valid endpoint"},
        {"tcp://*:7350", "tcp://:7350", 1, 10, "geen geldig adres", "not a valid endpoint"},
        {"ipc:///run/keten/door", "tcp://*:7350", 1, 26, "staat er tweemaal", "stands twice"},
        {"['tcp://*:7350', 'ipc:///run/keten/door']", "[]", 1, 9, "deze lijst is leeg",
         "this list is empty"},
        {"['tcp://*:7350', 'ipc:///run/keten/door']", "tcp://*:7350", 1, 9, "hier hoort een lijst",
         "a list [..]"},
        {"demo: true", "demo: ja", 6, 7, "hier hoort true of false", "true or false belongs here"},
        {"demo: true", "demo: false", 10, 8, "'start' hoort bij een gestuurde klok",
         "belongs to a driven clock"},
        {"snapshot-every: 64", "snapshot-every: 0", 7, 17, "hier hoort een geheel getal vanaf 1",
         "a whole number from 1 belongs here"},
        {"2026-03-02T08:00:00Z", "gisteren", 10, 8, "geen geldige datum of tijd",
         "not a valid date or time"},
        {"data: /var/lib/keten", "data:", 2, 6, "deze waarde is leeg", "this value is empty"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        Arena arena = {0};
        Config config;
        FileErrors errors;
        const char *text = text_replaced(&arena, full, slips[i].from, slips[i].to);
        assert_int_equal(config_read(text, strlen(text), "k", &arena, &config, &errors),
                         KT_FILE_CONTENT);
        const FileError *error = &errors.items[0];
        if (error->line != slips[i].line || error->column != slips[i].column)
            print_error("%s: %zu:%zu %s\n", slips[i].to, error->line, error->column,
                        error->text[1]);
        assert_int_equal(error->line, slips[i].line);
        assert_int_equal(error->column, slips[i].column);
        assert_non_null(strstr(error->text[KT_NL - 1], slips[i].nl));
        assert_non_null(strstr(error->text[KT_EN - 1], slips[i].en));
        arena_done(&arena);
    }
}

static void
from_disk(void **state)
{
    (void)state;
    Arena arena = {0};
    Config config;
    FileErrors errors;
    Fault fault;
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    scratch_path(directory, "ketend.yaml", path);
    assert_int_equal(config_load(path, &arena, &config, &errors, &fault), KT_FILE_UNREADABLE);
    assert_non_null(strstr(fault.detail, path));
    scratch_write(path, full, strlen(full));
    assert_int_equal(config_load(path, &arena, &config, &errors, &fault), KT_OK);
    assert_string_equal(config.secrets, arena_format(&arena, "%s/geheim", directory));
    scratch_write(path, "dmo: true\n", 10);
    assert_int_equal(config_load(path, &arena, &config, &errors, &fault), KT_FILE_CONTENT);
    assert_int_equal(errors.count, 1);
    scratch_remove(directory);
    arena_done(&arena);
}

static void
the_manuals_examples_read(void **state)
{
    (void)state;
    Arena arena = {0};
    const char *manual = "docs/man/ketend.yaml.5.scd";
    Config config = read_ok(&arena, manual_example(&arena, manual, "EXAMPLE"), "/etc/keten/k");
    assert_int_equal(config.listen_count, 2);
    const char *partner = manual_example(&arena, manual, "EXAMPLE OF A PARTNER");
    const PartnerRow *row = NULL;
    FileErrors errors;
    assert_int_equal(partner_read(partner, strlen(partner), "gemeente", &arena, &row, &errors),
                     KT_OK);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_stand),
        cmocka_unit_test(paths_start_beside_the_file),
        cmocka_unit_test(what_is_printed_reads_again),
        cmocka_unit_test(printed_paths_hold_anywhere),
        cmocka_unit_test(every_slip_is_told),
        cmocka_unit_test(from_disk),
        cmocka_unit_test(the_manuals_examples_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
