"""One cell as one value: nothing is guessed, what lost digits says so (X04, Q8-Q10, Q13)."""

import doctest
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.intake import sheet_fields, sheet_judging, sheet_moments, sheet_no_rows, sheet_values, sheet_words
from jumun.intake.sheet_moments import read_moment, which_order
from jumun.intake.sheet_values import (
    read_country,
    read_money,
    read_number,
    read_phone,
    read_postcode,
    read_quantity,
    read_url,
)
from jumun.sheets.cells import Cell


@pytest.mark.parametrize(
    "module",
    [sheet_fields, sheet_judging, sheet_moments, sheet_no_rows, sheet_values, sheet_words],
    ids=lambda m: m.__name__,
)
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (2026112212345678, "2026112212345678", ""),
        (2026112212345670, "2026112212345670", "digits_maybe_lost"),
        ("2026112212345670", "2026112212345670", ""),
        (2**53, str(2**53), ""),
        (float(2**53) * 4, None, "digits_lost"),
        (2.026112212345679e18, None, "digits_lost"),
        ("2.02611E+18", "2.02611E+18", "digits_lost"),
        ("2.0261122E18", "2.0261122E18", "digits_lost"),
        ("12345678901234567890", "12345678901234567890", ""),
        ("20261122001.0", "20261122001", ""),
        (20261122001.0, "20261122001", ""),
        ('="2026112200"', "2026112200", ""),
        ("'0012", "0012", ""),
        ("  A-1 ", "A-1", ""),
        ("5E3", "5E3", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_numbers_that_name_something(cell: Cell, text: str | None, code: str) -> None:
    read = read_number(cell)
    assert read.code == code
    assert text is None or read.text == text


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        ("010-1234-5678", "010-1234-5678", ""),
        ("01012345678", "01012345678", ""),
        (1012345678, "01012345678", ""),
        ("1012345678.0", "01012345678", ""),
        ("10-1234-5678", "010-1234-5678", ""),
        (212345678, "0212345678", ""),
        (3112345678, "03112345678", ""),
        ("15881234", "15881234", ""),
        ("+82-10-1234-5678", "010-1234-5678", ""),
        ("+82 10 1234 5678", "01012345678", ""),
        ("821012345678", "01012345678", ""),
        ("０１０－１２３４－５６７８", "010-1234-5678", ""),
        ("010.1234.5678", "010-1234-5678", ""),
        ("010 1234 5678", "01012345678", ""),
        ("(02)123-4567", "(02)123-4567", ""),
        ("0504-1234-5678", "0504-1234-5678", ""),
        ("없음", "", ""),
        ("-", "", ""),
        ("010-****-5678", None, "phone_unusable"),
        ("010-1234-5678 / 02-123-4567", None, "phone_unusable"),
        ("전화주세요", None, "phone_unusable"),
        ("123", None, "phone_unusable"),
        ("000-0000-0000", None, "phone_unusable"),
        ("010-1234-5678-9012", None, "phone_too_long"),
        ("1.01234E+09", None, "digits_lost"),
    ],
)
def test_phones(cell: Cell, text: str | None, code: str) -> None:
    read = read_phone(cell)
    assert read.code == code
    assert text is None or read.text == text


@given(st.text(max_size=30) | st.integers() | st.floats(allow_nan=False) | st.none())
def test_a_sound_phone_keeps_to_the_rule_whatever_was_written(cell: Cell) -> None:
    read = read_phone(cell)
    if not read.code and read.text:
        assert len(read.text) <= 15
        assert set(read.text) <= set("0123456789()+-")
        assert read_phone(read.text).code == ""


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (6236, "06236"),
        ("6236", "06236"),
        ("06236", "06236"),
        ("135-080", "135-080"),
        ("〒150-0001", "150-0001"),
        ("-", ""),
    ],
)
def test_postcodes_get_their_zero_back(cell: Cell, text: str) -> None:
    assert read_postcode(cell).text == text


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (2, "2", ""),
        (2.0, "2", ""),
        ("2개", "2", ""),
        ("3 EA", "3", ""),
        ("1,000", "1000", ""),
        ("２", "2", ""),
        (1_000_000, "1000000", ""),
        (1_000_001, None, "quantity_unusable"),
        (0, None, "quantity_unusable"),
        (-1, None, "quantity_unusable"),
        (2.5, None, "quantity_unusable"),
        ("두개", None, "quantity_unusable"),
        ("1+1", None, "quantity_unusable"),
        ("1,00", None, "quantity_unusable"),
        (True, None, "quantity_unusable"),
        (date(2026, 11, 22), None, "quantity_unusable"),
        ("", None, "quantity_unusable"),
        ("1E+05", None, "digits_lost"),
    ],
)
def test_quantities(cell: Cell, text: str | None, code: str) -> None:
    read = read_quantity(cell)
    assert read.code == code
    assert text is None or read.text == text


@given(st.integers(1, 1_000_000))
def test_a_quantity_is_the_same_as_number_and_as_text(number: int) -> None:
    assert (
        read_quantity(number).text
        == read_quantity(f"{number:,}개").text
        == read_quantity(float(number)).text
        == str(number)
    )


@pytest.mark.parametrize(
    ("cell", "amount", "currency", "code"),
    [
        ("12,000원", "12000", "KRW", ""),
        ("₩12,000", "12000", "KRW", ""),
        ("￦12,000", "12000", "KRW", ""),
        ("¥1,000", "1000", "JPY", ""),
        ("$12.50", "12.5", "USD", ""),
        (12000.0, "12000", "", ""),
        (12.5, "12.5", "", ""),
        (0, "0", "", ""),
        ("-", None, "", ""),
        ("협의", None, "", "amount_unusable"),
        (-1000, None, "", "amount_unusable"),
        ("-1,000", None, "", "amount_unusable"),
        ("1,00", None, "", "amount_unusable"),
        ("1.2E+06", None, "", "digits_lost"),
    ],
)
def test_amounts(cell: Cell, amount: str | None, currency: str, code: str) -> None:
    got, said, why = read_money(cell)
    assert (None if got is None else sheet_values.plain(got), said, why) == (amount, currency, code)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2026, 11, 22, 14, 3, 11),
        datetime(2026, 11, 22, 5, 3, 11, tzinfo=UTC),
        "2026-11-22 14:03:11",
        "2026-11-22T14:03:11",
        "2026-11-22T14:03:11+09:00",
        "2026-11-22T05:03:11Z",
        "2026-11-22 14:03:11.0",
        "2026.11.22 14:03:11",
        "2026. 11. 22. 오후 2:03:11",
        "2026/11/22(일) 14:03:11",
        "2026년 11월 22일 14시 03분 11초",
        "2026-11-22 오후 02:03:11",
        "2026-11-22 02:03:11 PM",
        "20261122140311",
        20261122140311,
        "20261122 140311",
        "Nov 22, 2026 14:03:11",
        "22-Nov-2026 14:03:11",
        "22/11/2026 14:03:11",
        "11/22/2026 14:03:11",
        "26-11-22 14:03:11",
        "２０２６-１１-２２ １４:０３:１１",
    ],
)
def test_moments_people_write(cell: Cell) -> None:
    assert read_moment(cell).text == "2026-11-22T14:03:11+09:00"


@pytest.mark.parametrize(
    "cell",
    [
        "내일",
        "14:03",
        "11월 22일",
        "2026-13-40",
        "0000-00-00 00:00:00",
        "05/06/2026",
        3,
        True,
        "99999999",
        "1899-01-01",
    ],
)
def test_what_is_no_date_is_said(cell: Cell) -> None:
    assert read_moment(cell).code == "date_unusable"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_every_moment_survives_each_way_of_writing_it(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    want = moment.isoformat() + "+09:00"
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%Y년 %m월 %d일 %H시 %M분 %S초",
        "%Y%m%d%H%M%S",
        "%Y/%m/%d %I:%M:%S %p",
    ):
        assert read_moment(moment.strftime(form)).text == want
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    if serial >= 40_000:
        assert read_moment(serial).text == want


def test_a_columns_other_dates_say_which_is_the_day() -> None:
    assert which_order(["05/06/2026", "25/06/2026"]) == "dmy"
    assert which_order(["05/06/2026", "06/25/2026"]) == "mdy"
    assert which_order(["05/06/2026"]) == "?"
    assert which_order(["2026-11-22"]) == ""


def test_countries_and_addresses_of_pages() -> None:
    assert read_country("일본").text == read_country("jp").text == "JP"
    assert read_country("어딘가").code == "country_unusable"
    assert read_url("https://shop.example/1").text == "https://shop.example/1"
    assert read_url("shop").code == "url_unusable"
