"""`jumun products`: read a sheet of products, say what would become of it, and, with `--commit`, put it in the catalogue."""

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
    """Which sheet, whose catalogue, and what to print."""
    parser.add_argument("file", type=Path, help="xlsx, xls, csv or tsv with a column 품목코드; one row a SKU")
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument("--commit", action="store_true", help="store the good rows; without it nothing is changed")
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
    print(
        f"{told['products']} products, {told['skus']} SKUs, {told['suppliers']} new suppliers, {told['linked']} linked"
    )
    for row in told["refused"]:
        print(f"  row {row['row']}: {row['field']}: {row['reason']}")
    for product in told["independent"]:
        print(f"  {product}: {sentence('independent_options', options.language)}")
    return 0


def _put(options: argparse.Namespace) -> dict[str, Any]:
    from jumun.companies.queries import find_company_id, first_owner
    from jumun.core.tenancy import acting_as
    from jumun.intake.catalogue import fill_from_sheet

    if not options.file.is_file():
        raise JumunError("sheet_no_file", name=options.file.name)
    company_id = find_company_id(options.company)
    if company_id is None:
        raise JumunError("no_such_company", name=options.company)
    with acting_as(company_id):
        done = fill_from_sheet(
            company_id,
            options.file,
            by=first_owner(),
            at=now(),
            dry_run=not options.commit,
            password=options.password,
        )
    return {
        "committed": options.commit,
        "products": done.filled.written.products,
        "skus": done.filled.written.skus,
        "suppliers": done.suppliers,
        "linked": done.filled.linked,
        "independent": list(done.filled.written.independent),
        "refused": [
            {"row": row, "field": field, "code": code, "reason": sentence(code, options.language, field=field)}
            for row, field, code in done.refused
        ],
    }
