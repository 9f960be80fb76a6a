"""One day from morning to quiet: carry the plan out, let everything come to rest, judge."""

import json
import resource
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jumun.cli.days.checks import judge
from jumun.cli.days.clerk import Clerk, open_company
from jumun.cli.days.plan import Plan, Step
from jumun.cli.days.processes import TIMERS, Processes
from jumun.cli.days.seen import Seen, count_deadlocks, count_foreign, find_company, read_company
from jumun.cli.days.speaking import Mall, Rest, StuckError, wait_for
from jumun.cli.days.world import World, is_waiting

ROUNDS = 8
LONGEST_QUIET = 90.0
SLOW = 1.0
"""Steps that took longer are named in the report."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day happens: a migrated database, spoken to as the application's role, and a folder for its words."""

    conninfo: str
    env: Mapping[str, str]
    logs: Path


@dataclass
class Report:
    """What became of a day."""

    seed: int
    orders: int = 0
    lines: int = 0
    faults: int = 0
    events: int = 0
    kills: int = 0
    deadlocks: int = 0
    """Broken by PostgreSQL and done again: no invariant, but each one costs."""
    seconds: float = 0
    violations: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def row(self) -> str:
        """The day in one line."""
        knots = f" {self.deadlocks} deadlocks," if self.deadlocks else ""
        told = "none" if not self.violations else str(len(self.violations))
        return (
            f"seed {self.seed}: {self.orders} orders, {self.lines} lines, {self.faults} faults, {self.kills} kills,"
            f" {self.events} late events,{knots} {self.seconds:.0f} s, violations: {told}"
        )


def live(plan: Plan, place: Place) -> Report:
    """Live through a day. Never raises for what the product does: that is in `violations`."""
    begun, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    report = Report(plan.seed)
    deadlocks = count_deadlocks(place.conninfo)
    logs = place.logs / f"seed-{plan.seed}"
    processes = Processes({**place.env, **TIMERS}, logs, plan.crashes)
    (logs / "plan.json").write_text(json.dumps(plan.show(), indent=1, ensure_ascii=False))
    try:
        processes.start()
        _Day(plan, place, processes, report).run()
    except StuckError as stuck:
        report.violations.append(f"I6: stuck: {stuck}")
    finally:
        processes.stop()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    report.notes["cpu"] = round(spent.ru_utime + spent.ru_stime - cpu.ru_utime - cpu.ru_stime, 1)
    report.deadlocks = count_deadlocks(place.conninfo) - deadlocks
    report.kills = sum(len(ends) for ends in processes.deaths().values())
    report.notes["deaths"] = processes.deaths()
    report.seconds = time.monotonic() - begun
    (logs / "report.json").write_text(json.dumps(vars(report), indent=1, ensure_ascii=False, default=str))
    return report


class _Day:
    def __init__(self, plan: Plan, place: Place, processes: Processes, report: Report) -> None:
        self._plan, self._place, self._processes, self._report = plan, place, processes, report
        self._mall = Mall(f"http://127.0.0.1:{processes.mall_port}")
        self._world = World(self._mall, plan.accounts, plan.seed)
        self._owed: dict[int, set[tuple[str, str, str]]] = {}
        self._must: set[tuple[str, str, str]] = set()
        slug = f"day-{plan.seed}-{time.time_ns() % 10**9}"
        with ThreadPoolExecutor() as both:
            (self._rest, self._company), (self._stranger, self._other) = both.map(self._found, (slug, f"{slug}-b"))
        processes.wait_until_ready()
        report.notes["started"] = round(time.monotonic() - processes.begun, 1)
        cards = [self._mall.post("accounts", channel=each.channel, key=each.key) for each in plan.accounts]
        self._mall.post("settings", **{f"{channel}.rps": 1000 for channel in {each.channel for each in plan.accounts}})
        accounts = open_company(self._rest, self._mall.catalogue(), cards)
        self._clerk = Clerk(self._rest, accounts, plan.seed)

    def _found(self, slug: str) -> tuple[Rest, int]:
        run = self._processes.run
        run("company", "--slug", slug, "--name", slug, "--email", f"{slug}@day.jumun")
        token = run("token", "--company", slug)
        rest = Rest(f"http://127.0.0.1:{self._processes.web_port}", token, slug)
        return rest, find_company(self._place.conninfo, slug)

    def run(self) -> None:
        """The plan, the quiet, the judgement."""
        report, notes = self._report, self._report.notes
        begun = time.monotonic()
        stuck = ""
        try:
            for number, step in enumerate(self._plan.steps):
                since = time.monotonic()
                self._do(step, number)
                if (took := time.monotonic() - since) > SLOW:
                    notes.setdefault("slow", []).append(f"{number} {step['do']} {step.get('action', '')} {took:.1f} s")
            notes["lived"] = round(time.monotonic() - begun, 1)
            notes["faults_unmet"] = self._mall.faults_left()
            self._come_to_rest()
        except StuckError as failure:
            stuck = str(failure)
        notes["rested"] = round(time.monotonic() - begun, 1)
        seen = self._look()
        self._keep(seen)
        report.orders, report.lines = self._world.orders, len(seen.mall_lines)
        report.faults = self._world.faults - notes.get("faults_unmet", 0)
        report.events = self._world.events
        notes["statuses"] = self._clerk.counts()
        notes["pushes"] = _count(item["push"] for item in seen.items)
        notes["jobs"] = _count(f"{job['kind']} {job['status']} {job['reason']}" for job in seen.jobs)
        report.violations += [f"I6: stuck: {stuck}"] if stuck else []
        report.violations += judge(seen)
        report.violations += self._look_as_a_stranger(seen)
        report.violations += self._rest.troubles
        self._rest.close()
        self._stranger.close()
        self._mall.close()

    def _do(self, step: Step, number: int) -> None:
        clerk, world = self._clerk, self._world
        match step["do"]:
            case "orders":
                world.make_orders(step)
            case "fault":
                world.put_fault(step)
            case "event":
                world.happen(step, number)
            case "kill":
                time.sleep(step["after"])
                self._processes.kill(f"worker-{step['worker']}", step["signal"])
            case "restart_web":
                self._processes.kill("web", step["signal"])
            case "collect":
                self._collect(auto_confirm=step["auto_confirm"], apart=step["apart"])
            case "sync":
                clerk.sync()
            case "act":
                clerk.act(step, number)
            case "undo":
                clerk.undo()
            case "unhold":
                clerk.unhold()
            case "waybills":
                wanted = {name: step[name] for name in ("status", "share", "carrier")}
                clerk.enter_waybills(**wanted, place=number)
            case "correct":
                clerk.enter_waybills(status="in_transit", share=step["share"], carrier="cj", place=number)
            case "wait":
                self._wait()
            case unknown:
                raise ValueError(unknown)

    def _collect(self, *, auto_confirm: bool, apart: bool = False) -> None:
        """Remember what waited for the seller before: a collection that ends well must have brought it."""
        owed = {key for key, line in self._world.lines().items() if is_waiting(line)}
        for job in self._clerk.collect(auto_confirm=auto_confirm, apart=apart):
            self._owed.setdefault(job, owed)

    def _wait(self) -> list[dict[str, Any]]:
        """Until every job has ended; a line that waited before a good collection and waits still must be ours."""
        self._clerk.wait()
        good = [self._owed.pop(job["id"], set()) for job in self._clerk.ended if job["status"] == "done"]
        if any(good) and not self._owed:
            now = {key for key, line in self._world.lines().items() if is_waiting(line)}
            self._must |= set.union(*good) & now
        ended, self._owed, self._clerk.ended = self._clerk.ended, {}, []
        return ended

    def _come_to_rest(self) -> None:
        """No more trouble; the clerk goes on until nothing changes, then the parcels arrive."""
        clerk = self._clerk
        self._mall.clear_faults()
        clerk.unhold()
        self._read_all(collect=True)
        before: dict[str, int] = {}
        for _ in range(ROUNDS):
            self._round()
            after = clerk.counts()
            if after == before:
                break
            before = after
        for event, pool, share in (("deliver", "sent", 0.5), ("settle", "arrived", 0.2)):
            for place in range(len(self._plan.accounts)):
                self._world.happen({"event": event, "pool": pool, "share": share, "account": place}, -place)
        self._read_all(collect=False)
        wait_for(lambda: not clerk.next_waits(), LONGEST_QUIET, "effects are being read back", every=0.5)

    def _read_all(self, *, collect: bool) -> None:
        """A last collection and sync: with nothing in their way they must end well."""
        if collect:
            self._collect(auto_confirm=False)
        self._clerk.sync()
        for job in self._wait():
            if job["status"] != "done":
                told = f"{job['kind']} job {job['id']} is {job['status']} ({job['code']})"
                self._report.violations.append(f"P1: {told} and no fault was left")

    def _round(self) -> None:
        clerk = self._clerk
        for action, status in (("confirm", "paid"), ("release", "preparing")):
            clerk.act({"action": action, "status": status, "share": 1}, 0)
            self._wait()
        clerk.enter_waybills(status="ready", share=1, carrier="cj", place=0)
        for action, status in (("hand_over", "labelled"), ("transmit", "shipped")):
            clerk.act({"action": action, "status": status, "share": 1}, 0)
            self._wait()

    def _look(self) -> Seen:
        state = self._mall.state(each.channel for each in self._plan.accounts)
        seen = Seen(state["lines"], state["effects"], must=self._must)
        seen.sent_there, seen.changed_there = self._world.sent_there, self._world.changed_there
        read_company(seen, self._place.conninfo, self._company)
        return seen

    def _keep(self, seen: Seen) -> None:
        """What both sides say in the end, for whoever looks into a broken day."""
        logs = self._place.logs / f"seed-{self._plan.seed}"
        mall = {"lines": {"/".join(key): line for key, line in seen.mall_lines.items()}, "effects": seen.mall_effects}
        (logs / "malls.json").write_text(json.dumps(mall, ensure_ascii=False, indent=0))
        ours = {"items": seen.items, "effects": seen.effects, "events": seen.events, "jobs": seen.jobs}
        (logs / "ours.json").write_text(json.dumps(ours, ensure_ascii=False, indent=0, default=str))

    def _look_as_a_stranger(self, seen: Seen) -> list[str]:
        """I7: another company sees and moves nothing of ours."""
        broken = []
        stranger = self._stranger
        ids = [item["id"] for item in seen.items[:50]]
        if ids and stranger.get("/items", ids=",".join(map(str, ids)))["items"]:
            broken.append("I7: a stranger reads our items by id")
        if stranger.get("/items")["items"] or stranger.get("/jobs")["items"] or stranger.get("/shipments")["items"]:
            broken.append("I7: a stranger's lists are not empty")
        jobs = [job["id"] for job in seen.jobs[:3]]
        known = [each for each in jobs if stranger.ask("GET", f"/jobs/{each}").status_code != 404]
        broken += [f"I7: a stranger reads job {each}" for each in known]
        if ids:
            moved = stranger.post("/items/actions/hold", {"ids": ids, "params": {"reason": "other"}})
            if moved["done"] or moved["refused_total"] != len(ids):
                broken.append(f"I7: a stranger holds {moved['done']} of our items")
        foreign = count_foreign(self._place.conninfo, self._company, self._other)
        return broken + [f"I7: {count} rows of {table}" for table, count in foreign.items()]


def _count(words: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[str(word)] = found.get(str(word), 0) + 1
    return found
