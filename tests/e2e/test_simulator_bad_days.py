"""What the simulator does wrong when it is told to: knobs, faults, and the journal that tells what
was received and what was done."""
import http.client
import json

import support
from stranger import Simulated, Stranger


# The reference's own list (stellr 12).
NAMES = """
scope_mismatch drop_paging_quirk null_status_share ids_as_text money_as_text
seats_are_delta credential_delay_s token_ttl_s rate_limit_per_min retry_after_s
op_delay_ms fail_next permission_mask cloud_alias fail_customer html_errors
""".split()


class Knobs(Simulated):
    def test_those_of_the_reference_are_there_and_all_go_back(self):
        s = self.start("--knob", "op_delay_ms=0")
        before = {k["name"]: k for k in s.told("GET", "knobs")["knobs"]}
        self.assertLessEqual(set(NAMES), set(before))
        s.told("PUT", "knobs", {"html_errors": True, "role": "user", "null_status_share": "1"})
        for knob in s.told("DELETE", "knobs")["knobs"]:
            value = knob["value"]
            text = value if isinstance(value, str) else json.dumps(value)
            self.assertEqual(text, knob["default"], knob["name"])

    def test_what_is_about_the_shape_of_stellr(self):
        s = self.start()
        plain = s.stellr_subscriptions()
        s.told("PUT", "knobs", {"ids_as_text": True, "money_as_text": True, "null_status_share": 1})
        odd = s.stellr_subscriptions()
        for one, other in zip(plain, odd):
            self.assertEqual(str(one["contractNo"]), other["contractNo"])
            self.assertEqual(float(other["unitPrice"]), one["unitPrice"])
            self.assertIsInstance(other["unitPrice"], str)
            self.assertTrue(other["status"] is None or one["status"] != "Active")
        s.told("DELETE", "knobs")
        url = "/api/v1/cloud/customers/700101/subscriptions?pageNo=1&pageSize=5"
        self.assertEqual(s.stellr("GET", url).status, 200)
        s.told("PUT", "knobs", {"cloud_alias": False, "drop_paging_quirk": True})
        self.assertEqual(s.stellr("GET", url).status, 404)
        got = s.stellr("GET", "/api/v1/customers/700101/subscriptions").json()
        self.assertGreater(len(got["data"]["records"]), 0)

    def test_what_is_about_the_shape_of_ion(self):
        s = self.start()
        s.told(
            "PUT",
            "knobs",
            {
                "empty_page_token": True,
                "omit_empty_items": True,
                "null_product_info_share": 1,
                "missing_licences_share": 1,
            },
        )
        got = s.ion("GET", "/customers?pageSize=100").json()
        self.assertEqual(got["nextPageToken"], "")
        got = s.ion("GET", "/subscriptions?pagination.limit=5&pagination.offset=9000").json()
        self.assertNotIn("items", got)
        for one in s.ion_subscriptions():
            self.assertIsNone(one["ccpProductInfo"])
            self.assertNotIn("subscriptionTotalLicenses", one)

    def test_by_option_by_file_and_while_it_runs(self):
        file = self.folder / "knobs"
        file.write_text("# a remark\n\nretry_after_s = 7\nids_as_text=on\n")
        s = self.start("--knobs", file, "--knob", "retry_after_s=9")
        value = lambda: {k["name"]: k["value"] for k in s.told("GET", "knobs")["knobs"]}
        self.assertEqual((value()["retry_after_s"], value()["ids_as_text"]), (9, True))
        s.told("PUT", "knobs", {"retry_after_s": 1, "null_status_share": 0.5, "role": "sales"})
        self.assertEqual((value()["retry_after_s"], value()["null_status_share"]), (1, 0.5))
        wrong = s.control("PUT", "knobs", {"retry_after_s": 2, "html_errors": "perhaps"})
        self.refused(wrong, 400, "true or false")
        self.assertEqual(value()["retry_after_s"], 1, "all or none")
        wrong = s.control("PUT", "knobs", {"htlm_errors": True})
        self.refused(wrong, 400, "no knob 'htlm_errors'")
        self.assertIn("html_errors", wrong.json()["hint"])
        self.refused(s.control("PUT", "knobs", {"role": "king"}), 400, "owner|sales|ops|user")
        file.write_text("retry_after_s=1\nnonsense\n")
        self.fails(support.INVALID, "line 2", "simulate", "--knobs", file)
        self.fails(support.INVALID, "whole number", "simulate", "--knob", "retry_after_s=x")

    def test_scope_permission_customer_and_errors(self):
        s = self.start()
        s.told("PUT", "knobs", {"scope_mismatch": True})
        got = s.stellr("GET", "/api/v1/cloud/customers?pageNo=1&pageSize=10")
        self.assertEqual((got.status, got.json()["data"]), (200, {"total": 0, "records": []}))
        s.told(
            "PUT",
            "knobs",
            {"scope_mismatch": False, "permission_mask": "customer, ion.product.list"},
        )
        self.assertEqual(
            s.stellr("GET", "/api/v1/cloud/customers?pageNo=1&pageSize=10").status, 403
        )
        self.assertEqual(s.stellr("GET", "/api/v1/cloud/vendors").status, 200)
        self.assertEqual(s.ion("GET", "/products?pageSize=10").status, 403)
        s.told("PUT", "knobs", {"permission_mask": "", "fail_customer": "700101,410002"})
        path = "/api/v1/customers/{}/subscriptions?pageNo=1&pageSize=10"
        self.assertEqual(s.stellr("GET", path.format(700101)).status, 500)
        self.assertEqual(s.stellr("GET", path.format(700102)).status, 200)
        self.assertEqual(s.ion("GET", "/subscriptions?customerId=410002").status, 500)
        s.told("PUT", "knobs", {"html_errors": True})
        got = s.stellr("GET", path.format(700101))
        self.assertEqual((got.status, got.headers["Content-Type"]), (500, "text/html"))
        s.told("PUT", "knobs", {"html_errors": False, "role": "user"})
        self.assertEqual(s.ion("GET", "/customers?pageSize=10").status, 403)
        s.told("PUT", "knobs", {"role": "owner"})
        self.assertEqual(s.ion("GET", "/customers?pageSize=10").status, 200)

    def test_so_many_a_minute(self):
        s = self.start("--knob", "rate_limit_per_min=5", "--knob", "retry_after_s=30")
        got = [s.stellr("GET", "/api/v1/cloud/vendors") for _ in range(8)]
        self.assertEqual([x.status for x in got], [200] * 4 + [429] * 4)  # the token was the first
        self.assertEqual(got[-1].headers["Retry-After"], "30")
        self.assertEqual(got[-1].json()["data"]["errorCode"], "TOO_MANY_REQUESTS")
        for body, starts in (("html", "<html>"), ("empty", "")):
            s.told("PUT", "knobs", {"rate_limit_body": body, "retry_after_s": 0})
            got = s.stellr("GET", "/api/v1/cloud/vendors")
            self.assertEqual((got.status, got.headers["Retry-After"]), (429, None))
            self.assertEqual(got.body[:6], starts)


SEATS = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/changeSeats"


class Faults(Simulated):
    def seats(self, s, more, connection=None):
        s.told("PUT", "knobs", {"op_delay_ms": 0})
        one = [
            x
            for x in s.stellr_subscriptions()
            if x["status"] == "Active"
            and x["vendorName"] == "Microsoft"
            and x["billingFrequency"] != "one_time"
            and "parentSubscriptionId" not in x
        ][0]
        body = {"quantity": one["quantity"] + more}
        return one, lambda: s.stellr("POST", SEATS.format(**one), body, connection)

    def quantity(self, s, one):
        listed = s.stellr_subscriptions(one["customerNo"])
        return [x["quantity"] for x in listed if x["subscriptionId"] == one["subscriptionId"]][0]

    def test_a_dropped_answer_drops_what_was_done(self):
        s = self.start()
        one, change = self.seats(s, 3)
        s.told("POST", "faults", {"fault": "drop-answer#1@stellr.subscription.change-seats"})
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            change()
        self.assertEqual(self.quantity(s, one), one["quantity"] + 3)
        (entry,) = s.writes(action="stellr.subscription.change-seats")
        self.assertEqual((entry["answer"], entry["carried_out"]), ("dropped", True))
        self.assertEqual(json.loads(entry["body"]), {"quantity": one["quantity"] + 3})
        struck = s.told("GET", "faults")["faults"][0]
        self.assertEqual((struck["could_strike"], struck["struck"]), (1, 1))

    def test_an_answer_of_a_gateway_hides_what_was_done(self):
        s = self.start()
        one, change = self.seats(s, 2)
        s.told("PUT", "faults", {"faults": ["gateway-timeout#1@/changeSeats"]})
        self.assertEqual(change().status, 504)
        self.assertEqual(self.quantity(s, one), one["quantity"] + 2)
        (entry,) = s.writes(path="changeSeats")
        self.assertEqual((entry["status"], entry["carried_out"]), (504, True))

    def test_a_kept_alive_connection_ends_before_anything_is_done(self):
        s = self.start()
        connection = s.connect(s.credentials["stellr"]["base_url"])
        self.addCleanup(connection.close)
        one, change = self.seats(s, 5, connection)
        s.stellr("GET", "/api/v1/cloud/vendors", None, connection)
        told = s.told("POST", "faults", {"fault": "close"})
        self.assertEqual(list(told), ["faults"])
        self.assertEqual([x["fault"] for x in told["faults"]], ["close"])
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            change()
        self.assertEqual(s.told("DELETE", "faults"), {"faults": []})
        self.assertEqual(self.quantity(s, one), one["quantity"])
        (entry,) = s.writes(method="POST", path="changeSeats")
        self.assertEqual(
            (entry["answer"], entry["carried_out"], entry["connection_was_used"]),
            ("dropped", False, True),
        )

    def test_faults_that_take_the_place_of_an_answer_change_nothing(self):
        s = self.start()
        one, change = self.seats(s, 4)
        for fault, status in (
            ("400", 400),
            ("403", 403),
            ("429", 429),
            ("500", 500),
            ("html", 200),
        ):
            s.told("PUT", "faults", {"faults": [fault + "@stellr.subscription.change-seats"]})
            self.assertEqual(change().status, status)
        self.assertEqual(self.quantity(s, one), one["quantity"])
        self.assertEqual([e["carried_out"] for e in s.writes(path="changeSeats")], [False] * 5)

    def test_a_token_whose_answer_was_lost_is_used_up(self):
        s = self.start("--fault", "drop-answer#1@/oauth/token")
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            s.ask_ion_token()
        self.assertEqual(s.ask_ion_token().status, 400)
        first, second = s.writes()
        self.assertEqual((first["carried_out"], first["answer"]), (True, "dropped"))
        self.assertEqual((second["carried_out"], second["answer"]), (False, "sent"))

    def test_a_refresh_token_used_twice_can_end_what_came_of_it(self):
        s = self.start()
        first = s.refresh_token
        self.assertEqual(s.ask_ion_token().status, 200)
        self.assertEqual(s.ask_ion_token(first).status, 400)
        self.assertEqual(s.ask_ion_token().status, 200, "only the used one is refused")
        s.told("PUT", "knobs", {"reuse_revokes": True})
        self.assertEqual(s.ask_ion_token(first).status, 400)
        self.assertEqual(s.ask_ion_token().status, 400)

    def test_a_refresh_can_end_the_access_token_before_it(self):
        s = self.start()
        self.assertEqual(s.ion("GET", "/customers?pageSize=5").status, 200)
        self.assertEqual(s.ask_ion_token().status, 200)
        self.assertEqual(s.ion("GET", "/customers?pageSize=5").status, 200, "both are good")
        s.told("PUT", "knobs", {"refresh_ends_access": True})
        self.assertEqual(s.ask_ion_token().status, 200)
        self.assertEqual(s.ion("GET", "/customers?pageSize=5").status, 401)

    def test_a_token_is_refused_in_the_shape_of_oauth(self):
        s = self.start()
        for fault, status, error in (
            ("400", 400, "invalid_request"),
            ("401", 401, "invalid_client"),
            ("403", 403, "access_denied"),
        ):
            s.told("PUT", "faults", {"faults": [fault + "@/token"]})
            got = s.ask_stellr_token()
            self.assertEqual((got.status, got.json()["error"]), (status, error))
            got = s.ask_ion_token()
            self.assertEqual(
                (got.status, got.json()), (status, {"error": "cannot validate token: redis: nil"})
            )

    def test_our_own_client_sends_no_write_twice(self):
        """However many kept-alive connections end."""
        simulator = self.simulate("--fault", "close")
        self.connect_both(simulator)
        s = Stranger(simulator.credentials)
        self.ok(
            *("call", "stellr.customer.create", "--companyName", "Once Only Ltd"),
            *("--address1", "1 Way", "--city", "Austin", "--state", "TX", "--zipCode", "78702"),
            *("--country", "US", "--contactName", "A B", "--email", "a@once.example"),
            *("--phone", "555-0100"),
        )
        entries = s.writes()
        created = [e for e in entries if e["action"] == "stellr.customer.create"]
        self.assertEqual([(e["carried_out"], e["answer"]) for e in created], [(True, "sent")])
        self.assertEqual([e for e in entries if e["connection_was_used"]], [])

    def test_what_is_no_fault_is_refused(self):
        s = self.start()
        for fault, words in (
            ("nonsense", "no fault 'nonsense'"),
            ("500:2", "from 0 to 1"),
            ("500#0", "above 0"),
            ("500@stellr.subscription.dance", "no action 'stellr.subscription.dance'"),
        ):
            self.refused(s.control("POST", "faults", {"fault": fault}), 400, words)
        self.assertEqual(s.told("GET", "faults")["faults"], [])


class Journal(Simulated):
    def test_writes_are_there_with_their_secrets_replaced_and_reads_are_not(self):
        s = self.start()
        s.stellr_customers()
        s.ion("GET", "/customers?pageSize=10")
        s.ion(
            "POST",
            "/customers",
            {
                "customerName": "A",
                "password": "hidden-1",
                "list": [{"name": "initialPassword", "value": "hidden-2"}],
            },
        )
        entries = s.writes()
        self.assertEqual([e["method"] for e in entries], ["POST"] * 3)
        text = json.dumps(entries)
        for secret in (
            s.credentials["stellr"]["client_secret"],
            s.credentials["ion"]["refresh_token"],
            "hidden-1",
            "hidden-2",
        ):
            self.assertNotIn(secret, text)
        self.assertIn("client_secret=(secret)", entries[0]["body"])
        self.assertEqual(entries[2]["action"], "ion.customer.create")
        self.assertEqual(entries[2]["path"], "/api/v3/accounts/70001/customers")
        self.assertEqual(len(s.writes(marketplace="ion")), 2)
        self.assertEqual(len(s.writes(since=entries[1]["number"])), 1)
        self.assertEqual(len(s.writes(limit=2)), 2)
        self.refused(s.control("GET", "journal?action=ion.nothing"), 400, "no action")
        s.told("DELETE", "journal")
        self.assertEqual(s.writes(), [])
        s.ask_ion_token()
        self.assertEqual([e["number"] for e in s.writes()], [4])


if __name__ == "__main__":
    support.main()
