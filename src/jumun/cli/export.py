"""`jumun export`: any view as a sheet, written here and now, with its line in the history and in the access trail."""

import argparse
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from jumun.cli.starting import application
from jumun.core.clock import now
from jumun.core.errors import JumunError, NotFoundError

if TYPE_CHECKING:
    from jumun.exports.actions import Wish
    from jumun.exports.columns import Chosen
    from jumun.orders.filters import ItemFilter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which view of which company, as what, where to, and why."""
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument(
        "--view", required=True, help="a saved view's name or number, or a step: all, preparing, ready …"
    )
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--kind", choices=["xlsx", "csv"], help="default: as the file is called, else xlsx")
    parser.add_argument("--what", choices=["items", "parcels"], default="items", help="what one row is")
    parser.add_argument("--layout", help="a saved layout's name or number (default: the built-in columns)")
    parser.add_argument("--reason", default="", help="why it is taken; needed where recipients stand in it in clear")
    parser.add_argument("--masked", action="store_true", help="mask recipients; then no reason is needed")
    parser.add_argument("--password", default="", help="lock the xlsx with it (AES); it is not kept")
    parser.add_argument("--lang", choices=["ko", "en"], default="ko", help="language of titles and words")


def run(options: argparse.Namespace) -> int:
    """Write the file as the company's first owner; status 1 with a sentence where it is refused."""
    with application():
        from jumun.companies.queries import find_company_id, first_owner
        from jumun.companies.roles import Role, permissions_of
        from jumun.companies.trail import Looker
        from jumun.core.tenancy import acting_as
        from jumun.exports.actions import start_export, take_file
        from jumun.exports.queries import get_export
        from jumun.exports.writing import write_export

        company_id = find_company_id(options.company)
        if company_id is None:
            print(f"jumun: there is no company {options.company!r} in this data folder.", file=sys.stderr)
            return 1
        may = permissions_of(Role.OWNER)
        try:
            with acting_as(company_id):
                person = first_owner()
                who = Looker(company_id, person, "cli", None)
                made = start_export(_wish(options, person, now()), who=who, may=may, at=now(), queued=False)
                job = get_export(made, person, everybodys=False, at=now()).job
            write_export(company_id, made, job or 0, clock=now)
            with acting_as(company_id):
                found = take_file(made, who=who, may=may, at=now())
                rows = get_export(made, person, everybodys=False, at=now()).rows
            with found.content as content:
                _save(content, options.out)
        except JumunError as problem:
            print(f"jumun: {problem.reason(options.lang)}", file=sys.stderr)
            return 1
    print(f"{rows} rows: {options.out}")
    return 0


def _save(content: BinaryIO, out: Path) -> None:
    """The file under its name, whole or not at all; for its owner's eyes only."""
    half = out.with_name(f".{out.name}.part")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(content, file)
    half.replace(out)


def _wish(options: argparse.Namespace, person: int, at: datetime) -> "Wish":
    from jumun.exports.actions import Wish
    from jumun.orders.selection import Selection

    what, columns = _columns(options, person)
    title, wanted = _view(options.view, person, at)
    return Wish(
        what=what,
        chosen=Selection(filter=wanted),
        columns=columns,
        kind=options.kind or ("csv" if options.out.suffix.lower() == ".csv" else "xlsx"),
        title=title,
        password=options.password,
        reason=options.reason,
        masked=options.masked,
        language=options.lang,
    )


def _view(name: str, person: int, at: datetime) -> "tuple[str, ItemFilter]":
    """The title and the conditions of a view, as they are: no period is added. Raises NotFoundError."""
    from jumun.orders.filter_address import read_settled, read_text
    from jumun.orders.filters import ItemFilter
    from jumun.orders.number_lists import get_numbers
    from jumun.orders.states import Status
    from jumun.orders.views import list_views

    if name == "all":
        return name, ItemFilter()
    if name == "claims":
        return name, ItemFilter(claim="open")
    if name in Status.values:
        return name, ItemFilter(status=(name,))
    for view in list_views(person):
        if name in (view.name, str(view.id)):
            settled = read_text(view.query)
            numbers = get_numbers(settled["list"]) if "list" in settled else ()
            return view.name, read_settled(settled, at=at, numbers=numbers)
    raise NotFoundError("unknown_view")


def _columns(options: argparse.Namespace, person: int) -> "tuple[str, tuple[Chosen, ...]]":
    from jumun.exports.columns import default_columns
    from jumun.exports.layouts import list_layouts

    if not options.layout:
        return options.what, default_columns(options.what, options.lang)
    for layout in list_layouts(person):
        if options.layout in (layout.name, str(layout.id)):
            return layout.what, layout.columns
    raise NotFoundError("not_found")
