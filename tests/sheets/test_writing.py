"""X09 and the round trip: what is written comes back, and nothing of it is a formula."""

import csv
import datetime as dt
import shutil
import subprocess
import zipfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.sheets.making import put, read

from jumun.sheets.neutral import neutralise, restore
from jumun.sheets.reading import SheetError, open_book
from jumun.sheets.texts import clean
from jumun.sheets.unlocking import unlocked
from jumun.sheets.writing import SheetColumn, write_form, write_table

TWO = [SheetColumn("주문번호"), SheetColumn("메모")]
DANGERS = [
    '=HYPERLINK("http://x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\tx",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "'=1",
    "''=1",
    "\n=1",
]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_x09_dangers_come_back_as_text(tmp_path, kind):
    path = tmp_path / "a"
    assert write_table(path, TWO, [[str(nth), text] for nth, text in enumerate(DANGERS)], kind=kind) == len(DANGERS)
    assert [row[1] for row in read(path)[1:]] == DANGERS


def test_x09_xlsx_holds_no_formula_and_csv_nothing_that_begins_one(tmp_path):
    rows = [["1", text] for text in DANGERS]
    for columns in (TWO, [SheetColumn("같은"), SheetColumn("같은")]):
        write_table(tmp_path / "a.xlsx", columns, rows)
        with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
            assert not any(
                b"<f>" in packed.read(name) or b"<f " in packed.read(name)
                for name in packed.namelist()
                if "sheet" in name
            )
    write_table(tmp_path / "a.csv", TWO, rows, kind="csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(row[1].startswith("'") for row in list(csv.reader(file))[1:])


def test_x09_numbers_keep_their_sign(tmp_path):
    columns = [SheetColumn("금액", "number")]
    write_table(tmp_path / "a.csv", columns, [[-5], [Decimal("-1.5")]], kind="csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == ["금액", "-5", "-1.5"]
    write_table(tmp_path / "a.xlsx", columns, [[-5], [Decimal("-1.5")]])
    assert read(tmp_path / "a.xlsx") == [("금액",), (-5,), (-1.5,)]


def test_ids_are_text_and_no_digit_is_lost(tmp_path):
    columns = [SheetColumn("id"), SheetColumn("n", "number")]
    write_table(tmp_path / "a.xlsx", columns, [["0012", 2**60], [20241122123456789, Decimal(1234567890123456789)]])
    assert read(tmp_path / "a.xlsx")[1:] == [
        ("0012", "1152921504606846976"),
        ("20241122123456789", "1234567890123456789"),
    ]


def test_moments_are_dates_in_seoul(tmp_path):
    columns = [SheetColumn("일시", "date"), SheetColumn("글", "text")]
    moment = dt.datetime(2024, 1, 1, 20, 0, 5, tzinfo=dt.UTC)
    write_table(tmp_path / "a.xlsx", columns, [[moment, moment]])
    assert read(tmp_path / "a.xlsx")[1] == (dt.datetime(2024, 1, 2, 5, 0, 5), "2024-01-02 05:00:05")


def test_control_characters_and_long_cells(tmp_path):
    write_table(tmp_path / "a.xlsx", TWO, [["a\x00b\x0b\ud800", "🙏" * 20_000], ["", "x" * 32_767]])
    rows = read(tmp_path / "a.xlsx")[1:]
    assert rows[0][0] == "ab"
    assert len(rows[0][1].encode("utf-16-le")) // 2 <= 32_767
    assert rows[0][1].endswith("🙏…")
    assert rows[1] == (None, "x" * 32_767)


def test_no_rows_and_titles_that_repeat(tmp_path):
    assert write_table(tmp_path / "a.xlsx", TWO, []) == 0
    assert read(tmp_path / "a.xlsx") == [("주문번호", "메모")]
    write_table(tmp_path / "a.xlsx", [SheetColumn("메모"), SheetColumn("메모"), SheetColumn("")], [["1", "2", "3"]])
    assert read(tmp_path / "a.xlsx") == [("메모", "메모"), ("1", "2", "3")]


def test_it_tells_how_far_it_is(tmp_path):
    told = []
    write_table(tmp_path / "a.xlsx", TWO, (["1", "2"] for _ in range(2_500)), told=told.append)
    assert told == [1_000, 2_000, 2_500]


def test_a_failure_of_the_rows_is_the_callers(tmp_path):
    def rows():
        yield ["1", "2"]
        raise LookupError("gone")

    for columns in (TWO, [TWO[0], TWO[0]]):
        with pytest.raises(LookupError):
            write_table(tmp_path / "a.xlsx", columns, rows())


def test_x08_a_password_locks_and_opens(tmp_path):
    path = tmp_path / "a.xlsx"
    write_table(path, TWO, [["1", "비밀"]], password="비밀번호 1")
    assert b"PK\x03\x04" not in path.read_bytes()[:4]
    assert read(path, password="비밀번호 1")[1] == ("1", "비밀")
    for password, code in ((None, "sheet_password_needed"), ("틀림", "sheet_password_wrong")):
        with pytest.raises(SheetError) as refused, open_book(path, password=password):
            pass
        assert refused.value.code == code
        with pytest.raises(SheetError) as refused, unlocked(path, password):
            pass
        assert refused.value.code == code


def test_x08_unlocked_once_and_nothing_left_behind(tmp_path):
    path = tmp_path / "a.xlsx"
    write_table(path, TWO, [["1", "2"]], password="p")
    with unlocked(path, "p") as plain:
        assert read(plain)[1] == ("1", "2")
    assert not plain.exists()
    write_table(path, TWO, [["1", "2"]])
    with unlocked(path, None) as same:
        assert same == path


def test_a_csv_cannot_be_locked(tmp_path):
    with pytest.raises(ValueError, match="password"):
        write_table(tmp_path / "a.csv", TWO, [], kind="csv", password="p")


def test_a_form_has_examples_drop_downs_and_notes(tmp_path):
    path = tmp_path / "form.xlsx"
    many = tuple(f"나라, {nth}" for nth in range(100))
    columns = [
        SheetColumn("택배사", choices=("CJ대한통운", "한진")),
        SheetColumn("국가", choices=many),
        SheetColumn("수량", "number"),
    ]
    write_form(path, columns, [["한진", "나라, 1", 2]], ["필수 칸은 색이 있습니다.", "=1"], required=(0,))
    with open_book(path) as book:
        assert [(each.name, each.hidden) for each in book.sheets] == [
            ("주문서", False),
            ("작성 안내", False),
            ("선택 목록", True),
        ]
        assert list(book.rows("주문서")) == [("택배사", "국가", "수량"), ("한진", "나라, 1", 2)]
        assert list(book.rows("작성 안내")) == [("필수 칸은 색이 있습니다.",), ("=1",)]
    with zipfile.ZipFile(path) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
    assert '"CJ대한통운,한진"' in xml
    assert "'선택 목록'!$B$1:$B$100" in xml


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(DANGERS)
CELLS = st.none() | WORDS


@QUICK
@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.sampled_from(["xlsx", "csv"]))
@example([("_x0041_", "#REF! x")], "xlsx")
def test_round_trip_of_text(tmp_path, rows, kind):
    path = tmp_path / "a"
    write_table(path, TWO, rows, kind=kind)
    got = [tuple(row) + (None,) * (2 - len(row)) for row in read(path)[1:]]
    got += [(None, None)] * (len(rows) - len(got))
    assert [tuple(None if cell is None else str(cell) for cell in row) for row in got] == [
        tuple(clean(cell) or None if cell else None for cell in row) for row in rows
    ]


@QUICK
@given(
    st.lists(
        st.tuples(
            st.integers(-(2**53), 2**53),
            st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
            st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2099, 1, 1)).map(
                lambda each: each.replace(microsecond=0)
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_round_trip_of_numbers_and_moments(tmp_path, rows):
    columns = [SheetColumn("a", "number"), SheetColumn("b", "number"), SheetColumn("c", "date")]
    write_table(tmp_path / "a.xlsx", columns, rows)
    for (whole, part, moment), got in zip(rows, read(tmp_path / "a.xlsx")[1:], strict=True):
        assert got[0] == whole
        assert got[1] == pytest.approx(part)
        told = got[2] if isinstance(got[2], dt.datetime) else dt.datetime.combine(got[2], dt.time())
        assert abs(told - moment) <= dt.timedelta(seconds=1)


@given(st.text())
def test_a_quote_is_taken_back_exactly(text):
    assert restore(neutralise(text)) == text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    for start in (b"", b"PK\x03\x04", b"<table>"):
        try:
            read(put(tmp_path / "a", start + content))
        except SheetError:
            pass


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_we_write(tmp_path):
    """A second program reads our files: the table, the one with repeated titles, and the form."""
    write_table(tmp_path / "fast.xlsx", TWO, [["0012", "=1+1"], ["A", "둘\n줄"]])
    write_table(tmp_path / "plain.xlsx", [SheetColumn("메모"), SheetColumn("메모")], [["0012", "=1+1"]])
    write_form(tmp_path / "form.xlsx", [SheetColumn("택배사", choices=("한진",))], [["한진"]], ["안내"])
    for name in ("fast", "plain", "form"):
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{tmp_path}/office",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76",
                "--outdir",
                str(tmp_path),
                str(tmp_path / f"{name}.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    assert "0012,=1+1" in (tmp_path / "fast.csv").read_text()
    assert "0012,=1+1" in (tmp_path / "plain.csv").read_text()
    assert (tmp_path / "form.csv").read_text().split() == ["택배사", "한진"]
