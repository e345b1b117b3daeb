"""Ion, simulated, by plain HTTP: as a program would ask that knows nothing of this one."""
import base64
import json
import urllib.error
import urllib.parse
import urllib.request

ACCOUNT = "/api/v3/accounts/70001"


class Service:
    """Takes the refresh token of the credentials, and puts its successor there."""

    def __init__(self, credentials):
        self.base = credentials["base_url"]
        pair = f"{credentials['api_key']}:{credentials['api_secret']}"
        self.basic = "Basic " + base64.b64encode(pair.encode()).decode()
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
        self.bearer = None
        answer = self.send("POST", "/oauth/token", urllib.parse.urlencode(form).encode())
        self.refresh = credentials["refresh_token"] = answer[1]["refresh_token"]
        self.bearer = "Bearer " + answer[1]["access_token"]

    def send(self, method, path, body=None, authorization=None):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        if authorization or self.bearer:
            request.add_header("Authorization", authorization or self.bearer)
        if data is not None and data is not body:
            request.add_header("Content-Type", "application/json")
        try:
            reply = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:
            reply = refused
        with reply:
            text = reply.read()
            return reply.status, json.loads(text) if text else None

    def get(self, path):
        return self.send("GET", path)[1]
