"""Reading a bill: encodings, delimiters, quotes, amounts, formulas, and what is too large."""
import csv
import io
import re

from support import INVALID, BillCase, main

HEADER = "Company,Product,Quantity\n"
PRICED = "Company;Product;Quantity;Price;Currency\n"


class Encodings(BillCase):
    def names(self, text, *options):
        return [row[1] for row in self.imports(text, *options)]

    def test_utf_8_with_and_without_byte_order_mark(self):
        text = (HEADER + "Café 東京 🏢,M365,1\n").encode()
        self.assertEqual(self.names(text), ["Café 東京 🏢"])
        self.assertEqual(self.names(b"\xef\xbb\xbf" + text), ["Café 東京 🏢"])
        self.assertEqual(self.names(b'\xef\xbb\xbf"Company",Product,Qty\nA,B,1\n'), ["A"])

    def test_windows_1252_by_option(self):
        text = (HEADER + "Café €uro “Œuvre” Ž,M365,1\n").encode("cp1252")
        self.assertEqual(self.names(text, "--encoding", "cp1252"), ["Café €uro “Œuvre” Ž"])

    def test_windows_1252_in_headers(self):
        text = "Société,Product,Quantité\nCafé,M365,2\n".encode("cp1252")
        how = ["--encoding", "cp1252", "--account-column", "Société", "--quantity-column"]
        self.refuses(text, "The first line has: Société, Product, Quantité", *how, "Menge")
        self.assertEqual(
            self.imports(text, *how, "Quantité"), [(2, "Café", "M365", None, "2", None, None, 1)]
        )

    def test_bytes_that_are_no_windows_1252_are_named(self):
        self.refuses(
            HEADER.encode() + b"A,B\x81,1\n",
            "line 2, column 2: the byte 0x81",
            "--encoding",
            "cp1252",
        )

    def test_bytes_that_are_no_utf_8_are_told_with_their_place(self):
        for wrong in (b"\xe9", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
            self.refuses(
                HEADER.encode() + b"A,B,1\nA,Caf" + wrong + b",1\n",
                "line 3, column 2: the text is not UTF-8 (try --encoding cp1252)",
            )

    def test_messages_are_utf_8_whatever_the_file_is(self):
        path = self.bill(b"Soci\xe9t\xe9,Product,Quantity\nA,B,1\n")
        message = self.start_stellion("bill", "import", path).communicate()[1]
        self.assertIn(b"The first line has: Soci", message)
        self.assertNotIn(b"\xe9", message)

    def test_utf_16_is_refused_with_a_way_out(self):
        for encoding in ("utf-16-le", "utf-16-be"):
            self.refuses(
                ("\ufeff" + HEADER + "A,B,1\n").encode(encoding),
                ["the file is in UTF-16", 'Save it as "CSV UTF-8"'],
            )

    def test_a_nul_byte_is_refused_with_its_place(self):
        self.refuses(
            HEADER + "A,B,1\nA,B\0,1\n", "line 3, column 2: a cell holds the character NUL"
        )
        self.refuses(HEADER + 'A,"B\0",1\n', "line 2, column 2: a cell holds the character NUL")
        self.refuses("Company,Prod\0uct,Quantity\nA,B,1\n", "line 1, column 2")


class Delimiters(BillCase):
    NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
    ROW = (2, "Contoso", "a,b;c|d", None, "5", "2", "USD", 1)

    def text(self, delimiter):
        lines = (PRICED.strip().split(";"), ["Contoso", '"a,b;c|d"', "5", "2", "USD"])
        return "".join(delimiter.join(cells) + "\n" for cells in lines)

    def test_the_delimiter_is_found_in_the_header(self):
        for delimiter in self.NAMES:
            self.assertEqual(self.imports(self.text(delimiter)), [self.ROW], delimiter)

    def test_the_delimiter_can_be_said(self):
        for delimiter, name in self.NAMES.items():
            self.assertEqual(self.imports(self.text(delimiter), "--delimiter", name), [self.ROW])
        self.refuses(
            self.text(";"), "no column of the file looks like the account", "--delimiter", "tab"
        )
        self.fails(
            INVALID,
            "comma|semicolon|tab|pipe, not ':'",
            "bill",
            "import",
            "x.csv",
            "--delimiter",
            ":",
        )

    def test_delimiters_inside_of_quoted_headers_do_not_count(self):
        rows = self.preview(
            '"Name, legal, in full, as billed";Product;Quantity\nContoso;M365;1\n',
            "--account-column",
            "1",
        )
        self.assertEqual([row["customer"] for row in rows], ["Contoso"])


class Cells(BillCase):
    def test_quoted_cells_hold_lines_delimiters_and_quotes(self):
        rows = self.imports(HEADER + '"Contoso\nSouth, ""Inc"".","a;b\r\nc",5\nFabrikam,M365,1\n')
        self.assertEqual(
            [row[:3] for row in rows],
            [(2, 'Contoso\nSouth, "Inc".', "a;b\r\nc"), (5, "Fabrikam", "M365")],
        )

    def test_a_bad_line_behind_a_long_cell_has_the_line_of_the_file(self):
        self.refuses(HEADER + '"Con\n\ntoso",M365,1\nContoso,M365,x\n', "line 5, column 3: 'x'")

    def test_line_ends_of_windows_and_no_line_end_at_the_end(self):
        rows = self.imports("Company,Product,Quantity\r\nContoso,M365,5\r\n\r\nFabrikam,M365,1")
        self.assertEqual(
            [(row[0], row[1], row[4]) for row in rows], [(2, "Contoso", "5"), (4, "Fabrikam", "1")]
        )

    def test_a_quote_inside_a_plain_cell_is_text(self):
        self.assertEqual(self.imports(HEADER + 'Contoso,24" screen,5\n')[0][2], '24" screen')

    def test_white_space_around_a_cell_is_no_part_of_it(self):
        rows = self.imports(HEADER + ' Contoso\t," M365 ", 5 \n')
        self.assertEqual(rows, [(2, "Contoso", "M365", None, "5", None, None, 1)])

    def test_an_unclosed_quote_is_told_where_it_opens(self):
        self.refuses(
            HEADER + 'Contoso,M365,5\nContoso,"M365,5\nFabrikam,M365,1\n',
            "line 3, column 2: a quoted cell has no closing quote",
        )

    def test_what_an_unclosed_quote_hides_is_not_skipped(self):
        self.refuses(
            HEADER + 'A,M365,5\nB,"M365,5\nC,M365,1\nD,M365,1\n',
            "line 3, column 2: a quoted cell has no closing quote, and so takes the rest of",
            "--skip-bad",
        )

    def test_what_stands_inside_a_quoted_cell_never_becomes_a_line(self):
        for wrong in ("A\0", '"A"x', ",".join("A" * 300)):
            path = self.bill(HEADER + wrong + ',"note\nGhost,M365,9\n",1\nContoso,M365,5\n')
            self.ok("bill", "import", path, "--skip-bad")
            self.assertEqual([row[1] for row in self.stored()], ["Contoso"], wrong[:9])

    def test_text_behind_a_closing_quote_is_refused(self):
        self.refuses(
            HEADER + 'Contoso,"M365" x,5\n',
            "line 2, column 2: something follows the closing quote of a cell",
        )

    def test_a_file_without_lines_is_refused(self):
        for text in ("", "\ufeff", "\n\r\n \n"):
            self.refuses(text, "the file holds no lines")
        self.refuses(HEADER, "the file has a header and no line that could be read")


class Amounts(BillCase):
    def prices(self, *written, options=()):
        text = PRICED + "".join(f"Contoso;M365;1;{price};USD\n" for price in written)
        return [row[5] for row in self.imports(text, *options)]

    def refused(self, price, words, *options):
        self.refuses(
            PRICED + f"Contoso;M365;1;{price};USD\n",
            [f"line 2, column 4: '{price}' is not an amount", words],
            *options,
        )

    def test_amounts_are_exact_to_8_places(self):
        self.assertEqual(
            self.prices("0.1", "0.00000001", "63.8452759", "1.10000000000", "007"),
            ["0.1", "0.00000001", "63.8452759", "1.1", "7"],
        )

    def test_the_text_of_an_amount_is_kept(self):
        self.prices("1,234.50")
        self.assertEqual(self.query("SELECT price_text FROM bill_line"), [("1,234.50",)])

    def test_what_is_finer_than_8_places_is_never_rounded_in_silence(self):
        for line, place in (
            ("1.123456789;1", "line 2, column 3"),
            ("1;1.123456789", "line 2, column 4"),
        ):
            path = self.bill(PRICED + f"Contoso;M365;{line};USD\n")
            self.assertIn(place, self.run_stellion("bill", "import", path).err)

    def test_the_largest_amount_and_one_beyond(self):
        self.assertEqual(self.prices("92233720368.54775807"), ["92233720368.54775807"])
        self.refused("92233720368.54775808", "it is too large")
        self.refused("9" * 60, "it is too large")

    def test_groups_of_english_amounts(self):
        self.assertEqual(self.prices("1,234.50", "1,234,567", "999"), ["1234.5", "1234567", "999"])
        self.refused("1,5", "groups of three")
        self.refused("1,2345.00", "groups of three")

    def test_decimal_comma_with_groups(self):
        comma = ("--decimal-mark", "comma")
        self.assertEqual(
            self.prices("1.234,50", "0,00000001", "1.234.567", options=comma),
            ["1234.5", "0.00000001", "1234567"],
        )
        self.refused("1.50", "groups of three", *comma)
        self.refused("1,234.50", "no digit", *comma)

    def test_swiss_and_french_groups(self):
        self.assertEqual(self.prices("1'234.50", options=("--grouping", "apostrophe")), ["1234.5"])
        self.assertEqual(
            self.prices("1 234,50", options=("--grouping", "space", "--decimal-mark", "comma")),
            ["1234.5"],
        )
        self.refused("1'234.50", "no digit")
        self.refused("1,234", "no digit", "--grouping", "none")

    def test_marks_that_cannot_be_told_apart_are_refused(self):
        self.refuses(
            PRICED + "Contoso;M365;1;1;USD\n",
            "--decimal-mark and --grouping cannot be the same",
            "--decimal-mark",
            "comma",
            "--grouping",
            "comma",
        )

    def test_what_is_no_plain_amount_is_refused(self):
        for price in ("$1", "(1.50)", "1e5", "+1", "1.2.3", "-", ".", "1 2", "NaN", "0x10", "1-"):
            self.refused(price, ": it")

    def test_credits_have_a_price_below_0_and_quantities_have_not(self):
        self.imports(
            PRICED + "Contoso;M365;5;2;USD\nContoso;M365;0;-4.25;USD\nContoso;Credit;1;-3;USD\n"
        )
        money = {
            p["service"]: p["billed"]["per_month"][0]["amount"]
            for p in self.list("reconcile")["positions"]
        }
        self.assertEqual(money, {"M365": 10, "Credit": -3})
        self.refuses(
            PRICED + "Contoso;M365;-5;2;USD\n", "line 2, column 3: the quantity '-5' is below 0"
        )


class Formulas(BillCase):
    """A spreadsheet that opens our CSV must run nothing of what a bill says."""

    CELLS = (
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "-1+2",
        '=HYPERLINK("http://x","y")',
        "a\t=1",
        "b\r=1",
        "c\n=1",
        "=1\n+1",
        "'=1",
    )

    def bill_of_cells(self):
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in self.CELLS]
        return HEADER + "".join(f"{cell},{cell},1\n" for cell in quoted)

    def cells_of(self, *arguments):
        rows = list(csv.reader(io.StringIO(self.ok(*arguments, "--output", "csv").out, newline="")))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return [dict(zip(rows[0], row)) for row in rows[1:]]

    def assert_harmless(self, rows):
        for row in rows:
            for cell in row.values():
                if not re.fullmatch(r"-\d+(\.\d+)?", cell):
                    self.assertNotIn(cell[:1], tuple("=+-@\t\r"), row)

    def test_the_store_holds_what_was_sent(self):
        rows = self.imports(self.bill_of_cells())
        self.assertEqual([row[1:3] for row in rows], [(cell, cell) for cell in self.CELLS])

    def test_json_holds_what_was_sent(self):
        self.imports(self.bill_of_cells())
        names = {row["name"] for row in self.list("customers", "--connection", "bill")}
        self.assertEqual(names, set(self.CELLS))

    def test_csv_runs_nothing(self):
        self.imports(self.bill_of_cells())
        for arguments in (
            ["mappings"],
            ["reconcile"],
            ["customers", "--connection", "bill"],
            ["bill", "preview", self.folder / "bill.csv"],
        ):
            rows = self.cells_of(*arguments)
            self.assertGreaterEqual(len(rows), len(self.CELLS))
            self.assert_harmless(rows)
        names = {row["customer"] for row in self.cells_of("reconcile")}
        self.assertLessEqual({"'=cmd|' /C calc'!A0", "'@SUM(A1)", "-1", "'+1"}, names)

    def test_what_begins_with_tab_or_return_runs_nothing(self):
        self.imports(HEADER + '"\t=1+1","\r=1+1",1\n')
        self.assert_harmless(self.cells_of("reconcile"))


class Limits(BillCase):
    def refused_line(self, line, words):
        """The line is refused, and the reader finds the next one."""
        text = HEADER + line + "\nContoso,M365,5\n"
        self.refuses(text, ["1 of 2 lines", words])
        self.assertEqual([row[:2] for row in self.imports(text, "--skip-bad")], [(3, "Contoso")])

    def test_a_cell_beyond_64_kib_is_refused(self):
        self.refused_line("x" * 65537 + ",M365,5", "line 2, column 1: a cell is longer than 64 KiB")
        self.refused_line(
            'A,"' + "x" * 65537 + '",5', "line 2, column 2: a cell is longer than 64 KiB"
        )

    def test_a_cell_of_64_kib_is_taken(self):
        name = "x" * 65536
        self.assertEqual(self.imports(HEADER + name + ",M365,5\n")[0][1], name)

    def test_a_line_beyond_1_mib_is_refused(self):
        self.refused_line(",".join(["x" * 60000] * 20), "line 2, column 18: the line is too long")

    def test_more_than_256_columns_are_refused(self):
        self.refused_line("A,B,1" + ",x" * 254, "line 2, column 257: the line has more than 256")
        self.refuses(",".join(f"c{i}" for i in range(300)) + "\n1\n", "line 1, column 257")

    def test_a_profile_beyond_1_mib_is_refused(self):
        profile = self.folder / "large.profile"
        profile.write_text("#" * (1 << 20) + "\n")
        result = self.run_stellion(
            "bill", "import", self.bill(HEADER + "A,B,1\n"), "--profile", profile
        )
        self.assertEqual(result.code, 13, str(result))
        self.assertIn("large.profile is larger than 1048576 bytes", result.err)


if __name__ == "__main__":
    main()
