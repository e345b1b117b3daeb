"""A client of the marketplaces and of the control path that knows nothing of ours: Python's own
HTTP, written from the reference."""
import base64
import http.client
import json
import ssl
import urllib.parse

import support


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"HTTP {self.status}\n{self.body[:2000]}"


class Stranger:
    """Talks to a simulator; each request on a connection of its own unless one is given."""

    def __init__(self, credentials, ca=None):
        self.credentials = credentials
        self.context = ssl.create_default_context(cafile=ca) if ca else None
        self.tokens = {}
        self.refresh_token = credentials.get("ion", {}).get("refresh_token")

    def connect(self, url, timeout=20):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=self.context
            )
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def send(self, method, url, body=None, headers=None, connection=None):
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        parts = urllib.parse.urlsplit(url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        used = connection or self.connect(url)
        try:
            used.request(method, target, body, headers)
            got = used.getresponse()
            return Answer(got.status, got.headers, got.read().decode())
        finally:
            if connection is None:
                used.close()

    def form(self, url, headers=None, **fields):
        return self.send(
            "POST",
            url,
            urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
        )

    # --- the control path ---

    def control(self, method, path, body=None, token=None, headers=None):
        control = self.credentials["control"]
        headers = {"Authorization": "Bearer " + (token or control["token"]), **(headers or {})}
        return self.send(method, control["url"] + "/" + path, body, headers)

    def told(self, method, path, body=None):
        answer = self.control(method, path, body)
        if answer.status != 200:
            raise AssertionError(f"{method} {path}: {answer}")
        return answer.json()

    def writes(self, **filters):
        return self.told("GET", "journal?" + urllib.parse.urlencode(filters))["entries"]

    # --- the marketplaces ---

    def ask_stellr_token(self, **changes):
        c = self.credentials["stellr"]
        fields = {
            "grant_type": "client_credentials",
            "client_id": c["client_id"],
            "client_secret": c["client_secret"],
            **changes,
        }
        return self.form(c["token_url"], **fields)

    def ask_ion_token(self, refresh_token=None):
        answer = self.form(
            self.credentials["ion"]["base_url"] + "/oauth/token",
            grant_type="refresh_token",
            refresh_token=refresh_token or self.refresh_token,
        )
        if answer.status == 200:
            self.refresh_token = answer.json()["refresh_token"]
        return answer

    def start_anew(self):
        """With a new refresh token, after more days than one lives."""
        self.tokens.clear()
        new = self.told("POST", "credentials", {"kind": "refresh-token"})
        self.refresh_token = new["refresh_token"]

    def bearer(self, api):
        if api not in self.tokens:
            answer = self.ask_stellr_token() if api == "stellr" else self.ask_ion_token()
            if answer.status != 200:
                raise AssertionError(str(answer))
            self.tokens[api] = answer.json()["access_token"]
        return {"Authorization": "Bearer " + self.tokens[api]}

    def stellr(self, method, path, body=None, connection=None):
        url = self.credentials["stellr"]["base_url"] + path
        return self.send(method, url, body, self.bearer("stellr"), connection)

    def ion(self, method, path, body=None, connection=None):
        c = self.credentials["ion"]
        url = f"{c['base_url']}/api/v3/accounts/{c['account_id']}{path}"
        return self.send(method, url, body, self.bearer("ion"), connection)

    def basic(self, path, key=None, secret=None):
        c = self.credentials["ion"]
        pair = f"{key or c['api_key']}:{secret or c['api_secret']}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        return self.send("GET", c["base_url"] + path, None, headers)

    def stellr_customers(self):
        got = self.stellr("GET", "/api/v1/cloud/customers?pageNo=1&pageSize=200")
        return got.json()["data"]["records"]

    def stellr_subscriptions(self, customer=None):
        customers = [customer] if customer else [c["customerNo"] for c in self.stellr_customers()]
        found = []
        for number in customers:
            path = f"/api/v1/customers/{number}/subscriptions?pageNo=1&pageSize=200"
            found += self.stellr("GET", path).json()["data"]["records"]
        return found

    def ion_subscriptions(self):
        return self.ion("GET", "/subscriptions?pagination.limit=1000").json()["items"]


class Simulated(support.TestCase):
    def start(self, *options, **more):
        simulator = self.simulate(*map(str, options), **more)
        return Stranger(simulator.credentials)

    def refused(self, answer, status, words):
        self.assertEqual(answer.status, status, str(answer))
        self.assertIn(words, answer.json()["error"])
