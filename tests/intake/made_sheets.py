"""One uploaded sheet and one template, for tests of walls and pages."""

import tempfile
from pathlib import Path
from typing import Any

from tests.intake.uploaded import row, upload, write


def make_sheet(house: Any) -> int:
    """A sheet with a good row (2) and a bad one (3), not committed; answers the upload."""
    with tempfile.TemporaryDirectory() as folder:
        return upload(house, write(Path(folder), [row("S1", "s1"), row("S2", "s2", 수량="0")]))


def make_template(house: Any, upload_id: int, name: str = "theirs") -> int:
    """A template that reads such a sheet."""
    from jumun.intake.sheet_queries import get_upload
    from jumun.intake.sheet_templates import save_template

    plan = get_upload(upload_id).plan
    assert plan is not None
    return save_template(house.company, name=name, plan=plan, account=house.account, by=house.owner, at=house.at)
