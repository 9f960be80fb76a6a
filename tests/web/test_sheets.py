"""주문등록 pages: accounts and forms (C6, C7), upload, columns, preview, corrections, 등록, failures, delete (Q17–Q36, C8)."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jumun.companies.models import AccessTrail
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetTemplate, SheetUpload
from jumun.intake.sheet_queries import get_upload
from jumun.intake.sheet_storing import commit_rows, end_commit
from jumun.orders.models import OrderLine
from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table
from tests.intake.uploaded import HEADER, commit, row, upload, write


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def drop(who, path, **form):
    return who.send("register/upload", {"file": SimpleUploadedFile(path.name, path.read_bytes()), **form}, htmx=False)


@pytest.fixture
def sent(shop, tmp_path):
    """One good order, and one whose first row has no usable quantity."""
    path = write(tmp_path, [row("A", "a1"), row("B", "b1", 수량="0"), row("B", "b2")])
    with acting_as(shop.company):
        return upload(shop, path)


def store(shop, made):
    with acting_as(shop.company):
        job = SheetUpload.objects.get(id=made).job_id
        commit_rows(shop.company, made, by=shop.owner, at=shop.at)
        end_commit(made, job, at=shop.at)


def test_c6_each_account_says_todays_number_the_last_registration_and_by_whom(owner, shop, tmp_path):
    with acting_as(shop.company):
        commit(shop, upload(shop, write(tmp_path, [row("A", "a1"), row("B", "b1")])))
    page = text(owner.page("register"))
    line = re.search(r"<td class=\"num mono\">2</td>.*?</tr>", page, re.DOTALL)
    assert line and "오늘" in line.group() and 'name="account"' in page and "엑셀의 열이 정함" in page


def test_c7_the_default_form_and_saved_ones_can_be_had(owner, shop, sent, tmp_path):
    answer = owner.page("register/form.xlsx")
    (tmp_path / "form.xlsx").write_bytes(b"".join(answer.streaming_content))
    with open_book(tmp_path / "form.xlsx") as book:
        assert next(iter(book.rows(book.sheets[0].name)))[0] == "주문번호"
    owner.send(f"sheets/{sent}/columns", {"remember": "거래처"})
    with acting_as(shop.company):
        made = SheetTemplate.objects.get()
    answer = owner.page(f"sheet-templates/{made.id}/form.xlsx")
    (tmp_path / "own.xlsx").write_bytes(b"".join(answer.streaming_content))
    with open_book(tmp_path / "own.xlsx") as book:
        assert next(iter(book.rows(book.sheets[0].name)))[: len(HEADER)] == HEADER
    assert "거래처" in text(owner.page("register"))


def test_a_form_without_scripts_leads_to_the_preview(owner, shop, tmp_path):
    answer = drop(owner, write(tmp_path, [row("A", "a1")]), account=shop.account)
    assert answer.status_code == 302
    page = text(owner.client.get(answer["Location"]))
    assert "주문 1건 등록" in page and "등록 예정" in page and "모두 들어갑니다." in page


def test_a_locked_file_asks_for_its_password_and_nothing_is_kept(owner, shop, tmp_path):
    path = tmp_path / "잠김.xlsx"
    write_table(path, [SheetColumn(each) for each in HEADER], [row("A", "a1")], password="비밀1234")
    refused = drop(owner, path, account=shop.account)
    assert refused.status_code == 422 and refused["X-Sheet-Locked"] == "true"
    assert "비밀번호가 걸린" in refused.content.decode()
    assert drop(owner, path, account=shop.account, password="아님")["X-Sheet-Locked"] == "true"
    with acting_as(shop.company):
        assert not SheetUpload.objects.exists()
    assert drop(owner, path, account=shop.account, password="비밀1234").status_code == 302


def test_the_preview_counts_verdicts_and_says_why_a_row_stays_out(owner, sent):
    page = text(owner.page(f"sheets/{sent}"))
    assert "주문 1건 등록" in page and "거절된 2행은" in page
    bad = re.search(r'<td class="bad-cell[^>]*>.*?</td>', page, re.DOTALL)
    assert bad and 'name="quantity"' in bad.group() and 'value="0"' in bad.group()
    assert "수량은 1부터" in page
    only = text(owner.page(f"sheets/{sent}?verdict=refused&code=companion_row"))
    assert only.count('<tr id="row-') == 1 and 'id="row-4"' in only


def test_a_row_is_corrected_in_place_and_its_order_goes_in(owner, shop, sent):
    part = text(owner.send(f"sheets/{sent}/rows/3/fix", {"quantity": "2"}))
    assert "주문 2건 등록" in part and "모두 들어갑니다." in part and "고친 행" in part
    edit = text(owner.page(f"sheets/{sent}?edit=3"))
    assert re.search(r'name="recipient"\s+value="김서연"\s+form="fix-3"', edit)
    assert owner.send(f"sheets/{sent}/rows/3/fix", {"nonsense": "2"}).status_code >= 400
    plain = owner.send(f"sheets/{sent}/rows/3/fix", {"quantity": "3", "verdict": "new"}, htmx=False)
    assert plain.status_code == 302 and plain["Location"].endswith("?verdict=new")


def test_a_row_is_left_out_and_taken_in_again(owner, sent):
    part = text(owner.send(f"sheets/{sent}/rows/3/leave-out", {"out": "true"}))
    assert "주문 2건 등록" in part and "다시 넣기" in part
    assert "주문 1건 등록" in text(owner.send(f"sheets/{sent}/rows/3/leave-out", {"out": "false"}))


def test_committed_it_leads_to_the_new_orders_and_gives_the_failure_file(owner, shop, sent, tmp_path):
    part = text(owner.send(f"sheets/{sent}/commit"))
    assert 'hx-trigger="every 1s"' in part and "row-2" not in part
    store(shop, sent)
    page = text(owner.page(f"sheets/{sent}"))
    link = re.search(r'href="/c/shop/(items\?moved_by=[^"]+)"', page)
    assert link and "등록된 주문 1건 보기" in page and "거절된 행 엑셀" in page
    answer = owner.page(f"sheets/{sent}/failures.xlsx")
    (tmp_path / "failures.xlsx").write_bytes(b"".join(answer.streaming_content))
    with open_book(tmp_path / "failures.xlsx") as book:
        assert [each[0] for each in book.rows(book.sheets[0].name)] == ["주문번호", "B", "B"]
    with acting_as(shop.company):
        assert AccessTrail.objects.filter(did="failures", subject=f"sheet:{sent}").exists()


def test_c8_the_orders_of_a_sheet_are_deleted_together_or_not_at_all(owner, shop, sent):
    owner.send(f"sheets/{sent}/commit")
    store(shop, sent)
    assert "모두 지웁니다" in text(owner.page(f"sheets/{sent}"))
    with acting_as(shop.company):
        shop.put(status="ready")
    kept = text(owner.send(f"sheets/{sent}/delete"))
    assert "아무것도 삭제하지 않았습니다" in kept
    with acting_as(shop.company):
        assert OrderLine.objects.count() == 1


def test_c8_untouched_orders_of_a_sheet_are_deleted_with_it(owner, shop, sent):
    owner.send(f"sheets/{sent}/commit")
    store(shop, sent)
    assert "삭제함" in text(owner.send(f"sheets/{sent}/delete"))
    with acting_as(shop.company):
        assert not OrderLine.objects.exists()


def test_columns_are_confirmed_remembered_and_known_again(owner, shop, tmp_path):
    header = [{"연락처1": "비고1", "수취인명": "누구"}.get(each, each) for each in HEADER]
    path = write(tmp_path, [row("A", "a1", 연락처1="모름")], header=header)
    with acting_as(shop.company):
        made = upload(shop, path)
        found = get_upload(made)
    page = text(owner.page(f"sheets/{made}"))
    phone, name = header.index("비고1"), header.index("누구")
    assert found.state == "asking" and "위에서 열을 확인해 주세요." in page and "맞는 열을 찾지 못했습니다." in page
    owner.send(
        f"sheets/{made}/columns",
        {f"column-{phone}": "phone1", f"column-{name}": "recipient", "remember": "우리 거래처"},
    )
    with acting_as(shop.company):
        found = get_upload(made)
        assert found.state == "ready" and found.plan.sources["phone1"].columns == (phone,)
        assert found.plan.sources["order_no"].columns == (0,)
        again = get_upload(upload(shop, path))
        assert (again.state, again.template_name) == ("ready", "우리 거래처")
        template = SheetTemplate.objects.get()
    assert "우리 거래처" in text(owner.page("sheet-templates"))
    assert owner.send(f"sheet-templates/{template.id}/rename", {"name": "새 이름"}, htmx=False).status_code == 302
    assert "새 이름" in text(owner.page("sheet-templates"))
    owner.send(f"sheet-templates/{template.id}/delete", htmx=False)
    assert "저장한 양식이 없습니다." in text(owner.page("sheet-templates"))


def test_choices_are_made_and_known_orders_are_told(owner, shop, tmp_path):
    with acting_as(shop.company):
        commit(shop, upload(shop, write(tmp_path, [row("A", "a1")])))
        made = upload(shop, write(tmp_path, [row("A", "a1", 수량="3"), row("C", "c1"), row("C", "c1")]))
    page = text(owner.page(f"sheets/{made}"))
    assert "건너뜀" in page and "등록된 수량 1" in page
    part = text(owner.send(f"sheets/{made}/choices", {"on_known": "update", "on_duplicate": "skip"}))
    assert "수량 변경 예정" in part and "주문 2건 등록" in part
    assert owner.send(f"sheets/{made}/choices", {"on_known": "nonsense"}).status_code == 400


def test_without_an_account_it_is_asked_for(owner, shop, tmp_path):
    with acting_as(shop.company):
        made = upload(shop, write(tmp_path, [row("A", "a1")]), account=None)
    assert "판매처 계정을 골라 주세요." in text(owner.page(f"sheets/{made}"))
    assert "주문 1건 등록" in text(owner.send(f"sheets/{made}/choices", {"account": shop.account}))


def test_recipients_are_shown_to_whoever_may_see_them_and_the_look_is_kept(owner, someone, shop, sent):
    viewer = someone(Role.VIEWER)
    page = text(viewer.page(f"sheets/{sent}"))
    for told in ("김서연", "1234", "세종대로", "문 앞에"):
        assert told not in page
    assert "거절" in page and "주문 1건 등록" not in page
    with acting_as(shop.company):
        assert not AccessTrail.objects.filter(subject=f"sheet:{sent}").exists()
    assert "김서연" in text(owner.page(f"sheets/{sent}"))
    with acting_as(shop.company):
        assert AccessTrail.objects.get(subject=f"sheet:{sent}").did == "view"


def test_hostile_text_in_a_sheet_is_text(owner, shop, tmp_path):
    path = write(tmp_path, [row("<script>x</script>", "a1", 수취인명="<img src=x>")], name="<b>x.csv")
    with acting_as(shop.company):
        made = upload(shop, path)
    page = text(owner.page(f"sheets/{made}"))
    assert "<img src=x" not in page and "<script>x" not in page and "<b>x.csv" not in page


def test_the_list_says_what_became_of_each_sheet(owner, sent):
    page = text(owner.page("sheets"))
    assert "orders.csv" in page and "미리보기" in page


def test_q20_a_value_for_every_row_and_parts_of_one_column_are_set_on_the_page(owner, shop, tmp_path):
    """Fixed values and splits (Q17–Q26): one cell with name, phone and address; the product said for all rows."""
    path = tmp_path / "거래처.xlsx"
    write_table(
        path,
        [SheetColumn(each) for each in ("주문번호", "받는분 정보", "수량", "비고란")],
        [["T1", "김서연 / 010-1234-5678 / 서울 중구 세종대로 110", "1", "가"]],
    )
    with acting_as(shop.company):
        made = upload(shop, path)
    split = {
        "split_column": ["1", "1", "1"],
        "split_by": ["/", "/", "/"],
        "split_part": ["1", "2", "-1"],
        "split_field": ["recipient", "phone1", "address"],
    }
    fixed = {"fixed_field": ["product_name", ""], "fixed_text": ["  온산 티셔츠 ", ""]}
    part = text(owner.send(f"sheets/{made}/columns", {**split, **fixed}))
    assert "주문 1건 등록" in part and 'name="fixed-product_name"' in part and 'name="split-phone1"' in part
    with acting_as(shop.company):
        plan = get_upload(made).plan
    assert plan and {each: plan.sources[each].part for each in plan.sources if plan.sources[each].split} == {
        "recipient": 0,
        "phone1": 1,
        "address": -1,
    }
    assert plan.fixed == {"product_name": "온산 티셔츠"}
    part = text(owner.send(f"sheets/{made}/columns", {"fixed-product_name": "", "split-address": ""}))
    with acting_as(shop.company):
        plan = get_upload(made).plan
    assert plan and not plan.fixed and "address" not in plan.sources and "phone1" in plan.sources
    for wrong in ({"split_part": ["0"]}, {"split_part": ["x"]}, {"split_column": ["-1"]}, {"split_by": ["x" * 11]}):
        bad = {key: values[:1] for key, values in split.items()} | wrong
        assert owner.send(f"sheets/{made}/columns", bad).status_code == 400, wrong
