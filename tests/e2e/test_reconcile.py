"""The comparison against a calculation of its own: from the pages of the simulator and the lines of
the bill, in Python's decimals, sharing nothing with the program but the rules as people read them
(src/reconcile/reconcile.h)."""
import collections
import csv
import io
import json
import urllib.parse
import urllib.request
from decimal import ROUND_HALF_UP, Decimal

from support import INVALID, OddRemote, TestCase, main

JSON = {"Content-Type": "application/json"}
FINEST = Decimal("0.00000001")
MONTHS = {"month": 1, "monthly": 1, "annual": 12, "annually": 12, "yearly": 12}
ENDED = {"deleted", "cancelled", "canceled", "expired", "terminated"}
PENDING = {"pending"}


def fine(amount):
    return amount.quantize(FINEST, ROUND_HALF_UP)


def fetch(url, token=None, form=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
        return json.loads(answer.read(), parse_float=Decimal)


def stellr_pages(base, path, token):
    number, records = 1, []
    while True:
        data = fetch(f"{base}{path}?pageNo={number}&pageSize=100", token)["data"]
        records += data["records"]
        if len(records) >= data["total"]:
            return records
        number += 1


def stellr_lines(c):
    """(customer, part, product, quantity, cost, price, currency, cycle, status)"""
    token = fetch(
        c["token_url"],
        form={
            "grant_type": "client_credentials",
            "client_id": c["client_id"],
            "client_secret": c["client_secret"],
        },
    )["access_token"]
    for customer in stellr_pages(c["base_url"], "/api/v1/cloud/customers", token):
        path = f"/api/v1/customers/{customer['customerNo']}/subscriptions"
        for s in stellr_pages(c["base_url"], path, token):
            yield (
                customer["companyName"],
                s["mfgPartNo"],
                s["productName"],
                s["quantity"],
                s["unitPrice"],
                s["customerPrice"],
                s["currency"],
                s["billingFrequency"],
                s["status"],
            )


def ion_lines(c, token):
    offset, base = 0, f"{c['base_url']}/api/v3/accounts/{c['account_id']}/subscriptions"
    while True:
        page = fetch(f"{base}?pagination.limit=100&pagination.offset={offset}", token)
        for s in page["items"]:
            yield (
                s["customerName"],
                s.get("mfgPartNumber"),
                s["subscriptionName"],
                int(s["subscriptionTotalLicenses"]),
                s["cost"],
                s["price"],
                s["currency"],
                s["subscriptionBillingCycle"],
                s["subscriptionStatus"],
            )
        offset += len(page["items"])
        if offset >= page["paginationResponse"]["totalSize"]:
            return


class Position:
    def __init__(self):
        self.live = self.suspended = 0
        self.billed = Decimal(0)
        self.charged_money = collections.Counter()
        self.suggested_money = collections.Counter()
        self.billed_money = collections.Counter()
        self.apart = collections.Counter()

    def findings(self):
        """{rule: (seats, money)}, money at 10^-8 in the one currency that it is known in."""
        charged, found = Decimal(self.live + self.suspended), {}

        def worth(money, seats, whole):
            if len(money) != 1 or not whole:
                return None
            return fine(next(iter(money.values())) * seats / whole)

        if self.billed and charged:
            difference = charged - self.billed
            value = worth(self.billed_money, abs(difference), self.billed)
            if difference > 0:
                found["billed-too-few"] = (difference, value)
            if difference < 0:
                found["billed-too-many"] = (-difference, value)
            common = min(charged, self.billed)
            cost = worth(self.charged_money, common, charged)
            revenue = worth(self.billed_money, common, self.billed)
            if self.charged_money.keys() == self.billed_money.keys() and revenue < cost:
                found["negative-margin"] = (common, cost - revenue)
        elif charged:
            found["not-billed"] = (charged, worth(self.suggested_money, charged, charged))
        elif self.billed and not (
            self.apart["usage"] or self.apart["one_time"] or self.apart["pending"]
        ):
            found["no-subscription"] = (self.billed, worth(self.billed_money, 1, 1))
        if self.suspended and self.billed > self.live:
            seats = min(self.billed - self.live, Decimal(self.suspended))
            found["suspended-billed"] = (seats, worth(self.billed_money, seats, self.billed))
        return found


def service_key(part, product):
    """Product and SKU of a Microsoft part number; other makers' whole; else the name."""
    if part and part.startswith(("CFQ7TTC0", "DG7GMGF0", "DZH318Z0")):
        return ":".join(part.split(":")[:2])
    return part or product.lower()


def calculate(lines, bill):
    positions = collections.defaultdict(Position)
    for customer, part, product, quantity, cost, price, currency, cycle, status in lines:
        p = positions[customer, service_key(part, product)]
        word = (status or "active").lower()
        if word in ENDED:
            p.apart["ended"] += 1
        elif "azure plan" in product.lower():
            p.apart["usage"] += 1
        elif cycle == "one_time":
            p.apart["one_time"] += 1
        elif word in PENDING:
            p.apart["pending"] += 1
        else:
            if word == "suspended":
                p.suspended += quantity
            else:
                assert word == "active", word
                p.live += quantity
            p.charged_money[currency] += fine(Decimal(cost) * quantity / MONTHS[cycle])
            p.suggested_money[currency] += fine(Decimal(price) * quantity / MONTHS[cycle])
    for line in bill:
        p = positions[line["Company"], service_key(line["Part number"], line["Product"])]
        quantity = Decimal(line["Quantity"])
        if line["Part number"].startswith("DZH318Z0") or line["Billing period"] == "one-time":
            continue  # no seats on either side
        p.billed += quantity
        p.billed_money[line["Currency"]] += fine(
            quantity * Decimal(line["Unit price"]) / MONTHS[line["Billing period"]]
        )
    return positions


def money_of(rows):
    return {row["currency"]: row["amount"] for row in rows}


class Reconciling(TestCase):
    def compare(self, *options):
        simulator = self.simulate(*options)
        self.connect_both(simulator)
        self.ok("sync")
        out = self.ok("reconcile", "--bill", simulator.bill, "--output", "json").out
        result = json.loads(out, parse_float=Decimal, parse_int=Decimal)
        # The second client signs in with the secret of its own, and uses our token for Ion: a
        # refresh token works once.
        token = self.ion_token(simulator)
        lines = [
            *stellr_lines(simulator.credentials["stellr"]),
            *ion_lines(simulator.credentials["ion"], token),
        ]
        with open(simulator.bill, encoding="utf-8", newline="") as file:
            positions = calculate(lines, csv.DictReader(file))
        return self.check(result, positions)

    def ion_token(self, simulator):
        """A simulator of the same seed on another port would know other tokens: start anew."""
        simulator.restart(*self.options)
        form = {
            "grant_type": "refresh_token",
            "refresh_token": simulator.credentials["ion"]["refresh_token"],
        }
        return fetch(simulator.credentials["ion"]["base_url"] + "/oauth/token", form=form)[
            "access_token"
        ]

    def check(self, result, expected):
        rules = collections.Counter()
        sums = collections.defaultdict(collections.Counter)
        totals = collections.Counter(), collections.Counter()
        got = {}
        for p in result["positions"]:
            key = p["customer"], service_key(p["part_number"], p["service"])
            self.assertNotIn(key, got)
            got[key] = p
        self.assertEqual(set(got), set(expected))
        for key, e in expected.items():
            p = got[key]
            self.assertEqual(p["charged"]["live_seats"], e.live, key)
            self.assertEqual(p["charged"]["suspended_seats"], e.suspended, key)
            self.assertEqual(money_of(p["charged"]["per_month"]), dict(e.charged_money), key)
            self.assertEqual(p["billed"]["seats"], e.billed, key)
            self.assertEqual(money_of(p["billed"]["per_month"]), dict(e.billed_money), key)
            for kind in ("ended", "pending", "usage", "one_time"):
                self.assertEqual(p["apart"][kind], e.apart[kind], (key, kind))
            findings = {f["rule"]: (f["seats"], f["money_per_month"]) for f in p["findings"]}
            self.assertEqual(findings, e.findings(), key)
            for f in p["findings"]:
                self.assertTrue(f["evidence"] and f["advice"])
                rules[f["rule"]] += 1
                sums[f["rule"]][f["currency"]] += f["money_per_month"]
            totals[0].update(e.charged_money)
            totals[1].update(e.billed_money)
        self.assertEqual(money_of(result["totals"]["charged_per_month"]), dict(totals[0]))
        self.assertEqual(money_of(result["totals"]["billed_per_month"]), dict(totals[1]))
        for row in result["totals"]["findings"]:
            self.assertEqual(row["count"], rules[row["rule"]])
            self.assertEqual(money_of(row["per_month"]), dict(sums[row["rule"]]))
        return rules

    def test_the_demo_world_is_right_to_the_cent(self):
        self.options = ()
        rules = self.compare()
        self.assertEqual(
            set(rules),
            {
                "billed-too-few",
                "billed-too-many",
                "not-billed",
                "no-subscription",
                "negative-margin",
                "suspended-billed",
            },
        )

    def test_a_larger_world_of_another_seed(self):
        self.options = ("--seed", "7", "--customers", "60", "--subscriptions", "900")
        rules = self.compare(*self.options)
        self.assertGreater(sum(rules.values()), 100)


class Sides(TestCase):
    def test_a_side_without_data_says_so_and_is_not_0(self):
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        self.ok("sync")
        out = self.ok("reconcile").out
        self.assertIn("bill: none imported, no data", out)
        self.assertIn("billed to customers         no data", out)
        self.assertIn("Differences: not known", out)
        totals = self.list("reconcile")["totals"]
        self.assertEqual((totals["has_charged"], totals["has_billed"]), (True, False))
        self.assertEqual(totals["agreeing"], 0)
        self.assertEqual(sum(row["count"] for row in totals["findings"]), 0)
        self.assertTrue(all(p["billed"] is None for p in self.list("reconcile")["positions"]))

    def test_adding_up_the_csv_gives_the_totals(self):
        """A position with two findings stands on two rows, and counts once."""
        simulator = self.simulate("--customers", "40", "--subscriptions", "600")
        self.connect_both(simulator)
        self.ok("sync")
        out = self.ok("reconcile", "--bill", simulator.bill, "--output", "csv").out
        rows = list(csv.DictReader(io.StringIO(out)))
        result = self.list("reconcile")
        self.assertTrue(any(len(p["findings"]) > 1 for p in result["positions"]))
        self.assertGreater(len(rows), len(result["positions"]))
        for column in ("charged_seats", "billed_seats"):
            total = sum(Decimal(row[column]) for row in rows if row[column])
            self.assertEqual(total, result["totals"][column])

    def test_what_cannot_be_compared_is_no_agreement(self):
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        self.ok("sync")
        self.assertNotEqual(self.list("reconcile", "--only-differences")["positions"], [])

    def test_a_bill_alone_finds_nothing_wrong(self):
        simulator = self.simulate()
        out = self.ok("reconcile", "--bill", simulator.bill).out
        self.assertIn("charged by the distributor  no data", out)
        self.assertIn("stellion sync", out)
        totals = self.list("reconcile")["totals"]
        self.assertEqual(sum(row["count"] for row in totals["findings"]), 0)

    def test_a_connection_that_was_never_synced_is_named(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        self.ok("sync", "--connection", "stellr-test")
        self.assertIn("ion-test: never synced", self.ok("reconcile", "--bill", simulator.bill).out)
        sides = {c["name"]: c["synced_at"] for c in self.list("reconcile")["connections"]}
        self.assertIsNone(sides["ion-test"])
        self.assertIsNotNone(sides["stellr-test"])

    def test_a_person_s_mapping_joins_what_is_spelt_otherwise(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        self.ok("sync")
        self.ok("reconcile", "--bill", simulator.bill)
        before = self.list("reconcile")["totals"]
        self.assertEqual(before["customers_without_bill"], 1)
        name = next(
            c["name"]
            for c in self.list("customers", "--connection", "bill")
            if c["name"].endswith(".")
        )
        account = next(c for c in self.list("customers") if c["company_name"] == name[:-1])
        self.ok("map", "account", f"{account['connection']}/{account['id']}", name)
        after = self.list("reconcile")["totals"]
        self.assertEqual(after["customers_without_bill"], 0)
        self.assertLess(
            sum(f["count"] for f in after["findings"]), sum(f["count"] for f in before["findings"])
        )

    def test_options_that_make_no_sense_are_refused(self):
        self.fails(INVALID, "no option --bil", "reconcile", "--bil", "x")
        self.fails(INVALID, "usage", "reconcile", "what")


class Lines(TestCase):
    """One customer with one service, and bills that are written in odd ways."""

    HEADER = "Company,Product,Part number,Quantity,Unit price,Currency,Billing period\n"

    def charge(self, *quantities):
        records = [
            {
                "subscriptionId": f"77_{n}",
                "productName": "M365",
                "mfgPartNo": "CFQ7TTC0LH18:0001",
                "quantity": quantity,
                "unitPrice": 10,
                "customerPrice": 12,
                "currency": "USD",
                "billingFrequency": "month",
                "status": "Active",
            }
            for n, quantity in enumerate(quantities)
        ]

        def answer(path):
            rows = [{"customerNo": 77, "name": "Contoso"}]
            if path.endswith("/token"):
                return 200, JSON, b'{"access_token":"T","expires_in":7200}'
            if "subscriptions" in path:
                rows = records
            body = json.dumps({"data": {"total": len(rows), "records": rows}})
            return 200, JSON, body.encode()

        remote = OddRemote(answer)
        self.addCleanup(remote.close)
        self.ok(*self.odd_options(remote.url))
        self.ok("sync")

    def compare(self, *lines):
        bill = self.folder / "bill.csv"
        rows = "".join(f"Contoso,M365,CFQ7TTC0LH18:0001,{line}\n" for line in lines)
        bill.write_text(self.HEADER + rows)
        out = self.ok("reconcile", "--bill", bill, "--output", "json").out
        (position,) = json.loads(out, parse_float=str, parse_int=str)["positions"]
        return position, {f["rule"]: f for f in position["findings"]}

    def test_a_one_time_line_does_not_hide_the_monthly_ones(self):
        self.charge(20)
        for lines in (
            ("1,99,USD,one-time", "20,15,USD,monthly"),
            ("20,15,USD,monthly", "1,99,USD,one-time"),
        ):
            position, findings = self.compare(*lines)
            self.assertEqual((position["billed"]["seats"], findings), ("20", {}), lines)

    def test_lines_without_a_price_do_not_dilute_it(self):
        self.charge(20)
        _, findings = self.compare("10,15,USD,monthly", "5,,,monthly")
        self.assertEqual(findings["billed-too-few"]["money_per_month"], "75")

    def test_a_fraction_of_a_seat_is_valued_exactly(self):
        self.charge(20)
        _, findings = self.compare("0.0019,15,USD,monthly")
        self.assertEqual(findings["billed-too-few"]["money_per_month"], "299.9715")

    def test_what_is_no_number_of_seats_is_not_added_up(self):
        self.charge(2**63 - 1, 2**63 - 1, 5)
        position, findings = self.compare("5,15,USD,monthly")
        self.assertEqual((position["charged"]["seats"], findings), ("5", {}))
        self.assertIn("Seats that cannot be read: 2", self.ok("reconcile").out)

    def test_a_term_is_not_what_a_price_covers(self):
        self.charge(20)
        bill = self.folder / "bill.csv"
        bill.write_text("Company,Product,SKU,Qty,Price,Currency,Term\n")
        with open(bill, "a") as file:
            file.write("Contoso,M365,CFQ7TTC0LH18:0001,20,15,USD,Annual\n")
        result = self.ok("reconcile", "--bill", bill, "--output", "json").json()
        self.assertEqual(result["positions"][0]["findings"], [])

    def test_no_marketplace_takes_the_name_of_the_bill(self):
        options = self.odd_options("http://127.0.0.1:1", name="bill")
        self.fails(INVALID, "the bill's own", *options)


if __name__ == "__main__":
    main()
