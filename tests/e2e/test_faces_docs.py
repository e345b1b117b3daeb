"""Pages made from the tables: that they are current, and that others' checkers like them."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from support import INVALID, PROGRAM, TestCase, main

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPENAPI = ROOT / "tests/openapi"
NO_REGISTRY = re.compile(r"E(NOTFOUND|CONNREFUSED|TIMEDOUT|AI_AGAIN|NETUNREACH|CONNRESET)")


class Pages(TestCase):
    def test_what_is_checked_in_is_current(self):
        command = [sys.executable, ROOT / "tools/update-docs", PROGRAM, "--check"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((done.stdout, done.stderr), ("The pages are current.\n", ""))
        self.assertEqual(done.returncode, 0)

    def test_every_action_is_in_the_page(self):
        text = self.ok("docs", "actions").out
        for row in self.list("actions"):
            self.assertIn(f'<a id="{row["id"]}"></a>', text)
            if row["path"] is not None:
                self.assertIn(f"`{row['method']} {row['path']}`", text)
        anchors = set(re.findall(r'<a id="([^"]+)">', text))
        self.assertEqual(set(re.findall(r"\]\(#([^)]+)\)", text)), anchors)

    def test_every_row_of_a_table_has_its_cells(self):
        columns = None
        for number, line in enumerate(self.ok("docs", "actions").out.splitlines(), 1):
            if not line.startswith("|"):
                columns = None
                continue
            n = len(re.findall(r"(?<!\\)\|", line))
            self.assertEqual(n, columns or n, f"line {number}: {line}")
            columns = n

    def test_an_unknown_page(self):
        self.fails(INVALID, ["no page 'mann'", "Did you mean man?"], "docs", "mann")


class Manuals(TestCase):
    def page(self, name):
        path = self.folder / f"{name}.1"
        path.write_text(self.ok("docs", name).out)
        return path

    def test_a_checker_of_manual_pages_finds_nothing(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed (tools/install-packages check)")
        for name in ("man", "man-actions"):
            command = ["mandoc", "-Tlint", "-W", "style", self.page(name)]
            lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
            # A page that is made with every build has no date of its own.
            self.assertEqual([line for line in lines if "missing date" not in line], [])

    def test_groff_warns_of_nothing(self):
        if not shutil.which("groff"):
            self.skipTest("groff is not installed")
        for name in ("man", "man-actions"):
            command = ["groff", "-man", "-Tutf8", "-ww", "-z", self.page(name)]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def read(self, name):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed (tools/install-packages check)")
        command = ["mandoc", "-Tascii", "-Owidth=300", self.page(name)]
        text = subprocess.run(command, capture_output=True, text=True).stdout
        return re.sub(".\b", "", text)

    def test_every_command_and_option_is_in_the_page(self):
        text = self.read("man")
        shown = self.ok("--help").out.split("Options of every")[0]
        for name in re.findall(r"^  ([a-z-]+) +[A-Z]", shown, re.MULTILINE):
            self.assertRegex(text, rf"(?m)^   {name} ")
            for option in re.findall(r"^  (--[a-z-]+)", self.ok(name, "--help").out, re.MULTILINE):
                self.assertIn(option, text)

    def test_every_action_is_in_the_page(self):
        text = self.read("man-actions")
        for row in self.list("actions"):
            self.assertIn(f"\n   {row['id']}\n", text)


class OpenApi(TestCase):
    """The validator comes from npm, by lock file; where no registry answers, CI excepted, the test
    is skipped and says so."""

    @classmethod
    def setUpClass(cls):
        cls.document = json.loads(
            subprocess.run([PROGRAM, "docs", "openapi"], check=True, capture_output=True).stdout
        )

    def checker(self):
        if not shutil.which("npm"):
            self.skip("npm is not installed (tools/install-packages check)")
        place = pathlib.Path(PROGRAM).resolve().parent / "openapi-check"
        place.mkdir(exist_ok=True)
        fresh = False
        for name in ("package.json", "package-lock.json", "check.mjs"):
            text = (OPENAPI / name).read_bytes()
            if not (place / name).exists() or (place / name).read_bytes() != text:
                fresh = fresh or name != "check.mjs"
                (place / name).write_bytes(text)
        if fresh or not (place / "node_modules/.package-lock.json").exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True)
            if done.returncode != 0 and NO_REGISTRY.search(done.stderr):
                self.skip("the npm registry cannot be reached")
            self.assertEqual(done.returncode, 0, done.stderr)
        return place

    def skip(self, why):
        if os.environ.get("CI"):
            self.fail(why)
        self.skipTest(why)

    def check(self, document):
        path = self.folder / "openapi.json"
        path.write_text(json.dumps(document))
        command = ["node", "check.mjs", path]
        return subprocess.run(command, cwd=self.checker(), capture_output=True, text=True)

    def test_an_independent_validator_finds_nothing(self):
        done = self.check(self.document)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(f"{3 + len(self.list('actions'))} operations", done.stdout)

    def test_it_would_find_something(self):
        call = "/api/v1/actions/stellr.customer.list/call"
        for spoil in (
            lambda d: d["info"].pop("title"),
            lambda d: d["paths"][call]["post"]["responses"]["200"].pop("description"),
            lambda d: d["paths"][call]["post"]["responses"].update({"20x": {}}),
            lambda d: d["components"]["schemas"]["Answer"].update({"type": "objekt"}),
            lambda d: d["paths"][call]["post"].update(operationId="stellr.customer.get"),
            lambda d: self.arguments(d, "stellr.customer.get")["customerNo"].update(examples=[1]),
        ):
            document = json.loads(json.dumps(self.document))
            spoil(document)
            self.assertEqual(self.check(document).returncode, 1)

    @staticmethod
    def schemas(document, action):
        post = document["paths"][f"/api/v1/actions/{action}/call"]["post"]
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        return schema.get("oneOf", [schema])

    def arguments(self, document, action):
        return self.schemas(document, action)[0]["properties"]["arguments"]["properties"]

    def test_each_action_is_a_path_with_its_marks(self):
        for row in self.list("actions"):
            with self.subTest(row["id"]):
                post = self.document["paths"][f"/api/v1/actions/{row['id']}/call"]["post"]
                self.assertEqual(post["operationId"], row["id"])
                self.assertEqual(post["tags"], [row["category"]])
                for key in ("effect", "trust", "source"):
                    self.assertEqual(post[f"x-stellion-{key}"], row[key])
                keys = [p["$ref"].split("/")[-1] for p in post.get("parameters", [])]
                generic = row["id"].endswith(".request")
                wanted = ["IdempotencyKeyOfWrites"] if generic else ["IdempotencyKey"]
                self.assertEqual(keys, wanted if generic or row["effect"] != "READ" else [])
                self.assertEqual("200" in post["responses"], row["effect"] != "MONEY")
                self.assertEqual("202" in post["responses"], generic or row["effect"] == "MONEY")

    def test_arguments_are_the_parameters(self):
        for row in self.list("actions"):
            shown = self.ok("actions", "show", row["id"], "--output", "json").json()
            names = {p["name"] for p in shown["parameters"]}
            if shown["paging"]:
                names |= {shown["paging"]["place_parameter"], shown["paging"]["size_parameter"]}
            arguments = self.schemas(self.document, row["id"])[0]["properties"]["arguments"]
            self.assertEqual(set(arguments["properties"]), names, row["id"])
            wanted = {p["name"] for p in shown["parameters"] if p["required"]}
            self.assertEqual(set(arguments["required"]), wanted, row["id"])

    def test_a_body_may_stand_in_the_place_of_its_members(self):
        one, raw = self.schemas(self.document, "stellr.customer.create")
        self.assertIn("companyName", one["properties"]["arguments"]["properties"])
        self.assertNotIn("companyName", raw["properties"]["arguments"]["properties"])
        self.assertIn("body", raw["required"])
        self.assertNotIn("body", one["properties"])

    def test_a_purchase_has_the_members_that_are_described(self):
        simulator = self.simulate("--knob", "op_delay_ms=0")
        self.ok(*self.stellr_options(simulator))
        self.ok("sync")
        row = next(
            row
            for row in self.list("subscriptions", "--status", "live")
            if row["vendor"] == "Microsoft" and "Monthly commit" in row["product"]
        )
        ids = ("--customerNo", row["customer_id"], "--subscriptionId", row["id"])
        change = ("--quantity", str(int(row["quantity"]) + 1), "--yes")
        self.ok("call", "stellr.subscription.change-seats", *ids, *change)
        (purchase,) = self.list("purchases")
        shown = self.list("purchases", "show", purchase["id"])
        described = self.document["components"]["schemas"]["Purchase"]["properties"]
        self.assertEqual(set(shown), set(described))
        self.assertIn(shown["state"], described["state"]["enum"])

    def test_problems_have_the_codes_of_the_status_table(self):
        text = self.ok("docs", "exit-codes").out
        names = re.findall(r"^\| \d+ \| `([a-z-]+)`", text, re.MULTILINE)
        codes = self.document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        self.assertEqual(codes, [name for name in names if name != "ok"])


if __name__ == "__main__":
    main()
