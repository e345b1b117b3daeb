"""What is made from the rows of actions: listing and showing them, and calling them by options."""
import csv
import io
import json
import re
import subprocess

from support import INVALID, NOT_FOUND, OddRemote, TestCase, main

JSON = {"Content-Type": "application/json"}
TOKEN = json.dumps({"access_token": "T" * 40, "expires_in": 7200}).encode()
EFFECTS = ("READ", "WRITE", "MONEY")
TRUSTS = ("REAL", "REAL-w", "SPEC", "CLIENT", "DOC", "GUESS")


class Listing(TestCase):
    def test_a_value_without_its_name_is_told_which_name_it_lacks(self):
        self.fails(INVALID, "--customerNo 700101", "call", "stellr.customer.get", "700101")

    def test_every_row_has_what_scripts_read(self):
        for row in self.list("actions"):
            with self.subTest(row["id"]):
                self.assertEqual(row["api"], row["id"].split(".")[0])
                self.assertIn(row["effect"], EFFECTS)
                self.assertIn(row["trust"], TRUSTS)
                self.assertTrue(row["category"] and row["title"] and row["source"])
                if row["made_of"] is None:
                    self.assertRegex(row["method"], r"\A[A-Z/]+\Z")
                    self.assertRegex(row["path"], r"\A/")
                else:
                    self.assertEqual((row["method"], row["path"]), (None, None))

    def test_a_list_can_be_narrowed(self):
        rows = self.list("actions")
        for option, key in (("--api", "api"), ("--effect", "effect"), ("--category", "category")):
            for value in {row[key] for row in rows}:
                some = self.list("actions", option, value)
                self.assertEqual(some, [row for row in rows if row[key] == value], value)
        self.assertEqual(
            self.list("actions", "--category", "subscription"),
            self.list("actions", "--category", "SUBSCRIPTION"),
        )

    def test_a_category_that_is_none_is_no_empty_list(self):
        self.fails(
            NOT_FOUND,
            ["no category 'Subscripton'", "Did you mean 'Subscription'?"],
            *("actions", "--category", "Subscripton"),
        )

    def test_the_generic_request_has_the_methods_that_it_takes(self):
        rows = {row["id"]: row for row in self.list("actions")}
        for api in ("stellr", "ion"):
            row = rows[f"{api}.request"]
            self.assertEqual((row["method"], row["path"]), ("GET/PUT/POST/DELETE", "/<url_path>"))

    def test_csv_and_table_list_the_same(self):
        rows = self.list("actions")
        lines = list(csv.DictReader(io.StringIO(self.ok("actions", "--output", "csv").out)))
        self.assertEqual([line["id"] for line in lines], [row["id"] for row in rows])
        self.assertEqual(len(self.ok("actions").out.splitlines()), len(rows) + 1)


class Showing(TestCase):
    def shown(self):
        for row in self.list("actions"):
            shown = self.ok("actions", "show", row["id"], "--output", "json").json()
            with self.subTest(row["id"]):
                yield row, shown

    def test_json_tells_all_of_it(self):
        for row, shown in self.shown():
            for key, value in row.items():
                self.assertEqual(shown[key], value, key)
            self.assertEqual(shown["is_list"], shown["paging"] is not None)
            self.assertTrue(shown["judging"]["words"].endswith("."))
            self.assertEqual(shown["effect"] == "MONEY", shown["consequence"] is not None)
            for p in shown["parameters"]:
                self.assertEqual(p["type"] == "choice", p["choices"] is not None, p)
                self.assertTrue(p["doc"].endswith("."), p)

    def test_people_see_every_parameter_and_member(self):
        for row, shown in self.shown():
            text = self.ok("actions", "show", row["id"]).out
            flat = " ".join(text.split())
            self.assertIn(f"Effect {row['effect']}. Trust {row['trust']} ({row['source']}).", flat)
            self.assertIn(shown["judging"]["words"], flat)
            if row["effect"] == "MONEY":
                self.assertIn(" ".join(shown["consequence"].split()), flat)
            for p in shown["parameters"]:
                self.assertRegex(text, rf"(?m)^  --(set )?{re.escape(p['name'])}[ =]")
                for member in p.get("members", ()):
                    self.assertRegex(text, rf"(?m)^    {re.escape(member['name'])} ")

    def test_the_example_is_a_command_that_a_shell_takes(self):
        """It is checked as it would be typed: no fault of its arguments, only that nobody is
        connected."""
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "stellion").symlink_to(self.command()[0])
        for row, shown in self.shown():
            done = subprocess.run(
                ["/bin/sh", "-c", shown["command"]],
                capture_output=True,
                text=True,
                env={**self.environment(), "PATH": f"{folder}:/usr/bin:/bin"},
            )
            self.assertNotIn(done.returncode, (0, INVALID), done.stderr)
            self.assertNotIn("is missing", done.stderr)

    def test_no_parameter_that_is_needed_hides_behind_an_option(self):
        for row, shown in self.shown():
            for p in shown["parameters"]:
                if p["required"]:
                    text = self.ok("actions", "show", row["id"]).out
                    self.assertNotIn(f"--set {p['name']}=", text)

    def test_an_unknown_action(self):
        for command in (["actions", "show"], ["call"]):
            self.fails(
                NOT_FOUND,
                ["no action 'stellr.customer.lsit'", "Did you mean stellr.customer.list?"],
                *(*command, "stellr.customer.lsit"),
            )


ANSWER = """{"requestId":"r-1","data":{"total":2,"records":[
 {"id":1,"name":"A, \\"B\\"","price":63.84527590,"on":true,"tags":["x","y"],"note":null},
 {"id":2,"name":"Zo\\u00eb","price":0.10,"extra":{"k":"=1+1"}}]}}"""


class Answers(TestCase):
    """--query and --output, on an answer whose bytes are known."""

    def setUp(self):
        super().setUp()
        bodies = [b'{"data":{"total":1,"records":[{"customerNo":1}]}}', ANSWER.encode()]

        self.paths = []

        def answer(path):
            self.paths.append(path)
            if path.endswith("/token"):
                return 200, JSON, TOKEN
            return 200, JSON, bodies.pop(0) if len(bodies) > 1 else bodies[0]

        self.odd = OddRemote(answer)
        self.addCleanup(self.odd.close)
        self.ok(*self.odd_options(self.odd.url))

    def call(self, *options):
        return self.ok("call", "stellr.customer.list", *options).out

    def test_the_answer_is_printed_as_it_came(self):
        self.assertEqual(self.call(), ANSWER + "\n")
        self.assertEqual(self.call("--output", "json"), ANSWER + "\n")

    def test_a_single_value_is_printed_bare(self):
        for path, text in (
            ("data.records[0].price", "63.84527590"),
            ("data.records[1].name", "Zoë"),
            ("data.records[0].on", "true"),
            ("data.records[0].note", "null"),
            ('"requestId"', "r-1"),
            ("data.records[-1].extra.k", "=1+1"),
        ):
            self.assertEqual(self.call("--query", path), text + "\n")

    def test_with_output_json_it_is_json(self):
        self.assertEqual(
            self.call("--query", "data.records[1].name", "--output", "json"), '"Zo\\u00eb"\n'
        )
        for path in ("data.records[*].name", "data.records[]", "data"):
            out = self.call("--query", path, "--output", "json")
            self.assertTrue(json.loads(out))

    def test_values_of_a_list_stand_on_lines(self):
        self.assertEqual(self.call("--query", "data.records[*].id"), "1\n2\n")
        self.assertEqual(self.call("--query", "data.records[*].note"), "null\nnull\n")
        self.assertEqual(
            json.loads(self.call("--query", "data.records[*].tags[*]", "--output", "json")),
            ["x", "y"],
        )
        nested = self.call("--query", "data.records[*].tags")
        self.assertEqual(json.loads(nested), [["x", "y"], None])

    def test_records_become_rows(self):
        for options in ([], ["--query", "data.records"], ["--query", "data.records[*]"]):
            out = self.call(*options, "--output", "csv")
            rows = list(csv.DictReader(io.StringIO(out)))
            self.assertEqual(list(rows[0]), "id name price on tags note extra".split())
            self.assertEqual(rows[0]["name"], 'A, "B"')
            self.assertEqual(rows[0]["price"], "63.84527590")
            self.assertEqual(rows[0]["tags"], '["x","y"]')
            self.assertEqual(rows[0]["extra"], "")
            self.assertEqual((rows[1]["name"], rows[1]["extra"]), ("Zoë", '{"k":"=1+1"}'))
        table = self.call("--output", "table").splitlines()
        self.assertEqual(len(table), 3)
        self.assertRegex(table[0], r"\Aid  name +price ")

    def test_other_shapes_become_rows_too(self):
        one = self.call("--query", "data.records[1]", "--output", "csv")
        self.assertEqual(one.splitlines()[0], "id,name,price,extra")
        values = self.call("--query", "data.records[*].id", "--output", "csv")
        self.assertEqual(values, "value\n1\n2\n")
        self.assertEqual(
            self.call("--query", "data.records[0].tags", "--output", "csv"), "value\nx\ny\n"
        )

    def test_a_path_that_fits_nothing_says_where_it_stopped(self):
        self.fails(
            NOT_FOUND,
            [
                "the query stops at 'data.records[0]'",
                "an object without a member 'nmae'",
                "Did you mean name?",
            ],
            *("call", "stellr.customer.list", "--query", "data.records[0].nmae"),
        )

    def test_what_is_no_path_is_told_before_anything_is_sent(self):
        before = list(self.paths)
        self.fails(
            INVALID,
            ["character 6 of 'data..x'", "a name is missing"],
            *("call", "stellr.customer.list", "--query", "data..x"),
        )
        self.assertEqual(self.paths, before)

    def test_raw_goes_with_no_other_form(self):
        for more in (["--query", "data"], ["--output", "json"]):
            self.fails(
                INVALID, "--raw prints the body", "call", "stellr.customer.list", "--raw", *more
            )
        self.assertEqual(self.call("--raw"), ANSWER + "\n")


class Arguments(TestCase):
    def setUp(self):
        super().setUp()
        self.simulator = self.simulate()
        self.connect_both(self.simulator)
        self.simulator.forget_journal()

    def test_all_faults_at_once_and_nothing_sent(self):
        result = self.fails(
            INVALID,
            ["stellr.subscription.get: ", "customerNo is missing", "subscriptionId is missing"],
            *("call", "stellr.subscription.get", "--custmerNo", "1", "--zzzzzzzzz=2"),
        )
        self.assertIn("no parameter custmerNo (did you mean customerNo?)", result.err)
        self.assertIn("no parameter zzzzzzzzz", result.err)
        self.assertEqual(self.simulator.journal(), [])

    def test_values_of_the_wrong_kind_are_told_together(self):
        result = self.fails(
            INVALID,
            ["subscriptionStatus must be one of", "not 'LIVE'"],
            *("call", "ion.subscription.list", "--subscriptionStatus", "LIVE", "--endDtae", "x"),
        )
        self.assertIn("no parameter endDtae (did you mean endDate?)", result.err)
        items = '[{"sku":1},{"skuNo":"1","quantity":"x"}]'
        result = self.run_stellion(
            *("call", "stellr.subscription.create", "--subscriptions", items, "--customerNo=")
        )
        self.assertEqual(result.code, INVALID, str(result))
        self.assertGreaterEqual(result.err.count(";"), 1, str(result))
        self.assertEqual(self.simulator.journal(), [])

    def test_faults_are_told_without_a_connection(self):
        self.data = self.folder / "nobody"
        self.fails(INVALID, "customerNo is missing", "call", "stellr.customer.get")
        self.assertFalse(self.data.exists())

    def test_a_misspelt_option_is_told_as_one(self):
        self.fails(
            INVALID,
            ["no option --all-page here", "Did you mean --all-pages?"],
            *("call", "stellr.customer.list", "--all-page"),
        )

    def test_pages_of_what_has_none(self):
        self.fails(
            INVALID,
            "stellr.customer.get gives one document",
            *("call", "stellr.customer.get", "--customerNo", "1", "--all-pages"),
        )
        self.assertEqual(self.simulator.journal(), [])

    def test_ids_go_out_whole(self):
        for value, path in (
            ("a/b", "a%2Fb"),
            ("../../x", "..%2F..%2Fx"),
            ("1:close", "1%3Aclose"),
            ("Zoë €", "Zo%C3%AB%20%E2%82%AC"),
            ("50%", "50%25"),
            ("a?b#c", "a%3Fb%23c"),
        ):
            with self.subTest(value):
                self.simulator.forget_journal()
                result = self.run_stellion("call", "stellr.customer.get", f"--customerNo={value}")
                self.assertEqual(result.code, NOT_FOUND, str(result))
                sent = [line for line in self.simulator.journal() if "/customers/" in line]
                self.assertEqual(len(sent), 1, sent)
                self.assertIn(f"/api/v1/cloud/customers/{path}", sent[0])
        for value in (".", "..", ""):
            self.fails(INVALID, "customerNo", "call", "stellr.customer.get", "--customerNo", value)

    def test_a_parameter_that_is_called_like_an_option(self):
        out = self.ok(
            *("call", "stellr.request", "--path", "/api/v1/cloud/customers"),
            *("--set", "query=pageNo=1&pageSize=2", "--query", "data.records[*].customerNo"),
        ).out
        self.assertEqual(len(out.splitlines()), 2)
        self.fails(INVALID, "--set needs NAME=VALUE", "call", "stellr.request", "--set", "query")
        self.fails(
            INVALID,
            ["--set query="],
            *("call", "stellr.request", "--path", "/x", "--query", "pageNo=1&a[]b"),
        )

    def test_a_set_name_is_checked_like_any(self):
        self.fails(
            INVALID,
            "no parameter customerNr (did you mean customerNo?)",
            *("call", "stellr.customer.get", "--set", "customerNr=1"),
        )

    def test_all_pages_as_rows(self):
        out = self.ok("call", "stellr.customer.list", "--all-pages", "--output", "csv").out
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual(len(rows), 8)
        self.assertEqual(len({row["customerNo"] for row in rows}), 8)
        query = ("--query", "[*].customerNo")
        lines = self.ok("call", "stellr.customer.list", "--all-pages", *query).out.splitlines()
        self.assertEqual(lines, [row["customerNo"] for row in rows])


class Bodies(TestCase):
    ACTION = ("call", "stellr.customer.create")

    def test_a_body_that_is_not_json_is_told_first(self):
        path = self.folder / "body.json"
        path.write_text('{"a": 1,}')
        for given, stdin in ((f"@{path}", None), ("-", b"{'a': 1}"), ("{", None)):
            self.fails(INVALID, "the body is not JSON", *self.ACTION, "--body", given, stdin=stdin)
        self.assertFalse(self.data.exists())

    def test_a_file_without_its_sign(self):
        path = self.folder / "body.json"
        path.write_text("{}")
        self.fails(INVALID, f"--body @{path}", *self.ACTION, "--body", path)

    def test_a_file_that_is_not_there(self):
        result = self.run_stellion(*self.ACTION, "--body", "@/nowhere/body.json")
        self.assertEqual(result.code, NOT_FOUND, str(result))
        self.assertIn("/nowhere/body.json", result.err)

    def test_a_recipe_makes_its_own(self):
        self.fails(
            INVALID,
            ["customerId is missing", "a recipe makes its own body"],
            *("call", "ion.seats.set", "--body", "{}"),
        )

    def test_what_costs_money_prints_its_purchase(self):
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        simulator.forget_journal()
        seats = ("--customerNo", "700101", "--subscriptionId", "1_1", "--quantity", "3", "--yes")
        for option in (["--query", "data"], ["--raw"]):
            self.fails(
                INVALID,
                [f"{option[0]} has no use", "Nothing was sent"],
                *("call", "stellr.subscription.change-seats", *seats, *option),
            )
        self.assertEqual(simulator.journal(), [])

    def test_a_body_beside_its_own_members(self):
        self.fails(
            INVALID,
            "stands in the body, which is given whole",
            *(*self.ACTION, "--body", "{}", "--companyName", "x"),
        )
        self.fails(
            INVALID, "a GET has no body", "call", "stellr.customer.list", "--body", '{"a":1}'
        )


if __name__ == "__main__":
    main()
