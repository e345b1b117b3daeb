"""What the doctor shows to people: a table that can be read, corrections below it, and a sum."""
from support import CREDENTIALS, main
from test_doctor import DoctorCase


class Table(DoctorCase):
    def test_guesses_are_told_in_sum_unless_asked_for(self):
        guesses = [row for row in self.examine(0) if row["id"] == "guess"]
        n = len([row for row in guesses if "stellr" in row["sentence"]])
        table = self.ok("doctor").out
        in_table = [line for line in table.splitlines() if line.split()[1:2] == ["guess"]]
        self.assertEqual(len(in_table), 1, table)
        self.assertIn(f"{n} rows and fields of", in_table[0])
        self.assertGreater(len(self.ok("doctor", "--guesses").out), len(table) + 20 * n)

    def test_the_table_can_be_read_at_100_columns(self):
        self.stellr()
        lines = self.ok("doctor").out.split("\n\n")[0].splitlines()
        self.assertLessEqual(max(map(len, lines)), 100)
        self.assertNotIn("…", "".join(lines))
        self.assertIn("CONNECTION", lines[0])
        self.assertIn("EVIDENCE", lines[0])
        self.assertFalse([line for line in lines if line.endswith(" ")])

    def test_what_reading_cannot_tell_comes_with_its_correction(self):
        self.stellr()
        told = self.ok("doctor", "stellr-test").out
        about = told.split("stellr-test, A-43: ")[1].split("\n\n")[0]
        self.assertIn("If it turns out otherwise, put into overrides.json", about)
        self.assertIn('"meaning": "seats-added"', about)

    def test_it_ends_with_how_the_connections_stand(self):
        simulator = self.simulate("--knob", "revoke_delay_s=0")
        self.connect_both(simulator)
        verdicts = list(self.verdicts("stellr-test").values())
        said = self.ok("doctor").err.splitlines()
        held, untold = verdicts.count("held"), verdicts.count("could not tell")
        self.assertIn(
            f"stellr-test works: of {len(verdicts)} assumptions {held} held, 0 did not hold, "
            f"{untold} could not be told.",
            said,
        )
        self.assertEqual(said[-1], "2 connections work.")
        self.control(simulator, "DELETE", "credentials/1")
        said = self.fails(CREDENTIALS, "1 of 2 connections works.", "doctor").err.splitlines()
        self.assertIn("stellr-test does not work; what is assumed was not looked at.", said)

    def test_one_request_is_one(self):
        simulator = self.simulate("--knob", "revoke_delay_s=0")
        self.ok(*self.stellr_options(simulator))
        self.knobs(simulator, permission_mask="stellr.customer.list")
        result = self.run_stellion("doctor", "stellr-test")
        self.assertIn("\n1 request was sent", "\n" + result.err)


if __name__ == "__main__":
    main()
