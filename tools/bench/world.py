"""The benchmark's processes: the simulated marketplaces, and commands that are measured."""
import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build-release"
PROGRAM = BUILD / "stellion"
MEASURE = BUILD / "tools/bench/measure"


class BenchError(Exception):
    """A step did not do what it is measured for."""


class Figures(NamedTuple):
    """What one run of a command took. Requests: without those for tokens."""

    wall_s: float
    cpu_s: float
    memory_mib: float
    requests: int = 0
    token_requests: int = 0


def median(runs):
    return Figures(*map(statistics.median, zip(*runs)))


@contextlib.contextmanager
def running(command, **more):
    """A process in a session of its own, so that it can be ended with all that it started."""
    process = subprocess.Popen(command, start_new_session=True, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def measured(command, folder, data=None):
    """Figures, standard output and standard error of a command that must succeed."""
    took = folder / "took"
    environment = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "STELLION_DATA": str(data)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with running([MEASURE, took, *command], env=environment, **pipes) as process:
        out, err = process.communicate()
    if process.returncode != 0:
        raise BenchError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{out}{err}")
    wall, cpu, memory_kib = took.read_text().split()
    return Figures(float(wall), float(cpu), int(memory_kib) / 1024), out, err


def options(**values):
    """latency_ms=5 as --latency-ms 5."""
    pairs = ((f"--{name.replace('_', '-')}", str(value)) for name, value in values.items())
    return [text for pair in pairs for text in pair]


class World:
    """Both marketplaces, simulated. `customers` and `subscriptions` are those of both together."""

    def __init__(self, folder, credentials, pid, start_s):
        self.folder, self.credentials = folder, credentials
        self.pid, self.start_s = pid, start_s  # of the simulator, and what its start took
        self.origin = credentials["ion"]["base_url"].removesuffix("/ion")

    def journal(self):
        """The requests since forget_journal, as [method, path and query, status]."""
        return [line.split() for line in (self.folder / "journal").read_text().splitlines()]

    def forget_journal(self):
        (self.folder / "journal").write_text("")  # the simulator appends

    def measured(self, command, data=None):
        """As above, with the requests that it made; reading is all GET, and tokens all POST."""
        self.forget_journal()
        figures, out, err = measured(command, self.folder, data)
        methods = [method for method, _, _ in self.journal()]
        counts = {"requests": methods.count("GET"), "token_requests": methods.count("POST")}
        return figures._replace(**counts), out, err

    def connected_store(self):
        """A data directory with both marketplaces connected, and nothing synced yet. Uses up this
        world's first Ion token, as access_tokens does: only one of them, once a world."""
        data, secret = self.folder / "data", self.folder / "secret"
        stellr, ion = self.credentials["stellr"], self.credentials["ion"]
        secret.write_text(stellr["client_secret"])
        more = options(
            client_id=stellr["client_id"],
            secret_file=secret,
            base_url=stellr["base_url"],
            token_url=stellr["token_url"],
        )
        measured([PROGRAM, "connect", "stellr", *more], self.folder, data)
        secret.write_text(ion["refresh_token"])
        more = options(account=ion["account_id"], token_file=secret, base_url=ion["base_url"])
        measured([PROGRAM, "connect", "ion", *more], self.folder, data)
        return data

    def peak_mib(self):
        """Of the simulator, so far."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM")) / 1024

    def page_s(self, path, token):
        """Seconds that a page of Ion takes whoever asks for it."""
        url = f"{self.credentials['ion']['base_url']}/api/v3/accounts/70001{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        begin = time.monotonic()
        with direct.open(request, timeout=60) as answer:
            answer.read()
        return time.monotonic() - begin

    def access_tokens(self):
        """By the first segment of a path: "stellr" and "ion"."""
        stellr, ion = self.credentials["stellr"], self.credentials["ion"]
        return {
            "stellr": access_token(
                stellr["token_url"],
                grant_type="client_credentials",
                client_id=stellr["client_id"],
                client_secret=stellr["client_secret"],
            ),
            "ion": access_token(
                f"{ion['base_url']}/oauth/token",
                grant_type="refresh_token",
                refresh_token=ion["refresh_token"],
            ),
        }


def access_token(url, **form):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        return json.load(answer)["access_token"]


@contextlib.contextmanager
def world(customers, subscriptions, latency_ms=0):
    """A fresh World, ended at the end. The same numbers make the same one."""
    with tempfile.TemporaryDirectory(prefix="stellion-bench-") as name:
        folder = pathlib.Path(name)
        credentials, log = folder / "credentials.json", folder / "simulator.log"
        more = options(
            listen="127.0.0.1:0",
            credentials=credentials,
            journal=folder / "journal",
            customers=customers // 2,
            subscriptions=subscriptions // 2,
            latency_ms=latency_ms,
        )
        command = [PROGRAM, "simulate", *more]
        begin = time.monotonic()
        with open(log, "wb") as stderr, running(command, stderr=stderr) as simulator:
            until = time.monotonic() + 20
            while b"Stop with" not in log.read_bytes():  # said when the credentials are written
                if simulator.poll() is not None or time.monotonic() > until:
                    raise BenchError("the simulator did not start:\n" + log.read_text())
                time.sleep(0.01)
            start_s = time.monotonic() - begin
            told = json.loads(credentials.read_text())
            yield World(folder, told, simulator.pid, start_s)
