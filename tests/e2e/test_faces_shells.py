"""Completion, asked as the shells ask: in bash, zsh and fish themselves."""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import time

from support import INVALID, TestCase, main

MOST_MS = 30  # beyond the start of the program: between two keys nobody should wait


class Candidates(TestCase):
    def complete(self, *words, shell="bash"):
        return self.ok("__complete", shell, *words).out.splitlines()

    def test_commands(self):
        found = self.complete("")
        self.assertIn("subscriptions", found)
        self.assertNotIn("__complete", found)
        shown = self.ok("--help").out.split("Options of every")[0]
        self.assertEqual(found, re.findall(r"^  ([a-z-]+) +[A-Z]", shown, re.MULTILINE))
        self.assertEqual(self.complete("--output", "json", "con"), ["connect", "connections"])
        self.assertEqual(self.complete("help", "rec"), ["reconcile"])

    def test_the_hidden_command_is_in_no_help(self):
        for arguments in (["--help"], ["docs", "man"]):
            self.assertNotIn("__complete", self.ok(*arguments).out)

    def test_options_of_a_command(self):
        for name in self.complete(""):
            help_text = self.ok(name, "--help").out
            options = re.findall(r"^  (--[a-z-]+)", help_text, re.MULTILINE)
            self.assertEqual(sorted(self.complete(name, "--")), sorted(options), name)

    def test_actions_and_their_parameters(self):
        ids = [row["id"] for row in self.list("actions")]
        self.assertEqual(self.complete("call", ""), ids)
        self.assertEqual(
            self.complete("actions", "show", "ion."), [i for i in ids if i[:4] == "ion."]
        )
        self.assertEqual(
            self.complete("call", "--raw", "stellr.subscription.get", "--sub"), ["--subscriptionId"]
        )
        self.assertEqual(self.complete("call", "stellr.customer.list", "--pageN"), ["--pageNo"])
        for action in ids:
            shown = self.ok("actions", "show", action, "--output", "json").json()
            found = self.complete("call", action, "--")
            for p in shown["parameters"]:
                self.assertEqual(found.count(f"--{p['name']}"), 1)

    def test_choices(self):
        self.assertEqual(self.complete("actions", "--api", ""), ["stellr", "ion"])
        self.assertEqual(self.complete("actions", "--api=i"), ["--api=ion"])
        self.assertEqual(self.complete("connect", ""), ["stellr", "ion"])
        self.assertEqual(self.complete("actions", ""), ["show"])
        for row in self.list("actions"):
            shown = self.ok("actions", "show", row["id"], "--output", "json").json()
            for p in shown["parameters"]:
                if p["choices"]:
                    got = self.complete("call", row["id"], f"--{p['name']}", "")
                    self.assertEqual(got, p["choices"])

    def test_files_where_a_file_is_wanted(self):
        for words in (["bill", "import", ""], ["--data", ""], ["simulate", "--credentials", "x"]):
            self.assertEqual(self.complete(*words), [":files"], words)
        self.assertEqual(self.complete("history", ""), [])
        self.assertEqual(self.complete("customers", "--customer", ""), [])

    def test_what_the_others_show(self):
        self.assertEqual(
            self.complete("call", "stellr.customer.g", shell="fish"),
            ["stellr.customer.get\tGet Customer"],
        )
        self.assertEqual(
            self.complete("call", "stellr.customer.g", shell="zsh"),
            ["stellr.customer.get:Get Customer"],
        )

    def test_odd_lines_are_no_fault(self):
        for words in ([], ["--"], ["-"], ["nonsense", ""], ["call", "x.y", "--"], ["--x=", ""]):
            self.ok("__complete", "bash", *words)
        self.ok("__complete", "zsh", "call", "é:", "--=:")
        self.fails(INVALID, "not for 'tcsh'", "__complete", "tcsh", "")
        self.fails(INVALID, "not for 'tcsh'", "completion", "tcsh")
        self.assertFalse(self.data.exists())

    def test_corrected_rows_are_completed_as_corrected(self):
        self.data.mkdir(mode=0o700)
        row = {"parameters": {"subscriptionStatus": {"choices": ["ONE", "TWO"], "example": "ONE"}}}
        path = self.data / "overrides.json"
        path.write_text(json.dumps({"actions": {"ion.subscription.list": row}}))
        path.chmod(0o600)
        words = ("call", "ion.subscription.list", "--subscriptionStatus", "")
        self.assertEqual(self.complete(*words), ["ONE", "TWO"])
        path.write_text("{")  # told by the next command, not between two keys
        self.assertIn("ACTIVE", self.complete(*words))

    def test_it_is_fast(self):
        def least_ms(*arguments):
            least = 1e9
            for _ in range(7):
                begin = time.monotonic()
                self.ok(*arguments)
                least = min(least, (time.monotonic() - begin) * 1000)
            return least

        words = ("call", "stellr.subscription.create", "--")
        started = least_ms("--version")
        self.assertLess(least_ms("__complete", "zsh", *words) - started, MOST_MS)


def plain(text):
    """Without what steers a terminal."""
    return re.sub("\x1b\\[[0-9;?]*[A-Za-z]|\0", "", text)


# Typed, and what the shell then has added.
PIECES = (
    ("stellion call ion.customer.g\t", "call ion.customer.get "),
    ("--cust\t", "--customerId "),
    ("\x15stellion actions --api=io\t", "--api=ion "),
)


class Shell(TestCase):
    """A shell with the program on its path."""

    def setUp(self):
        super().setUp()
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "stellion").symlink_to(os.path.abspath(self.command()[0]))
        self.shell_environment = {
            **self.environment(),
            "PATH": f"{folder}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "TERM": "vt100",
            "LC_ALL": "C.UTF-8",
        }

    def script(self, shell):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed (tools/install-packages check)")
        path = self.folder / f"completion.{shell}"
        path.write_text(self.ok("completion", shell).out)
        return path

    def run_shell(self, *command):
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=self.shell_environment,
            cwd=self.folder,
            timeout=60,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def typed(self, shell, command, *pieces):
        """Runs a command in the shell on a terminal, then types each piece, and reads on until the
        terminal shows what is wanted."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execvpe(shell[0], shell, {**self.shell_environment, "PS1": "ready> "})
        try:
            self.read_until(terminal, "ready> ")
            os.write(terminal, f"{command}; echo is-$((1 + 1))\r".encode())
            self.read_until(terminal, "is-2.*ready> ")
            for text, wanted in pieces:
                os.write(terminal, text.encode())
                self.read_until(terminal, wanted)
        finally:
            os.kill(process, 9)
            os.waitpid(process, 0)
            os.close(terminal)

    def read_until(self, terminal, wanted):
        seen, end = "", time.monotonic() + 20
        while not re.search(wanted, plain(seen), re.DOTALL) and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                seen += os.read(terminal, 65536).decode("utf-8", "replace")
        self.assertRegex(plain(seen), re.compile(wanted, re.DOTALL))


class Bash(Shell):
    def complete(self, *words):
        """As readline calls it, with the words as it cuts them."""
        cut = [piece for word in words for piece in re.split(r"([=:])", word) if piece] or [""]
        if words[-1] == "":
            cut.append("")
        quoted = " ".join(f"'{piece}'" for piece in ["stellion", *cut])
        return self.run_shell(
            *("bash", "--norc", "-c"),
            f"source {self.script('bash')}; compopt() {{ echo \"compopt $*\"; }}\n"
            f"COMP_WORDS=({quoted}); COMP_CWORD={len(cut)}; _stellion\n"
            'printf "%s\\n" "${COMPREPLY[@]}"',
        )

    def test_the_script_is_one(self):
        self.assertEqual(self.run_shell("bash", "-n", self.script("bash")), [])

    def test_words_that_readline_cuts(self):
        self.assertEqual(self.complete("call", "ion.customer.g"), ["ion.customer.get"])
        self.assertEqual(self.complete("actions", "--api", "i"), ["ion"])
        self.assertEqual(self.complete("actions", "--api=i"), ["ion"])
        self.assertEqual(self.complete("actions", "--api="), ["stellr", "ion"])
        self.assertEqual(self.complete("bill", "import", ""), ["compopt -o default", ""])
        self.assertEqual(self.complete("call", "stellr.product.list", "--$"), ["--\\$search"])

    def test_on_a_terminal(self):
        self.script("bash")
        self.typed(["bash", "--norc", "--noprofile"], "source completion.bash", *PIECES)


class Zsh(Shell):
    def test_on_a_terminal(self):
        self.script("zsh")
        begin = "autoload -U compinit; compinit -D -u; source completion.zsh"
        self.typed(["zsh", "-f", "-i"], begin, *PIECES)

    def test_the_script_is_one(self):
        self.assertEqual(self.run_shell("zsh", "-n", self.script("zsh")), [])


class Fish(Shell):
    def complete(self, line):
        path = self.script("fish")
        return self.run_shell("fish", "--no-config", "-c", f"source {path}; complete -C '{line}'")

    def test_completion(self):
        self.assertEqual(
            self.complete("stellion call ion.customer.g"), ["ion.customer.get\tGet Customer"]
        )
        self.assertEqual(self.complete("stellion actions --api=i"), ["--api=ion"])
        self.assertEqual(self.complete("stellion actions --api "), ["stellr", "ion"])
        self.assertIn("sync\t", "\n".join(self.complete("stellion ")))
        (self.folder / "a-bill.csv").write_text("")
        self.assertEqual(
            [line.split("\t")[0] for line in self.complete("stellion bill import a-b")],
            ["a-bill.csv"],
        )


if __name__ == "__main__":
    main()
