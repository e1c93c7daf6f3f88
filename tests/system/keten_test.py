# SPDX-License-Identifier: EUPL-1.2
# A chain of its own for a test: files, the real daemon, and a partner's side of the wire written
# from the .proto files and docs/PROTOCOL.md alone. It knows nothing of libketen, and waits on what
# happens, never on the time of day.
import hashlib
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("KETEN_BUILD", os.path.join(TOP, "build", "debug"))
PATIENCE_S = float(os.environ.get("KETEN_PATIENCE", "30"))


def generate():
    """The messages, from the .proto files, by the stock compiler."""
    into = os.path.join(TOP, "build", "gen", "python")
    os.makedirs(into, exist_ok=True)
    protos = ["keten/v1/types.proto", "keten/v1/wire.proto"]
    subprocess.run(["protoc", f"-I{TOP}/proto", f"--python_out={into}", *protos], check=True)
    sys.path.insert(0, into)


generate()

import zmq  # noqa: E402
from keten.v1 import types_pb2 as types  # noqa: E402,F401
from keten.v1 import wire_pb2 as wire  # noqa: E402

PROTOCOL = 3  # the newest number that this release serves
TOOL = os.path.join(BUILD, "keten")
DAEMON = os.path.join(BUILD, "ketend")


def bsn(index):
    """A number of its own per index below 500,000 that passes the 11-test; never given out."""
    for prefix in (99000000 + index, 99500000 + index):
        check = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(prefix))) % 11
        if check < 10:  # else no ninth digit fits; with the other prefix one does
            return f"{prefix}{check}"
    raise AssertionError(index)


def chance():
    """The source of what is random in a test; KETEN_SEED repeats a run."""
    seed = int(os.environ.get("KETEN_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"# seed {seed} (KETEN_SEED={seed} repeats it)", flush=True)
    return random.Random(seed)


def contents(top):
    """Every file below, by hash and time of change, and every directory by name."""
    found = {}
    for place, folders, names in os.walk(top):
        found.update({os.path.join(place, name): "directory" for name in folders})
        for name in names:
            path = os.path.join(place, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
                continue
            with open(path, "rb") as file:
                found[path] = (hashlib.sha256(file.read()).hexdigest(), os.stat(path).st_mtime_ns)
    return found


class Chain:
    """A directory as `keten init` makes it, and the daemon that runs on it. The arrangement is a
    path, or the text of one."""

    def __init__(self, arrangement=None, driven=True):
        self.place = tempfile.mkdtemp(prefix="keten-test-")
        self.directory = os.path.join(self.place, "chain")
        self.daemon, self.endpoint, self.contexts, self.said = None, None, [], ""
        self.driven = driven
        path = arrangement or os.path.join(TOP, "tests", "system", "voorbeeld.yaml")
        if "\n" in path:
            path = self.write("arrangement.yaml", path)
        self.run_tool("init", self.directory, "--arrangement", path, "--listen",
                      "tcp://127.0.0.1:*",
                      *(["--demo"] if driven else []))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.done()

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def configure(self, line):
        """Adds a line to ketend.yaml, for the next start."""
        with open(self.path("ketend.yaml"), "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def write(self, name, text):
        """A file beside the chain."""
        path = os.path.join(self.place, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_tool(self, *arguments, check=True):
        done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"keten {' '.join(arguments)}: exit {done.returncode}: "
                                 f"{done.stdout}{done.stderr}")
        return done

    def add_partner(self, name, extra="", public=None, secret=None):
        """A partner with a key of its own, or with a given one; returns (public, secret)."""
        if public is None:
            public, secret = (key.decode() for key in zmq.curve_keypair())
        with open(self.path("partners.d", name + ".yaml"), "w", encoding="utf-8") as file:
            file.write(f"id: {name}\nkeys:\n  - key: '{public}'\n{extra}")
        return public, secret

    def command(self, *arguments):
        clock = ["--clock", "driven"] if self.driven else []
        return [DAEMON, "--config", self.path("ketend.yaml"), *clock, *arguments]

    def run_daemon(self, *arguments):
        """A daemon that is expected to end by itself."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              timeout=PATIENCE_S)

    def spawn(self):
        """The daemon, started and not waited for."""
        self.errors = open(os.path.join(self.place, "stderr"), "ab")
        self.daemon = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=self.errors)

    def start(self):
        self.spawn()
        return self.started()

    def started(self):
        self.said = self.first_line()
        with open(self.path("data", "run", "endpoint"), encoding="utf-8") as file:
            self.endpoint = file.read().strip()
        return self

    def pause(self):
        """Whatever arrives from now on arrives at once."""
        self.daemon.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.daemon.pid, os.WSTOPPED | os.WNOWAIT)

    def resume(self):
        self.daemon.send_signal(signal.SIGCONT)

    def reload(self):
        """SIGHUP; returns once the daemon has said what came of it."""
        told = len(self.all_stderr())
        self.daemon.send_signal(signal.SIGHUP)
        return self.wait_stderr("reload", since=told)

    def wait_stderr(self, word, since=0):
        """What the daemon said from there on, once the word is among it."""
        until = time.monotonic() + PATIENCE_S
        looker = self.session(sorted(os.listdir(self.path("contexts")))[0])
        while word not in self.all_stderr()[since:]:
            if time.monotonic() > until:
                raise AssertionError(f"no {word!r} in {self.stderr()}")
            looker.query(wire.QUERY_STATUS)  # a turn of the daemon
        looker.close()
        return self.all_stderr()[since:]

    def verify(self):
        return self.run_tool("verify", self.path("data"), check=False)

    def status(self):
        """What an administrator reads of the store."""
        session = self.session("administrator")
        row = session.query(wire.QUERY_STATUS)[0]  # the metrics follow it
        session.close()
        return row

    def first_line(self):
        """The daemon says that its sockets are bound, or ends."""
        ready, _, _ = select.select([self.daemon.stdout], [], [], PATIENCE_S)
        line = self.daemon.stdout.readline().decode() if ready else ""
        if not line:
            raise AssertionError(f"ketend said nothing: {self.stderr()}")
        return line

    def stderr(self):
        return self.all_stderr()[-2000:]

    def all_stderr(self):
        with open(os.path.join(self.place, "stderr"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def alive(self):
        return self.daemon.poll() is None

    def stop(self, how=signal.SIGTERM):
        """Ends the daemon; returns its exit status."""
        if self.daemon is None:
            return None
        if self.alive():
            self.daemon.send_signal(how)
        try:
            code = self.daemon.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            code = self.daemon.wait()
        self.daemon.stdout.close()
        self.errors.close()
        self.daemon = None
        return code

    def session(self, partner, **options):
        public, secret = self.own_key(partner)
        return Session(self, public, secret, **options)

    def own_key(self, partner):
        with open(self.path("contexts", partner, "own.key"), encoding="ascii") as file:
            public, secret = file.read().split()
        return public, secret

    def server_key(self):
        contexts = self.path("contexts")
        with open(os.path.join(contexts, sorted(os.listdir(contexts))[0], "server.key"),
                  encoding="ascii") as file:
            return file.read().strip()

    def done(self):
        for session in list(self.contexts):
            session.close()
        self.stop(signal.SIGKILL)
        if os.environ.get("KEEP"):
            print(f"# kept: {self.place}")
        else:
            shutil.rmtree(self.place, ignore_errors=True)


class Session:
    """A partner's side of the wire, from nothing but ZeroMQ and the .proto files."""

    def __init__(self, chain, public, secret, role=None, take_over=False, hello=True,
                 server_key=None, identity=None, stream=None, knows=None):
        self.chain, self.queued = chain, []
        self.stream, self.number, self.queries = stream or os.urandom(16), 0, 0
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        if identity is not None:
            self.socket.setsockopt(zmq.ROUTING_ID, identity)
        self.socket.curve_publickey = public.encode()
        self.socket.curve_secretkey = secret.encode()
        self.socket.curve_serverkey = (server_key or chain.server_key()).encode()
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(chain.endpoint)
        chain.contexts.append(self)
        self.role, self.knows = role or wire.SESSION_LOOKER, knows or {}
        if hello:
            self.welcome = self.hello(take_over)

    def close(self):
        if self in self.chain.contexts:
            self.chain.contexts.remove(self)
            self.socket.disable_monitor()
            self.monitor.close(0)
            self.socket.close(0)
            self.context.term()

    def send(self, **body):
        self.socket.send(wire.ToDaemon(**body).SerializeToString())

    def raw(self, frame):
        self.socket.send(frame)

    def say_hello(self, take_over=False):
        """`knows`: the last receipt and delivery this partner has seen, as Hello names them."""
        self.send(hello=wire.Hello(protocol=PROTOCOL, software="python/1",
                                   language=wire.LANGUAGE_EN, role=self.role,
                                   take_over=take_over, **self.knows))

    def hello(self, take_over=False):
        self.say_hello(take_over)
        return self.wait("welcome", "notice")

    def command(self, number=None, **body):
        """Sends a command under the stream's next number, or a given one; returns that number."""
        if number is None:
            self.number += 1
            number = self.number
        self.send(command=wire.Command(id=wire.CommandId(stream=self.stream, number=number),
                                       **body))
        return number

    def call(self, number=None, **body):
        number = self.command(number, **body)
        return self.answer_to(number)

    def answer_to(self, number):
        return self.wait("receipt", "refusal", where=lambda message: message.id.number == number)

    def query(self, kind, **rest):
        self.queries += 1
        self.send(query=wire.Query(query=self.queries, kind=kind, **rest))
        rows = []
        while True:
            frame = self.wait("answer", "refusal", "notice")
            if not isinstance(frame, wire.Answer):
                return frame
            rows += [cells(row) for row in frame.rows]
            if not frame.more:
                return rows

    def credit(self, deliveries):
        self.send(credit=wire.Credit(deliveries=deliveries))

    def acknowledge(self, history, upto):
        self.send(acknowledge=wire.Acknowledge(history=history, upto=upto))

    def wait(self, *kinds, where=lambda message: True, patience=PATIENCE_S):
        """The first message of one of these kinds; what comes before it is kept for later."""
        for index, (kind, message) in enumerate(self.queued):
            if kind in kinds and where(message):
                del self.queued[index]
                return message
        until = time.monotonic() + patience
        while True:
            left = until - time.monotonic()
            if left <= 0 or not self.socket.poll(int(left * 1000) + 1):
                alive = "alive" if self.chain.alive() else "gone"
                raise AssertionError(f"no {' or '.join(kinds)} within {patience} s; "
                                     f"daemon {alive}: {self.chain.stderr()}")
            frame = wire.ToPartner.FromString(self.socket.recv())
            kind = frame.WhichOneof("body")
            if kind is None:
                continue  # the window alone
            message = getattr(frame, kind)
            if kind in kinds and where(message):
                return message
            self.queued.append((kind, message))

    def deliveries(self, count):
        """That many deliveries, in the order in which they came."""
        found = []
        while len(found) < count:
            found += self.wait("deliveries").deliveries
        return found

    def wait_monitor(self, *events):
        """One of these events of the connection."""
        from zmq.utils.monitor import recv_monitor_message
        until = time.monotonic() + PATIENCE_S
        while True:
            left = until - time.monotonic()
            if left <= 0 or not self.monitor.poll(int(left * 1000) + 1):
                raise AssertionError(f"none of {events} on the connection")
            event = recv_monitor_message(self.monitor)["event"]
            if event in events:
                return event


def cells(row):
    """A row as a dictionary."""
    found = {"row": row.kind}
    for cell in row.cells:
        found[cell.name] = getattr(cell,
                                   cell.WhichOneof("value")) if cell.WhichOneof("value") else None
    return found


def field(**values):
    return [types.Field(name=name.replace("_", "-"), value=value) for name, value in values.items()]


def fields_of(fact):
    return {value.name: value.value for value in fact.fields}


def arrears(person, months="2", amount="450.00"):
    return wire.Signal(kind="rent-arrears", persons=[person],
                       fields=field(months=months, amount=amount))


class Results:
    """Counts, and tells a line per check."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, passed, name, why=""):
        if passed:
            self.passed += 1
            print(f"ok {name}", flush=True)
        else:
            self.failed += 1
            print(f"not ok {name}: {why}", flush=True)
        return passed

    def equal(self, got, wanted, name):
        return self.check(got == wanted, name, f"got {got!r}, wanted {wanted!r}")

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def run(*tests):
    """Each test gets the results; one that raises counts as failed, and the next goes on."""
    results = Results()
    for test in tests:
        try:
            test(results)
        except Exception as error:  # a test that cannot go on has failed
            results.check(False, test.__name__.replace("_", " "),
                          f"{type(error).__name__}: {error}")
    sys.exit(results.close())
