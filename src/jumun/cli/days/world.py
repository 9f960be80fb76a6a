"""The malls' side of a day: orders, faults, and what buyers, carriers and the seller centre do behind our back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from jumun.cli.days.plan import Account, Step
from jumun.cli.days.speaking import Mall

Line = dict[str, Any]
Key = tuple[str, str, str]
"""Account key, order number, line number."""
OPEN = frozenset(
    {"CANCEL_REQUEST", "CANCELING", "RETURN_REQUEST", "EXCHANGE_REQUEST", "COLLECTING", "COLLECT_DONE"}
    | {"RELEASE_STOP_UNCHECKED", "RETURNS_UNCHECKED", "VENDOR_WAREHOUSE_CONFIRM", "REQUEST_COUPANG_CHECK"}
    | {"RECEIPT", "PROGRESS"}
)
"""The malls' words for a claim under way."""
WAITING = frozenset({"PAYED", "ACCEPT", "INSTRUCT"})
"""The malls' words for paid and not sent."""
GONE = frozenset({"CANCELED", "CANCELED_BY_NOPAYMENT", "RETURNED", "EXCHANGED"})


def is_waiting(line: Line) -> bool:
    """Whether this line is the seller's to send."""
    return line["status"] in WAITING and bool(line.get("remaining", 1))


def is_gone(line: Line) -> bool:
    """Whether nothing of this line is to be sent any more."""
    return line["status"] in GONE or not line.get("remaining", 1)


def pool_of(line: Line) -> frozenset[str]:
    """What may happen to a line now, as the names of the plan's pools."""
    status, claimed = line["status"], line.get("claim") in OPEN
    pools = set()
    if is_waiting(line):
        pools.add("asked" if claimed else "waiting")
        if not claimed and (line.get("place_status") == "NOT_YET" or status == "ACCEPT"):
            pools.add("new")
        if not claimed and line.get("remaining", 1) > 1:
            pools.add("parts")
    elif not claimed:
        pools |= {
            "PAYMENT_WAITING": {"unpaid"},
            "DELIVERING": {"sent"},
            "DEPARTURE": {"sent"},
            "DELIVERED": {"arrived"},
            "FINAL_DELIVERY": {"arrived"},
        }.get(status, set())
    return frozenset(pools)


@dataclass
class World:
    """Carries out the plan's steps on the simulator; `told` counts what happened."""

    mall: Mall
    accounts: Sequence[Account]
    seed: int

    def __post_init__(self) -> None:
        self.orders = 0
        self.faults = 0
        self.events = 0
        self.sent_there: set[Key] = set()
        """Lines that were sent in a seller centre."""
        self.changed_there: set[Key] = set()
        """Lines whose number was changed there."""
        self._numbers = count(self.seed % 1000 * 1_000_000)

    def lines(self) -> dict[Key, Line]:
        """Every line of every mall, by (account, order, line)."""
        found: dict[Key, Line] = self.mall.state(each.channel for each in self.accounts)["lines"]
        return found

    def make_orders(self, step: Step) -> None:
        """New orders at one account."""
        account = self.accounts[step["account"]]
        body = {"channel": account.channel, "account": account.key, "count": step["count"], "seed": step["seed"]}
        self.mall.post("orders", **body, **step["mix"])
        self.orders += step["count"]

    def put_fault(self, step: Step) -> None:
        """Trouble that waits for a call."""
        account = self.accounts[step["account"]]
        body = {name: value for name, value in step.items() if name not in ("do", "account")}
        self.mall.post("faults", channel=account.channel, account=account.key, **body)
        self.faults += step["times"]

    def happen(self, step: Step, place: int) -> None:
        """An event for a share of the lines it can happen to; which ones, the seed and the step's place decide."""
        account = self.accounts[step["account"]]
        there = self.lines()
        pool = sorted(key for key, line in there.items() if key[0] == account.key and step["pool"] in pool_of(line))
        if not pool:
            return
        rng = Random(f"{self.seed} {place}")  # noqa: S311
        size = min(len(pool), max(1, round(len(pool) * step["share"])))
        chosen = rng.sample(pool, size)
        body: dict[str, Any] = {"event": step["event"]}
        done: list[str] = []
        for part in self._calls(step["event"], chosen):
            done += self.mall.event(channel=account.channel, account=account.key, **body, **part)
        self.events += len(done)
        if step["event"] == "ship":
            self.sent_there |= _boxes(account.key, set(done), there)
        if step["event"] == "waybill_change":
            self.changed_there |= _boxes(account.key, set(done), there)

    def _calls(self, event: str, chosen: Sequence[Key]) -> list[dict[str, Any]]:
        """The calls of an event: some are about one line and its quantity or number, some about a whole order."""
        if event == "cancel_partial":
            return [{"lines": [line_no], "quantity": 1} for _, _, line_no in chosen]
        if event == "waybill_change":
            serials = [(line_no, next(self._numbers)) for _, _, line_no in chosen]
            return [{"lines": [line_no], "number": f"69{serial:09d}{serial % 7}"} for line_no, serial in serials]
        if event == "address_change":  # a buyer moves with the whole order
            moved = {"zipCode": "06236", "baseAddress": "서울 강남구 테헤란로 152"}
            orders = sorted({order for _, order, _ in chosen})
            return [{"order_no": order, "detailedAddress": f"{order[-4:]}호", **moved} for order in orders]
        return [{"lines": [line_no for _, _, line_no in chosen]}]


def _boxes(account: str, done: set[str], there: dict[Key, Line]) -> set[Key]:
    """These lines with those of their boxes: a box leaves with all its lines, whichever was named."""
    lines = {key: (key[1], line.get("box", key[2])) for key, line in there.items() if key[0] == account}
    named = {box for key, box in lines.items() if key[2] in done}
    return {key for key, box in lines.items() if box in named}
