"""Each body that is known of Stellr beside what the simulator answers to the same call: the same
keys, the same JSON types, and nothing where the known one has nothing. What clients send is sent.

The bodies lie beside the project, not in it; without them these tests are skipped."""
import json
import unittest
import urllib.parse

from plain_client import send
from stellr_case import SKU_ADD_ON, SKU_BASE, SKU_GOOGLE, StellrCase
from support import main
from test_shapes import SAMPLES, TYPES

FOLDER = SAMPLES / "stellr"
CONTACT = {"firstName": "L", "lastName": "O", "email": "l@f.example", "phone": "1"}


def key_sets(value, path="", found=None):
    """Path -> the sets of keys that objects there have."""
    found = {} if found is None else found
    if isinstance(value, dict):
        found.setdefault(path, set()).add(frozenset(value))
        for key, member in value.items():
            key_sets(member, f"{path}/{key}", found)
    if isinstance(value, list):
        for member in value:
            key_sets(member, f"{path}/*", found)
    return found


def types(value, path="", found=None):
    found = {} if found is None else found
    found.setdefault(path, set()).add(TYPES[type(value)])
    pairs = value.items() if isinstance(value, dict) else []
    pairs = [("*", x) for x in value] if isinstance(value, list) else pairs
    for key, member in pairs:
        types(member, f"{path}/{key}", found)
    return found


def sample(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


@unittest.skipUnless(FOLDER.is_dir(), f"the known shapes are not at {FOLDER}")
class Shapes(StellrCase):
    # --- the calls ---

    def customers(self):
        return self.stellr.get("/api/v1/cloud/customers", pageNo=1, pageSize=100)

    def customer(self):
        """One of whom everything is known, the second line of the address included."""
        body = {**sample("customer-create-request"), "address2": "Suite 2"}
        no = self.stellr.post("/api/v1/cloud/customers", body).data["customerNo"]
        account = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": no}
        new = {**account, "isNewTenant": True, "domainPrefix": "fernhill"}
        self.stellr.post("/api/v1/cloud/vendors/account", new)
        return self.stellr.get(f"/api/v1/cloud/customers/{no}")

    def of(self, *parts, **query):
        path = "/".join(map(str, ("/api/v1/customers", *parts)))
        return self.stellr.get(path, pageNo=1, pageSize=200, **query)

    def all_subscriptions(self):
        """Of every customer; the samples show a line, an add-on, a blank status and a purchase."""
        numbers = [c["customerNo"] for c in self.customers().data["records"]]
        return [self.of(no, "subscriptions") for no in numbers]

    def line(self, fits=lambda s: True):
        return self.pick(
            lambda s: s["status"] == "Active"
            and "Annual commit, monthly" in s["productName"]
            and s["vendorName"] == "Microsoft"
            and s["quantity"] > 3
            and "parentSubscriptionId" not in s
            and fits(s)
        )

    def post_line(self, verb, body, fits=lambda s: True):
        return self.stellr.post(self.stellr.path_of(self.line(fits), verb), body)

    def changing(self, looks, fail=False):
        """A change of seats after so many looks."""
        self.control.turn(fail_next=int(fail))
        answer = self.post_line("changeSeats", {"quantity": 500})
        for _ in range(looks):
            seen = self.stellr.operation(answer)
        return seen

    def prepared(self):
        """A new customer who may buy from Microsoft."""
        no, _ = self.new_customer()
        agreed = {"dateAgreed": "2026-09-01", "primaryContact": CONTACT}
        self.accepted = self.stellr.post(f"/api/v1/customers/{no}/agreements/MCA", agreed)
        account = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": no}
        new = {**account, "isNewTenant": True, "domainPrefix": "fernhill"}
        self.made = self.stellr.post("/api/v1/cloud/vendors/account", new)
        return no

    def order(self, no, vendor, *skus):
        lines = [{"skuNo": sku, "quantity": 3} for sku in skus]
        body = {"vendorId": vendor, "subscriptions": lines}
        return self.stellr.post(f"/api/v1/customers/{no}/subscriptions", body)

    def partial(self):
        answer = self.order(self.prepared(), "Microsoft", SKU_BASE, SKU_ADD_ON)
        self.stellr.operation(answer)
        return self.stellr.operation(answer)

    def accept(self):
        self.prepared()
        return self.accepted

    def upsert(self):
        self.prepared()
        return self.made

    def accounts(self):
        return self.stellr.get(
            "/api/v1/cloud/vendors/account", pageNo=1, pageSize=100, accountType="Customer"
        )

    def products(self, vendor="Microsoft"):
        path = f"/api/v2/vendors/{vendor}/cloud/products"
        return self.stellr.get(path, pageNo=1, pageSize=100)

    def upgrades(self):
        """Of a monthly line without relatives: nothing speaks against any of its transitions."""
        line = self.pick(
            lambda s: self.is_live(s)
            and "Monthly commit" in s["productName"]
            and s["mfgPartNo"] in ("CFQ7TTC0LH1G:0001", "CFQ7TTC0LHSF:0001")
        )
        return self.stellr.get(
            self.stellr.path_of(line, "transition/products"), pageNo=1, pageSize=9
        )

    def renewal(self):
        line = self.line()
        body = {"renewType": "NEW_PLAN", "skuNo": line["skuNo"] + 1, "quantity": 40}
        return self.stellr.put(self.stellr.path_of(line, "renew/setting"), body)

    def logs(self):
        line = self.line()
        return self.of(
            line["customerNo"], "subscriptions/changelogs", contractNo=line["contractNo"]
        )

    def invoices(self):
        return self.stellr.get("/api/v1/cloud/invoices", pageNo=1, pageSize=100)

    def report(self):
        number = self.invoices().data["records"][-3]["invoiceNo"]
        return self.stellr.get(
            "/api/v1/cloud/invoice/report", pageNo=1, pageSize=200, invoiceNo=number
        )

    def azure(self):
        month = self.invoices().data["records"][-1]["billingPeriodStart"][:7]
        return self.stellr.get(
            "/api/v1/cloud/consumption/azure/summary", pageNo=1, pageSize=100, billingMonth=month
        )

    def check(self, domain):
        path = "/api/v1/cloud/vendors/Microsoft/check/domain"
        return self.stellr.post(path, {"customerNo": 700101, "domain": domain})

    def token(self, **form):
        credentials = self.simulator.credentials["stellr"]
        whole = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
            **form,
        }
        return send("POST", credentials["token_url"], urllib.parse.urlencode(whole).encode())

    def unauthorized(self):
        return send("GET", self.stellr.base + "/api/v1/cloud/customers")

    def forbidden(self):
        self.control.turn(permission_mask="stellr.customer.list")
        return self.customers()

    def busy(self):
        self.post_line("changeSeats", {"quantity": 500})
        return self.post_line("changeSeats", {"quantity": 501})

    def strikes(self, fault):
        self.control.fault(fault)
        return self.customers()

    # Sample -> the call that makes it. Several samples with one call show the cases of one list.
    ANSWERS = {
        "agreement-accept-response": accept,
        "agreement-get-accepted": lambda t: t.of(700101, "agreements/MicrosoftCustomerAgreement"),
        "agreement-get-missing": lambda t: t.of(t.new_customer()[0], "agreements/MCA"),
        "auth-token-error-invalid-client": lambda t: t.token(client_secret="wrong"),
        "auth-token-error-unsupported-grant": lambda t: t.token(grant_type="password"),
        "auth-token-response": token,
        "azure-consumption-summary": azure,
        "customer-create-response": lambda t: t.create_answer(),
        "customer-get": customer,
        "customers-list-page1": customers,
        "error-400-bad-request": lambda t: t.post_line("changeSeats", {"quantity": 0}),
        "error-401-unauthorized": unauthorized,
        "error-403-forbidden": forbidden,
        "error-404-not-found": lambda t: t.of(700101, "subscriptions/510020_9"),
        "error-409-conflict": busy,
        "error-422-business-rule": lambda t: t.post_line("changeSeats", {"quantity": 1}),
        "error-429-too-many-requests": lambda t: t.strikes("429"),
        "error-500-internal": lambda t: t.strikes("500"),
        "invoice-report": report,
        "invoices-list": invoices,
        "list-empty": lambda t: t.stellr.get("/api/v1/cloud/customers"),
        "operation-failed": lambda t: t.changing(2, fail=True),
        "operation-partial-batch": partial,
        # The first look already finds it processing; the two have the same keys.
        "operation-pending": lambda t: t.changing(1),
        "operation-processing": lambda t: t.changing(1),
        "operation-success": lambda t: t.changing(2),
        "product-by-skuno": lambda t: t.stellr.get(f"/api/v1/cloud/products/skuNo/{SKU_BASE}"),
        "product-get": lambda t: t.stellr.get("/api/v1/cloud/products/80221"),
        "products-google-transferable": lambda t: t.stellr.get(
            "/api/v1/vendors/Google/cloud/products/transferable",
            pageNo=1,
            pageSize=9,
            customerNo=700102,
            transferToken="t",
        ),
        "products-list-microsoft-page1": products,
        "products-related": lambda t: t.stellr.get(
            "/api/v1/cloud/products/80221/related", pageNo=1, pageSize=9
        ),
        "subscribed-products-microsoft": lambda t: t.of(
            700101, "vendors/Microsoft/subscribed/products"
        ),
        "subscription-addon-response": lambda t: t.post_line(
            "addOn", {"skuNo": SKU_ADD_ON, "quantity": 1}
        ),
        "subscription-cancel-response": lambda t: t.stellr.post(
            t.stellr.path_of(t.monthly(), "cancel")
        ),
        "subscription-changelogs-list": logs,
        "subscription-changeseats-response": lambda t: t.post_line("changeSeats", {"quantity": 99}),
        "subscription-create-error-google-batch": lambda t: t.order(
            700101, "Google", SKU_GOOGLE, SKU_GOOGLE
        ),
        "subscription-create-response": lambda t: t.order(700101, "Microsoft", SKU_BASE),
        "subscription-get": lambda t: t.stellr.get(t.stellr.path_of(t.line())),
        "subscription-renew-options": lambda t: t.stellr.get(
            t.stellr.path_of(t.line(), "renew/options")
        ),
        "subscription-renew-setting-response": renewal,
        "subscription-transition-products": upgrades,
        "subscriptions-list-customer-700101": all_subscriptions,
        "subscriptions-list-customer-700102": all_subscriptions,
        "vendor-account-upsert-response": upsert,
        "vendor-accounts-list": accounts,
        "vendor-check-response-available": lambda t: t.check("free.onmicrosoft.com"),
        "vendor-check-response-taken": lambda t: t.check(t.accounts().data["records"][0]["domain"]),
        "vendors-list": lambda t: t.stellr.get("/api/v1/cloud/vendors"),
    }

    # Samples that show the cases of one list between them.
    TOGETHER = [{"subscriptions-list-customer-700101", "subscriptions-list-customer-700102"}]

    def create_answer(self):
        body = {**sample("customer-create-request"), "companyName": "Another"}
        return self.stellr.post("/api/v1/cloud/customers", body)

    def beside(self, names):
        answers = self.ANSWERS[names[0]](self)
        answers = [
            json.loads(a.body) for a in (answers if isinstance(answers, list) else [answers])
        ]
        known = [sample(name) for name in names]
        ours_keys, known_keys, ours_types, known_types = {}, {}, {}, {}
        for answer in answers:
            key_sets(answer, found=ours_keys)
            types(answer, found=ours_types)
        for body in known:
            key_sets(body, found=known_keys)
            types(body, found=known_types)
        self.assertEqual(ours_keys, known_keys, f"the keys of {names}")
        for path in ours_types:
            surplus = ours_types[path] - known_types[path]
            self.assertEqual(surplus, set(), f"{names} {path}: there it is {known_types[path]}")

    def test_answers_have_the_known_shapes(self):
        done = set()
        for name in self.ANSWERS:
            group = next((g for g in self.TOGETHER if name in g), {name})
            if name in done:
                continue
            done |= group
            with self.subTest(name):
                self.simulator.restart(*self.options)
                self.setUpClient()
                self.beside(sorted(group))

    # --- what clients send ---

    # Sample -> method and path it goes to, its action, and what of it is of another world.
    BASE = "/api/v1/customers/{no}/subscriptions"
    REQUESTS = {
        "agreement-accept-request": ("/api/v1/customers/{no}/agreements/MCA", "agreement.accept"),
        "customer-create-request": ("/api/v1/cloud/customers", "customer.create"),
        "subscription-activate-request": (BASE + "/{pending}/activate", "subscription.activate"),
        "subscription-addon-request": (BASE + "/{line}/addOn", "subscription.create-addon"),
        "subscription-cancel-request": (BASE + "/{monthly}/cancel", "subscription.cancel"),
        "subscription-changeplan-request": (
            BASE + "/{line}/changePlan",
            "subscription.change-plan",
        ),
        "subscription-changeseats-request": (
            BASE + "/{line}/changeSeats",
            "subscription.change-seats",
        ),
        "subscription-create-request-batch-microsoft": (BASE, "subscription.create"),
        "subscription-create-request-google-single": (BASE, "subscription.create"),
        "subscription-downgrade-request": (BASE + "/{monthly}/downgrade", "subscription.downgrade"),
        "subscription-reactive-request": (
            BASE + "/{suspended}/reactive",
            "subscription.reactivate",
        ),
        "subscription-renew-setting-request": (
            BASE + "/{line}/renew/setting",
            "subscription.update-renewal",
        ),
        "subscription-suspend-request": (BASE + "/{line}/suspend", "subscription.suspend"),
        "subscription-transfer-request-google": (BASE + "/transfer", "subscription.transfer"),
        "subscription-upgrade-request": (BASE + "/{monthly}/upgrade", "subscription.upgrade"),
        "vendor-account-upsert-request-google": (
            "/api/v1/cloud/vendors/account",
            "vendor-account.upsert",
        ),
        "vendor-account-upsert-request-microsoft": (
            "/api/v1/cloud/vendors/account",
            "vendor-account.upsert",
        ),
        "vendor-check-request": ("/api/v1/cloud/vendors/Microsoft/check/domain", "vendor.check"),
    }

    def of_this_world(self, body, line):
        """Numbers of the sample's world become numbers of ours."""
        skus = {
            9100231: SKU_BASE,
            9100240: SKU_ADD_ON,
            9200100: SKU_GOOGLE,
            9100233: line["skuNo"] // 10 * 10 + 2,
            9100232: line["skuNo"] // 10 * 10 - 10,
        }
        text = json.dumps(body)
        for theirs, ours in skus.items():
            text = text.replace(str(theirs), str(ours))
        body = json.loads(text)
        if "customerNo" in body:
            body["customerNo"] = 700102
        if body.get("quantity") == 42:
            body["quantity"] = line["quantity"]
        return body

    def target(self, path):
        """The subscription that a path is about; a pending or suspended one is made so."""
        state = path[path.find("{", path.find("{no}") + 1) :].split("}")[0].strip("{")
        if state == "monthly":
            return self.pick(
                lambda s: self.is_live(s)
                and "Monthly commit" in s["productName"]
                and s["mfgPartNo"].startswith(("CFQ7TTC0LDPB", "CFQ7TTC0LCHC"))
            )
        line = self.line()
        if state in ("pending", "suspended"):
            self.control.portal(line, "suspend")
        return line

    def test_what_clients_send_is_taken(self):
        for name, (path, _) in self.REQUESTS.items():
            with self.subTest(name):
                self.simulator.restart(*self.options)
                self.setUpClient()
                line = self.target(path)
                id = line["subscriptionId"]
                path = path.format(
                    no=line["customerNo"], line=id, monthly=id, pending=id, suspended=id
                )
                body = self.of_this_world(sample(name), line)
                if name == "subscription-changeseats-request":
                    body["quantity"] += 100
                method = "PUT" if path.endswith("renew/setting") else "POST"
                answer = self.stellr.ask(method, path, body)
                self.assertEqual(answer.status, 200, str(answer))

    def test_our_rows_know_what_clients_send(self):
        for name, (_, action) in self.REQUESTS.items():
            row = self.ok("actions", "show", f"stellr.{action}", "--output", "json").json()
            rows = {p["name"]: p for p in row["parameters"] if p["place"] == "body"}
            for key, value in sample(name).items():
                keys = [f"{key}.{k}" for k in value] if isinstance(value, dict) else [key]
                self.assertEqual([k for k in keys if k not in rows], [], name)
                if isinstance(value, list):
                    members = {m["name"] for m in rows[key]["members"]}
                    self.assertEqual({k for x in value for k in x} - members, set(), name)

    def test_no_sample_is_forgotten(self):
        """The legacy API (stellr 10) is another service, which nothing here speaks."""
        there = {p.stem for p in FOLDER.glob("*.json") if not p.stem.startswith("legacy-")}
        self.assertEqual(there, set(self.ANSWERS) | set(self.REQUESTS))


if __name__ == "__main__":
    main()
