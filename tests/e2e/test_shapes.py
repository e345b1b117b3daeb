"""The simulator's answers beside bodies in the known shapes: the same keys with the same types.

The bodies lie beside the project, not in it; without them these tests are skipped."""
import json
import unittest

from support import SHARED, TestCase, main

SAMPLES = SHARED / "samples"
TYPES = {
    bool: "true or false",
    int: "number",
    float: "number",
    str: "text",
    type(None): "null",
    list: "list",
    dict: "object",
}


def shape(value, path="", found=None):
    """Path -> the types seen there; the records of a list are laid over each other."""
    found = {} if found is None else found
    found.setdefault(path, set()).add(TYPES[type(value)])
    if isinstance(value, dict):
        for key, member in value.items():
            shape(member, f"{path}/{key}", found)
    if isinstance(value, list):
        for member in value:
            shape(member, f"{path}/*", found)
    return found


@unittest.skipUnless(SAMPLES.is_dir(), f"the known shapes are not at {SAMPLES}")
class Shapes(TestCase):
    def setUp(self):
        super().setUp()
        simulator = self.simulate("--customers", "20", "--subscriptions", "400")
        self.connect_both(simulator)

    def answer(self, action, **arguments):
        words = [w for name, value in arguments.items() for w in (f"--{name}", value)]
        return json.loads(self.ok("call", action, *words).out)

    def compare(self, answers, samples, ours_only=(), samples_only=()):
        """`ours_only`, `samples_only`: keys that may be on one side alone; the caller says why."""
        ours, known = {}, {}
        for answer in answers:
            shape(answer, found=ours)
        for sample in samples:
            shape(json.loads((SAMPLES / f"{sample}.json").read_text()), found=known)
        last = lambda path: path.rsplit("/", 1)[-1]
        self.assertEqual(
            [p for p in sorted(set(ours) - set(known)) if last(p) not in ours_only],
            [],
            "keys that the simulator has and the samples have not",
        )
        self.assertEqual(
            [p for p in sorted(set(known) - set(ours)) if last(p) not in samples_only],
            [],
            "keys that the samples have and the simulator has not",
        )
        for path in set(ours) & set(known):
            surplus = ours[path] - known[path] - {"null"}
            self.assertEqual(surplus, set(), f"{path}: the samples have {known[path]}")

    def test_ion_customers(self):
        self.compare(
            [self.answer("ion.customer.list", pageSize=5)],
            ["ion/customers-list", "ion/customers-list-last-page"],
        )

    def test_one_ion_customer(self):
        rows = self.answer("ion.customer.list")["customers"]
        self.compare(
            [
                self.answer("ion.customer.get", customerId=r["name"].rsplit("/", 1)[-1])
                for r in rows
            ],
            ["ion/customer-get"],
        )

    def test_ion_subscriptions(self):
        self.compare([self.answer("ion.subscription.list")], ["ion/subscriptions-list"])

    def test_one_ion_subscription(self):
        rows = self.answer("ion.subscription.list")["items"]
        self.compare(
            [
                self.answer("ion.subscription.get", customerId=r["customerId"], id=r["id"])
                for r in rows[:40]
            ],
            ["ion/subscription-get"],
        )

    def test_ion_products(self):
        self.compare([self.answer("ion.product.list", pageSize=2)], ["ion/products-list"])

    def test_one_ion_product(self):
        hidden = ("Pricing", "Marketing", "Definition", "VersionHistory", "Deployment")
        ids = [p["id"] for p in self.answer("ion.product.list")["products"]]
        self.compare(
            [self.answer("ion.product.get", productId=id) for id in ids],
            ["ion/product-get-full", "ion/product-get"],
        )
        bare = {f"excludeFilter.exclude{name}": "true" for name in hidden}
        self.compare(
            [self.answer("ion.product.get", productId=id, **bare) for id in ids],
            ["ion/product-get"],
            ours_only={"isSharedProduct"},
        )  # in lists (ion 4.5 REAL)

    def test_ion_says_who_may_use_a_token(self):
        self.compare([self.answer("ion.oauth.validate-access")], ["ion/oauth-validateAccess-200"])


if __name__ == "__main__":
    main()
