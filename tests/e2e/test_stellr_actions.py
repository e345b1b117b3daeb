"""Every action of Stellr from the command line against the simulator, with its success and at least
two of its failures; and the table of actions beside the reference's, where that is at hand."""
import json
import pathlib
import re
import unittest

from plain_client import Control, Stellr
from support import (
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    OK,
    REMOTE,
    SHARED,
    TestCase,
    main,
)

CONFLICT, RULE = 6, 7
REFERENCE = SHARED / "reference" / "stellr.md"
SKU_BASE, SKU_ADD_ON, SKU_GOOGLE = 9100221, 9100311, 9100381


class Actions(TestCase):
    options = ("--customers", "20", "--subscriptions", "400", "--knob", "op_delay_ms=0")

    def setUp(self):
        super().setUp()
        self.simulator = self.simulate(*self.options)
        self.control = Control(self.simulator.credentials["control"])
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.ok(*self.stellr_options(self.simulator))
        self.simulator.forget_journal()

    def words(self, action, arguments):
        words = ["call", action]
        for name, value in arguments.items():
            value = json.dumps(value) if isinstance(value, (list, dict)) else value
            words += ["--set", f"{name}={value}"]
        return words

    def answer(self, action, **arguments):
        """What it answers; for what costs money, the purchase."""
        extra = ["--yes", "--output", "json"] if action in MONEY else []
        return self.ok(*self.words(f"stellr.{action}", arguments), *extra).json()

    def refused(self, code, words, action, **arguments):
        extra = ["--yes"] if action in MONEY else []
        return self.fails(code, words, *self.words(f"stellr.{action}", arguments), *extra)

    def forbidden(self, action, **arguments):
        """The application lacks the permission: the second failure of every action (A-05)."""
        self.control.turn(permission_mask=f"stellr.{action}")
        self.refused(FORBIDDEN, ["HTTP 403 FORBIDDEN", "permission"], action, **arguments)
        self.control.turn(permission_mask="")

    def ids(self, line):
        return {"customerNo": line["customerNo"], "subscriptionId": line["subscriptionId"]}

    def pick(self, fits):
        for s in self.stellr.subscriptions():
            if s["status"] in (None, "Active") and s["vendorName"] == "Microsoft" and fits(s):
                return s
        self.fail("the world has no such subscription")

    def annual(self, **more):
        return self.pick(
            lambda s: "Annual commit, monthly" in s["productName"]
            and s["quantity"] > 3
            and all(s.get(k) == v for k, v in more.items())
        )

    def monthly(self):
        return self.pick(lambda s: "Monthly commit" in s["productName"])

    def bought(self, purchase):
        self.assertEqual(purchase["state"], "verified", purchase)
        return purchase


MONEY = {
    f"subscription.{verb}"
    for verb in (
        "activate cancel change-plan change-seats create create-addon downgrade reactivate suspend"
        " transfer update-renewal upgrade"
    ).split()
}


class Reading(Actions):
    """READ: success, what is not there, what is wrong, and no permission."""

    def test_customers(self):
        rows = self.answer("customer.list")["data"]["records"]
        self.assertEqual(len(rows), 20)
        part = self.answer("customer.list", name=rows[3]["domain"][:8], status="Active")
        self.assertIn(rows[3], part["data"]["records"])
        self.refused(INVALID, "pageSize from 1 to 200", "customer.list", pageSize=201)
        self.forbidden("customer.list")
        no = rows[3]["customerNo"]
        self.assertEqual(self.answer("customer.get", customerNo=no)["data"], rows[3])
        self.refused(NOT_FOUND, "No customer 5 belongs", "customer.get", customerNo=5)
        self.refused(NOT_FOUND, "HTTP 404", "customer.get", customerNo="../x:ü")
        self.forbidden("customer.get", customerNo=no)

    def test_subscriptions(self):
        line = self.annual()
        no = line["customerNo"]
        rows = self.answer("subscription.list", customerNo=no)["data"]["records"]
        self.assertIn(line, rows)
        self.assertEqual(
            self.answer("subscription.list", customerNo=no, vendorId="Nobody")["data"]["total"], 0
        )
        self.refused(NOT_FOUND, "No customer", "subscription.list", customerNo=1)
        self.forbidden("subscription.list", customerNo=no)
        self.assertEqual(self.answer("subscription.get", **self.ids(line))["data"], line)
        self.refused(
            NOT_FOUND,
            "No subscription 7_7",
            "subscription.get",
            customerNo=no,
            subscriptionId="7_7",
        )
        self.refused(INVALID, "subscriptionId is missing", "subscription.get", customerNo=no)
        self.forbidden("subscription.get", **self.ids(line))

    def test_the_list_of_the_reseller(self):
        all = self.ok("call", "stellr.reseller.subscriptions", "--all-pages").json()
        self.assertEqual(len(all), 400)
        self.refused(INVALID, "pageNo must be 1", "reseller.subscriptions", pageNo=0)
        self.forbidden("reseller.subscriptions")

    def test_transitions_and_renewals(self):
        line = self.annual(mfgPartNo="CFQ7TTC0LDPB:0001")
        azure = self.pick(lambda s: "Azure" in s["productName"])
        rows = self.answer("subscription.transition-products", **self.ids(line))["data"]["records"]
        self.assertIn(line["skuNo"] + 10, [x["skuNo"] for x in rows])
        for action in ("subscription.transition-products", "subscription.renewal-options"):
            self.refused(NOT_FOUND, "HTTP 404", action, customerNo=1, subscriptionId="1_1")
            self.forbidden(action, **self.ids(line))
        options = self.answer("subscription.renewal-options", **self.ids(line))["data"]
        self.assertEqual(options["currentSetting"]["skuNo"], line["skuNo"])
        self.refused(RULE, "NOT_ELIGIBLE", "subscription.renewal-options", **self.ids(azure))

    def test_change_logs(self):
        line = self.annual()
        of = {"customerNo": line["customerNo"], "contractNo": line["contractNo"]}
        rows = self.answer("subscription.change-logs", **of)["data"]["records"]
        self.assertIn(line["subscriptionId"], [x["subscriptionId"] for x in rows])
        none = self.answer("subscription.change-logs", **of, startDate="2999-01-01")
        self.assertEqual(none["data"]["total"], 0)
        self.refused(INVALID, "contractNo is missing", "subscription.change-logs", customerNo=1)
        wrong = {**of, "startDate": "yesterday"}
        self.refused(INVALID, "startDate must be a date", "subscription.change-logs", **wrong)
        wrong = {**of, "contractNo": "abc"}
        self.refused(INVALID, "contractNo must be a number", "subscription.change-logs", **wrong)
        self.forbidden("subscription.change-logs", **of)

    def test_operations(self):
        line = self.annual()
        self.answer("subscription.change-seats", **self.ids(line), quantity=line["quantity"] + 1)
        done = self.answer("operation.get", operationId="OP-9000001")["data"]
        self.assertEqual(
            (done["status"], done["result"]["quantity"]), ("Success", line["quantity"] + 1)
        )
        self.refused(NOT_FOUND, "no operation OP-1", "operation.get", operationId="OP-1")
        self.forbidden("operation.get", operationId="OP-9000001")

    def test_a_failed_operation_is_an_answer(self):
        line = self.annual()
        self.control.turn(fail_next=1)
        seats = {"quantity": line["quantity"] + 1}
        self.refused(
            RULE, "VENDOR_REJECTED", "subscription.change-seats", **self.ids(line), **seats
        )
        failed = self.answer("operation.get", operationId="OP-9000001")["data"]
        self.assertEqual((failed["status"], failed["errorCode"]), ("Failed", "VENDOR_REJECTED"))

    def test_vendors_and_products(self):
        vendors = self.answer("vendor.list")["data"]["records"]
        self.assertEqual([v["vendorId"] for v in vendors], ["Microsoft", "Google", "Cisco"])
        self.refused(INVALID, "pageSize", "vendor.list", pageSize=0)
        self.forbidden("vendor.list")
        some = {"vendorId": "Microsoft", "$search": "Premium"}
        rows = self.answer("product.list", **some)["data"]["records"]
        self.assertTrue(rows and all("Premium" in x["productName"] for x in rows))
        self.refused(NOT_FOUND, "vendor is not known", "product.list", vendorId="Nobody")
        self.refused(
            INVALID, "includeEOL must be one of", "product.list", vendorId="Cisco", includeEOL="yes"
        )
        self.forbidden("product.list", **some)
        one = rows[0]
        self.assertEqual(self.answer("product.get", productId=one["productId"])["data"], one)
        self.assertEqual(self.answer("product.get-by-sku", skuNo=one["skuNo"])["data"], one)
        for action, name in (("product.get", "productId"), ("product.get-by-sku", "skuNo")):
            self.refused(NOT_FOUND, "no product", action, **{name: 5})
            self.refused(INVALID, "must be a number", action, **{name: "x"})
            self.forbidden(action, **{name: 5})
        of = {"primaryProductId": one["productId"]}
        related = self.answer("product.related", **of)["data"]["records"]
        self.assertTrue(related and all(x["isAddOn"] for x in related))
        self.refused(NOT_FOUND, "no product 5", "product.related", primaryProductId=5)
        self.forbidden("product.related", **of)

    def test_google(self):
        of = {"customerNo": 700102, "transferToken": "sim-transfer-token"}
        rows = self.answer("product.google-transferable", **of)["data"]["records"]
        self.assertIn("ANNUAL_MONTHLY_PAY", [x["planName"] for x in rows])
        self.refused(
            INVALID, "transferToken is missing", "product.google-transferable", customerNo=700102
        )
        self.refused(
            RULE,
            "past its lifetime",
            "product.google-transferable",
            **{**of, "transferToken": "expired"},
        )
        self.forbidden("product.google-transferable", **of)

    def test_subscribed(self):
        line = self.annual()
        of = {"customerNo": line["customerNo"], "vendorId": "Microsoft"}
        rows = self.answer("subscribed.list", **of)["data"]["records"]
        self.assertIn(line["skuNo"], [x["skuNo"] for x in rows])
        self.refused(NOT_FOUND, "vendor is not known", "subscribed.list", **{**of, "vendorId": "X"})
        self.forbidden("subscribed.list", **of)

    def test_bills(self):
        invoices = self.answer("invoice.list")["data"]["records"]
        open = self.answer("invoice.list", status="Open")["data"]["records"]
        self.assertEqual(open, [x for x in invoices if x["status"] == "Open"])
        self.refused(INVALID, "fromDate must be a date", "invoice.list", fromDate="2026-13-01")
        self.forbidden("invoice.list")
        of = {"invoiceNo": invoices[0]["invoiceNo"]}
        lines = self.answer("invoice.report", **of, pageSize=200)["data"]["records"]
        self.assertEqual({x["invoiceNo"] for x in lines}, set(of.values()))
        self.refused(INVALID, "MISSING_PARAMETER", "invoice.report")
        self.refused(NOT_FOUND, "no invoice 1", "invoice.report", invoiceNo=1)
        self.forbidden("invoice.report", **of)
        month = invoices[-1]["billingPeriodStart"][:7]
        used = self.answer("consumption.azure", billingMonth=month)["data"]["records"]
        self.assertTrue(used and all(x["billingMonth"] == month for x in used))
        self.refused(INVALID, "billingMonth must be a month", "consumption.azure", billingMonth="x")
        self.forbidden("consumption.azure")

    def test_agreements(self):
        of = {"customerNo": 700101, "agreementType": "MCA"}
        self.assertTrue(self.answer("agreement.get", **of)["data"]["accepted"])
        self.refused(
            NOT_FOUND, "no such agreement", "agreement.get", **{**of, "agreementType": "Other"}
        )
        self.refused(NOT_FOUND, "No customer 3", "agreement.get", **{**of, "customerNo": 3})
        self.forbidden("agreement.get", **of)

    def test_accounts(self):
        of = {"customerNo": 700102, "vendorId": "Google"}
        rows = self.answer("vendor-account.list", **of)["data"]["records"]
        self.assertEqual([x["vendorId"] for x in rows], ["Google"])
        self.refused(INVALID, "pageNo must be", "vendor-account.list", pageNo="x")
        self.forbidden("vendor-account.list")

    def test_checks(self):
        of = {"vendorId": "Microsoft", "checkType": "domain", "domain": "free.onmicrosoft.com"}
        self.assertTrue(self.answer("vendor.check", **of)["data"]["valid"])
        taken = self.stellr.list("/api/v1/cloud/vendors/account")[1]["domain"]
        self.assertFalse(self.answer("vendor.check", **{**of, "domain": taken})["data"]["valid"])
        self.refused(INVALID, "no check shoe", "vendor.check", **{**of, "checkType": "shoe"})
        self.refused(NOT_FOUND, "not known", "vendor.check", **{**of, "vendorId": "Nobody"})
        self.forbidden("vendor.check", **of)

    def test_the_generic_request(self):
        of = {"path": "/api/v1/cloud/customers", "query": "pageNo=1&pageSize=2"}
        self.assertEqual(len(self.answer("request", **of)["data"]["records"]), 2)
        self.refused(NOT_FOUND, "HTTP 404", "request", path="/api/v1/cloud/quotes")
        self.refused(INVALID, "must start with /", "request", path="http://elsewhere.example/")
        self.refused(INVALID, "method must be one of", "request", path="/x", method="PATCH")

    def test_a_service_that_fails(self):
        self.control.fault("500@stellr.vendor.list")
        self.refused(REMOTE, "HTTP 500", "vendor.list")


class Writing(Actions):
    """WRITE: sent once, and what was written is there."""

    NEW = {
        "companyName": "Fernhill Accounting",
        "address1": "12 Beech Street",
        "city": "Denver",
        "state": "CO",
        "zipCode": "80203",
        "country": "US",
        "contactName": "Lena Orsk",
        "email": "lena@fernhill.example",
        "phone": "303-555-0175",
        "domain": "fernhill.example",
    }
    AGREED = {
        "dateAgreed": "2026-09-01",
        "primaryContact.firstName": "Lena",
        "primaryContact.lastName": "Orsk",
        "primaryContact.email": "lena@fernhill.example",
        "primaryContact.phone": "303-555-0175",
    }

    def new_customer(self):
        return self.answer("customer.create", **self.NEW)["data"]["customerNo"]

    def sent(self, start):
        return len(self.simulator.journal(start))

    def test_a_customer(self):
        no = self.new_customer()
        held = self.answer("customer.get", customerNo=no)["data"]
        self.assertEqual({k: held[k] for k in self.NEW}, self.NEW)
        self.assertEqual(self.sent("POST /stellr/api/v1/cloud/customers"), 1)
        self.refused(CONFLICT, "DUPLICATE", "customer.create", **self.NEW)
        self.refused(
            INVALID, "country must be", "customer.create", **{**self.NEW, "country": "USA"}
        )
        self.refused(
            INVALID, ["city is missing", "phone is missing"], "customer.create", companyName="X"
        )
        self.forbidden("customer.create", **self.NEW)

    def test_a_customer_by_a_body_of_ones_own(self):
        body = json.dumps(self.NEW)
        made = self.ok("call", "stellr.customer.create", "--body", body).json()
        self.assertEqual(made["data"]["status"], "Active")
        again = ["call", "stellr.request", "--path", "/api/v1/cloud/customers", "--method", "POST"]
        self.fails(CONFLICT, "DUPLICATE", *again, "--body", body)
        self.fails(INVALID, "not JSON", *again, "--body", "{")

    def test_an_agreement(self):
        of = {"customerNo": self.new_customer(), "agreementType": "MicrosoftCustomerAgreement"}
        self.assertFalse(self.answer("agreement.get", **of)["data"]["accepted"])
        self.assertTrue(self.answer("agreement.accept", **of, **self.AGREED)["data"]["accepted"])
        held = self.answer("agreement.get", **of)["data"]
        self.assertEqual(
            (held["dateAgreed"], held["primaryContact"]["lastName"]), ("2026-09-01", "Orsk")
        )
        wrong = {**of, "agreementType": "Other"}
        self.refused(NOT_FOUND, "no such agreement", "agreement.accept", **wrong, **self.AGREED)
        self.refused(INVALID, "primaryContact.phone is missing", "agreement.accept", **of)
        self.forbidden("agreement.accept", **of, **self.AGREED)

    def test_an_account(self):
        of = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": self.new_customer()}
        new = {**of, "isNewTenant": "true", "domainPrefix": "fernhill"}
        made = self.answer("vendor-account.upsert", **new, **{"contact.email": "l@f.example"})[
            "data"
        ]
        self.assertEqual(made["domain"], "fernhill.onmicrosoft.com")
        self.assert_not_stored(made["initialPassword"])
        rows = self.answer("vendor-account.list", customerNo=of["customerNo"])["data"]["records"]
        self.assertEqual([x["tenantId"] for x in rows], [made["tenantId"]])
        self.refused(INVALID, "tenantId or domain is missing", "vendor-account.upsert", **of)
        self.refused(
            INVALID, "accountType must be", "vendor-account.upsert", **{**of, "accountType": "X"}
        )
        taken = {**new, "customerNo": 700101}
        self.refused(CONFLICT, "another account", "vendor-account.upsert", **taken)
        self.forbidden("vendor-account.upsert", **new)


class Buying(Actions):
    """MONEY: through a purchase, and refused in the words of the service."""

    def now(self, line):
        return self.stellr.again(line)

    def test_seats(self):
        line = self.annual()
        of = self.ids(line)
        self.bought(self.answer("subscription.change-seats", **of, quantity=line["quantity"] + 2))
        self.assertEqual(self.now(line)["quantity"], line["quantity"] + 2)
        self.refused(
            RULE, "SEAT_REDUCTION_NOT_ALLOWED", "subscription.change-seats", **of, quantity=1
        )
        self.refused(INVALID, "quantity is missing", "subscription.change-seats", **of)
        self.forbidden("subscription.change-seats", **of, quantity=line["quantity"] + 3)
        self.assertEqual(self.now(line)["quantity"], line["quantity"] + 2)
        self.assertEqual(len(self.simulator.journal("POST /stellr/api/")), 3)

    def test_an_order(self):
        of = {"customerNo": self.annual()["customerNo"], "vendorId": "Microsoft"}
        lines = [{"skuNo": SKU_BASE, "quantity": 2}, {"skuNo": SKU_ADD_ON, "quantity": 1}]
        before = len(self.stellr.subscriptions())
        done = self.bought(self.answer("subscription.create", **of, subscriptions=lines))
        self.assertEqual([x["state"] for x in done["items"]], ["verified", "verified"])
        self.assertEqual(len(self.stellr.subscriptions()), before + 2)
        google = {**of, "vendorId": "Google"}
        two = [{"skuNo": SKU_GOOGLE, "quantity": 1}] * 2
        result = self.run_stellion(
            *self.words("stellr.subscription.create", {**google, "subscriptions": two}), "--yes"
        )
        self.assertNotEqual(result.code, OK, str(result))
        self.assertEqual(len(self.stellr.subscriptions()), before + 2)
        bad = [{"skuNo": SKU_BASE, "quantity": "many"}]
        self.refused(INVALID, "quantity must be", "subscription.create", **of, subscriptions=bad)
        self.forbidden(
            "subscription.create", **of, subscriptions=[{"skuNo": SKU_BASE, "quantity": 9}]
        )

    def test_an_add_on(self):
        line = self.annual(mfgPartNo="CFQ7TTC0LCHC:0002")
        of = {**self.ids(line), "skuNo": SKU_ADD_ON}
        done = self.bought(self.answer("subscription.create-addon", **of, quantity=2))
        id = done["items"][0]["subscription"]
        made = self.now({"customerNo": line["customerNo"], "subscriptionId": id})
        self.assertEqual((made["skuNo"], made["quantity"]), (SKU_ADD_ON, 2))
        over = line["quantity"] + 1
        self.refused(RULE, "no more seats", "subscription.create-addon", **of, quantity=over)
        base = {**of, "skuNo": SKU_BASE}
        self.refused(RULE, "no add-on", "subscription.create-addon", **base, quantity=1)
        self.forbidden("subscription.create-addon", **of, quantity=1)

    def test_a_transfer(self):
        of = {"customerNo": 700102, "vendorId": "Google", "transferToken": "t"}
        lines = [{"skuNo": SKU_GOOGLE, "quantity": 8, "planName": "ANNUAL_MONTHLY_PAY"}]
        self.bought(self.answer("subscription.transfer", **of, subscriptions=lines))
        other = {**of, "subscriptions": [{**lines[0], "quantity": 6}]}
        self.refused(
            RULE,
            "past its lifetime",
            "subscription.transfer",
            **{**other, "transferToken": "expired"},
        )
        self.refused(INVALID, "subscriptions is missing", "subscription.transfer", **of)
        self.forbidden("subscription.transfer", **of, subscriptions=[{**lines[0], "quantity": 5}])

    def test_the_life_of_one(self):
        line = self.monthly()
        of = self.ids(line)
        for verb, other in (
            ("suspend", "activate"),
            ("activate", None),
            ("cancel", "suspend"),
            ("reactivate", None),
        ):
            self.forbidden(f"subscription.{verb}", **of)
            self.bought(self.answer(f"subscription.{verb}", **of, reason="A test"))
            self.refused(
                NOT_FOUND, "9_9", f"subscription.{verb}", **{**of, "subscriptionId": "9_9"}
            )
        self.assertIn(self.now(line)["status"], (None, "Active"))

    def test_what_its_life_does_not_allow(self):
        line = self.annual()
        of = self.ids(line)
        self.refused(RULE, "CANCELLATION_WINDOW_CLOSED", "subscription.cancel", **of)
        ended = next(
            s for s in self.stellr.subscriptions() if s["status"] in ("Cancelled", "Expired")
        )
        for verb in ("activate", "reactivate", "suspend"):
            self.refused(RULE, "INVALID_STATE", f"subscription.{verb}", **self.ids(ended))

    def test_other_products(self):
        line = self.annual(mfgPartNo="CFQ7TTC0LDPB:0001")
        of = self.ids(line)
        lesser, greater = line["skuNo"] - 10, line["skuNo"] + 10
        self.refused(RULE, "NOT_ELIGIBLE", "subscription.upgrade", **of, targetSkuNo=lesser)
        self.refused(RULE, "first 7 days", "subscription.downgrade", **of, targetSkuNo=lesser)
        self.refused(INVALID, "targetSkuNo is missing", "subscription.upgrade", **of)
        self.refused(INVALID, "targetSkuNo is missing", "subscription.downgrade", **of)
        self.forbidden("subscription.upgrade", **of, targetSkuNo=greater)
        self.forbidden("subscription.downgrade", **of, targetSkuNo=lesser)
        self.bought(self.answer("subscription.upgrade", **of, targetSkuNo=greater))
        self.assertEqual(self.now(line)["skuNo"], greater)

    def test_a_lesser_product(self):
        line = self.pick(
            lambda s: "Monthly commit" in s["productName"] and s["mfgPartNo"] == "CFQ7TTC0LCHC:0002"
        )
        done = self.answer(
            "subscription.downgrade", **self.ids(line), targetSkuNo=line["skuNo"] - 10
        )
        self.bought(done)
        self.assertEqual(self.now(line)["skuNo"], line["skuNo"] - 10)

    def test_another_plan(self):
        line = self.annual()
        of = self.ids(line)
        self.refused(RULE, "NOT_ELIGIBLE", "subscription.change-plan", **of, targetSkuNo=SKU_GOOGLE)
        self.refused(INVALID, "no plan NEVER", "subscription.change-plan", **of, planName="NEVER")
        self.forbidden("subscription.change-plan", **of, targetSkuNo=line["skuNo"] + 1)
        self.bought(self.answer("subscription.change-plan", **of, targetSkuNo=line["skuNo"] + 1))
        self.assertEqual(self.now(line)["billingFrequency"], "annual")

    def test_a_renewal(self):
        line = self.annual(autoRenew=True)
        of = self.ids(line)
        done = self.answer("subscription.update-renewal", **of, renewType="NOT_RENEW")
        self.assertIn(done["state"], ("verified", "accepted"))
        self.assertEqual(self.now(line)["autoRenew"], False)
        wrong = {**of, "renewType": "NEW_PLAN"}
        self.refused(INVALID, "skuNo is missing", "subscription.update-renewal", **wrong)
        other = {**wrong, "skuNo": SKU_GOOGLE, "quantity": 1}
        self.refused(RULE, "NOT_ELIGIBLE", "subscription.update-renewal", **other)
        self.refused(
            INVALID, "renewType must be", "subscription.update-renewal", **of, renewType="X"
        )
        self.forbidden("subscription.update-renewal", **of, renewType="CURRENT_PLAN")


class Table(TestCase):
    def rows(self):
        return {
            x["id"]: x for x in self.ok("actions", "--api", "stellr", "--output", "json").json()
        }

    def test_each_row_is_run(self):
        """36 of the reference, two extras and whatever else; each is run by a test of this file."""
        names = set(self.rows())
        self.assertGreaterEqual(len(names), 38)
        text = pathlib.Path(__file__).read_text()
        self.assertEqual([n for n in names if f'"{n[7:]}"' not in text and n[7:] not in MONEY], [])

    @unittest.skipUnless(REFERENCE.is_file(), f"the reference is not at {REFERENCE}")
    def test_methods_and_paths_are_the_references(self):
        known, before = {}, ""
        for line in REFERENCE.read_text().splitlines():
            cells = [c.strip() for c in line.strip("|").split("|")]
            if not re.match(r"\| \d+ \|", line) or len(cells) != 5:
                continue
            path = re.match(r"`([^`]*)`", cells[4]).group(1)
            below = "/api/v1/customers/{customerNo}/subscriptions"
            known[int(cells[0])] = (
                cells[1],
                cells[2].rstrip("* "),
                cells[3],
                path.replace("…", below),
            )
        self.assertEqual(sorted(known), list(range(1, 37)))
        ours = sorted(
            (x["category"], x["title"], x["method"], x["path"])
            for x in self.rows().values()
            if re.match(r"stellr 4 no\. \d", x["source"])  # the others are extras
        )
        self.assertEqual(ours, sorted(known.values()))


if __name__ == "__main__":
    main()
