"""The failure file says what the sheet said and what was corrected, and comes in again as the same rows (Q31–Q34, X02)."""

from dataclasses import replace
from pathlib import Path

import openpyxl
from tests.intake.test_sheet_round_trip import PLAN
from tests.intake.uploaded import HEADER, commit, row, upload, verdicts, write

from jumun.core.files import local_copy
from jumun.intake.sheet_failures import write_failures
from jumun.intake.sheet_fields import Field, Plan, Source
from jumun.intake.sheet_queries import get_upload
from jumun.intake.sheet_upload import fix_row, map_columns
from jumun.orders.models import OrderLine, Recipient
from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table

WITHOUT_LINES = replace(PLAN, sources={name: source for name, source in PLAN.sources.items() if name != Field.LINE_NO})


def failures(made, folder, name="again.xlsx"):
    """The failure file, kept where it can be uploaded from, and its rows without the header."""
    path = Path(folder) / name
    with local_copy(write_failures(made)) as kept:
        path.write_bytes(kept.read_bytes())
    with open_book(path) as book:
        return path, [list(each) for each in book.rows(book.sheets[0].name)][1:]


def test_x02_a_number_that_lost_digits_never_comes_back_as_a_sound_one(house, tmp_path):
    book = openpyxl.Workbook()
    for cells in (HEADER, [2.0261122e18, *row("", "a1")[1:]], *([n + 1, *row("", f"b{n}")[1:]] for n in range(5))):
        book.active.append(cells)
    book.save(path := tmp_path / "lost.xlsx")
    made = upload(house, path)
    assert verdicts(made)[2] == ("refused", "digits_lost")
    again, kept = failures(made, tmp_path)
    assert "E+18" in str(kept[0][0])
    assert verdicts(upload(house, again))[2] == ("refused", "digits_lost")


def test_a_second_of_its_kind_comes_in_as_the_second(house, tmp_path):
    """Without a line's number a row is the nth of its product: the file brings the first along, which is skipped."""
    made = upload(house, write(tmp_path, [row("C", "", 수량="1"), row("D", "")]))
    map_columns(made, WITHOUT_LINES, by=house.owner, at=house.at)
    commit(house, made)
    rows = [row("C", "", 수량="1"), row("C", "", 수량="3"), row("C", "", 수량="x")]
    made = upload(house, write(tmp_path, rows, name="3.csv"))
    assert [each for each, _ in verdicts(made).values()] == ["skip", "refused", "refused"]
    again, kept = failures(made, tmp_path)
    assert len(kept) == 3
    mended = [["4" if cell == "x" else cell for cell in each[: len(HEADER)]] for each in kept]
    write_table(again, [SheetColumn(each) for each in HEADER], mended)
    made = upload(house, again)
    commit(house, made)
    assert sorted(OrderLine.objects.filter(order_number="C").values_list("quantity", flat=True)) == [1, 3, 4]


def test_joined_and_split_cells_come_back_corrected(house, tmp_path):
    path = tmp_path / "joined.xlsx"
    header = ("주문번호", "상품명", "수량", "받는분", "주소 앞", "주소 뒤", "배송메시지")
    cells = ["A", "티셔츠", "0", "김서연 / 010-1234-5678", "서울 중구 세종대로 110", "1층", "문 앞"]
    write_table(path, [SheetColumn(each) for each in header], [cells])
    made = upload(house, path)
    plan = Plan(
        1,
        header,
        {
            Field.ORDER_NO: Source((0,)),
            Field.PRODUCT_NAME: Source((1,)),
            Field.QUANTITY: Source((2,)),
            Field.RECIPIENT: Source((3,), split="/", part=0),
            Field.PHONE1: Source((3,), split="/", part=1),
            Field.ADDRESS: Source((4, 5)),
            Field.MEMO: Source((6,)),
        },
    )
    map_columns(made, plan, by=house.owner, at=house.at)
    told = {"address": "부산 해운대구 우동 1", "recipient": "박준호", "memo": ""}
    fix_row(made, 2, told, by=house.owner, at=house.at)
    again, kept = failures(made, tmp_path)
    assert kept[0][2] == "0" and kept[0][4] == "부산 해운대구 우동 1" and not kept[0][5] and not kept[0][6]
    write_table(again, [SheetColumn(each) for each in header], [["A", "티셔츠", "2", *kept[0][3:7]]])
    made = upload(house, again)
    map_columns(made, plan, by=house.owner, at=house.at)
    commit(house, made)
    assert get_upload(made).orders == 1
    to = Recipient.objects.get()
    assert (to.name, to.phone1, to.address1, to.message) == ("박준호", "01012345678", "부산 해운대구 우동 1", "")
