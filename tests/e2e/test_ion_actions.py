"""Every action of Ion from the command line, against the simulator: what it gives, and at least two
ways in which it fails; orders have a file of their own. And that the rows are the reference's,
where that is at hand."""
import csv
import datetime
import io
import re
import unittest
from decimal import Decimal

from ion_case import OF_ORDERS, RULE, IonCase, tried
from ion_service import ACCOUNT
from support import FORBIDDEN, INVALID, NOT_FOUND, OK, SHARED, TestCase, main

REFERENCE = SHARED / "reference" / "ion.md"

CUSTOMER = {
    "customerOrganization": "Blue Heron Dental Ltd",
    "customerAddress.street": "12 Harbour Lane",
    "customerAddress.city": "Northport",
    "customerAddress.state": "VA",
    "customerAddress.zip": "20101",
    "customerAddress.country": "US",
    "customerName": "Ada Moreno",
    "customerEmail": "ada@blueheron.example",
    "languageCode": "EN",
}


class Reading(IonCase):
    def test_customers(self):
        rows = self.answer("customer.list", "--all-pages", pageSize="5")
        self.assertEqual(len(rows), 12)
        one = rows[3]["name"].rsplit("/", 1)[-1]
        self.assertEqual(self.answer("customer.get", customerId=one), rows[3])
        mail = rows[3]["customerEmail"].upper()
        found = self.answer("customer.list", **{"filter.customerEmail": mail})["customers"]
        self.assertEqual(found, [rows[3]])
        self.refused(NOT_FOUND, "customers/1'", "customer.get", customerId="1")
        self.refused(INVALID, "customerId is missing", "customer.get")
        self.refused(FORBIDDEN, "accounts/70002", "customer.list", accountId="70002")
        self.refused(INVALID, "page_token", "customer.list", pageToken="!")

    def test_cloud_profiles(self):
        profiles = self.answer("customer.cloud-profiles", customerId="410001")
        self.assertEqual(len(profiles["customerCloudProfiles"]), 2)
        enabled = self.answer("customer.cloud-profiles", customerId="410001", enabledOnly="true")
        self.assertEqual(len(enabled["customerCloudProfiles"]), 1)
        self.refused(NOT_FOUND, "customers/1'", "customer.cloud-profiles", customerId="1")
        self.refused(
            FORBIDDEN, "70002", "customer.cloud-profiles", customerId="410001", accountId="70002"
        )
        one = self.answer("customer.cloud-profile", customerId="410001", providerId="30")
        tenant = enabled["customerCloudProfiles"][0]["customerTenantId"]
        self.assertEqual(one["companyProfile"]["tenantId"], tenant)
        self.refused(
            INVALID, "providerId is missing", "customer.cloud-profile", customerId="410001"
        )
        self.refused(NOT_FOUND, "404", "customer.cloud-profile", customerId="1", providerId="30")

    def test_products(self):
        rows = self.answer("product.list")["products"]
        self.assertGreater(len(rows), 3)
        part = "CFQ7TTC0LH18:0001:P1Y:M"
        found = self.answer("product.list", **{"filter.mfgPartNumber": part})["products"]
        self.assertEqual([p["id"] for p in found], ["Microsoft365EandFNCE-demonce"])
        none = self.answer("product.list", **{"filter.skuDisplayName": "Microsoft 365"})
        self.assertEqual(none["products"], [])  # as a whole only
        self.assertEqual(self.answer("product.get", productId=rows[0]["id"])["id"], rows[0]["id"])
        self.refused(NOT_FOUND, "products/None", "product.get", productId="None")
        self.refused(INVALID, "clientRole must be", "product.get", productId="x", clientRole="ME")
        self.refused(INVALID, "page_token", "product.list", pageToken="!")
        self.refused(FORBIDDEN, "70002", "product.list", accountId="70002")
        prices = self.answer(
            "product.pricing",
            externalProductWithProvider=[{"provider": "30", "externalProducts": [part, "none"]}],
        )
        self.assertEqual([p["productId"] for p in prices["plans"]], [part])
        self.refused(INVALID, "is not JSON", "product.pricing", externalProductWithProvider="x")
        self.refused(
            INVALID,
            "externalProductWithProvider is required",
            "product.pricing",
            "--body",
            "{}",
        )

    def test_lists_beside_the_products(self):
        for name in ("categories", "verticals", "charges"):
            self.assertEqual(len(self.answer(f"product.{name}")[name]), 1)
            self.refused(FORBIDDEN, "70002", f"product.{name}", accountId="70002")
            self.refused(INVALID, "no parameter limit", f"product.{name}", limit="3")
        program = self.answer("product.programs", productName="MSAZURE-demo")["programs"][0]
        self.assertFalse(program["productWasAdded"])
        self.refused(FORBIDDEN, "70002", "product.programs", accountId="70002")
        self.refused(INVALID, "no parameter product", "product.programs", product="x")

    def test_subscriptions(self):
        rows = self.answer("subscription.list", "--all-pages")
        self.assertEqual(len(rows), 150)
        self.assertEqual({s["subscriptionStatus"] for s in rows} & {"deleted"}, {"deleted"})
        one = rows[7]
        found = self.answer(
            "subscription.list", subscriptionId=one["subscriptionId"].upper(), totalLicense=""
        )
        self.assertEqual([s["id"] for s in found["items"]], [one["id"]])
        detail = self.answer("subscription.get", refresh="true", **self.of(one))
        by_guid = self.answer(
            "subscription.get", customerId=one["customerId"], id=one["subscriptionId"]
        )
        self.assertEqual(detail, by_guid)
        dates = [e["actionDate"] for e in detail["activityLogs"]["items"]]
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.refused(NOT_FOUND, "404", "subscription.get", customerId=one["customerId"], id="1")
        self.refused(NOT_FOUND, "404", "subscription.get", customerId="1", id=one["id"])
        self.refused(INVALID, "must be one of", "subscription.list", subscriptionStatus="odd")
        self.refused(FORBIDDEN, "70002", "subscription.list", accountId="70002")

    def test_templates(self):
        refs = self.answer("template.list", vendor="MICROSOFT", action="UPDATE")
        (one,) = refs["provisioningReferences"]["refs"]
        self.assertEqual(self.answer("template.get", templateId=one["id"]), one)
        self.assertEqual(len(self.answer("template.list")["provisioningReferences"]["refs"]), 3)
        self.refused(NOT_FOUND, "404", "template.get", templateId="nothing")
        self.refused(INVALID, "templateId is missing", "template.get")
        self.refused(INVALID, "vendor must be one of", "template.list", vendor="ACME")
        self.refused(FORBIDDEN, "70002", "template.list", accountId="70002")

    def test_who_may_use_the_token(self):
        answer = self.answer("oauth.validate-access")
        self.assertEqual(set(answer), {"access_expires_in", "refresh_expires_in"})
        self.refused(INVALID, "no parameter", "oauth.validate-access", token="x")
        self.simulator.stop()
        self.assertNotEqual(self.run_stellion("call", "ion.oauth.validate-access").code, OK)

    def test_any_request(self):
        path = f"{ACCOUNT}/products/categories"
        self.assertIn("categories", self.answer("request", path=path))
        enable = f"{ACCOUNT}/products/MSAZURE-demo:disable"
        self.assertEqual(self.answer("request", path=enable, method="POST"), {})
        self.refused(INVALID, "already disabled", "request", path=enable, method="POST")
        self.refused(NOT_FOUND, "404", "request", path="/api/v3/nothing")
        self.refused(INVALID, "must start with /", "request", path="api")


class Writing(IonCase):
    def test_customers(self):
        made = self.answer("customer.create", **CUSTOMER)
        self.assertEqual(made["user"]["userName"], "DEFAULT ACCOUNT USER")
        self.assertTrue(made["user"]["password"])
        self.assert_not_stored(made["user"]["password"])
        self.refused(RULE, "CUS-CR-001", "customer.create", **CUSTOMER)
        other = {**CUSTOMER, "customerEmail": "other@blueheron.example"}
        self.refused(RULE, "CUS-CR-002", "customer.create", **{**other, "languageCode": "QQ"})
        self.refused(INVALID, "customerName is missing", "customer.create", customerEmail="a@b")
        self.refused(INVALID, "orgName", "customer.create", "--body", '{"customerName":"A"}')
        no = made["name"].rsplit("/", 1)[-1]
        changed = {**CUSTOMER, "customerOrganization": "Blue Heron Group"}
        self.answer("customer.update", customerId=no, customerPhone="5550100200", **changed)
        again = self.answer("customer.update", customerId=no, **changed)
        self.assertEqual(again["customerOrganization"], "Blue Heron Group")
        self.assertNotIn("customerPhone", again)  # replaced as a whole
        self.assertEqual(again["uid"], made["uid"])
        self.refused(NOT_FOUND, "404", "customer.update", customerId="1", **changed)
        self.refused(INVALID, "customerAddress.zip is missing", "customer.update", customerId=no)

    def test_products_on_sale(self):
        self.assertEqual(self.answer("product.disable", productId="MSAZURE-demo"), {})
        self.refused(INVALID, "already disabled", "product.disable", productId="MSAZURE-demo")
        self.refused(NOT_FOUND, "404", "product.disable", productId="None")
        self.assertEqual(self.answer("product.enable", productId="MSAZURE-demo"), {})
        self.refused(INVALID, "already enabled", "product.enable", productId="MSAZURE-demo")
        self.refused(NOT_FOUND, "404", "product.enable", productId="None")

    def test_programs(self):
        answer = self.answer(
            "product.update-programs",
            productId="MSAZURE-demo",
            **{"product_programs.programName": "nce"},
        )
        self.assertTrue(answer["programs"][0]["productWasAdded"])
        self.refused(
            NOT_FOUND,
            "404",
            "product.update-programs",
            productId="None",
            **{"product_programs.programName": "nce"},
        )
        self.refused(INVALID, "programName is missing", "product.update-programs", productId="x")

    def test_carts_and_checkout(self):
        one = self.subscription()
        of = {"customerId": one["customerId"]}
        cart = self.answer("cart.create", status="OPEN", cartDisplayName="June", **of)
        of["cartId"] = cart["name"].rsplit("/", 1)[-1]
        plan = f"accounts/70001/products/{one['ccpProductId']}/plans/{one['ccpPlanId']}"
        item = self.answer("cart-item.create", planName=plan, quantity="2", **of)
        self.assertEqual(item["title"], one["ccpProductInfo"]["skuDisplayName"])
        at = {**of, "cartItemId": item["name"].rsplit("/", 1)[-1]}
        changed = self.answer("cart-item.update", planName=plan, quantity="3", **at)
        self.assertEqual(changed["quantity"], 3)
        self.assertEqual(self.answer("cart-item.get", **at), changed)
        self.assertEqual(self.answer("cart-item.list", **of)["cartitems"], [changed])
        self.assertEqual(self.answer("cart.get", **of)["totalItems"], 1)
        listed = self.answer("cart.list", customerId=one["customerId"], status="OPEN")["carts"]
        self.assertEqual([c["name"] for c in listed], [cart["name"]])
        self.answer("cart.update", status="QUOTE", **of)
        self.assertEqual(
            self.answer("cart.list", customerId=one["customerId"], status="OPEN")["carts"], []
        )
        known = len(self.subscriptions())
        self.buy("cart.checkout", totalCalculatedValue="13", **of)
        self.assertEqual(len(self.subscriptions()), known + 1)
        self.buy("cart.checkout", "--again", code=INVALID, **of)  # it is empty now
        missing = {"customerId": one["customerId"], "cartId": "1"}
        self.buy("cart.checkout", code=NOT_FOUND, **missing)
        self.carts_that_are_not_there(plan, of, missing)
        self.ok(*self.words("cart-item.delete", at))
        self.assertEqual(self.run_stellion(*self.words("cart.delete", of)).code, OK)

    def carts_that_are_not_there(self, plan, of, missing):
        item = {**missing, "cartItemId": "1"}
        there = {**of, "cartItemId": "1"}
        for name in ("get", "delete"):
            self.refused(NOT_FOUND, "carts/1", f"cart.{name}", **missing)
            self.refused(INVALID, "cartId is missing", f"cart.{name}", customerId="1")
            self.refused(NOT_FOUND, "carts/1", f"cart-item.{name}", **item)
            self.refused(NOT_FOUND, "cartItems/1", f"cart-item.{name}", **there)
        self.refused(NOT_FOUND, "carts/1", "cart.update", status="OPEN", **missing)
        self.refused(INVALID, "status must be", "cart.update", status="SHUT", **of)
        self.refused(NOT_FOUND, "customers/1", "cart.create", status="OPEN", customerId="1")
        self.refused(INVALID, "status is missing", "cart.create", customerId="410001")
        self.refused(NOT_FOUND, "customers/1", "cart.list", status="OPEN", customerId="1")
        self.refused(INVALID, "status is missing", "cart.list", customerId="410001")
        self.refused(NOT_FOUND, "carts/1", "cart-item.list", **missing)
        self.refused(INVALID, "cartId is missing", "cart-item.list", customerId="410001")
        body = {"planName": plan, "quantity": "2"}
        self.refused(NOT_FOUND, "carts/1", "cart-item.create", **body, **missing)
        self.refused(
            INVALID, "names no plan", "cart-item.create", **{**body, "planName": "x"}, **of
        )
        self.refused(NOT_FOUND, "cartItems/1", "cart-item.update", **body, **there)
        self.refused(INVALID, "quantity is missing", "cart-item.update", planName=plan, **there)


class Reports(IonCase):
    def test_definitions(self):
        (row,) = self.answer("report.list", module="REPORTS_REPORTS_MODULE")["reports"]
        self.assertNotIn("specs", row)
        whole = self.answer("report.get", reportId=row["reportId"], includeMetadata="true")
        self.assertEqual({k: v for k, v in whole.items() if k != "specs"}, row)
        self.assertEqual(self.answer("report.list", module="CACHING_REPORTS_MODULE")["reports"], [])
        self.refused(NOT_FOUND, "reports/1", "report.get", reportId="1")
        self.refused(INVALID, "reportId is missing", "report.get")
        self.refused(INVALID, "module must be", "report.list", module="MINE")
        self.refused(FORBIDDEN, "70002", "report.list", accountId="70002")
        saved = self.answer(
            "report.save", reportId="0", bodyReportId="0", displayName="Mine", specs={}
        )["reportId"]
        self.assertEqual(self.answer("report.get", reportId=saved)["displayName"], "Mine")
        self.refused(INVALID, "bodyReportId is missing", "report.save", reportId="0")
        self.refused(
            FORBIDDEN, "70002", "report.save", reportId="0", bodyReportId="0", accountId="70002"
        )
        self.assertEqual(self.answer("report.delete", reportId=saved), {})
        self.refused(NOT_FOUND, "404", "report.delete", reportId=saved)
        self.refused(INVALID, "reportId is missing", "report.delete")

    def test_csv_adds_up_with_the_subscriptions(self):
        answer = self.answer(
            "report.csv",
            reportId="52001",
            bodyReportId="52001",
            relativeDateRange="LAST_MONTH",
            selectedColumns=[
                {"id": "810059"},
                {"columnTemplateId": "azure_plan_billing.seller_cost"},
                {"columnTemplateId": "azure_plan_billing.seat_count"},
            ],
        )
        rows = list(csv.reader(io.StringIO(answer["results"])))
        month = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")
        self.assertEqual(rows[0], ["Subscription ID", "Seller Cost (USD)", "Seat Count"])
        self.assertEqual(answer["resultCount"], str(len(rows) - 1))
        charged = {row[0]: row[1:] for row in rows[1:]}
        n = 0
        for s in self.subscriptions(subscriptionStatus="active"):
            if s["subscriptionBillingCycle"] != "monthly" or s["currency"] != "USD":
                continue
            if s["subscriptionId"] not in charged:
                self.assertGreater(s["subscriptionStartDate"], month)  # it began later
                continue
            cost, seats = charged[s["subscriptionId"]]
            self.assertEqual(seats, s["subscriptionTotalLicenses"])
            self.assertEqual(Decimal(cost), Decimal(str(s["cost"])) * int(seats))
            n += 1
        self.assertGreater(n, 40)
        self.refused(NOT_FOUND, "404", "report.csv", reportId="1", bodyReportId="1")
        self.refused(INVALID, "bodyReportId is missing", "report.csv", reportId="52001")

    def test_other_forms(self):
        data = self.answer("report.data", reportId="52001")
        self.assertEqual(data["resultCount"], str(len(data["results"]["rows"])))
        csv_text = self.answer("report.csv-stream", reportId="52001")["data"]
        self.assertEqual(len(csv_text.splitlines()), len(data["results"]["rows"]) + 1)
        details = self.answer("report.details", reportId="52001")
        self.assertEqual(set(details), {"priceDetails", "costDetails"})
        self.assertIn("cacheTimestamp", self.answer("report.report", reportId="52001"))
        for name in ("data", "csv-stream", "details", "report"):
            self.refused(NOT_FOUND, "404", f"report.{name}", reportId="1")
            self.refused(INVALID, "reportId is missing", f"report.{name}")
        refreshed = self.answer("report.refresh-cache", providerId="30", reportId="52001")
        self.assertEqual(refreshed, {"reportIds": ["52001"]})
        self.refused(NOT_FOUND, "404", "report.refresh-cache", providerId="30", reportId="1")
        self.refused(INVALID, "reportId is missing", "report.refresh-cache", providerId="30")


class OlderVersions(IonCase):
    def test_customers(self):
        answer = self.answer("v1-customer.list", **{"filter[company:partial]": "%"})
        self.assertEqual(len(answer["data"]["customer"]), 12)
        one = answer["data"]["customer"][0]
        found = self.answer("v1-customer.list", **{"filter[company]": one["company"]})
        self.assertEqual(found["data"]["customer"], [one])
        got = self.answer("v1-customer.get", customerId=one["id"])
        self.assertEqual(got["data"]["customer"], one)
        self.assertEqual(len(self.answer("v1-customer.list", "--all-pages", limit="5")), 12)
        self.refused(NOT_FOUND, "customer not found", "v1-customer.get", customerId="1")
        self.refused(INVALID, "customerId is missing", "v1-customer.get")
        self.refused(INVALID, "must be one of", "v1-customer.list", **{"sort[company]": "up"})
        self.refused(INVALID, "pagination", "v1-customer.list", limit="x")

    def test_invoices(self):
        mine = self.answer("v1-invoice.list-mine", relations="lines")["data"]["invoice"]
        self.assertEqual(len(mine), 12)
        self.assertRegex(mine[0]["total"], r"^\d+\.\d\d$")
        bare = self.answer("v1-invoice.list-mine", relations="")["data"]["invoice"]
        self.assertNotIn("lines", bare[0])
        files = self.answer("v1-invoice.detailed", invoiceId=mine[0]["id"])
        self.assertEqual(len(files["data"]["invoice"]["detailedInvoiceFilesUrls"]), 1)
        of = {"source": "azure", "period": "m-1-2026", "customers": "410001"}
        self.buy("v1-invoice.generate", **of)
        self.buy("v1-invoice.generate", code=INVALID, **{**of, "period": "January"})
        self.buy("v1-invoice.generate", code=INVALID, **{**of, "customers": "1"})
        made = self.answer("v1-invoice.list", customerId="410001")["data"]["invoice"]
        self.assertEqual([i["billingStartDate"] for i in made], ["2026-01-01"])
        self.assertEqual(self.answer("v1-invoice.list", customerId="1")["data"]["invoice"], [])
        self.refused(INVALID, "no parameter customer", "v1-invoice.list", customer="1")
        self.refused(INVALID, "pagination", "v1-invoice.list", limit="x")
        self.refused(INVALID, "pagination", "v1-invoice.list-mine", offset="-1")
        self.refused(INVALID, "no parameter", "v1-invoice.list-mine", customerId="1")
        self.refused(NOT_FOUND, "invoice not found", "v1-invoice.detailed", invoiceId="1")
        self.refused(INVALID, "invoiceId is missing", "v1-invoice.detailed")

    def test_billing_reports(self):
        month = {"filter[date_range]": "m-10-2026"}
        tree = self.answer("v1-billing.azureplan", **month)
        line = tree["data"][0]["lines"][0]["lines"][0]["lines"][0]
        self.assertRegex(line["data"]["cost"], r"^\d+\.\d{10}$")
        one = tree["data"][-1]["entity"]["id"]
        only = self.answer("v1-billing.azureplan", **month, **{"filter[customer_id]": one})
        self.assertEqual(only["data"], tree["data"][-1:])
        for name in ("azureplan", "aws", "gcp"):
            self.assertTrue(self.answer(f"v1-billing.{name}", **month)["success"])
            self.refused(INVALID, "date_range] is missing", f"v1-billing.{name}")
            self.refused(
                INVALID, "must be m-", f"v1-billing.{name}", **{"filter[date_range]": "2026-10"}
            )

    def test_users(self):
        self.assertEqual(len(self.answer("user.list")["users"]), 1)
        person = {"userName": "Robin", "email": "robin@example.invalid", "userType": "OPS"}
        made = self.answer("user.create", **person)
        self.assertEqual(self.answer("user.list")["users"][1], made)
        self.refused(INVALID, "userType must be", "user.create", **{**person, "userType": "GOD"})
        self.refused(INVALID, "are required", "user.create", "--body", '{"userName":"x"}')
        self.refused(FORBIDDEN, "70002", "user.list", accountId="70002")
        self.refused(INVALID, "no parameter", "user.list", limit="1")


@unittest.skipUnless(REFERENCE.is_file(), f"the reference is not at {REFERENCE}")
class Rows(TestCase):
    def wanted(self):
        """(method, path) of the index of endpoints, placeholders as {}."""
        table = REFERENCE.read_text().split("### 3.0 Index")[1].split("\n### ")[0]
        wanted = set()
        for line in table.splitlines():
            cells = [c.strip() for c in line.replace("\\|", "!").split("|")[1:-1]]
            if len(cells) == 3 and re.match(r"[A-Z]\d", cells[0]) and "DERIVED" not in cells[2]:
                wanted |= self.endpoints(cells[0], cells[1])
        return {(m, re.sub(r"\{\w+\}", "{}", p)) for m, p in wanted}

    def endpoints(self, name, cell):
        """A row of the index names one endpoint, or several in a shorthand of its own."""
        customers = ACCOUNT.replace("70001", "{a}")
        carts = "/api/v3/customers/{c}/carts"
        items = carts + "/{k}/cartItems"
        report = customers + "/reports/{r}"
        v1 = "/api/v1"
        known = {
            "P7": {("POST", customers + f"/products/{{p}}:{v}") for v in ("enable", "disable")},
            "K1-K5": {("GET", carts), ("POST", carts)}
            | {(m, carts + "/{k}") for m in ("GET", "PUT", "DELETE")},
            "K7-K11": {("GET", items), ("POST", items)}
            | {(m, items + "/{i}") for m in ("GET", "PUT", "DELETE")},
            "R3": {("POST", report), ("DELETE", report)},
            "R6": {("POST", report + e) for e in ("/reportDataCsvStream", "/details", "/report")},
            "L1": {
                ("GET", v1 + e)
                for e in (
                    "/customers",
                    "/customers/{id}",
                    "/invoices",
                    "/invoices/myinvoices",
                    "/invoices/{id}/detailed",
                    "/reports/billing/azureplan",
                    "/reports/billing/aws",
                    "/reports/billing/gcp",
                )
            }
            | {("POST", v1 + "/invoices/generate")},
            "U1": {(m, "/api/v2/accounts/{a}/users") for m in ("GET", "POST")},
        }
        if name in known:
            for word in re.findall(r"`([^`]*)`", cell):  # the shorthand still says this
                last = re.split(r"[/:]", re.sub(r"/?\{[^/]*\}", "", word))[-1]
                self.assertTrue(any(last in p for _, p in known[name]), (name, word))
            return known[name]
        method, path = re.match(r"(\w+) `([^`?]+)", cell).groups()
        return {(method, path)}

    def test_methods_and_paths_are_the_reference_s_to_the_letter(self):
        rows = self.list("actions", "--api", "ion")
        ours = {
            (r["method"], re.sub(r"\{\w+\}", "{}", r["path"]))
            for r in rows
            if r["path"] and r["id"] != "ion.request"
        }
        tokens = {("POST", "/oauth/token")}  # how every call gets its token; no action
        wanted = self.wanted() - tokens
        self.assertGreater(len(wanted), 50)
        self.assertEqual(ours - wanted, set(), "rows that the reference has not")
        self.assertEqual(wanted - ours, set(), "endpoints without a row")


class All(TestCase):
    def test_every_action_was_tried(self):
        """Last: the tests above have called every row."""
        if "ion.user.create" not in tried or "ion.customer.list" not in tried:
            self.skipTest("only some of the tests were run")
        known = {row["id"] for row in self.list("actions", "--api", "ion")}
        self.assertEqual(known - tried, OF_ORDERS)


def load_tests(loader, tests, pattern):
    cases = (Reading, Writing, Reports, OlderVersions, Rows, All)
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)


if __name__ == "__main__":
    main()
