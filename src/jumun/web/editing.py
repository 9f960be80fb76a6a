"""Editing an order's recipient and memo: what another person or the channel changed meanwhile stands beside what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.core.errors import ConflictError, JumunError
from jumun.core.sentences import sentence
from jumun.orders.actions.edit import EDITABLE, MEMO, Edited, WrongFieldsError, edit_order, see_other_address, tidy
from jumun.orders.addresses import LINES, LONGEST, PHONES, REQUIRED
from jumun.orders.queries import OrderDetail, get_order, see_recipient
from jumun.orders.states import IN_HOUSE
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.shell import part


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values a field could have."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the form. With `choices` one of them is chosen instead of typing; the first is."""

    name: str
    label: str
    value: str
    was: str
    """What stood there when the form was drawn: only what differs from it is an edit."""
    fault: str = ""
    choices: Sequence[Choice] = ()

    @property
    def most(self) -> int:
        """Most characters."""
        return LONGEST[self.name]

    @property
    def required(self) -> bool:
        """May not be empty."""
        return self.name in REQUIRED

    @property
    def phone(self) -> bool:
        """Is a telephone number."""
        return self.name in PHONES

    @property
    def lines(self) -> bool:
        """May have several lines."""
        return self.name in LINES


@never_cache
@require_POST
@company_page(May.PERSONAL)
def edit(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """The form, its values in clear: opening it is a look, written down in the same transaction."""
    desk.need(May.MOVE)
    return _form(request, desk, order_id)


@sensitive_post_parameters()
@never_cache
@require_POST
@company_page(May.PERSONAL)
def save(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """Keep what was changed. What cannot be kept, or was changed by another, comes back with everything typed."""
    desk.need(May.MOVE)
    form = {name: request.POST[name] for name in EDITABLE if name in request.POST}
    revision = request.POST.get("revision", "")
    get_order(order_id)  # what is not there is not found, whatever the form holds
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise JumunError("revision_missing")
    was = {name: tidy(name, request.POST.get(f"was-{name}", "")) for name in form}
    changed = {name: value for name, value in form.items() if tidy(name, value) != was[name]}
    if "choosing" in request.POST:
        changed |= {name: value for name, value in form.items() if name != MEMO}
    try:
        edited = edit_order(order_id, changed, revision=int(revision), by=desk.person, at=now())
    except WrongFieldsError as wrong:
        return _form(request, desk, order_id, typed=form, faults=wrong.faults, revision=int(revision), status=422)
    except ConflictError as problem:
        return _form(request, desk, order_id, typed=form, trouble=problem.reason(language()), status=problem.status)
    if edited.stale:
        trouble = sentence("changed_meanwhile", language())
        return _form(request, desk, order_id, typed=form, trouble=trouble, edited=edited, status=409)
    if edited.changed:
        note_access(desk.looker, did="edit", subject=f"order:{order_id}", at=now())
    response = part(request, desk, "web/parts/done.html", text=_("저장했습니다."))
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "afterbegin"
    response["HX-Trigger-After-Settle"] = "items-changed"
    return response


def _form(
    request: HttpRequest,
    desk: Desk,
    order_id: int,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    trouble: str = "",
    edited: Edited | None = None,
    revision: int | None = None,
    status: int = 200,
) -> HttpResponse:
    found = get_order(order_id)
    other = see_other_address(order_id)
    note_access(desk.looker, did="view", subject=f"order:{order_id}", at=now())
    rows = _rows(found, typed or {}, faults or {}, other, edited)
    if not any(item.status in IN_HOUSE for item in found.items):
        rows = [row for row in rows if row.name == MEMO or (typed and typed.get(row.name) != row.was)]
    response = part(
        request,
        desk,
        "web/parts/edit.html",
        order_id=order_id,
        number=found.number,
        rows=rows,
        # what was typed on an older version is judged against that version again, except where a choice is offered
        revision=revision if revision is not None else found.revision,
        trouble=trouble,
        choosing=bool(other),
        only_memo=sentence("left_house", language()) if len(rows) == 1 and not trouble else "",
    )
    response.status_code = status
    return response


def _rows(
    found: OrderDetail,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    other: Mapping[str, str],
    edited: Edited | None,
) -> list[Row]:
    seen = see_recipient(found.id)
    rows = []
    for name in EDITABLE:
        stands = found.memo if name == MEMO else str(getattr(seen, name))
        theirs = other.get(name, stands)
        value = typed.get(name, stands)
        choices: list[Choice] = []
        if edited is not None:
            value = edited.differs[name].yours if name in edited.differs else stands
        if value != stands and edited is not None:
            choices = [Choice(_("내가 적은 값"), value), Choice(_("지금 저장된 값"), stands)]
        elif theirs != stands and name not in typed:
            choices = [Choice(_("지금 저장된 값"), stands)]
        if choices and theirs not in [each.value for each in choices]:
            choices.append(Choice(_("쇼핑몰의 새 값"), theirs))
        fault = faults.get(name, "")
        rows.append(
            Row(
                name,
                words.name_field(name),
                words.tell_phone(value) if name in PHONES and not choices else value,
                stands,
                sentence(fault, language(), most=LONGEST[name]) if fault else "",
                choices,
            )
        )
    return rows
