#!/usr/bin/python3
"""A client of Ion in Python, written from the reference: ion.py JOURNEY FACTS.json

It pages as the vendor's SDK and others do, each with a stop rule of its own, sends Python's True
and False and snake_case, downloads reports and invoices, and keeps one connection for all."""
import base64
import csv
import http.client
import io
import json
import math
import sys
import threading
import time
import urllib.parse

FACTS = json.load(open(sys.argv[2]))
ION = FACTS["ion"]
ROOT = f"/api/v3/accounts/{ION['account_id']}"
DEAD = (400, {"error": "cannot validate token: redis: nil"})


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def connect():
    parts = urllib.parse.urlsplit(ION["base_url"])
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)


class Client:
    """Validates its token before each call, and asks for a new one when that is refused."""

    def __init__(self, refresh=None):
        self.access, self.refresh = "", refresh or ION["refresh_token"]
        self.connection = connect()

    def send(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def form(self, path, **fields):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        status, text = self.send("POST", path, urllib.parse.urlencode(fields), kind)
        return status, json.loads(text)

    def validate(self):
        return self.form("/oauth/validateAccess", access_token=self.access)

    def renew(self):
        status, got = self.form(
            "/oauth/token",
            grant_type="refresh_token",
            redirect_uri="http://localhost/",
            refresh_token=self.refresh,
        )
        if status == 200:
            self.access, self.refresh = got["access_token"], got["refresh_token"]
        return status, got

    def ask(self, method, path, body=None, **query):
        if self.validate()[0] != 200:
            same(self.renew()[0], 200)
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {"Authorization": f"Bearer {self.access}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        status, text = self.send(method, path, text, headers)
        return status, json.loads(text) if text else None

    def get(self, path, **query):
        status, got = self.ask("GET", path, **query)
        same((path, status), (path, 200))
        return got

    def post(self, path, body=None):
        status, got = self.ask("POST", path, body)
        same((path, status), (path, 200))
        return got

    def by_token(self, noun, size="pageSize", token="pageToken", **query):
        """Size and filters with each page; until the token is missing."""
        rows, pages = [], 0
        while True:
            got = self.get(f"{ROOT}/{noun}", **query)
            pages += 1
            rows += got.get(noun, [])
            if not got.get("nextPageToken"):
                same("nextPageToken" in got, False)
                return rows, pages
            query[token] = got["nextPageToken"]

    def until_empty(self, limit, **query):
        """The vendor's way: one call more than there are pages."""
        rows, calls, offset = [], 0, 0
        while True:
            paging = {"pagination.limit": limit, "pagination.offset": offset}
            got = self.get(f"{ROOT}/subscriptions", **paging, **query)
            calls += 1
            if not got.get("items"):
                return rows, calls
            rows += got["items"]
            offset += limit

    def until_total(self, limit, **query):
        rows, calls, offset = [], 0, 0
        while True:
            paging = {"pagination.limit": limit, "pagination.offset": offset}
            got = self.get(f"{ROOT}/subscriptions", **paging, **query)
            calls += 1
            rows += got["items"]
            offset += limit
            if got["paginationResponse"]["totalSize"] <= offset:
                return rows, calls

    def until_short(self, limit, **query):
        rows, calls = [], 0
        while True:
            paging = {"pagination.limit": limit, "pagination.offset": len(rows)}
            items = self.get(f"{ROOT}/subscriptions", **paging, **query)["items"]
            calls += 1
            rows += items
            if len(items) < limit:
                return rows, calls

    def basic(self, path, key=None, secret=None, scheme="Basic", body=None, **query):
        pair = f"{key or ION['api_key']}:{secret or ION['api_secret']}"
        header = {"Authorization": f"{scheme} {base64.b64encode(pair.encode()).decode()}"}
        if query:
            path += "?" + urllib.parse.urlencode(query)
        if body is not None:
            # as the SDK does: a form that says of itself that it is JSON
            header["Content-Type"] = "application/json"
            body = urllib.parse.urlencode(body)
        status, text = self.send("GET" if body is None else "POST", path, body, header)
        return status, json.loads(text)


def ids(rows, key="name"):
    return [row[key] for row in rows]


def expiry():
    """Access tokens live two seconds; the SDK's loop does not notice."""
    client = Client()
    for _ in range(2):
        same(len(client.by_token("customers", pageSize=1000)[0]), FACTS["customers"])
        old = client.access
        time.sleep(2.2)
        same(client.validate(), DEAD)
        header = {"Authorization": f"Bearer {old}"}
        same(client.send("GET", f"{ROOT}/customers?pageSize=1", None, header)[0], 401)
    used = client.refresh
    same(client.renew()[0], 200)
    client.refresh = used
    same(client.renew(), DEAD)


def pages():
    client, n = Client(), FACTS["customers"]
    everyone, _ = client.by_token("customers", pageSize=1000)
    same(len(set(ids(everyone))), n)
    for size in (1, 7, 10, n):
        rows, calls = client.by_token("customers", pageSize=size)
        same((rows, calls), (everyone, math.ceil(n / size)))
    same(client.by_token("customers", pageSize=9, pageToken="")[0], everyone)
    same(client.by_token("customers", token="page_token", page_size=5)[0], everyone)
    status, refused = client.ask("GET", f"{ROOT}/customers")
    same((status, refused["error"], refused["code"]), (400, "INVALID_REQUEST", 400))
    active = [c for c in everyone if c["customerStatus"] == "ACTIVE"]
    same(0 < len(active) < n, True)
    for wanted in ("ACTIVE", "Active", "active"):
        got, calls = client.by_token("customers", pageSize=2, **{"filter.customerStatus": wanted})
        same((got, calls), (active, math.ceil(len(active) / 2)))
    empty = {f"filter.customer{x}": "" for x in ("Email", "Name", "Domain")}
    anyone = {"filter.customerStatus": "CUSTOMER_STATUS_UNSPECIFIED", "unheardOf": "x", **empty}
    same(client.by_token("customers", pageSize=1000, **anyone)[0], everyone)
    mail = everyone[3]["customerEmail"]
    got = client.get(f"{ROOT}/customers/", page_size=5, **{"filter.customer_email": mail.upper()})
    same(got, {"customers": [everyone[3]]})
    number = everyone[3]["name"].rsplit("/", 1)[1]
    for slash in ("", "/", "?"):
        same(client.get(f"{ROOT}/customers/{number}{slash}"), everyone[3])
    status, refused = client.ask("GET", f"{ROOT}/customers/1")
    same((status, refused["error"], refused["code"]), (404, "NOT_FOUND", 404))
    same(set(refused), {"error", "message", "code", "details"})
    status, refused = client.ask("GET", "/api/v3/accounts/12/customers?pageSize=1")
    same((status, refused["error"]), (403, "PERMISSION_DENIED"))
    same("accounts/12" in refused["message"], True)


def offsets():
    client, n = Client(), FACTS["subscriptions"]
    rows, calls = client.until_empty(10)
    same((len(rows), calls), (n, math.ceil(n / 10) + 1))
    same(len(set(ids(rows, "id"))), n)
    for limit in (65, n, 200):
        same(client.until_empty(limit), (rows, math.ceil(n / limit) + 1))
        same(client.until_total(limit), (rows, math.ceil(n / limit)))
        short = math.ceil(n / limit) + (n % limit == 0)
        same(client.until_short(limit), (rows, short))
    bare = client.get(f"{ROOT}/subscriptions")
    same((bare["items"], bare["paginationResponse"]), (rows[:100], {"totalSize": n}))
    past = client.get(f"{ROOT}/subscriptions", **{"pagination.limit": 5, "pagination.offset": n})
    same(past, {"items": [], "paginationResponse": {"totalSize": n}})

    by_customer = 0
    for customer in client.by_token("customers", pageSize=1000)[0]:
        number = customer["name"].rsplit("/", 1)[1]
        own = client.until_total(3, customerId=number)[0]
        same(own, [s for s in rows if s["customerId"] == number])
        same({s["customerName"] for s in own} - {customer["customerOrganization"]}, set())
        by_customer += len(own)
    same(by_customer, n)

    def fits(key, value, **query):
        wanted = [s for s in rows if s.get(key) == value]
        same(bool(wanted), True)
        same(client.until_empty(50, **query)[0], wanted)

    for spelling in ("ACTIVE", "Active", "active"):
        fits("subscriptionStatus", "active", subscriptionStatus=spelling)
        fits("subscriptionStatus", "active", subscription_status=spelling)
    fits("subscriptionBillingTerm", "P1Y", billingTerm="P1Y", customerName="", providerId="")
    fits("subscriptionId", rows[5]["subscriptionId"], subscription_id=rows[5]["subscriptionId"])
    fits(
        "customerPO",
        next(s["customerPO"] for s in rows if "customerPO" in s),
        customerPo=next(s["customerPO"] for s in rows if "customerPO" in s),
    )
    same(client.until_empty(50, billingTerm="MONTHLY")[0], [])
    same(client.until_empty(50, resellerId=1)[0], [])
    same("deleted" in {s["subscriptionStatus"] for s in rows}, True)  # without a filter, too

    s = rows[7]
    path = f"{ROOT}/customers/{s['customerId']}/subscriptions/"
    by_id = client.get(path + s["id"], refresh=False)
    same({k: by_id[k] for k in s}, s)
    same(set(by_id) - set(s), {"activityLogs"})
    for other in (s["subscriptionId"], s["subscriptionId"].upper(), s["id"] + "/"):
        same(client.get(path + other), by_id)
    same(client.get(path + s["id"], refresh=True)["id"], s["id"])
    same(client.ask("GET", path + "1")[0], 404)


def odd_ends():
    """The last page says nextPageToken "", and a list without entries has no key."""
    client, n = Client(), FACTS["customers"]
    last = client.get(f"{ROOT}/customers", pageSize=n)
    same((len(last["customers"]), last["nextPageToken"]), (n, ""))
    past = client.get(f"{ROOT}/subscriptions", **{"pagination.offset": 5000})
    same(past, {"paginationResponse": {"totalSize": FACTS["subscriptions"]}})
    same(client.until_empty(50)[1], math.ceil(FACTS["subscriptions"] / 50) + 1)
    none = client.get(f"{ROOT}/customers", pageSize=5, **{"filter.customerName": "nobody"})
    same(none, {"nextPageToken": ""})


def catalogue():
    client = Client()
    products, calls = client.by_token("products", pageSize=2)
    same(calls, math.ceil(len(products) / 2))
    path = f"{ROOT}/products/{products[0]['id']}"
    shut = {f"excludeFilter.exclude{x}": True for x in ("Pricing", "Marketing", "Definition")}
    bare = client.get(path, clientRole="CUSTOMER", **shut)
    same(("definition" in bare, "marketing" in bare), (False, False))
    opened = {name: False for name in shut}
    whole = client.get(path, clientRole="CUSTOMER", priceBookCustomerId="", **opened)
    same(("definition" in whole, "marketing" in whole), (True, True))
    for one in ("1", "t", "T", "TRUE", "true", "True"):
        same("definition" in client.get(path, **{"excludeFilter.excludeDefinition": one}), False)
    for none in ("0", "f", "F", "FALSE", "false", "False"):
        same("definition" in client.get(path, **{"excludeFilter.excludeDefinition": none}), True)
    snake = {"exclude_filter.exclude_definition": "True"}
    same("definition" in client.get(path, **snake), False)
    named = client.by_token("products", pageSize=1, **{"filter.name": "Microsoft"})[0]
    same([p for p in products if p in named], named)
    same(0 < len(named) < len(products), True)
    for noun in ("categories", "verticals", "charges"):
        same(list(client.get(f"{ROOT}/products/{noun}")), [noun])
    templates = client.get(f"{ROOT}/provisionTemplates", vendor="MICROSOFT", provider="")
    same(list(templates), ["provisioningReferences"])
    customer = client.by_token("customers", pageSize=1)[0][0]["name"].rsplit("/", 1)[1]
    profiles = client.get(f"{ROOT}/customers/{customer}/cloudProfiles", providerId="")
    only = client.get(f"{ROOT}/customers/{customer}/cloudProfiles", providerId=30, enabledOnly=True)
    same([p["providerId"] for p in only["customerCloudProfiles"]], ["30"])
    same(only["customerCloudProfiles"][0] in profiles["customerCloudProfiles"], True)


def carts():
    """No account in the path, 201 and 204, and an order in the end."""
    client = Client()
    customer = client.by_token("customers", pageSize=1)[0][0]["name"].rsplit("/", 1)[1]
    products = client.by_token("products", pageSize=1000)[0]
    nce = next(p["id"] for p in products if "NCE" in p["id"])
    sku = client.get(f"{ROOT}/products/{nce}")["definition"]["skus"][0]
    path = f"/api/v3/customers/{customer}/carts"
    same(client.ask("POST", path, {"cartDisplayName": "x"})[0], 400)
    same(client.ask("GET", path)[0], 400)
    status, cart = client.ask("POST", path + "/", {"status": "OPEN", "cart_display_name": "Mine"})
    same((status, cart["status"], cart["cartDisplayName"]), (201, "OPEN", "Mine"))
    same([c["name"] for c in client.get(path, status="open")["carts"]], [cart["name"]])
    own = f"/api/v3/{cart['name']}"
    plan = f"{ROOT[len('/api/v3/'):]}/products/{nce}/plans/{sku['plans'][0]['id']}"
    item = client.post(own + "/cartItems/", {"plan_name": plan, "quantity": 1})
    same((item["planName"], item["quantity"]), (plan, 1))
    more = {"planName": item["planName"], "quantity": 3}
    same(client.ask("PUT", f"/api/v3/{item['name']}", more)[0], 200)
    listed = client.get(own + "/cartItems")
    same([(i["name"], i["quantity"]) for i in listed["cartitems"]], [(item["name"], 3)])
    same(client.get(own)["totalItems"], 1)
    order = client.post(own + "%3Acheckout")
    same(order["referenceId"], cart["name"])
    same([i["quantity"] for i in order["orderItems"]], [3])
    status, other = client.ask("POST", path, {"status": "SAVED_FOR_LATER"})
    same(client.ask("DELETE", f"/api/v3/{other['name']}"), (204, None))
    same(client.ask("GET", f"/api/v3/{other['name']}")[0], 404)


def reports():
    client = Client()
    listed = client.get(f"{ROOT}/reports", module="REPORTS_MODULE_UNSPECIFIED")["reports"]
    same(client.get(f"{ROOT}/reports", module="INVOICE_REPORTS_MODULE"), {"reports": []})
    report = client.get(f"{ROOT}/reports/{listed[0]['reportId']}")
    path = f"{ROOT}/reports/{report['reportId']}"
    spans = [
        {"relative_date_range": "LAST_MONTH"},
        {
            "fixed_date_range": {
                "start_date": "2020-01-01T00:00:00Z",
                "end_date": "2020-01-02T00:00:00Z",
            }
        },
    ]
    for span, some in zip(spans, (True, False)):
        specs = {"date_range_option": {"selected_range": span}}
        of = {"report_module": report["reportModule"], "category": report["category"]}
        short = client.post(
            path + "/reportDataCsv", {"report_id": int(report["reportId"]), "specs": specs, **of}
        )
        columns = {**specs, "selectedColumns": report["specs"]["allColumns"]}
        long = client.post(
            path + "/reportDataCsv", {"reportId": report["reportId"], "specs": columns, **of}
        )
        for got, n_columns in (
            (short, len(report["specs"]["selectedColumns"])),
            (long, len(columns["selectedColumns"])),
        ):
            head, *rows = csv.reader(io.StringIO(got["results"]))
            same({len(row) for row in [head, *rows]}, {n_columns})
            same(str(len(rows)), got["resultCount"])
            same(bool(rows), some)
        same(any(name.startswith("Seller Cost (") for name in head), True)
    data = client.post(path + "/data")  # without a body
    same(str(len(data["results"]["rows"])), data["resultCount"])
    same(client.ask("GET", f"{ROOT}/reports/1")[0], 404)


def billing():
    client, n = Client(), FACTS["customers"]
    v1 = "/api/v1"
    got = client.basic(f"{v1}/customers", limit=5000)[1]
    same((got["success"], set(got)), (True, {"success", "message", "data"}))
    customers = got["data"]["customer"]
    same(len(customers), n)
    paged = []
    for offset in range(0, n + 10, 10):
        paged += client.basic(f"{v1}/customers", limit=10, offset=offset)[1]["data"]["customer"]
    same(paged, customers)
    one = customers[2]
    same(client.basic(f"{v1}/customers/{one['id']}")[1]["data"]["customer"], one)

    def found(field, value, noun="customers", key="customer", **more):
        query = {f"filter[{field}]": value, **more}
        return client.basic(f"{v1}/{noun}", **query)[1]["data"][key]

    same(found("company", one["company"]), [one])
    same(found("company:exact", one["company"].upper()), [one])
    same(found("company:partial", one["company"][:5] + "%"), [one])
    same(found("company:partial", "%".join(["", *one["company"].lower(), ""])), [one])
    same(found("company:partial", "%e" * 40 + "%"), [])
    for modifier, wanted in (
        ("gt", customers[3:]),
        ("gte", customers[2:]),
        ("lt", customers[:2]),
        ("lte", customers[:3]),
        ("min", customers[2:]),
        ("max", customers[:3]),
    ):
        same(found(f"id:{modifier}", one["id"]), wanted)

    mine = client.basic(f"{v1}/invoices/myinvoices")[1]["data"]["invoice"]
    starts = ids(mine, "billingStartDate")
    same(starts, sorted(starts, reverse=True))
    rising = client.basic(f"{v1}/invoices/myinvoices", **{"sort[billingStartDate]": "asc"})[1]
    same(ids(rising["data"]["invoice"], "billingStartDate"), sorted(starts))
    late = found("billingStartDate:gte", starts[4], "invoices/myinvoices", "invoice", limit=3)
    same(late, mine[:3])
    same(found("billingStartDate", starts[4], "invoices/myinvoices", "invoice"), [mine[4]])
    bare = client.basic(f"{v1}/invoices/myinvoices", relations="", limit=1)[1]["data"]["invoice"][0]
    same({k: v for k, v in mine[0].items() if k != "lines"}, bare)

    form = {
        "source": "azureplan",
        "period": "m-" + "-".join(starts[0].split("-")[1::-1]),
        "status": "open",
    }
    same(
        client.basic(
            f"{v1}/invoices/generate", body={**form, "customers": one["id"], "sendEmails": False}
        )[0],
        200,
    )
    half = {**form, "customers": f"{customers[0]['id']},1"}
    same(client.basic(f"{v1}/invoices/generate", body=half)[0], 400)
    same(len(client.basic(f"{v1}/invoices")[1]["data"]["invoice"]), 1)  # all or nothing
    theirs = client.basic(f"{v1}/invoices", customerId=one["id"])[1]["data"]["invoice"]
    same(ids(theirs, "billingStartDate"), [starts[0]])
    for invoice in (mine[0], theirs[0]):
        detail = client.basic(f"{v1}/invoices/{invoice['id']}/detailed")[1]["data"]["invoice"]
        total = 0
        for url in detail["detailedInvoiceFilesUrls"]:
            # signed: fetched without authorisation, and as it is
            same(url.startswith(ION["base_url"] + "/"), True)
            path = url[len(ION["base_url"]) :]
            status, text = client.send("GET", path)
            same(status, 200)
            rows = list(csv.DictReader(io.StringIO(text)))
            total += sum(round(float(row["Amount (USD)"]) * 100) for row in rows)
            same(client.send("GET", path[:-1] + ("0" if path[-1] != "0" else "1"))[0], 403)
        same(total, round(float(invoice["total"]) * 100))

    earlier = {**form, "period": "m-" + "-".join(starts[1].split("-")[1::-1])}
    same(client.basic(f"{v1}/invoices/generate", body=earlier)[0], 200)
    of_all = found("billingStartDate", starts[1], "invoices", "invoice", limit=5000)
    same(len(of_all), n)
    report = {"filter[date_range]": form["period"], "filter[customer_id]": one["id"]}
    tree = client.basic(f"{v1}/reports/billing/azureplan", **report)[1]["data"]
    same([node["entity"]["id"] for node in tree], [one["id"]])
    sku = tree[0]["lines"][0]["lines"][0]["lines"][0]
    for key in ("price", "cost", "usage"):
        same(len(sku["data"][key].split(".")[1]), 10)
    same(client.basic(f"{v1}/customers", secret="wrong")[0], 401)
    same(client.basic(f"{v1}/customers", scheme="basic")[0], 200)
    users = f"/api/v2/accounts/{ION['account_id']}/users"
    same(client.basic(users)[1]["users"][0]["userType"], "OWNER")


def one_connection():
    """Validation, tokens, both versions, refusals and downloads on one connection."""
    client = Client()
    client.connection.connect()
    kept = client.connection.sock
    same(client.until_empty(10)[1], math.ceil(FACTS["subscriptions"] / 10) + 1)
    same(client.ask("GET", f"{ROOT}/customers/1")[0], 404)
    same(client.ask("POST", f"{ROOT}/customers", {"customerName": "x" * 50000})[0], 400)
    same(client.basic("/api/v1/customers", key="nobody")[0], 401)
    same(client.send("GET", "/nothing/here")[0], 401)
    same(client.send("HEAD", f"{ROOT}/customers?pageSize=1")[0], 401)
    same(client.renew()[0], 200)
    same(len(client.by_token("customers", pageSize=1)[0]), FACTS["customers"])
    same(client.connection.sock is kept, True)


def two_at_once():
    """Of two that refresh with the same token one is told no; two that read see the same."""
    start, got = threading.Barrier(2), []

    def refresh():
        client = Client()
        client.connection.connect()
        start.wait()
        got.append((client.renew(), client))

    threads = [threading.Thread(target=refresh) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won, client), (lost, _) = sorted(got, key=lambda x: x[0][0])
    same((won[0], lost), (200, DEAD))

    seen = []

    def read():
        reader = Client(client.refresh)
        reader.access = client.access
        seen.append((reader.until_empty(7), reader.by_token("customers", pageSize=3)))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(len(seen), 2)
    same(seen[0], seen[1])
    same(len(seen[0][0][0]), FACTS["subscriptions"])


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    print("arrived")
