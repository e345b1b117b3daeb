"""Calling Ion's actions from the command line, with the service itself beside it."""
import json
import urllib.parse

from ion_service import ACCOUNT, Service
from support import OK, TestCase

RULE = 7  # what rules, or the service, refuse to do (src/base/status.h)

tried = set()  # actions that a test of this process has called

# Those that test_ion_orders.py calls; test_ion_actions.py calls all others.
OF_ORDERS = {
    "ion.order.cancel",
    "ion.order.create",
    "ion.order.get",
    "ion.order.list",
    "ion.order.list-by-customer",
    "ion.seats.set",
    "ion.subscription.cancel",
    "ion.subscription.rename",
    "ion.subscription.resume",
    "ion.subscription.set-auto-renew",
    "ion.subscription.suspend",
}


class IonCase(TestCase):
    options = ("--knob", "order_delay_ms=0")

    def setUp(self):
        super().setUp()
        self.simulator = self.simulate("--customers", "12", "--subscriptions", "150", *self.options)
        self.ion = self.simulator.credentials["ion"]
        self.service = Service(self.ion)
        self.ok(
            *self.ion_options(self.simulator),
            "--api-key",
            self.ion["api_key"],
            "--api-secret-file",
            self.secret_file(self.ion["api_secret"]),
        )

    def words(self, action, arguments):
        tried.add(f"ion.{action}")
        words = ["call", f"ion.{action}"]
        for name, value in arguments.items():
            text = value if isinstance(value, str) else json.dumps(value)
            words += ["--set", f"{name}={text}"]
        return words

    def answer(self, action, /, *options, **arguments):
        return json.loads(self.ok(*self.words(action, arguments), *options).out)

    def refused(self, code, words, action, /, *options, **arguments):
        return self.fails(code, words, *self.words(action, arguments), *options)

    def buy(self, action, /, *options, code=OK, **arguments):
        result = self.run_stellion(*self.words(action, arguments), "--yes", *options)
        self.assertEqual(result.code, code, str(result))
        return result

    def subscriptions(self, **filters):
        query = urllib.parse.urlencode({"pagination.limit": 500, **filters})
        return self.service.get(f"{ACCOUNT}/subscriptions?{query}")["items"]

    def subscription(self, is_in_window=None):
        """An active one to Microsoft seats; bought just now when the window shall be open."""
        rows = [
            s
            for s in self.subscriptions(subscriptionStatus="ACTIVE")
            if s.get("mfgPartNumber", "").startswith("CFQ")
            and s["subscriptionBillingTerm"] == "P1Y"
        ]
        if not is_in_window:
            return min(rows, key=lambda s: s["cancellationAllowedUntilDate"])
        known = {s["id"] for s in self.subscriptions()}
        self.place(rows[0], action="CREATE", quantity=9, attributes={"domainName": "new.example"})
        return next(s for s in self.subscriptions() if s["id"] not in known)

    def order(self, subscription, **changes):
        attributes = changes.pop("attributes", {"operations": "updateSubscription"})
        item = {
            "action": "UPDATE",
            "productId": subscription["ccpProductId"],
            "skuId": subscription["ccpSkuId"],
            "planId": subscription["ccpPlanId"],
            "quantity": int(subscription["subscriptionTotalLicenses"]),
            "attributes": [{"name": n, "value": v} for n, v in attributes.items()],
        }
        if changes.get("action") != "CREATE":
            item["resourceId"] = subscription["subscriptionId"]
        return {**item, **changes}

    def place(self, subscription, **changes):
        status, answer = self.service.send(
            "POST",
            f"{ACCOUNT}/customers/{subscription['customerId']}/orders/",
            {"referenceId": "from-outside", "orderItems": [self.order(subscription, **changes)]},
        )
        self.assertEqual(status, 200, answer)
        return answer

    def fresh(self, subscription):
        return self.service.get(
            f"{ACCOUNT}/customers/{subscription['customerId']}/subscriptions/{subscription['id']}"
        )

    def of(self, subscription):
        return {"customerId": subscription["customerId"], "id": subscription["id"]}
