"""Syncing, on good and bad days."""
import json
import re
import signal
import subprocess
import time

from support import (
    BUSY,
    FULL,
    OK,
    PARTIAL,
    PAUSED,
    VANISHED,
    VERSION,
    OddRemote,
    SyncCase,
    main,
    wait_for,
)

JSON = {"Content-Type": "application/json"}


class Syncing(SyncCase):
    def test_everything_arrives_once(self):
        self.synced("--customers", "30", "--subscriptions", "400")
        rows = self.list("subscriptions")
        self.assertEqual(len(rows), 800)
        self.assertEqual(len({(r["connection"], r["id"]) for r in rows}), 800)
        self.assertEqual(len(self.list("customers")), 60)
        for row in rows:
            self.assertTrue(row["customer"] and row["product"] and row["quantity"] is not None, row)

    def test_an_unchanged_sync_writes_nothing(self):
        self.synced()
        before = self.synced_rows()
        result = self.ok("sync")
        self.assertIn("0 new, 0 changed, 40 unchanged", result.err)
        self.assertEqual(self.synced_rows(), before)

    def test_a_change_is_stored_and_logged_with_its_source(self):
        simulator = self.synced()
        before = {(r["connection"], r["id"]): r["quantity"] for r in self.list("subscriptions")}
        simulator.restart("--edits", "3")
        self.assertIn("0 new, 3 changed, 37 unchanged", self.ok("sync").err)
        changed = [
            r
            for r in self.list("subscriptions")
            if r["quantity"] != before[(r["connection"], r["id"])]
        ]
        self.assertEqual(len(changed), 6)
        for row in changed:
            history = self.list("history", f"{row['connection']}/{row['id']}")
            entry = [h for h in history if h["field"] == "quantity"][-1]
            self.assertEqual(
                (entry["before"], entry["after"], entry["source"]),
                (str(row["quantity"] - 1), str(row["quantity"]), "sync"),
            )

    def test_several_faults_at_once_change_nothing_in_the_end(self):
        self.synced("--customers", "12", "--subscriptions", "90")
        clean = self.contents()
        self.doCleanups()
        self.setUp()
        simulator = self.simulate("--customers", "12", "--subscriptions", "90")
        self.connect_both(simulator)
        simulator.restart(
            "--customers",
            "12",
            "--subscriptions",
            "90",
            "--fault",
            "429-retry-after:0.05",
            "--fault",
            "500:0.05",
            "--fault",
            "cut:0.05",
            "--fault",
            "close:0.2",
            "--fault",
            "html:0.03",
            "--fault",
            "401:0.02#3",
        )
        self.ok("sync")
        self.assertEqual(self.contents(), clean)

    def test_a_kept_alive_connection_that_dies_is_dialled_anew(self):
        simulator = self.simulate("--fault", "close")
        self.ok(*self.stellr_options(simulator))
        result = self.ok("sync", "--concurrency", "1")
        self.assertIn("40 subscriptions: 40 new", result.err)
        died = [line for line in simulator.journal("GET ") if line.endswith(" 0")]
        self.assertEqual(len(died), 7, simulator.journal())

    def test_values_that_nobody_knows_are_kept_and_shown(self):
        record = {
            "subscriptionId": "77_1",
            "productName": "Something new",
            "quantity": "XXXXXX",
            "unitPrice": "12.3456789012",
            "currency": "DOGE",
            "billingFrequency": "lunar",
            "subscriptionTerm": "P9D",
            "status": "half asleep",
            "mfgPartNo": None,
        }
        token = json.dumps({"access_token": "T", "expires_in": 7200}).encode()

        def answer(path):
            if path.endswith("/token"):
                return 200, JSON, token
            records = [{"customerNo": 77, "name": "seven.example"}]
            if "subscriptions" in path:
                records = [record]
            return 200, JSON, json.dumps({"data": {"total": 1, "records": records}}).encode()

        odd = OddRemote(answer)
        self.addCleanup(odd.close)
        self.ok(*self.odd_options(odd.url))
        self.ok("sync")
        row = self.list("subscriptions")[0]
        self.assertEqual(
            (row["status"], row["currency"], row["billing_cycle"]), ("half asleep", "DOGE", "lunar")
        )
        self.assertIn("XXXXXX", json.dumps(row))
        self.assertIn("12.3456789012", self.ok("subscriptions", "--output", "json").out)
        self.assertIn("half asleep", self.ok("subscriptions").out)


class Vanishing(SyncCase):
    def test_what_two_complete_runs_do_not_see_is_gone(self):
        simulator = self.synced()
        simulator.restart("--missing", "2")
        self.ok("sync")
        self.assertEqual(len(self.list("subscriptions")), 80)
        self.assertIn("2 subscriptions are gone", self.ok("sync").err)
        self.assertEqual(len(self.list("subscriptions")), 76)
        gone = [r for r in self.list("subscriptions", "--status", "gone")]
        self.assertEqual(len(gone), 4)
        history = self.list("history", f"{gone[0]['connection']}/{gone[0]['id']}")
        self.assertIn(
            ("presence", "present", "gone"),
            [(h["field"], h["before"], h["after"]) for h in history],
        )
        simulator.restart()
        self.ok("sync")
        self.assertEqual(len(self.list("subscriptions")), 80)

    def test_too_much_missing_is_not_believed_until_accepted(self):
        simulator = self.synced()
        simulator.restart("--missing", "20")
        self.ok("sync")
        self.fails(VANISHED, ["20 of 40", "none was marked", "--accept-vanished"], "sync")
        self.assertEqual(len(self.list("subscriptions")), 80)
        self.ok("sync", "--accept-vanished")
        self.assertEqual(len(self.list("subscriptions")), 40)

    def test_a_customer_that_is_no_longer_listed_goes_with_its_subscriptions(self):
        simulator = self.synced()
        simulator.restart("--missing-customers", "1")
        for _ in range(2):
            self.ok("sync")
        self.assertEqual(len(self.list("customers")), 14)
        self.assertEqual(len(self.list("customers", "--gone")), 16)

    def test_an_incomplete_list_marks_nothing(self):
        simulator = self.synced("--customers", "1", "--subscriptions", "250")
        for fault in ("total-moves", "page-repeats", "page-vanishes"):
            simulator.restart(
                "--customers", "1", "--subscriptions", "250", "--fault", fault + "@/subscriptions"
            )
            for _ in range(3):
                self.fails(PARTIAL, "1 of 1 customers", "sync")
            self.assertEqual(len(self.list("subscriptions")), 500, fault)
        simulator.restart("--customers", "1", "--subscriptions", "250")
        self.ok("sync")


class OddLists(SyncCase):
    """Lists of a remote that are true, but not as one would think."""

    def remote(self, lists, customers=(1, 2)):
        """`lists`: customer -> function of the page number, giving (total or None, records)."""

        def answer(path):
            if path.endswith("/token"):
                return 200, JSON, b'{"access_token":"T","expires_in":7200}'
            page = int(re.search(r"pageNo=(\d+)", path).group(1))
            found = re.search(r"/customers/(\d+)/", path)
            if not found:
                rows = [{"customerNo": c, "name": f"c{c}"} for c in customers]
                return self.page(len(rows), rows if page == 1 else [])
            given = lists[int(found.group(1))](page)
            return (given, JSON, b"{}") if isinstance(given, int) else self.page(*given)

        odd = OddRemote(answer)
        self.addCleanup(odd.close)
        self.ok(*self.odd_options(odd.url))

    def page(self, total, records):
        data = {"records": records} if total is None else {"total": total, "records": records}
        return 200, JSON, json.dumps({"data": data}).encode()

    def line(self, number, customer):
        return {
            "subscriptionId": f"{number}_1",
            "customerNo": customer,
            "productName": "M365",
            "quantity": 1,
            "status": "Active",
        }

    def test_what_another_customer_s_list_holds_is_not_gone(self):
        stray = [self.line(7, 2)]
        self.remote({1: lambda page: (1, stray), 2: lambda page: (0, [])})
        for _ in range(5):
            self.ok("sync", "--concurrency", "1")
            self.assertEqual(
                [row["is_gone"] for row in self.list("subscriptions", "--gone")], [False]
            )
        self.assertEqual(len(self.list("history", "odd/7_1")), 1)

    def test_a_customer_that_fails_does_not_hide_what_is_gone_elsewhere(self):
        lines = [self.line(n, 1) for n in range(10)]
        self.remote({1: lambda page: (len(lines), lines), 2: lambda page: 403})
        self.fails(PARTIAL, "1 of 2 customers", "sync")
        lines.pop()
        for _ in range(2):
            self.fails(PARTIAL, "1 of 2 customers", "sync")
        self.assertEqual(len(self.list("subscriptions")), 9)

    def test_a_short_page_without_a_total_is_not_the_end(self):
        lines = [self.line(n, 1) for n in range(60)]
        pages = lambda page: (None, lines[(page - 1) * 55 : page * 55])
        self.remote({1: pages}, customers=(1,))
        self.ok("sync")
        self.assertEqual(len(self.list("subscriptions")), 60)

    def test_a_list_without_pages_is_read_once(self):
        lines = [self.line(n, 1) for n in range(5)]
        self.remote({1: lambda page: (None, lines)}, customers=(1,))
        self.assertIn("5 subscriptions: 5 new", self.ok("sync").err)


class Stopping(SyncCase):
    def test_one_customer_s_failure_does_not_stop_the_others(self):
        simulator = self.simulate("--fault", "500@/customers/700103/subscriptions")
        self.ok(*self.stellr_options(simulator))
        result = self.fails(PARTIAL, ["1 of 8 customers", "700103", "request id"], "sync")
        self.assertIn("customer 700103", result.err)
        with_rows = {r["customer_id"] for r in self.list("subscriptions")}
        self.assertEqual(len(with_rows), 7)
        self.assertNotIn("700103", with_rows)
        simulator.restart()
        self.ok("sync")
        self.assertEqual(len(self.list("subscriptions")), 40)

    def test_a_killed_sync_is_taken_up_and_nothing_is_lost_or_doubled(self):
        options = ("--customers", "24", "--subscriptions", "240")
        self.synced(*options)
        clean = self.contents()
        self.doCleanups()
        self.setUp()
        simulator = self.simulate(*options, "--latency-ms", "30")
        self.connect_both(simulator)
        for wait_s in (0.05, 0.15, 0.1, 0.2):
            process = self.start_stellion("sync", "--concurrency", "2")
            time.sleep(wait_s)
            process.kill()
            process.communicate()
        simulator.restart(*options)
        result = self.ok("sync")
        self.assertIn("took up a run that was cut off", result.err)
        self.assertEqual(self.contents(), clean)

    def test_an_interrupted_sync_says_so(self):
        simulator = self.simulate("--latency-ms", "200")
        self.ok(*self.stellr_options(simulator))
        process = self.start_stellion("sync", "--concurrency", "1")
        wait_for(lambda: simulator.journal("GET /stellr/api/v1/customers/"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 24, err)
        self.assertIn(b"stopped", err)

    def test_a_second_process_on_the_same_data(self):
        simulator = self.simulate("--latency-ms", "300")
        self.ok(*self.stellr_options(simulator))
        first = self.start_stellion("sync", "--concurrency", "1")
        wait_for(lambda: simulator.journal("GET /stellr/api/v1/customers/"))
        self.fails(BUSY, ["sync of connection stellr-test", "process"], "sync")
        self.ok("subscriptions")  # reading goes on
        first.communicate(timeout=60)
        self.assertEqual(first.returncode, OK)

    def test_two_processes_share_one_rotation(self):
        simulator = self.simulate("--token-ttl-s", "2")
        self.ok(*self.ion_options(simulator))
        time.sleep(2.2)
        simulator.restart("--latency-ms", "200")
        simulator.forget_journal()
        processes = [self.start_stellion("call", "ion.customer.list") for _ in range(4)]
        for process in processes:
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, OK, err)
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 1)


class Store(SyncCase):
    def test_a_database_of_a_newer_version_is_refused_and_untouched(self):
        self.synced()
        with self.database() as db:
            db.execute(
                "INSERT INTO schema_migration (version, name, checksum, applied_at)"
                " VALUES (9999, 'future', 'x', 1)"
            )
            db.commit()
        before = (self.data / "stellion.db").read_bytes()
        self.fails(VERSION, ["newer", "9999"], "subscriptions")
        self.assertEqual((self.data / "stellion.db").read_bytes(), before)

    def test_a_full_disk_stores_nothing_half(self):
        simulator = self.simulate("--customers", "20", "--subscriptions", "2000")
        small = self.folder / "small"
        small.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", small], capture_output=True
        )
        if mounted.returncode != 0:
            self.skipTest("a small file system cannot be mounted here (needs root)")
        self.addCleanup(subprocess.run, ["umount", small], check=True)
        self.data = small / "data"
        self.ok(*self.stellr_options(simulator))
        self.fails(FULL, ["disk", "full"], "sync")
        with self.database() as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertLess(len(self.list("subscriptions")), 2000)
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        self.ok("sync")
        self.assertEqual(len(self.list("subscriptions")), 2000)

    def test_a_copy_of_the_store_pauses_until_one_is_claimed(self):
        simulator = self.synced()
        other = self.folder / "copy"
        subprocess.run(["cp", "-a", self.data, other], check=True)
        self.data = other
        simulator.forget_journal()
        self.fails(PAUSED, ["paused", "--claim"], "sync")
        self.assertEqual(simulator.journal(), [])
        self.ok("connections", "--claim")
        self.ok("sync")


if __name__ == "__main__":
    main()
