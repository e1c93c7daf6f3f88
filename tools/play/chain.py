# SPDX-License-Identifier: EUPL-1.2
# The programs of a chain on loopback: the daemon, partners' connectors, the worker's tool.
# Knows: how to start, stop, kill and wait for them. Must never know: what story is being played.
import json
import os
import signal
import subprocess
import time

PATIENCE_S = float(os.environ.get("KETEN_PATIENCE", "60"))


class Stuck(Exception):
    """A condition did not come true in time."""


def until(condition, what):
    """Looks again and again until the condition holds; returns what it gave."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise Stuck(f"{what}: not within {PATIENCE_S:.0f} s")


class Connector:
    """A partner's connector and its folder."""

    def __init__(self, chain, program, partner):
        self.chain, self.program, self.partner = chain, program, partner
        self.folder = os.path.join(os.path.dirname(chain.directory), "folders", partner)
        self.process, self.dropped = None, 0
        for name in ("tmp", "new"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)

    def start(self):
        log = open(os.path.join(self.chain.directory, self.program + ".log"), "ab")
        self.process = subprocess.Popen(
            [self.chain.binary(self.program), "--context", self.chain.context(self.partner),
             "--folder", self.folder, "--worker", self.chain.workers[self.partner],
             "--lang", self.chain.language],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)
            self.process = None

    def drop(self, name, content):
        """Writes a file as the partner's own system would; returns its name in the folder."""
        self.dropped += 1
        name = f"{self.dropped:04d}-{name}"
        path = os.path.join(self.folder, "tmp", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str)
                       else json.dumps(content, ensure_ascii=False))
        os.rename(path, os.path.join(self.folder, "new", name))
        return name

    def outcome(self, name):
        """The receipts of a file, or its reason; None as long as it is on its way."""
        reason = os.path.join(self.folder, "failed", name + ".reason.txt")
        if os.path.exists(reason):
            with open(reason, encoding="utf-8") as file:
                return file.read()
        path = os.path.join(self.folder, "cur", name + ".receipt.json")
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            receipts = [answer["receipt"] for answer in json.load(file)]
        return receipts

    def publish(self, name, content):
        """Drops a file and waits for its receipts."""
        name = self.drop(name, content)
        found = until(lambda: self.outcome(name), f"{self.partner}: {name}")
        if isinstance(found, str):
            raise Stuck(f"{self.partner}: {name}: {found}")
        self.chain.receipts += found
        return found

    def inbox(self):
        """The deliveries that were filed, by number."""
        folder = os.path.join(self.folder, "inbox")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        found = {}
        for name in (name for name in names if name.endswith(".json")):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found[int(name.split("-")[1].split(".")[0])] = json.load(file)
        return found

    def wait_for(self, wanted, what):
        """The first delivery that fits."""
        def look():
            for _, delivery in sorted(self.inbox().items()):
                if wanted(delivery):
                    return delivery
            return None
        return until(look, f"{self.partner}: {what}")


class Chain:
    def __init__(self, directory, build, language):
        self.directory, self.build, self.language = directory, build, language
        self.daemon, self.workers = None, {}
        self.receipts = []

    def binary(self, name):
        return os.path.join(self.build, name)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def context(self, partner):
        return self.path("contexts", partner)

    def init(self, arrangement, start):
        subprocess.run([self.binary("keten"), "init", self.directory, "--arrangement", arrangement,
                        "--demo", "--listen", "tcp://127.0.0.1:*"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(self.path("ketend.yaml"), "a", encoding="utf-8") as file:
            file.write(f"start: {start}\n")

    def start(self):
        endpoint = self.path("data", "run", "endpoint")
        port = self.port()
        if port is not None:  # after a crash the partners find it where it was
            self.listen_on(port)
        if os.path.exists(endpoint):
            os.remove(endpoint)
        log = open(self.path("ketend.log"), "ab")
        command = [self.binary("ketend"), "--config", self.path("ketend.yaml"), "--clock", "driven"]
        self.daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until(lambda: os.path.exists(endpoint) or self.daemon.poll() is not None, "ketend")
        if self.daemon.poll() is not None:
            raise Stuck("ketend ended: see " + self.path("ketend.log"))

    def port(self):
        endpoint = self.path("data", "run", "endpoint")
        if not os.path.exists(endpoint):
            return None
        with open(endpoint, encoding="ascii") as file:
            return file.read().strip()

    def listen_on(self, endpoint):
        path = self.path("ketend.yaml")
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"listen: ['{endpoint}']\n" if line.startswith("listen:") else line
                            for line in lines)

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def stop(self):
        """In order; returns the exit status."""
        self.daemon.send_signal(signal.SIGTERM)
        return self.daemon.wait(PATIENCE_S)

    def keten(self, partner, *arguments):
        """Runs the tool for a worker of the partner: (exit status, JSON lines or the refusal)."""
        command = [self.binary("keten"), "--context", self.context(partner), "--json",
                   "--lang", self.language, *arguments]
        worker = self.workers.get(partner, partner)
        done = subprocess.run(command, capture_output=True, text=True,
                              env={**os.environ, "KETEN_WORKER": worker})
        if done.returncode != 0:
            return done.returncode, (done.stderr or done.stdout).strip()
        return 0, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def ask(self, partner, *arguments):
        """Rows of an answer that must come."""
        status, rows = self.keten(partner, *arguments)
        if status != 0:
            raise Stuck(f"keten {' '.join(arguments)} ({partner}): {rows}")
        return rows

    def command(self, partner, *arguments):
        """A command that must be accepted; its receipt."""
        receipt = self.ask(partner, *arguments)[0]
        self.receipts.append(receipt)
        return receipt

    def steps(self, plan):
        """The steps of a plan by kind, as the holder of the plan sees them."""
        rows = self.ask("gemeente", "plan", "show", f"p{plan}")
        return {row["kind"]: row for row in rows if row.get("row") == "step"}

    def step_id(self, row):
        return f"s{row['step']}@{row['version']}"

    def advance(self, to):
        receipt = self.command("administrator", "clock", "advance", to)
        return receipt["recorded_at"]
