"""A client of Stellr written from the reference with Python's own library, and of the simulator's
control path. It knows nothing of the program under test."""
import json
import urllib.error
import urllib.parse
import urllib.request


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def error(self):
        return self.data["errorCode"]

    def __str__(self):
        return f"HTTP {self.status}: {self.body[:600]}"


def send(method, url, body=None, headers=None):
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return Answer(reply.status, reply.headers, reply.read().decode())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read().decode())


class Stellr:
    """Client credentials, envelopes, pages from 1 (stellr 1.1, 3)."""

    def __init__(self, credentials):
        self.base = credentials["base_url"]
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        }
        token = send("POST", credentials["token_url"], urllib.parse.urlencode(form).encode())
        self.headers = {"Authorization": f"Bearer {token.json['access_token']}"}

    def ask(self, method, path, body=None, **query):
        url = self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return send(method, url, body, headers)

    def get(self, path, **query):
        return self.ask("GET", path, **query)

    def post(self, path, body=None):
        return self.ask("POST", path, {} if body is None else body)

    def put(self, path, body):
        return self.ask("PUT", path, body)

    def list(self, path, **query):
        """All records of a list, page by page."""
        records, page = [], 1
        while True:
            answer = self.get(path, pageNo=page, pageSize=200, **query)
            if answer.status != 200:
                raise AssertionError(str(answer))
            records += answer.data["records"]
            if len(answer.data["records"]) < 200:
                return records
            page += 1

    def subscriptions(self):
        return self.list("/api/v1/cloud/subscriptions")

    def path_of(self, subscription, *more):
        s = subscription
        parts = ["/api/v1/customers", s["customerNo"], "subscriptions", s["subscriptionId"], *more]
        return "/".join(map(str, parts))

    def again(self, subscription):
        """The same subscription as it is now."""
        return self.get(self.path_of(subscription)).data

    def operation(self, answer):
        return self.get(f"/api/v1/subscriptions/operations/{answer.data['operationId']}")


class Control:
    """What a test does to the simulator while it runs."""

    def __init__(self, credentials):
        self.url, self.token = credentials["url"], credentials["token"]

    def ask(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"}
        raw = None if body is None else json.dumps(body).encode()
        answer = send(method, f"{self.url}/{path}", raw, headers)
        if answer.status != 200:
            raise AssertionError(str(answer))
        return answer.json

    def turn(self, **knobs):
        return self.ask("PUT", "knobs", knobs)

    def fault(self, fault):
        return self.ask("POST", "faults", {"fault": fault})

    def end_faults(self):
        return self.ask("DELETE", "faults")

    def advance(self, **by):
        return self.ask("POST", "clock/advance", by)

    def portal(self, subscription, act, **more):
        return self.ask(
            "POST",
            "portal",
            {
                "marketplace": "stellr",
                "do": act,
                "subscription": subscription["subscriptionId"],
                **more,
            },
        )
