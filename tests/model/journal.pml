// SPDX-License-Identifier: EUPL-1.2
// The barrier: what a crash at any moment leaves of commands, answers and deliveries.
//
// Three partners send commands; two of them belong to one stream. A line loses, repeats, reorders
// and delays: a frame that was sent may come any number of times or never, and each command is sent
// under its id with one body or, by a program that lost its memory, with another. The journal is an
// array of records; the snapshot is a fold of its first [applied] records; the overlay is what was
// folded since. The daemon may be killed between any two actions, also while the append is under
// way, and starts again by folding what the snapshot does not cover.
//
// action      the code it stands for
// receive     ledger/command.c ledger_command: came_before (stream's high mark, command row,
//             fingerprint), then decided → ledger/record.c record_append: the record joins the
//             batch, its rows the overlay, so that the next command of the turn sees them
// append      ledger.c ledger_commit → journal_append: all of the batch or none of it (a torn last
//             batch is cut off when the journal is opened again), then batch_written
// leave       server.c let_out: answers, then broker/deliveries.c deliveries_round: deliveries from the inbox
// flush       ledger.c ledger_checkpoint: state_seal at the tail, state_flush, never with a batch open
// crash       what is in memory goes; ledger.c ledger_start → ledger/fold.c fold_replay: the rows of
//             the snapshot, then every record from `applied` on, in order
//
// A record numbers one delivery for the desk; the numbers are the journal's positions.
//
// run: crashes
// mutants:
#define COMMANDS 4 // 0 and 1 are numbers 1 and 2 of one stream
#define MOST     5 // records that could be, were one made twice
#define BODIES   2

// what is on disk
byte journal[MOST]; // command << 1 | body, + 1; 0: no record
byte tail;
byte row_disk[COMMANDS], applied; // the snapshot: position of the command's record
bit body_disk[COMMANDS];
// what is in memory
byte row[COMMANDS];
bit body[COMMANDS];
byte batch[MOST], batched;
byte answers[COMMANDS]; // a position, REFUSED_BODY or REFUSED_NUMBER; 0 nothing to answer
bit appended;           // this turn's barrier was passed
// what is on the lines
bit sent[COMMANDS * BODIES];
// what the partners know
byte told[COMMANDS]; // the position in the receipt; 0 none
bit told_body[COMMANDS];
byte delivered[MOST]; // what the desk got under each number, + 1
byte effects[COMMANDS];

#define REFUSED_BODY   100
#define REFUSED_NUMBER 101

inline fold(record, position)
{
    at = (record - 1) >> 1;
    row[at] = position;
    body[at] = (record - 1) & 1;
    effects[at]++
}

// Rules 5, 6 and 9, whenever something is durable or has left.
inline check()
{
    for (i : 0 .. COMMANDS - 1) {
        assert(effects[i] <= 1); // one id, one effect
        if
        :: told[i] != 0 ->
            assert(told[i] <= tail);                                            // durable,
            assert(journal[told[i] - 1] == (i << 1 | told_body[i]) + 1)         // and still there
        :: else
        fi
    }
    for (i : 0 .. MOST - 1) {
        assert(delivered[i] == 0 || delivered[i] == journal[i])
    }
}

// Rule 9, with nothing under way: the rows are those of a fold of the whole journal.
inline check_fold()
{
    for (i : 0 .. COMMANDS - 1) {
        assert(row[i] == 0 || row[i] <= tail);
        assert(row[i] == 0 || journal[row[i] - 1] == (i << 1 | body[i]) + 1)
    }
    for (i : 0 .. MOST - 1) {
        assert(journal[i] == 0 || row[(journal[i] - 1) >> 1] == i + 1)
    }
}

inline answer_now(which)
{
#ifdef MUTANT_RECEIPT_BEFORE
    tell(which)
#else
    skip
#endif
}

inline tell(which)
{
    if
    :: answers[which] != 0 && answers[which] < REFUSED_BODY ->
        assert(told[which] == 0 || told[which] == answers[which]); // the same answer, for ever
        told[which] = answers[which];
        told_body[which] = body[which]
    :: answers[which] == REFUSED_NUMBER -> assert(told[which] == 0)
    :: else
    fi;
    answers[which] = 0
}

#ifdef MUTANT_TWICE // only the snapshot is asked, and not what this turn or the last made
#define IS_KNOWN(which) (row_disk[which] != 0)
#else
#define IS_KNOWN(which) (row[which] != 0)
#endif

#ifdef MUTANT_NO_FINGERPRINT
#define IS_OTHER(which, with) false
#else
#define IS_OTHER(which, with) (body[which] != (with))
#endif

inline judge(which, with)
{
    if
    :: IS_KNOWN(which) ->
        assert(!IS_OTHER(which, with) || row[which] != 0);
        if
        :: IS_OTHER(which, with) -> answers[which] = REFUSED_BODY
        :: else ->
            assert(body[which] == (with)); // an answer belongs to what was asked
            answers[which] = row[which]
        fi
    :: !IS_KNOWN(which) && which == 0 && row[1] != 0 ->
#ifdef MUTANT_NO_MARK
        record(which, with)
#else
        answers[which] = REFUSED_NUMBER // below the stream's mark, and never used
#endif
    :: else -> record(which, with)
    fi
}

inline record(which, with)
{
    assert(which != 0 || row[1] == 0); // the order of a stream
    assert(tail + batched < MOST);
    batch[batched] = (which << 1 | (with)) + 1;
    batched++;
    fold(batch[batched - 1], tail + batched);
    answers[which] = tail + batched
}

// The desk has deliveries up to the durable tail, or was cut off before some.
inline deliver()
{
#ifdef MUTANT_DELIVERED_BEFORE
    for (i : 0 .. MOST - 1) {
        if
        :: i >= tail && i < tail + batched -> delivered[i] = batch[i - tail]
        :: else
        fi
    }
#else
    for (i : 0 .. MOST - 1) {
        if
        :: i < tail -> delivered[i] = journal[i]
        :: else
        fi
    }
#endif
}

inline receive(which, with)
{
    d_step {
        sent[which * BODIES + with] && !appended;
        judge(which, with);
        answer_now(which);
#ifdef MUTANT_DELIVERED_BEFORE
        deliver();
#endif
        check();
        at = 0;
        i = 0
    }
}

inline take_message()
{
    if
    :: receive(0, 0)
    :: receive(0, 1)
    :: receive(1, 0)
    :: receive(1, 1)
    :: receive(2, 0)
    :: receive(2, 1)
    :: receive(3, 0)
    :: receive(3, 1)
    fi
}

inline append()
{
    d_step {
        (batched > 0 || answers[0] || answers[1] || answers[2] || answers[3]) && !appended;
        for (i : 0 .. MOST - 1) {
            if
            :: i < batched -> journal[tail + i] = batch[i]; batch[i] = 0
            :: else
            fi
        }
        tail = tail + batched;
        batched = 0;
        appended = 1;
        check();
        check_fold();
        i = 0
    }
}

inline leave()
{
    d_step {
        appended;
        tell(0);
        tell(1);
        tell(2);
        tell(3);
        deliver();
        appended = 0;
        check();
        i = 0
    }
}

#ifdef MUTANT_STATE_AHEAD // sealed with records that are in no journal yet
#define MAY_FLUSH (tail + batched > applied)
#else
#define MAY_FLUSH (batched == 0 && tail > applied)
#endif

inline flush()
{
    d_step {
        MAY_FLUSH && !appended;
        for (i : 0 .. COMMANDS - 1) {
            row_disk[i] = row[i];
            body_disk[i] = body[i]
        }
        applied = tail + batched;
        i = 0
    }
}

#ifdef MUTANT_FORGETS_LAST
#define REPLAYED (tail - 1)
#else
#define REPLAYED tail
#endif
#ifdef MUTANT_FOLDED_TWICE // from the applied record on, that one included
#define FIRST (applied > 0 -> applied - 1 : 0)
#else
#define FIRST applied
#endif

inline crash()
{
    d_step {
        (batched > 0 || appended || tail > applied || answers[0] || answers[1] || answers[2] ||
         answers[3]);
        for (i : 0 .. COMMANDS - 1) {
            row[i] = row_disk[i];
            body[i] = body_disk[i];
            effects[i] = (row_disk[i] != 0 -> 1 : 0);
            answers[i] = 0
        }
        for (i : 0 .. MOST - 1) {
            batch[i] = 0;
            if
            :: i >= FIRST && i < REPLAYED -> fold(journal[i], i + 1)
            :: else
            fi
        }
        batched = 0;
        appended = 0;
        check();
        check_fold();
        at = 0;
        i = 0
    }
}

active proctype Daemon()
{
    byte i, at;
end:
    do
    :: take_message()
    :: append()
    :: leave()
    :: flush()
    :: crash()
    od
}

active proctype Partners()
{
    byte which;
end:
    do
    :: d_step { !sent[0]; sent[0] = 1 }
    :: d_step { !sent[2]; sent[2] = 1 }
    :: d_step { !sent[4]; sent[4] = 1 }
    :: d_step { !sent[6]; sent[6] = 1 }
    :: d_step { !sent[3]; sent[3] = 1 } // the second number, used once more for something else
    od
}
