"""Connecting, on good and bad days."""
import contextlib
import json
import signal
import sqlite3
import time
import urllib.request

from support import (
    CANCELLED,
    CREDENTIALS,
    EMPTY,
    FORBIDDEN,
    INVALID,
    LIMIT,
    NOT_FOUND,
    OK,
    REMOTE,
    TOKEN_LOST,
    UNKNOWN,
    UNREACHABLE,
    UNREADABLE,
    OddRemote,
    SyncCase,
    TestCase,
    main,
    free_port,
    wait_for,
)

TOKEN = json.dumps({"access_token": "T", "token_type": "Bearer", "expires_in": 7200}).encode()
JSON = {"Content-Type": "application/json"}


class Connecting(TestCase):
    def test_both_marketplaces_connect_and_are_listed(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        rows = {row["name"]: row for row in self.list("connections")}
        self.assertEqual(set(rows), {"stellr-test", "ion-test"})
        self.assertEqual({row["state"] for row in rows.values()}, {"ready"})
        self.assertNotIn("secret", json.dumps(list(rows.values())))

    def test_an_address_of_this_machine_is_told(self):
        simulator = self.simulate()
        said = self.ok(*self.stellr_options(simulator)).err
        self.assertIn("an address of this machine: the simulator", said)
        self.assertNotIn("production", self.ok("connections").out)
        self.assertEqual(self.list("connections")[0]["environment"], "production")
        self.ok(*self.stellr_options(simulator), "--sandbox")
        self.assertIn("sandbox", self.ok("connections").out)

    def test_the_environment_of_a_region_is_shown(self):
        self.ok("connections")
        simulator = self.simulate()
        self.ok(*self.stellr_options(simulator))
        with contextlib.closing(sqlite3.connect(self.data / "stellion.db")) as db, db:
            db.execute(
                "UPDATE connection SET region = 'us'," " base_url = 'https://api.us.tdsynnex.com'"
            )
        self.assertIn("production", self.ok("connections").out)

    def test_a_second_connection_to_the_same_is_warned_of(self):
        simulator = self.simulate()
        for options in (self.stellr_options(simulator), self.ion_options(simulator)):
            first = options[options.index("--name") + 1]
            self.assertNotIn("count twice", self.ok(*options).err)
            if first == "stellr-test":
                self.assertNotIn("count twice", self.ok(*options).err)  # itself, once more
            else:  # Ion's token works once
                control = simulator.credentials["control"]
                request = urllib.request.Request(
                    control["url"] + "/credentials",
                    data=b'{"kind": "refresh-token"}',
                    headers={"Authorization": "Bearer " + control["token"]},
                )
                with urllib.request.urlopen(request) as answer:
                    made = json.loads(answer.read())
                options = self.ion_options(simulator, refresh_token=made["refresh_token"])
            options[options.index("--name") + 1] = "again"
            said = self.run_stellion(*options)
            self.assertEqual(said.code, OK, str(said))
            self.assertIn(f"Connection {first} leads to the same address", said.err)
            self.assertIn("count twice", said.err)
            with contextlib.closing(sqlite3.connect(self.data / "stellion.db")) as db, db:
                db.execute("UPDATE connection SET name = name || '-' || kind")

    def test_a_secret_comes_from_standard_input_as_well(self):
        simulator = self.simulate()
        options = self.stellr_options(simulator)
        options[options.index("--secret-file") + 1] = "-"
        secret = simulator.credentials["stellr"]["client_secret"]
        self.ok(*options, stdin=secret.encode() + b"\r\n")

    def test_without_a_terminal_it_says_how_to_give_a_secret(self):
        simulator = self.simulate()
        options = self.stellr_options(simulator)
        at = options.index("--secret-file")
        del options[at : at + 2]
        self.fails(INVALID, ["--secret-file", "standard input"], *options)

    def test_a_trailing_slash_is_harmless(self):
        simulator = self.simulate()
        base = simulator.credentials["stellr"]["base_url"]
        self.ok(*self.stellr_options(simulator, base_url=base + "/"))
        self.ok("sync")

    def test_wrong_id_or_secret_store_nothing(self):
        simulator = self.simulate()
        for change in ({"client_id": "nobody"}, {"client_secret": "wrong-secret-1"}):
            self.fails(
                CREDENTIALS,
                ["client id", "environment", "10 minutes"],
                *self.stellr_options(simulator, **change),
            )
            self.assertEqual(self.list("connections"), [])

    def test_sandbox_credentials_are_asked_about(self):
        simulator = self.simulate()
        self.fails(
            CREDENTIALS,
            ["sandbox", "production"],
            *self.stellr_options(simulator, client_id="prod"),
            "--sandbox",
        )

    def test_a_refused_token_stores_nothing(self):
        simulator = self.simulate()
        self.fails(
            CREDENTIALS,
            ["refused", "Request New Credentials"],
            *self.ion_options(simulator, refresh_token="R" + "0" * 40),
        )
        self.assertEqual(self.list("connections"), [])

    def test_a_used_token_is_refused_and_the_connection_stays(self):
        simulator = self.simulate()
        self.ok(*self.ion_options(simulator))
        self.fails(
            CREDENTIALS, ["works once", "Request New Credentials"], *self.ion_options(simulator)
        )
        self.assertEqual(self.list("connections")[0]["state"], "ready")
        self.ok("sync")

    def test_no_customers_is_never_silent(self):
        simulator = self.simulate("--missing-customers", "8")
        self.fails(
            EMPTY, ["0 customers found", "reseller", "environment"], *self.stellr_options(simulator)
        )
        self.assertEqual(self.list("connections")[0]["state"], "ready")

    def test_the_wrong_account_keeps_the_token_and_is_completed_without_a_new_one(self):
        simulator = self.simulate()
        self.fails(
            FORBIDDEN,
            ["kept", "does not work yet", "--account"],
            *self.ion_options(simulator, account_id="70009"),
        )
        row = self.list("connections")[0]
        self.assertEqual(row["state"], "incomplete")
        self.fails(INVALID, "does not work yet", "sync")
        self.ok("connect", "ion", "--name", "ion-test", "--account", "70001")
        self.ok("sync")
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 1)

    def test_a_kept_token_does_not_go_to_another_address(self):
        simulator = self.simulate()
        other = OddRemote(lambda path: (200, JSON, TOKEN))
        self.addCleanup(other.close)
        self.fails(FORBIDDEN, "kept", *self.ion_options(simulator, account_id="70009"))
        self.fails(
            INVALID,
            "token",
            "connect",
            "ion",
            "--name",
            "ion-test",
            "--account",
            "70001",
            "--base-url",
            other.url,
        )

    def test_a_lost_answer_is_told_and_the_token_counted_as_lost(self):
        simulator = self.simulate("--fault", "drop-answer#1@/oauth/token")
        self.fails(UNKNOWN, ["no whole answer", "tried once more"], *self.ion_options(simulator))
        self.assertEqual(self.list("connections")[0]["state"], "incomplete")
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 1)

    def test_wrong_options_name_what_is_wrong(self):
        self.fails(INVALID, "us, ca, br, mx", "connect", "stellr")
        self.fails(INVALID, "--account", "connect", "ion")
        self.fails(INVALID, "us|ca|br|mx", "connect", "stellr", "--region", "eu")
        self.fails(
            INVALID,
            "no sandbox that is publicly known",
            "connect",
            "ion",
            "--account",
            "1",
            "--sandbox",
        )
        self.fails(
            INVALID,
            ["plain http", "this machine itself"],
            "connect",
            "stellr",
            "--client-id",
            "x",
            "--base-url",
            "http://example.com",
        )
        self.fails(INVALID, "stellr and ion", "connect", "pax8")
        self.fails(INVALID, "Did you mean --region?", "connect", "stellr", "--regoin", "us")


class OddAnswers(TestCase):
    """A remote that is not what it should be."""

    def connect(self, answer, code, words):
        odd = OddRemote(
            lambda path: (200, JSON, TOKEN) if path.endswith("/token") else answer(path)
        )
        self.addCleanup(odd.close)
        self.fails(
            code,
            words,
            "connect",
            "stellr",
            "--name",
            "odd",
            "--client-id",
            "x",
            "--secret-file",
            self.secret_file("odd-secret-11"),
            "--base-url",
            odd.url,
            timeout=60,
        )
        if code != EMPTY:
            self.assertEqual(self.list("connections"), [])

    def test_html(self):
        self.connect(
            lambda path: (200, {"Content-Type": "text/html"}, b"<html>Sign in</html>"),
            UNREADABLE,
            ["HTML", "instead of JSON"],
        )

    def test_an_empty_body(self):
        self.connect(lambda path: (200, JSON, b""), UNREADABLE, "an empty body")

    def test_a_cut_body(self):
        self.connect(
            lambda path: (200, {**JSON, "Content-Length": "1000"}, b'{"data":{"rec'),
            REMOTE,
            "no whole answer",
        )

    def test_another_shape(self):
        self.connect(
            lambda path: (200, JSON, b'{"payload":{"rows":{}}}'),
            UNREADABLE,
            ["stellr.customer.list", "no list"],
        )

    def test_a_body_that_ends_early_but_claims_to_be_whole(self):
        self.connect(
            lambda path: (200, JSON, b'{"data":{"total":1,"records":[{"customerNo":1}'),
            UNREADABLE,
            "stellr.customer.list",
        )

    def test_an_oversized_body(self):
        self.connect(lambda path: (200, JSON, b" " * (33 << 20)), LIMIT, "larger than 32 MiB")

    def test_numbers_as_text_and_text_as_numbers(self):
        body = json.dumps(
            {"data": {"total": "1", "records": [{"customerNo": "812345", "name": 4711}]}}
        ).encode()
        odd = OddRemote(
            lambda path: (200, JSON, TOKEN)
            if path.endswith("/token")
            else (
                200,
                JSON,
                body if "customers?" in path else b'{"data":{"total":0,' b'"records":[]}}',
            )
        )
        self.addCleanup(odd.close)
        self.ok(*self.odd_options(odd.url))
        self.ok("sync")
        self.assertEqual(
            [(c["id"], c["name"]) for c in self.list("customers")], [("812345", "4711")]
        )

    def test_a_redirect_is_not_followed(self):
        self.connect(
            lambda path: (302, {"Location": "http://127.0.0.1:1/"}, b""), UNREADABLE, "302"
        )

    def test_nobody_there(self):
        self.fails(
            UNREACHABLE,
            ["cannot be reached", "Check the network"],
            "connect",
            "stellr",
            "--client-id",
            "x",
            "--secret-file",
            self.secret_file("odd-secret-13"),
            "--base-url",
            f"http://127.0.0.1:{free_port()}",
        )

    def test_an_unknown_host_name(self):
        self.fails(
            UNREACHABLE,
            ["nowhere.invalid", "Check the address"],
            "connect",
            "stellr",
            "--client-id",
            "x",
            "--secret-file",
            self.secret_file("odd-secret-14"),
            "--base-url",
            "https://nowhere.invalid",
        )

    def test_a_remote_that_echoes_the_secret(self):
        secret = "very-secret-text-42"
        odd = OddRemote(
            lambda path: (
                400,
                JSON,
                json.dumps(
                    {"error": "invalid_request", "error_description": f"bad secret {secret}"}
                ).encode(),
            )
        )
        self.addCleanup(odd.close)
        self.fails(
            CREDENTIALS,
            "bad secret",
            "connect",
            "stellr",
            "--client-id",
            "x",
            "--secret-file",
            self.secret_file(secret),
            "--base-url",
            odd.url,
        )


class Tokens(SyncCase):
    """The life of a token over several commands."""

    def test_being_told_to_stop_during_a_refresh_loses_nothing(self):
        """The answer is waited for, whatever comes and however often."""
        for signals in (
            [signal.SIGINT],
            [signal.SIGINT] * 3,
            [signal.SIGHUP],
            [signal.SIGTERM] * 2,
        ):
            with self.subTest(signals):
                self.doCleanups()
                self.setUp()
                simulator = self.simulate("--token-ttl-s", "1")
                self.ok(*self.ion_options(simulator))
                time.sleep(1.1)
                simulator.restart("--latency-ms", "1500")
                simulator.forget_journal()
                process = self.start_stellion("sync")
                with self.database() as db:
                    attempts = "SELECT count(*) FROM refresh_attempt WHERE outcome = 'open'"
                    wait_for(lambda: db.execute(attempts).fetchone() == (1,))
                for number in signals:
                    time.sleep(0.2)
                    process.send_signal(number)
                _, err = process.communicate(timeout=40)
                self.assertEqual(process.returncode, CANCELLED, err)
                simulator.restart()
                self.ok("sync")

    def test_a_token_is_kept_between_commands(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        for _ in range(3):
            self.ok("sync")
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 1)
        self.assertEqual(len(simulator.journal("POST /stellr/oauth2/v1/token")), 2)

    def test_expired_tokens_are_renewed(self):
        simulator = self.simulate("--token-ttl-s", "1")
        self.connect_both(simulator)
        time.sleep(1.1)
        self.ok("sync")
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 2)
        time.sleep(1.1)
        self.ok("call", "ion.customer.list")
        self.assertEqual(len(simulator.journal("POST /ion/oauth/token")), 3)

    def test_no_secret_reaches_the_disk_in_clear(self):
        simulator = self.simulate("--token-ttl-s", "1")
        self.connect_both(simulator)
        self.ok("sync", "--log-level", "debug")
        for secret in self.secrets:
            self.assert_not_stored(secret)

    def test_a_token_of_another_program_is_told(self):
        simulator = self.simulate()
        self.ok(*self.ion_options(simulator))
        # Another program refreshed with the token that we hold: simulated by a fresh simulator
        # that never gave it (the same seed knows it, another does not).
        simulator.restart("--seed", "2")
        self.fails(CREDENTIALS, ["ion-test", "Request New Credentials"], "sync")


if __name__ == "__main__":
    main()
