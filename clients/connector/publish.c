// SPDX-License-Identifier: EUPL-1.2
// Files out of new/, one at a time and in order. Knows: reading, claiming, what fails. Must never
// know: a partner's own forms, deliveries.
//
// publish_turn() sends on the file under way and finishes it once it is answered. It then takes up
// the oldest file that an earlier run left in work/, else the next file of new/. A file with a
// complaint goes to failed/ as a whole; a failing disk ends the connector.
#include "clients/connector/publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/connector/reader.h"

// True for errors of the disk as a whole: no other file would fare better.
static bool
is_of_the_disk(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EIO || error == EROFS || error == ENOMEM;
}

// One file cannot be moved. It is told once and left where it lies, and the others go on.
static void
pass_over(Hub *hub, const char *name, int error)
{
    hub->failed = true;
    if (is_of_the_disk(error)) {
        hub_give_up(hub, name, strerror(error));
        return;
    }
    speech_tell(&hub->options.speech, error == ENOENT ? SAY_VANISHED : SAY_LEFT, name,
                strerror(error));
    if (error != ENOENT && json_is_array(hub->passed_over))
        json_array_append_new(hub->passed_over, json_stringn_nocheck(name, strlen(name)));
}

static bool
is_passed_over(const Hub *hub, const char *name)
{
    size_t i;
    json_t *passed;
    json_array_foreach(hub->passed_over, i,
                       passed) if (strcmp(json_string_value(passed), name) == 0) return true;
    return false;
}

static void
reject(Hub *hub, const char *name, const Intake *intake)
{
    hub->failed = true;
    if (!claim_reject(&hub->folder, PLACE_NEW, name, intake->complaints, &hub->options.speech))
        pass_over(hub, name, errno);
}

static void
take_file(Hub *hub, const char *name, Intake *intake)
{
    if (!intake_is_sound(intake)) {
        reject(hub, name, intake);
        return;
    }
    keten_result result = claim_take(&hub->claim, hub->k, &hub->folder, name, intake->commands);
    if (result == KETEN_STORAGE)
        pass_over(hub, name, errno);
    else if (result != KETEN_OK)
        hub_give_up_result(hub, result);
}

static bool
read_file(Hub *hub, const char *name, Intake *intake)
{
    char *text = NULL;
    size_t length = 0;
    switch (folder_read(&hub->folder, PLACE_NEW, name, READER_BYTES, &text, &length)) {
    case FOLDER_OK:
        reader_read(hub->connector, intake, text, length);
        explicit_bzero(text, length);
        free(text);
        return true;
    case FOLDER_ABSENT:
        return false;
    case FOLDER_TOO_LARGE:
        return !intake_complain(intake, 0, SAY_TOO_LARGE);
    case FOLDER_NOT_A_FILE:
        return !intake_complain(intake, 0, SAY_NOT_A_FILE);
    case FOLDER_ERROR:
        return !intake_complain(intake, 0, SAY_UNREADABLE, strerror(errno));
    }
    return false;
}

// Takes the first file that can be taken. Leaves `look` set while there may be another.
static void
look_into_new(Hub *hub)
{
    char **names;
    size_t count;
    hub->look = false;
    if (!folder_list(&hub->folder, PLACE_NEW, &names, &count)) {
        hub_give_up(hub, folder_place_name(PLACE_NEW), strerror(errno));
        return;
    }
    for (size_t i = 0; i < count && !hub->claim.active && !hub->stop; i++) {
        Intake intake;
        if (is_passed_over(hub, names[i]))
            continue;
        hub_start_intake(hub, &intake);
        if (read_file(hub, names[i], &intake))
            take_file(hub, names[i], &intake);
        intake_done(&intake);
        hub->look = hub->claim.active;
    }
    folder_names_free(names, count);
}

static void
turn_claim(Hub *hub)
{
    if (!hub->claim.active)
        return;
    keten_result result = claim_submit(&hub->claim, hub->k, &hub->options.speech);
    if (result != KETEN_OK && result != KETEN_FULL) {
        hub_give_up_result(hub, result);
        return;
    }
    if (!claim_is_answered(&hub->claim))
        return;
    hub->failed = hub->failed || hub->claim.refused;
    if (claim_finish(&hub->claim, &hub->folder, &hub->options.speech))
        claim_done(&hub->claim);
    else
        hub_give_up(hub, hub->claim.name, strerror(errno));
}

// Puts a file of work/ into failed/, since its list is gone or cannot be used.
static void
reject_work(Hub *hub, const char *name, Say why)
{
    Intake intake;
    hub_start_intake(hub, &intake);
    intake_complain(&intake, 0, why);
    hub->failed = true;
    if (!claim_reject(&hub->folder, PLACE_WORK, name, intake.complaints, &hub->options.speech))
        hub_give_up(hub, name, strerror(errno));
    intake_done(&intake);
}

// A list that is damaged, or of another stream. It stays beside its file in failed/.
static void
reject_list(Hub *hub, const char *list)
{
    char work[FOLDER_NAME];
    claim_work_name(list, work);
    if (folder_has(&hub->folder, PLACE_WORK, work))
        reject_work(hub, work, SAY_LIST_DAMAGED);
    if (!hub->stop && !folder_move(&hub->folder, PLACE_WORK, list, PLACE_FAILED, list))
        hub_give_up(hub, list, strerror(errno));
}

// Takes up the oldest file that an earlier run left: these go before anything new. True when there
// was one.
static bool
resume_next(Hub *hub)
{
    char **names;
    size_t count;
    if (!folder_list(&hub->folder, PLACE_WORK, &names, &count))
        return false;
    for (size_t i = 0; i < count && !hub->claim.active && !hub->stop; i++) {
        Claim claim;
        if (!claim_is_list(names[i]))
            continue;
        if (!claim_resume(&claim, hub->k, &hub->folder, names[i])) {
            reject_list(hub, names[i]);
            continue;
        }
        // A list may be without its file: the file never left new/, or is finished already.
        if (folder_has(&hub->folder, PLACE_WORK, claim.work)) {
            hub->claim = claim;
        } else {
            claim_done(&claim);
            folder_remove(&hub->folder, PLACE_WORK, names[i]);
        }
    }
    folder_names_free(names, count);
    return hub->claim.active;
}

void
publish_reject_unlisted(Hub *hub)
{
    char **names, list[FOLDER_NAME + 16];
    size_t count;
    if (!folder_list(&hub->folder, PLACE_WORK, &names, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        snprintf(list, sizeof list, "%s.commands", names[i]);
        if (claim_is_list(names[i]) || folder_has(&hub->folder, PLACE_WORK, list))
            continue;
        reject_work(hub, names[i], SAY_NO_PLAN_FILE);
    }
    folder_names_free(names, count);
}

void
publish_turn(Hub *hub)
{
    turn_claim(hub);
    if (!hub->stop && !hub->claim.active && !resume_next(hub) && hub->look)
        look_into_new(hub);
    if (!hub->stop)
        turn_claim(hub);
}
