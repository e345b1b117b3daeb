"""Buying from the command line: the plan, the question, the result, and every way in which somebody
might buy twice. The simulator's own journal tells what reached it."""
import json
import os
import pty
import re
import signal
import subprocess
import time

import support
from support import (
    CANCELLED,
    CONFLICT,
    INVALID,
    MISMATCH,
    NOT_FOUND,
    OK,
    PARTIAL,
    RULE,
    UNKNOWN,
    TestCase,
)

SEATS = "stellr.subscription.change-seats"
CREATE = "stellr.subscription.create"


class Buying(TestCase):
    """Both marketplaces, synced. Operations end at the second look."""

    options = ()

    def setUp(self):
        super().setUp()
        self.simulator = self.simulate("--knob", "op_delay_ms=1", *self.options)
        self.connect_both(self.simulator)
        self.ok("sync")

    def stellr(self, *arguments, seats=None):
        """A subscription at Stellr that is live and counted in seats: (customer, id, seats)."""
        return self.pick("stellr", seats)

    def pick(self, connection, least=None):
        for row in self.list("subscriptions"):
            fits = row["measure"] == "seats" and row["standing"] == "live"
            if row["connection"].startswith(connection) and fits:
                if least is None or int(row["quantity"]) >= least:
                    return row["customer_id"], row["id"], int(row["quantity"])
        raise LookupError(connection)

    def seats(self, customer, subscription, count, *options):
        return (
            "call",
            SEATS,
            "--customerNo",
            customer,
            "--subscriptionId",
            subscription,
            "--quantity",
            count,
            *options,
        )

    def sent(self, word="changeSeats"):
        """Requests that change something and reached the simulator."""
        return [
            line
            for line in self.simulator.journal()
            if word in line and line.startswith(("POST", "PUT"))
        ]

    def purchases(self, *options):
        return self.list("purchases", *options)

    def quantity(self, subscription):
        rows = [r for r in self.list("subscriptions") if r["id"] == subscription]
        return int(rows[0]["quantity"])


class Plan(Buying):
    def test_a_change_of_seats_is_shown_sent_once_read_back_and_in_the_history(self):
        customer, subscription, before = self.stellr()
        done = self.ok(*self.seats(customer, subscription, before + 3, "--yes", "--po", "PO-7"))
        self.assertIn(f"{before} -> {before + 3} (+3)", done.err)
        self.assertIn("per ", done.err)
        self.assertIn("consequence", done.err)
        self.assertIn("verified", done.out)
        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(self.quantity(subscription), before + 3)
        last = self.list("history", subscription)[-1]
        self.assertEqual(
            (last["source"], last["before"], last["after"]),
            ("purchase", str(before), str(before + 3)),
        )
        (purchase,) = self.purchases()
        self.assertEqual(purchase["state"], "verified")
        self.assertEqual(purchase["purchase_order"], "PO-7")
        shown = self.ok("purchases", "show", purchase["id"], "--output", "json").json()
        self.assertEqual(
            [step["state"] for step in shown["steps"]], ["intent", "answered", "verified"]
        )
        self.assertEqual(shown["items"][0]["found"], f"{before + 3} seats")

    def test_a_dry_run_sends_nothing_and_keeps_nothing(self):
        customer, subscription, before = self.stellr()
        plan = self.ok(
            *self.seats(customer, subscription, before + 1, "--dry-run", "--output", "json")
        ).json()
        self.assertEqual(plan["seats_before"], before)
        self.assertEqual(plan["wanted"], [{"subscription": subscription, "seats": before + 1}])
        self.assertEqual(plan["request"]["body"], {"quantity": before + 1})
        self.assertEqual(self.sent(), [])
        self.assertEqual(self.purchases(), [])

    def test_without_a_terminal_nobody_is_asked_and_nothing_is_sent(self):
        customer, subscription, before = self.stellr()
        self.fails(INVALID, "--yes", *self.seats(customer, subscription, before + 1))
        self.assertEqual(self.sent(), [])

    def answer_on_terminal(self, text, *arguments):
        """Runs the command on a terminal of its own and types. Returns exit code and all output."""
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe(support.PROGRAM, self.command(*arguments), self.environment())
        seen = b""
        while b"[y/N]" not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, text.encode() + b"\n")
        while True:
            try:
                more = os.read(terminal, 4096)
            except OSError:
                break
            if not more:
                break
            seen += more
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status), seen.decode()

    def test_the_answer_no_sends_nothing_and_yes_sends_once(self):
        customer, subscription, before = self.stellr()
        code, shown = self.answer_on_terminal("n", *self.seats(customer, subscription, before + 1))
        self.assertEqual(code, CANCELLED, shown)
        self.assertEqual(self.sent(), [])
        code, shown = self.answer_on_terminal("y", *self.seats(customer, subscription, before + 1))
        self.assertEqual(code, OK, shown)
        self.assertIn("verified", shown)
        self.assertEqual(len(self.sent()), 1)

    def test_options_about_money_are_refused_where_there_is_none(self):
        for option in (("--dry-run",), ("--again",), ("--po", "1"), ("--requester", "Ada")):
            self.fails(INVALID, "costs no money", "call", "stellr.customer.list", *option)

    def test_all_faults_of_the_arguments_are_told_before_anything_is_asked(self):
        self.simulator.forget_journal()
        for words in ("subscriptionId is missing", "quantity must be"):
            self.fails(
                INVALID, words, "call", SEATS, "--customerNo", "1", "--quantity", "many", "--yes"
            )
        self.fails(INVALID, "did you mean quantity", "call", SEATS, "--quantty", "5", "--yes")
        self.assertEqual(self.simulator.journal(), [])

    def test_a_subscription_that_is_not_there_is_told_without_sending(self):
        customer, _, _ = self.stellr()
        self.fails(NOT_FOUND, "holds no", *self.seats(customer, "1_1", 5, "--yes"))
        self.assertEqual(self.sent(), [])


class Twice(Buying):
    def test_the_second_press_of_the_key_sends_nothing(self):
        customer, subscription, before = self.stellr()
        self.ok(*self.seats(customer, subscription, before + 1, "--yes"))
        again = self.ok(*self.seats(customer, subscription, before + 1, "--yes"))
        self.assertIn("Nothing to do", again.err)
        self.assertEqual(len(self.sent()), 1)

    def test_several_at_the_same_moment_send_one(self):
        customer, subscription, before = self.stellr()
        running = [
            subprocess.Popen(
                self.command(*self.seats(customer, subscription, before + 2, "--yes")),
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(4)
        ]
        codes = [process.wait() for process in running]
        for process in running:
            process.communicate()
        self.assertEqual(len(self.sent()), 1, codes)
        self.assertEqual(self.quantity(subscription), before + 2)
        self.assertEqual(len(self.purchases()), 1)
        self.assertTrue(set(codes) <= {OK, CONFLICT}, codes)  # OK: it was so already

    def test_the_same_order_again_is_a_question(self):
        customer, _, _ = self.stellr()
        sku = self.sku()
        order = self.order(customer, [{"skuNo": sku, "quantity": 2}])
        self.ok(*order)
        self.fails(CONFLICT, "--again", *order)
        self.assertEqual(len(self.sent("/subscriptions ")), 1)
        self.ok(*order, "--again")
        self.assertEqual(len(self.sent("/subscriptions ")), 2)

    def sku(self):
        products = self.ok(
            "call", "stellr.product.list", "--vendorId", "Microsoft", "--output", "json"
        ).json()["data"]["records"]
        return next(p["skuNo"] for p in products if not p["isAddOn"])

    def order(self, customer, items, vendor="Microsoft"):
        return (
            "call",
            CREATE,
            "--customerNo",
            customer,
            "--vendorId",
            vendor,
            "--subscriptions",
            json.dumps(items),
            "--yes",
        )

    def test_a_generic_request_goes_the_same_way(self):
        customer, subscription, before = self.stellr()
        path = f"/api/v1/customers/{customer}/subscriptions/{subscription}/changeSeats"
        request = ("call", "stellr.request", "--method", "POST", "--path", path)
        body = json.dumps({"quantity": before + 1})
        self.fails(INVALID, "--yes", *request, "--body", body)
        self.assertEqual(self.sent(), [])
        self.ok(*request, "--body", body, "--yes")
        (purchase,) = self.purchases()
        self.assertEqual((purchase["state"], purchase["subscription"]), ("verified", subscription))
        self.assertEqual(len(self.sent()), 1)

    def test_buying_can_be_switched_off(self):
        customer, subscription, before = self.stellr()
        name = next(r["name"] for r in self.list("connections") if r["kind"] == "stellr")
        self.ok("policy", "buying", "off", "--connection", name)
        self.fails(RULE, "read-only", *self.seats(customer, subscription, before + 1, "--yes"))
        self.assertEqual(self.sent(), [])
        account = ("--vendorId", "Microsoft", "--accountType", "Reseller")  # free, but a change
        self.fails(RULE, "read-only", "call", "stellr.vendor-account.upsert", *account)
        self.ok("call", "stellr.vendor-account.list")
        self.ok("policy", "buying", "on", "--connection", name)
        self.ok(*self.seats(customer, subscription, before + 1, "--yes"))


class Renewal(Buying):
    def test_a_renewal_setting_is_read_back_as_far_as_a_reading_shows_it(self):
        customer, subscription, _ = self.stellr()
        row = next(r for r in self.list("subscriptions") if r["id"] == subscription)
        kinds = (
            ["NOT_RENEW", "CURRENT_PLAN"] if row["auto_renew"] else ["CURRENT_PLAN", "NOT_RENEW"]
        )
        ids = ("--customerNo", customer, "--subscriptionId", subscription)
        call = ("call", "stellr.subscription.update-renewal", *ids, "--yes", "--renewType")
        for kind in kinds:
            done = self.ok(*call, kind)
            self.assertIn("verified", done.out)
            words = "does not renew" if kind == "NOT_RENEW" else "renews by itself"
            self.assertIn(f"found {words}", done.out)
        done = self.ok(*call, kinds[1], "--again")  # as it is: nothing that a reading could show
        self.assertIn("accepted", done.out)


class LostAnswers(Buying):
    options = ("--fault", "drop-answer#1@changeSeats")

    def test_an_answer_that_is_lost_is_found_out_by_reading(self):
        customer, subscription, before = self.stellr()
        done = self.ok(*self.seats(customer, subscription, before + 4, "--yes"))
        self.assertIn("inferred", done.out)
        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(self.quantity(subscription), before + 4)


class KeptAlive(Buying):
    options = ("--fault", "close")

    def test_no_write_is_repeated_when_a_kept_alive_connection_dies(self):
        customer, subscription, before = self.stellr()
        for count in (before + 1, before + 2, before + 3):
            self.ok(*self.seats(customer, subscription, count, "--yes"))
        self.assertEqual(len(self.sent()), 3)


class Killed(Buying):
    options = ("--fault", "slow@changeSeats")

    def test_a_kill_in_the_middle_is_taken_up_and_nothing_is_sent_again(self):
        customer, subscription, before = self.stellr()
        process = subprocess.Popen(
            self.command(*self.seats(customer, subscription, before + 5, "--yes")),
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        support.wait_for(lambda: self.query("SELECT 1 FROM purchase"))
        time.sleep(0.5)  # it is on its way
        process.send_signal(signal.SIGKILL)
        process.wait()
        (purchase,) = self.purchases("--open")
        self.fails(
            CONFLICT,
            "still open",
            *self.seats(customer, subscription, before + 6, "--yes"),
        )
        done = self.ok("purchases", "check", purchase["id"])
        self.assertIn("inferred", done.out)
        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(self.quantity(subscription), before + 5)

    def test_ctrl_c_while_it_is_sent_waits_for_the_answer(self):
        customer, subscription, before = self.stellr()
        process = subprocess.Popen(
            self.command(*self.seats(customer, subscription, before + 5, "--yes")),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        support.wait_for(lambda: self.query("SELECT 1 FROM purchase"))
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate()
        (purchase,) = self.purchases()
        self.assertIn(purchase["state"], ("answered", "verified"))
        self.ok("purchases", "check", purchase["id"])
        self.assertEqual(self.purchases()[0]["state"], "verified")
        self.assertEqual(len(self.sent()), 1)


class Difference(Buying):
    options = ("--knob", "seats_are_delta=true")

    def test_a_service_that_wants_the_difference_is_noticed_and_an_override_mends_it(self):
        customer, subscription, before = self.stellr()
        failed = self.fails(
            MISMATCH,
            f"found {2 * before + 1} seats",
            *self.seats(customer, subscription, before + 1, "--yes"),
        )
        self.assertIn(f"wanted {before + 1} seats", failed.err)
        (purchase,) = self.purchases("--open")
        self.assertEqual(purchase["state"], "mismatch")
        self.ok("purchases", "settle", purchase["id"], "--reason", "set right below")
        (self.data / "overrides.json").write_text(
            json.dumps(
                {"actions": {SEATS: {"parameters": {"quantity": {"meaning": "seats-added"}}}}}
            )
        )
        (self.data / "overrides.json").chmod(0o600)
        self.ok(*self.seats(customer, subscription, 2 * before + 4, "--yes"))
        self.assertEqual(self.quantity(subscription), 2 * before + 4)


class Ion(Buying):
    options = ("--knob", "order_delay_ms=1")

    def recipe(self, name, *options, yes=True):
        customer, subscription, _ = self.pick("ion")
        ids = ("--customerId", customer, "--id", subscription)
        return ("call", name, *ids, *options, *(("--yes",) if yes else ()))

    def orders(self, customer):
        """All of a customer's, whole: the list leaves attributes out."""
        listed = self.ok(
            *("call", "ion.order.list-by-customer", "--customerId", customer, "--all-pages")
        ).json()
        ids = [order["name"].rsplit("/", 1)[1] for order in listed]
        get = ("call", "ion.order.get", "--customerId", customer, "--orderId")
        return [self.ok(*get, order).json() for order in ids]

    def test_seats_are_set_by_one_order_that_carries_nothing_else(self):
        customer, subscription, before = self.pick("ion")
        done = self.ok(*self.recipe("ion.seats.set", "--quantity", before + 2, "--po", "RPO-5"))
        self.assertIn("verified", done.out)
        (purchase,) = self.purchases()
        shown = self.ok("purchases", "show", purchase["id"], "--output", "json").json()
        (order,) = [o for o in self.orders(customer) if o["referenceId"] == shown["mark"]]
        (line,) = order["orderItems"]
        self.assertEqual((line["action"], line["quantity"]), ("UPDATE", before + 2))
        self.assertEqual(line["resellerPO"], "RPO-5")
        self.assertEqual(
            line["attributes"], [{"name": "operations", "value": "updatesubscription"}]
        )
        self.assertIn(shown["mark"], order["displayName"])
        self.assertEqual(self.quantity(subscription), before + 2)

    def test_the_other_recipes_say_one_thing_each_and_keep_the_seats(self):
        customer, subscription, before = self.pick("ion")
        row = next(r for r in self.list("subscriptions") if r["id"] == subscription)
        renewal = "off" if row["auto_renew"] else "on"
        for name, options, attribute in (
            ("ion.subscription.suspend", (), {"name": "statusUpdate", "value": "suspended"}),
            ("ion.subscription.resume", (), {"name": "statusUpdate", "value": "active"}),
            (
                "ion.subscription.set-auto-renew",
                ("--value", renewal),
                {"name": "renewalSetting", "value": "auto-" + renewal},
            ),
            (
                "ion.subscription.rename",
                ("--name", "Front desk"),
                {"name": "friendlyName", "value": "Front desk"},
            ),
        ):
            with self.subTest(name):
                known = [o["name"] for o in self.orders(customer)]
                arguments = ("--customerId", customer, "--id", subscription, *options)
                self.assertIn("verified", self.ok("call", name, *arguments, "--yes").out)
                (order,) = [o for o in self.orders(customer) if o["name"] not in known]
                (line,) = order["orderItems"]
                self.assertEqual(line["quantity"], before)
                self.assertEqual(
                    line["attributes"],
                    [{"name": "operations", "value": "updatesubscription"}, attribute],
                )

    def test_a_cancellation_outside_its_window_is_refused_by_the_order(self):
        refused = self.fails(
            RULE, "refused by the service", *self.recipe("ion.subscription.cancel")
        )
        self.assertIn("refused", refused.out)
        self.assertEqual(self.purchases()[0]["state"], "refused")

    def test_a_password_of_a_new_tenant_is_shown_once_and_kept_nowhere(self):
        customer, _, _ = self.pick("ion")
        products = self.ok(
            *("call", "ion.product.list", "--pageSize", "100", "--query", "products")
        ).json()
        product = next(p for p in products if "NCE" in p["id"])
        sku = product["definition"]["skus"][0]
        line = {
            "action": "CREATE",
            "productId": product["id"],
            "skuId": sku["id"],
            "planId": sku["plans"][0]["id"],
            "quantity": 2,
            "attributes": [
                {"name": "domainName", "value": "brandnew.onmicrosoft.com"},
                {"name": "renewalSetting", "value": "auto-on"},
                {"name": "billingTerm", "value": "Y"},
                {"name": "billingCycle", "value": "M"},
            ],
        }
        done = self.ok(
            *("call", "ion.order.create", "--customerId", customer),
            *("--orderItems", json.dumps([line]), "--yes"),
        )
        (password,) = set(re.findall(r"Sim-[0-9a-f]{8}!", done.out))
        self.assert_not_stored(password)
        (purchase,) = self.purchases()
        self.assertEqual(purchase["state"], "verified")
        shown = self.ok("purchases", "show", purchase["id"], "--output", "json")
        self.assertNotIn(password, shown.out)


class IonLostAnswers(Buying):
    options = ("--knob", "order_delay_ms=1", "--fault", "drop-answer#1@/orders")

    def test_a_lost_answer_is_found_by_our_mark_in_the_order(self):
        customer, subscription, before = self.pick("ion")
        ids = ("--customerId", customer, "--id", subscription)
        done = self.ok("call", "ion.seats.set", *ids, "--quantity", before + 3, "--yes")
        self.assertIn("found by its mark", done.out)
        self.assertIn("verified", done.out)
        self.assertEqual(len(self.sent("/orders")), 1)
        self.assertEqual(self.quantity(subscription), before + 3)


class Items(Buying):
    def new_customer(self):
        """One that may buy of Microsoft, and holds nothing yet."""
        address = "--address1 1 --city Tacoma --state WA --zipCode 98402 --country US".split()
        person = "--contactName Ada --email ada@new.example --phone 555-0100".split()
        made = self.ok(
            "call", "stellr.customer.create", "--companyName", "New Ltd", *address, *person
        ).json()
        customer = str(made["data"]["customerNo"])
        contact = "firstName=Ada lastName=Moreno email=ada@new.example phone=555-0100".split()
        self.ok(
            *("call", "stellr.agreement.accept", "--customerNo", customer),
            *("--agreementType", "MicrosoftCustomerAgreement", "--dateAgreed", "2026-07-01"),
            *(part for pair in contact for part in ("--set", f"primaryContact.{pair}")),
        )
        account = self.ok(
            *("call", "stellr.vendor-account.upsert", "--vendorId", "Microsoft"),
            *("--accountType", "Customer", "--customerNo", customer),
            *("--isNewTenant", "true", "--domainPrefix", "newltd"),
        ).json()["data"]
        self.assertTrue(account["initialPassword"])
        self.assert_not_stored(account["initialPassword"])
        return customer

    def test_items_of_a_batch_end_separately(self):
        customer = self.new_customer()
        products = self.ok(
            "call", "stellr.product.list", "--vendorId", "Microsoft", "--output", "json"
        ).json()["data"]["records"]
        base = [p["skuNo"] for p in products if not p["isAddOn"]]
        add_on = next(p["skuNo"] for p in products if p["isAddOn"])
        items = [
            {"skuNo": base[0], "quantity": 3},
            {"skuNo": add_on, "quantity": 2},
            {"skuNo": base[1], "quantity": 4},
        ]
        self.fails(
            PARTIAL,
            "2 of 3 items",
            "call",
            CREATE,
            "--customerNo",
            customer,
            "--vendorId",
            "Microsoft",
            "--subscriptions",
            json.dumps(items),
            "--yes",
        )
        (purchase,) = self.purchases()
        self.assertEqual(purchase["state"], "partial")
        shown = self.ok("purchases", "show", purchase["id"], "--output", "json").json()
        self.assertEqual(
            [item["state"] for item in shown["items"]], ["verified", "refused", "verified"]
        )
        self.assertEqual(len(self.sent("/subscriptions ")), 1)

    def test_google_takes_one_at_a_time_and_several_are_refused_before_sending(self):
        customer, _, _ = self.stellr()
        items = [{"skuNo": 1, "quantity": 1}, {"skuNo": 2, "quantity": 1}]
        self.fails(
            RULE,
            "one at a time",
            "call",
            CREATE,
            "--customerNo",
            customer,
            "--vendorId",
            "Google",
            "--subscriptions",
            json.dumps(items),
            "--yes",
        )
        self.assertEqual(self.sent("/subscriptions "), [])


if __name__ == "__main__":
    support.main()
