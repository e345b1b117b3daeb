"""docs/simulator.md: its tables are the program's, and its examples run.

    STELLION_PROGRAM=build/stellion tests/e2e/test_simulator_docs.py --write

puts the tables into the page."""
import pathlib
import re
import subprocess
import sys
import tempfile

import support
from stranger import Simulated, Stranger

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "simulator.md"


def cell(text):
    return text.replace("|", "\\|")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]) + "\n"


def control_rows(rows):
    for row in rows:
        takes = [f"`{row['body']}`"] if row["body"] not in (None, "*") else []
        takes += [f"query `{row['query']}`"] if row["query"] else []
        yield f"`{row['method']} {row['path']}`", ", ".join(takes), row["doc"]


def knob_rows(rows):
    for row in rows:
        kind = row["choices"] or row["kind"]
        yield f"`{row['name']}`", kind, row["default"] or "(empty)", row["doc"]


def tables(s):
    scenarios = s.told("GET", "scenario")["known"]
    faults = s.told("GET", "faults")["known"]
    return {
        "control": table(
            ("request", "takes", "what it does"), control_rows(s.told("GET", "")["control"])
        ),
        "scenarios": table(
            ("scenario", "situation"), [(f"`{x['name']}`", x["doc"]) for x in scenarios]
        ),
        "faults": table(("fault", "what happens"), [(f"`{x['name']}`", x["doc"]) for x in faults]),
        "knobs": table(
            ("knob", "value", "default", "what it does"),
            knob_rows(s.told("GET", "knobs")["knobs"]),
        ),
    }


def marked(name):
    return re.compile(rf"(<!-- table: {name} -->\n)(.*?)(<!-- end -->\n)", re.S)


def example(name):
    """The code behind a mark."""
    return re.search(rf"<!-- example: {name} -->\n```\w+\n(.*?)```\n", PAGE.read_text(), re.S)[1]


class Page(Simulated):
    def test_its_tables_are_the_programs(self):
        page = PAGE.read_text()
        for name, wanted in tables(self.start()).items():
            self.assertEqual(marked(name).search(page)[2], wanted, "run me with --write")

    def test_its_options_exist(self):
        text = self.ok("simulate", "--help").out
        for option in re.findall(r"`(--[a-z][a-z-]+)", PAGE.read_text()):
            self.assertIn(option, text)

    def run_example(self, command, *options):
        self.simulate(*options)
        (self.folder / "sim.json").write_text((self.folder / "credentials.json").read_text())
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_example_with_curl(self):
        out = self.run_example(["sh", "-c", example("curl")])
        before, after = (int(x) for x in re.findall(r"seats (?:before|after): (\d+)", out))
        self.assertEqual(after, before + 5)
        self.assertIn("no answer (curl ended with 52)", out)
        self.assertEqual(out.count('"carried_out": true'), 1)
        self.assertIn('"answer": "dropped"', out)

    def test_the_example_in_python(self):
        out = self.run_example([sys.executable, "-c", example("python")])
        self.assertEqual(out.count("refreshed"), 2)
        self.assertIn("40 subscriptions,", out)

    def test_the_example_in_powershell_asks_for_what_is_there(self):
        """PowerShell itself is not among what the tests need."""
        code = example("powershell")
        s = self.start("--scenario", "rate-limited")
        for path in re.findall(r"(/api/[^'\"]+)['\"]", code):
            path = path.replace("$($customer.customerNo)", "700101")
            answer = s.stellr("GET", path)
            self.assertEqual(answer.status, 200, path)
            self.assertIn("total", answer.json()["data"])
        for path in re.findall(r"\$sim((?:\.\w+)+)", code):
            value = s.credentials
            for name in path.split(".")[1:]:
                value = value[name]
            self.assertTrue(value, path)


def write():
    with tempfile.TemporaryDirectory() as folder:
        simulator = support.Simulator(folder)
        try:
            page = PAGE.read_text()
            for name, text in tables(Stranger(simulator.credentials)).items():
                page = marked(name).sub(lambda m: m[1] + text + m[3], page)
            PAGE.write_text(page)
        finally:
            simulator.stop()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        support.main()
