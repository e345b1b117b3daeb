"""Ion's orders and what is made of them, from the command line: buying, seats, renewal, status and
names, each with its success and its failures; and API keys."""
import re
import unittest
from decimal import Decimal

from ion_case import OF_ORDERS, RULE, IonCase, tried
from ion_service import ACCOUNT
from support import CREDENTIALS, FORBIDDEN, INVALID, NOT_FOUND, OK, TestCase, main


class Orders(IonCase):
    def test_buying_and_looking(self):
        one = self.subscription()
        item = self.order(
            one,
            action="CREATE",
            quantity=3,
            resellerPO="RPO-9",
            attributes={"domainName": "brand-new.example", "renewalSetting": "auto-off"},
        )
        known = {s["id"] for s in self.subscriptions()}
        result = self.buy("order.create", customerId=one["customerId"], orderItems=[item])
        (made,) = [s for s in self.subscriptions() if s["id"] not in known]
        self.assertEqual(made["subscriptionTotalLicenses"], "3")
        self.assertEqual((made["autoRenew"], made["subscriptionRenewStatus"]), (False, "DISABLED"))
        self.assertEqual(made["resellerPO"], "RPO-9")
        self.assertEqual(Decimal(str(made["total"])), 3 * Decimal(str(made["price"])))
        orders = self.answer("order.list")["orders"]
        number = orders[0]["name"].rsplit("/", 1)[-1]
        of = {"customerId": one["customerId"], "orderId": number}
        full = self.answer("order.get", **of)
        self.assertEqual(full["orderItems"][0]["resourceId"], made["subscriptionId"])
        secrets = {a["name"]: a["value"] for a in full["orderItems"][0]["attributes"]}
        self.assertIn(secrets["password"], result.out)  # shown to the person this once
        self.assert_not_stored(secrets["password"])
        self.assertEqual(
            self.answer("order.list-by-customer", customerId=one["customerId"])["orders"], orders
        )
        self.assertEqual(self.answer("order.get", customerId="-", orderId=number), full)
        self.assertEqual(self.answer("order.list", status="NEW")["orders"], [])
        self.refused(NOT_FOUND, "orders/1", "order.get", customerId=one["customerId"], orderId="1")
        self.refused(INVALID, "orderId is missing", "order.get", customerId="1")
        self.refused(INVALID, "status must be", "order.list", status="DONE")
        self.refused(FORBIDDEN, "70002", "order.list", accountId="70002")
        self.refused(NOT_FOUND, "404", "order.list-by-customer", customerId="1")
        self.refused(INVALID, "customerId is missing", "order.list-by-customer")

    def test_what_an_order_must_have(self):
        one = self.subscription()
        of = {"customerId": one["customerId"]}
        create = {"action": "CREATE", "attributes": {"renewalSetting": "auto-on"}}
        for code, item in (
            ("COMM-VL-001", {}),
            ("COMM-VL-002", self.order(one, action="CANCEL")),
            ("COMM-VL-003", {k: v for k, v in self.order(one).items() if k != "resourceId"}),
            ("COMM-VL-004", self.order(one, **create)),
            ("COMM-VL-002", self.order(one, resourceId=one["id"])),  # not the internal id
        ):
            status, answer = self.service.send(
                "POST", f"{ACCOUNT}/customers/{of['customerId']}/orders", {"orderItems": [item]}
            )
            self.assertEqual((status, answer["code"]), (400, 3))
            self.assertEqual(answer["details"][0]["errors"][0]["code"].strip(), code, item)
        self.assertEqual(self.answer("order.list")["orders"], [])
        self.refused(INVALID, "orderItems.0.skuId is missing", "order.create", orderItems=[{}])
        odd = [self.order(one, **create)]
        result = self.buy("order.create", code=INVALID, orderItems=odd, **of)
        self.assertIn("COMM-VL-004", result.err)
        self.assertEqual(self.answer("order.list")["orders"], [])

    def test_names_in_snake_case_are_taken(self):
        one = self.subscription()
        item = self.order(one, quantity="99")
        snake = {re.sub("([A-Z])", lambda m: "_" + m[1].lower(), k): v for k, v in item.items()}
        status, _ = self.service.send(
            "POST",
            f"{ACCOUNT}/customers/{one['customerId']}/orders/",
            {"order_items": [snake]},
        )
        self.assertEqual(status, 200)
        found = self.service.get(
            f"{ACCOUNT}/subscriptions?subscription_id={one['subscriptionId']}&nonsense=1"
        )
        self.assertEqual(found["items"][0]["subscriptionTotalLicenses"], "99")


class SlowOrders(IonCase):
    options = ("--knob", "order_delay_ms=60000", "--knob", "order_hold_next=1")

    def test_cancelling(self):
        one = self.subscription()
        of = {"customerId": one["customerId"]}
        held, new = self.place(one, quantity=20), self.place(one, quantity=30)
        self.assertEqual((held["status"], new["status"]), ("ON_HOLD", "NEW"))
        for order in (held, new):
            self.buy("order.cancel", orderId=order["name"].rsplit("/", 1)[-1], **of)
        number = new["name"].rsplit("/", 1)[-1]
        self.assertEqual(self.answer("order.get", orderId=number, **of)["status"], "CANCELED")
        result = self.buy("order.cancel", "--again", code=INVALID, orderId=number, **of)
        self.assertIn("CANCELED and cannot be cancelled", result.err)
        self.buy("order.cancel", code=NOT_FOUND, orderId="1", **of)
        self.refused(INVALID, "orderId is missing", "order.cancel", **of)


class RenewalSetting(IonCase):
    options = ("--knob", "order_delay_ms=0", "--knob", "renewal_setting_needed=true")

    def test_an_order_without_it_ends_in_error(self):
        one = self.subscription()
        attributes = {"domainName": "x.example", "autoRenew": "true"}
        placed = self.place(one, action="CREATE", attributes=attributes)
        self.assertEqual(placed["status"], "ERROR")
        order = self.service.get(f"/api/v3/{placed['name']}")
        self.assertEqual(order["errors"][0]["code"], "MSFT_CR_033")
        self.assertEqual(order["orderItems"][0]["errors"], order["errors"])
        item = self.order(one, action="CREATE", attributes=attributes)
        result = self.buy(
            "order.create", code=RULE, customerId=one["customerId"], orderItems=[item]
        )
        self.assertIn("MSFT_CR_033", result.err)


class Recipes(IonCase):
    def log(self, subscription):
        return self.fresh(subscription)["activityLogs"]["items"]

    def test_seats(self):
        one = self.subscription()
        seats = int(one["subscriptionTotalLicenses"])
        self.buy("seats.set", quantity=str(seats + 4), resellerPO="RPO-8", **self.of(one))
        after = self.fresh(one)
        self.assertEqual(after["subscriptionTotalLicenses"], str(seats + 4))
        self.assertEqual(after["autoRenew"], one["autoRenew"])  # nothing else was touched
        self.assertEqual(after["resellerPO"], "RPO-8")
        entry = self.log(one)[0]
        self.assertEqual(entry["actionType"], "Subscription Updated")
        self.assertEqual(entry["actionDetails"], f"New Quantity: {seats + 4}; Status: active; ")
        result = self.buy("seats.set", code=RULE, quantity="1", **self.of(one))
        self.assertIn("SIM-WINDOW", result.err)  # the window is over
        self.assertEqual(self.fresh(one)["subscriptionTotalLicenses"], str(seats + 4))
        self.refused(INVALID, "quantity must be", "seats.set", quantity="x", **self.of(one))
        self.buy("seats.set", code=NOT_FOUND, customerId="1", id=one["id"], quantity="5")

    def test_fewer_seats_while_the_window_is_open(self):
        one = self.subscription(is_in_window=True)
        self.buy("seats.set", quantity="2", **self.of(one))
        self.assertEqual(self.fresh(one)["subscriptionTotalLicenses"], "2")

    def test_renewal(self):
        one = self.subscription()
        for value in ("off", "on"):
            self.buy("subscription.set-auto-renew", "--again", value=value, **self.of(one))
            after = self.fresh(one)
            self.assertEqual(after["autoRenew"], value == "on")
            self.assertEqual(
                after["subscriptionRenewStatus"], "ENABLED" if value == "on" else "DISABLED"
            )
        self.assertEqual(after["subscriptionTotalLicenses"], one["subscriptionTotalLicenses"])
        self.refused(
            INVALID,
            "value must be one of",
            "subscription.set-auto-renew",
            value="maybe",
            **self.of(one),
        )
        self.buy(
            "subscription.set-auto-renew",
            code=NOT_FOUND,
            value="on",
            customerId=one["customerId"],
            id="1",
        )

    def test_name(self):
        one = self.subscription()
        self.buy("subscription.rename", name="Empfang Süd", **self.of(one))
        self.assertEqual(self.fresh(one)["subscriptionName"], "Empfang Süd")
        self.refused(INVALID, "name is missing", "subscription.rename", **self.of(one))
        self.buy(
            "subscription.rename", code=NOT_FOUND, name="x", customerId=one["customerId"], id="1"
        )

    def test_suspending_and_ending(self):
        one = self.subscription(is_in_window=True)
        self.buy("subscription.suspend", **self.of(one))
        self.assertEqual(self.fresh(one)["subscriptionStatus"], "suspended")
        self.buy("subscription.resume", **self.of(one))
        self.assertEqual(self.fresh(one)["subscriptionStatus"], "active")
        self.buy("subscription.cancel", **self.of(one))
        self.assertEqual(self.fresh(one)["subscriptionStatus"], "deleted")
        old = self.subscription()
        self.assertIn("SIM-WINDOW", self.buy("subscription.cancel", code=RULE, **self.of(old)).err)
        self.assertEqual(self.fresh(old)["subscriptionStatus"], "active")
        for name in ("suspend", "resume", "cancel"):
            self.refused(INVALID, "id is missing", f"subscription.{name}", customerId="410001")
            self.buy(f"subscription.{name}", code=NOT_FOUND, customerId=one["customerId"], id="1")


class ApiKeys(TestCase):
    def connected(self):
        simulator = self.simulate("--customers", "5", "--subscriptions", "20")
        self.ok(*self.ion_options(simulator))
        return simulator.credentials["ion"]

    def keys(self, key, secret, *options, **more):
        file = secret if secret == "-" else self.secret_file(secret)
        words = ["connect", "ion", "--name", "ion-test", "--api-key", key]
        return self.run_stellion(*words, "--api-secret-file", file, *options, **more)

    def has_key(self):
        (row,) = self.list("connections")
        return row["has_api_key"]

    def test_they_are_added_to_a_connection_that_works(self):
        ion = self.connected()
        self.fails(
            CREDENTIALS,
            ["needs the API key", "--api-key KEY --api-secret-file FILE"],
            *("call", "ion.user.list"),
        )
        self.assertFalse(self.has_key())
        result = self.keys(ion["api_key"], "-", stdin=ion["api_secret"].encode() + b"\n")
        self.assertEqual(result.code, OK, str(result))
        self.assertTrue(self.has_key())
        self.ok("call", "ion.user.list")
        self.assert_not_stored(ion["api_secret"])

    def test_refused_ones_are_not_kept_and_leave_what_was(self):
        ion = self.connected()
        result = self.keys(ion["api_key"], "wrong-secret-4711")
        self.assertEqual(result.code, CREDENTIALS, str(result))
        self.assertFalse(self.has_key())
        self.assertEqual(self.keys(ion["api_key"], ion["api_secret"]).code, OK)
        self.assertEqual(self.keys("other", "wrong-secret-4712").code, CREDENTIALS)
        self.ok("call", "ion.user.list")  # with the ones before
        self.ok("call", "ion.customer.list")

    def test_with_the_first_token(self):
        ion = self.simulate("--customers", "5").credentials["ion"]
        self.ok(
            *("connect", "ion", "--name", "ion-test", "--account", ion["account_id"]),
            *("--base-url", ion["base_url"], "--api-key", ion["api_key"]),
            *("--token-file", self.secret_file(ion["refresh_token"])),
            *("--api-secret-file", self.secret_file(ion["api_secret"])),
        )
        self.assertTrue(self.has_key())

    def test_they_go_to_no_other_address(self):
        ion = self.connected()
        self.assertEqual(self.keys(ion["api_key"], ion["api_secret"]).code, OK)
        other = self.simulate_another()
        self.ok(
            *("connect", "ion", "--name", "ion-test", "--base-url", other["base_url"]),
            *("--token-file", self.secret_file(other["refresh_token"])),
        )
        self.assertFalse(self.has_key())
        self.fails(CREDENTIALS, "needs the API key", "call", "ion.user.list")

    def simulate_another(self):
        folder, self.folder = self.folder, self.folder / "other"
        self.folder.mkdir()
        other = self.simulate("--customers", "5", "--seed", "2").credentials["ion"]
        self.folder = folder
        return other

    def test_what_does_not_fit(self):
        self.connected()
        self.fails(
            INVALID,
            "needs --api-key",
            "connect",
            "ion",
            "--name",
            "ion-test",
            "--api-secret-file",
            self.secret_file("secret-4714"),
        )
        self.fails(
            INVALID,
            "has no API keys",
            "connect",
            "stellr",
            "--region",
            "us",
            "--api-key",
            "x",
            "--client-id",
            "x",
            "--secret-file",
            self.secret_file("secret-4713"),
            "--api-secret-file",
            self.secret_file("secret-4714"),
        )
        self.fails(
            INVALID,
            "one secret only",
            "connect",
            "ion",
            "--name",
            "ion-test",
            "--api-key",
            "x",
            "--token-file",
            "-",
            "--api-secret-file",
            "-",
        )


class All(unittest.TestCase):
    def test_every_action_was_tried(self):
        if "ion.subscription.suspend" not in tried or "ion.order.list" not in tried:
            self.skipTest("only some of the tests were run")
        self.assertEqual(OF_ORDERS - tried, set())


def load_tests(loader, tests, pattern):
    cases = (Orders, SlowOrders, RenewalSetting, Recipes, ApiKeys, All)
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)


if __name__ == "__main__":
    main()
