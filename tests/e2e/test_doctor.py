"""The doctor: each way in which a connection fails is told apart, and assumptions are checked by
reading."""
import json
import re
import shutil
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request

from support import (
    CREDENTIALS,
    EMPTY,
    FORBIDDEN,
    NOT_FOUND,
    PAUSED,
    TOKEN_LOST,
    UNREACHABLE,
    UNREADABLE,
    OddRemote,
    TestCase,
    free_port,
    main,
)

JSON = {"Content-Type": "application/json"}
TOKEN = json.dumps({"access_token": "T", "token_type": "Bearer", "expires_in": 7200}).encode()


def customers(records):
    data = {"requestId": "r", "data": {"total": len(records), "records": records}}
    return 200, JSON, json.dumps(data).encode()


class DoctorCase(TestCase):
    def control(self, simulator, method, path, body=None):
        control = simulator.credentials["control"]
        request = urllib.request.Request(
            f"{control['url']}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {control['token']}", **JSON},
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def knobs(self, simulator, **knobs):
        self.control(simulator, "PUT", "knobs", knobs)

    def examine(self, code, *arguments, **more):
        result = self.run_stellion("doctor", *arguments, "--output", "json", **more)
        self.assertEqual(result.code, code, str(result))
        return result.json()

    def diagnosis(self, code, *arguments, **more):
        """Ids of what is wrong with the login, the diagnosis first, then what is possible."""
        rows = self.examine(code, *arguments, **more)
        login = [row for row in rows if row["part"] == "login"]
        for row in login:
            self.assertTrue(row["verdict"] != "wrong" or row["advice"], row)
        wrong = [row["id"] for row in login if row["verdict"] == "wrong"]
        return wrong + [row["id"] for row in login if row["verdict"] == "note"]

    def verdicts(self, *arguments):
        rows = self.examine(0, *arguments)
        return {row["id"]: row["verdict"] for row in rows if row["part"] == "assumption"}

    def stellr(self, *options):
        simulator = self.simulate(*options)
        self.ok(*self.stellr_options(simulator))
        return simulator

    def ion(self, *options):
        simulator = self.simulate(*options)
        self.ok(*self.ion_options(simulator))
        return simulator

    def forget_access(self):
        """As if the access token had ended: the next call needs a refresh."""
        db = sqlite3.connect(self.data / "stellion.db")
        with db:
            db.execute("DELETE FROM access_token")
        db.close()

    def change_store(self, text, *values):
        db = sqlite3.connect(self.data / "stellion.db")
        with db:
            db.execute(text, values)
        db.close()

    def overrides(self, document, mode=0o600):
        path = self.data / "overrides.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        path.chmod(mode)


class Machine(DoctorCase):
    def test_without_a_connection_it_looks_at_the_machine(self):
        rows = {row["id"]: row for row in self.examine(0)}
        for name in ("data-directory", "key", "disk", "proxy", "overrides", "stellr-trust"):
            self.assertIn(name, rows)
            self.assertNotEqual(rows[name]["verdict"], "wrong")
        self.assertIn("connections", rows)
        self.assertIn("GUESS", rows["stellr-trust"]["evidence"])

    def test_an_open_key_is_told(self):
        self.ok("connections")
        (self.data / "key").chmod(0o644)
        rows = {row["id"]: row for row in self.examine(0)}
        self.assertEqual(rows["key"]["verdict"], "wrong")
        self.assertIn("chmod 600", rows["key"]["advice"])

    def test_every_guess_is_named(self):
        actions = self.list("actions")
        guesses = {row["id"] for row in actions if row["trust"] == "GUESS"}
        told = " ".join(row["sentence"] for row in self.examine(0) if row["id"] == "guess")
        self.assertTrue(guesses)
        for name in guesses:
            self.assertIn(name + " rests on a guess", told)

    def test_a_proxy_is_named_without_its_password(self):
        result = self.ok("doctor", environment={"https_proxy": "http://me:hunter2@proxy:1"})
        self.assertIn("https_proxy", result.out)
        self.assertNotIn("hunter2", result.out + result.err)

    def test_an_unknown_connection_is_told(self):
        self.fails(NOT_FOUND, "no connection 'nobody'", "doctor", "nobody")


class StellrLogin(DoctorCase):
    def test_a_connection_that_works_has_nothing_wrong(self):
        simulator = self.stellr()
        self.assertEqual(self.diagnosis(0, "stellr-test"), [])
        self.assertFalse([x for x in simulator.journal("stellr ") if "POST /api" in x])

    def test_a_young_credential_may_sleep(self):
        simulator = self.stellr("--knob", "revoke_delay_s=0")
        self.control(simulator, "DELETE", "credentials/1")
        found = self.diagnosis(CREDENTIALS, "stellr-test")
        self.assertEqual(found[0], "not-active-yet")
        self.assertIn("bad-secret", found)

    def test_a_sync_that_failed_is_no_sign_that_it_worked(self):
        simulator = self.stellr("--knob", "revoke_delay_s=0")
        self.control(simulator, "DELETE", "credentials/1")
        self.forget_access()
        self.run_stellion("sync")
        self.assertEqual(self.diagnosis(CREDENTIALS, "stellr-test")[0], "not-active-yet")

    def test_a_credential_that_has_worked_is_revoked(self):
        simulator = self.stellr("--knob", "revoke_delay_s=0")
        self.ok("sync")
        self.control(simulator, "DELETE", "credentials/1")
        self.assertEqual(self.diagnosis(CREDENTIALS, "stellr-test")[0], "revoked")

    def test_an_old_one_that_never_worked_is_a_bad_secret(self):
        simulator = self.stellr("--knob", "revoke_delay_s=0")
        self.control(simulator, "DELETE", "credentials/1")
        self.change_store("UPDATE connection SET changed_at = changed_at - 3600000")
        self.assertEqual(self.diagnosis(CREDENTIALS, "stellr-test")[0], "bad-secret")

    def test_no_permission(self):
        simulator = self.stellr()
        self.knobs(simulator, permission_mask="stellr.customer.list")
        self.assertEqual(self.diagnosis(FORBIDDEN, "stellr-test"), ["no-permission"])

    def test_no_permission_for_subscriptions(self):
        simulator = self.stellr()
        self.knobs(simulator, permission_mask="stellr.subscription.list")
        self.assertEqual(self.diagnosis(FORBIDDEN, "stellr-test"), ["no-permission"])

    def test_no_scope(self):
        simulator = self.stellr()
        self.knobs(simulator, scope_mismatch="true")
        self.assertEqual(self.diagnosis(EMPTY, "stellr-test"), ["no-scope"])
        rows = self.examine(EMPTY, "stellr-test")
        self.assertFalse([row for row in rows if row["part"] == "assumption"])

    def test_a_service_that_fails_is_not_waited_for(self):
        simulator = self.stellr()
        self.control(simulator, "PUT", "faults", {"faults": ["500:1@/invoices"]})
        start = time.monotonic()
        rows = {row["id"]: row for row in self.examine(0, "stellr-test")}
        self.assertEqual(rows["A-30"]["verdict"], "could not tell")
        self.assertIn("HTTP 500", rows["A-30"]["evidence"])
        self.assertLess(time.monotonic() - start, 6)

    def test_the_service_is_not_there(self):
        simulator = self.stellr()
        simulator.stop()
        self.assertEqual(self.diagnosis(UNREACHABLE, "stellr-test"), ["unreachable"])


class OddLogin(DoctorCase):
    """What the simulator does not say."""

    def odd(self, token=None, answer=None):
        """A remote that works while connecting, and then answers like this."""
        self.now = {"token": (200, JSON, TOKEN), "answer": customers([{"customerNo": 1}])}

        def give(path):
            return self.now["token" if "oauth2" in path else "answer"]

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        self.ok(*self.odd_options(remote.url))
        if token is not None:
            self.now["token"] = token
        if answer is not None:
            self.now["answer"] = answer
        return remote

    def refused(self, words):
        body = {"error": "invalid_client", "error_description": words}
        return 401, JSON, json.dumps(body).encode()

    def test_words_of_the_service_tell_what_a_refusal_is_about(self):
        rows = {
            "Client belongs to the sandbox environment": "other-environment",
            "Client is not registered in this region": "wrong-region",
            "Credential is not active yet": "not-active-yet",
            "The user account is disabled": "inactive-user",
        }
        for words, wanted in rows.items():
            with self.subTest(words):
                self.odd(token=self.refused(words))
                self.change_store("UPDATE connection SET changed_at = changed_at - 3600000")
                self.assertEqual(self.diagnosis(CREDENTIALS, "odd")[0], wanted)

    def test_a_token_that_is_refused_belongs_to_another_environment(self):
        self.odd(answer=(401, JSON, b'{"message": "Unauthorized"}'))
        found = self.diagnosis(CREDENTIALS, "odd")
        self.assertEqual(found[:2], ["other-environment", "wrong-region"])

    def test_a_sign_in_page_stands_between(self):
        self.odd(answer=(200, {"Content-Type": "text/html"}, b"<html>Sign in</html>"))
        self.assertEqual(self.diagnosis(UNREADABLE, "odd"), ["proxy"])

    def test_the_wrong_address(self):
        self.odd(answer=(404, JSON, b"{}"))
        self.assertEqual(self.diagnosis(NOT_FOUND, "odd"), ["wrong-address"])

    def test_a_clock_that_is_off(self):
        status, headers, body = customers([{"customerNo": 1}])
        late = {**headers, "Date": "Mon, 02 Jan 2023 03:04:05 GMT"}
        remote = self.odd()
        remote.server.RequestHandlerClass.date_time_string = lambda *_: late["Date"]
        self.assertEqual(self.diagnosis(0, "odd"), ["clock"])

    def test_a_name_that_nobody_knows(self):
        self.odd()
        self.change_store(
            "UPDATE connection SET base_url = 'https://no-such-host.invalid',"
            " token_url = 'https://no-such-host.invalid/token'"
        )
        self.assertEqual(self.diagnosis(UNREACHABLE, "odd"), ["name-resolution"])

    def test_a_service_without_tls_where_it_should_be(self):
        remote = self.odd()
        url = remote.url.replace("http://", "https://")
        self.change_store("UPDATE connection SET base_url = ?, token_url = ?", url, url + "/t")
        self.assertEqual(self.diagnosis(UNREACHABLE, "odd"), ["tls"])

    def test_a_proxy_that_is_not_there(self):
        self.odd()
        self.change_store(
            "UPDATE connection SET base_url = 'https://no-such-host.invalid',"
            " token_url = 'https://no-such-host.invalid/token'"
        )
        proxy = {"https_proxy": f"http://127.0.0.1:{free_port()}"}
        self.assertEqual(self.diagnosis(UNREACHABLE, "odd", environment=proxy), ["proxy"])

    def test_nothing_of_a_customer_is_in_the_bundle(self):
        record = {"customerNo": 4711, "name": "Very Secret Ltd", "Very Secret Ltd": {"12": 1}}
        self.odd(answer=customers([record]))
        bundle = self.folder / "bundle.json"
        self.ok("doctor", "odd", "--bundle", bundle)
        text = bundle.read_text()
        self.assertNotIn("Secret", text)
        self.assertNotIn("4711", text)
        self.assertEqual(bundle.stat().st_mode & 0o777, 0o600)
        document = json.loads(text)
        self.assertEqual(document["connections"][0]["name"], "odd")
        asked = {x["question"]: x for x in document["connections"][0]["answers"]}
        members = asked["customers"]["shape"]["members"]["data"]["members"]["records"]
        self.assertEqual(members["element"]["members"]["name"]["is"], "a text")
        self.assertEqual(asked["customers"]["request_id"], "r")


class IonLogin(DoctorCase):
    def test_the_token_is_not_used_without_need(self):
        simulator = self.ion()
        simulator.forget_journal()
        self.assertEqual(self.diagnosis(0, "ion-test"), [])
        self.assertFalse([x for x in simulator.journal() if "/oauth/token" in x])

    def test_it_says_when_the_token_was_used(self):
        self.ion()
        self.forget_access()
        rows = {row["id"]: row for row in self.examine(0, "ion-test")}
        self.assertIn("its successor is kept", rows["token"]["sentence"])

    def test_a_token_that_somebody_else_used(self):
        simulator = self.ion()
        self.control(simulator, "POST", "credentials/2/lose")
        self.forget_access()
        self.assertEqual(self.diagnosis(CREDENTIALS, "ion-test"), ["token-reused"])

    def test_a_token_that_is_too_old(self):
        simulator = self.ion()
        self.control(simulator, "POST", "credentials/2/lose")
        self.forget_access()
        self.change_store("UPDATE refresh_token SET born_at = born_at - 40 * 86400000")
        self.assertEqual(self.diagnosis(CREDENTIALS, "ion-test"), ["token-expired"])

    def test_a_token_that_is_lost(self):
        simulator = self.ion()
        self.control(simulator, "POST", "credentials/2/lose")
        self.forget_access()
        self.change_store(
            "INSERT INTO refresh_attempt (workspace_id, connection_id, id, generation, begun_at,"
            " outcome) SELECT workspace_id, connection_id, 99, max(generation), 1, 'unknown'"
            " FROM refresh_token"
        )
        self.assertEqual(self.diagnosis(TOKEN_LOST, "ion-test"), ["token-lost"])

    def test_an_api_key(self):
        simulator = self.simulate("--knob", "revoke_delay_s=0")
        ion = simulator.credentials["ion"]
        secret = self.secret_file(ion["api_secret"])
        keys = ["--api-key", ion["api_key"], "--api-secret-file", secret]
        self.ok(*self.ion_options(simulator), *keys)
        rows = {row["id"]: row["verdict"] for row in self.examine(0, "ion-test")}
        self.assertEqual(rows["api-key"], "ok")
        self.assertEqual(rows["10.12 customers"], "held")
        self.control(simulator, "DELETE", "credentials/3")
        self.assertEqual(self.diagnosis(CREDENTIALS, "ion-test"), ["api-key"])

    def test_a_role_that_may_not_call(self):
        simulator = self.ion()
        self.knobs(simulator, role="user")
        self.assertEqual(self.diagnosis(FORBIDDEN, "ion-test"), ["role"])

    def test_an_account_of_somebody_else(self):
        self.ion()
        self.change_store("UPDATE connection SET account_ref = '70999'")
        self.assertEqual(self.diagnosis(FORBIDDEN, "ion-test"), ["wrong-account"])

    def test_an_incomplete_connection_is_looked_at_all_the_same(self):
        simulator = self.simulate()
        self.fails(FORBIDDEN, "is kept", *self.ion_options(simulator, account_id="70999"))
        found = self.diagnosis(FORBIDDEN, "ion-test")
        self.assertEqual(found, ["incomplete", "wrong-account"])

    def test_a_copied_store_is_paused(self):
        self.ion()
        self.data.rename(self.folder / "copy")
        copied = self.folder / "data2"

        shutil.copytree(self.folder / "copy", copied)
        self.data = copied
        self.assertEqual(self.diagnosis(PAUSED, "ion-test"), ["paused"])


class Assumptions(DoctorCase):
    def test_what_the_simulator_does_is_what_is_assumed(self):
        self.stellr()
        verdicts = self.verdicts("stellr-test")
        self.assertFalse([k for k, v in verdicts.items() if v == "did not hold"], verdicts)
        self.assertGreater(list(verdicts.values()).count("held"), 40)
        self.assertEqual(verdicts["A-43"], "could not tell")

    def test_every_assumption_of_the_register_is_told(self):
        self.stellr()
        told = set()
        for name in self.verdicts("stellr-test"):
            numbers = [int(number) for number in re.findall(r"A-(\d+)", name)]
            told |= set(range(numbers[0], numbers[-1] + 1)) if " to " in name else set(numbers)
        self.assertEqual(told, set(range(1, 62)))

    def test_a_second_address_for_tokens_is_told(self):
        def give(path):
            if path.endswith("/absent"):
                return 404, JSON, b"{}"
            return (200, JSON, TOKEN) if "oauth2" in path else customers([{"customerNo": 1}])

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        self.ok(*self.odd_options(remote.url))
        self.assertEqual(self.verdicts("odd")["A-01"], "could not tell")
        self.change_store(
            "UPDATE connection SET token_url_2 = token_url, token_url = token_url || '/absent'"
        )
        self.assertEqual(self.verdicts("odd")["A-01"], "did not hold")

    def test_each_knob_of_stellr_is_seen(self):
        simulator = self.stellr("--customers", "12")
        self.knobs(
            simulator,
            ids_as_text="true",
            money_as_text="true",
            drop_paging_quirk="true",
            cloud_alias="false",
        )
        verdicts = self.verdicts("stellr-test")
        for name in ("A-13", "A-17 customerNo", "A-17 skuNo", "A-20", "6.2 prices"):
            self.assertEqual(verdicts[name], "did not hold", name)

    def test_what_does_not_hold_comes_with_its_correction(self):
        self.now = None

        def give(path):
            if "oauth2" in path:
                return 200, JSON, TOKEN
            if path.startswith("/api/v1/cloud/customers?"):
                return customers([{"customerNo": "7", "title": "x"}, {"customerNo": "3"}])
            return 404, JSON, b"{}"

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        self.ok(*self.odd_options(remote.url))
        rows = {row["id"]: row for row in self.examine(0, "odd") if row["part"] == "assumption"}
        for name in ("A-16", "A-17 customerNo", "A-22", "6.1", "A-11", "A-15", "A-29 name"):
            self.assertIn(rows[name]["verdict"], ("did not hold", "could not tell"), name)
        self.assertEqual(rows["6.1"]["verdict"], "did not hold")
        self.assertIn("address1", rows["6.1"]["evidence"])
        self.assertIn("accounts", json.loads(rows["6.1"]["override"])["fields"]["stellr"])

    def test_corrections_that_it_shows_are_accepted(self):
        self.ok("connections")
        rows = self.examine(0)
        snippets = [row["override"] for row in rows if row["override"]]
        self.assertTrue(snippets)
        for snippet in snippets:
            self.overrides(snippet)
            self.ok("connections")

    def test_the_spelling_of_the_change_log_is_found_and_remembered(self):
        simulator = self.simulate()
        base = simulator.credentials["stellr"]["base_url"]

        def give(path):
            if "changelogs" in path or ("change" in path and "/cloud/" in path):
                return 404, JSON, b"{}"
            if "/change-logs" in path:
                path = path.replace("change-logs", "changelogs")
            elif "/change" in path:
                return 404, JSON, b"{}"
            return self.forward(base, path)

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        options = self.stellr_options(simulator, base_url=remote.url)
        self.ok(*options)
        call = ("call", "stellr.subscription.change-logs", "--connection", "stellr-test")
        row = self.list("call", "stellr.customer.list", "--connection", "stellr-test")
        number = row["data"]["records"][0]["customerNo"]
        arguments = (*call, "--customerNo", number, "--contractNo", "1")
        self.fails(NOT_FOUND, "404", *arguments)
        rows = {row["id"]: row for row in self.examine(0, "stellr-test")}
        self.assertEqual(rows["A-21"]["verdict"], "did not hold")
        self.assertIn("/change-logs answers; remembered", rows["A-21"]["evidence"])
        self.ok(*arguments)

    def forward(self, base, path):
        secret = next(iter(self.secrets))
        request = urllib.request.Request(base + path)
        if "oauth2" in path:
            return 200, JSON, TOKEN
        if not hasattr(self, "bearer"):
            c = {"grant_type": "client_credentials", "client_id": "sim-client"}
            for secret in self.secrets:
                form = urllib.parse.urlencode({**c, "client_secret": secret}).encode()
                try:
                    with urllib.request.urlopen(base + "/oauth2/v1/token", data=form) as answer:
                        self.bearer = json.loads(answer.read())["access_token"]
                except urllib.error.HTTPError:
                    continue
        request.add_header("Authorization", f"Bearer {self.bearer}")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, JSON, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, JSON, error.read()

    def test_an_answer_that_is_too_large_is_not_looked_at(self):
        def give(path):
            if "oauth2" in path:
                return 200, JSON, TOKEN
            if "/customers/" in path:
                return 200, JSON, b'{"data": {"x": "' + b"y" * (5 << 20) + b'"}}'
            return customers([{"customerNo": 1}])

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        self.ok(*self.odd_options(remote.url))
        rows = {row["id"]: row for row in self.examine(0, "odd")}
        self.assertEqual(rows["A-11"]["verdict"], "could not tell")
        self.assertIn("larger than", rows["A-11"]["evidence"])

    def test_ion_too(self):
        self.ion()
        verdicts = self.verdicts("ion-test")
        self.assertGreater(list(verdicts.values()).count("held"), 25)

    def test_each_knob_of_ion_is_seen(self):
        simulator = self.ion()
        self.knobs(
            simulator, empty_page_token="true", omit_empty_items="true", missing_licences_share=1
        )
        verdicts = self.verdicts("ion-test")
        for name in ("10.6 end", "3.1 past", "4.3"):
            self.assertEqual(verdicts[name], "did not hold", name)

    def test_an_odd_ion_is_seen(self):
        tokens = {"access_token": "A", "refresh_token": "R2", "expires_in": 7200}
        row = {"id": 5, "customerId": 1, "subscriptionStatus": "sleeping", "price": "1.5"}

        def give(path):
            document = {"error": "NOT_FOUND", "code": 404}
            if "/oauth/token" in path:
                document = tokens
            elif "/customers?" in path:
                document = {"customers": [{"name": "accounts/7/customers/1"}], "nextPageToken": ""}
            elif "/subscriptions?" in path and "offset=0" in path:
                document = {"items": [row], "paginationResponse": {"totalSize": "1"}}
            elif "/subscriptions?" in path:
                document = {"paginationResponse": {"totalSize": "1"}}
            return 404 if "error" in document else 200, JSON, json.dumps(document).encode()

        remote = OddRemote(give)
        self.addCleanup(remote.close)
        connect = ["connect", "ion", "--name", "odd", "--account", "7", "--base-url", remote.url]
        self.ok(*connect, "--token-file", self.secret_file("R-one-4711\n"))
        verdicts = self.verdicts("odd")
        for name in (
            "10.1",
            "10.6 end",
            "10.8 name",
            "10.9 status",
            "3.1 past",
            "3.1 total",
            "3.1 unpaged",
            "4.1",
            "4.3",
            "6.3 ids",
            "6.3 prices",
            "6.1 body",
        ):
            self.assertEqual(verdicts[name], "did not hold", name)
        self.assertEqual(verdicts["10.10 margin"], "could not tell")

    def test_it_only_reads(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        simulator.forget_journal()
        result = self.ok("doctor")
        self.assertRegex(result.err, r"\d+ requests were sent")
        allowed = ("/oauth", "/oauth2")
        for line in simulator.journal():
            if " GET " not in f" {line} ":
                self.assertTrue(any(word in line for word in allowed), line)


if __name__ == "__main__":
    main()
