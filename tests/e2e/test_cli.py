"""The command line: help, options, the forms of a list, and pipes."""
import csv
import io
import os
import re
import subprocess

from support import CANCELLED, INVALID, NOT_FOUND, STORE, BillCase, TestCase, main

LISTS = (["connections"], ["customers"], ["subscriptions"], ["mappings"], ["actions"])


class Help(TestCase):
    def commands(self):
        text = self.ok("--help").out
        names = re.findall(r"^  ([a-z-]+) +[A-Z]", text.split("Options of every")[0], re.MULTILINE)
        self.assertGreaterEqual(len(names), 14)
        return names

    def assert_fits(self, text):
        for line in text.splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_help_on_a_command_is_its_own_help(self):
        self.assertEqual(self.ok("help", "connect").out, self.ok("connect", "--help").out)
        self.fails(INVALID, "no command 'conect'", "help", "conect")

    def test_the_version(self):
        for arguments in (["--version"], ["--log-level", "debug", "--version"]):
            self.assertRegex(self.ok(*arguments).out, r"\Astellion \d+\.\d+\.\d+\n\Z")

    def test_without_arguments_it_helps(self):
        result = self.ok()
        self.assertEqual((result.out, result.err), (self.ok("--help").out, ""))
        self.assertIn("Usage: stellion COMMAND [OPTIONS]", result.out)
        self.assertEqual(self.ok("help").out, result.out)
        self.assert_fits(result.out)

    def test_every_command_explains_itself(self):
        for name in self.commands():
            result = self.ok(name, "--help")
            self.assertEqual(result.err, "")
            self.assertTrue(result.out.startswith(f"Usage: stellion {name}"), result.out)
            self.assertIn("--log-level debug|info|warning|error|nothing", result.out)
            self.assert_fits(result.out)
            self.assertEqual(self.ok("--help", name).out, result.out)

    def test_every_action_explains_itself(self):
        for row in self.list("actions"):
            with self.subTest(row["id"]):
                text = self.ok("call", row["id"], "--help").out
                self.assertIn(f"{row['id']}: {row['title']} ({row['category']})", text)
                self.assertIn(f"Trust {row['trust']} ({row['source']}).", text)
                self.assertIn(f"stellion call {row['id']}", text)
                self.assertEqual(self.ok("actions", "show", row["id"]).out, text)
                told, example = text.split("\nExample:\n")
                self.assert_fits(told)
                for line in example.splitlines():  # JSON in one word cannot be wrapped
                    if not line.startswith("    --"):
                        self.assert_fits(line)

    def test_help_makes_no_store(self):
        for arguments in (["--help"], ["sync", "--help"], ["actions"], ["--version"], ["nonsense"]):
            self.run_stellion(*arguments)
        self.assertFalse(self.data.exists())


class Options(TestCase):
    def test_an_unknown_command(self):
        self.fails(
            INVALID,
            ["no command 'subscriptons'", "Did you mean `stellion subscriptions`?"],
            "subscriptons",
        )
        self.fails(INVALID, ["no command 'xyzzy'", "`stellion --help` lists"], "xyzzy")

    def test_an_unknown_option(self):
        for before in ([], ["connections"]):
            with self.subTest(before):
                self.fails(INVALID, ["--outptu", "Did you mean --output?"], *before, "--outptu")

    def test_a_missing_value(self):
        for option, what in (
            ("--data", "DIR"),
            ("--output", "table|json|csv"),
            ("--log-level", "debug|info|warning|error|nothing"),
        ):
            for before in (["connections"], []):
                with self.subTest(option, before=before):
                    self.fails(INVALID, f"{option} needs a value: {what}", *before, option)

    def test_a_bad_value_lists_what_is_good(self):
        self.fails(
            INVALID,
            "--output must be one of table|json|csv, not 'xml'",
            "connections",
            "--output",
            "xml",
        )
        self.fails(INVALID, "--api must be one of stellr|ion, not ''", "actions", "--api=")
        self.fails(
            INVALID, "--concurrency must be from 1 to 64, not 65", "sync", "--concurrency", "65"
        )
        self.fails(
            INVALID,
            "--concurrency needs a whole number, not 'many'",
            "sync",
            "--concurrency",
            "many",
        )
        self.fails(
            INVALID,
            "STELLION_LOG must be debug, info",
            "connections",
            environment={"STELLION_LOG": "loud"},
        )

    def test_a_flag_takes_no_value(self):
        self.fails(INVALID, "--claim takes no value", "connections", "--claim=yes")
        self.ok("connections", "--no-claim")

    def test_options_stand_anywhere(self):
        expected = self.ok("actions", "show", "ion.request", "--output", "json").out
        for arguments in (
            ["--output", "json", "actions", "show", "ion.request"],
            ["actions", "--output=json", "show", "ion.request"],
            ["actions", "show", "--output", "json", "ion.request"],
        ):
            self.assertEqual(self.ok(*arguments).out, expected)
        for arguments in (
            ["call", "--output", "json", "--help"],
            ["--output", "json", "call", "--help"],
        ):
            self.assertIn("Usage: stellion call", self.ok(*arguments).out)

    def test_two_dashes_end_the_options(self):
        self.fails(
            NOT_FOUND, "no subscription '--output' in the store", "history", "--", "--output"
        )

    def test_wrong_numbers_of_words(self):
        self.fails(
            INVALID,
            ["usage: stellion history SUBSCRIPTION", "`stellion history --help`"],
            "history",
        )
        self.fails(INVALID, "usage: stellion map account|service", "map", "account", "x")
        self.fails(INVALID, "usage: stellion connections", "connections", "all")

    def test_an_unknown_subscription(self):
        result = self.fails(
            NOT_FOUND, ["no subscription 'stellr-us/1'", "stellion sync"], "history", "stellr-us/1"
        )
        self.assertEqual(result.out, "")

    def test_no_option_takes_a_secret(self):
        for name in ("secret", "client-secret", "token", "refresh-token", "password"):
            for kind in ("stellr", "ion"):
                self.fails(INVALID, f"no option --{name} here", "connect", kind, f"--{name}", "x")


class Lists(BillCase):
    def test_an_empty_list_is_json_and_csv_as_well(self):
        for arguments in LISTS:
            rows = self.list(*arguments)
            self.assertEqual(rows, [] if arguments != ["actions"] else rows)
            lines = self.ok(*arguments, "--output", "csv").out.splitlines()
            self.assertEqual(len(lines), 1 + len(rows))
            self.assertRegex(lines[0], r"\A[a-z_]+(,[a-z_]+)+\Z")
        empty = self.list("reconcile")
        self.assertEqual((empty["positions"], empty["totals"]["charged_per_month"]), ([], []))
        self.assertEqual(len(self.ok("reconcile", "--output", "csv").out.splitlines()), 1)

    def test_an_empty_table_says_what_to_do(self):
        for arguments, words in (
            (["connections"], "stellion connect stellr"),
            (["customers"], "`stellion sync` brings them"),
            (["subscriptions"], "`stellion sync` brings them"),
        ):
            result = self.ok(*arguments)
            self.assertEqual(result.out, "")
            self.assertIn("No " + arguments[0].removesuffix("s"), result.err)
            self.assertIn(words, result.err)

    def test_actions_tell_their_trust_and_source(self):
        rows = self.list("actions")
        self.assertGreaterEqual(len(rows), 15)
        for row in rows:
            self.assertIn(row["trust"], ("REAL", "REAL-w", "SPEC", "CLIENT", "DOC", "GUESS"), row)
            self.assertRegex(row["source"], r"\A(stellr|ion) \d", row)
        self.assertEqual({r["api"] for r in self.list("actions", "--api", "ion")}, {"ion"})

    def test_csv_quotes_what_needs_it(self):
        names = ['Contoso "South", Inc.', "Two\nlines", "Return\rhere", "plain", "a;b"]
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        self.imports(self.HEADER + "".join(f"{n},M365,,1,1,USD,monthly\n" for n in quoted))
        out = self.ok("customers", "--connection", "bill", "--output", "csv").out
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        self.assertEqual(sorted(row["name"] for row in rows), sorted(names))
        self.assertIn('"Contoso ""South"", Inc."', out)
        self.assertIn("bill,plain,plain,plain,", out)

    def test_every_form_of_a_list_has_the_same_rows(self):
        simulator = self.simulate("--subscriptions", "120")
        self.connect_both(simulator)
        self.ok("sync")
        for arguments in LISTS:
            rows = self.list(*arguments)
            lines = list(csv.reader(io.StringIO(self.ok(*arguments, "--output", "csv").out)))
            self.assertEqual(lines[0], list(rows[0]))
            self.assertEqual(len(lines) - 1, len(rows))
            self.assertEqual(len(self.ok(*arguments).out.splitlines()) - 1, len(rows), arguments)
        self.assertEqual(len(self.list("subscriptions")), 240)


class Pipes(BillCase):
    def setUp(self):
        super().setUp()
        self.imports(
            self.HEADER
            + "".join(f"Customer {i} of a long name,M365,,1,1,USD,monthly\n" for i in range(5000))
        )

    def outputs(self):
        for form in ("table", "json", "csv"):
            yield ["customers", "--connection", "bill", "--output", form]
            yield ["reconcile", "--output", form]

    def test_a_reader_that_has_seen_enough_is_no_fault(self):
        for arguments in self.outputs():
            process = self.start_stellion(*arguments)
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"", arguments)
            self.assertEqual(process.wait(timeout=30), CANCELLED, arguments)

    def test_a_full_disk_behind_standard_output_is_told(self):
        for arguments in (
            *self.outputs(),
            ["--help"],
            ["--version"],
            ["call", "ion.request", "--help"],
        ):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(
                    self.command(*arguments),
                    stdout=full,
                    stderr=subprocess.PIPE,
                    env=self.environment(),
                )
            self.assertEqual(done.returncode, STORE, arguments)
            self.assertEqual(
                done.stderr,
                b"stellion: standard output took not everything; is the " b"disk full?\n",
            )

    def test_closed_outputs_lead_into_no_file_of_ours(self):
        """The first file that a process opens takes the number of what is closed."""
        for closed, arguments in (
            (1, ["customers", "--connection", "bill"]),
            (2, ["history", "nothing"]),
            (2, ["mappings"]),
        ):
            with self.subTest(closed=closed, arguments=arguments):
                before = self.files()
                done = subprocess.run(
                    self.command(*arguments),
                    env=self.environment(),
                    capture_output=True,
                    preexec_fn=lambda: os.close(closed),
                )
                self.assertGreaterEqual(done.returncode, 0)
                self.assertEqual(self.files(), before)

    def files(self):
        return {name: (self.data / name).read_bytes() for name in ("lock", "key")}


if __name__ == "__main__":
    main()
