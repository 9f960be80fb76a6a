"""What the interface for sheets takes and answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from jumun.api.fields import NO_NUL, Body, Flag, Id, PathId, Text
from jumun.api.problems import InvalidError
from jumun.api.schemas import reason_of
from jumun.intake import sheet_queries
from jumun.intake.sheet_fields import PERSONAL, Plan
from jumun.intake.sheet_fields import Field as SheetField

if TYPE_CHECKING:
    from jumun.intake.models import SheetTemplate

TemplateName = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]
Column = Annotated[int, Field(strict=True, ge=0, le=16_383)]


class SourceBody(Body):
    """Where a field comes from: 0-based columns, joined; or a part of one, split. `each`: the price of one."""

    columns: Annotated[list[Column], Field(min_length=1, max_length=20)]
    join: Annotated[str, Field(max_length=10, pattern=NO_NUL)] = " "
    split: Annotated[str, Field(max_length=10, pattern=NO_NUL)] = ""
    part: Annotated[int, Field(strict=True, ge=-20, le=20)] = 0
    each: Flag = False


class PlanBody(Body):
    """How a sheet's columns become fields. `header_row` is 1-based, 0 without one; `dates`: the order of 05/06/2026."""

    header_row: Annotated[int, Field(strict=True, ge=0, le=1_048_576)]
    headers: Annotated[list[Text], Field(max_length=16_384)]
    sources: Annotated[dict[SheetField, SourceBody], Field(min_length=1)]
    fixed: dict[SheetField, Text] = {}
    dates: Literal["", "dmy", "mdy"] = ""

    def read(self) -> Plan:
        """The plan. Raises InvalidError."""
        try:
            return Plan.from_json(self.model_dump(mode="json"))
        except ValueError as wrong:
            raise InvalidError("invalid", field="plan") from wrong


class Doubtful(BaseModel):
    """A field a person should look at, why, and the columns it may come from."""

    field: str
    code: str
    columns: list[int] = []


class Changes(BaseModel):
    """How the headers differ from the template's."""

    added: list[str] = []
    gone: list[str] = []
    moved: list[str] = []


class CodeCount(BaseModel):
    """How many rows have a verdict for a reason."""

    verdict: str
    code: str
    reason: str | None
    rows: int


class Sheet(BaseModel):
    """An uploaded sheet. `counts`: rows by verdict; `orders`: committed; `to_commit`: orders a commit would store now."""

    id: int
    name: str
    state: str
    code: str | None
    reason: str | None
    account: int | None
    account_name: str
    by: int | None
    by_name: str
    created_at: datetime
    committed_at: datetime | None
    deleted_at: datetime | None
    kind: str
    encoding: str
    worksheet: str
    notices: list[str]
    template: int | None
    template_name: str
    plan: dict[str, Any] | None
    samples: dict[int, list[str]]
    asks: list[str]
    unsure: list[Doubtful]
    changes: Changes
    on_known: str
    on_other: str
    on_duplicate: str
    rows: int
    counts: dict[str, int]
    codes: list[CodeCount]
    to_commit: int
    orders: int
    job: int | None


class Fault(BaseModel):
    """What a row is refused for: the column's header, our field, and the value as it stands there."""

    column: str
    field: str
    value: str


class SheetRow(BaseModel):
    """One row: what was understood, what becomes of it and why. `item` rows of a commit are found by `line`."""

    row: int
    verdict: str
    code: str | None
    reason: str | None
    fault: Fault | None
    order_number: str
    account: int | None
    fields: dict[str, str]
    cells: list[Any]
    unsure: list[Doubtful]
    known_quantity: int | None
    fixed: bool
    left_out: bool
    line: int | None


class UploadForm(BaseModel):
    """Beside the file: whose orders they are (or a column says so), its password, a template to read it with."""

    account: PathId | None = None
    password: Annotated[str, Field(max_length=255, pattern=NO_NUL)] = ""
    template: PathId | None = None


class SheetChange(Body):
    """Choices and columns; what is left out stays. `remember`: keep the plan as a template of this name."""

    account: Id | None = None
    on_known: Literal["skip", "update", "refuse"] | None = None
    on_other: Literal["skip", "store", "refuse"] | None = None
    on_duplicate: Literal["skip", "refuse"] | None = None
    plan: PlanBody | None = None
    remember: TemplateName | None = None


class RowChange(Body):
    """Corrected fields of a row, or whether it is left out."""

    fields: dict[SheetField, Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]] = {}
    left_out: Flag | None = None


class RowQuery(BaseModel):
    """Which rows: of some verdicts (`refused,update`), of one reason."""

    verdict: str = Field("", max_length=100, pattern=r"^[a-z_,]*$")
    code: str = Field("", max_length=50, pattern=r"^[a-z_0-9]*$")


class MovedRow(BaseModel):
    """A row whose order moved on, so that the batch may not be deleted."""

    row: int
    order_number: str
    code: str
    reason: str | None


class Deleted(BaseModel):
    """What deleting a batch did; with `moved_total` nothing was deleted, and `moved` names the first of those rows."""

    lines: int
    orders: int
    moved: list[MovedRow]
    moved_total: int


class Template(BaseModel):
    """A saved way to read a sheet. `account` null: of any account's sheets."""

    id: int
    name: str
    account: int | None
    plan: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    used_at: datetime | None
    by: int | None


class TemplateBody(Body):
    """A template: its name, its plan, and the account whose sheets it is for."""

    name: TemplateName
    plan: PlanBody
    account: Id | None = None


def show_sheet(each: sheet_queries.Upload, language: str, *, clear: bool = False) -> Sheet:
    """An upload as it is answered; `clear`: with samples of its cells, a look the caller writes to the trail."""
    return Sheet(
        id=each.id,
        name=each.name,
        state=each.state,
        code=each.code or None,
        reason=reason_of(each.code, language),
        account=each.account,
        account_name=each.account_name,
        by=each.by,
        by_name=each.by_name,
        created_at=each.created_at,
        committed_at=each.committed_at,
        deleted_at=each.deleted_at,
        kind=each.kind,
        encoding=each.encoding,
        worksheet=each.sheet,
        notices=list(each.notices),
        template=each.template,
        template_name=each.template_name,
        plan=each.plan.to_json() if each.plan else None,
        samples=dict(each.samples) if clear else {},
        asks=list(each.asks),
        unsure=[Doubtful(**one) for one in each.unsure],
        changes=Changes(**{name: list(told) for name, told in each.changes.items()}),
        on_known=each.on_known,
        on_other=each.on_other,
        on_duplicate=each.on_duplicate,
        rows=each.rows,
        counts=dict(each.counts),
        codes=[
            CodeCount(verdict=verdict, code=code, reason=reason_of(code, language), rows=rows)
            for (verdict, code), rows in sorted(each.codes.items())
            if code and verdict != "none"
        ],
        to_commit=each.orders_to_store,
        orders=each.orders,
        job=each.job,
    )


def show_row(each: sheet_queries.UploadRow, language: str, *, clear: bool = False) -> SheetRow:
    """A staged row as it is answered; not `clear`: without its cells and what tells of people, as changes are answered."""
    fault = each.problem if each.problem and each.problem.get("code") == each.code else None
    return SheetRow(
        row=each.row,
        verdict=each.verdict,
        code=each.code or None,
        reason=reason_of(each.code, language) if each.verdict != "none" else None,
        fault=Fault(
            column=fault["column"],
            field=fault["field"],
            value=fault["value"] if clear or fault["field"] not in PERSONAL else "",
        )
        if fault
        else None,
        order_number=each.order_number,
        account=each.account,
        fields={name: text for name, text in each.fields.items() if clear or name not in PERSONAL},
        cells=list(each.cells) if clear else [],
        unsure=[Doubtful(field=one["field"], code=one["code"]) for one in each.unsure],
        known_quantity=each.known_quantity,
        fixed=each.fixed,
        left_out=each.left_out,
        line=each.line,
    )


def show_template(each: "SheetTemplate") -> Template:
    """A template as it is answered."""
    return Template(
        id=each.id,
        name=each.name,
        account=each.account_id,
        plan=each.plan,
        created_at=each.created_at,
        changed_at=each.changed_at,
        used_at=each.used_at,
        by=each.by_id,
    )
