"""Corrections of rows by a file in the data directory."""
import pathlib
import re

from support import INVALID, main
from test_doctor import DoctorCase


class Overrides(DoctorCase):
    def test_a_bad_file_stops_every_command_that_opens_the_store(self):
        self.ok("connections")
        self.overrides({"actions": {"stellr.customer.lst": {}}})
        for command in (["connections"], ["sync"], ["doctor"], ["actions"]):
            self.fails(INVALID, ["overrides.json", "did you mean 'stellr.customer.list'"], *command)

    def test_a_file_that_others_may_write_is_refused(self):
        self.ok("connections")
        for mode in (0o620, 0o602, 0o666):
            self.overrides({}, mode)
            self.fails(INVALID, ["others may write", "chmod 600"], "connections")
        self.overrides({}, 0o644)
        self.ok("connections")

    def test_a_folder_in_its_place_is_refused(self):
        self.ok("connections")
        (self.data / "overrides.json").mkdir()
        self.fails(INVALID, "is no file", "connections")

    def test_a_correction_is_used_and_shown(self):
        simulator = self.stellr()
        self.overrides(
            {
                "actions": {
                    "stellr.vendor.list": {"path": "/api/v1/cloud/products/1/related"},
                    "stellr.customer.list": {"parameters": {"status": {"default": "Active"}}},
                }
            }
        )
        simulator.forget_journal()
        self.ok("call", "stellr.customer.list")
        self.assertTrue([x for x in simulator.journal() if "status=Active" in x])
        shown = self.ok("actions", "show", "stellr.customer.list").out
        self.assertIn("parameters.status.default: Active (built in: none)", shown)
        document = self.ok("actions", "show", "stellr.vendor.list", "--output", "json").json()
        self.assertEqual(document["overrides"][0]["value"], "/api/v1/cloud/products/1/related")
        told = [row for row in self.examine(0, "stellr-test") if row["id"] == "override"]
        self.assertEqual(len(told), 2)

    def test_the_examples_of_the_manual_are_accepted(self):
        self.ok("connections")
        manual = pathlib.Path(__file__).resolve().parents[2] / "docs/operations.md"
        chapter = manual.read_text().split("`overrides.json`\n", 1)[1].split("\n## ", 1)[0]
        examples = re.findall(r"(?:^    .*\n)+", chapter, re.M)
        self.assertEqual(len(examples), 2)
        for example in examples:
            self.overrides(example)
            self.ok("connections")

    def test_the_data_directory_may_be_named_behind_the_action(self):
        self.ok("connections")
        self.overrides(
            {"actions": {"stellr.customer.list": {"parameters": {"x": {"type": "text"}}}}}
        )
        self.fails(
            INVALID, "a GET carries neither", "call", "stellr.customer.list", "--data", self.data
        )

    def test_a_service_that_takes_the_difference_gets_the_difference(self):
        simulator = self.stellr("--knob", "seats_are_delta=true", "--knob", "op_delay_ms=1")
        self.ok("sync")
        row = next(
            row
            for row in self.list("subscriptions")
            if row["measure"] == "seats" and row["standing"] == "live"
        )
        total = int(row["quantity"]) + 2
        call = ["call", "stellr.subscription.change-seats", "--customerNo", row["customer_id"]]
        call += ["--subscriptionId", row["id"], "--quantity", total, "--yes"]
        quantity = {"meaning": "seats-added"}
        action = {"stellr.subscription.change-seats": {"parameters": {"quantity": quantity}}}
        self.overrides({"actions": action})
        result = self.ok(*call)
        self.assertIn('{"quantity":2}', result.err)
        get = ["call", "stellr.subscription.get", "--customerNo", row["customer_id"]]
        answer = self.list(*get, "--subscriptionId", row["id"])
        self.assertEqual(answer["data"]["quantity"], total)
        self.assertEqual(len([x for x in simulator.journal() if "changeSeats" in x]), 1)

    def test_a_corrected_field_is_read_again_by_the_next_sync(self):
        simulator = self.stellr()
        self.ok("sync")
        before = self.list("subscriptions")
        names = [row["name"] for row in self.list("customers")]
        self.overrides({"fields": {"stellr": {"accounts": {"name": "city"}}}})
        self.ok("sync")
        after = [row["name"] for row in self.list("customers")]
        self.assertNotEqual(names, after)
        self.assertEqual(len(self.list("subscriptions")), len(before))
        (self.data / "overrides.json").unlink()
        self.ok("sync")
        self.assertEqual([row["name"] for row in self.list("customers")], names)


if __name__ == "__main__":
    main()
