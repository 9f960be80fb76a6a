"""`jumun export`: any view as a sheet from the shell, with its reason, in the history like any other."""

import csv
import stat

from tests.cli.test_commands import jumun
from tests.making import open_house

from jumun.core.tenancy import acting_as
from jumun.exports.layouts import LayoutFields, create_layout
from jumun.exports.models import Export
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import count_items
from jumun.orders.view_actions import ViewFields, create_view


def test_a_view_a_step_and_everything(committed, noon, tmp_path):
    house = open_house(noon)
    with acting_as(house.company):
        for place in range(4):
            house.order(f"N{place}", f"n{place}")
        create_view(house.company, ViewFields("한 건만", query="number=N2"), by=house.owner, at=noon)
        columns = [{"key": "fixed", "title": "박스", "value": "소"}, {"key": "order_number"}]
        create_layout(house.company, "parcels", LayoutFields("접수", columns), by=house.owner, at=noon, language="ko")
        total = count_items(ItemFilter())

    def export(view, name, *more):
        out = tmp_path / name
        done = jumun(committed.database_env, "export", "--company", "house", "--view", view, "--out", str(out), *more)
        return done, out

    refused, out = export("all", "all.csv")
    assert refused.returncode == 1 and "이유" in refused.stderr and not out.exists()
    done, out = export("all", "all.csv", "--reason", "정산")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{total} rows: ")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert len(list(csv.reader(out.read_text("utf-8-sig").splitlines()))) == total + 1
    done, out = export("한 건만", "one.csv", "--masked")
    [row] = csv.DictReader(out.read_text("utf-8-sig").splitlines())
    assert (row["주문번호"], row["받는분 성명"]) == ("N2", "홍*동")
    done, out = export("preparing", "parcels.csv", "--layout", "접수")
    assert {row["박스"] for row in csv.DictReader(out.read_text("utf-8-sig").splitlines())} == {"소"}
    done, out = export("ready", "none.csv", "--reason", "정산")
    assert done.returncode == 1 and "만들 파일이 없습니다" in done.stderr
    done, out = export("nothing", "none.csv", "--lang", "en")
    assert done.returncode == 1 and "no view or step" in done.stderr
    done, out = export("all", "locked.xlsx", "--reason", "정산", "--password", "abcd1234")
    assert done.returncode == 0 and out.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    with acting_as(house.company):
        kept = list(Export.objects.order_by("id").values_list("reason", "rows", "downloads", "sealed_password"))
    assert kept == [("정산", total, 1, ""), ("", 1, 1, ""), ("", total, 1, ""), ("정산", total, 1, "")]
