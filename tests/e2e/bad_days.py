"""Many random bad days: bad_days.py SECONDS [SEED]

Each day syncs a world through random faults, kills the program at random moments, changes the world
and lets tokens expire. In the end, on a good day, the store must equal that of somebody who never
had a bad day; nobody may have had to connect again, unless the program was killed. Prints the seed
that repeats a failure."""
import random
import signal
import sys
import time

from support import BUSY, CREDENTIALS, OK, PARTIAL, RATE, REMOTE, TOKEN_LOST, UNREACHABLE
from support import UNREADABLE, SyncCase

FAULTS = (
    "401",
    "429",
    "429-retry-after",
    "500",
    "html",
    "cut",
    "close",
    "empty-body",
    "other-shape",
    "page-repeats",
    "total-moves",
)
# A bad day may end with these; a crash, a lost token or a wrong store may not happen.
BAD_BUT_RIGHT = {
    OK,
    CREDENTIALS,
    RATE,
    UNREACHABLE,
    REMOTE,
    UNREADABLE,
    BUSY,
    PARTIAL,
    TOKEN_LOST,
    -signal.SIGKILL,
}
WAITS_S = 300  # a refresh that was killed is waited for, two minutes


class Days(SyncCase):
    def runTest(self):
        pass

    def world(self, chance):
        self.size = [
            "--seed",
            chance.randint(1, 99),
            "--customers",
            chance.randint(1, 20),
            "--subscriptions",
            chance.randint(1, 250),
        ]
        self.size = list(map(str, self.size))

    def bad_day(self, chance):
        """One sync that ends by itself or is killed."""
        options = [*self.size, "--edits", str(chance.randint(0, 9))]
        for fault in chance.sample(FAULTS, chance.randint(0, 3)):
            # Nothing that is refused for good may befall the token: that would be another test.
            options += ["--fault", f"{fault}:{chance.choice((0.02, 0.1, 0.4))}@/api/"]
        options += [
            "--token-ttl-s",
            chance.choice(("1", "7200", "7200", "7200")),
            "--latency-ms",
            chance.choice(("0", "0", "5")),
        ]
        self.simulator.restart(*options)
        process = self.start_stellion("sync", "--concurrency", str(chance.randint(1, 8)))
        if chance.random() < 0.7:
            time.sleep(chance.random() ** 3)
            process.kill()
        _, err = process.communicate(timeout=WAITS_S)
        if process.returncode == TOKEN_LOST:
            self.connect_again()
        self.assertIn(process.returncode, BAD_BUT_RIGHT, err.decode())
        return process.returncode

    def connect_again(self):
        """Killed between the answer and the keeping, nobody has the next token: a person's turn."""
        self.simulator.restart(*self.size)
        self.ok(*self.ion_options(self.simulator))
        self.lost += 1

    def good_day(self):
        self.simulator.restart(*self.size)
        if self.run_stellion("sync", timeout=WAITS_S).code == TOKEN_LOST:
            self.connect_again()
        for _ in range(3):  # what was missing on bad days is believed to be back at once
            self.ok("sync")
        return self.contents()

    def someone_else(self):
        """The contents of a store that only knows the good day."""
        self.data = self.folder / "other"
        self.simulator.restart(*self.size)
        self.connect_both(self.simulator)
        return self.good_day()

    def days(self, seed):
        chance = random.Random(seed)
        self.world(chance)
        self.lost = 0
        self.simulator = self.simulate(*self.size)
        self.connect_both(self.simulator)
        codes = [self.bad_day(chance) for _ in range(chance.randint(3, 10))]
        mine = self.good_day()
        self.assertLessEqual(self.lost, codes.count(-signal.SIGKILL))
        with self.database() as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(mine, self.someone_else())
        return codes


def main():
    seconds = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    end, worlds, codes = time.monotonic() + seconds, 0, []
    while time.monotonic() < end:
        days = Days()
        days.setUp()
        try:
            codes += days.days(seed + worlds)
        except BaseException:
            print(f"failed: bad_days.py 0.1 {seed + worlds} repeats it", file=sys.stderr)
            raise
        finally:
            days.doCleanups()
        worlds += 1
    well, killed = codes.count(OK), codes.count(-signal.SIGKILL)
    print(
        f"{worlds} worlds, {len(codes)} bad days: {well} went well, {killed} killed, "
        f"{len(codes) - well - killed} ended badly and said so"
    )


if __name__ == "__main__":
    main()
