"""The rest of the simulator's Stellr, asked by a client that is not ours: bills that add up, the
accounts at vendors, products, and the conventions of all answers."""
import calendar
import datetime
from decimal import ROUND_HALF_UP, Decimal

from plain_client import Stellr
from stellr_case import StellrCase
from support import main


class Bills(StellrCase):
    def lines(self, **query):
        return self.stellr.list("/api/v1/cloud/invoice/report", **query)

    def test_every_invoice_is_the_sum_of_its_lines(self):
        exact = lambda number: Decimal(str(number))
        invoices = self.stellr.list("/api/v1/cloud/invoices")
        self.assertGreater(len(invoices), 12)
        for invoice in invoices:
            lines = self.lines(invoiceNo=invoice["invoiceNo"])
            for line in lines:
                self.assertEqual(exact(line["amount"]), exact(line["unitPrice"]) * line["quantity"])
                self.assertEqual(
                    exact(line["customerAmount"]), exact(line["customerPrice"]) * line["quantity"]
                )
                for key in ("unitPrice", "customerPrice"):
                    self.assertEqual(exact(line[key]), round(exact(line[key]), 2), line)
                period = (invoice["billingPeriodStart"], invoice["billingPeriodEnd"])
                self.assertTrue(period[0] <= line["chargeStartDate"] <= period[1], line)
            self.assertEqual(sum(exact(x["amount"]) for x in lines), exact(invoice["subTotal"]))
            self.assertEqual(
                exact(invoice["subTotal"]) + exact(invoice["tax"]), exact(invoice["total"])
            )
            self.assertEqual(
                exact(invoice["balance"]),
                0 if invoice["status"] == "Paid" else exact(invoice["total"]),
            )

    def test_a_month_of_a_line_that_did_not_change(self):
        invoice = self.stellr.list("/api/v1/cloud/invoices")[-3]
        for x in self.lines(invoiceNo=invoice["invoiceNo"]):
            if x["chargeType"] == "Recurring" and "monthly billing" in x["productName"]:
                same = [
                    y
                    for y in self.lines(invoiceNo=invoice["invoiceNo"], customerNo=x["customerNo"])
                    if y["subscriptionId"] == x["subscriptionId"]
                ]
                held = self.stellr.again(x)
                if len(same) == 1 and held["startDate"][:7] < x["chargeStartDate"][:7]:
                    self.assertEqual(x["unitPrice"], held["unitPrice"])
                    return
        self.fail("no such line")

    def test_what_is_bought_today_is_on_the_bill_of_this_month(self):
        line = self.annual()
        end = self.done(
            self.stellr.post(
                self.stellr.path_of(line, "changeSeats"), {"quantity": line["quantity"] + 5}
            )
        )
        today = datetime.date.fromisoformat(end["completedDatetime"][:10])
        days = calendar.monthrange(today.year, today.month)[1]
        part = Decimal(str(line["unitPrice"])) * (days - today.day + 1) / days
        price = part.quantize(Decimal("0.01"), ROUND_HALF_UP)
        self.control.advance(days=32)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        found = [
            (x["quantity"], x["chargeStartDate"], Decimal(str(x["unitPrice"])))
            for i in self.stellr.list("/api/v1/cloud/invoices")[-6:]
            for x in self.lines(invoiceNo=i["invoiceNo"], customerNo=line["customerNo"])
            if x["subscriptionId"] == line["subscriptionId"] and x["chargeType"] == "Prorate"
        ]
        self.assertIn((5, str(today), price), found)

    def test_filters(self):
        invoices = self.stellr.list("/api/v1/cloud/invoices")
        day = invoices[5]["invoiceDate"]
        self.assertEqual(
            self.stellr.list("/api/v1/cloud/invoices", fromDate=day, toDate=day),
            [x for x in invoices if x["invoiceDate"] == day],
        )
        self.assertEqual(
            self.stellr.list("/api/v1/cloud/invoices", status="Open"),
            [x for x in invoices if x["status"] == "Open"],
        )
        path = "/api/v1/cloud/invoice/report"
        self.refused(self.stellr.get(path, pageNo=1, pageSize=5), 400, "MISSING_PARAMETER")
        self.refused(self.stellr.get(path, invoiceNo="1"), 404, "NOT_FOUND")
        self.refused(self.stellr.get(path, fromDate="x", toDate="y"), 400, "INVALID_PARAMETER")
        self.assertEqual(
            self.stellr.get("/api/v1/cloud/invoices/" + invoices[0]["invoiceNo"]).status, 404
        )

    def test_azure(self):
        month = self.stellr.list("/api/v1/cloud/invoices")[-1]["billingPeriodStart"][:7]
        path = "/api/v1/cloud/consumption/azure/summary"
        used = self.stellr.list(path, billingMonth=month)
        self.assertGreater(len(used), 0)
        billed = {
            x["subscriptionId"]: x["amount"]
            for x in self.lines(fromDate=month + "-01", toDate="2999-01-01")
            if x["chargeType"] == "Usage" and x["chargeStartDate"][:7] == month
        }
        self.assertEqual({x["subscriptionId"]: x["resellerCost"] for x in used}, billed)
        one = used[0]["customerNo"]
        self.assertEqual(
            self.stellr.list(path, billingMonth=month, customerNo=one),
            [x for x in used if x["customerNo"] == one],
        )
        self.refused(self.stellr.get(path, billingMonth="May"), 400, "INVALID_PARAMETER")


class Accounts(StellrCase):
    PATH = "/api/v1/cloud/vendors/account"

    def test_the_first_password_is_shown_once(self):
        customer, _ = self.new_customer()
        body = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": customer}
        new = {**body, "isNewTenant": True, "domainPrefix": "fernhill"}
        made = self.stellr.post(self.PATH, new).data
        self.assertTrue(made["initialPassword"])
        row = self.stellr.list(self.PATH, customerNo=customer)[0]
        self.assertEqual(row["accountId"], made["accountId"])
        self.assertNotIn("initialPassword", row)
        self.assertNotIn(made["initialPassword"], (self.folder / "journal").read_text())
        other, _ = self.new_customer("Other Ltd")
        self.refused(self.stellr.post(self.PATH, {**new, "customerNo": other}), 409, "DUPLICATE")

    def test_an_existing_tenant_has_to_agree(self):
        customer, _ = self.new_customer()
        body = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": customer}
        self.refused(self.stellr.post(self.PATH, body), 400, "MISSING_PARAMETER")
        made = self.stellr.post(self.PATH, {**body, "domain": "there.onmicrosoft.com"}).data
        self.assertEqual(made["relationshipStatus"], "Pending")
        self.assertIn("https://", made["authorizeRelationshipUrl"])
        self.control.advance(minutes=11)
        self.assertEqual(
            self.stellr.list(self.PATH, customerNo=customer)[0]["relationshipStatus"], "Authorized"
        )

    def test_whose_account(self):
        post = lambda **body: self.stellr.post(self.PATH, body)
        self.refused(post(vendorId="Microsoft"), 400, "MISSING_PARAMETER")
        self.refused(post(accountType="Other", vendorId="Microsoft"), 400, "INVALID_PARAMETER")
        self.refused(post(accountType="Reseller", vendorId="Cisco"), 400, "INVALID_PARAMETER")
        self.refused(post(accountType="Customer", vendorId="Google"), 400, "MISSING_PARAMETER")
        self.refused(
            post(accountType="Customer", vendorId="Google", customerNo=1), 404, "NOT_FOUND"
        )
        google = self.stellr.list(self.PATH, vendorId="Google")
        self.assertEqual({x["vendorId"] for x in google}, {"Google"})
        mine = self.stellr.list(self.PATH, accountType="Reseller")
        self.assertEqual([x["customerNo"] for x in mine], [None])

    def test_checks(self):
        check = lambda vendor, kind, **body: self.stellr.post(
            f"/api/v1/cloud/vendors/{vendor}/check/{kind}", body
        )
        taken = self.stellr.list(self.PATH, vendorId="Microsoft")[1]["domain"]
        self.assertEqual(check("Microsoft", "domain", domain=taken).data["valid"], False)
        self.assertEqual(
            check("Microsoft", "domain", domain="free.onmicrosoft.com").data,
            {
                "vendorId": "Microsoft",
                "checkType": "domain",
                "value": "free.onmicrosoft.com",
                "valid": True,
                "message": None,
            },
        )
        self.refused(check("Microsoft", "shoe-size"), 400, "INVALID_PARAMETER")
        self.refused(check("Microsoft", "domain"), 400, "MISSING_PARAMETER")
        self.refused(check("Nobody", "domain"), 404, "NOT_FOUND")
        for vendor, kind, body in (
            ("Microsoft", "tenant", {"tenantId": "no"}),
            ("Microsoft", "mpn", {"mpnId": "12"}),
            ("Microsoft", "address", {"zipCode": "1"}),
            ("Google", "transferToken", {"transferToken": "expired-1"}),
        ):
            self.assertEqual(check(vendor, kind, **body).data["valid"], False, kind)

    def test_customers(self):
        customer, body = self.new_customer()
        held = self.stellr.get(f"/api/v1/cloud/customers/{customer}").data
        self.assertEqual({k: held[k] for k in body}, body)
        self.assertEqual(self.stellr.list("/api/v1/cloud/customers")[-1], held)
        self.refused(self.stellr.post("/api/v1/cloud/customers", body), 409, "DUPLICATE")
        for name in body:
            if name not in ("domain",):
                less = {k: v for k, v in body.items() if k != name}
                answer = self.stellr.post("/api/v1/cloud/customers", less)
                self.refused(answer, 400, "MISSING_PARAMETER")
                self.assertIn(name, answer.data["errorMessage"])
        self.refused(
            self.stellr.post("/api/v1/cloud/customers", {**body, "country": "USA"}),
            400,
            "INVALID_PARAMETER",
        )


class Products(StellrCase):
    def test_one_by_number_and_by_sku(self):
        listed = self.stellr.list("/api/v2/vendors/Microsoft/cloud/products")
        for product in listed[:5]:
            by_id = self.stellr.get(f"/api/v1/cloud/products/{product['productId']}").data
            by_sku = self.stellr.get(f"/api/v1/cloud/products/skuNo/{product['skuNo']}").data
            self.assertEqual((by_id, by_sku), (product, product))
        self.refused(self.stellr.get("/api/v1/cloud/products/1"), 404, "NOT_FOUND")
        self.refused(self.stellr.get("/api/v1/cloud/products/skuNo/x"), 400, "INVALID_PARAMETER")
        images = f"/api/v1/cloud/products/{listed[0]['productId']}/images"
        self.assertEqual(self.stellr.get(images).status, 404)

    def test_related_ones_are_add_ons(self):
        related = self.stellr.list("/api/v1/cloud/products/80221/related")
        self.assertEqual({x["isAddOn"] for x in related}, {True})
        self.assertEqual(
            self.stellr.list(f"/api/v1/cloud/products/{related[0]['productId']}/related"), []
        )
        self.refused(self.stellr.get("/api/v1/cloud/products/1/related"), 404, "NOT_FOUND")

    def test_of_google(self):
        path = "/api/v1/vendors/Google/cloud/products/transferable"
        customer = self.stellr.list("/api/v1/cloud/customers")[1]
        by_no = self.stellr.list(path, customerNo=customer["customerNo"], transferToken="t")
        by_domain = self.stellr.list(path, domain=customer["domain"], transferToken="t")
        self.assertEqual(by_no, by_domain)
        self.assertGreater(len(by_no), 0)
        self.refused(self.stellr.get(path, transferToken="t"), 400, "MISSING_PARAMETER")
        self.refused(self.stellr.get(path, domain=customer["domain"]), 400, "MISSING_PARAMETER")
        self.refused(self.stellr.get(path, domain="x", transferToken="t"), 404, "NOT_FOUND")

    def test_who_uses_what(self):
        line = self.annual()
        rows = self.stellr.list(
            f"/api/v1/customers/{line['customerNo']}/vendors/Microsoft/subscribed/products"
        )
        self.assertIn(line["skuNo"], [x["skuNo"] for x in rows])
        for x in rows:
            self.assertEqual(
                x["assignedQuantity"] + x["availableQuantity"], x["subscribedQuantity"]
            )
            self.assertEqual(len(x["users"]), x["assignedQuantity"])


class Conventions(StellrCase):
    def test_ids_and_money_as_text(self):
        self.control.turn(ids_as_text=True, money_as_text=True)
        line = self.annual_text()
        for key in ("customerNo", "contractNo", "skuNo", "productId", "unitPrice", "customerPrice"):
            self.assertIsInstance(line[key], str, key)
        self.assertRegex(line["unitPrice"], r"\A\d+\.\d\d\Z")
        self.assertIsInstance(line["quantity"], int)

    def annual_text(self):
        return self.stellr.subscriptions()[0]

    def test_pages(self):
        path = "/api/v1/cloud/customers"
        self.assertEqual(self.stellr.get(path).data, {"total": 0, "records": []})  # REAL
        self.assertEqual(self.stellr.get(path, pageNo=1).data["total"], 0)
        for query in ({"pageNo": 0, "pageSize": 5}, {"pageNo": 1, "pageSize": 201}):
            self.refused(self.stellr.get(path, **query), 400, "INVALID_PARAMETER")
        past = self.stellr.get(path, pageNo=9, pageSize=20).data
        self.assertEqual(past, {"total": 20, "records": []})
        self.control.turn(drop_paging_quirk=True)
        self.assertEqual(len(self.stellr.get(path).data["records"]), 20)

    def test_with_another_resellers_credential_everything_is_empty(self):
        line = self.annual()
        self.control.turn(scope_mismatch=True)
        for path in (
            "/api/v1/cloud/customers",
            "/api/v1/cloud/subscriptions",
            "/api/v1/cloud/invoices",
            f"/api/v1/customers/{line['customerNo']}/subscriptions",
        ):
            self.assertEqual(self.stellr.list(path), [])
        self.assertEqual(self.stellr.get(self.stellr.path_of(line)).status, 404)

    def test_one_customer_fails(self):
        line = self.annual()
        self.control.turn(fail_customer=str(line["customerNo"]))
        self.refused(self.stellr.get(self.stellr.path_of(line)), 500, "INTERNAL_ERROR")

    def test_the_cloud_in_the_path(self):
        line = self.annual()
        path = self.stellr.path_of(line).replace("/customers/", "/cloud/customers/")
        self.assertEqual(self.stellr.get(path).data, line)
        self.control.turn(cloud_alias=False)
        self.assertEqual(self.stellr.get(path).status, 404)


if __name__ == "__main__":
    main()
