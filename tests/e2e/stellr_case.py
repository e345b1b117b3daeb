"""What the tests of the simulator's Stellr share: a world, a client that is not ours, and picking
subscriptions of it by what they are."""
from plain_client import Control, Stellr
from support import TestCase

SKU_BASE = 9100221  # a base product of Microsoft, annual commitment, billed by month
SKU_ADD_ON = 9100311  # an add-on, the same commitment
SKU_GOOGLE = 9100381


class StellrCase(TestCase):
    options = ("--customers", "20", "--subscriptions", "400")

    def setUp(self):
        super().setUp()
        self.simulator = self.simulate(*self.options)
        self.setUpClient()

    def setUpClient(self):
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.control = Control(self.simulator.credentials["control"])

    def refused(self, answer, status, code):
        self.assertEqual(answer.status, status, str(answer))
        self.assertEqual(set(answer.json), {"requestId", "data"})
        self.assertEqual(set(answer.data), {"errorCode", "errorMessage"})
        self.assertEqual(answer.error, code, str(answer))

    def done(self, answer, status="Success"):
        """Looks twice, which is what an operation needs; gives it as it ended."""
        self.assertEqual(answer.status, 200, str(answer))
        self.assertEqual(answer.data["status"], "Pending")
        self.assertEqual(self.stellr.operation(answer).data["status"], "Processing")
        end = self.stellr.operation(answer).data
        self.assertEqual(end["status"], status, str(end))
        return end

    def pick(self, fits, all=None):
        for s in all or self.stellr.subscriptions():
            if fits(s):
                return s
        self.fail("the world has no such subscription")

    @staticmethod
    def is_live(s):
        return s["status"] in (None, "Active")

    def annual(self, **more):
        """A live annual line of Microsoft that began long ago: its window is closed."""
        return self.pick(
            lambda s: self.is_live(s)
            and s["vendorName"] == "Microsoft"
            and s["skuNo"] % 10 == 1
            and "Annual" in s["productName"]
            and "Azure" not in s["productName"]
            and s["quantity"] > 5
            and all(s.get(k) == v for k, v in more.items())
        )

    def monthly(self):
        return self.pick(
            lambda s: self.is_live(s)
            and s["vendorName"] == "Microsoft"
            and "Monthly commit" in s["productName"]
        )

    def new_customer(self, name="Fernhill Accounting"):
        body = {
            "companyName": name,
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
        answer = self.stellr.post("/api/v1/cloud/customers", body)
        self.assertEqual(answer.status, 200, str(answer))
        return answer.data["customerNo"], body
