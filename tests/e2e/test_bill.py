"""Importing a bill: previews, bad lines, columns, profiles, and the bill before."""
import os
import subprocess
import unittest

from support import INVALID, NOT_FOUND, PROGRAM, BillCase, main

LINE = "Contoso,M365 Business,CFQ7TTC0LH18:0001,5,1.50,USD,monthly\n"
STORED = ("Contoso", "M365 Business", "CFQ7TTC0LH18:0001", "5", "1.5", "USD", 1)
NOBODY = 65534


class Previewing(BillCase):
    def test_a_preview_tells_how_each_line_is_understood(self):
        rows = self.preview(
            self.HEADER + LINE + '"Fabrikam, Inc.",Setup,,2,"1,250.75",EUR,one-time\n'
        )
        self.assertEqual(
            rows,
            [
                {
                    "line": 2,
                    "customer": "Contoso",
                    "product": "M365 Business",
                    "part_number": "CFQ7TTC0LH18:0001",
                    "quantity": 5,
                    "price": 1.5,
                    "currency": "USD",
                    "period": "monthly",
                },
                {
                    "line": 3,
                    "customer": "Fabrikam, Inc.",
                    "product": "Setup",
                    "part_number": None,
                    "quantity": 2,
                    "price": 1250.75,
                    "currency": "EUR",
                    "period": "one-time",
                },
            ],
        )

    def test_a_preview_stores_nothing(self):
        self.imports(self.HEADER + LINE)
        before = self.whole_store()
        result = self.ok("bill", "preview", self.bill(self.HEADER + LINE * 2))
        self.assertIn("2 lines can be read, 0 cannot. Nothing was stored.", result.err)
        self.assertEqual(self.whole_store(), before)

    def test_a_long_preview_shows_the_first_lines_and_counts_all(self):
        result = self.ok("bill", "preview", self.bill(self.HEADER + LINE * 50))
        self.assertIn("50 lines can be read (the first 20 are shown), 0 cannot", result.err)
        self.assertEqual(len(result.out.splitlines()), 21)

    def test_a_preview_of_a_bad_file_fails_and_shows_what_is_good(self):
        path = self.bill(self.HEADER + LINE + "Contoso,M365,,many,1.50,USD,monthly\n")
        result = self.fails(
            INVALID,
            "line 3, column 4: 'many' is not an amount",
            "bill",
            "preview",
            path,
            "--output",
            "json",
        )
        self.assertEqual([row["line"] for row in result.json()], [2])
        self.assertIn("1 lines can be read, 1 cannot. Nothing was stored.", result.err)

    def test_what_is_not_said_is_taken_from_the_options(self):
        rows = self.preview(
            "Client,Service,Qty,Rate\nContoso,M365,3,9\n", "--currency", "CHF", "--period", "annual"
        )
        self.assertEqual((rows[0]["currency"], rows[0]["period"]), ("CHF", "annual"))


class Importing(BillCase):
    def test_an_import_stores_every_line_as_written(self):
        rows = self.imports(
            self.HEADER + LINE + "Fabrikam,Backup,,0.5,-3,EUR,annual\n"
            "Contoso,Setup,,1,,,one-time\n"
        )
        self.assertEqual(
            rows,
            [
                (2, *STORED),
                (3, "Fabrikam", "Backup", None, "0.5", "-3", "EUR", 12),
                (4, "Contoso", "Setup", None, "1", None, None, 0),
            ],
        )

    def test_an_import_says_what_it_took(self):
        result = self.ok("bill", "import", self.bill(self.HEADER + LINE * 2))
        self.assertIn("bill.csv: 2 lines, 1 customers, 1 products.", result.err)
        self.assertEqual(result.out, "")

    def test_one_bad_line_in_the_middle_stores_nothing(self):
        text = self.HEADER + LINE + ",M365,,1,1.50,USD,monthly\n" + LINE
        self.refuses(
            text,
            [
                "1 of 3 lines cannot be read",
                "the first is line 3, column 1: the customer is empty",
                "Nothing was stored. Mend the file",
                "--skip-bad",
            ],
        )

    def test_every_bad_line_is_listed_with_its_place(self):
        result = self.refuses(
            self.HEADER
            + ",M365,,1,1,USD,monthly\n"
            + LINE
            + "Contoso,,,1,1,USD,monthly\nContoso,M365,,,1,USD,monthly\n"
            "Contoso,M365,,-1,1,USD,monthly\nContoso,M365,,1,$1,USD,monthly\n"
            "Contoso,M365,,1,1,Dollar,monthly\nContoso,M365,,1,1,USD,weekly\n"
            "Contoso,M365,,1,1,,monthly\nContoso,M365\n",
            "9 of 10 lines",
        )
        for words in (
            "line 2, column 1: the customer is empty",
            "line 4, column 2: the product is empty",
            "line 5, column 4: the quantity is empty",
            "line 6, column 4: the quantity '-1' is below 0",
            "line 7, column 5: '$1' is not an amount",
            "line 8, column 6: 'Dollar' is not a currency code",
            "line 9, column 7: 'weekly' is no billing period",
            "line 10, column 6: the price has no currency (say it with --currency CODE)",
            "line 11, column 4: the quantity is empty",
        ):
            self.assertIn("  " + words, result.err)

    def test_more_bad_lines_than_are_shown_are_counted(self):
        result = self.refuses(
            self.HEADER + "Contoso,M365,,x,1,USD,monthly\n" * 25 + LINE,
            ["25 of 26 lines", "and 5 more"],
        )
        self.assertEqual(sum(line.startswith("  line ") for line in result.err.splitlines()), 20)
        self.assertIn("  line 21, column 4:", result.err)
        self.assertNotIn("  line 22, column 4:", result.err)

    def test_skip_bad_imports_the_rest_and_lists_what_it_left_out(self):
        path = self.bill(self.HEADER + LINE + "Contoso,M365,,x,1,USD,monthly\n" + LINE)
        result = self.ok("bill", "import", path, "--skip-bad")
        self.assertIn("  line 3, column 4: 'x' is not an amount", result.err)
        self.assertIn("2 lines, 1 customers, 1 products; the lines above were skipped", result.err)
        self.assertEqual(self.stored(), [(2, *STORED), (4, *STORED)])
        self.assertEqual(self.query("SELECT n_lines, n_skipped FROM bill"), [(2, 1)])

    def test_skip_bad_does_not_import_a_bill_without_a_good_line(self):
        self.refuses(
            self.HEADER + "Contoso,M365,,x,1,USD,monthly\n",
            "no line that could be read",
            "--skip-bad",
        )

    def test_a_line_with_more_cells_than_the_header_is_not_guessed_at(self):
        """1,50 for 1.50 would be a price of 1."""
        header = "Company,Product,Quantity,Price\n"
        rows = self.imports(header + "Contoso,M365,1,1.50,,\n", "--currency", "EUR")
        self.assertEqual(rows[0][5], "1.5")
        self.refuses(header + "Contoso,M365,1,1,50\n", "line 2, column 5", "--currency", "EUR")

    def test_no_sentence_speaks_of_column_0(self):
        result = self.refuses(
            "Company,Product,Quantity,Price\nContoso,M365,1,2\n", ["line 2", "--currency CODE"]
        )
        self.assertNotIn("column 0", result.err)

    def test_a_place_is_told_once_per_sentence(self):
        result = self.refuses(
            self.HEADER + 'Contoso,"M365"x,,1,1,USD,monthly\n', "line 2, column 2"
        )
        self.assertNotIn("line 2, column 2: line 2, column 2", result.err)

    def test_what_a_file_says_does_not_steer_the_terminal(self):
        for text, words in (
            (self.HEADER + "Contoso,M365,,\x1b[2J1,1,USD,monthly\n", "column 4"),
            (self.HEADER + "Contoso,M365,,1,1,USD,\x1b]0;hi\x07\n", "column 7"),
            ("Kunde\x1b[2J,Produkt\rx\n", "Kunde"),
        ):
            with self.subTest(text):
                result = self.refuses(text, words)
                self.assertNotRegex(result.err, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Columns(BillCase):
    def test_usual_headers_are_known_in_any_case_and_order(self):
        rows = self.imports(
            " QTY ,customer name,SKU,Service Name,Rate,Currency Code\n"
            "4,Contoso,A-1,M365,2.25,EUR\n"
        )
        self.assertEqual(rows, [(2, "Contoso", "M365", "A-1", "4", "2.25", "EUR", 1)])

    def test_a_missing_column_names_what_the_file_has(self):
        self.refuses(
            "Kunde,Product,Anzahl\nContoso,M365,1\n",
            [
                "no column of the file looks like the account",
                "The first line has: Kunde, Product, Anzahl",
                "--account-column NAME",
            ],
        )

    def test_a_column_that_is_asked_for_must_be_there(self):
        for wanted in ("Preis", "8", "0"):
            self.refuses(
                self.HEADER + LINE,
                [
                    f"the file has no column '{wanted}'",
                    "Quantity, Unit price",
                    "--price-column NAME",
                ],
                "--price-column",
                wanted,
            )

    def test_columns_are_told_by_header_or_number(self):
        rows = self.imports(
            "A,B,C,D\nM365,Contoso,7,2\n",
            "--account-column",
            "b",
            "--product-column",
            "1",
            "--quantity-column",
            "4",
        )
        self.assertEqual(rows, [(2, "Contoso", "M365", None, "2", None, None, 1)])

    def test_two_columns_of_one_name_are_not_guessed_at(self):
        text = "Company,Product,Quantity,Quantity\nContoso,M365,1,2\n"
        self.refuses(text, ["Quantity", "--quantity-column"])
        self.assertEqual(self.imports(text, "--quantity-column", "4")[0][4], "2")

    def test_lines_above_the_header_are_skipped_and_counted(self):
        rows = self.imports("Report;of\n\n" + self.HEADER + LINE, "--skip-rows", "2")
        self.assertEqual(rows, [(4, *STORED)])
        self.refuses(self.HEADER + LINE, "the file holds no lines", "--skip-rows", "99")
        self.fails(
            INVALID,
            "--skip-rows needs a whole number, not 'two'",
            "bill",
            "import",
            "x",
            "--skip-rows",
            "two",
        )

    def test_blank_lines_are_passed_over_and_counted(self):
        self.assertEqual(self.imports(self.HEADER + "\n\n" + LINE + "\n"), [(4, *STORED)])

    def test_a_blank_line_above_the_header_does_not_hide_the_delimiter(self):
        rows = self.preview("\nCompany;Product;Quantity\nContoso;M365;1\n")
        self.assertEqual([row["line"] for row in rows], [3])


class Profiles(BillCase):
    TEXT = "Kunde;Artikel;Anzahl;Preis\nContoso;M365;3;1.234,50\n"
    GOOD = (
        "# how our PSA exports\n\ndelimiter = semicolon\r\naccount-column=Kunde\n"
        "  product-column =  Artikel \nquantity-column = 3\nprice-column = Preis\n"
        "decimal-mark = comma\ncurrency = CHF\n"
    )
    ROW = (2, "Contoso", "M365", None, "3", "1234.5", "CHF", 1)

    def profile(self, text):
        path = self.folder / "psa.profile"
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def test_a_profile_says_how_a_file_is_read(self):
        self.assertEqual(self.imports(self.TEXT, "--profile", self.profile(self.GOOD)), [self.ROW])

    def test_an_option_wins_over_the_profile(self):
        rows = self.imports(self.TEXT, "--profile", self.profile(self.GOOD), "--currency", "EUR")
        self.assertEqual(rows[0][6], "EUR")
        profile = self.profile(self.GOOD + "skip-rows = 1\n")
        self.assertEqual(
            self.imports(self.TEXT, "--skip-rows", "0", "--profile", profile), [self.ROW]
        )

    def test_an_unknown_name_is_told_with_file_and_line(self):
        self.refuses(
            self.TEXT,
            ["psa.profile", "line 10", "curency", "Did you mean", "currency?"],
            "--profile",
            self.profile(self.GOOD + "curency = CHF\n"),
        )

    def test_a_bad_line_of_a_profile_is_quoted(self):
        self.refuses(
            self.TEXT,
            ["psa.profile", "'delimiter semicolon' is not \"name = value\""],
            "--profile",
            self.profile("delimiter semicolon\n"),
        )
        self.refuses(
            self.TEXT,
            ["psa.profile", "comma|semicolon|tab|pipe, not 'semi'"],
            "--profile",
            self.profile("delimiter = semi\n"),
        )

    def test_only_options_of_a_bill_stand_in_a_profile(self):
        self.refuses(self.TEXT, ["psa.profile", "data"], "--profile", self.profile("data = /tmp\n"))

    def test_skip_bad_can_stand_in_a_profile(self):
        text, profile = self.TEXT + "Contoso;M365;x;1\n", self.profile(
            self.GOOD + "skip-bad = true\n"
        )
        self.assertEqual(self.imports(text, "--profile", profile), [self.ROW])

    def test_a_byte_order_mark_does_not_hide_the_first_line(self):
        profile = self.profile("\ufeff" + self.GOOD.split("\n", 2)[2])
        self.assertEqual(self.imports(self.TEXT, "--profile", profile), [self.ROW])

    def test_a_profile_that_is_not_there_is_named(self):
        self.fails(
            NOT_FOUND,
            ["nowhere.profile", "No such file"],
            "bill",
            "import",
            self.bill(self.TEXT),
            "--profile",
            self.folder / "nowhere.profile",
        )


class Files(BillCase):
    def test_a_bill_comes_from_standard_input_as_well(self):
        text = (self.HEADER + LINE).encode()
        self.assertEqual(
            len(self.ok("bill", "preview", "-", "--output", "json", stdin=text).json()), 1
        )
        self.ok("bill", "import", "-", stdin=text)
        self.assertEqual(self.stored(), [(2, *STORED)])

    def test_a_missing_file_is_named(self):
        for verb in ("preview", "import"):
            self.fails(
                NOT_FOUND,
                ["nowhere.csv", "No such file"],
                "bill",
                verb,
                self.folder / "nowhere.csv",
            )

    def test_a_folder_is_no_bill(self):
        self.fails(INVALID, [str(self.folder), "Is a directory"], "bill", "import", self.folder)

    @unittest.skipUnless(hasattr(os, "geteuid"), "needs users")
    def test_an_unreadable_file_is_named(self):
        path = self.bill(self.HEADER + LINE)
        path.chmod(0)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder.chmod(0o711)
        self.data.mkdir()
        if user:
            os.chown(self.data, NOBODY, NOBODY)
            if subprocess.run(["test", "-x", os.path.abspath(PROGRAM)], **user).returncode != 0:
                self.skipTest("the program cannot be reached by another user")
        done = subprocess.run(
            self.command("bill", "import", path),
            capture_output=True,
            text=True,
            env=self.environment(),
            **user,
        )
        self.assertIn(f"cannot open {path}: Permission denied", done.stderr)
        self.assertEqual(done.returncode, INVALID, "the store is not at fault")

    def test_words_that_make_no_sense_are_refused(self):
        self.fails(INVALID, "previewed or imported, not 'delete'", "bill", "delete", "x.csv")
        self.fails(INVALID, "usage: stellion bill preview|import FILE", "bill", "import")
        self.fails(INVALID, "Did you mean --skip-bad?", "bill", "import", "x.csv", "--skip-bed")


class Replacing(BillCase):
    def test_the_newest_import_counts_and_the_same_bill_changes_nothing(self):
        simulator = self.simulate()
        self.connect_both(simulator)
        self.ok("sync")
        self.ok("bill", "import", simulator.bill)
        before = self.list("reconcile")
        self.imports(self.HEADER + LINE)
        self.assertNotEqual(self.list("reconcile")["totals"], before["totals"])
        self.ok("bill", "import", simulator.bill)
        after = self.list("reconcile")
        self.assertGreater(len(before["positions"]), 20)
        self.assertEqual(after["positions"], before["positions"])
        self.assertEqual(after["totals"], before["totals"])

    def test_customers_of_an_older_bill_do_not_count(self):
        self.imports(self.HEADER + LINE + LINE.replace("Contoso", "Fabrikam"))
        self.imports(self.HEADER + LINE)
        result = self.list("reconcile")
        self.assertEqual([p["customer"] for p in result["positions"]], ["Contoso"])
        self.assertEqual(result["totals"]["customers_without_subscriptions"], 1)

    def test_a_bill_that_is_refused_leaves_the_one_before(self):
        self.imports(self.HEADER + LINE)
        self.refuses(self.HEADER + LINE + "Contoso,M365,,x,1,USD,monthly\n", "line 3, column 4")
        self.fails(
            INVALID,
            "line 2, column 4",
            "reconcile",
            "--bill",
            self.bill(self.HEADER + "Contoso,M365,,x,1,USD,monthly\n"),
        )
        self.assertEqual(self.stored(), [(2, *STORED)])

    def test_reconcile_takes_a_bill_with_all_its_options(self):
        path = self.bill("Kunde;Artikel;Zahl\nContoso;M365;7\n")
        how = "--account-column=Kunde --product-column=2 --quantity-column=zahl".split()
        result = self.list("reconcile", "--bill", path, *how)
        self.assertEqual([p["billed"]["seats"] for p in result["positions"]], [7])

    def test_one_line_twice_counts_twice(self):
        self.imports(self.HEADER + LINE * 2)
        billed = self.list("reconcile")["positions"][0]["billed"]
        self.assertEqual(
            (billed["seats"], billed["per_month"]), (10, [{"currency": "USD", "amount": 15}])
        )


if __name__ == "__main__":
    main()
