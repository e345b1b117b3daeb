"""The simulator's Stellr by the rules of the reference, asked by a client that is not ours: what a
change does and when, and what is refused in which words."""
from plain_client import Stellr
from stellr_case import SKU_ADD_ON, SKU_BASE, SKU_GOOGLE, StellrCase
from support import main


class Operations(StellrCase):
    def test_a_change_takes_two_looks_and_holds_only_then(self):
        line = self.annual()
        wanted = line["quantity"] + 3
        answer = self.stellr.post(self.stellr.path_of(line, "changeSeats"), {"quantity": wanted})
        self.assertEqual(self.stellr.again(line)["quantity"], line["quantity"])
        self.assertEqual(self.done(answer)["result"], {"quantity": wanted})
        now = self.stellr.again(line)
        self.assertEqual(now["quantity"], wanted)
        self.assertEqual(now["startDate"], line["startDate"])  # REAL: it does not move
        self.assertEqual(now["endDate"], line["endDate"])

    def test_a_change_takes_three_seconds_without_a_look(self):
        line = self.annual()
        self.control.ask("POST", "clock/freeze", {})
        path = self.stellr.path_of(line, "changeSeats")
        self.stellr.post(path, {"quantity": line["quantity"] + 1})
        self.control.advance(seconds=2)
        self.refused(
            self.stellr.post(path, {"quantity": 99}), 409, "OPERATION_IN_PROGRESS"
        )  # one at a time
        self.control.advance(seconds=1)
        self.assertEqual(self.stellr.again(line)["quantity"], line["quantity"] + 1)

    def test_an_operation_is_forgotten_after_a_day(self):
        line = self.annual()
        answer = self.stellr.post(
            self.stellr.path_of(line, "changeSeats"), {"quantity": line["quantity"] + 1}
        )
        self.done(answer)
        self.control.advance(hours=23)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.assertEqual(self.stellr.operation(answer).status, 200)
        self.control.advance(hours=2)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.refused(self.stellr.operation(answer), 404, "NOT_FOUND")
        self.refused(self.stellr.get("/api/v1/subscriptions/operations/x"), 404, "NOT_FOUND")

    def test_a_failed_operation_changes_nothing(self):
        line = self.annual()
        self.control.turn(fail_next=1)
        path = self.stellr.path_of(line, "changeSeats")
        end = self.done(self.stellr.post(path, {"quantity": line["quantity"] + 1}), "Failed")
        self.assertEqual(end["errorCode"], "VENDOR_REJECTED")
        self.assertEqual(self.stellr.again(line)["quantity"], line["quantity"])
        self.done(self.stellr.post(path, {"quantity": line["quantity"] + 1}))

    def test_without_delay_it_is_done_at_once(self):
        self.control.turn(op_delay_ms=0)
        line = self.annual()
        answer = self.stellr.post(
            self.stellr.path_of(line, "changeSeats"), {"quantity": line["quantity"] + 1}
        )
        self.assertEqual(answer.data["status"], "Success")
        self.assertEqual(self.stellr.again(line)["quantity"], line["quantity"] + 1)


class Seats(StellrCase):
    def change(self, line, quantity):
        return self.stellr.post(self.stellr.path_of(line, "changeSeats"), {"quantity": quantity})

    def test_fewer_seats_only_in_the_first_seven_days(self):
        line = self.annual()
        self.refused(self.change(line, line["quantity"] - 1), 422, "SEAT_REDUCTION_NOT_ALLOWED")
        self.done(
            self.stellr.post(
                f"/api/v1/customers/{line['customerNo']}/subscriptions",
                {"vendorId": "Microsoft", "subscriptions": [{"skuNo": SKU_BASE, "quantity": 9}]},
            )
        )
        fresh = self.pick(lambda s: s["skuNo"] == SKU_BASE and s["contractNo"] >= 511000)
        self.control.advance(days=6)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.done(self.change(fresh, 7))
        self.control.advance(days=2)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.refused(self.change(fresh, 6), 422, "SEAT_REDUCTION_NOT_ALLOWED")

    def test_what_is_no_number_of_seats(self):
        line = self.annual()
        for wrong in (0, -3, "7", 1.5, True, 10**9):
            self.refused(self.change(line, wrong), 400, "INVALID_PARAMETER")
        path = self.stellr.path_of(line, "changeSeats")
        self.refused(self.stellr.post(path, {}), 400, "MISSING_PARAMETER")
        self.refused(self.stellr.ask("POST", path, b"{quantity:1}"), 400, "INVALID_PARAMETER")
        self.refused(self.stellr.ask("POST", path, b"[1]"), 400, "INVALID_PARAMETER")

    def test_the_knob_for_differences(self):
        self.control.turn(seats_are_delta=True)
        line = self.annual()
        self.assertEqual(
            self.done(self.change(line, 2))["result"], {"quantity": line["quantity"] + 2}
        )
        self.refused(self.change(line, 0), 400, "INVALID_PARAMETER")
        self.refused(self.change(line, -1000), 400, "INVALID_PARAMETER")

    def test_only_live_lines_with_seats(self):
        ended = self.pick(lambda s: s["status"] in ("Cancelled", "Expired"))
        self.refused(self.change(ended, 3), 422, "INVALID_STATE")
        azure = self.pick(lambda s: "Azure" in s["productName"] and self.is_live(s))
        self.refused(self.change(azure, 3), 422, "NOT_ELIGIBLE")

    def test_the_history_tells_it_in_the_words_of_the_service(self):
        line = self.annual()
        self.done(self.change(line, line["quantity"] + 3))
        self.control.portal(line, "seats", seats=line["quantity"] + 2)
        logs = self.stellr.list(
            f"/api/v1/customers/{line['customerNo']}/subscriptions/changelogs",
            contractNo=line["contractNo"],
        )
        mine = [x for x in logs if x["subscriptionId"] == line["subscriptionId"]]
        self.assertEqual(mine[0]["changeLog"], "Remove 1 seat")
        self.assertEqual(mine[0]["entrySource"], "Portal")
        self.assertEqual(mine[1]["changeLog"], "Add 3 seats")
        self.assertEqual(mine[1]["entrySource"], "API")
        self.assertRegex(mine[1]["activityLog"], r"\AUpdate Service \(NCE .*\)\Z")
        self.assertNotIn("commit", mine[1]["activityLog"])
        for x in logs:  # REAL: milliseconds, an offset without colon
            self.assertRegex(
                x["entryDatetime"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]00\Z"
            )


class ChangeLogs(StellrCase):
    def test_every_spelling_answers_the_same(self):
        line = self.annual()
        seen = set()
        for word in ("changelogs", "change-logs", "changeLogs", "change-log", "changelog"):
            for cloud in ("", "cloud/"):
                path = f"/api/v1/{cloud}customers/{line['customerNo']}/subscriptions/{word}"
                logs = self.stellr.list(path, contractNo=line["contractNo"])
                seen.add(str(logs))
        self.assertEqual(len(seen), 1)
        self.assertGreater(len(logs), 0)

    def test_a_service_that_knows_one_spelling(self):
        self.control.turn(change_log_path="changeLogs")
        line = self.annual()
        below = f"/api/v1/customers/{line['customerNo']}/subscriptions"
        query = {"contractNo": line["contractNo"], "pageNo": 1, "pageSize": 5}
        self.refused(self.stellr.get(f"{below}/changelogs", **query), 404, "NOT_FOUND")
        self.assertEqual(self.stellr.get(f"{below}/changeLogs", **query).status, 200)

    def test_filters(self):
        line = self.annual()
        path = f"/api/v1/customers/{line['customerNo']}/subscriptions/changelogs"
        all = self.stellr.list(path, contractNo=line["contractNo"])
        day = sorted(x["entryDatetime"][:10] for x in all)[len(all) // 2]
        some = self.stellr.list(path, contractNo=line["contractNo"], startDate=day)
        self.assertEqual(some, [x for x in all if x["entryDatetime"][:10] >= day])
        self.assertEqual(self.stellr.list(path, contractNo=1), [])
        self.refused(self.stellr.get(path, pageNo=1, pageSize=9), 400, "MISSING_PARAMETER")
        query = {"contractNo": line["contractNo"], "startDate": "yesterday"}
        self.refused(self.stellr.get(path, **query), 400, "INVALID_PARAMETER")
        self.assertEqual(  # quirk 1, REAL
            self.stellr.get(path, contractNo=line["contractNo"]).data, {"total": 0, "records": []}
        )


class Buying(StellrCase):
    def order(self, customer, vendor, *lines, **more):
        body = {"vendorId": vendor, "subscriptions": list(lines), **more}
        return self.stellr.post(f"/api/v1/customers/{customer}/subscriptions", body)

    def prepare(self, customer):
        """What Microsoft wants of a customer before it sells."""
        contact = {"firstName": "L", "lastName": "O", "email": "l@f.example", "phone": "1"}
        self.stellr.post(
            f"/api/v1/customers/{customer}/agreements/MCA",
            {"dateAgreed": "2026-09-01", "primaryContact": contact},
        )
        self.stellr.post(
            "/api/v1/cloud/vendors/account",
            {
                "accountType": "Customer",
                "vendorId": "Microsoft",
                "customerNo": customer,
                "isNewTenant": True,
                "domainPrefix": f"c{customer}",
            },
        )

    def test_a_new_customer_has_to_accept_and_to_have_a_tenant_first(self):
        customer, _ = self.new_customer()
        line = {"skuNo": SKU_BASE, "quantity": 2}
        self.refused(self.order(customer, "Microsoft", line), 422, "AGREEMENT_NOT_ACCEPTED")
        path = f"/api/v1/customers/{customer}/agreements/MCA"
        self.assertEqual(self.stellr.get(path).data["accepted"], False)
        contact = {"firstName": "L", "lastName": "O", "email": "l@f.example", "phone": "1"}
        agreed = {"dateAgreed": "2026-09-01", "primaryContact": contact}
        self.assertEqual(self.stellr.post(path, agreed).status, 200)
        self.assertEqual(self.stellr.get(path).data["primaryContact"], contact)
        self.refused(self.order(customer, "Microsoft", line), 422, "VENDOR_ACCOUNT_MISSING")
        account = {"accountType": "Customer", "vendorId": "Microsoft", "customerNo": customer}
        made = self.stellr.post(
            "/api/v1/cloud/vendors/account",
            {**account, "isNewTenant": True, "domainPrefix": "fernhill"},
        )
        self.assertEqual(made.data["domain"], "fernhill.onmicrosoft.com")
        end = self.done(self.order(customer, "Microsoft", line, rsPoNo="PO-1"))
        self.assertEqual(
            [
                (s["subscriptionId"], s["quantity"])
                for s in self.stellr.list(f"/api/v1/customers/{customer}/subscriptions")
            ],
            [(end["subscriptionId"], 2)],
        )
        tenant = self.stellr.get(f"/api/v1/cloud/customers/{customer}").data["tenantId"]
        self.assertEqual(tenant, made.data["tenantId"])

    def test_of_three_lines_one_fails(self):
        customer, _ = self.new_customer()
        self.prepare(customer)
        end = self.done(
            self.order(
                customer,
                "Microsoft",
                {"skuNo": SKU_BASE, "quantity": 3},
                {"skuNo": SKU_ADD_ON, "quantity": 3},
                {"productId": 80201, "quantity": 4},
            ),
            "Partial",
        )
        self.assertNotIn("subscriptionId", end)
        self.assertEqual([x["status"] for x in end["items"]], ["Success", "Failed", "Success"])
        self.assertEqual(end["items"][1]["errorCode"], "PREREQUISITE_MISSING")
        bought = self.stellr.list(f"/api/v1/customers/{customer}/subscriptions")
        self.assertEqual([(s["lineNo"], s["quantity"]) for s in bought], [(1, 3), (2, 4)])
        self.assertEqual(len({s["contractNo"] for s in bought}), 1)
        ids = [x["subscriptionId"] for x in end["items"] if "subscriptionId" in x]
        self.assertEqual(ids, [s["subscriptionId"] for s in bought])

    def test_google_takes_one_at_a_time(self):
        customer = self.annual()["customerNo"]
        line = {"skuNo": SKU_GOOGLE, "quantity": 8, "planName": "ANNUAL_YEARLY_PAY"}
        before = len(self.stellr.subscriptions())
        self.refused(self.order(customer, "Google", line, line), 422, "BATCH_NOT_SUPPORTED")
        self.assertEqual(len(self.stellr.subscriptions()), before)
        end = self.done(self.order(customer, "Google", line))
        path = f"/api/v1/customers/{customer}/subscriptions/{end['subscriptionId']}"
        bought = self.stellr.get(path).data
        self.assertEqual((bought["quantity"], bought["billingFrequency"]), (8, "annual"))

    def test_orders_that_are_refused_whole(self):
        customer = self.annual()["customerNo"]
        good = {"skuNo": SKU_BASE, "quantity": 1}
        for lines, code in (
            ([], "MISSING_PARAMETER"),
            ([good, {"skuNo": SKU_GOOGLE, "quantity": 1}], "INVALID_PARAMETER"),
            ([good, {"skuNo": 1, "quantity": 1}], "INVALID_PARAMETER"),
            ([good, {"quantity": 1}], "MISSING_PARAMETER"),
            ([good, {"skuNo": SKU_BASE}], "MISSING_PARAMETER"),
            ([good, {"skuNo": SKU_BASE, "quantity": 0}], "INVALID_PARAMETER"),
            ([good, {"skuNo": SKU_BASE, "quantity": 1, "renewType": "MAYBE"}], "INVALID_PARAMETER"),
            ([good, 7], "INVALID_PARAMETER"),
            ([good] * 51, "INVALID_PARAMETER"),
        ):
            self.refused(self.order(customer, "Microsoft", *lines), 400, code)
        self.refused(self.order(customer, "Nobody", good), 400, "INVALID_PARAMETER")
        self.refused(self.order(1, "Microsoft", good), 404, "NOT_FOUND")

    def test_an_add_on_hangs_below_its_parent(self):
        parent = self.pick(
            lambda s: self.is_live(s)
            and s["mfgPartNo"] == "CFQ7TTC0LCHC:0002"
            and s["quantity"] > 3
        )
        path = self.stellr.path_of(parent, "addOn")
        seats = parent["quantity"]
        ask = lambda **body: self.stellr.post(path, body)
        self.refused(ask(skuNo=SKU_ADD_ON, quantity=seats + 1), 422, "NOT_ELIGIBLE")
        self.refused(ask(skuNo=SKU_BASE, quantity=1), 422, "NOT_ELIGIBLE")
        self.refused(ask(quantity=1), 400, "MISSING_PARAMETER")
        end = self.done(ask(skuNo=SKU_ADD_ON, quantity=seats))
        self.assertEqual(end["subscriptionId"], parent["subscriptionId"])
        made = {"customerNo": parent["customerNo"], **end["result"]}
        line = self.stellr.again(made)
        self.assertEqual(line["parentSubscriptionId"], parent["subscriptionId"])
        self.assertEqual(line["contractNo"], parent["contractNo"])
        self.assertEqual(line["endDate"], parent["endDate"])  # co-terminous

    def test_a_transfer_from_another_reseller(self):
        customer = self.annual()["customerNo"]
        path = f"/api/v1/customers/{customer}/subscriptions/transfer"
        lines = [{"skuNo": SKU_GOOGLE, "quantity": 8, "planName": "ANNUAL_MONTHLY_PAY"}]
        body = {"vendorId": "Google", "transferToken": "good", "subscriptions": lines}
        end = self.done(self.stellr.post(path, body))
        self.assertEqual(end["operationType"], "TRANSFER")
        bad = {**body, "transferToken": "expired-1"}
        self.refused(self.stellr.post(path, bad), 422, "NOT_ELIGIBLE")
        bad = {
            **body,
            "vendorId": "Microsoft",
            "subscriptions": [{"skuNo": SKU_BASE, "quantity": 1}],
        }
        self.refused(self.stellr.post(path, bad), 422, "NOT_ELIGIBLE")
        self.refused(self.stellr.post(path, {"vendorId": "Google"}), 400, "MISSING_PARAMETER")


class Lives(StellrCase):
    options = ("--customers", "20", "--subscriptions", "2000")

    def do(self, line, verb, **body):
        return self.stellr.post(self.stellr.path_of(line, verb), body)

    def status(self, line):
        return self.stellr.again(line)["status"]

    def test_the_verbs_and_from_where_they_lead(self):
        self.control.turn(null_status_share=0)
        line = self.monthly()
        self.refused(self.do(line, "activate"), 422, "INVALID_STATE")
        self.refused(self.do(line, "reactive"), 422, "INVALID_STATE")
        self.done(self.do(line, "suspend", reason="Payment overdue"))
        self.assertEqual(self.status(line), "Suspended")
        self.refused(self.do(line, "suspend"), 422, "INVALID_STATE")
        self.done(self.do(line, "activate", notifyEmail="a@b.example"))
        self.assertEqual(self.status(line), "Active")
        self.done(self.do(line, "suspend"))
        self.done(self.do(line, "reactive"))
        self.done(self.do(line, "cancel"))
        self.assertEqual(self.status(line), "Cancelled")
        self.refused(self.do(line, "cancel"), 422, "INVALID_STATE")
        self.refused(self.do(line, "suspend"), 422, "INVALID_STATE")
        self.done(self.do(line, "reactive"))
        self.assertEqual(self.status(line), "Active")
        self.done(self.do(line, "cancel"))
        self.control.advance(days=40)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.refused(self.do(line, "reactive"), 422, "INVALID_STATE")  # its term is over

    def test_a_pending_one_is_activated(self):
        line = self.pick(lambda s: s["status"] == "Pending")
        self.done(self.do(line, "activate"))
        self.assertIn(self.status(line), ("Active", None))

    def test_a_year_is_cancelled_in_its_first_week_only(self):
        line = self.annual()
        self.refused(self.do(line, "cancel"), 422, "CANCELLATION_WINDOW_CLOSED")
        self.assertTrue(self.is_live(self.stellr.again(line)))

    def test_other_products(self):
        line = self.annual(mfgPartNo="CFQ7TTC0LDPB:0001")
        path = self.stellr.path_of(line, "transition/products")
        to = {x["skuNo"]: x for x in self.stellr.list(path)}
        premium = line["skuNo"] + 10
        self.assertEqual(to[premium]["transitionType"], "UPGRADE")
        self.assertEqual((to[premium]["eligible"], to[premium]["reason"]), (True, None))
        basic = to[line["skuNo"] - 10]
        self.assertEqual((basic["transitionType"], basic["eligible"]), ("DOWNGRADE", False))
        ask = lambda verb, **body: self.do(line, verb, **body)
        self.refused(ask("downgrade", targetSkuNo=basic["skuNo"]), 422, "NOT_ELIGIBLE")
        self.refused(ask("upgrade", targetSkuNo=basic["skuNo"]), 422, "NOT_ELIGIBLE")
        self.refused(ask("upgrade", targetSkuNo=SKU_GOOGLE), 422, "NOT_ELIGIBLE")
        self.refused(ask("upgrade", targetSkuNo=5), 400, "INVALID_PARAMETER")
        self.refused(ask("upgrade"), 400, "MISSING_PARAMETER")
        self.done(ask("upgrade", targetSkuNo=premium, quantity=line["quantity"] + 1))
        now = self.stellr.again(line)
        self.assertEqual((now["skuNo"], now["quantity"]), (premium, line["quantity"] + 1))
        self.assertEqual(now["unitPrice"], to[premium]["productPrice"][0]["rsPrice"])
        self.assertEqual(now["subscriptionId"], line["subscriptionId"])

    def test_other_plans(self):
        line = self.annual()
        ask = lambda **body: self.do(line, "changePlan", **body)
        self.refused(ask(), 400, "MISSING_PARAMETER")
        self.refused(ask(planName="NEVER"), 400, "INVALID_PARAMETER")
        self.refused(ask(planName="FLEXIBLE"), 422, "NOT_ELIGIBLE")  # in the middle of a year
        standard = self.annual(mfgPartNo="CFQ7TTC0LDPB:0001")
        other = {"targetSkuNo": standard["skuNo"] + 10}  # another product is no other plan
        self.refused(self.do(standard, "changePlan", **other), 422, "NOT_ELIGIBLE")
        self.done(ask(targetSkuNo=line["skuNo"] + 1))
        now = self.stellr.again(line)
        self.assertEqual((now["skuNo"], now["billingFrequency"]), (line["skuNo"] + 1, "annual"))

    def test_a_lesser_plan_in_the_window(self):
        line = self.monthly()
        self.done(self.do(line, "upgrade", targetSkuNo=line["skuNo"] + 1))
        self.assertEqual(self.stellr.again(line)["skuNo"], line["skuNo"] + 1)


class Renewals(StellrCase):
    def test_options_and_setting(self):
        line = self.annual(autoRenew=True)
        options = self.stellr.get(self.stellr.path_of(line, "renew/options")).data
        self.assertEqual(options["currentSetting"]["renewType"], "CURRENT_PLAN")
        self.assertEqual(options["renewalDate"], line["endDate"][:10])
        words = [x["renewType"] for x in options["options"]]
        self.assertEqual(words, ["CURRENT_PLAN", "NEW_PLAN", "NEW_PLAN", "NOT_RENEW"])
        path = self.stellr.path_of(line, "renew/setting")
        new = {"renewType": "NEW_PLAN", "skuNo": options["options"][2]["skuNo"], "quantity": 4}
        answer = self.stellr.put(path, new)
        self.assertEqual(answer.data["effectiveDate"], options["renewalDate"])
        setting = self.stellr.get(self.stellr.path_of(line, "renew/options")).data["currentSetting"]
        self.assertEqual({k: setting[k] for k in new}, new)
        self.control.ask("PUT", "clock", {"now": line["endDate"][:10]})
        self.control.advance(days=2)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        now = self.stellr.again(line)
        self.assertEqual((now["skuNo"], now["quantity"]), (new["skuNo"], 4))
        self.assertGreater(now["endDate"], line["endDate"])

    def test_not_to_renew(self):
        line = self.annual(autoRenew=True)
        answer = self.stellr.put(
            self.stellr.path_of(line, "renew/setting"), {"renewType": "NOT_RENEW"}
        )
        self.assertEqual(answer.status, 200, str(answer))
        self.assertEqual(self.stellr.again(line)["autoRenew"], False)
        self.control.ask("PUT", "clock", {"now": line["endDate"][:10]})
        self.control.advance(days=2)
        self.stellr = Stellr(self.simulator.credentials["stellr"])
        self.assertEqual(self.stellr.again(line)["status"], "Expired")

    def test_the_log_says_so(self):
        line = self.annual()
        self.stellr.put(self.stellr.path_of(line, "renew/setting"), {"renewType": "CURRENT_PLAN"})
        logs = self.stellr.list(
            f"/api/v1/customers/{line['customerNo']}/subscriptions/changelogs",
            contractNo=line["contractNo"],
        )
        mine = [x for x in logs if x["subscriptionId"] == line["subscriptionId"]]
        self.assertEqual(mine[0]["changeLog"], "Set to Renew with current plan")  # REAL

    def test_wrong_settings(self):
        line = self.annual()
        put = lambda **body: self.stellr.put(self.stellr.path_of(line, "renew/setting"), body)
        self.refused(put(), 400, "MISSING_PARAMETER")
        self.refused(put(renewType="LATER"), 400, "INVALID_PARAMETER")
        self.refused(put(renewType="NEW_PLAN"), 400, "MISSING_PARAMETER")
        self.refused(put(renewType="NEW_PLAN", skuNo=SKU_GOOGLE, quantity=1), 422, "NOT_ELIGIBLE")
        azure = self.pick(lambda s: "Azure" in s["productName"])
        self.refused(
            self.stellr.put(
                self.stellr.path_of(azure, "renew/setting"), {"renewType": "NOT_RENEW"}
            ),
            422,
            "NOT_ELIGIBLE",
        )


if __name__ == "__main__":
    main()
