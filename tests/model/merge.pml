// SPDX-License-Identifier: EUPL-1.2
// Two open plans that are one family: merged by a record, asked first where another partner holds
// the other one, taken apart again.
//
// A holds plan P and B plan Q; both have asked C to coordinate. Each plan has a member of its own, X
// and Y, and a returned step, which is with whoever holds the plan; Z is in no plan yet and may be
// signalled together with X or with Y. Frames, turns, barrier and crashes are as in handover.pml; an
// answer is left out here, and a command is done once, as far as that is durable.
//
// action    the code it stands for
// merge     handlers/merge.c merge, in one record: header_merge, coordination_merge, plan_absorb,
//           steps_follow_holder, matters_follow_holder, end_questions
// ask       handlers/merge.c decide_plan_merge → ask: a matter on the first plan, its turn with who
//           holds the other
// settle    handlers/matter.c decide_matter_settle: find_matter (open, party, version), merge_check
//           (whose word it takes now, check_other), matter_settle, then merge_follow
// unmerge   handlers/merge.c decide_plan_unmerge: plan_take_out by origin; the header's own
//           coordinator answers again
// climb     matters.c matter_climb by handlers/fire.c fire_matter
// signal    handlers/signal.c household, household_member: joins with the origin of the plan of the
//           first named (draft->origin); who lives elsewhere stays there, and both are asked
// take      handlers/coordinator.c decide_coordinator_accept → coordination.c hold
// close     handlers/plan.c decide_plan_close: what was merged into it closes with it
//
// Left out: more than two plans, versions of arrangements, limits, a person with two households,
// absence. A matter's version grows with each climb at the top too; here it grows once, which turns
// no fewer answers away that are late. Answers carry the version that their sender saw; 0 is left out.
//
// run: two-holders TWO_HOLDERS
// run: a-third THIRD
// fair: climbs FAIR
// mutants: TWO_HOLDERS
// mutant: MUTANT_ASKER_ANSWERS THIRD
// mutant: MUTANT_ORIGIN_LOST THIRD
// mutant: MUTANT_SIGNAL_MOVES THIRD
// mutant: MUTANT_OFFER_KEPT THIRD
#define A 1
#define B 2
#define C 4

#define P 0
#define Q 1
#define OTHER(plan) (1 - (plan))

#define NOW  0
#define DISK 2
#define AT(when, plan) ((when) + (plan))

#define OPEN   1
#define MERGED 2
#define CLOSED 3

#define X 1
#define Y 2
#define Z 4

// per plan, as of NOW and of DISK
byte state[4] = OPEN;
byte holder[4];   // the header's: the coordinator or the desk; a part keeps its own
byte answers[4];  // the set of those who answer for the plan: nobody for a part
byte step[4];     // the set of those accountable for the step that began here
byte members[4];  // that began here
byte question[4]; // the version of the open question on this plan about the other; 0 none
bit offered[4] = 1; // C is asked to coordinate
byte done[2];     // commands decided, NOW and DISK
// what only the proof looks at
byte had[4];      // who held the plan that was merged
byte home[2];     // where Z was signalled: 0 nowhere, else plan + 1
byte latest[2];   // the last version given to a question
bit both[2];      // a merge was not taken apart since

#define MERGE    1 // plan ← other
#define UNMERGE  2
#define ACCEPT   3 // the question on the plan
#define REFUSE   4
#define WITHDRAW 5
#define CLOSE    6
#define TAKE     7 // coordination
#define SIGNAL   8 // Z with the plan's own member

#ifdef TWO_HOLDERS
#define SLOTS 5
#define FIRST_OF_B 3
#define FIRST_OF_C 5
#define EACH(what) what(0); what(1); what(2); what(3); what(4)
#endif
#ifdef THIRD
#define SLOTS 5
#define FIRST_OF_B 2
#define FIRST_OF_C 3
#define EACH(what) what(0); what(1); what(2); what(3); what(4)
#endif
#ifdef FAIR
#define SLOTS 2
#define FIRST_OF_B 1
#define FIRST_OF_C 2
#define EACH(what) what(0); what(1)
#endif

// kind << 4 | plan << 3 | version; 0 not sent
byte command[SLOTS];
bit overdue; // a question's term
byte crashes, records;
byte root;
bit half; // only with a mutant

#define DONE          255
#define PASSED        7
#define MOST_RECORDS  2
#define BIT(slot)     (1 << (slot))
#define KIND(slot)    (command[slot] >> 4)
#define PLAN(slot)    ((command[slot] >> 3) & 1)
#define SEEN(slot)    (command[slot] & 7)
#define ACTOR(slot)   ((slot) < FIRST_OF_B -> A : ((slot) < FIRST_OF_C -> B : C))
#define ONE(set)      ((set) == A || (set) == B || (set) == C)
#define ROOT(when, plan) ((plan) ^ (state[AT(when, plan)] == MERGED))

inline copy_plan(to, from)
{
    state[to] = state[from];
    holder[to] = holder[from];
    answers[to] = answers[from];
    step[to] = step[from];
    members[to] = members[from];
    question[to] = question[from];
    offered[to] = offered[from];
    had[to] = had[from]
}

inline copy(to, from)
{
    copy_plan(AT(to, P), AT(from, P));
    copy_plan(AT(to, Q), AT(from, Q));
    done[to >> 1] = done[from >> 1];
    home[to >> 1] = home[from >> 1];
    latest[to >> 1] = latest[from >> 1];
    both[to >> 1] = both[from >> 1]
}

// Rules 1, 2 and 4 on what is durable.
inline check_plan(plan)
{
    if
    :: state[AT(DISK, plan)] == OPEN ->
        assert(ONE(answers[AT(DISK, plan)]));
        assert(answers[AT(DISK, plan)] == holder[AT(DISK, plan)])
    :: else -> assert(answers[AT(DISK, plan)] == 0)
    fi;
    if
    :: state[AT(DISK, plan)] == CLOSED -> assert(step[AT(DISK, plan)] == 0)
    :: else ->
        assert(ONE(step[AT(DISK, plan)]));
        assert(step[AT(DISK, plan)] == holder[AT(DISK, ROOT(DISK, plan))])
    fi
}

inline check_disk()
{
    assert(!(state[AT(DISK, P)] == MERGED && state[AT(DISK, Q)] == MERGED));
    check_plan(P);
    check_plan(Q);
    // One person, one plan; and who was signalled in between is where that signal belongs.
    assert((members[AT(DISK, P)] & members[AT(DISK, Q)]) == 0);
    assert(home[1] == 0 || (members[AT(DISK, home[1] - 1)] & Z));
    assert(members[AT(DISK, P)] & X);
    assert(members[AT(DISK, Q)] & Y)
}

// ---- what a record does -------------------------------------------------------------------------

// `by`: on whose word; `asker`: who holds the plan that grows.
inline merge(plan, by, asker)
{
    assert(by == holder[AT(NOW, OTHER(plan))]); // rule 4: nobody's plan is taken
    assert(asker == holder[AT(NOW, plan)]);
    assert(state[AT(NOW, plan)] == OPEN && state[AT(NOW, OTHER(plan))] == OPEN);
    had[AT(NOW, OTHER(plan))] = holder[AT(NOW, OTHER(plan))];
    state[AT(NOW, OTHER(plan))] = MERGED;
#ifndef MUTANT_STILL_ANSWERS
    answers[AT(NOW, OTHER(plan))] = 0;
#endif
#ifdef MUTANT_TWO_RECORDS
    step[AT(NOW, OTHER(plan))] = 0;
    half = 1;
#else
    step[AT(NOW, OTHER(plan))] = holder[AT(NOW, plan)];
#endif
#ifndef MUTANT_OFFER_KEPT
    offered[AT(NOW, OTHER(plan))] = 0;
#endif
    question[AT(NOW, plan)] = 0;
#ifndef MUTANT_QUESTION_KEPT
    question[AT(NOW, OTHER(plan))] = 0;
#endif
    both[0] = 1
}

inline unmerge(plan)
{
    state[AT(NOW, OTHER(plan))] = OPEN;
#ifdef MUTANT_WRONG_HOLDER
    holder[AT(NOW, OTHER(plan))] = holder[AT(NOW, plan)];
#endif
    assert(holder[AT(NOW, OTHER(plan))] == had[AT(NOW, OTHER(plan))]); // rule 12
    answers[AT(NOW, OTHER(plan))] = holder[AT(NOW, OTHER(plan))];
#ifndef MUTANT_STEP_STAYS
    step[AT(NOW, OTHER(plan))] = holder[AT(NOW, OTHER(plan))];
#endif
    had[AT(NOW, OTHER(plan))] = 0;
    both[0] = 0
}

inline ask(plan)
{
    latest[0]++;
    assert(latest[0] < PASSED);
    question[AT(NOW, plan)] = latest[0]
}

inline climb(plan)
{
    if
    :: latest[0] < PASSED - 3 ->
        latest[0]++;
        question[AT(NOW, plan)] = latest[0]
    :: else
    fi
}

inline close(plan)
{
    state[AT(NOW, plan)] = CLOSED;
    answers[AT(NOW, plan)] = 0;
    step[AT(NOW, plan)] = 0;
    question[AT(NOW, plan)] = 0;
    offered[AT(NOW, plan)] = 0
}

// Whoever holds the root answers for its parts' steps.
inline take(plan)
{
    holder[AT(NOW, plan)] = C;
    offered[AT(NOW, plan)] = 0;
    if
    :: state[AT(NOW, plan)] == OPEN ->
        answers[AT(NOW, plan)] = C;
        step[AT(NOW, plan)] = C
    :: else
    fi;
    if
    :: state[AT(NOW, OTHER(plan))] == MERGED -> step[AT(NOW, OTHER(plan))] = C
    :: else
    fi
}

// Z is named with the member of `plan`: he lives where that one does, if he lives nowhere yet.
inline signal(plan)
{
    if
#ifndef MUTANT_SIGNAL_MOVES
    :: home[0] != 0 -> skip
#else
    :: home[0] != 0 && ROOT(NOW, home[0] - 1) == ROOT(NOW, plan) -> skip
#endif
    :: else ->
        home[0] = plan + 1;
#ifdef MUTANT_ORIGIN_LOST
        members[AT(NOW, ROOT(NOW, plan))] = members[AT(NOW, ROOT(NOW, plan))] | Z
#else
        members[AT(NOW, plan)] = members[AT(NOW, plan)] | Z
#endif
    fi
}

// ---- commands -----------------------------------------------------------------------------------

// A plan's number is that of the plan it is part of now; only a question names its own plan.
#define ROOT_OF(slot)  ROOT(NOW, PLAN(slot))
#define HOLDS(slot)    (state[AT(NOW, ROOT_OF(slot))] == OPEN && \
                        holder[AT(NOW, ROOT_OF(slot))] == ACTOR(slot))
#define APART          (state[AT(NOW, P)] == OPEN && state[AT(NOW, Q)] == OPEN)
#define ALONE(slot)    (state[AT(NOW, PLAN(slot))] == OPEN && \
                        state[AT(NOW, OTHER(PLAN(slot)))] == OPEN)
#define OTHERS(slot)   (holder[AT(NOW, OTHER(PLAN(slot)))])

#ifdef MUTANT_UNASKED
#define AT_ONCE(slot) true
#else
#define AT_ONCE(slot) (OTHERS(slot) == ACTOR(slot))
#endif

#ifdef MUTANT_OLD_ANSWER
#define STANDS(slot) (question[AT(NOW, PLAN(slot))] != 0 || SEEN(slot) != 0)
#else
#define STANDS(slot) (question[AT(NOW, PLAN(slot))] != 0 && \
                      SEEN(slot) == question[AT(NOW, PLAN(slot))])
#endif

#ifdef MUTANT_ASKER_ANSWERS
#define MAY_ANSWER(slot) true
#else
#define MAY_ANSWER(slot) (ACTOR(slot) == OTHERS(slot))
#endif

#ifdef MUTANT_QUESTION_KEPT
#define MAY_GROW(slot) true
#else
#define MAY_GROW(slot) ALONE(slot)
#endif

inline judge(slot)
{
    if
    :: KIND(slot) == MERGE && APART && HOLDS(slot) && AT_ONCE(slot) ->
        merge(PLAN(slot), ACTOR(slot), ACTOR(slot))
    :: KIND(slot) == MERGE && APART && HOLDS(slot) && !AT_ONCE(slot) &&
       question[AT(NOW, PLAN(slot))] == 0 -> ask(PLAN(slot))
    :: KIND(slot) == UNMERGE && HOLDS(slot) && both[0] ->
        root = ROOT_OF(slot); // what is inlined looks again each time
        unmerge(root)
    :: KIND(slot) == ACCEPT && STANDS(slot) && MAY_ANSWER(slot) && MAY_GROW(slot) ->
        assert(SEEN(slot) == question[AT(NOW, PLAN(slot))]); // the question that was meant
        merge(PLAN(slot), ACTOR(slot), holder[AT(NOW, PLAN(slot))])
    :: KIND(slot) == REFUSE && STANDS(slot) && MAY_ANSWER(slot) -> question[AT(NOW, PLAN(slot))] = 0
    :: KIND(slot) == WITHDRAW && STANDS(slot) && HOLDS(slot) -> question[AT(NOW, PLAN(slot))] = 0
    :: KIND(slot) == CLOSE && HOLDS(slot) ->
        if
        :: both[0] -> close(P); close(Q); both[0] = 0
        :: else -> close(PLAN(slot))
        fi
#ifdef MUTANT_OFFER_KEPT // and taken up by its own number
    :: KIND(slot) == TAKE && offered[AT(NOW, PLAN(slot))] -> take(PLAN(slot))
#else
    :: KIND(slot) == TAKE && state[AT(NOW, ROOT_OF(slot))] == OPEN &&
       offered[AT(NOW, ROOT_OF(slot))] ->
        root = ROOT_OF(slot);
        take(root)
#endif
    :: KIND(slot) == SIGNAL && state[AT(NOW, ROOT_OF(slot))] == OPEN -> signal(PLAN(slot))
    :: else // refused
    fi
}

inline receive(slot)
{
    d_step {
        command[slot] != 0 && command[slot] != DONE && !(done[0] & BIT(slot)) &&
            records < MOST_RECORDS;
        records++;
        done[0] = done[0] | BIT(slot);
        judge(slot);
        root = 0
    }
}

// ---- the turn -----------------------------------------------------------------------------------

active proctype Letters()
{
end:
    do
    :: receive(0)
    :: receive(1)
#if SLOTS == 5
    :: receive(2)
    :: receive(3)
    :: receive(4)
#endif
    od
}

#define WAITS (question[AT(NOW, P)] != 0 || question[AT(NOW, Q)] != 0)

active proctype Terms()
{
end:
    do
    :: d_step { overdue && records < MOST_RECORDS && question[AT(NOW, P)] != 0;
                records++; climb(P); overdue = 0 }
    :: d_step { overdue && records < MOST_RECORDS && question[AT(NOW, Q)] != 0;
                records++; climb(Q); overdue = 0 }
    :: d_step { overdue && !WAITS; overdue = 0 }
#ifdef MUTANT_TWO_RECORDS
    :: d_step { half; half = 0; records++;
                if
                :: state[AT(NOW, P)] == MERGED -> step[AT(NOW, P)] = holder[AT(NOW, Q)]
                :: state[AT(NOW, Q)] == MERGED -> step[AT(NOW, Q)] = holder[AT(NOW, P)]
                :: else
                fi }
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

// What is durable is done for good; a question that was answered or has climbed fits no more.
inline age(slot)
{
    if
    :: command[slot] == DONE || command[slot] == 0
    :: done[1] & BIT(slot) -> command[slot] = DONE
    :: else ->
        if
        :: SEEN(slot) != 0 && SEEN(slot) != question[AT(DISK, PLAN(slot))] ->
            command[slot] = command[slot] | PASSED
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

#define SEND(slot, kind, plan, version) command[slot] = (kind) << 4 | (plan) << 3 | (version)

inline hold(slot, plan)
{
    if
    :: SEND(slot, MERGE, plan, 0)
    :: SEND(slot, UNMERGE, plan, 0)
    :: SEND(slot, CLOSE, plan, 0)
    :: d_step { question[AT(DISK, plan)] != 0;
                SEND(slot, WITHDRAW, plan, question[AT(DISK, plan)]) }
    :: answer(slot, OTHER(plan))
    fi
}

inline answer(slot, plan)
{
    if
    :: d_step { question[AT(DISK, plan)] != 0;
                SEND(slot, ACCEPT, plan, question[AT(DISK, plan)]) }
    :: d_step { question[AT(DISK, plan)] != 0;
                SEND(slot, REFUSE, plan, question[AT(DISK, plan)]) }
    fi
}

active proctype HolderOfP()
{
    d_step {
        holder[AT(NOW, P)] = A;
        answers[AT(NOW, P)] = A;
        step[AT(NOW, P)] = A;
        members[AT(NOW, P)] = X;
        holder[AT(NOW, Q)] = B;
        answers[AT(NOW, Q)] = B;
        step[AT(NOW, Q)] = B;
        members[AT(NOW, Q)] = Y;
        copy(DISK, NOW)
    }
end:
    hold(0, P);
#if FIRST_OF_B > 1
end1:
    hold(1, P)
#endif
#if FIRST_OF_B > 2
end2:
    hold(2, P)
#endif
}

#define BEGUN (holder[AT(NOW, P)] != 0)

active proctype HolderOfQ()
{
end:
    BEGUN;
end1:
    hold(FIRST_OF_B, Q);
#if FIRST_OF_C - FIRST_OF_B == 2
end2:
    hold(FIRST_OF_B + 1, Q)
#endif
}

#if SLOTS > FIRST_OF_C
active proctype Third()
{
end:
    BEGUN;
    if
    :: SEND(FIRST_OF_C, TAKE, P, 0)
    :: SEND(FIRST_OF_C, TAKE, Q, 0)
    :: SEND(FIRST_OF_C, SIGNAL, P, 0)
    :: SEND(FIRST_OF_C, SIGNAL, Q, 0)
    fi;
end1:
    if
    :: hold(FIRST_OF_C + 1, P)
    :: hold(FIRST_OF_C + 1, Q)
    :: SEND(FIRST_OF_C + 1, SIGNAL, P, 0)
    :: SEND(FIRST_OF_C + 1, SIGNAL, Q, 0)
    fi
}
#endif

// A question that is not answered is pressed again and again.
ltl climbs {
    []<>(!WAITS || overdue) && []<>(!WAITS || !overdue)
}
