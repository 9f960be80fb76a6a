"""A sheet of numbers that was uploaded, for tests of who may see it."""

import tempfile
from pathlib import Path
from typing import Any

from tests.making import good_number
from tests.waybills.sheets import upload, write


def make_waybill_sheet(house: Any) -> int:
    """One sheet with a number for the house's first parcel; call inside acting_as. Answers the upload."""
    with tempfile.TemporaryDirectory() as folder:
        return upload(house, write(Path(folder), [(house.items()[0].bundle_no, "cj", good_number(1))]))
