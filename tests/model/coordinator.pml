// SPDX-License-Identifier: EUPL-1.2
// Who holds a plan: coordination is offered, accepted, refused, taken back and laid down, and a
// coordinator is away for a time while another stands in.
//
// A is the desk, B coordinates, C may be asked. The plan has a returned step, with whoever holds it.
// Frames, turns, barrier and crashes are as in handover.pml; a command is done once, as far as that
// is durable.
//
// action   the code it stands for
// ask      handlers/coordinator.c decide_coordinator_offer, offered_by_holder → coordination.c
//          coordination_offer: an offer that stood is replaced
// answer   decide_coordinator_accept, _refuse: check_asked, check_version → coordination_accept,
//          coordination_offer_ends. Who holds the plan takes an offer back by refusing
// leave    decide_coordinator_leave by whoever coordinates or stands in → coordination_leave
// away     decide_coordinator_absent → coordination_absent, and the deputy is asked in one record
// back     the same with until 0, or handlers/fire.c fire_absence → coordination_back
// late     handlers/fire.c fire_coordinator → coordination_late: the ladder hears, the offer stands
// hold     coordination.c hold: steps_follow_holder, matters_follow_holder
//
// Left out: workers, partners that are revoked, a coordinator who leaves while away, a further
// absence. An answer carries the version that its sender saw; 0 is left out.
//
// run: offers OFFERS
// run: absence ABSENCE
// fair: climbs FAIR
// mutants: OFFERS
// mutant: MUTANT_DEPUTY_KEPT ABSENCE
// mutant: MUTANT_BACK_TWICE ABSENCE
#define A 1
#define B 2
#define C 4

#define NOW  0
#define DISK 1

bit open[2] = 1;
byte coordinator[2] = B; // 0: the desk holds it
byte away[2];            // who comes back; 0 nobody is away
byte asked[2];           // 0 nobody
bit deputy[2];           // asked to stand in
byte offer[2];           // its version
byte answers[2] = B;     // the set of those who answer for the plan
byte step[2] = B;        // of those accountable for its step
byte rung[2];
byte done[2];
// what only the proof looks at
bit accepted[2];         // the present offer
bit left[2];             // B has laid it down
byte made[2];            // how many offers there were

#define OFFER_C 1
#define OFFER_B 2
#define ACCEPT  3
#define REFUSE  4
#define LEAVE   5
#define AWAY    6 // and C is asked to stand in
#define BACK    7
#define CLOSE   8

#if defined(OFFERS) || defined(ABSENCE)
#define SLOTS 5
#define FIRST_OF_B 1
#define FIRST_OF_C 3
#define EACH(what) what(0); what(1); what(2); what(3); what(4)
#else
#define SLOTS 3
#define FIRST_OF_B 1
#define FIRST_OF_C 2
#define EACH(what) what(0); what(1); what(2)
#endif

// kind << 4 | version; 0 not sent
byte command[SLOTS];
byte meant[SLOTS]; // the offer that the sender of an answer had seen
bit overdue; // the offer's term
byte crashes, records;

#define DONE         255
#define PASSED       15
#define MOST_RECORDS 2
#define TOP          1
#define BIT(slot)    (1 << (slot))
#define KIND(slot)   (command[slot] >> 4)
#define SEEN(slot)   (command[slot] & 15)
#define ACTOR(slot)  ((slot) < FIRST_OF_B -> A : ((slot) < FIRST_OF_C -> B : C))
#define ONE(set)     ((set) == A || (set) == B || (set) == C)
#define HOLDER(at)   (coordinator[at] != 0 -> coordinator[at] : A)

inline copy(to, from)
{
    open[to] = open[from];
    coordinator[to] = coordinator[from];
    away[to] = away[from];
    asked[to] = asked[from];
    deputy[to] = deputy[from];
    offer[to] = offer[from];
    answers[to] = answers[from];
    step[to] = step[from];
    rung[to] = rung[from];
    done[to] = done[from];
    accepted[to] = accepted[from];
    made[to] = made[from];
    left[to] = left[from]
}

// Rules 2 to 4 on what is durable.
inline check_disk()
{
    if
    :: open[DISK] ->
        assert(ONE(answers[DISK]) && answers[DISK] == HOLDER(DISK));
        assert(step[DISK] == HOLDER(DISK));
        assert(!deputy[DISK] || (asked[DISK] != 0 && away[DISK] != 0))
    :: else -> assert(answers[DISK] == 0 && step[DISK] == 0 && asked[DISK] == 0)
    fi
}

// ---- what a record does -------------------------------------------------------------------------

// `by`: on whose word. Nobody takes it on by somebody else's, but who accepted it before comes back.
inline hold(who, by)
{
    assert(who == 0 || who == by || who == away[NOW]); // rule 4
    coordinator[NOW] = who;
    answers[NOW] = HOLDER(NOW);
#ifndef MUTANT_STEP_STAYS
    step[NOW] = HOLDER(NOW)
#endif
}

inline clear()
{
    asked[NOW] = 0;
    deputy[NOW] = 0;
    rung[NOW] = 0
}

inline ask(who, as_deputy)
{
    asked[NOW] = who;
    deputy[NOW] = as_deputy;
    rung[NOW] = 0;
    accepted[NOW] = 0;
    overdue = 0;
    made[NOW]++;
#ifndef MUTANT_SAME_VERSION
    offer[NOW]++;
#endif
    assert(offer[NOW] < PASSED);
#ifdef MUTANT_AT_ONCE
    hold(who, A)
#endif
#ifdef MUTANT_HOLDER_CLEARED
    answers[NOW] = 0
#endif
}

inline accept(slot)
{
    assert(!accepted[NOW]);                   // one acceptance per offer
    assert(meant[slot] == made[NOW]);              // and of the one that was meant
    assert(ACTOR(slot) == asked[NOW]);
    accepted[NOW] = 1;
    away[NOW] = (deputy[NOW] -> away[NOW] : 0);
    left[NOW] = (asked[NOW] == B -> 0 : left[NOW]);
    hold(asked[NOW], ACTOR(slot));
#ifndef MUTANT_OFFER_STAYS
    clear()
#endif
}

// Whoever was away holds it again, as he had accepted it before.
inline back()
{
    assert(away[NOW] == B);
#ifndef MUTANT_DEPUTY_KEPT
    clear();
#endif
    assert(!left[NOW]); // and not to what he laid down
    hold(B, 0);
#ifndef MUTANT_BACK_TWICE
    away[NOW] = 0
#endif
}

inline close()
{
    open[NOW] = 0;
    coordinator[NOW] = 0;
    away[NOW] = 0;
    answers[NOW] = 0;
    step[NOW] = 0;
    clear()
}

// ---- commands -----------------------------------------------------------------------------------

#define HOLDS(slot)  (open[NOW] && HOLDER(NOW) == ACTOR(slot))
#define ASKED(slot)  (open[NOW] && asked[NOW] == ACTOR(slot))
// Who stands in can pass on no more than that.
#define AS_DEPUTY    (away[NOW] != 0 && coordinator[NOW] != 0)

#ifdef MUTANT_NO_VERSION
#define FITS(slot) true
#else
#define FITS(slot) (SEEN(slot) == offer[NOW])
#endif

#ifdef MUTANT_ANYONE
#define MAY_ACCEPT(slot) (open[NOW] && asked[NOW] != 0)
#else
#define MAY_ACCEPT(slot) ASKED(slot)
#endif

inline judge(slot)
{
    if
    :: KIND(slot) == OFFER_C && HOLDS(slot) && coordinator[NOW] != C -> ask(C, AS_DEPUTY)
    :: KIND(slot) == OFFER_B && HOLDS(slot) && coordinator[NOW] != B && away[NOW] != B -> ask(B, 0)
    :: KIND(slot) == ACCEPT && MAY_ACCEPT(slot) && FITS(slot) -> accept(slot)
    :: KIND(slot) == REFUSE && asked[NOW] != 0 && (ASKED(slot) || HOLDS(slot)) && FITS(slot) ->
        clear()
    :: KIND(slot) == LEAVE && open[NOW] && coordinator[NOW] == ACTOR(slot) ->
        left[NOW] = (ACTOR(slot) == B -> 1 : left[NOW]);
        hold(0, 0)
    :: KIND(slot) == AWAY && open[NOW] && coordinator[NOW] == B && ACTOR(slot) == B &&
       away[NOW] == 0 ->
        away[NOW] = B;
        hold(0, 0);
        ask(C, 1)
    :: KIND(slot) == BACK && open[NOW] && away[NOW] == B && ACTOR(slot) == B -> back()
    :: KIND(slot) == CLOSE && HOLDS(slot) -> close()
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

#define WAITS (asked[NOW] != 0)

active proctype Terms()
{
end:
    do
    :: d_step { overdue && WAITS && records < MOST_RECORDS; records++; overdue = 0;
                rung[NOW] = (rung[NOW] < TOP -> rung[NOW] + 1 : TOP) }
    :: d_step { overdue && !WAITS; overdue = 0 }
    :: d_step { away[NOW] == B && open[NOW] && records < MOST_RECORDS; // its end has come
                records++; back() }
    od
}

active proctype Clock()
{
end:
    do
    :: d_step { WAITS && !overdue; overdue = 1 }
    od
}

// What is durable is done for good; an offer that is over comes back no more.
inline age(slot)
{
    if
    :: command[slot] == DONE || command[slot] == 0
    :: done[DISK] & BIT(slot) -> command[slot] = DONE; meant[slot] = 0
    :: else
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

inline answer(slot)
{
    if
    :: d_step { asked[DISK] != 0; SEND(slot, ACCEPT, offer[DISK]); meant[slot] = made[DISK] }
    :: d_step { asked[DISK] != 0; SEND(slot, REFUSE, offer[DISK]); meant[slot] = made[DISK] }
    fi
}

inline coordinate(slot)
{
    if
    :: SEND(slot, OFFER_C, 0)
    :: SEND(slot, OFFER_B, 0)
    :: SEND(slot, LEAVE, 0)
    :: SEND(slot, CLOSE, 0)
#ifdef ABSENCE
    :: SEND(slot, AWAY, 0)
    :: SEND(slot, BACK, 0)
#endif
    :: answer(slot)
    fi
}

active proctype Desk()
{
end:
    coordinate(0)
}

active proctype Coordinator()
{
end:
    coordinate(FIRST_OF_B);
#if FIRST_OF_C - FIRST_OF_B > 1
end1:
    coordinate(FIRST_OF_B + 1)
#endif
}

active proctype Other()
{
end:
    answer(FIRST_OF_C);
#if SLOTS - FIRST_OF_C > 1
end1:
    coordinate(FIRST_OF_C + 1)
#endif
}

// An offer that is not answered is heard of again and again.
ltl climbs {
    []<>(!WAITS || overdue) && []<>(!WAITS || !overdue)
}
