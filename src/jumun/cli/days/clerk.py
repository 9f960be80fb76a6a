"""The clerk's side of a day, over REST and nothing else."""

from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from jumun.cli.days.plan import Step
from jumun.cli.days.speaking import Rest, StuckError, wait_for

Item = dict[str, Any]
LONGEST_JOB = 150.0
ROWS = 1000
ENDED = ("done", "partly", "failed")


@dataclass
class Clerk:
    """Does the plan's steps, remembers the jobs that run and the last batch."""

    rest: Rest
    accounts: dict[str, int]
    """Account ids by key."""
    seed: int
    jobs: list[int] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    last_batch: str | None = None
    serial: int = 0
    held: list[int] = field(default_factory=list)

    def items(self, **params: Any) -> list[Item]:
        """Every item of a filter."""
        return self.rest.walk("/items", **params)

    def counts(self) -> dict[str, int]:
        """Items by status."""
        found: dict[str, int] = self.rest.get("/items/counts")["statuses"]
        return found

    def collect(self, *, auto_confirm: bool, apart: bool = False) -> list[int]:
        """Collect every account, in one job or each in its own; answers the jobs."""
        ids = list(self.accounts.values())
        groups = [[each] for each in ids] if apart else [ids]
        made = [
            self.rest.post("/collections", {"accounts": group, "auto_confirm": auto_confirm})["job"] for group in groups
        ]
        self.jobs += made
        return made

    def sync(self) -> None:
        """Sync every account."""
        self.jobs.append(self.rest.post("/syncs", {"accounts": list(self.accounts.values())})["job"])

    def act(self, step: Step, place: int) -> int:
        """An action with all items of a status, or a share of them by id; answers how many it took on."""
        body: dict[str, Any] = {"filter": {"status": [step["status"]]}}
        if step["share"] < 1:
            ids = self._share(self.items(status=step["status"]), step["share"], place)
            if not ids:
                return 0
            body = {"ids": ids}
        if "params" in step:
            body["params"] = step["params"]
        answer = self.rest.post(f"/items/actions/{step['action']}", body, twice=step.get("twice", False))
        self.last_batch = answer["batch"]
        if answer["job"] is not None:
            self.jobs.append(answer["job"])
        if step["action"] == "hold":
            self.held += body["ids"]
        return int(answer["done"])

    def unhold(self) -> None:
        """Free what this clerk held; what the channel held stays."""
        if self.held:
            self.rest.post("/items/actions/unhold", {"ids": self.held})
            self.held = []

    def undo(self) -> None:
        """Take the last batch back."""
        if self.last_batch:
            self.rest.ask("POST", f"/batches/{self.last_batch}/undo")

    def enter_waybills(self, *, status: str, share: float, carrier: str, place: int) -> int:
        """A number for each shipment of a share of a status's items; answers how many items took one."""
        items = {item["id"]: item for item in self.items(status=status)}
        chosen = self._share(list(items.values()), share, place)
        bundles = sorted({items[each]["shipment"] for each in chosen})
        done = 0
        for start in range(0, len(bundles), ROWS):
            rows = [
                {"bundle_no": bundle, "carrier": carrier, "number": self.next_number(carrier)}
                for bundle in bundles[start : start + ROWS]
            ]
            answer = self.rest.post("/waybills", {"waybills": rows})
            self.last_batch = answer["batch"] or self.last_batch
            if answer["job"] is not None:
                self.jobs.append(answer["job"])
            done += answer["done"]
        return done

    def next_number(self, carrier: str) -> str:
        """A waybill number never used on this day, of the carrier's length, with its check digit."""
        self.serial += 1
        serial = self.seed % 1000 * 1_000_000 + self.serial
        if carrier == "hanjin":
            body = 53_000_000_000 + serial
            return f"{body}{body % 7}"
        return f"68{serial:09d}{serial % 7}"

    def wait(self) -> None:
        """Until every job has ended. Raises StuckError."""
        for job in self.jobs:
            self.ended.append(wait_for(partial(self._ended, job), LONGEST_JOB, f"job {job}"))
        self.jobs = []

    def next_waits(self) -> int:
        """How many effects are being read back still."""
        return len(self.items(push="planned,sending,unknown"))

    def _ended(self, job: int) -> Any:
        found = self.rest.get(f"/jobs/{job}", limit=1)
        return found if found["status"] in ENDED else None

    def _share(self, items: list[Item], share: float, place: int) -> list[int]:
        ids = sorted(item["id"] for item in items)
        if share >= 1 or not ids:
            return ids
        return sorted(Random(f"{self.seed} {place}").sample(ids, max(1, round(len(ids) * share))))  # noqa: S311


def open_company(rest: Rest, catalogue: list[dict[str, Any]], cards: list[dict[str, Any]]) -> dict[str, int]:
    """A ship-from, the malls' catalogue and an account for each card; answers account ids by key."""
    place = rest.post("/ship-froms", {"code": "main", "name": "본사 창고"})["id"]
    products = [
        {
            "code": row["seller_code"],
            "name": row["product_name"],
            "skus": [
                {
                    "code": row["seller_code"],
                    "option_text": row["option"],
                    "price": row["price"],
                    "ship_from": "main",
                }
            ],
        }
        for row in catalogue
    ]
    rest.post("/products", {"products": products})
    accounts = {}
    for card in cards:
        body = {
            "channel": card["channel"],
            "name": card["key"],
            "key": card["key"],
            "base_url": card["base_url"],
            "credentials": card["credentials"],
            "ship_from": place,
        }
        accounts[card["key"]] = rest.post("/channel-accounts", body)["id"]
    if len(accounts) != len(cards):
        raise StuckError("two cards have one key")
    return accounts
