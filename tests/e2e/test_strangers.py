"""Clients that are not ours and know nothing of us, in other languages, against the simulator: the
programs of tests/strangers, a journey each. A journey is left out only where its language is not
installed."""
import json
import os
import pathlib
import shutil
import subprocess
import threading

import support
from stranger import Stranger

STRANGERS = pathlib.Path(__file__).resolve().parent.parent / "strangers"
CUSTOMERS, SUBSCRIPTIONS = 23, 130
PROGRAMS = {  # what must be installed, and the program
    "ion": ("python3", "ion.py"),
    "stellr": ("node", "stellr.mjs"),
    "orders": ("perl", "orders.pl"),
    "portal": ("curl", "portal.sh"),
}


class Strangers(support.TestCase):
    """The marketplaces each at the root of a port of its own, as clients have it that keep their
    paths."""

    def world(self, *options):
        simulator = self.simulate(
            *("--listen-ion", "127.0.0.1:0", "--listen-stellr", "127.0.0.1:0"),
            *("--customers", str(CUSTOMERS), "--subscriptions", str(SUBSCRIPTIONS)),
            *options,
            listen=False,
        )
        return simulator.credentials

    def installed(self, program):
        interpreter, name = PROGRAMS[program]
        if shutil.which(interpreter) is None:
            self.skipTest(f"{interpreter} is not installed")
        return interpreter, name

    def command(self, program, journey, credentials):
        interpreter, name = self.installed(program)
        if program == "portal":
            return ["sh", STRANGERS / name, journey]
        facts = self.folder / f"facts-{program}-{journey}.json"
        known = {"customers": CUSTOMERS, "subscriptions": SUBSCRIPTIONS}
        facts.write_text(json.dumps({**credentials, **known}))
        return [interpreter, STRANGERS / name, journey, facts]

    def environment_of(self, credentials, ca):
        stellr, ion = credentials["stellr"], credentials["ion"]
        return {
            **{k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")},
            "STELLR": stellr["base_url"],
            "TOKEN_URL": stellr["token_url"],
            "CLIENT": f"{stellr['client_id']}:{stellr['client_secret']}",
            "ION": ion["base_url"],
            "ACCOUNT": str(ion["account_id"]),
            "REFRESH": ion["refresh_token"],
            "KEY": f"{ion['api_key']}:{ion['api_secret']}",
            "CUSTOMERS": str(CUSTOMERS),
            "SUBSCRIPTIONS": str(SUBSCRIPTIONS),
            **({"CA": ca, "NODE_EXTRA_CA_CERTS": ca} if ca else {}),
        }

    def arrives(self, program, journey, credentials, ca=None):
        done = subprocess.run(
            self.command(program, journey, credentials),
            env=self.environment_of(credentials, ca),
            capture_output=True,
            text=True,
            timeout=120,
        )
        told = f"{program} {journey}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        self.assertEqual((done.returncode, done.stdout), (0, "arrived\n"), told)


class Ion(Strangers):
    """In Python: the ways of the vendor's SDK, and of those who page otherwise."""

    def test_tokens_that_end_while_it_works(self):
        self.arrives("ion", "expiry", self.world("--token-ttl-s", "2"))

    def test_token_lists_and_their_filters(self):
        self.arrives("ion", "pages", self.world())

    def test_token_lists_that_end_with_an_empty_token_or_without_entries(self):
        odd = self.world("--knob", "empty_page_token=true", "--knob", "omit_empty_items=true")
        self.arrives("ion", "odd_ends", odd)

    def test_offset_lists_by_three_stop_rules(self):
        self.arrives("ion", "offsets", self.world())

    def test_the_catalogue_with_every_spelling_of_true(self):
        self.arrives("ion", "catalogue", self.world())

    def test_carts(self):
        self.arrives("ion", "carts", self.world())

    def test_reports(self):
        self.arrives("ion", "reports", self.world())

    def test_version_one_and_invoices(self):
        self.arrives("ion", "billing", self.world())

    def test_one_connection_for_everything(self):
        self.arrives("ion", "one_connection", self.world())

    def test_two_at_once(self):
        self.arrives("ion", "two_at_once", self.world())


class Orders(Strangers):
    """In Perl: the ways of administrators' modules and of the vendor's collection of requests."""

    def test_the_token_form_in_parts(self):
        self.arrives("orders", "tokens", self.world())

    def test_a_subscription_from_its_purchase_to_its_end(self):
        self.arrives("orders", "orders", self.world("--knob", "order_delay_ms=100"))

    def test_other_spellings_and_refusals(self):
        self.arrives("orders", "spellings", self.world("--knob", "order_delay_ms=100"))

    def test_orders_are_cancelled_while_they_are_new(self):
        self.arrives("orders", "cancels", self.world("--knob", "order_delay_ms=60000"))


class Stellr(Strangers):
    """In JavaScript: tokens, pages, six customers at a time, seats, batches, change logs."""

    def test_tokens(self):
        self.arrives("stellr", "tokens", self.world())

    def test_tokens_that_end_while_it_works(self):
        self.arrives("stellr", "expiry", self.world("--token-ttl-s", "2"))

    def test_lists_with_and_without_pages(self):
        self.arrives("stellr", "pages", self.world())

    def test_customers_side_by_side(self):
        self.arrives("stellr", "parallel", self.world())

    def test_seats_are_changed_and_read_back(self):
        self.arrives("stellr", "seats", self.world())

    def test_an_order_of_which_a_line_fails(self):
        self.arrives("stellr", "batch", self.world())

    def test_change_logs_by_each_spelling(self):
        self.arrives("stellr", "changelogs", self.world())

    def test_too_many_requests_are_waited_for(self):
        fault = "429-retry-after:1#2@/cloud/customers"
        self.arrives("stellr", "limits", self.world("--fault", fault))

    def test_two_at_once(self):
        self.arrives("stellr", "two", self.world())


class Portal(Strangers):
    """In sh, with curl."""

    def test_stellr(self):
        self.arrives("portal", "stellr", self.world())

    def test_ion(self):
        self.arrives("portal", "ion", self.world())


class Together(Strangers):
    def test_over_https_with_a_certificate_of_ones_own(self):
        certificate, key = support.certificate(self.folder)
        credentials = self.world("--tls-certificate", str(certificate), "--tls-key", str(key))
        for remote in ("stellr", "ion"):
            self.assertEqual(credentials[remote]["base_url"][:8], "https://")
            self.arrives("portal", remote, credentials, ca=str(certificate))
        # sh has made a customer at Ion, not at Stellr
        self.arrives("stellr", "pages", credentials, ca=str(certificate))

    def test_readers_in_all_languages_at_once(self):
        credentials = self.world("--listen-control", "127.0.0.1:0")
        control = Stranger(credentials)
        journeys = [
            ("ion", "offsets"),
            ("ion", "pages"),
            ("stellr", "parallel"),
            ("stellr", "pages"),
        ]
        failures = []

        def travel(program, journey, own):
            try:
                self.arrives(program, journey, own)
            except AssertionError as failure:
                failures.append(str(failure))

        threads = []
        for program, journey in journeys:
            self.installed(program)
            new = control.told("POST", "credentials", {"kind": "refresh-token"})
            own = {
                **credentials,
                "ion": {**credentials["ion"], "refresh_token": new["refresh_token"]},
            }
            threads.append(threading.Thread(target=travel, args=(program, journey, own)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


if __name__ == "__main__":
    support.main()
