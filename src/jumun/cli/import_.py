"""`jumun import`: read a sheet of orders, say what was understood, and, with `--commit`, store every good order."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jumun.cli.starting import application
from jumun.core.clock import now
from jumun.core.errors import JumunError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sheet, whose orders, and what to print."""
    parser.add_argument("file", type=Path, help="xlsx, xlsm, xls, csv, tsv or an HTML table")
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument("--account", help="key of the channel account the orders are of (default: a column says so)")
    parser.add_argument(
        "--template", help="name of a saved sheet template (default: the one that fits, else recognised)"
    )
    parser.add_argument("--commit", action="store_true", help="store the good orders; without it nothing is changed")
    parser.add_argument("--lines", action="store_true", help="tell every good line as it was understood")
    parser.add_argument("--password", help="of a locked file; it is not kept")
    parser.add_argument("--language", default="ko", choices=["ko", "en"], help="of the reasons")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(options: argparse.Namespace) -> int:
    """Print what became of the sheet. Status 1 when there is no such file, company, account or template, or no way to read it."""
    with application():
        try:
            told = _import(options)
        except JumunError as failure:
            if not options.json:
                print(f"jumun: {failure.reason(options.language)}", file=sys.stderr)
                return 1
            print(json.dumps({"error": failure.code, "reason": failure.reason(options.language)}, ensure_ascii=False))
            return 1
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(told)
    return 0


def _import(options: argparse.Namespace) -> dict[str, Any]:
    from jumun.channels.queries import list_accounts
    from jumun.companies.queries import find_company_id, first_owner
    from jumun.core.tenancy import acting_as
    from jumun.intake.sheet_report import Wanted, import_sheet

    if not options.file.is_file():
        raise JumunError("sheet_no_file", name=options.file.name)
    company_id = find_company_id(options.company)
    if company_id is None:
        raise JumunError("no_such_company", name=options.company)
    with acting_as(company_id):
        by = first_owner()
        account = None
        if options.account:
            account = next((each.id for each in list_accounts() if each.key == options.account), None)
            if account is None:
                raise JumunError("no_such_account", name=options.account)
    wanted = Wanted(account, options.template, options.password, options.commit, options.lines)
    report = import_sheet(company_id, options.file, wanted, by=by, at=now(), language=options.language)
    told = asdict(report)
    if not options.lines:
        del told["lines"]
    return told


def _print(told: dict[str, Any]) -> None:
    print(f"header row {told['header_row']}, {told['orders']} orders, {told['committed']} committed")
    for name, header in told["mapping"].items():
        print(f"  {name:14} {header if isinstance(header, str) else ' + '.join(header)}")
    for each in told["unsure_details"]:
        print(f"  unsure: {each['field']} ({each['code']})")
    for each in told["refused"]:
        print(f"  row {each['row']}: {each['column']} {each['value']!r}: {each['reason']}")
