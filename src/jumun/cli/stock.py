"""`jumun stock`: read a sheet of stock, say what would become of it, and, with `--commit`, set it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from jumun.cli.starting import application
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.sentences import sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sheet, whose stock, and what to print."""
    parser.add_argument(
        "file", type=Path, help="xlsx, xls, csv or tsv with 품목코드 or 바코드, and 재고수량 or 안전재고"
    )
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument("--commit", action="store_true", help="set the good rows; without it nothing is changed")
    parser.add_argument("--password", help="of a locked file; it is not kept")
    parser.add_argument("--language", default="ko", choices=["ko", "en"], help="of the reasons")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(options: argparse.Namespace) -> int:
    """Print what became of the sheet. Status 1 when there is no such file or company, or no way to read it."""
    with application():
        try:
            told = _put(options)
        except JumunError as failure:
            reason = failure.reason(options.language)
            if options.json:
                print(json.dumps({"error": failure.code, "reason": reason}, ensure_ascii=False))
            else:
                print(f"jumun: {reason}", file=sys.stderr)
            return 1
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    print(f"{told['done']} rows, {len(told['refused'])} refused")
    for row in told["refused"]:
        print(f"  row {row['row']}: {row['sku']}: {row['reason']}")
    return 0


def _put(options: argparse.Namespace) -> dict[str, Any]:
    from jumun.companies.queries import find_company_id, first_owner
    from jumun.core.tenancy import acting_as
    from jumun.stock.stock_sheets import put_stock_sheet

    if not options.file.is_file():
        raise JumunError("sheet_no_file", name=options.file.name)
    company_id = find_company_id(options.company)
    if company_id is None:
        raise JumunError("no_such_company", name=options.company)
    with acting_as(company_id):
        done = put_stock_sheet(
            options.file, by=first_owner(), at=now(), dry_run=not options.commit, password=options.password
        )
    return {
        "committed": options.commit,
        "done": done.done,
        "refused": [
            {"row": each.row, "sku": each.sku, "code": each.code, "reason": sentence(each.code, options.language)}
            for each in done.refused
        ],
    }
