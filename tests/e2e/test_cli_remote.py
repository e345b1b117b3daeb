"""What remotes answer: exact for programs, and without harm for people and spreadsheets."""
import json
import re
import time

from support import INVALID, NOT_FOUND, PARTIAL, UNREACHABLE, OddRemote, TestCase, main

JSON = {"Content-Type": "application/json"}
TOKEN = json.dumps({"access_token": "T" * 40, "expires_in": 7200}).encode()
TITLE = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202eRed\r\nLine"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Calling(TestCase):
    def connected(self, body):
        whole = b'{"data":{"total":1,"records":[{"customerNo":1,"name":"one"}]}}'
        bodies = [whole]
        odd = OddRemote(lambda path: (200, JSON, TOKEN if path.endswith("/token") else bodies[0]))
        self.addCleanup(odd.close)
        self.ok(*self.odd_options(odd.url))
        bodies[0] = body

    def test_a_reading_action_prints_the_answer_exactly(self):
        body = '{"b": 1.10,\n "a":12345678901234567890.000,\t"é":"\\u00e9\\/", "c":[ ]}'
        self.connected(body.encode())
        for arguments in (
            ["stellr.customer.get", "--customerNo", "1"],
            ["stellr.request", "--path", "/api/any"],
            ["stellr.request", "--path=/api/any", "--method", "GET", "--raw"],
        ):
            self.assertEqual(self.ok("call", *arguments).out, body + "\n")

    def test_all_pages_are_one_list(self):
        simulator = self.simulate("--customers", "130")
        self.ok(*self.stellr_options(simulator))
        rows = self.ok("call", "stellr.customer.list", "--all-pages").json()
        self.assertEqual(len({row["customerNo"] for row in rows}), 130)
        page = self.ok("call", "stellr.customer.list", "--pageSize", "7").json()
        self.assertEqual(len(page["data"]["records"]), 7)

    def test_an_unknown_action(self):
        self.fails(
            NOT_FOUND,
            ["no action 'stellr.customer.lst'", "Did you mean stellr.customer.list?"],
            "call",
            "stellr.customer.lst",
        )
        self.fails(
            NOT_FOUND,
            ["no action 'ion.custmer.get'", "Did you mean ion.customer.get?"],
            "actions",
            "show",
            "ion.custmer.get",
        )

    def test_an_unknown_parameter(self):
        self.fails(
            INVALID,
            ["no parameter custmerNo (did you mean customerNo?)", "customerNo is missing"],
            "call",
            "stellr.customer.get",
            "--custmerNo",
            "1",
        )

    def test_a_wrong_call_costs_no_token(self):
        simulator = self.simulate("--token-ttl-s", "1")
        self.ok(*self.ion_options(simulator))
        time.sleep(1.1)
        simulator.forget_journal()
        self.fails(INVALID, "customerId is missing", "call", "ion.customer.get")
        self.assertEqual(simulator.journal(), [])

    def test_a_connection_that_is_not_there_is_no_empty_list(self):
        for command in ("customers", "subscriptions", "sync"):
            self.fails(NOT_FOUND, "no connection 'typo'", command, "--connection", "typo")
        self.assertEqual(self.list("customers", "--connection", "bill"), [])

    def test_a_list_that_fails_is_not_told_as_an_empty_one(self):
        for form in ("table", "json", "csv"):
            asked = ["subscriptions", "--connection", "typo", "--output", form]
            result = self.fails(NOT_FOUND, "no connection 'typo'", *asked)
            self.assertEqual(result.out, "")
            self.assertNotIn("No subscriptions", result.err)

    def test_a_sync_that_fails_says_which_connection(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        simulator.stop()
        result = self.fails(UNREACHABLE, ["connection stellr-test", "connection ion-test"], "sync")
        self.assertNotIn("0 customers", result.err)

    def test_a_missing_parameter(self):
        self.connected(b"{}")
        self.fails(
            INVALID,
            [
                "stellr.customer.get: customerNo is missing",
                "`stellion actions show stellr.customer.get`",
            ],
            "call",
            "stellr.customer.get",
        )

    def test_a_request_of_ones_own_has_four_methods(self):
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        simulator.forget_journal()
        for method in ("get", "PATCH", "HEAD"):
            self.fails(
                INVALID,
                f"method must be one of GET|PUT|POST|DELETE, not '{method}'",
                "call",
                "stellr.request",
                "--path",
                "/api/v1/cloud/customers",
                "--method",
                method,
            )
        self.assertEqual(simulator.journal("GET"), [])
        self.assertEqual([line for line in simulator.journal("POST") if "/token" not in line], [])

    def test_a_request_of_ones_own_that_may_cost_money_is_asked_about(self):
        """No row has this path with DELETE: without a yes nothing is sent."""
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        simulator.forget_journal()
        result = self.run_stellion(
            *("call", "stellr.request", "--path", "/api/v1/cloud/customers/700101"),
            *("--method", "DELETE"),
        )
        self.assertNotEqual(result.code, 0, str(result))
        self.assertEqual(simulator.journal("DELETE"), [])

    def test_without_a_connection_it_says_how_to_make_one(self):
        self.fails(
            NOT_FOUND,
            ["no connection to TD SYNNEX StreamOne Ion yet", "stellion connect ion"],
            "call",
            "ion.customer.list",
        )


class Steering(TestCase):
    """Names that a remote sends could move the cursor, hide text or type for the user."""

    def setUp(self):
        super().setUp()
        subscription = {
            "subscriptionId": "77_1",
            "productName": "P" + TITLE,
            "quantity": 3,
            "unitPrice": 1.5,
            "currency": "USD",
            "status": "act" + TITLE,
            "billingFrequency": "monthly",
            "mfgPartNo": "=cmd|'/C calc'!A0",
        }
        formula = {
            "subscriptionId": "77_2",
            "productName": "\t=1+1",
            "quantity": 1,
            "unitPrice": -1.5,
            "currency": "USD",
            "status": "@SUM(1)",
            "billingFrequency": "+1",
        }
        customers = [
            {"customerNo": 77, "name": "N" + TITLE, "companyName": "C" + TITLE},
            {"customerNo": 78, "name": "Bad" + TITLE, "companyName": "\r=1+1"},
        ]

        def answer(path):
            if path.endswith("/token"):
                return 200, JSON, b'{"access_token":"T","expires_in":7200}'
            if "/78/subscriptions" in path:
                return 403, JSON, json.dumps({"errorMessage": "no " + TITLE}).encode()
            records = [subscription, formula] if "/subscriptions" in path else customers
            return 200, JSON, json.dumps({"data": {"total": 2, "records": records}}).encode()

        odd = OddRemote(answer)
        self.addCleanup(odd.close)
        self.ok(*self.odd_options(odd.url))
        self.sync = self.run_stellion("sync", "--log-level", "debug")

    def assert_tame(self, text):
        self.assertIsNone(STEERING.search(text), repr(text))

    def test_tables_show_a_mark_instead(self):
        for name in ("customers", "subscriptions", "mappings", "reconcile"):
            result = self.ok(name)
            self.assert_tame(result.out)
            self.assertIn(
                "\ufffd]0;owned\ufffd\ufffd[31m\ufffd2J\ufffdRed\ufffd\ufffdLine", result.out, name
            )

    def test_a_failed_customer_is_named_without_harm(self):
        self.assertEqual(self.sync.code, PARTIAL, str(self.sync))
        self.assertIn("customer 78", self.sync.err)
        self.assert_tame(self.sync.err)

    def test_a_history_names_its_subscription_without_harm(self):
        result = self.ok("history", "77_1")
        self.assertIn("(odd), first seen", result.err)
        self.assert_tame(result.err)

    def test_json_is_valid_and_holds_what_was_sent(self):
        row = next(r for r in self.list("subscriptions") if r["id"] == "77_1")
        self.assertEqual((row["product"], row["customer"]), ("P" + TITLE, "N" + TITLE))

    def test_csv_runs_nothing_that_a_remote_sends(self):
        out = self.ok("subscriptions", "--output", "csv").out
        for cell in ("\"'=cmd|'/C calc'!A0\"", '"\'\t=1+1"', '"\'@SUM(1)"', '"\'+1"'):
            self.assertIn("," + cell + ",", out)
        self.assertIn(",-1.5,", out)


if __name__ == "__main__":
    main()
