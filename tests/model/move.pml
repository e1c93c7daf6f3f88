// SPDX-License-Identifier: EUPL-1.2
// A plan that goes to another arrangement: offered to the desk there, with whoever holds it until
// that desk has accepted, and perhaps on its way back after that.
//
// Arrangement 1 has A for a desk and knows A, C; arrangement 2 has B and knows B, C as well, but not
// every kind of step. A has asked C to coordinate. The plan has a returned step, with whoever holds
// it; work that C has accepted and both arrangements know; and work of C's that only 1 knows.
// Frames, turns, barrier and crashes are as in handover.pml; a command is done once, as far as that
// is durable.
//
// action   the code it stands for
// offer    handlers/move.c decide_plan_move: check_holds, check_offer, a matter with its turn at the
//          desk of the arrangement
// settle   handlers/matter.c decide_matter_settle: find_matter (open, party, version); move_check:
//          the desk's word, or for "withdrawn" the word of who holds the plan now
// move     handlers/move.c move_follow, in one record: withdraw_unfit, leave (coordination_end),
//          header_move, steps_adopt, matters_adopt
// climb    matters.c matter_climb by handlers/fire.c fire_matter
// take     handlers/coordinator.c decide_coordinator_accept → coordination.c hold
// fail     handlers/step.c with MOVE_FAIL: falls back to whoever holds the plan
// close    handlers/plan.c decide_plan_close: matters_end
//
// Left out: versions of one arrangement, parts, fields and purposes. A matter's version grows with
// each climb; here it does so once, which turns no fewer late answers away. An answer carries the version that its sender saw; 0 is left out.
//
// run: there ONE_WAY
// run: and-back BOTH_WAYS
// fair: climbs FAIR
// mutants: ONE_WAY
// mutant: MUTANT_OLD_ANSWER BOTH_WAYS
#define A 1
#define B 2
#define C 4

#define NOW  0
#define DISK 1

#define DESK(arrangement)          ((arrangement) == 1 -> A : B)
#define TAKES_PART(arrangement, who) ((who) == C || (who) == DESK(arrangement))

bit open[2] = 1;
byte arrangement[2] = 1;
byte holder[2] = A;
byte answers[2] = A;  // the set of those who answer for the plan
byte held[2] = A;     // of those accountable for the returned step
byte work[2] = C;     // for the work that both arrangements know
byte own_work[2] = C; // for the work that only the first knows; 0 when it ended
byte matter[2];       // the version of the open offer; 0 none
bit offered[2] = 1;   // C is asked to coordinate
byte done[2];
byte latest[2];       // the last version given to a matter

#define MOVE     1 // to the other arrangement
#define ACCEPT   2
#define REFUSE   3
#define WITHDRAW 4
#define CLOSE    5
#define TAKE     6 // coordination
#define FAIL     7 // the work that both know

#ifdef ONE_WAY
#define SLOTS 5
#define FIRST_OF_B 2
#define FIRST_OF_C 3
#define EACH(what) what(0); what(1); what(2); what(3); what(4)
#endif
#ifdef BOTH_WAYS
#define SLOTS 5
#define FIRST_OF_B 2
#define FIRST_OF_C 4
#define EACH(what) what(0); what(1); what(2); what(3); what(4)
#endif
#ifdef FAIR
#define SLOTS 3
#define FIRST_OF_B 1
#define FIRST_OF_C 2
#define EACH(what) what(0); what(1); what(2)
#endif

// kind << 4 | version; 0 not sent
byte command[SLOTS];
bit overdue;
byte crashes, records;
bit half; // only with a mutant

#define DONE         255
#define PASSED       15
#define MOST_RECORDS 2
#define BIT(slot)    (1 << (slot))
#define KIND(slot)   (command[slot] >> 4)
#define SEEN(slot)   (command[slot] & 15)
#define ACTOR(slot)  ((slot) < FIRST_OF_B -> A : ((slot) < FIRST_OF_C -> B : C))
#define ONE(set)     ((set) == A || (set) == B || (set) == C)

inline copy(to, from)
{
    open[to] = open[from];
    arrangement[to] = arrangement[from];
    holder[to] = holder[from];
    answers[to] = answers[from];
    held[to] = held[from];
    work[to] = work[from];
    own_work[to] = own_work[from];
    matter[to] = matter[from];
    offered[to] = offered[from];
    done[to] = done[from];
    latest[to] = latest[from]
}

// Rules 2 and 4 on what is durable, and that nobody holds a plan without a place in it.
inline check_disk()
{
    if
    :: open[DISK] ->
        assert(ONE(answers[DISK]) && answers[DISK] == holder[DISK]);
        assert(held[DISK] == holder[DISK]);
        assert(TAKES_PART(arrangement[DISK], holder[DISK]));
        assert(work[DISK] == C || work[DISK] == holder[DISK]);
        assert(arrangement[DISK] == 1 || own_work[DISK] == 0);
        assert(own_work[DISK] == 0 || own_work[DISK] == C)
    :: else -> assert((answers[DISK] | held[DISK] | work[DISK] | own_work[DISK]) == 0)
    fi
}

// ---- what a record does -------------------------------------------------------------------------

#define OTHER (3 - arrangement[NOW])

inline offer()
{
    latest[NOW]++;
    assert(latest[NOW] < PASSED);
    matter[NOW] = latest[NOW];
#ifdef MUTANT_OWNER_CLEARED
    answers[NOW] = 0;
#endif
#ifdef MUTANT_AT_ONCE
    move(A)
#endif
}

inline move(by)
{
    assert(by == DESK(OTHER)); // rule 4: the record that accepts moves it, on the desk's word
    assert(open[NOW]);
    arrangement[NOW] = OTHER;
    matter[NOW] = 0;
#ifndef MUTANT_OFFER_KEPT
    offered[NOW] = 0;
#endif
    holder[NOW] = by;
#ifdef MUTANT_BOTH_ANSWER
    answers[NOW] = answers[NOW] | by;
#else
    answers[NOW] = by;
#endif
#ifdef MUTANT_TWO_RECORDS
    half = 1;
#else
    held[NOW] = by;
#endif
#ifdef MUTANT_WORK_TAKEN
    work[NOW] = by;
    assert(by == C); // rule 4: nobody takes over what another has accepted
#endif
    if
    :: work[NOW] != C -> work[NOW] = by
    :: else
    fi;
#ifndef MUTANT_UNFIT_STAYS
    own_work[NOW] = 0
#endif
}

inline take()
{
    assert(arrangement[NOW] == 1); // asked by who held it there
    holder[NOW] = C;
    answers[NOW] = C;
    held[NOW] = C;
    work[NOW] = C;
    offered[NOW] = 0
}

inline fall_back()
{
    work[NOW] = holder[NOW]
}

inline close()
{
    open[NOW] = 0;
    answers[NOW] = 0;
    held[NOW] = 0;
    work[NOW] = 0;
    own_work[NOW] = 0;
    matter[NOW] = 0;
    offered[NOW] = 0
}

inline climb()
{
    if
    :: latest[NOW] == 1 ->
        latest[NOW]++;
        matter[NOW] = latest[NOW]
    :: else
    fi
}

// ---- commands -----------------------------------------------------------------------------------

#define HOLDS(slot) (open[NOW] && holder[NOW] == ACTOR(slot))

#ifdef MUTANT_OLD_ANSWER
#define STANDS(slot) (matter[NOW] != 0)
#else
#define STANDS(slot) (matter[NOW] != 0 && SEEN(slot) == matter[NOW])
#endif

#ifdef MUTANT_ASKER_ANSWERS
#define MAY_ANSWER(slot) (ACTOR(slot) == DESK(OTHER) || ACTOR(slot) == holder[NOW])
#else
#define MAY_ANSWER(slot) (ACTOR(slot) == DESK(OTHER))
#endif

inline judge(slot)
{
    if
    :: KIND(slot) == MOVE && HOLDS(slot) && matter[NOW] == 0 -> offer()
    :: KIND(slot) == ACCEPT && STANDS(slot) && MAY_ANSWER(slot) ->
        assert(SEEN(slot) == matter[NOW]); // the offer that was meant
        move(ACTOR(slot))
    :: KIND(slot) == REFUSE && STANDS(slot) && MAY_ANSWER(slot) -> matter[NOW] = 0
    :: KIND(slot) == WITHDRAW && STANDS(slot) && HOLDS(slot) -> matter[NOW] = 0
    :: KIND(slot) == CLOSE && HOLDS(slot) -> close()
    :: KIND(slot) == TAKE && open[NOW] && offered[NOW] -> take()
    :: KIND(slot) == FAIL && open[NOW] && work[NOW] == C && holder[NOW] != C -> fall_back()
    :: else // refused
    fi
}

inline receive(slot)
{
    d_step {
        command[slot] != 0 && command[slot] != DONE && !(done[NOW] & BIT(slot)) &&
            records < MOST_RECORDS;
        records++;
        done[NOW] = done[NOW] | BIT(slot);
        judge(slot)
    }
}

// ---- the turn -----------------------------------------------------------------------------------

active proctype Letters()
{
end:
    do
    :: receive(0)
    :: receive(1)
    :: receive(2)
#if SLOTS > 3
    :: receive(3)
    :: receive(4)
#endif
    od
}

#define WAITS (matter[NOW] != 0)

active proctype Terms()
{
end:
    do
    :: d_step { overdue && records < MOST_RECORDS && WAITS; records++; climb(); overdue = 0 }
    :: d_step { overdue && !WAITS; overdue = 0 }
#ifdef MUTANT_TWO_RECORDS
    :: d_step { half; half = 0; records++; held[NOW] = holder[NOW] }
#endif
    od
}

active proctype Clock()
{
end:
    do
    :: d_step { WAITS && !overdue; overdue = 1 }
    od
}

// What is durable is done for good; an offer that was answered or has climbed fits no more.
inline age(slot)
{
    if
    :: command[slot] == DONE || command[slot] == 0
    :: done[DISK] & BIT(slot) -> command[slot] = DONE
    :: else ->
        if
        :: SEEN(slot) != 0 && SEEN(slot) != matter[DISK] -> command[slot] = command[slot] | PASSED
        :: else
        fi
    fi
}

active proctype Barrier()
{
end:
    do
    :: d_step { records > 0; copy(DISK, NOW); records = 0; check_disk(); EACH(age) }
    od
}

#ifdef FAIR // or it would have no progress because it only crashes
#define MAY_CRASH (crashes < 2)
#define CRASHED   crashes++
#else
#define MAY_CRASH true
#define CRASHED   skip
#endif

active proctype Crash()
{
end:
    do
    :: d_step { records > 0 && MAY_CRASH; CRASHED; copy(NOW, DISK); records = 0; overdue = 0 }
    od
}

// ---- partners -----------------------------------------------------------------------------------

#define SEND(slot, kind, version) command[slot] = (kind) << 4 | (version)

// Each partner may send all of it; who may do what is decided when it comes.
inline act(slot)
{
    if
    :: SEND(slot, MOVE, 0)
    :: SEND(slot, CLOSE, 0)
    :: d_step { matter[DISK] != 0; SEND(slot, ACCEPT, matter[DISK]) }
    :: d_step { matter[DISK] != 0; SEND(slot, REFUSE, matter[DISK]) }
    :: d_step { matter[DISK] != 0; SEND(slot, WITHDRAW, matter[DISK]) }
    fi
}

active proctype DeskOne()
{
end:
    act(0);
#if FIRST_OF_B > 1
end1:
    act(1)
#endif
}

active proctype DeskTwo()
{
end:
    act(FIRST_OF_B);
#if FIRST_OF_C - FIRST_OF_B > 1
end1:
    act(FIRST_OF_B + 1)
#endif
}

active proctype Worker()
{
end:
    if
    :: SEND(FIRST_OF_C, TAKE, 0)
    :: SEND(FIRST_OF_C, FAIL, 0)
    fi;
#if SLOTS - FIRST_OF_C > 1
end1:
    if
    :: act(FIRST_OF_C + 1)
    :: SEND(FIRST_OF_C + 1, FAIL, 0)
    fi
#endif
}

// An offer that is not answered is pressed again and again.
ltl climbs {
    []<>(!WAITS || overdue) && []<>(!WAITS || !overdue)
}
