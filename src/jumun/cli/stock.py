"""`jumun stock`: read a sheet of stock, say what would become of it, and, with `--commit`, set it."""

import argparse

from jumun.cli.goods_sheet import Told, add_sheet_arguments, run_sheet
from jumun.core.clock import now
from jumun.core.sentences import sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sheet, whose stock, and what to print."""
    add_sheet_arguments(parser, columns="품목코드 or 바코드, and 재고수량 or 안전재고", commits="set")


def run(options: argparse.Namespace) -> int:
    """Print what became of the sheet. Status 1 when there is no such file or company, or no way to read it."""
    return run_sheet(options, _put, _lines)


def _put(options: argparse.Namespace, _company: int, owner: int | None) -> Told:
    from jumun.stock.stock_sheets import put_stock_sheet

    done = put_stock_sheet(options.file, by=owner, at=now(), dry_run=not options.commit, password=options.password)
    return {
        "done": done.done,
        "refused": [
            {"row": each.row, "sku": each.sku, "code": each.code, "reason": sentence(each.code, options.language)}
            for each in done.refused
        ],
    }


def _lines(told: Told, _language: str) -> list[str]:
    refused = [f"  row {row['row']}: {row['sku']}: {row['reason']}" for row in told["refused"]]
    return [f"{told['done']} rows, {len(refused)} refused", *refused]
