"""What stories about whole days need: processes of their own and a clerk, on a database of the tests or of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jumun.cli.days.checks import judge
from jumun.cli.days.clerk import Clerk, open_company
from jumun.cli.days.plan import Account
from jumun.cli.days.processes import TIMERS, Processes
from jumun.cli.days.seen import Seen, find_company, read_company
from jumun.cli.days.speaking import Mall, Rest

STORES = (Account("naver", "store-a"), Account("naver", "store-b"))


@dataclass
class House:
    """A company at work in processes of its own, with nothing planned."""

    conninfo: str
    company: int
    processes: Processes
    mall: Mall
    clerk: Clerk

    def see(self) -> Seen:
        """Both sides as they are now."""
        state = self.mall.state(["naver"])
        seen = Seen(state["lines"], state["effects"])
        read_company(seen, self.conninfo, self.company)
        return seen

    def violations(self) -> list[str]:
        return judge(self.see())

    def make_shipped(self, count: int, **mix: object) -> None:
        """Orders at each store, taken to handed over."""
        for account in STORES:
            self.mall.post("orders", channel="naver", account=account.key, count=count, seed=7, confirmed=1.0, **mix)
        self.clerk.collect(auto_confirm=False)
        self.clerk.wait()
        self.act("release", "preparing")
        self.clerk.enter_waybills(status="ready", share=1, carrier="cj", place=0)
        self.act("hand_over", "labelled")

    def act(self, action: str, status: str) -> int:
        return self.clerk.act({"action": action, "status": status, "share": 1}, 0)


@contextmanager
def open_house(conninfo: str, env: dict[str, str], logs: Path, slug: str = "story") -> Iterator[House]:
    """Start simulator, web and two workers; found a company with two stores."""
    processes = Processes({**env, **TIMERS}, logs, [])
    try:
        processes.start()
        processes.run("company", "--slug", slug, "--name", slug, "--email", f"{slug}@day.jumun")
        token = processes.run("token", "--company", slug)
        processes.wait_until_ready()
        mall = Mall(f"http://127.0.0.1:{processes.mall_port}")
        mall.post("settings", **{"naver.rps": 1000})
        rest = Rest(f"http://127.0.0.1:{processes.web_port}", token, slug)
        cards = [mall.post("accounts", channel=each.channel, key=each.key) for each in STORES]
        clerk = Clerk(rest, open_company(rest, mall.catalogue(), cards), seed=1)
        yield House(conninfo, find_company(conninfo, slug), processes, mall, clerk)
        assert not rest.troubles
    finally:
        processes.stop()
