"""`jumun bench`'s look at exports: seconds and memory of `jumun export` of all items beside a bare COPY of the same rows."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

_BARE = """
COPY (SELECT i.order_number, i.line_no, i.bundle_no, i.channel, a.name, i.ordered_at, i.status, i.product_name, i.option_text,
             i.sku_code, i.quantity, i.amount, i.currency, r.name, r.phone1, r.phone2, r.postcode, r.address1, r.address2,
             r.message, i.carrier, i.waybill
        FROM orders_orderitem i JOIN channels_channelaccount a ON a.id = i.account_id
        JOIN orders_recipient r ON r.order_id = i.order_id
       WHERE i.company_id = {company} ORDER BY i.ordered_at DESC, i.id DESC) TO STDOUT WITH CSV
"""


def measure_exports(owner: psycopg.Connection[Any], company: int) -> list[tuple[str, float, float]]:
    """(what and how much memory, seconds of ours, seconds of the bare COPY) of every item, for each kind of file.

    Ours is the command in a process of its own, from its start to the file: its peak is nobody else's.
    """
    found = owner.execute("SELECT slug FROM companies_company WHERE id = %s", [company]).fetchone()
    slug = str(found[0]) if found else ""
    bare = _copy(owner, company)
    rows: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory(prefix="jumun-bench-") as folder:
        for kind in ("csv", "xlsx"):
            out = Path(folder) / f"all.{kind}"
            seconds, peak, told = _export(slug, out)
            rows.append((f"export {told}, {kind}, peak {peak:,.0f} MB", seconds, bare))
    return rows


def _export(slug: str, out: Path) -> tuple[float, float, str]:
    """Seconds, peak in MB, and how many rows it says."""
    command = ["export", "--company", slug, "--view", "all", "--out", str(out), "--reason", "bench"]
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "jumun.cli.main", *command], stdout=subprocess.PIPE, text=True
    ) as running:
        said = running.stdout.read() if running.stdout else ""
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError("the export failed")
    return time.perf_counter() - begun, used.ru_maxrss / 1024, said.partition(":")[0]


def _copy(owner: psycopg.Connection[Any], company: int) -> float:
    """The same rows out of the same tables into a file, nothing looked up, masked or named."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as file, owner.cursor().copy(_BARE.format(company=int(company))) as out:
        for block in out:
            file.write(block)
    return time.perf_counter() - begun
