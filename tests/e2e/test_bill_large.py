"""A bill of a million lines: memory, speed, a bad line at its end, and being killed on the way."""
import functools
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
import time
import unittest

from support import CANCELLED, INVALID, OK, PROGRAM, BillCase, main, wait_for

LINE = "Contoso,M365,CFQ7TTC0LH18:0001,5,1.50,USD,monthly\n"
STORED = [(2, "Contoso", "M365", "CFQ7TTC0LH18:0001", "5", "1.5", "USD", 1)]
# The options of sanitizers in the environment tell nothing: meson gives them to every test.
SANITIZED = os.environ.get("STELLION_SANITIZED") == "1" or any(
    name in pathlib.Path(PROGRAM).read_bytes() for name in (b"__asan_init", b"__tsan_init")
)
LINES = 100_000 if SANITIZED else 1_000_000
MOST_MEMORY_BYTES = 128 << 20


@functools.cache
def large_folder():
    return tempfile.TemporaryDirectory(prefix="stellion-e2e-")


@functools.cache
def large_bill(end=""):
    """Two thousand customers with five hundred products each; about 40 MB."""
    path = pathlib.Path(large_folder().name) / f"large{len(end)}.csv"
    with open(path, "w", encoding="ascii") as file:
        file.write(BillCase.HEADER)
        for start in range(0, LINES, 1000):
            file.write(
                "".join(
                    f"Customer {i // 500},Product {i % 500},P{i % 500},{i % 90 + 1},"
                    f"{i % 1000}.25,USD,monthly\n"
                    for i in range(start, start + 1000)
                )
            )
        file.write(end)
    return path


def tearDownModule():
    if large_folder.cache_info().currsize:
        large_folder().cleanup()


class Large(BillCase):
    def setUp(self):
        super().setUp()
        self.imports(self.HEADER + LINE)

    def measured(self, *arguments):
        """(exit code, standard error, peak memory) of a command."""
        with open(self.folder / "err", "w+b") as err, open(self.folder / "out", "wb") as out:
            process = subprocess.Popen(
                self.command(*arguments), stdout=out, stderr=err, env=self.environment()
            )
            _, state, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(state)
            err.seek(0)
            return process.returncode, err.read().decode(), usage.ru_maxrss * 1024

    def importing(self, path):
        """An import of the large bill that has begun to write."""
        process = self.start_stellion("bill", "import", path)
        log = self.data / "stellion.db-wal"
        wait_for(
            lambda: (log.exists() and log.stat().st_size > 1 << 20) or process.poll() is not None
        )
        self.assertIsNone(process.poll(), "it was over before it could be stopped")
        return process

    @unittest.skipIf(SANITIZED, "sanitizers take memory of their own")
    def test_a_million_lines_take_little_memory(self):
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self.assertLess(own, MOST_MEMORY_BYTES, "the measure begins with that of this process")
        code, err, peak = self.measured("bill", "import", large_bill())
        self.assertEqual(code, OK, err)
        self.assertIn(f"{LINES} lines, {LINES // 500} customers, 500 products", err)
        self.assertLess(peak, MOST_MEMORY_BYTES, f"{peak >> 20} MiB")
        self.assertEqual(
            self.query(
                "SELECT n_lines, n_skipped, count(*), min(l.line), max(l.line), sum(quantity_units)"
                " FROM bill b JOIN bill_line l ON l.bill_id = b.id WHERE is_current = 1"
            ),
            [(LINES, 0, LINES, 2, LINES + 1, sum(i % 90 + 1 for i in range(LINES)) * 10**8)],
        )
        code, err, peak = self.measured("reconcile", "--output", "json")
        self.assertEqual(code, OK, err)
        self.assertLess(peak, MOST_MEMORY_BYTES, f"reconcile: {peak >> 20} MiB")

    def test_a_bad_line_at_the_end_of_a_million_stores_nothing(self):
        before = self.whole_store()
        code, err, peak = self.measured(
            "bill", "import", large_bill("Contoso,M365,,x,1,USD,monthly\n")
        )
        self.assertEqual(code, INVALID, err)
        self.assertIn(
            f"1 of {LINES + 1} lines cannot be read; the first is line {LINES + 2}, "
            "column 4: 'x'",
            err,
        )
        self.assertEqual(self.whole_store(), before)
        self.assertEqual(self.stored(), STORED)
        if not SANITIZED:
            self.assertLess(peak, MOST_MEMORY_BYTES, f"{peak >> 20} MiB")

    def test_a_killed_import_leaves_the_bill_before(self):
        before = self.whole_store()
        process = self.importing(large_bill())
        process.kill()
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertEqual(self.whole_store(), before)
        self.assertEqual(self.list("reconcile")["totals"]["billed_seats"], 5)
        self.assertEqual(self.query("PRAGMA integrity_check"), [("ok",)])

    def test_an_interrupted_import_says_so_and_leaves_the_bill_before(self):
        before = self.whole_store()
        process = self.importing(large_bill())
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, self.whole_store() == before), (CANCELLED, True), err)
        self.assertIn(b"stopped", err)
        self.assertLess(time.monotonic() - start, 10)

    def test_others_can_read_while_a_bill_is_imported(self):
        process = self.importing(large_bill())
        self.assertEqual(self.stored(), STORED)
        self.assertIsNone(process.poll(), "it was over before it could be watched")
        process.kill()


if __name__ == "__main__":
    main()
