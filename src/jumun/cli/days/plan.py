"""What happens on a day: one seed decides orders, faults, kills, late events and the clerk's waves. Pure."""

from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

Step = dict[str, Any]
"""One thing to do: `do` names it, the rest are its particulars, all of JSON."""

WRITES: dict[str, tuple[str, ...]] = {
    "naver": ("confirm", "dispatch"),
    "coupang": ("acknowledgement", "invoices"),
}
READS: dict[str, tuple[str, ...]] = {
    "naver": ("last-changed-statuses", "query", "token"),
    "coupang": ("ordersheets", "ordersheets", "returnRequests", "exchangeRequests"),
}
ANYWHERE = ("error500", "error503", "rate_limit", "cut", "html200", "truncated_json", "wrong_charset", "slow")
ON_WRITES = (
    "timeout_after",
    "cut_after",
    "apply_late",
    "refuse_line",
    "timeout",
    "error500_applied",
    "html200_applied",
)
ON_READS = ("timeout", "unauthorized", "unknown_enum")
CRASHES = ("before_http", "after_http_before_commit", "after_stored_page")


@dataclass(frozen=True, slots=True)
class Account:
    """One channel account of the day."""

    channel: str
    key: str


NAVER_ONLY = (Account("naver", "store-a"), Account("naver", "store-b"), Account("naver", "store-c"))
MIXED = (Account("naver", "store-a"), Account("naver", "store-b"), Account("coupang", "wing-a"))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole day. `crashes`: where the first workers die by themselves, one place for each start."""

    seed: int
    orders: int
    accounts: tuple[Account, ...]
    crashes: list[str]
    steps: list[Step] = field(default_factory=list)

    def show(self) -> dict[str, Any]:
        """The plan as JSON, for the log."""
        return asdict(self)


def make_plan(seed: int, orders: int, accounts: tuple[Account, ...]) -> Plan:
    """Everything that will be tried on that day. The same seed makes the same plan."""
    rng = Random(f"jumun day {seed}")  # noqa: S311
    waves = 3 if orders >= 600 else 2 if orders >= 300 else 1
    crashes = [rng.choice(CRASHES) for _ in range(rng.randint(1, 3))]
    plan = Plan(seed, orders, accounts, crashes)
    maker = _Maker(rng, accounts, plan.steps, latest=6 if orders >= 600 else 1)
    left = orders
    for wave in range(waves):
        size = left // (waves - wave)
        left -= size
        maker.make_wave(size, last=wave == waves - 1)
    web = {"do": "restart_web", "signal": rng.choice(("TERM", "KILL"))}
    plan.steps.insert(rng.randrange(len(plan.steps) // 4, len(plan.steps)), web)
    return plan


class _Maker:
    def __init__(self, rng: Random, accounts: tuple[Account, ...], steps: list[Step], *, latest: int) -> None:
        self._rng = rng
        self._latest = latest
        """How many calls may pass before a fault: a small day has few."""
        self._accounts = accounts
        self._steps = steps

    def make_wave(self, size: int, *, last: bool) -> None:
        """Orders come and are taken as far as transmission; the world does not wait for it."""
        rng = self._rng
        early = size * rng.randint(5, 9) // 10
        self._orders(early)
        self._faults("reads", rng.randint(1, 3))
        self._faults("writes", rng.randint(0, 1))
        self._add("collect", auto_confirm=rng.random() < 0.5, apart=rng.random() < 0.3)
        self._orders(size - early)
        self._maybe_kill(0.5)
        self._events("before")
        self._add("wait")
        self._add("collect", auto_confirm=rng.random() < 0.3, apart=False)
        self._add("wait")
        self._faults("writes", rng.randint(1, 3))
        self._act("confirm", "paid", rng.choice((1.0, 1.0, 0.7)))
        self._maybe_kill(0.5)
        self._events("before")
        self._add("wait")
        self._pack()
        self._send(last=last)

    def _pack(self) -> None:
        rng = self._rng
        self._act("hold", "preparing", 0.02, params={"reason": "customer"})
        self._act("release", "preparing", rng.choice((1.0, 0.9)))
        if rng.random() < 0.3:
            self._add("undo")
            self._act("release", "preparing", 1.0)
        self._events("before")
        self._add("waybills", status="ready", share=rng.choice((1.0, 0.95)), carrier=rng.choice(("cj", "hanjin")))
        chance = rng.random()
        if chance < 0.2:
            self._add("undo")
            self._add("waybills", status="ready", share=1.0, carrier="cj")
        elif chance < 0.5:
            self._add("waybills", status="labelled", share=0.05, carrier="cj")
        self._events("before")
        if rng.random() < 0.5:
            self._add("sync")
            self._maybe_kill(0.3)
            self._add("wait")
        self._act("hand_over", "labelled", 1.0)
        if rng.random() < 0.25:
            self._add("undo")
            self._act("hand_over", "labelled", 1.0)
        self._add("unhold")

    def _send(self, *, last: bool) -> None:
        rng = self._rng
        self._faults("writes", rng.randint(2, 4))
        self._faults("reads", rng.randint(0, 2))
        self._act("transmit", "shipped", rng.choice((1.0, 0.9)))
        if rng.random() < 0.25:
            self._add("undo")
            self._act("transmit", "shipped", 1.0)
        self._maybe_kill(0.8)
        if rng.random() < 0.6:
            self._add("sync")
        self._events("before")
        self._maybe_kill(0.3)
        self._events("after")
        self._add("wait")
        if rng.random() < 0.7:
            self._add("correct", share=0.01)
        self._act("transmit", "shipped", 1.0)
        self._add("wait")
        self._events("after")
        if last:
            self._add("event", event="gift_received", pool="new", share=1.0, account=self._account())
        self._add("sync")
        self._add("wait")

    def _orders(self, size: int) -> None:
        """A share of the orders for each account, of every kind that a morning brings."""
        rng = self._rng
        left = size
        for place, account in enumerate(self._accounts):
            last = place == len(self._accounts) - 1
            count = left if last else min(left, size * rng.randint(20, 45) // 100)
            left -= count
            if not count:
                continue
            mix = {
                "confirmed": round(rng.uniform(0, 0.5), 2),
                "cancelled": round(rng.uniform(0, 0.03), 2),
                "dispatched": round(rng.uniform(0, 0.03), 2),
                "cancel_requested": round(rng.uniform(0, 0.04), 2),
                "same_recipient": round(rng.uniform(0, 0.2), 2),
                "unknown_product": round(rng.uniform(0, 0.02), 2),
                "lines": [1, rng.randint(1, 3)],
                "quantity": [1, rng.randint(1, 3)],
            }
            if account.channel == "naver":
                mix |= {
                    "unpaid": round(rng.uniform(0, 0.05), 2),
                    "gift_without_address": round(rng.uniform(0, 0.02), 2),
                    "pre_order": round(rng.uniform(0, 0.02), 2),
                    "mall_logistics": round(rng.uniform(0, 0.01), 2),
                    "direct_delivery": round(rng.uniform(0, 0.02), 2),
                }
            elif account.channel == "coupang":
                mix |= {"multi_box": round(rng.uniform(0, 0.1), 2), "bad_seller_code": round(rng.uniform(0, 0.02), 2)}
            self._add("orders", account=place, count=count, seed=rng.randrange(10**9), mix=mix)

    def _faults(self, where: str, count: int) -> None:
        rng = self._rng
        for _ in range(count):
            place = self._account()
            channel = self._accounts[place].channel
            calls = WRITES[channel] if where == "writes" else READS[channel]
            kind = rng.choice((*ANYWHERE, *(ON_WRITES if where == "writes" else ON_READS)))
            call = rng.choice(calls)
            if kind == "unknown_enum" and call == "token":
                kind = "error500"
            fault = _fault(kind, rng)
            self._add(
                "fault",
                account=place,
                call=call,
                after=rng.randint(0, self._latest),
                times=rng.choice((1, 1, 2)),
                **fault,
            )

    def _events(self, when: str) -> None:
        """What buyers, carriers and the seller centre do meanwhile, sometimes twice and in any order."""
        rng = self._rng
        known = EVENTS[when]
        chosen = rng.sample(known, rng.randint(1, 3))
        for event, pool, share in chosen:
            step = {"event": event, "pool": pool, "share": share, "account": self._account()}
            self._add("event", **step)
            if rng.random() < 0.15:
                self._add("event", **step)

    def _act(self, action: str, status: str, share: float, **more: Any) -> None:
        self._add("act", action=action, status=status, share=share, twice=self._rng.random() < 0.1, **more)

    def _maybe_kill(self, chance: float) -> None:
        rng = self._rng
        if rng.random() < chance:
            signal = rng.choice(("KILL", "KILL", "TERM"))
            self._add("kill", worker=rng.randrange(2), signal=signal, after=round(rng.uniform(0, 0.6), 2))

    def _account(self) -> int:
        return self._rng.randrange(len(self._accounts))

    def _add(self, do: str, **what: Any) -> None:
        self._steps.append({"do": do, **what})


EVENTS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "before": (
        ("cancel_request", "waiting", 0.01),
        ("cancel", "waiting", 0.01),
        ("cancel", "asked", 0.3),
        ("cancel_withdraw", "asked", 0.3),
        ("cancel_partial", "parts", 0.01),
        ("confirm", "new", 0.05),
        ("ship", "waiting", 0.01),
        ("ship", "new", 0.01),
        ("address_change", "new", 0.02),
        ("pay", "unpaid", 0.3),
    ),
    "after": (
        ("deliver", "sent", 0.3),
        ("deliver", "sent", 0.5),
        ("picked_up", "sent", 0.3),
        ("settle", "sent", 0.02),
        ("settle", "arrived", 0.3),
        ("wrong_number", "sent", 0.02),
        ("waybill_change", "sent", 0.01),
        ("return_request", "arrived", 0.02),
        ("return_done", "arrived", 0.01),
        ("exchange_request", "arrived", 0.01),
    ),
}
"""Event, which of the mall's lines, what share of them."""


def _fault(kind: str, rng: Random) -> Step:
    match kind:
        case "error500_applied" | "html200_applied":
            return {"fault": kind.removesuffix("_applied"), "apply": True}
        case "timeout" | "timeout_after":
            return {"fault": kind, "seconds": 2}
        case "apply_late":
            return {"fault": kind, "seconds": round(rng.uniform(0.2, 1.2), 1), "hang": rng.choice((0, 0.5))}
        case "slow":
            return {"fault": kind, "seconds": round(rng.uniform(0.1, 0.7), 1)}
        case "rate_limit":
            return {"fault": kind, "retry_after": rng.choice((0.5, 1))}
        case "refuse_line":
            return {"fault": kind, "code": "999999", "message": "일시적인 오류입니다."}
        case "unauthorized":
            return {"fault": kind, "revoke": True}
        case _:
            return {"fault": kind}
