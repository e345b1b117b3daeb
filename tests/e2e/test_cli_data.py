"""Where the data lies, who can read it, and that no secret gets out."""
import json
import os
import pathlib
import subprocess
import time
import unittest

from support import FORBIDDEN, INVALID, STORE, OddRemote, TestCase, main, wait_for

JSON = {"Content-Type": "application/json"}


class DataDirectory(TestCase):
    def made(self, *arguments, **environment):
        """Where a command made its store, below the folder of the test."""
        environment = {"STELLION_DATA": "", **{k: str(v) for k, v in environment.items()}}
        before = set(self.folder.rglob("stellion.db"))
        self.ok("connections", *arguments, environment=environment)
        (path,) = set(self.folder.rglob("stellion.db")) - before
        return str(path.parent.relative_to(self.folder))

    def test_the_option_wins_over_the_environment_over_the_home(self):
        f = self.folder
        places = {"STELLION_DATA": f / "s", "XDG_DATA_HOME": f / "x", "HOME": f / "h"}
        self.assertEqual(self.made("--data", f / "o" / "deep", **places), "o/deep")
        self.assertEqual(self.made(**places), "s")
        del places["STELLION_DATA"]
        self.assertEqual(self.made(**places), "x/stellion")
        del places["XDG_DATA_HOME"]
        self.assertEqual(self.made(**places), "h/.local/share/stellion")
        self.fails(INVALID, "say --data DIR", "connections", environment={"STELLION_DATA": ""})

    def test_a_file_is_no_data_directory(self):
        (self.folder / "file").write_text("mine")
        self.fails(
            INVALID, "file is not a directory", "connections", "--data", self.folder / "file"
        )
        self.fails(
            STORE,
            "file/sub: Not a directory",
            "connections",
            "--data",
            self.folder / "file" / "sub",
        )
        self.assertEqual((self.folder / "file").read_text(), "mine")

    @unittest.skipUnless(
        os.path.ismount("/sys"), "there is no /sys, in which nobody can make files"
    )
    def test_a_place_that_cannot_be_written(self):
        self.fails(
            STORE,
            "cannot make the directory /sys/stellion-test: ",
            "connections",
            "--data",
            "/sys/stellion-test",
        )

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_directory_of_somebody_else_is_refused(self):
        self.data.mkdir()
        os.chown(self.data, 65534, 65534)
        self.fails(FORBIDDEN, "belongs to another user", "connections")
        self.assertEqual(list(self.data.iterdir()), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_store_on_a_file_system_for_reading_only(self):
        self.data.mkdir()
        if subprocess.run(
            ["mount", "-t", "tmpfs", "none", self.data], capture_output=True
        ).returncode:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", self.data], check=True)
        self.ok("connections")
        subprocess.run(["mount", "-o", "remount,ro", self.data], check=True)
        self.fails(STORE, "Read-only file system", "customers")

    def test_nobody_else_can_read_any_of_it(self):
        """Whatever the umask: the store holds prices and customers."""
        simulator = self.simulate("--latency-ms", "150")
        self.data.mkdir(mode=0o755)
        self.data.chmod(0o755)
        for options in (self.stellr_options, self.ion_options):
            subprocess.run(
                self.command(*options(simulator)),
                env=self.environment(),
                umask=0,
                check=True,
                capture_output=True,
            )
        process = subprocess.Popen(
            self.command("sync", "--concurrency", "1"),
            umask=0,
            env=self.environment(),
            stderr=subprocess.PIPE,
        )
        wait_for(
            lambda: simulator.journal("GET /stellr/api/v1/customers/") or process.poll() is not None
        )
        modes = self.modes()
        process.kill()
        process.communicate()
        self.assertIn("stellion.db-wal", modes)
        self.assertEqual(
            {name: oct(mode) for name, mode in modes.items()},
            {name: "0o700" if name in ("data", "rescue") else "0o600" for name in modes},
        )

    def modes(self):
        paths = [self.data, *self.data.rglob("*")]
        return {path.name: path.stat().st_mode & 0o7777 for path in paths}


class Secrets(TestCase):
    ACCESS, SECRET = "ACCESS-" + "a" * 40, "SECRET-" + "s" * 40
    TOKENS = ["REFRESH-" + str(i) * 40 for i in range(9)]

    def answer(self, path):
        if path.endswith("/s/token"):
            return 200, JSON, json.dumps({"access_token": self.ACCESS, "expires_in": 7200}).encode()
        if "/oauth/token" in path:
            self.rotations += 1
            return (
                200,
                JSON,
                json.dumps(
                    {
                        "access_token": self.ACCESS + "-ion",
                        "expires_in": 7200,
                        "token_type": "bearer",
                        "refresh_token": self.TOKENS[self.rotations],
                    }
                ).encode(),
            )
        time.sleep(self.latency_s)
        if path.startswith("/api/v3"):
            body = {"items": [], "paginationResponse": {"totalSize": 0}}
            if "/customers?" in path:
                body = {"customers": [{"name": "accounts/1/customers/2", "uid": "2"}]}
        else:
            body = {"data": {"total": 1, "records": [{"customerNo": 7, "name": "seven"}]}}
            if "/subscriptions" in path:
                body = {"data": {"total": 0, "records": []}}
        return 200, JSON, json.dumps(body).encode()

    def setUp(self):
        super().setUp()
        self.rotations, self.latency_s = 0, 0
        self.secrets |= {self.ACCESS, *self.TOKENS}
        odd = OddRemote(self.answer)
        self.addCleanup(odd.close)
        self.commands = (
            [
                "connect",
                "stellr",
                "--name",
                "s",
                "--client-id",
                "x",
                "--secret-file",
                self.secret_file(self.SECRET),
                "--base-url",
                odd.url + "/s",
                "--token-url",
                odd.url + "/s/token",
            ],
            [
                "connect",
                "ion",
                "--name",
                "i",
                "--account",
                "1",
                "--token-file",
                self.folder / "token",
                "--base-url",
                odd.url,
            ],
        )
        (self.folder / "token").write_text(self.TOKENS[0])

    def test_no_output_of_the_loudest_log_holds_a_secret(self):
        for command in (
            *self.commands,
            ["sync"],
            ["keep-alive"],
            ["connections", "--output", "json"],
            ["call", "stellr.customer.list"],
            ["call", "ion.customer.list"],
        ):
            self.ok(*command, "--log-level", "debug")  # each output is searched
        self.assertGreaterEqual(self.rotations, 1)
        self.assertIn(
            "client.token",
            self.ok("connections", "--log-level", "debug").err
            + self.run_stellion(*self.commands[0], "--log-level", "debug").err,
        )

    def test_no_file_of_the_store_holds_one_in_clear(self):
        for command in (*self.commands, ["sync"]):
            self.ok(*command)
        for secret in self.secrets:
            self.assert_not_stored(secret)
            self.assert_not_stored(secret[8:])

    def test_neither_arguments_nor_environment_hold_one(self):
        for command in self.commands:
            self.ok(*command)
        self.latency_s = 1
        process = self.start_stellion("sync")
        place = pathlib.Path(f"/proc/{process.pid}")
        wait_for(lambda: b"sync" in (place / "cmdline").read_bytes())
        for name in ("cmdline", "environ", "comm"):
            text = (place / name).read_bytes()
            for secret in self.secrets:
                self.assertNotIn(secret.encode(), text, name)
        self.assertIsNone(process.poll())

    def test_connections_show_no_secret(self):
        for command in self.commands:
            self.ok(*command)
        for form in ("table", "json", "csv"):
            out = self.ok("connections", "--output", form).out
            self.assertNotIn("secret", out.lower())
        self.assertEqual({row["name"] for row in self.list("connections")}, {"s", "i"})


if __name__ == "__main__":
    main()
