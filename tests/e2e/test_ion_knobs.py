"""What is not known about Ion, or differs, by the simulator's knobs: ends of lists, gaps and noise
in subscriptions, orders that take their time; and the clock."""
import json
import urllib.request

from ion_case import IonCase
from ion_service import ACCOUNT
from support import main


class Ends(IonCase):
    options = ("--knob", "empty_page_token=true", "--knob", "omit_empty_items=true")

    def test_the_ends_of_lists(self):
        page = self.service.get(f"{ACCOUNT}/customers?pageSize=100")
        self.assertEqual(page["nextPageToken"], "")
        self.assertEqual(self.service.get(f"{ACCOUNT}/orders?pageSize=1"), {"nextPageToken": ""})
        past = self.service.get(f"{ACCOUNT}/subscriptions?pagination.offset=1000")
        self.assertEqual(past, {"paginationResponse": {"totalSize": 150}})
        # Our walks end there as well.
        self.assertEqual(len(self.answer("customer.list", "--all-pages", pageSize="5")), 12)
        walked = self.answer("subscription.list", "--all-pages", **{"pagination.limit": "50"})
        self.assertEqual(len(walked), 150)
        self.assertEqual(self.answer("order.list", "--all-pages"), [])


class Gaps(IonCase):
    options = sum(
        (
            ("--knob", f"{name}_share=1")
            for name in (
                "null_product_info",
                "missing_licences",
                "noisy_totals",
                "duplicate_activity",
            )
        ),
        (),
    )

    def test_gaps_and_noise(self):
        rows = self.subscriptions()
        self.assertTrue(all(row["ccpProductInfo"] is None for row in rows))
        self.assertTrue(all("subscriptionTotalLicenses" not in row for row in rows))
        noisy = [row for row in rows if len(str(row["total"]).replace(".", "")) >= 16]
        priced = [row for row in rows if row["price"] > 0]
        self.assertGreater(len(noisy), len(priced) / 2)
        twice = 0
        for row in rows[:30]:
            ids = [e["id"] for e in self.fresh(row)["activityLogs"]["items"]]
            twice += len(ids) != len(set(ids))
        self.assertGreater(twice, 5)
        self.ok("sync")  # and ours copes
        self.assertEqual(len(self.list("subscriptions", "--gone")), 150)


class Time(IonCase):
    options = ("--knob", "order_delay_ms=3600000", "--knob", "order_fail_next=1")

    def advance(self, minutes):
        control = self.simulator.credentials["control"]
        request = urllib.request.Request(
            control["url"] + "/clock/advance",
            data=json.dumps({"minutes": minutes}).encode(),
            headers={"Authorization": "Bearer " + control["token"]},
            method="POST",
        )
        with urllib.request.urlopen(request) as reply:
            self.assertEqual(reply.status, 200)

    def test_an_order_goes_on_by_the_clock(self):
        one = self.subscription()
        seats = int(one["subscriptionTotalLicenses"])
        failing = self.place(one, quantity=seats + 1)
        placed = self.place(one, quantity=seats + 5)
        self.assertEqual((failing["status"], placed["status"]), ("NEW", "NEW"))
        self.advance(31)
        order = self.service.get(f"/api/v3/{placed['name']}")
        self.assertEqual(order["status"], "IN_PROGRESS")
        self.assertEqual(self.fresh(one)["subscriptionTotalLicenses"], str(seats))
        self.advance(31)
        states = [o["status"] for o in self.service.get(f"{ACCOUNT}/orders?pageSize=5")["orders"]]
        self.assertEqual(states, ["COMPLETED", "ERROR"])  # newest first
        self.assertEqual(self.fresh(one)["subscriptionTotalLicenses"], str(seats + 5))


if __name__ == "__main__":
    main()
