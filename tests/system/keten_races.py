# SPDX-License-Identifier: EUPL-1.2
# The common part of the races over the wire: partners with several programs each, rounds of many
# races whose frames leave in random order, answers that must stand. Knows: the wire. Must never
# know: what is raced for.
# KETEN_RACES: how many of each kind; `make races` runs 10,000.
import collections
import os
import time

import zmq

from keten_test import bsn, wire

RACES = int(os.environ.get("KETEN_RACES", "400"))
AT_ONCE = 48        # races under way in one round
LEAST_SHARE = 0.01  # each outcome's, or it was no race
NO_PART = 1104
ARRANGEMENT = """arrangement: wedloop
version: 1
title: {nl: Wedloop, en: Races}
calendar: nl
purposes:
  housing: {basis: "huurovereenkomst", title: {nl: Wonen, en: Housing}}
partners:
  gemeente:  {kind: municipality, purposes: [housing], desk: true}
  woonwaard: {kind: corporation, purposes: [housing]}
  welzijn:   {kind: welfare, purposes: [housing]}
  wijkteam:  {kind: welfare, purposes: [housing]}
terms: {return-within: 5wd, review-within: 90d}
facts:
  rent-arrears:
    fields:
      months: {type: integer, min: 1, for: [housing]}
  visit-report:
    final: true
    fields:
      found: {type: yes-no, for: [housing]}
steps:
  visit: {owner: welzijn, needs: [rent-arrears], gives: [visit-report],
          wait-within: 5wd, accept-within: 4h, term: 20wd}
links:
  - {on: rent-arrears, from: corporation, start: visit}
ladder:
  - {level: household, role: coordinator, within: 5wd}
  - {level: city, partner: gemeente, mandate: [open-exception], within: 10wd}
"""


class Side:
    """A partner: its sessions, what they were answered, and what it was told by deliveries."""

    def __init__(self, chain, name, sessions=1):
        self.name = name
        self.sessions = [chain.session(name, role=wire.SESSION_CONSUMER)]
        self.sessions += [chain.session(name) for _ in range(sessions - 1)]
        self.sessions[0].credit(1000)
        self.asker = chain.session(name)
        self.answers, self.next_delivery = {}, 1
        self.steps, self.matters, self.facts = (collections.defaultdict(list) for _ in range(3))

    def send(self, at=0, **body):
        """From one of its programs; returns the command, to ask for its answer by."""
        session = self.sessions[at]
        session.number += 1
        command = wire.Command(id=wire.CommandId(stream=session.stream, number=session.number),
                               worker="J. de Vries", **body)
        frame = wire.ToDaemon(command=command).SerializeToString()
        session.raw(frame)
        return Sent(self, at, (session.stream, session.number), frame)

    def is_told(self):
        """Whether all that it was given a number for has come."""
        row = self.asker.query(wire.QUERY_STATUS)[0]  # the metrics follow it
        return self.next_delivery > row["assigned"]

    def take(self):
        for session in self.sessions:
            self.take_session(session)

    def take_session(self, session):
        while True:
            try:
                frame = wire.ToPartner.FromString(session.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return
            kind = frame.WhichOneof("body")
            if kind in ("receipt", "refusal"):
                answer = getattr(frame, kind)
                key = (answer.id.stream, answer.id.number)
                self.answers.setdefault(key, []).append(answer)
            elif kind == "deliveries":
                self.take_deliveries(session, frame.deliveries.deliveries)
            elif kind is not None:
                raise AssertionError(f"{self.name}: {frame}")

    def take_deliveries(self, session, deliveries):
        for delivery in deliveries:
            if delivery.n != self.next_delivery:
                raise AssertionError(f"{self.name}: delivery {delivery.n}, "
                                     f"not {self.next_delivery}")
            self.next_delivery += 1
            for item in delivery.items:
                self.take_item(delivery, item)
        session.credit(len(deliveries))
        session.acknowledge(deliveries[-1].history, deliveries[-1].n)

    def take_item(self, delivery, item):
        """What it was told of each thing, by the thing's number."""
        position = delivery.position
        if item.HasField("step"):
            self.steps[item.step.step].append((position, item.step.version, item.step.state))
        if item.HasField("matter"):
            self.matters[item.matter.matter].append((position, item.matter.version,
                                                     item.matter.outcome, item.matter.other_plan,
                                                     delivery.plan))
        if item.HasField("fact"):
            self.facts[item.fact.fact].append((position, delivery.plan))


class Sent:
    """A command under way."""

    def __init__(self, side, at, key, frame):
        self.side, self.at, self.key, self.frame = side, at, key, frame

    def answers(self):
        return self.side.answers.get(self.key, [])

    def answer(self):
        return self.answers()[0]

    def won(self):
        return isinstance(self.answer(), wire.Receipt)

    def again(self):
        """The same frame, from any of its partner's programs."""
        side = self.side
        side.sessions[(self.at + 1) % len(side.sessions)].raw(self.frame)


class Race:
    """`sent` are the commands that raced, by name."""

    def __init__(self, name):
        self.name, self.sent = name, {}


class Track:
    """The daemon, the partners, and what went wrong."""

    def __init__(self, source, chain, sides):
        self.source, self.chain, self.persons = source, chain, 0
        self.sides = sides
        self.poller = zmq.Poller()
        for side in self.sides:
            for session in side.sessions:
                self.poller.register(session.socket, zmq.POLLIN)
        self.wrong = []

    def pump(self, wait_ms=0):
        if self.poller.poll(wait_ms):
            for side in self.sides:
                side.take()

    def wait(self, commands, answers=1):
        until = time.monotonic() + 60
        while any(len(command.answers()) < answers for command in commands):
            if time.monotonic() > until:
                raise AssertionError(f"no answer: daemon {self.chain.stderr()}")
            self.pump(100)

    def all_told(self):
        until = time.monotonic() + 60
        while not all(side.is_told() for side in self.sides):
            if time.monotonic() > until:
                raise AssertionError("deliveries do not come")
            self.pump(10)

    def blame(self, race, why):
        self.wrong.append(f"{race.name}: {why}")

    def person(self):
        self.persons += 1
        return bsn(self.persons)

    def let_go(self, frames):
        """Sends what was drawn up, as (race, name, function), in an order of chance: mixed within a
        neighbourhood, so that some meet in one turn and some do not; now and then the daemon stands
        still meanwhile, and all of it lies at the door at once."""
        width = self.source.choice((2, 8, 64))
        order = sorted(range(len(frames)), key=lambda at: at + self.source.uniform(0, width))
        together = self.source.random() < 0.3
        if together:
            self.chain.pause()
        for at in order:
            race, name, send = frames[at]
            race.sent[name] = send()
            if not together and self.source.random() < 0.2:
                self.pump(self.source.choice((0, 0, 1)))
        if together:
            self.chain.resume()
        sent = [race.sent[name] for race, name, _ in frames]
        self.wait(sent)
        return sent

    def shuffled(self, items):
        return self.source.sample(items, len(items))

    def ask_again(self, sent):
        """Whoever asks again under the same id gets the same bytes - where it was decided; who had
        no part in the step yet was not even heard."""
        sent = [command for command in sent
                if command.won() or command.answer().code != NO_PART]
        for command in self.shuffled(sent):
            command.again()
        self.wait(sent, 2)
        for command in sent:
            first, second = command.answers()
            if first.SerializeToString() != second.SerializeToString():
                self.wrong.append(f"another answer to the same id: {first} {second}")
            if not first.position:
                self.wrong.append(f"no record behind {first}")
        self.all_told()


def tell(results, name, won, track, least=True):
    """Exactly one outcome in each, and every one of them came to pass."""
    total = sum(won.values())
    results.check(not track.wrong, f"{name}: {total} races, each with one outcome that all were "
                  f"told alike", track.wrong[:3])
    results.check(not least or all(count >= LEAST_SHARE * total for count in won.values()),
                  f"{name}: each of them won often enough", dict(won))
    print(f"# {name}: " + ", ".join(f"{who} {count}" for who, count in sorted(won.items())))
    track.wrong = []


def rounds(total):
    while total > 0:
        yield min(AT_ONCE, total)
        total -= AT_ONCE
