"""An export with its file, as a worker leaves it."""

from jumun.companies.roles import Role, permissions_of
from jumun.companies.trail import Looker
from jumun.exports.actions import Wish, start_export
from jumun.exports.columns import default_columns
from jumun.exports.models import Export
from jumun.exports.tasks import write
from jumun.orders.filters import ItemFilter
from jumun.orders.selection import Selection


def make_export(house, caller, **more):
    """Ask by REST for every item, have it written; answers the export's id."""
    made = caller.post("/exports", {"filter": {}, "reason": "택배 접수"} | more)
    assert made.status == 202, made.body
    run(house, made.body["id"], made.body["job"])
    return made.body["id"]


def ask_export(house, at, *, by=None, role=Role.OWNER, **more):
    """Somebody asks for every item; answers the export's row. Within acting_as."""
    who = Looker(house.company, by or house.owner, "test", None)
    values = {"what": "items", "chosen": Selection(filter=ItemFilter()), "reason": "택배 접수"} | more
    values.setdefault("columns", default_columns(values["what"]))
    return Export.objects.get(id=start_export(Wish(**values), who=who, may=permissions_of(role), at=at))


def save_export(house, at, **more):
    """The same with its file; answers its id."""
    made = ask_export(house, at, **more)
    run(house, made.id, made.job_id)
    return made.id


def run(house, export, job):
    """What the worker does with it."""
    write(company_id=house.company, export_id=export, job_id=job)
