"""내려받기 in pages: the dialog, the history, the file, layouts, and the way there from a job."""

import csv
import io

from jumun.companies.models import AccessTrail
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.exports.models import Export, ExportLayout
from tests.exports.making import run
from tests.making import make_line

ALL = {"scope": "filter", "query": "", "title": "전체"}


def fill(shop, count=3):
    with acting_as(shop.company):
        shop.store([make_line(f"N{place}", f"n{place}", shop.at) for place in range(count)])


def made(shop):
    with acting_as(shop.company):
        return Export.objects.order_by("-id").first()


def written(shop):
    export = made(shop)
    run(shop, export.id, export.job_id)
    return export.id


def test_the_dialog_says_how_many_and_what_and_asks_why(shop, owner):
    fill(shop)
    page = owner.send("exports/ask", ALL).content.decode()
    assert "<b>3</b>" in page and 'name="reason"' in page and "택배 접수용 기본 열" in page
    parcels = owner.send("exports/ask", ALL | {"query": "status=ready"}).content.decode()
    assert parcels.index("묶음마다 한 줄") < parcels.index("품목마다 한 줄")


def test_a_viewer_is_not_asked_why(shop, someone):
    fill(shop)
    viewer = someone(Role.VIEWER)
    page = viewer.send("exports/ask", ALL).content.decode()
    assert 'name="reason"' not in page and "가려진 채" in page
    assert viewer.send("exports/start", ALL | {"layout": "items", "kind": "csv"}).status_code == 200
    export = written(shop)
    rows = list(
        csv.DictReader(
            io.StringIO(b"".join(viewer.page(f"exports/{export}/file").streaming_content).decode("utf-8-sig"))
        )
    )
    assert {row["받는분 성명"] for row in rows} == {"홍*동"}


def test_all_of_the_list_is_taken_by_whoever_asked(shop, owner, someone):
    fill(shop)
    refused = owner.send("exports/start", ALL | {"layout": "items", "kind": "csv"})
    assert refused.status_code == 400 and "이유" in refused.content.decode()
    differs = owner.send(
        "exports/start", ALL | {"layout": "items", "reason": "접수", "password": "abcd", "again": "abce"}
    )
    assert differs.status_code == 400 and made(shop) is None
    form = ALL | {
        "layout": "items",
        "kind": "csv",
        "reason": "택배 접수",
        "query": "status=preparing",
        "sort": "ordered",
    }
    card = owner.send("exports/start", form).content.decode()
    export = written(shop)
    assert f"jobs/{made(shop).job_id}?part=card" in card and "exports" in card
    history = owner.page("exports").content.decode()
    assert "택배 접수" in history and f"exports/{export}/file" in history
    answer = owner.page(f"exports/{export}/file")
    assert answer["Content-Disposition"].startswith("attachment") and answer["Cache-Control"] == "private, no-store"
    assert len(list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))) == 4
    clerk = someone(Role.CLERK)
    assert clerk.page(f"exports/{export}/file").status_code == 404
    assert "택배 접수" not in clerk.page("exports").content.decode()
    with acting_as(shop.company):
        assert list(
            AccessTrail.objects.filter(subject=f"export:{export}").order_by("id").values_list("did", flat=True)
        ) == [
            "export",
            "download",
        ]


def test_a_selection_and_no_selection(shop, owner):
    fill(shop)
    with acting_as(shop.company):
        ids = [item.id for item in shop.items()][:2]
    form = {"scope": "page", "ids": ",".join(map(str, ids)), "layout": "items", "kind": "csv", "reason": "접수"}
    assert owner.send("exports/start", form).status_code == 200
    assert made(shop).total == 2
    assert owner.send("exports/ask", {"scope": "page", "ids": ""}).status_code == 400
    empty = owner.send("exports/start", ALL | {"query": "number=nobody", "layout": "items", "reason": "접수"})
    assert empty.status_code == 400


def test_the_same_click_twice_makes_one(shop, owner):
    fill(shop)
    form = ALL | {"layout": "items", "reason": "접수", "nonce": "abcdefgh12345678"}
    assert owner.send("exports/start", form).content == owner.send("exports/start", form).content
    with acting_as(shop.company):
        assert Export.objects.count() == 1


def test_a_sheet_job_leads_to_its_export(shop, owner):
    fill(shop)
    owner.send("exports/start", ALL | {"layout": "items", "reason": "접수"})
    export = written(shop)
    job = made(shop).job_id
    for path in ("jobs?tab=sheet", f"jobs/{job}", f"jobs/{job}?part=card"):
        assert f"exports#export-{export}" in owner.page(path).content.decode(), path
    answer = owner.page(f"jobs/{job}/result.xlsx")
    assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"


def test_layouts_are_made_changed_copied_and_deleted(shop, owner, someone):
    form = {"what": "parcels", "name": "한진", "shared": "true", "key": ["fixed", "bundle_no", "recipient"],
            "title": ["박스", "관리번호", ""], "value": ["소", "", "x"]}  # fmt: skip
    assert owner.send("export-layouts/create", form, htmx=False).status_code == 302
    with acting_as(shop.company):
        layout = ExportLayout.objects.get()
    assert layout.columns == [
        {"key": "fixed", "title": "박스", "value": "소"},
        {"key": "bundle_no", "title": "관리번호"},
        {"key": "recipient", "title": "받는분 성명"},
    ]
    page = owner.page(f"export-layouts/{layout.id}").content.decode()
    assert "관리번호" in page and 'value="소"' in page
    clerk = someone(Role.CLERK)
    assert "고칠 수 없습니다" in clerk.page(f"export-layouts/{layout.id}").content.decode()
    assert clerk.send(f"export-layouts/{layout.id}/save", form, htmx=False).status_code == 403
    assert "한진 복사" in clerk.page(f"export-layouts/new?like={layout.id}").content.decode()
    fill(shop)
    assert "한진 · " in clerk.send("exports/ask", ALL).content.decode()
    assert clerk.send("exports/start", ALL | {"layout": str(layout.id), "reason": "접수"}).status_code == 200
    assert made(shop).what == "parcels"
    assert owner.send(f"export-layouts/{layout.id}/save", form | {"name": "한진 2"}, htmx=False).status_code == 302
    assert "한진 2" in owner.page("export-layouts").content.decode()
    assert owner.send("export-layouts/create", form | {"name": ""}, htmx=False).status_code == 400
    assert owner.send("export-layouts/create", form | {"key": []}, htmx=False).status_code == 400
    assert owner.send(f"export-layouts/{layout.id}/delete", htmx=False).status_code == 302
    with acting_as(shop.company):
        assert not ExportLayout.objects.exists()
