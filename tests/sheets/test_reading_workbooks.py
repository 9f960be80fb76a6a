"""X04, X07: what stands in an xlsx comes out as it stands there."""

import datetime as dt

import openpyxl
import pytest
from tests.sheets.making import FIXTURES, SHEET, put, read, repacked, workbook

from jumun.sheets.cells import CellError
from jumun.sheets.reading import SheetError, open_book


def test_x04_leading_empty_rows_and_columns_count(tmp_path):
    def fill(sheet):
        sheet["C3"] = "주문번호"
        sheet["C6"] = "A-1"

    assert read(workbook(tmp_path / "a.xlsx", fill)) == [
        (),
        (),
        (None, None, "주문번호"),
        (),
        (),
        (None, None, "A-1"),
    ]


def test_x04_kinds_of_cells(tmp_path):
    def fill(sheet):
        sheet.append([1, 1.0, 1.5, "0012", True, dt.datetime(2024, 1, 2, 3, 4, 5), dt.date(2024, 1, 2), dt.time(3, 4)])

    (row,) = read(workbook(tmp_path / "a.xlsx", fill))
    assert row == (1, 1, 1.5, "0012", True, dt.datetime(2024, 1, 2, 3, 4, 5), dt.date(2024, 1, 2), dt.time(3, 4))
    assert [type(each) for each in row[:3]] == [int, int, float]


def test_x04_a_number_beyond_exact_stays_a_float(tmp_path):
    def fill(sheet):
        sheet.append([2**53, 12345678901234567890, 9007199254740994])

    (row,) = read(workbook(tmp_path / "a.xlsx", fill))
    assert type(row[0]) is int
    assert row[0] == 2**53
    assert type(row[1]) is float
    assert type(row[2]) is float


def test_x04_error_cells_are_told(tmp_path):
    def fill(sheet):
        sheet["A1"], sheet["B2"], sheet["D5"] = "#REF!", "#N/A", "#DIV/0!"

    path = workbook(tmp_path / "a.xlsx", fill)
    assert read(path) == [
        (CellError("#REF!"),),
        (None, CellError("#N/A")),
        (),
        (),
        (None, None, None, CellError("#DIV/0!")),
    ]


def test_x04_an_error_a_formula_came_to(tmp_path):
    path = workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["x", 5]))
    repacked(
        path,
        change={SHEET: lambda xml: xml.replace(b'<c r="B1"', b'<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"')},
    )
    assert read(path) == [("x", 5, CellError("#DIV/0!"))]


def test_x04_merged_areas_say_their_text_on_each_row_and_their_count_once(tmp_path):
    def fill(sheet):
        for row in (["A-1", "옷", 2, 2024112212345], [None, "모자", None, None], ["A-2", "신", 1, None]):
            sheet.append(row)
        for area in ("A1:A2", "C1:C2", "D1:D2"):
            sheet.merge_cells(area)

    with open_book(workbook(tmp_path / "a.xlsx", fill)) as book:
        assert list(book.rows("Sheet")) == [
            ("A-1", "옷", 2, 2024112212345),
            ("A-1", "모자", None, 2024112212345),
            ("A-2", "신", 1),
        ]
        assert "merged_cells" in book.notices


def test_x04_hidden_rows_columns_and_sheets_are_read_and_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["b"])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("숨김").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with open_book(tmp_path / "a.xlsx") as opened:
        assert {"hidden_rows", "hidden_columns", "hidden_sheets"} <= set(opened.notices)
        assert [(each.name, each.hidden) for each in opened.sheets] == [("Sheet", False), ("숨김", True)]
        assert opened.head("Sheet", 1) == [("a",)]
        assert list(opened.rows("Sheet")) == [("a",), ("b",)]
        assert list(opened.rows("숨김")) == []


def test_formulas_that_were_never_computed_are_told(tmp_path):
    with open_book(workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["=1+1"]))) as book:
        assert "formulas_without_value" in book.notices


def test_x07_macros_are_dropped_and_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["a"]))
    repacked(path, add={"xl/vbaProject.bin": b"\xd0\xcf macro"})
    with open_book(path) as book:
        assert book.kind == "xlsm"
        assert "macros_dropped" in book.notices
        assert book.head("Sheet") == [("a",)]


def test_x07_bytes_decide_and_not_the_name(tmp_path):
    assert read(put(tmp_path / "a.xlsx", "이름,수량\r\n김,2\r\n".encode("cp949"))) == [("이름", "수량"), ("김", "2")]
    assert read(workbook(tmp_path / "b.xlsx", lambda sheet: sheet.append(["김"])).rename(tmp_path / "b.csv")) == [
        ("김",)
    ]


def test_a_new_question_ends_the_reading_before_it(tmp_path):
    def fill(sheet):
        for nth in range(3_000):
            sheet.append([nth])

    with open_book(workbook(tmp_path / "a.xlsx", fill)) as book:
        first = book.rows("Sheet")
        assert next(first) == (0,)
        assert len(book.head("Sheet", 7)) == 7
        assert [row[0] for row in book.rows("Sheet")] == list(range(3_000))


@pytest.mark.skipif(not (FIXTURES / "old.xls").exists(), reason="the xls fixture is missing")
def test_x07_excel_97_is_read_with_its_errors_and_hidden_rows():
    with open_book(FIXTURES / "old.xls") as book:
        assert book.kind == "xls"
        assert "hidden_rows" in book.notices
        rows = list(book.rows(book.sheets[0].name))
    assert rows[2] == (None, "주문번호", "수량", "값", "일시")
    assert rows[3][1:4] == ("20241122-1", 3, CellError("#DIV/0!"))
    assert rows[3][4] == dt.datetime(2024, 1, 2, 3, 4, 5)


def test_what_is_no_sheet_is_refused(tmp_path):
    for name, content, code in (
        ("empty", b"", "sheet_empty"),
        ("picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "sheet_unreadable"),
        ("pdf", b"%PDF-1.7\n" + bytes(range(256)), "sheet_unreadable"),
        ("zip", b"PK\x05\x06" + bytes(18), "sheet_unreadable"),
        ("cut", b"PK\x03\x04" + bytes(50), "sheet_unreadable"),
        ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "sheet_unreadable"),
        ("drm", b"<DOCUMENT SAFER V1>" + bytes(range(200)), "sheet_unreadable"),
    ):
        with pytest.raises(SheetError) as refused, open_book(put(tmp_path / name, content)):
            pass
        assert refused.value.code == code, name
