"""`jumun products`: read a sheet of products, say what would become of it, and, with `--commit`, put it in the catalogue."""

import argparse

from jumun.cli.goods_sheet import Told, add_sheet_arguments, run_sheet
from jumun.core.clock import now
from jumun.core.sentences import sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sheet, whose catalogue, and what to print."""
    add_sheet_arguments(parser, columns="a column 품목코드; one row a SKU", commits="store")


def run(options: argparse.Namespace) -> int:
    """Print what became of the sheet. Status 1 when there is no such file or company, or no way to read it."""
    return run_sheet(options, _put, _lines)


def _put(options: argparse.Namespace, company_id: int, owner: int | None) -> Told:
    from jumun.intake.catalogue import fill_from_sheet

    done = fill_from_sheet(
        company_id, options.file, by=owner, at=now(), dry_run=not options.commit, password=options.password
    )
    return {
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


def _lines(told: Told, language: str) -> list[str]:
    counts = (
        f"{told['products']} products, {told['skus']} SKUs, {told['suppliers']} new suppliers, {told['linked']} linked"
    )
    return [
        counts,
        *(f"  row {row['row']}: {row['field']}: {row['reason']}" for row in told["refused"]),
        *(f"  {product}: {sentence('independent_options', language)}" for product in told["independent"]),
    ]
