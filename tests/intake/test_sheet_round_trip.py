"""Written by us, read by us: the same orders, whatever people are called and products are named (X02, X09)."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.intake.uploaded import HEADER, commit, row, upload

from jumun.intake.sheet_fields import FIELD_LABELS, Plan, Source
from jumun.intake.sheet_queries import get_upload
from jumun.intake.sheet_upload import map_columns
from jumun.orders.models import OrderLine, Recipient
from jumun.sheets.writing import SheetColumn, write_table

LABELS = {korean: name for name, (korean, _) in FIELD_LABELS.items()}
PLAN = Plan(1, HEADER, {LABELS[title]: Source((column,)) for column, title in enumerate(HEADER)})
RUN = itertools.count(1)
LETTERS = "가나다라마바사아자차카타파하뷁똠abcXYZ0123456789 -_/()[]=+@·&'\"😀é"
words = (
    st.text(LETTERS, min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(letter.isalpha() for letter in text) and text.lower() != "x")  # x says nothing
)
orders = st.lists(
    st.tuples(
        st.text("가나다라마바사김이박최", min_size=2, max_size=20),
        st.lists(st.tuples(words, words, st.integers(1, 1_000_000)), min_size=1, max_size=3),
        words,
    ),
    min_size=1,
    max_size=4,
)


@given(orders=orders, kind=st.sampled_from(["xlsx", "csv"]))
@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_written_comes_in_as_it_was(house, orders, kind):
    run = next(RUN)
    rows, wanted, people = [], {}, {}
    for place, (name, lines, memo) in enumerate(orders):
        number = f"R{run:05}-{place:03}"
        people[number] = (name, memo)
        for at, (product, option, quantity) in enumerate(lines):
            key = f"{number}-{at}"
            told = {"상품명": product, "옵션": option, "수량": str(quantity), "수취인명": name, "배송메시지": memo}
            rows.append(row(number, key, 상품코드="", **told))
            wanted[number, key] = (product, option, quantity)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"orders.{kind}"
        write_table(path, [SheetColumn(title) for title in HEADER], rows, kind=kind)
        made = upload(house, path)
    map_columns(made, PLAN, by=house.owner, at=house.at)  # a person confirms what such names may leave in doubt
    assert get_upload(made).counts == {"new": len(rows)}
    commit(house, made)
    stored = OrderLine.objects.filter(order_number__startswith=f"R{run:05}-")
    assert {
        (line.order_number, line.line_key): (line.product_name, line.option_text, line.quantity) for line in stored
    } == wanted
    seen = Recipient.objects.filter(order__number__startswith=f"R{run:05}-").select_related("order")
    assert {each.order.number: (each.name, each.message) for each in seen} == people
