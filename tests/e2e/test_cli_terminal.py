"""On a terminal: the widths of tables, prompts without echo, and Ctrl-C."""
import codecs
import errno
import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

from support import CANCELLED, INVALID, OK, TestCase, main, wait_for


class Terminal:
    """A command on a terminal of its own, standard error too, unless `err` is given."""

    def __init__(self, command, environment, columns=80, err=None):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=err or theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.theirs = theirs  # kept open, so that the settings of the terminal outlive the command
        self.seen = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self, seconds):
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        try:
            self.seen += self.decoder.decode(os.read(self.ours, 65536))
        except OSError as problem:
            if problem.errno != errno.EIO:
                raise
            return False
        return True

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > end:
                raise TimeoutError(f"no {text!r} in {self.seen!r}")
            self.read(0.1)

    def wait_for_prompt(self, text):
        """Until it is shown and the command sleeps in reading the answer."""
        self.wait_for(text)
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat")
        wait_for(lambda: stat.read_text().rpartition(")")[2].split()[0] == "S")

    def echoes(self):
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.ours, text.encode())

    def end(self, seconds=30):
        """The exit code, once everything is read; None when it did not end in time."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.poll()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


class TerminalCase(TestCase):
    def terminal(self, *arguments, **more):
        terminal = Terminal(self.command(*arguments), self.environment(), **more)
        self.addCleanup(terminal.close)
        return terminal


def columns_of(line):
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in line
    )


class Widths(TerminalCase):
    LISTS = ("connections", "customers", "subscriptions", "mappings", "actions", "reconcile")

    def setUp(self):
        super().setUp()
        simulator = self.simulate()
        self.connect_both(simulator)
        self.ok("sync")
        self.ok("bill", "import", simulator.bill)

    def table(self, name, columns):
        terminal = self.terminal(name, columns=columns, err=subprocess.DEVNULL)
        self.assertEqual(terminal.end(), OK)
        return terminal.seen.replace("\r\n", "\n").split("\n\n")[0].rstrip("\n").split("\n")

    def test_a_table_fits_80_columns(self):
        for name in self.LISTS:
            with self.subTest(name):
                lines = self.table(name, 80)
                self.assertGreater(len(lines), 2)
                self.assertLessEqual(max(map(columns_of, lines)), 80, lines[0])

    def test_what_is_cut_bears_a_mark_and_numbers_are_never_cut(self):
        lines = self.table("customers", 80)
        whole = self.ok("customers").out.splitlines()
        self.assertEqual(len(lines), len(whole))
        self.assertTrue(any("…" in line for line in lines))
        self.assertFalse(any("…" in line for line in whole))
        counts = [line.split()[-1] for line in whole]
        self.assertEqual([line.split()[-1] for line in lines], counts)

    def test_the_customers_number_is_shown_and_leaves_first(self):
        rows = self.list("subscriptions")
        wide = self.table("subscriptions", 400)
        at = wide[0].index("CUSTOMER ID")
        self.assertEqual([x[at:].split()[0] for x in wide[1:]], [r["customer_id"] for r in rows])
        for columns in range(300, 60, -10):
            head = self.table("subscriptions", columns)[0]
            if "PART NUMBER" not in head:
                self.assertNotIn("CUSTOMER ID", head)

    def test_a_wide_terminal_cuts_nothing(self):
        for name in self.LISTS:
            self.assertFalse(any("…" in line for line in self.table(name, 400)), name)

    def test_wide_and_combining_characters_keep_the_columns(self):
        names = ["東京商事株式会社", "Cafe\u0301", "Plain name", "🏢 Tower"]
        path = self.folder / "wide.csv"
        path.write_text("Company,Product,Quantity\n" + "".join(f"{n},M365,1\n" for n in names))
        self.ok("bill", "import", path)
        lines = [
            line
            for line in self.ok("customers", "--connection", "bill").out.splitlines()
            if any(n in line for n in names)
        ]
        self.assertEqual(len(lines), 4)
        self.assertEqual(len({columns_of(line) for line in lines}), 1, "\n".join(lines))


class Prompts(TerminalCase):
    def setUp(self):
        super().setUp()
        self.simulator = self.simulate()
        c = self.simulator.credentials
        self.stellr, self.ion = c["stellr"], c["ion"]

    def at_the_id(self):
        terminal = self.terminal(
            "connect",
            "stellr",
            "--name",
            "typed",
            "--base-url",
            self.stellr["base_url"],
            "--token-url",
            self.stellr["token_url"],
        )
        terminal.wait_for_prompt("Client id: ")
        return terminal

    def at_the_secret(self):
        terminal = self.at_the_id()
        terminal.type(self.stellr["client_id"] + "\n")
        terminal.wait_for_prompt("Client secret (not shown): ")
        self.assertFalse(terminal.echoes())
        return terminal

    def assert_stopped(self, terminal, code=CANCELLED):
        """Ended without a trace, neither in the store nor on the terminal nor at the service."""
        self.assertEqual(terminal.end(), code, terminal.seen)
        self.assertTrue(terminal.echoes(), "the echo is off for whatever is typed next")
        self.assertEqual(self.list("connections"), [])
        self.assertEqual(self.simulator.journal("POST"), [])

    def test_id_and_secret_are_asked_for_and_the_secret_is_not_shown(self):
        terminal = self.at_the_secret()
        terminal.type(self.stellr["client_secret"] + "\n")
        self.assertEqual(terminal.end(), OK, terminal.seen)
        self.assertIn("Connected to TD SYNNEX StreamOne Stellr as typed.", terminal.seen)
        self.assertIn(self.stellr["client_id"], terminal.seen)
        self.assertNotIn(self.stellr["client_secret"], terminal.seen)
        self.assertTrue(terminal.echoes())
        self.ok("sync")

    def test_a_refresh_token_is_asked_for_and_not_shown(self):
        terminal = self.terminal(
            "connect",
            "ion",
            "--account",
            self.ion["account_id"],
            "--base-url",
            self.ion["base_url"],
        )
        terminal.wait_for_prompt("Initial refresh token (not shown): ")
        self.assertFalse(terminal.echoes())
        terminal.type(self.ion["refresh_token"] + "\n")
        self.assertEqual(terminal.end(), OK, terminal.seen)
        self.assertNotIn(self.ion["refresh_token"], terminal.seen)

    def test_ctrl_c_at_a_prompt_stores_nothing_and_brings_the_echo_back(self):
        for at_a_prompt in (self.at_the_id, self.at_the_secret):
            terminal = at_a_prompt()
            terminal.type("half\x03")
            self.assert_stopped(terminal)
            self.assertIn("nothing was typed at 'Client", terminal.seen)

    def test_the_end_of_input_and_being_terminated_do_the_same(self):
        terminal = self.at_the_secret()
        terminal.type("\x04")
        self.assert_stopped(terminal)
        terminal = self.at_the_secret()
        terminal.process.send_signal(signal.SIGTERM)
        self.assert_stopped(terminal)

    def test_being_killed_from_the_keyboard_brings_the_echo_back_as_well(self):
        terminal = self.at_the_secret()
        terminal.type("\x1c")
        self.assertNotEqual(terminal.end(), OK)
        self.assertTrue(terminal.echoes(), "the echo is off for whatever is typed next")

    def test_ctrl_c_counts_at_every_moment(self):
        """Also between the prompt and the reading of the answer."""
        for _ in range(120):
            terminal = Terminal(
                self.command(
                    "connect", "stellr", "--client-id", "x", "--base-url", self.stellr["base_url"]
                ),
                self.environment(),
            )
            try:
                terminal.wait_for("(not shown): ")
                terminal.type("\x03")
                self.assertEqual(terminal.end(2), CANCELLED)
            finally:
                terminal.close()

    def test_an_empty_secret_is_refused_without_asking_the_service(self):
        terminal = self.at_the_secret()
        terminal.type("\n")
        self.assertEqual(terminal.end(), INVALID, terminal.seen)
        self.assertIn("needs a client id and a client secret", terminal.seen)
        self.assertEqual(self.simulator.journal("POST"), [])

    def test_the_progress_of_a_sync_is_gone_in_the_end(self):
        terminal = self.at_the_secret()
        terminal.type(self.stellr["client_secret"] + "\n")
        terminal.end()
        terminal = self.terminal("sync")
        self.assertEqual(terminal.end(), OK)
        last = terminal.seen.split("\r\n")[-2].split("\r")
        self.assertEqual(last[-2].strip(), "")
        self.assertRegex(last[-1], r"\Atyped: 8 customers \(8 new\), 40 subscriptions: 40 new")


if __name__ == "__main__":
    main()
