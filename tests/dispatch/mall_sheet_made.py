"""A mall's sheet that was made, without the queue, for walls around what is handed out."""

import tempfile
from pathlib import Path
from typing import Any

from jumun.core.files import keep_file, plan_key
from jumun.dispatch.models import MallSheet
from jumun.sheets.writing import SheetColumn, write_table


def make_mall_sheet(house: Any, job: int) -> int:
    """A made sheet of this job; answers its id. Inside acting_as."""
    key = plan_key(house.company)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_table(path, [SheetColumn("주문번호")], [["A1"]])
        keep_file(house.company, "sheet.xlsx", path, key=key)
    made = MallSheet.objects.create(
        company_id=house.company,
        account_id=house.account,
        job_id=job,
        wish_job_id=job,
        verb="dispatch",
        form="plain",
        columns=["주문번호"],
        file=key,
        rows=1,
        created_at=house.at,
        made_at=house.at,
        ended_at=house.at,
    )
    return made.id
