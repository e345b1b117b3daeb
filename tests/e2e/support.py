"""What the end-to-end tests share: the program, the simulator, and a remote that answers oddly.

STELLION_PROGRAM is the program under test. The outputs of all commands are searched for secrets."""
import contextlib
import http.server
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from decimal import Decimal

PROGRAM = os.environ.get("STELLION_PROGRAM", "build/stellion")
SHARED = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "shared"

# Exit codes (src/base/status.h).
OK, INVALID, NOT_FOUND, CREDENTIALS, FORBIDDEN, CONFLICT = 0, 2, 3, 4, 5, 6
RULE, MISMATCH = 7, 26
RATE, UNREACHABLE, REMOTE, UNREADABLE, UNKNOWN, LIMIT, BUSY = 8, 9, 10, 11, 12, 13, 14
STORE, FULL, VERSION, KEY, PAUSED, PARTIAL, EMPTY = 15, 16, 17, 18, 19, 20, 21
VANISHED, TOKEN_LOST, CANCELLED = 22, 23, 24


class Result:
    """What a command left behind."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Simulator:
    """`stellion simulate` as a process of its own. Stopped with `stop`, started anew with
    `restart`, which keeps the address and the seed."""

    def __init__(self, folder, *options, listen=True):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.listen = ["--listen", f"127.0.0.1:{self.port}"] if listen else []
        self.process = None
        self.start(*options)

    def start(self, *options):
        files = {name: self.folder / name for name in ("credentials.json", "billed.csv")}
        for path in files.values():
            path.unlink(missing_ok=True)
        command = [
            PROGRAM,
            "simulate",
            *self.listen,
            "--credentials",
            files["credentials.json"],
            "--bill",
            files["billed.csv"],
            "--journal",
            self.folder / "journal",
            *options,
        ]
        with open(self.folder / "simulator.log", "ab") as log:
            self.process = subprocess.Popen(command, stderr=log)
        wait_for(lambda: files["credentials.json"].exists() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "simulator.log").read_text())
        self.credentials = json.loads(files["credentials.json"].read_text())
        self.bill = files["billed.csv"]

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def restart(self, *options):
        self.stop()
        self.start(*options)

    def journal(self, start=""):
        path = self.folder / "journal"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if line.startswith(start)]

    def forget_journal(self):
        (self.folder / "journal").write_text("")  # the simulator appends


class TestCase(unittest.TestCase):
    """A folder, a data directory and commands in it."""

    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stellion-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / "data"
        self.secrets = set()

    def simulate(self, *options, **more):
        simulator = Simulator(self.folder, *options, **more)
        self.addCleanup(simulator.stop)
        for remote in simulator.credentials.values():
            for name in ("client_secret", "refresh_token", "api_secret"):
                if name in remote:
                    self.secrets.add(remote[name])
        return simulator

    def command(self, *arguments):
        return [PROGRAM, *map(str, arguments)]

    def environment(self):
        return {
            "PATH": "/usr/bin:/bin",
            "STELLION_DATA": str(self.data),
            "TZ": "UTC",
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")},
        }

    def check_output(self, result):
        for secret in self.secrets:
            self.assertNotIn(secret, result.out, "a secret on standard output")
            self.assertNotIn(secret, result.err, "a secret on standard error")
        self.assertNotIn("Sanitizer", result.err)
        self.assertNotIn("runtime error", result.err)

    def run_stellion(self, *arguments, stdin=None, environment=None, timeout=120):
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            timeout=timeout,
            capture_output=True,
            env={**self.environment(), **(environment or {})},
        )
        result = Result(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
        )
        self.check_output(result)
        return result

    def start_stellion(self, *arguments):
        process = subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        self.addCleanup(end_process, process)
        return process

    def ok(self, *arguments, **more):
        result = self.run_stellion(*arguments, **more)
        self.assertEqual(result.code, OK, str(result))
        return result

    def fails(self, code, words, *arguments, **more):
        """The command ends with this exit code and says each of the words."""
        result = self.run_stellion(*arguments, **more)
        self.assertEqual(result.code, code, str(result))
        text = " ".join(result.err.split())
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, text, str(result))
        return result

    def secret_file(self, text):
        self.secrets.add(text.strip())
        handle, path = tempfile.mkstemp(prefix="secret-", dir=self.folder)
        with open(handle, "w") as file:
            file.write(text)
        return path

    def stellr_options(self, simulator, **changes):
        c = {**simulator.credentials["stellr"], **changes}
        return [
            "connect",
            "stellr",
            "--name",
            "stellr-test",
            "--client-id",
            c["client_id"],
            "--secret-file",
            self.secret_file(c["client_secret"] + "\n"),
            "--base-url",
            c["base_url"],
            "--token-url",
            c["token_url"],
        ]

    def ion_options(self, simulator, **changes):
        c = {**simulator.credentials["ion"], **changes}
        return [
            "connect",
            "ion",
            "--name",
            "ion-test",
            "--account",
            c["account_id"],
            "--token-file",
            self.secret_file(c["refresh_token"] + "\n"),
            "--base-url",
            c["base_url"],
        ]

    def connect_both(self, simulator):
        self.ok(*self.stellr_options(simulator))
        self.ok(*self.ion_options(simulator))

    def odd_options(self, url, name="odd"):
        """To connect to an OddRemote, as Stellr."""
        secret = self.secret_file(f"secret-of-{name}-4711")
        connect = ["connect", "stellr", "--name", name, "--client-id", "x"]
        return [*connect, "--secret-file", secret, "--base-url", url]

    def list(self, *arguments):
        return self.ok(*arguments, "--output", "json").json()

    def assert_not_stored(self, text):
        for path in self.data.rglob("*"):
            if path.is_file() and text.encode() in path.read_bytes():
                self.fail(f"a secret lies in clear in {path.name}")

    def query(self, text, *values):
        with contextlib.closing(sqlite3.connect(self.data / "stellion.db")) as db:
            return db.execute(text, values).fetchall()

    def whole_store(self):
        names = self.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: sorted(self.query(f"SELECT * FROM {name}"), key=repr) for name, in names}


class BillCase(TestCase):
    """A bill, and what the store holds of it."""

    HEADER = "Company,Product,Part number,Quantity,Unit price,Currency,Billing period\n"

    def bill(self, text, name="bill.csv"):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def preview(self, text, *options):
        """The lines as the program understands them."""
        return self.list("bill", "preview", self.bill(text), *options)

    def imports(self, text, *options):
        self.ok("bill", "import", self.bill(text), *options)
        return self.stored()

    def refuses(self, text, words, *options):
        """Refused with these words, and the store is as it was."""
        self.ok("connections")
        before = self.whole_store()
        result = self.fails(INVALID, words, "bill", "import", self.bill(text), *options)
        self.assertEqual(self.whole_store(), before)
        return result

    def stored(self):
        """The current bill: (line, customer, product, part, quantity, price, currency, months)."""
        rows = self.query(
            "SELECT l.line, a.name, s.name, s.part_number, l.quantity_units, l.price_units,"
            " l.currency, l.cycle_months FROM bill b JOIN bill_line l ON l.bill_id = b.id"
            " JOIN account a ON a.id = l.account_id JOIN service s ON s.id = l.service_id"
            " WHERE b.is_current = 1 ORDER BY l.line"
        )
        return [(*row[:4], exact(row[4]), exact(row[5]), *row[6:]) for row in rows]


class SyncCase(TestCase):
    """What a sync stored."""

    tables = ("account", "service", "subscription", "document", "change")

    def rows(self, table):
        with self.database() as db:
            return sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)

    def database(self):
        return contextlib.closing(sqlite3.connect(self.data / "stellion.db"))

    def synced_rows(self):
        return {table: self.rows(table) for table in self.tables}

    def contents(self):
        """What a sync stored, without our own ids and times: equal worlds, equal contents."""
        return [
            {k: v for k, v in row.items() if k not in ("first_seen_at", "changed_at")}
            for row in self.list("subscriptions", "--gone")
        ]

    def synced(self, *options):
        simulator = self.simulate(*options)
        self.connect_both(simulator)
        self.ok("sync")
        return simulator


class OddRemote:
    """A server that answers as it is told: `answer(path) -> (status, headers, body)`."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                length = int(self.headers.get("Content-Length", 0))
                self.rfile.read(length)
                status, headers, body = answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body)
                if int(headers.get("Content-Length", len(body))) != len(body):
                    self.close_connection = True

            do_GET = do_POST = handle_any

            def handle(self):
                with contextlib.suppress(ConnectionResetError):
                    super().handle()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def exact(units):
    """The stored 10^-8 as a decimal without trailing zeros, None as None."""
    return None if units is None else f"{Decimal(units).scaleb(-8).normalize():f}"


def certificate(folder):
    """A certificate for this machine, made for a day or two, and its key."""
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-out",
            paths[0],
            "-keyout",
            paths[1],
        ],
        check=True,
        capture_output=True,
    )
    return paths


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen")
        time.sleep(0.02)


def end_process(process):
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()


def main():
    """Runs the file's tests. 77 tells the build that all of them were skipped."""
    program = unittest.main(exit=False)
    result = program.result
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun and len(result.skipped) == result.testsRun else 0)
