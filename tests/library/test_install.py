"""The library as it is installed: what it exports and holds, and the examples built against it with
pkg-config, shared and static, run against the simulator.

STELLION_BUILD is the build folder, STELLION_PROGRAM the program in it."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from support import PROGRAM, Simulator  # noqa: E402

BUILD = pathlib.Path(os.environ["STELLION_BUILD"])
EXAMPLES = ROOT / "docs" / "examples"
HEADER = (ROOT / "include" / "stellion.h").read_text()
FLAGS = "-std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -D_GNU_SOURCE".split()

# All that may change while the process lives and belongs to no object.
STATE = {
    "least": "which log lines are written: none, and only the command line changes that",
    "once": "that libcurl was started",
    "n_critical": "how many token requests are under way",
    "last": "the last id that was given out, so that each is given out once",
    "value": "the random seed of hash tables",
    "innermost": "the guard that is open in this thread",
    # written never
    "buf_nothing": "the text of an empty buffer",
    "real": "the functions of the machine's clock",
    "DW": "the compiler's name of its unwinder",
}


def run(*command, **more):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **more
    )


def good(*command, **more):
    result = run(*command, **more)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        root = cls.folder / "root"
        good("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", root)
        cls.package = next(root.rglob("stellion.pc"))
        cls.libraries = cls.package.parent.parent
        cls.prefix = next(root.rglob("include/stellion.h")).parent.parent
        cls.simulator = Simulator(cls.folder, "--knob", "op_delay_ms=1")

    @classmethod
    def tearDownClass(cls):
        cls.simulator.stop()
        cls.temporary.cleanup()

    def flags(self, *options):
        environment = dict(os.environ, PKG_CONFIG_PATH=str(self.package.parent))
        return good(
            "pkg-config",
            f"--define-variable=prefix={self.prefix}",
            *options,
            "stellion",
            env=environment,
        ).split()

    def build(self, source, static=False):
        """The example as a program."""
        program = self.folder / (pathlib.Path(source).stem + ("-static" if static else ""))
        flags = self.flags("--cflags", "--libs", *(["--static"] if static else []))
        if static:
            at = flags.index("-lstellion")
            flags[at : at + 1] = ["-Wl,-Bstatic", "-lstellion", "-Wl,-Bdynamic"]
        good("cc", *FLAGS, source, "-o", program, *flags)
        needed = good("readelf", "-d", program)
        self.assertEqual("libstellion.so.0" in needed, not static)
        return program

    def run_example(self, name, *arguments, **more):
        """Its result, the same from both kinds of library."""
        results = self.run_both(name, *arguments, **more)
        self.assertEqual(results[0].returncode, results[1].returncode)
        self.assertEqual(results[0].stdout.count("\n"), results[1].stdout.count("\n"))
        return results[0]

    def run_both(self, name, *arguments, **more):
        environment = dict(
            os.environ,
            LD_LIBRARY_PATH=str(self.libraries),
            STELLR_URL=self.simulator.credentials["stellr"]["base_url"],
            STELLR_CLIENT_ID=self.simulator.credentials["stellr"]["client_id"],
            STELLR_CLIENT_SECRET=self.simulator.credentials["stellr"]["client_secret"],
        )
        return [
            run(self.build(EXAMPLES / f"{name}.c", static), *arguments, env=environment, **more)
            for static in (False, True)
        ]

    def stellion(self, *arguments, **more):
        return good(PROGRAM, "--data", self.folder / "data", *arguments, **more)

    # What is in it

    def declared(self):
        return set(re.findall(r"^STELLION_API\b[^;(]*?(\w+)\(", HEADER, re.M))

    def test_the_shared_library_exports_what_the_header_declares(self):
        library = self.libraries / "libstellion.so.0"
        lines = good("nm", "-D", "--defined-only", library).split("\n")
        self.assertEqual({line.split()[-1] for line in lines if line}, self.declared())
        self.assertIn("SONAME", good("readelf", "-d", library))

    def test_the_static_library_exports_what_the_header_declares(self):
        lines = good("nm", "-g", "--defined-only", self.libraries / "libstellion.a").split("\n")
        names = {line.split()[-1] for line in lines if len(line.split()) == 3}
        self.assertEqual(names, self.declared())
        self.assertGreater(len(names), 20)

    def test_nothing_global_changes_but_what_is_known(self):
        found = set()
        for line in good("objdump", "-t", self.libraries / "libstellion.a").split("\n"):
            place = re.search(r"\s\.(t?bss|t?data)(\S*)\t\S+\s+(?:\.hidden )?([\w.]+)$", line)
            is_read_only = place and place[2].startswith(".rel.ro")
            if place and not is_read_only and not place[3].startswith("."):
                found.add(place[3].split(".")[0])
        self.assertEqual(found, set(STATE))

    def test_it_writes_nowhere_and_ends_nothing_but_at_the_last_resort(self):
        """What is not called cannot happen. abort and stderr are: where there is no guard."""
        calls = good("objdump", "-r", self.libraries / "libstellion.a")
        called = set(re.findall(r"R_\w+\s+([A-Za-z_]\w*)", calls))
        self.assertIn("curl_easy_perform", called)
        never = "stdout exit _exit quick_exit signal sigaction printf puts putchar perror tcsetattr"
        self.assertEqual(called & set(never.split()), set())

    def test_other_languages_and_standards_take_the_header(self):
        source = self.folder / "header.cpp"
        source.write_text(
            "#include <stellion.h>\n"
            "int main() {\n"
            "    stellion_options options = STELLION_OPTIONS_INIT;\n"
            "    stellion_arguments arguments = STELLION_ARGUMENTS_INIT;\n"
            "    stellion_token_keeper keeper = STELLION_TOKEN_KEEPER_INIT;\n"
            '    stellion_argument argument = stellion_text("a", "b");\n'
            "    stellion_error error;\n"
            "    stellion_client *client = nullptr;\n"
            "    arguments.at = &argument;\n"
            "    if (arguments.size == 0) return 1;\n"
            "    options.keeper = &keeper;\n"
            "    return stellion_open(&options, &client, &error) == STELLION_INVALID ? 0 : 1;\n"
            "}\n"
        )
        flags = self.flags("--cflags", "--libs")
        program = self.folder / "header"
        for standard in ("c++11", "c++20"):
            warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
            good("c++", f"-std={standard}", *warnings, source, "-o", program, *flags)
            good(program, env=dict(os.environ, LD_LIBRARY_PATH=str(self.libraries)))
        plain = self.folder / "header.c"
        plain.write_text("#include <stellion.h>\n#include <stellion.h>\n")
        good("cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", plain, *flags,
             "-o", self.folder / "header.o")  # fmt: skip

    def test_the_statuses_are_the_exit_codes(self):
        rows = re.findall(
            r'X\((\w+), "[\w-]+", \d+, (\d+),', (ROOT / "src/base/status.h").read_text()
        )
        numbers = dict(re.findall(r"^    STELLION_(\w+) = (\d+)", HEADER, re.M))
        numbers["VERSION"] = numbers.pop("STORE_VERSION")
        self.assertEqual(numbers, dict(rows))

    # The examples

    def test_every_example_is_run_here(self):
        tried = {"list-customers", "walk-subscriptions", "call-json", "ion-token-file", "buy-seats"}
        self.assertEqual({path.stem for path in EXAMPLES.glob("*.c")}, tried)

    def test_list_customers_of_both_marketplaces(self):
        self.connect_once()
        result = self.run_example("list-customers", self.folder / "data", "stellr", "ion")
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, 0)
        lines = result.stdout.splitlines()
        names = [line.split("\t")[0] for line in lines]
        self.assertEqual(set(names), {"stellr", "ion"})
        self.assertEqual(len(lines), len(set(lines)))
        for line in lines:
            json.loads(line.split("\t")[1])
        wrong = self.run_example("list-customers", self.folder / "data", "nobody")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("not-found", wrong.stderr)

    def connect_once(self):
        if not (self.folder / "data").exists():
            self.connect()

    def changes(self):
        journal = (self.folder / "journal").read_text().splitlines()
        return [line for line in journal if line.startswith("POST") and "changeSeats" in line]

    def test_buy_seats(self):
        self.connect_once()
        self.stellion("sync", "--connection", "stellr")
        listed = json.loads(self.stellion("subscriptions", "--output", "json"))
        row = next(
            row
            for row in listed
            if row["connection"] == "stellr"
            and row["measure"] == "seats"
            and row["standing"] == "live"
        )
        seats = int(row["quantity"])
        wanted = {"customerNo": row["customer_id"], "subscriptionId": row["id"]}
        arguments = [self.folder / "data", "stellr", json.dumps({**wanted, "quantity": seats + 2})]
        before = len(self.changes())
        no = self.run_example("buy-seats", *arguments, input="n\n")
        self.assertEqual(no.returncode, 0, no.stderr)
        self.assertEqual(len(self.changes()), before)
        # the second run, with the static library, finds it done
        yes = self.run_both("buy-seats", *arguments, input="y\n")
        self.assertEqual(yes[0].returncode, 0, yes[0].stderr + yes[0].stdout)
        self.assertIn('"state": "verified"', yes[0].stdout)
        self.assertIn("Nothing to do.", yes[1].stdout)
        self.assertEqual(len(self.changes()), before + 1)
        purchases = json.loads(self.stellion("purchases", "--output", "json"))
        self.assertIn("asked for by mail", json.dumps(purchases))
        wrong = {**wanted, "customerNo": "1", "quantity": 5}
        refused = self.run_example("buy-seats", self.folder / "data", "stellr", json.dumps(wrong))
        self.assertEqual(refused.returncode, 3, refused.stderr)

    def connect(self):
        url, at = "--base-url", self.simulator.credentials
        (self.folder / "secret").write_text(at["stellr"]["client_secret"])
        self.stellion("connect", "stellr", "--name", "stellr", "--client-id",
                      at["stellr"]["client_id"], "--secret-file", self.folder / "secret", url,
                      at["stellr"]["base_url"])  # fmt: skip
        # one of its own: another test uses up the token of the first
        other = Simulator(pathlib.Path(tempfile.mkdtemp(dir=self.folder)))
        self.addClassCleanup(other.stop)
        ion = other.credentials["ion"]
        (self.folder / "token").write_text(ion["refresh_token"])
        self.stellion("connect", "ion", "--name", "ion", "--account", ion["account_id"],
                      "--token-file", self.folder / "token", url, ion["base_url"])  # fmt: skip

    def test_walk_all_subscriptions(self):
        result = self.run_example("walk-subscriptions")
        self.assertEqual(result.returncode, 0, result.stderr)
        records = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(result.stderr, f"{len(records)} subscriptions\n")
        self.assertGreater(len(records), 20)

    def test_call_with_json_and_print_an_error_in_full(self):
        result = self.run_example("call-json", "stellr.customer.get", '{"customerNo": 700101}')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["data"]["customerNo"], 700101)
        wrong = self.run_example("call-json", "stellr.customer.get", '{"customerNo": 1}')
        self.assertEqual(wrong.returncode, 3)
        self.assertRegex(wrong.stderr, r"HTTP: +404\n")
        self.assertRegex(wrong.stderr, r"request id: \S+\n")
        self.assertRegex(wrong.stderr, r"its words: +\S+")

    def test_ion_keeps_its_token_in_a_file(self):
        token = self.folder / "kept-token"
        ion = self.simulator.credentials["ion"]
        token.write_text(ion["refresh_token"] + "\n")
        token.chmod(0o600)
        result = self.run_example("ion-token-file", token, ion["account_id"], ion["base_url"])
        self.assertEqual(result.returncode, 0, result.stderr)  # twice: the second from the file
        self.assertGreater(len(result.stdout.splitlines()), 3)
        kept = json.loads(token.read_text())
        self.assertNotEqual(kept["refresh_token"], ion["refresh_token"])
        self.assertNotIn("unclear_at", kept)
        self.assertEqual(token.stat().st_mode & 0o777, 0o600)
        kept.pop("access_token")  # the next run has to refresh
        token.write_text(json.dumps(kept))
        again = self.run_example("ion-token-file", token, ion["account_id"], ion["base_url"])
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotEqual(json.loads(token.read_text())["refresh_token"], kept["refresh_token"])
        refused = self.run_example("ion-token-file", "/nowhere/token", ion["account_id"])
        self.assertEqual(refused.returncode, 1)
        self.assertIn("load callback", refused.stderr)


if __name__ == "__main__":
    unittest.main()
