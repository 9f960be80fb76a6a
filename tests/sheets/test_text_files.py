"""X02, X07: csv, tsv and HTML tables: decoded whole or refused with a hint, never mojibake."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sheets.making import put, read

from jumun.sheets.encodings import find_encoding
from jumun.sheets.reading import SheetError, open_book

TEXT = "주문번호,받는분,메모\r\nA-1,똠방각하,갸날프다 펲시 뷁\r\n"
ROWS = [("주문번호", "받는분", "메모"), ("A-1", "똠방각하", "갸날프다 펲시 뷁")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_x02_every_encoding_we_know(tmp_path, encoding):
    text = TEXT if encoding != "utf-16-be" else TEXT + "B-2,a,b\r\n" * 20
    if encoding == "utf-16-le":
        text = TEXT + "B-2,a,b\r\n" * 20
    assert read(put(tmp_path / "a.csv", text.encode(encoding)))[:2] == ROWS


def test_x02_emoji(tmp_path):
    assert read(put(tmp_path / "a.csv", "메모\r\n감사합니다 🙏\r\n".encode())) == [("메모",), ("감사합니다 🙏",)]


def test_x02_two_encodings_in_one_file_are_refused(tmp_path):
    for mixed in (
        "받는분\r\n김철수\r\n".encode() + "홍길동\r\n".encode("cp949"),
        "받는분\r\n김철수\r\n".encode("cp949") + "홍길동김\r\n".encode(),
        b"\xff\xfea\x00" + b"\x00\xd8" + b"b\x00",
        "받는분\r\n".encode("cp949") + b"\xff\xff\r\n",
    ):
        with pytest.raises(SheetError) as refused:
            read(put(tmp_path / "a.csv", mixed))
        assert refused.value.code == "sheet_encoding"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec="cp949", exclude_categories=("Cc", "Cs")), min_size=1),
    st.sampled_from(["utf-8", "cp949", "utf-16"]),
)
def test_x02_what_is_accepted_is_what_was_written(tmp_path, text, encoding):
    path = put(tmp_path / "a.csv", f"주문번호 받는분 {text}".encode(encoding))
    try:
        found = find_encoding(str(path))
    except SheetError as refused:
        assert encoding == "cp949", refused.code
        return
    assert path.read_bytes().decode(found) == f"주문번호 받는분 {text}"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("가나다라마바사아자차파하김이박최", min_size=2, max_size=6), min_size=1, max_size=5), st.data())
def test_x02_a_mixed_file_never_comes_through(tmp_path, names, data):
    """카 and 타 are left out: their bytes in cp949 are letters in utf-8 too, and a name of these alone is in both."""
    lines = [name.encode("cp949") for name in names]
    lines.insert(data.draw(st.integers(0, len(lines))), "서울특별시 강남구".encode())
    with pytest.raises(SheetError):
        find_encoding(str(put(tmp_path / "a.csv", b"\r\n".join(lines))))


@pytest.mark.parametrize(("separator", "kind"), [(",", "csv"), ("\t", "tsv"), (";", "csv"), ("|", "csv")])
def test_the_separator_is_found(tmp_path, separator, kind):
    lines = [["a", "b", "c"], ["1,5", "x;y", "두 줄\n메모"], ["1", "2", '"인용"']]
    quoted = "\r\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    path = put(tmp_path / "a.txt", quoted.encode())
    with open_book(path) as book:
        assert book.kind == kind
        assert list(book.rows("")) == [tuple(line) for line in lines]


def test_records_count_as_rows_the_empty_ones_too(tmp_path):
    assert read(put(tmp_path / "a.csv", b'\r\n\r\na,b\r\n"x\ny",1\r\n')) == [(), (), ("a", "b"), ("x\ny", "1")]


def test_numbers_said_as_formulas_keep_their_zeros(tmp_path):
    assert read(put(tmp_path / "a.csv", b'a,b\r\n="0012","=""01012345678"""\r\n')) == [
        ("a", "b"),
        ("0012", "01012345678"),
    ]


def test_a_file_of_nothing_is_empty(tmp_path):
    for content in (b"\r\n,,\r\n", b"<table><tr><td> </td></tr></table>", b"<html></html>"):
        with pytest.raises(SheetError) as refused:
            read(put(tmp_path / "a", content))
        assert refused.value.code == "sheet_empty"


PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={0}"><style>td{{}}</style></head><body>
<table><tr><td>주문 내역</td></tr></table>
<table border=1><thead><tr><th>주문번호<th>상품</tr></thead>
<tr><td rowspan="2">A-1</td><td>옷&amp;모자<br>빨강</td></tr><tr><td>똠</td></tr>
<tr style="display:none"><td colspan=2>합계&nbsp;</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("said", "encoding"), [("utf-8", "utf-8"), ("euc-kr", "cp949"), ("ks_c_5601-1987", "cp949"), ("euc-kr", "utf-8")]
)
def test_x07_html_named_xls(tmp_path, said, encoding):
    with open_book(put(tmp_path / "orders.xls", PAGE.format(said).encode(encoding))) as book:
        assert book.kind == "html"
        assert [each.name for each in book.sheets] == ["표 1", "표 2"]
        assert list(book.rows("표 2")) == [("주문번호", "상품"), ("A-1", "옷&모자\n빨강"), ("A-1", "똠"), ("합계",)]
        assert set(book.notices) == {"hidden_rows", "merged_cells"}
        assert book.encoding == encoding


def test_x07_tables_in_tables(tmp_path):
    page = b"<table><tr><td>x<table><tr><td>1<td>2</table></td><td>y</td></tr></table>"
    with open_book(put(tmp_path / "a.xls", page)) as book:
        assert [list(book.rows(each.name)) for each in book.sheets] == [[("x", "y")], [("1", "2")]]
