"""What the commands that read one sheet of goods share: whose it is, how it is opened, how what came of it is printed."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jumun.cli.starting import application
from jumun.core.errors import JumunError

Told = dict[str, Any]


def add_sheet_arguments(parser: argparse.ArgumentParser, *, columns: str, commits: str) -> None:
    """Which sheet, whose, and what to print. `columns` says what must stand in it, `commits` what --commit does."""
    parser.add_argument("file", type=Path, help=f"xlsx, xls, csv or tsv with {columns}")
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument("--commit", action="store_true", help=f"{commits} the good rows; without it nothing is changed")
    parser.add_argument("--password", help="of a locked file; it is not kept")
    parser.add_argument("--language", default="ko", choices=["ko", "en"], help="of the reasons")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run_sheet(
    options: argparse.Namespace,
    put: Callable[[argparse.Namespace, int, int | None], Told],
    lines: Callable[[Told, str], list[str]],
) -> int:
    """Have `put` (company, first owner) read the sheet and print what it told, as JSON or as `lines` say it.

    Status 1 when there is no such file or company, or no way to read it.
    """
    with application():
        try:
            told = _put(options, put)
        except JumunError as failure:
            reason = failure.reason(options.language)
            if options.json:
                print(json.dumps({"error": failure.code, "reason": reason}, ensure_ascii=False))
            else:
                print(f"jumun: {reason}", file=sys.stderr)
            return 1
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(lines(told, options.language)))
    return 0


def _put(options: argparse.Namespace, put: Callable[[argparse.Namespace, int, int | None], Told]) -> Told:
    from jumun.companies.queries import find_company_id, first_owner
    from jumun.core.tenancy import acting_as

    if not options.file.is_file():
        raise JumunError("sheet_no_file", name=options.file.name)
    company_id = find_company_id(options.company)
    if company_id is None:
        raise JumunError("no_such_company", name=options.company)
    with acting_as(company_id):
        return {"committed": options.commit} | put(options, company_id, first_owner())
