"""The demo that `make run` runs: ends by itself, leaves nothing running, starts clean again."""
import os
import pathlib
import signal
import sqlite3
import subprocess

from support import PROGRAM, TestCase, main, wait_for

DEMO = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "demo"


def descendants_of_session(session):
    """The processes that still live in this session."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


class Demo(TestCase):
    def start(self, directory):
        return subprocess.Popen(
            [DEMO, PROGRAM, directory],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            env={**self.environment(), "TMPDIR": str(self.folder)},
        )

    def run_demo(self, directory):
        process = self.start(directory)
        out, _ = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, out)
        self.assertEqual(descendants_of_session(process.pid), [], "the demo left something running")
        return out

    def test_it_finds_money_and_says_how_to_go_on(self):
        directory = self.folder / "demo"
        out = self.run_demo(directory)
        for words in (
            "Connected to TD SYNNEX StreamOne Stellr",
            "Connected to TD SYNNEX StreamOne Ion",
            "Billed too few",
            "Not billed at all",
            "a month",
            "USD",
            "Next:",
            str(directory),
            "connect stellr --region us",
            "connect ion --account",
        ):
            self.assertIn(words, out)
        self.assertNotIn("sim-secret", out)

    def test_a_second_run_starts_clean(self):
        directory = self.folder / "demo"
        first = self.run_demo(directory)
        with sqlite3.connect(directory / "stellion.db") as db:
            before = db.execute("SELECT count(*) FROM subscription").fetchone()
        second = self.run_demo(directory)
        with sqlite3.connect(directory / "stellion.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM subscription").fetchone(), before)
        self.assertEqual(len(first.splitlines()), len(second.splitlines()))

    def test_a_folder_of_somebody_s_own_is_not_emptied(self):
        directory = self.folder / "mine"
        directory.mkdir()
        (directory / "precious").write_text("keep")
        process = self.start(directory)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("nothing was touched", out)
        self.assertEqual((directory / "precious").read_text(), "keep")

    def test_interrupted_it_leaves_nothing_running(self):
        process = self.start(self.folder / "demo")
        wait_for(lambda: (self.folder / "demo" / "billed.csv").exists())
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        wait_for(lambda: descendants_of_session(process.pid) == [])
        self.assertEqual(list(self.folder.glob("tmp.*")), [], "the demo left its temporary folder")


if __name__ == "__main__":
    main()
