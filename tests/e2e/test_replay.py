"""Real answers of the service, replayed: what it recorded comes through to the last digit.

They lie beside the project, not in it; without them these tests are skipped."""
import json
import re
import unittest

from support import SHARED, Simulator, TestCase, main

RECORDED = SHARED / "recorded" / "ion"
SEATS = {  # id: part number, quantity, price as sent, total as sent, renewal
    "2277242": (
        "CFQ7TTC0LH18:000D:P1M:M",
        3,
        "63.8452759",
        "191.5358277",
        "2024-02-03T16:29:10.491Z",
    ),
    "2293353": (
        "CFQ7TTC0LFLX:0013:P1M:M",
        9,
        "495.494843",
        "4459.453587",
        "2024-02-08T08:50:50.000Z",
    ),
    "3362921": (
        "CFQ7TTC0LFLZ:0002:P1M:M",
        8,
        "840.160706",
        "6721.285648",
        "2024-09-05T11:06:35.239Z",
    ),
    "3362963": (
        "CFQ7TTC0LDPB:0001:P1M:M",
        5,
        "162.389069",
        "811.94534500000009",
        "2024-09-05T11:15:25.454Z",
    ),
}
AZURE_PLANS = {"3363009", "3363423", "3366148"}


@unittest.skipUnless(RECORDED.is_dir(), f"the recorded answers are not at {RECORDED}")
class Recorded(TestCase):
    def setUp(self):
        super().setUp()
        self.simulator = Simulator(self.folder, "--replay", RECORDED)
        self.addCleanup(self.simulator.stop)
        self.ok(*self.ion_options(self.simulator))
        self.assertIn("2 customers (2 new), 7 subscriptions: 7 new", self.ok("sync").err)

    def subscriptions(self):
        """By id, with every number as the text that was printed."""
        out = self.ok("subscriptions", "--output", "json").out
        rows = json.loads(out, parse_float=str, parse_int=str)
        return {row["id"]: row for row in rows}

    def test_each_amount_is_exact_to_the_last_digit_that_was_sent(self):
        rows = self.subscriptions()
        for id, (part, quantity, price, total, renewal) in SEATS.items():
            row = rows[id]
            self.assertEqual(
                (row["part_number"], row["quantity"], row["price"], row["cost"], row["total"]),
                (part, str(quantity), price, price, total),
            )
            self.assertEqual(
                (row["currency"], row["term"], row["renewal_date"]), ("SEK", "P1M", renewal)
            )

    def test_every_subscription_equals_what_was_recorded(self):
        """Against the recording itself, number texts included."""
        recorded = json.loads(
            (RECORDED / "subscriptions-list.json").read_text(), parse_float=str, parse_int=str
        )["items"]
        rows = self.subscriptions()
        self.assertEqual({r["id"] for r in recorded}, set(rows))
        same = {
            "quantity": "subscriptionTotalLicenses",
            "price": "price",
            "cost": "cost",
            "total": "total",
            "currency": "currency",
            "term": "subscriptionBillingTerm",
            "billing_cycle": "subscriptionBillingCycle",
            "renewal_date": "renewalDate",
            "end_date": "subscriptionEndDate",
            "part_number": "mfgPartNumber",
            "customer": "customerName",
            "customer_id": "customerId",
            "name": "subscriptionName",
        }
        for theirs in recorded:
            ours = rows[theirs["id"]]
            for name, key in same.items():
                value = theirs.get(key) or None
                if name.endswith("_date"):  # a moment: thousandths may be sent or not
                    value = re.sub(r":(\d\d)Z$", r":\1.000Z", value)
                self.assertEqual(ours[name], value, (theirs["id"], name))

    def test_azure_plans_are_kept_but_are_no_seats(self):
        rows = self.subscriptions()
        self.assertEqual({r["id"] for r in rows.values() if r["measure"] == "usage"}, AZURE_PLANS)
        result = self.list("reconcile")
        self.assertEqual(result["totals"]["charged_seats"], 3 + 9 + 8 + 5)
        self.assertIn("3 usage-based", self.ok("reconcile").out)

    def test_an_end_date_long_ago_does_not_end_an_active_subscription(self):
        rows = self.subscriptions()
        self.assertTrue(all(row["end_date"] < "2025" for row in rows.values()))
        self.assertEqual(
            {(row["status"], row["standing"]) for row in rows.values()}, {("active", "live")}
        )

    def test_masked_ids_are_two_customers_and_a_second_sync_changes_nothing(self):
        self.assertEqual(
            {c["company_name"] for c in self.list("customers")},
            {"Demo Company One AB", "API Demo Company AB"},
        )
        before = self.subscriptions()
        self.assertIn("0 new, 0 changed, 7 unchanged", self.ok("sync").err)
        self.assertEqual(self.subscriptions(), before)

    def test_a_bill_is_compared_to_the_cent(self):
        bill = self.folder / "sek.csv"
        bill.write_text(
            "Customer,Product,Quantity,Price,Currency\n"
            "Demo Company One AB,Microsoft 365 Business Basic EEA (no Teams),2,70,SEK\n"
            "API Demo Company AB,Microsoft 365 E5,8,900,SEK\n"
        )
        result = json.loads(
            self.ok("reconcile", "--bill", bill, "--output", "json").out, parse_float=str
        )
        by_service = {p["service"]: p for p in result["positions"]}
        basic = by_service["Microsoft 365 Business Basic EEA (no Teams)"]
        self.assertEqual([f["rule"] for f in basic["findings"]], ["billed-too-few"])
        charged = {m["currency"]: m["amount"] for m in result["totals"]["charged_per_month"]}
        # 3 x 63.8452759 + 9 x 495.494843 + 8 x 840.160706 + 5 x 162.389069
        self.assertEqual(charged, {"SEK": "12184.2204077"})

    def test_one_subscription_is_answered_as_it_was_recorded(self):
        out = self.ok(
            "call", "ion.subscription.get", "--customerId", "306870", "--id", "2277242"
        ).out
        self.assertEqual(
            json.loads(out, parse_float=str),
            json.loads((RECORDED / "subscription-get.json").read_text(), parse_float=str),
        )


if __name__ == "__main__":
    main()
