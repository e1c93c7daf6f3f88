// SPDX-License-Identifier: EUPL-1.2
// One step's handover: offered by a giver, accepted, refused, expired, withdrawn, offered again.
//
// A holds the plan, B and C are partners. The step begins as an offer to B by C, whose output
// started it. What a line does - lose, repeat, reorder, delay - is one thing here: a frame that was
// sent may reach the daemon any number of times from then on, or never; a command sent again under
// its id is the same frame. Each command has a stream of its own (`keten --id`); numbers within a
// stream are the subject of journal.pml. A turn is terms and frames in any order and number, then
// the barrier, then the answers. [NOW] is the turn's state, [DISK] the durable one; a crash, at any
// point, puts NOW back to DISK and forgets what had not left. Terms pass when they like.
//
// action    the code it stands for
// receive   broker/frames.c on_command, ledger/command.c ledger_command: came_before, else decided
// judge     decide.c decide_command: fire_due, then the handler. step_checks.c check_move: actor,
//           version, state, in that order. step_offer.c decide_step_offer: check_offerer, then the
//           state
// offer     steps.c step_move with MOVE_OFFER: apply_move, offer_begin - the holder gives now
// take      steps.c step_move with MOVE_ACCEPT: enter, step_accountable, by the table in
//           step_states.c
// back      the same with MOVE_REFUSE, MOVE_FAIL and MOVE_EXPIRE
// fire      handlers/fire.c fire_step: THEN_RETURNED expires; THEN_LADDER climbs
//           (step_late.c step_climb, which leaves the version alone). ledger/turn.c ledger_fire: only what is due
// barrier   ledger.c ledger_commit; leave: server.c let_out
// crash     ledger.c ledger_start: what is durable is folded again
//
// run: holder-twice HOLDER_TWICE
// run: owner-twice OWNER_TWICE
// fair: climbs FAIR
// mutants: HOLDER_TWICE
// mutant: MUTANT_ACCEPTED_TWICE OWNER_TWICE
//
// Left out: waiting and suspended, kinds, facts, pauses; a rung of the ladder that offers again by
// its mandate, and the rung at which a step begins that came back twice. StepOffer names plan and kind, not a version, and
// so it does here. A command with version 0 takes the present one: C's last command may be such.
#define A 1
#define B 2
#define C 4

#define OFFERED   1
#define ACTIVE    2
#define RETURNED  3
#define COMPLETED 4
#define WITHDRAWN 5
#define IS_OPEN(at) (state[at] <= RETURNED)
#define PASSED 15      // a version that is over
#define MOST_RECORDS 3
#define TOP 1 // the ladder's last rung, where a term comes back for ever

#define ACCEPT   1
#define REFUSE   2
#define FAIL     3
#define COMPLETE 4
#define OFFER_B  5
#define OFFER_C  6
#define WITHDRAW 7

#define NOW  0
#define DISK 1

// How many commands each may send; with HOLDER_TWICE or OWNER_TWICE one more.
#ifdef HOLDER_TWICE
#define FIRST_OF_B 2
#else
#define FIRST_OF_B 1
#endif
#ifdef OWNER_TWICE
#define FIRST_OF_C (FIRST_OF_B + 2)
#else
#define FIRST_OF_C (FIRST_OF_B + 1)
#endif
#if defined(HOLDER_TWICE) || defined(OWNER_TWICE)
#define SLOTS 4
#define EACH(what) what(0); what(1); what(2); what(3)
#else
#define SLOTS 3
#define EACH(what) what(0); what(1); what(2)
#endif

// the step, and the answers that stand in records
byte state[2] = OFFERED, version[2] = 1, owner[2] = B, giver[2] = C, rung[2];
byte accountable[2] = C; // a set, so that "exactly one" is seen and not given
bit due[2] = 1;          // a term is set
byte receipts[2], refusals[2]; // a bit per command
// what only the proof looks at
byte offer[2] = 1; // how many times it was offered
bit taken[2];      // the present offer was accepted
byte meant[SLOTS]; // the offer that the sender of an answer had seen; 0 none

byte command[SLOTS];   // kind << 4 | version; 0 not sent
byte waiting;          // answers that wait for the barrier
byte left_receipts, left_refusals;
bit overdue;            // the term of NOW has passed
byte records;           // of this turn
bit synced;             // the barrier was passed, the answers have not left
byte crashes;

#define BIT(slot) (1 << (slot))
#define ACTOR(slot) ((slot) < FIRST_OF_B -> A : ((slot) < FIRST_OF_C -> B : C))

inline copy(to, from)
{
    state[to] = state[from];
    version[to] = version[from];
    owner[to] = owner[from];
    giver[to] = giver[from];
    rung[to] = rung[from];
    accountable[to] = accountable[from];
    due[to] = due[from];
    receipts[to] = receipts[from];
    refusals[to] = refusals[from];
    offer[to] = offer[from];
    taken[to] = taken[from];
}

// Rules 2, 3 and 5 on what is durable.
inline check_disk()
{
    assert(!IS_OPEN(DISK) || accountable[DISK] == A || accountable[DISK] == B ||
           accountable[DISK] == C);
    assert(IS_OPEN(DISK) || accountable[DISK] == 0);
    assert(!IS_OPEN(DISK) || due[DISK]);
    assert((left_receipts & receipts[DISK]) == left_receipts);
    assert((left_refusals & refusals[DISK]) == left_refusals);
    assert((left_receipts & left_refusals) == 0); // one id, one answer
}

// ---- moves --------------------------------------------------------------------------------------

inline moved(to, whom, term)
{
    state[NOW] = to;
    accountable[NOW] = whom;
    due[NOW] = term;
    rung[NOW] = 0;
    overdue = 0;
    version[NOW]++;
    assert(version[NOW] < PASSED);
}

inline offer_to(whom)
{
    owner[NOW] = whom;
    giver[NOW] = A;
#ifdef MUTANT_GIVER_CLEARED
    moved(OFFERED, 0, 1);
#else
    moved(OFFERED, giver[NOW], 1);
#endif
#ifdef MUTANT_SAME_VERSION
    version[NOW] = version[NOW] - 2;
#endif
    offer[NOW]++;
    taken[NOW] = 0;
}

inline take(slot)
{
    assert(!taken[NOW]);                                       // one acceptance per offer
    assert(meant[slot] == 0 || meant[slot] == offer[NOW]);     // and of the offer it was meant for
    assert(ACTOR(slot) == owner[NOW]);                         // rule 4: by whoever takes it on
    assert(!overdue);                                          // rule 10: what has passed has passed
    taken[NOW] = 1;
#ifdef MUTANT_GIVER_KEPT
    moved(ACTIVE, giver[NOW] | owner[NOW], 1);
#else
    moved(ACTIVE, owner[NOW], 1);
#endif
}

inline back()
{
#ifdef MUTANT_NO_TERM
    moved(RETURNED, A, 0);
#else
    moved(RETURNED, A, 1);
#endif
}

inline fire()
{
    assert(overdue);
    if
#ifdef MUTANT_EXPIRY_RACES // the timer was read before the frames and fires whatever came of it
    :: state[NOW] == OFFERED || (state[NOW] == ACTIVE && rung[NOW] == 0) ->
#else
    :: state[NOW] == OFFERED ->
#endif
        assert(!taken[NOW]); // an accepted offer does not expire
        back()
    :: else ->
        rung[NOW] = (rung[NOW] < TOP -> rung[NOW] + 1 : TOP);
        overdue = 0
    fi
}

// ---- commands -----------------------------------------------------------------------------------

inline answer(slot, mask)
{
    assert(!((receipts[NOW] | refusals[NOW]) & BIT(slot))); // rule 6: one id, one effect
    mask = mask | BIT(slot);
    waiting = waiting | BIT(slot);
}

// What has left once is only looked at: journal.pml sends it again.
inline answer_again(slot)
{
    if
    :: left_receipts & BIT(slot) -> assert(receipts[NOW] & BIT(slot))
    :: left_refusals & BIT(slot) -> assert(refusals[NOW] & BIT(slot))
    :: else -> waiting = waiting | BIT(slot)
    fi
}

#define KIND(slot) (command[slot] >> 4)
#define SEEN(slot) (command[slot] & 15)

#ifdef MUTANT_ANYONE_ACCEPTS
#define MAY_ACT(slot) true
#else
#define MAY_ACT(slot) (KIND(slot) >= OFFER_B -> ACTOR(slot) == A : ACTOR(slot) == owner[NOW])
#endif

#define SEES(slot) (KIND(slot) == OFFER_B || KIND(slot) == OFFER_C || SEEN(slot) == 0 || \
                    SEEN(slot) == version[NOW])
#if defined(MUTANT_NO_VERSION)
#define FITS(slot) true
#elif defined(MUTANT_ACCEPTED_TWICE) // the offer is looked at, not whether it still stands
#define FITS(slot) (SEES(slot) || meant[slot] == offer[NOW])
#else
#define FITS(slot) SEES(slot)
#endif

#ifdef MUTANT_ACCEPTED_TWICE
#define MAY_ACCEPT (state[NOW] == OFFERED || state[NOW] == ACTIVE)
#else
#define MAY_ACCEPT (state[NOW] == OFFERED)
#endif

inline judge(slot)
{
#ifndef MUTANT_NOT_FIRED_FIRST
    if
    :: IS_OPEN(NOW) && due[NOW] && overdue -> fire()
    :: else
    fi;
#endif
    if
    :: !IS_OPEN(NOW) || !MAY_ACT(slot) || !FITS(slot) -> answer(slot, refusals[NOW])
    :: else ->
        if
        :: KIND(slot) == ACCEPT && MAY_ACCEPT -> take(slot); answer(slot, receipts[NOW])
        :: KIND(slot) == REFUSE && state[NOW] == OFFERED -> back(); answer(slot, receipts[NOW])
        :: KIND(slot) == FAIL && state[NOW] == ACTIVE -> back(); answer(slot, receipts[NOW])
        :: KIND(slot) == COMPLETE && state[NOW] == ACTIVE ->
            moved(COMPLETED, 0, 0);
            answer(slot, receipts[NOW])
        :: KIND(slot) == OFFER_B && state[NOW] == RETURNED ->
            offer_to(B);
            answer(slot, receipts[NOW])
        :: KIND(slot) == OFFER_C && state[NOW] == RETURNED ->
            offer_to(C);
            answer(slot, receipts[NOW])
        :: KIND(slot) == WITHDRAW -> moved(WITHDRAWN, 0, 0); answer(slot, receipts[NOW])
        :: else -> answer(slot, refusals[NOW])
        fi
    fi
}

#ifdef MUTANT_JUDGED_AGAIN
#define CAME_BEFORE(slot) false
#else
#define CAME_BEFORE(slot) ((receipts[NOW] | refusals[NOW]) & BIT(slot))
#endif

inline receive(slot)
{
    d_step {
        command[slot] != 0 && !synced && records < MOST_RECORDS;
        if
        :: CAME_BEFORE(slot) -> answer_again(slot)
        :: else -> records++; judge(slot)
        fi;
#ifdef MUTANT_BEFORE_BARRIER
        leave();
#endif
    }
}

// ---- the turn -----------------------------------------------------------------------------------

// What was answered for good need not be told apart any more.
inline forget(slot)
{
#ifdef MUTANT_JUDGED_AGAIN
    skip
#else
    if
    :: (left_receipts | left_refusals) & BIT(slot) ->
        command[slot] = 255;
        meant[slot] = 0;
        receipts[NOW] = receipts[NOW] | BIT(slot);
        receipts[DISK] = receipts[DISK] | BIT(slot);
        refusals[NOW] = refusals[NOW] & ~BIT(slot);
        refusals[DISK] = refusals[DISK] & ~BIT(slot);
        left_receipts = left_receipts | BIT(slot);
        left_refusals = left_refusals & ~BIT(slot)
    :: else
    fi
#endif
}

inline leave()
{
    left_receipts = left_receipts | (waiting & receipts[NOW]);
    left_refusals = left_refusals | (waiting & refusals[NOW]);
    waiting = 0;
    check_disk();
    EACH(forget)
}

active proctype Letters()
{
    do
    :: receive(0)
    :: receive(1)
    :: receive(2)
#if SLOTS == 4
    :: receive(3)
#endif
    od
}

active proctype Terms()
{
    do
    :: d_step { !synced && IS_OPEN(NOW) && due[NOW] && overdue; fire() }
    od
}

active proctype Clock()
{
    do
    :: d_step { IS_OPEN(NOW) && due[NOW] && !overdue; overdue = 1 }
    od
}

// Versions only grow: one that the durable step has passed never fits again, whichever it was.
inline age(slot)
{
#ifdef MUTANT_SAME_VERSION
    skip
#else
    if
    :: command[slot] != 255 && SEEN(slot) > 0 && SEEN(slot) < version[DISK] ->
        command[slot] = (command[slot] & 240) | PASSED;
        meant[slot] = (meant[slot] > 0 && meant[slot] < offer[DISK] -> PASSED : meant[slot])
    :: else
    fi
#endif
}
#define DIRTY (waiting != 0 || version[NOW] != version[DISK] || rung[NOW] != rung[DISK])

active proctype Barrier()
{
    do
    :: d_step { !synced && DIRTY; copy(DISK, NOW); synced = 1; records = 0; check_disk();
                EACH(age) }
    :: d_step { synced; leave(); synced = 0 }
    od
}

#ifdef FAIR // or it would have no progress because it only crashes
#define MAY_CRASH (crashes < 2)
#define CRASHED   crashes++
#else
#define MAY_CRASH true
#define CRASHED   skip
#endif

// A term that had passed before the crash may be seen to have passed only later.
active proctype Crash()
{
    do
    :: d_step {
        (DIRTY || synced) && MAY_CRASH;
        CRASHED;
        copy(NOW, DISK);
        waiting = 0;
        records = 0;
        synced = 0;
        overdue = 0;
        check_disk()
    }
    od
}

// ---- partners: each sends what it has, once, when it likes --------------------------------------

#define SEND(slot, kind, version) command[slot] = (kind) << 4 | (version)

// Its partner has seen the step as it is durable; the line may keep the frame for long.
inline act(slot, who)
{
    if
    :: d_step { state[DISK] == OFFERED && owner[DISK] == who;
                SEND(slot, ACCEPT, version[DISK]); meant[slot] = offer[DISK] }
    :: d_step { state[DISK] == OFFERED && owner[DISK] == who; SEND(slot, REFUSE, version[DISK]) }
    :: d_step { state[DISK] == ACTIVE && owner[DISK] == who; SEND(slot, FAIL, version[DISK]) }
    :: d_step { state[DISK] == ACTIVE && owner[DISK] == who; SEND(slot, COMPLETE, version[DISK]) }
    fi
}

inline hold(slot)
{
    if
    :: SEND(slot, OFFER_B, 0)
    :: SEND(slot, OFFER_C, 0)
    :: d_step { IS_OPEN(DISK); SEND(slot, WITHDRAW, version[DISK]) }
    fi
}

// C on a bad day: whatever it may be offered or not, with any version.
inline guess(slot)
{
    if
    :: SEND(slot, ACCEPT, 0)
    :: SEND(slot, COMPLETE, 0)
    :: SEND(slot, WITHDRAW, 0)
    :: SEND(slot, ACCEPT, 1)
    :: SEND(slot, ACCEPT, 3)
    fi
}

active proctype Holder()
{
end:
    hold(0);
#ifdef HOLDER_TWICE
end1:
    hold(1)
#endif
}

active proctype Owner()
{
end:
    act(FIRST_OF_B, B);
#ifdef OWNER_TWICE
end1:
    act(FIRST_OF_B + 1, B)
#endif
}

active proctype Other()
{
end:
    if
    :: act(FIRST_OF_C, C)
    :: guess(FIRST_OF_C)
    fi
}

// An open step never stays as it is: its term passes again and again, and each time it is fired.
ltl climbs {
    []<>(!IS_OPEN(NOW) || overdue) && []<>(!IS_OPEN(NOW) || !overdue)
}
