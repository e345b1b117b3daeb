"""The simulator as a product: control path, clock, portal, snapshots, credentials, scenarios and
TLS, as a stranger's program sees them."""
import os
import time

import support
from stranger import Simulated, Stranger


def days(text):
    return text[:10]


class Door(Simulated):
    def test_only_the_token_opens_it_and_only_under_a_name_of_this_machine(self):
        s = self.start()
        self.refused(s.control("GET", "clock", token="wrong"), 401, "Bearer")
        url = s.credentials["control"]["url"] + "/clock"
        self.assertEqual(s.send("GET", url).status, 401)
        for host in ("evil.example", "evil.example:8790", "127.0.0.1.evil.example", "[::2]:1", ""):
            self.refused(s.control("GET", "clock", headers={"Host": host}), 403, "Host")
        for host in ("localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8790"):
            self.assertEqual(s.control("GET", "clock", headers={"Host": host}).status, 200)

    def test_unknown_paths_methods_members_and_parameters_are_refused_in_words(self):
        s = self.start()
        self.refused(s.control("GET", "nothing"), 404, "nothing at this address")
        self.refused(s.control("POST", "world"), 405, "method")
        self.refused(s.control("PUT", "clock", {"then": "2026-01-01"}), 400, "no member `then`")
        self.refused(s.control("PUT", "clock", {"now": "yesterday"}), 400, "2026-07-01T09:00:00Z")
        self.refused(s.control("PUT", "clock", [1]), 400, "JSON object")
        self.refused(s.control("PUT", "clock", "{"), 400, "not JSON")
        self.refused(s.control("GET", "journal?who=me"), 400, "no parameter `who`")
        self.refused(s.control("GET", "world", {"a": 1}), 400, "takes no body")
        self.refused(s.control("POST", "snapshots/none/restore"), 404, "no snapshot `none`")

    def test_it_is_not_on_the_ports_that_play_one_marketplace(self):
        port = support.free_port()
        s = self.start(
            *("--listen-ion", "127.0.0.1:0", "--listen-stellr", "127.0.0.1:0"),
            *("--listen-control", f"127.0.0.1:{port}"),
            listen=False,
        )
        self.assertEqual(s.credentials["control"]["url"], f"http://127.0.0.1:{port}/_sim")
        self.assertEqual(s.control("GET", "clock").status, 200)
        for api in ("ion", "stellr"):
            headers = {"Authorization": "Bearer " + s.credentials["control"]["token"]}
            got = s.send("GET", s.credentials[api]["base_url"] + "/_sim/clock", None, headers)
            self.assertEqual(got.status, 401, "a path of the marketplace's, with a bad token")

    def test_the_token_can_be_given_and_is_random_otherwise(self):
        token = self.folder / "token"
        token.write_text("a-token-of-my-own\n")
        s = self.start("--control-token-file", token)
        self.assertEqual(s.credentials["control"]["token"], "a-token-of-my-own")
        self.assertEqual(s.control("GET", "world").status, 200)
        token.write_text("short\n")
        self.fails(support.INVALID, "8 characters", "simulate", "--control-token-file", token)

    def test_the_table_of_the_path_is_given_and_each_row_answers(self):
        s = self.start()
        s.told("PUT", "snapshots/kept")
        rows = s.told("GET", "")["control"]
        self.assertGreater(len(rows), 20)
        for row in rows:
            path = row["path"][len("/_sim/") :].replace("{name}", "kept")
            answer = s.control(row["method"], path)
            self.assertIn(answer.status, (200, 400, 404), f"{row}: {answer}")
            self.assertNotIn("nothing at this address", answer.body)


class Clock(Simulated):
    def test_it_is_set_moved_stopped_and_let_go(self):
        s = self.start()
        self.assertFalse(s.told("GET", "clock")["frozen"])
        frozen = s.told("POST", "clock/freeze", {"now": "2027-03-01T12:00:00Z"})
        self.assertEqual((frozen["now"], frozen["frozen"]), ("2027-03-01T12:00:00.000Z", True))
        time.sleep(0.05)
        self.assertEqual(s.told("GET", "clock")["now"], "2027-03-01T12:00:00.000Z")
        moved = s.told("POST", "clock/advance", {"days": 1, "hours": 2, "seconds": 3})
        self.assertEqual(moved["now"], "2027-03-02T14:00:03.000Z")
        s.told("POST", "clock/run")
        time.sleep(0.05)
        self.assertGreater(s.told("GET", "clock")["now_ms"], moved["now_ms"])
        self.assertEqual(days(s.told("PUT", "clock", {"now": "2026-12-24"})["now"]), "2026-12-24")
        self.refused(s.control("POST", "clock/advance", {}), 400, "how much")
        self.refused(s.control("POST", "clock/advance", {"days": -1}), 400, "`days`")
        self.refused(s.control("PUT", "clock", {"now": "3026-01-01"}), 400, "hundred years")

    def test_terms_end_in_renewal_or_expiry_and_the_history_tells(self):
        s = self.start("--customers", 12, "--subscriptions", 200)
        before = {x["id"]: x for x in s.ion_subscriptions()}
        s.told("POST", "clock/advance", {"days": 400})
        s.start_anew()
        after = {x["id"]: x for x in s.ion_subscriptions()}
        self.assertEqual(before.keys(), after.keys())
        renewed = expired = 0
        for number, old in before.items():
            new = after[number]
            seats = old["ccpProductId"] not in ("MSAZURE-demo", "MSPerpetual-demo")
            if old["subscriptionStatus"] != "active" or not seats:
                continue
            if old["autoRenew"]:
                self.assertEqual(new["subscriptionStatus"], "active")
                renewed += new["subscriptionEndDate"] > old["subscriptionEndDate"]
            else:
                self.assertEqual(new["subscriptionStatus"], "expired", new)
                expired += 1
        self.assertGreater(renewed, 50)
        self.assertGreater(expired, 5)

    def test_it_can_go_back_as_far_as_nothing_was_changed(self):
        s = self.start("--subscriptions", 60)
        before = s.stellr_subscriptions()
        s.told("POST", "clock/advance", {"days": 800})
        s.tokens.clear()
        self.assertNotEqual(s.stellr_subscriptions(), before)
        s.told("PUT", "clock", {"now": days(before[0]["startDate"])})  # before everything
        s.tokens.clear()
        self.assertEqual(s.stellr_subscriptions(), before)

    def test_tokens_live_by_it(self):
        s = self.start()
        self.assertEqual(s.ion("GET", "/customers?pageSize=10").status, 200)
        s.told("POST", "clock/advance", {"seconds": 7201})
        self.assertEqual(s.ion("GET", "/customers?pageSize=10").status, 401)
        s.tokens.clear()
        self.assertEqual(s.ion("GET", "/customers?pageSize=10").status, 200)
        s.told("POST", "clock/advance", {"days": 33})
        answer = s.ask_ion_token()
        self.assertEqual(
            (answer.status, answer.json()["error"]), (400, "cannot validate token: redis: nil")
        )


class Portal(Simulated):
    def edit(self, s, **what):
        return s.told("POST", "portal", what)

    def test_somebody_changes_seats_and_the_api_tells_them_and_the_log_who(self):
        s = self.start()
        one = s.stellr_subscriptions()[0]
        got = self.edit(
            s,
            marketplace="stellr",
            do="seats",
            subscription=one["subscriptionId"],
            seats=one["quantity"] + 7,
            who="pat@reseller.example",
        )
        self.assertEqual(got["seats"], one["quantity"] + 7)
        again = s.stellr_subscriptions(one["customerNo"])
        now = [x for x in again if x["subscriptionId"] == one["subscriptionId"]][0]
        self.assertEqual(now["quantity"], one["quantity"] + 7)
        log = s.stellr(
            "GET",
            f"/api/v1/customers/{one['customerNo']}/subscriptions/changelogs?"
            f"contractNo={one['contractNo']}&startDate=2026-01-01&pageNo=1&pageSize=100",
        )
        self.assertIn("pat@reseller.example", log.body)

    def test_ion_too_by_either_id(self):
        s = self.start()
        one = [x for x in s.ion_subscriptions() if x["subscriptionStatus"] == "active"][0]
        self.edit(s, marketplace="ion", do="seats", subscription=one["subscriptionId"], seats=99)
        self.edit(s, marketplace="ion", do="auto-renew-off", subscription=one["id"])
        now = [x for x in s.ion_subscriptions() if x["id"] == one["id"]][0]
        self.assertEqual((now["subscriptionTotalLicenses"], now["autoRenew"]), ("99", False))

    def test_what_is_bought_is_listed_and_what_is_cancelled_stays_cancelled(self):
        s = self.start()
        bought = self.edit(
            s,
            marketplace="stellr",
            do="buy",
            customer="700101",
            part="CFQ7TTC0LCHC:0002",
            term="P1Y",
            cycle="A",
            seats=5,
        )
        listed = {x["subscriptionId"]: x for x in s.stellr_subscriptions("700101")}
        self.assertEqual(listed[bought["subscription"]]["quantity"], 5)
        self.edit(s, marketplace="stellr", do="cancel", subscription=bought["subscription"])
        listed = {x["subscriptionId"]: x for x in s.stellr_subscriptions("700101")}
        self.assertEqual(listed[bought["subscription"]]["status"], "Cancelled")
        again = s.control(
            "POST",
            "portal",
            {"marketplace": "stellr", "do": "cancel", "subscription": bought["subscription"]},
        )
        self.refused(again, 409, "does not take 'cancel'")

    def test_nonsense_is_refused(self):
        s = self.start()
        for what, status, words in (
            ({}, 400, "`marketplace`"),
            ({"marketplace": "ion", "do": "dance"}, 400, "nobody can `dance`"),
            ({"marketplace": "ion", "do": "seats", "subscription": "1"}, 400, "`seats`"),
            (
                {"marketplace": "ion", "do": "seats", "subscription": "1", "seats": 0},
                400,
                "`seats`",
            ),
            ({"marketplace": "ion", "do": "cancel", "subscription": "1"}, 404, "no subscription 1"),
            (
                {"marketplace": "ion", "do": "buy", "customer": "1", "part": "x", "seats": 1},
                404,
                "no customer 1",
            ),
            (
                {"marketplace": "ion", "do": "buy", "customer": "410001", "part": "x", "seats": 1},
                404,
                "no `x`",
            ),
        ):
            self.refused(s.control("POST", "portal", what), status, words)


class Snapshots(Simulated):
    def test_what_happened_after_one_is_gone_when_it_is_restored(self):
        s = self.start()
        s.told("POST", "clock/freeze")
        s.told(
            "POST",
            "portal",
            {
                "marketplace": "ion",
                "do": "buy",
                "customer": "410001",
                "part": "CFQ7TTC0LH18:0001",
                "seats": 3,
            },
        )
        kept, clock = s.ion_subscriptions(), s.told("GET", "clock")
        s.told("PUT", "snapshots/before")
        self.assertEqual(len(kept), 41)
        s.told("POST", "clock/advance", {"days": 20})
        s.tokens.clear()
        for one in kept[:20]:
            s.control(
                "POST", "portal", {"marketplace": "ion", "do": "cancel", "subscription": one["id"]}
            )
        s.told(
            "POST",
            "portal",
            {
                "marketplace": "ion",
                "do": "buy",
                "customer": "410002",
                "part": "CFQ7TTC0LH18:0001",
                "seats": 4,
            },
        )
        self.assertEqual(len(s.ion_subscriptions()), 42)
        world = s.told("POST", "snapshots/before/restore")
        self.assertEqual(world["new_subscriptions"], {"stellr": 0, "ion": 1})
        self.assertEqual(s.told("GET", "clock"), clock)
        self.assertEqual(s.ion_subscriptions(), kept)
        names = [x["name"] for x in s.told("GET", "snapshots")["snapshots"]]
        self.assertEqual(names, ["before"])


class Credentials(Simulated):
    def test_a_new_one_sleeps_and_a_revoked_one_works_on(self):
        s = self.start("--knob", "credential_delay_s=600")
        new = s.told("POST", "credentials", {"kind": "client"})
        self.assertFalse(new["works_now"])
        pair = {k: new[k] for k in ("client_id", "client_secret")}
        self.assertEqual(s.ask_stellr_token(**pair).status, 401)
        s.told("POST", "clock/advance", {"seconds": 601})
        answer = s.ask_stellr_token(**pair)
        self.assertEqual(answer.status, 200)
        s.tokens["stellr"] = answer.json()["access_token"]
        s.told("DELETE", f"credentials/{new['number']}")
        self.assertEqual(s.ask_stellr_token(**pair).status, 200)
        self.assertEqual(s.stellr("GET", "/api/v1/cloud/vendors").status, 200)
        s.told("POST", "clock/advance", {"minutes": 11})
        self.assertEqual(s.ask_stellr_token(**pair).status, 401)
        self.assertEqual(s.stellr("GET", "/api/v1/cloud/vendors").status, 401)

    def test_refresh_tokens_of_two_credentials_do_not_meet(self):
        s = self.start()
        new = s.told("POST", "credentials", {"kind": "refresh-token"})
        for _ in range(3):
            self.assertEqual(s.ask_ion_token().status, 200)
        first = s.refresh_token
        self.assertEqual(s.ask_ion_token(new["refresh_token"]).status, 200)
        self.assertEqual(s.ask_ion_token(new["refresh_token"]).status, 400)
        self.assertEqual(s.ask_ion_token(first).status, 200)

    def test_an_api_key_opens_v1_and_no_token_does(self):
        s = self.start()
        path = "/api/v1/customers"
        self.assertEqual(s.basic(path).status, 200)
        self.assertEqual(s.basic(path, secret="wrong").status, 401)
        url = s.credentials["ion"]["base_url"] + path
        self.assertEqual(s.send("GET", url, None, s.bearer("ion")).status, 401)
        new = s.told("POST", "credentials", {"kind": "api-key"})
        self.assertEqual(s.basic(path, new["api_key"], new["api_secret"]).status, 200)
        s.told("PUT", "knobs", {"revoke_delay_s": 0})
        s.told("DELETE", f"credentials/{new['number']}")
        self.assertEqual(s.basic(path, new["api_key"], new["api_secret"]).status, 401)

    def test_somebody_else_uses_the_refresh_token_up(self):
        s = self.start()
        mine = [
            c for c in s.told("GET", "credentials")["credentials"] if c["kind"] == "refresh-token"
        ][0]
        self.assertEqual(mine["refresh_token"], s.refresh_token)
        s.told("POST", f"credentials/{mine['number']}/lose")
        self.assertEqual(s.ask_ion_token().status, 400)

    def test_access_tokens_can_be_ended(self):
        s = self.start()
        self.assertEqual(s.ion("GET", "/customers?pageSize=5").status, 200)
        for c in s.told("GET", "credentials")["credentials"]:
            s.told("POST", f"credentials/{c['number']}/expire")
        self.assertEqual(s.ion("GET", "/customers?pageSize=5").status, 401)

    def test_token_requests_of_other_programs_are_understood(self):
        s = self.start()
        c = s.credentials["stellr"]
        basic = {"Authorization": "Basic c2ltLWNsaWVudDpzaW0tc2VjcmV0LTdmM2E5Yw=="}
        self.assertEqual(s.form(c["token_url"], basic, grant_type="client_credentials").status, 200)
        self.assertEqual(s.ask_stellr_token(scope="api").status, 200)
        wrong = s.ask_stellr_token(client_secret="no")
        self.assertEqual((wrong.status, wrong.json()["error"]), (401, "invalid_client"))
        grant = s.ask_stellr_token(grant_type="password", username="u", password="p")
        self.assertEqual((grant.status, grant.json()["error"]), (400, "unsupported_grant_type"))
        s.told("PUT", "knobs", {"password_grant": True})
        grant = s.ask_stellr_token(grant_type="password", username="u", password="p")
        self.assertEqual(grant.status, 200)
        key = s.send("GET", c["base_url"] + "/api/v1/cloud/vendors", None, {"x-api-key": "k"})
        self.assertEqual(key.status, 401)
        url = s.credentials["ion"]["base_url"]
        for quote in ('"', ""):
            parts = {
                "grant_type": "refresh_token",
                "refresh_token": s.refresh_token,
                "redirect_uri": "http://localhost/",
            }
            body = (
                "".join(
                    f"--b\r\nContent-Disposition: form-data; name={quote}{k}{quote}\r\n\r\n{v}\r\n"
                    for k, v in parts.items()
                )
                + "--b--\r\n"
            )
            got = s.send(
                "POST",
                url + "/oauth/token",
                body,
                {"Content-Type": "multipart/form-data; boundary=b"},
            )
            self.assertEqual(got.status, 200, str(got))
            s.refresh_token = got.json()["refresh_token"]
        bearer = {"Authorization": "Bearer " + got.json()["access_token"]}
        left = s.send("GET", url + "/oauth/validateAccess", None, bearer).json()
        self.assertEqual(sorted(left), ["access_expires_in", "refresh_expires_in"])
        self.assertIn(left["refresh_expires_in"], range(2764700, 2764801))


class Scenarios(Simulated):
    def named(self, name, *options):
        s = self.start("--scenario", name, *options)
        self.assertEqual(s.told("GET", "scenario")["scenario"], name)
        return s

    def test_first_day(self):
        s = self.named("first-day")
        self.assertEqual(s.ask_stellr_token().status, 401)
        self.assertEqual(s.ask_ion_token().status, 400)
        self.assertEqual(s.basic("/api/v1/customers").status, 401)
        s.told("POST", "clock/advance", {"minutes": 11})
        self.assertEqual(len(s.stellr_customers()), 3)

    def test_drifted_year(self):
        s = self.named("drifted-year")
        plain = Stranger(self.simulate("--customers", "40", "--subscriptions", "600").credentials)
        seats = lambda x: {i["id"]: i["subscriptionTotalLicenses"] for i in x.ion_subscriptions()}
        drifted, before = seats(s), seats(plain)
        self.assertEqual(drifted.keys(), before.keys())
        self.assertGreater(sum(drifted[k] != before[k] for k in before), 60)
        self.assertGreater(s.told("GET", "world")["events"], 300)

    def test_renewal_week(self):
        s = self.named("renewal-week")
        clock = s.told("POST", "clock/freeze")
        ends = [x["endDate"] for x in s.stellr_subscriptions() if x["endDate"]]
        s.told("POST", "clock/advance", {"days": 8})
        s.tokens.clear()
        later = [x["endDate"] for x in s.stellr_subscriptions() if x["endDate"]]
        self.assertGreater(sum(a != b for a, b in zip(ends, later)), 20)
        self.assertTrue(clock["frozen"])

    def test_lost_token(self):
        s = self.named("lost-token")
        self.assertEqual(s.ask_ion_token().status, 400)
        self.assertEqual(s.ask_stellr_token().status, 401)
        new = s.told("POST", "credentials", {"kind": "refresh-token"})
        self.assertEqual(s.ask_ion_token(new["refresh_token"]).status, 200)

    def test_wrong_reseller(self):
        s = self.named("wrong-reseller")
        self.assertEqual(s.stellr_customers(), [])
        got = s.ion("GET", "/customers?pageSize=10")
        self.assertEqual(got.status, 403)
        self.assertIn("accounts/70002", got.json()["message"])

    def test_rate_limited(self):
        s = self.named("rate-limited")
        got = [s.stellr("GET", "/api/v1/cloud/vendors").status for _ in range(50)]
        self.assertEqual((got.count(200), got.count(429)), (39, 11))

    def test_half_broken(self):
        s = self.named("half-broken")
        self.assertEqual(len(s.told("GET", "faults")["faults"]), 8)
        self.assertGreater(s.told("GET", "world")["customers"]["stellr"], 8)

    def test_an_option_wins_over_a_scenario_and_they_are_listed(self):
        s = self.named("rate-limited", "--knob", "rate_limit_per_min=0", "--customers", 5)
        self.assertEqual(len(s.stellr_customers()), 5)
        self.assertEqual(
            [s.stellr("GET", "/api/v1/cloud/vendors").status for _ in range(60)], [200] * 60
        )
        listed = self.ok("simulate", "--list-scenarios").out
        for one in s.told("GET", "scenario")["known"]:
            self.assertIn(one["name"], listed)
        self.fails(support.INVALID, "no scenario", "simulate", "--scenario", "bad-hair")


class Large(Simulated):
    def paged(self, customers, subscriptions):
        """Pages of a world of that size: the simulator's processor time for them, in ticks, and its
        peak memory."""
        simulator = self.simulate(
            "--customers", str(customers), "--subscriptions", str(subscriptions)
        )
        process = f"/proc/{simulator.process.pid}"

        def ticks():
            with open(f"{process}/stat") as stat:
                return sum(int(x) for x in stat.read().rsplit(") ", 1)[1].split()[11:13])

        started = ticks()  # the start writes a bill of the whole world
        s = Stranger(simulator.credentials)
        for path in (
            "/subscriptions?pagination.limit=1000",
            f"/subscriptions?pagination.limit=1000&pagination.offset={subscriptions - 10000}",
            "/subscriptions?pagination.limit=1000&customerId=410100",
            "/customers?pageSize=100",
        ):
            self.assertEqual(s.ion("GET", path).status, 200)
        got = s.ion("GET", "/subscriptions?pagination.limit=10").json()
        self.assertEqual(got["paginationResponse"]["totalSize"], subscriptions)
        page = subscriptions // 200
        got = s.stellr("GET", f"/api/v1/cloud/subscriptions?pageNo={page}&pageSize=200").json()
        self.assertEqual((got["data"]["total"], len(got["data"]["records"])), (subscriptions, 200))
        with open(f"{process}/status") as status:
            peak_kib = [int(x.split()[1]) for x in status if x.startswith("VmHWM")][0]
        spent = ticks() - started
        simulator.stop()
        return spent, peak_kib

    def test_a_million_subscriptions_cost_a_page_what_twenty_thousand_cost(self):
        small_ticks, small_kib = self.paged(400, 20000)
        large_ticks, large_kib = self.paged(20000, 1000000)
        self.assertLess(large_kib, 10 * small_kib)  # fifty times the subscriptions
        self.assertLess(large_ticks, 5 * (small_ticks + 10))


class Tls(Simulated):
    def test_every_port_speaks_it(self):
        certificate, key = support.certificate(self.folder)
        simulator = self.simulate(
            "--tls-certificate",
            certificate,
            "--tls-key",
            key,
            "--listen-ion",
            "127.0.0.1:0",
            "--listen-stellr",
            "127.0.0.1:0",
        )
        s = Stranger(simulator.credentials, ca=certificate)
        for remote in simulator.credentials.values():
            for name in remote:
                if name.endswith("url"):
                    self.assertTrue(remote[name].startswith("https://"), remote[name])
        self.assertEqual(len(s.stellr_customers()), 8)
        self.assertEqual(len(s.ion_subscriptions()), 40)
        self.assertEqual(s.control("GET", "clock").status, 200)

    def test_what_is_no_certificate_is_refused(self):
        certificate, key = support.certificate(self.folder)
        self.fails(
            support.INVALID,
            "both a certificate and its key",
            "simulate",
            "--tls-certificate",
            certificate,
        )
        key.write_text("nothing")
        self.fails(
            support.INVALID,
            "cannot be used",
            "simulate",
            "--listen",
            "127.0.0.1:0",
            "--tls-certificate",
            certificate,
            "--tls-key",
            key,
        )


if __name__ == "__main__":
    support.main()
