"""Ways around the rules of buying: other spellings of a path, answers that come late, from
elsewhere or of something else, and whatever else could pass for a purchase that went well."""
import json
import signal
import sqlite3
import tempfile
import time
import urllib.request

import support
import test_buy
from support import BUSY, CONFLICT, INVALID, OK, RULE, UNKNOWN
from test_buy import CREATE, SEATS

PLAN = "stellr.subscription.change-plan"


class Buying(test_buy.Buying):
    new_customer = test_buy.Items.new_customer

    def path(self, customer, subscription, below=""):
        return f"/api/v1/{below}customers/{customer}/subscriptions/{subscription}/changeSeats"

    def by_hand(self, path, body, *options):
        request = ("call", "stellr.request", "--method", "POST", "--path", path)
        return self.run_stellion(*request, "--body", json.dumps(body), "--yes", *options)

    def seats_at_ion(self, customer, subscription, count, *options):
        ids = ("--customerId", customer, "--id", subscription)
        return ("call", "ion.seats.set", *ids, "--quantity", count, *options)

    def order(self, customer, items, *options):
        ids = ("--customerId", customer, "--orderItems", json.dumps(items))
        return self.run_stellion("call", "ion.order.create", *ids, *options)

    def override(self, action, changes):
        file = self.data / "overrides.json"
        file.write_text(json.dumps({"actions": {action: changes}}))
        file.chmod(0o600)

    def lose(self, customer, subscription, count):
        """A purchase whose answer says nothing, and which stays open."""
        lost = self.seats(customer, subscription, count, "--yes", "--wait", "1")
        self.assertEqual(self.run_stellion(*lost).code, UNKNOWN)

    def begin(self, customer, subscription, count):
        """A purchase that is being sent, in a process of its own."""
        process = self.start_stellion(*self.seats(customer, subscription, count, "--yes"))
        support.wait_for(lambda: self.query("SELECT 1 FROM purchase"))
        return process


class Spellings(Buying):
    options = ("--fault", "500#1@changeSeats")

    def test_an_escaped_path_does_not_pass_an_open_purchase(self):
        customer, subscription, before = self.stellr()
        self.lose(customer, subscription, before + 3)
        odd = subscription[:-1] + "%%%02X" % ord(subscription[-1])
        refused = self.by_hand(self.path(customer, odd), {"quantity": before + 7})
        self.assertEqual(refused.code, INVALID)
        self.assertIn("without needless escapes", " ".join(refused.err.split()))
        self.assertEqual(len(self.sent()), 1)

    def test_the_alias_does_not_pass_an_open_purchase(self):
        customer, subscription, before = self.stellr()
        self.lose(customer, subscription, before + 3)
        alias = self.path(customer, subscription, "cloud/")
        self.assertEqual(self.by_hand(alias, {"quantity": before + 7}).code, CONFLICT)
        self.assertEqual(len(self.sent()), 1)

    def test_another_connection_to_the_same_service_does_not_pass_an_open_purchase(self):
        customer, subscription, before = self.stellr()
        self.lose(customer, subscription, before + 3)
        options = self.stellr_options(self.simulator)
        options[options.index("stellr-test")] = "stellr-too"
        self.ok(*options)
        again = self.seats(customer, subscription, before + 7, "--yes")
        self.fails(CONFLICT, "open", *again, "--connection", "stellr-too")
        self.assertEqual(len(self.sent()), 1)


class Failing(Buying):
    options = ("--knob", "fail_next=1", "--knob", "op_delay_ms=2500")

    def test_an_operation_by_the_alias_is_watched_to_its_end(self):
        customer, subscription, before = self.stellr()
        alias = self.path(customer, subscription, "cloud/")
        self.assertEqual(self.by_hand(alias, {"quantity": before + 7}).code, RULE)
        self.assertEqual(self.purchases()[0]["state"], "refused")


class FailingPlan(Buying):
    options = ("--knob", "fail_next=1")

    def test_a_change_of_plan_that_fails_is_not_verified(self):
        customer, subscription, _ = self.stellr()
        ids = ("--customerNo", customer, "--subscriptionId", subscription)
        done = self.run_stellion("call", PLAN, *ids, "--planName", "ANNUAL_YEARLY_PAY", "--yes")
        self.assertNotEqual(done.code, OK)
        self.assertEqual(self.purchases()[0]["state"], "refused")


class AddOns(Buying):
    options = ("--fault", "500#1@addOn")

    def test_an_add_on_of_another_purchase_is_not_taken_for_the_lost_one(self):
        customer = self.new_customer()
        list_products = ("call", "stellr.product.list", "--vendorId", "Microsoft")
        skus = self.ok(*list_products, "--output", "json").json()["data"]["records"]
        base = [p["skuNo"] for p in skus if not p["isAddOn"]][:2]
        add_on = next(p["skuNo"] for p in skus if p["isAddOn"])
        items = json.dumps([{"skuNo": sku, "quantity": 9} for sku in base])
        ids = ("--customerNo", customer, "--vendorId", "Microsoft", "--subscriptions", items)
        self.ok("call", CREATE, *ids, "--yes")
        self.ok("sync")
        parents = [r["id"] for r in self.list("subscriptions") if r["customer_id"] == customer]
        self.assertEqual(len(parents), 2)
        call = ("call", "stellr.subscription.create-addon", "--customerNo", customer)
        what = ("--skuNo", add_on, "--quantity", 5, "--yes", "--wait", "1")
        lost = self.run_stellion(*call, "--subscriptionId", parents[0], *what)
        self.assertEqual(lost.code, UNKNOWN)
        first = self.purchases("--open")[0]["id"]
        self.run_stellion(*call, "--subscriptionId", parents[1], *what)
        self.run_stellion("purchases", "check", "--wait", 4, first)
        shown = self.ok("purchases", "show", first, "--output", "json").json()
        self.assertNotIn(shown["state"], ("inferred", "verified"))  # one was bought, not two


class Rate(Buying):
    options = ("--fault", "429#1@changeSeats", "--knob", "retry_after_s=60")

    def test_ctrl_c_in_the_wait_after_429_sends_nothing_more(self):
        customer, subscription, before = self.stellr()
        process = self.begin(customer, subscription, before + 5)
        support.wait_for(lambda: len(self.sent()) == 1)
        time.sleep(1)  # it waits
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(len(self.sent()), 1)
        self.assertNotEqual(process.returncode, OK)
        self.assertEqual(self.purchases("--open"), [])  # a clear refusal


class Slow(Buying):
    options = ("--fault", "slow@changeSeats")

    def test_a_store_that_is_busy_when_the_answer_comes_is_told_with_what_to_do(self):
        customer, subscription, before = self.stellr()
        process = self.begin(customer, subscription, before + 5)
        other = sqlite3.connect(self.data / "stellion.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        _, err = process.communicate()
        other.execute("ROLLBACK")
        other.close()
        self.assertNotEqual(process.returncode, OK)
        self.assertIn("purchases check", " ".join(err.decode().split()))
        self.ok("purchases", "check", "--wait", 4, self.purchases()[0]["id"])
        self.assertEqual(len(self.sent()), 1)

    def test_a_look_from_another_terminal_does_not_close_what_is_being_sent(self):
        customer, subscription, before = self.stellr()
        process = self.begin(customer, subscription, before + 5)
        look = self.run_stellion("purchases", "check", "--wait", 4, self.purchases()[0]["id"])
        process.communicate()
        self.assertEqual(process.returncode, OK)
        self.assertEqual(look.code, BUSY)
        self.assertEqual(self.purchases()[0]["state"], "verified")


class Elsewhere(Buying):
    options = ("--fault", "500#1@changeSeats")

    def test_a_purchase_is_not_judged_by_another_service(self):
        customer, subscription, before = self.stellr()
        self.lose(customer, subscription, before + 3)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        second = support.Simulator(folder.name, "--knob", "op_delay_ms=1")
        self.addCleanup(second.stop)
        self.secrets.clear()
        data, self.data = self.data, self.folder / "second"
        self.ok(*self.stellr_options(second))
        self.ok(*self.seats(customer, subscription, before + 3, "--yes"))
        self.data = data
        self.run_stellion(*self.stellr_options(second))  # the same connection, to there
        self.run_stellion("purchases", "check", "--wait", 4, self.purchases()[0]["id"])
        self.assertNotIn(self.purchases()[0]["state"], ("inferred", "verified"))


class References(Buying):
    """Faults are added in the middle, through the control path."""

    options = ("--knob", "order_delay_ms=1", "--knob", "order_fail_next=1")

    def simulate(self, *options, **more):
        self.token = "t" * 32
        file = self.secret_file(self.token + "\n")
        return super().simulate("--control-token-file", file, *options, **more)

    def add_fault(self, fault):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.simulator.port}/_sim/faults",
            data=json.dumps({"fault": fault}).encode(),
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"},
            method="POST",
        )
        urllib.request.urlopen(request).close()

    def test_an_older_order_with_the_same_reference_is_not_ours(self):
        customer, subscription, before = self.pick("ion")
        show = ("--dry-run", "--output", "json")
        plan = self.ok(*self.seats_at_ion(customer, subscription, before + 2, *show)).json()
        items = plan["request"]["body"]["orderItems"]
        options = ("--referenceId", "TICKET-9", "--displayName", "x", "--yes", "--wait", "5")
        items[0]["quantity"] = before + 1
        self.assertEqual(self.order(customer, items, *options).code, RULE)
        self.add_fault("500#1@/orders")
        items[0]["quantity"] = before + 2
        lost = self.order(customer, items, *options)
        self.assertNotEqual(lost.code, RULE, lost)
        self.assertNotEqual(self.purchases()[0]["state"], "refused")


class Lines(Buying):
    options = ("--knob", "order_delay_ms=1", "--fault", "500#1@/orders")

    def two(self):
        """Two subscriptions of one customer."""
        rows = [
            r
            for r in self.list("subscriptions")
            if r["connection"].startswith("ion")
            and (r["measure"], r["standing"]) == ("seats", "live")
        ]
        return next(
            (r, q)
            for r in rows
            for q in rows
            if r["customer_id"] == q["customer_id"] and r["id"] != q["id"]
        )

    def item(self, row, seats, **more):
        show = ("--dry-run", "--again", "--output", "json")
        plan = self.ok(*self.seats_at_ion(row["customer_id"], row["id"], seats, *show)).json()
        return {**plan["request"]["body"]["orderItems"][0], **more}

    def test_an_order_of_two_lines_does_not_pass_an_open_purchase(self):
        r, q = self.two()
        n, m = int(r["quantity"]), int(q["quantity"])
        items = [self.item(r, n + 2), self.item(q, m + 1)]
        options = ("--yes", "--wait", "1")
        lost = self.run_stellion(*self.seats_at_ion(r["customer_id"], r["id"], n + 1, *options))
        self.assertEqual(lost.code, UNKNOWN)
        self.assertEqual(self.order(r["customer_id"], items, "--yes").code, CONFLICT)

    def test_what_an_order_does_besides_the_seats_is_not_done_already(self):
        r, _ = self.two()
        add_on = {
            "id": "a",
            "addOnId": "Audio-Conferencing",
            "planId": "Monthly-n69",
            "action": "CREATE",
            "quantity": 5,
        }
        for more in (
            {"addOns": [add_on]},
            {"attributes": [{"name": "operations", "value": "changeSubscription"}]},
        ):
            with self.subTest(more):
                items = [self.item(r, int(r["quantity"]), **more)]
                shown = self.order(r["customer_id"], items, "--dry-run")
                self.assertNotIn("Nothing to do", shown.err)


class Passwords(Buying):
    options = ("--knob", "order_delay_ms=5000", "--fault", "slow@/orders")

    def test_a_password_that_comes_after_a_kill_is_shown_once(self):
        customer, _, _ = self.pick("ion")
        products = self.ok("call", "ion.product.list", "--pageSize", "100", "--query", "products")
        product = next(p for p in products.json() if "NCE" in p["id"])
        sku = product["definition"]["skus"][0]
        attributes = {
            "domainName": "brandnew.onmicrosoft.com",
            "renewalSetting": "auto-on",
            "billingTerm": "Y",
            "billingCycle": "M",
        }
        line = {
            "action": "CREATE",
            "productId": product["id"],
            "skuId": sku["id"],
            "planId": sku["plans"][0]["id"],
            "quantity": 2,
            "attributes": [{"name": n, "value": v} for n, v in attributes.items()],
        }
        ids = ("--customerId", customer, "--orderItems", json.dumps([line]))
        process = self.start_stellion("call", "ion.order.create", *ids, "--yes")
        support.wait_for(lambda: self.query("SELECT 1 FROM purchase"))
        time.sleep(0.7)  # it is on its way
        process.kill()
        process.communicate()
        time.sleep(6)  # the order ends
        check = ("purchases", "check", self.purchases()[0]["id"])
        self.assertRegex(self.run_stellion(*check).out, r"Sim-[0-9a-f]{8}!")
        self.assertNotRegex(self.run_stellion(*check).out, r"Sim-[0-9a-f]{8}!")


class Words(Buying):
    def test_another_plan_with_as_many_seats_is_not_done_already(self):
        customer, subscription, before = self.stellr()
        ids = ("--customerNo", customer, "--subscriptionId", subscription)
        what = ("--planName", "ANNUAL_YEARLY_PAY", "--quantity", before)
        done = self.run_stellion("call", PLAN, *ids, *what, "--yes")
        self.assertNotIn("Nothing to do", done.err)
        self.assertNotIn("no difference", done.err)
        self.assertEqual(len(self.sent("/subscriptions/" + subscription)), 1)

    def test_a_secret_in_a_body_is_not_kept_however_it_is_written(self):
        self.by_hand("/api/v1/nothing", {"transferToken": "hidden-1111"})
        body = '{"transferT\\u006fken":"hidden-3333"}'
        request = ("call", "stellr.request", "--method", "POST", "--path", "/api/v1/other")
        self.run_stellion(*request, "--body", body, "--yes")
        self.assertEqual(len(self.purchases()), 2)
        for secret in ("hidden-1111", "hidden-3333"):
            self.assert_not_stored(secret)

    def test_no_seats_and_less_are_refused_before_sending(self):
        customer, subscription, _ = self.stellr()
        ids = ("--customerNo", customer, "--subscriptionId", subscription)
        for count in (0, -5, -(2**63)):
            done = self.run_stellion("call", SEATS, *ids, f"--quantity={count}", "--yes")
            self.assertNotEqual(done.code, OK)
        self.assertEqual(self.sent(), [])

    def test_seats_that_are_said_twice_are_refused_before_sending(self):
        customer, subscription, before = self.stellr()
        ids = ("--customerNo", customer, "--subscriptionId", subscription)
        body = '{"quantity":%d,"quantity":%d}' % (before + 1, before + 100)
        self.fails(INVALID, "twice", "call", SEATS, *ids, "--body", body, "--yes")
        self.assertEqual(self.sent(), [])
        self.assertEqual(self.purchases(), [])

    def test_a_wait_beyond_a_day_is_refused_before_sending(self):
        customer, subscription, before = self.stellr()
        change = self.seats(customer, subscription, before + 1, "--yes")
        for seconds in ("-1", "86401", "9223372036854775807"):
            self.fails(INVALID, "86400", *change, "--wait=" + seconds)
        self.assertEqual(self.sent(), [])

    def test_a_correction_must_leave_a_way_to_see_how_a_change_goes_on(self):
        self.override("ion.order.cancel", {"judging": {"id": "name", "state": "status"}})
        ids = ("--customerId", "1", "--orderId", "1")
        self.fails(INVALID, '"poll" is missing', "call", "ion.order.cancel", *ids, "--dry-run")

    def test_a_lack_of_an_api_key_is_told_before_anybody_approves(self):
        what = ("--source", "aws", "--period", "m-05-2025", "--yes")
        done = self.run_stellion("call", "ion.v1-invoice.generate", *what)
        self.assertNotEqual(done.code, OK)
        self.assertIn("API key", " ".join(done.err.split()))
        self.assertEqual(self.purchases(), [])

    def test_a_secret_in_a_query_is_not_kept(self):
        query = "query=transferToken=hidden-2222"
        self.by_hand("/api/v1/nothing", {}, "--set", query)
        self.assertEqual(len(self.purchases()), 1)
        self.assert_not_stored("hidden-2222")


class AtOnce(Buying):
    """The answer itself says Partial, and only the operation tells which item failed."""

    options = ("--knob", "op_delay_ms=0")
    test_items = test_buy.Items.test_items_of_a_batch_end_separately


if __name__ == "__main__":
    support.main()
