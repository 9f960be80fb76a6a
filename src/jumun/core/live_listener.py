"""One connection a process that listens for changes (core.live), and everybody in the process who waits for them.

The connection goes past a pooler, which carries no LISTEN. It is made when the first one subscribes and stays. What
changed last is remembered, so that who subscribes can be told what happened since the page was made. After a break
everybody is told everything: what was missed in between is not known.
"""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from jumun.core.database import connection_fields
from jumun.core.environment import Environment
from jumun.core.live import CHANNEL, Topic, read_notice

LOOK_UP = 5.0
"""Seconds after which the listening thread looks whether it should end."""
REST = 1.0
"""Seconds between a broken connection and the next attempt."""
SLACK = 1.0
"""Seconds the clocks of two machines may differ."""
PATIENCE = 2.0
"""Seconds a new subscriber waits for the connection to stand."""

log = logging.getLogger(__name__)


class Subscriber:
    """One who waits for the changes of one company. What comes while nobody waits is kept, each topic once."""

    def __init__(self) -> None:
        self._news: set[Topic] = set()
        self._there_is = threading.Condition()
        self.over = False
        """The process is ending."""

    def tell(self, topics: frozenset[Topic]) -> None:
        """Wake whoever waits."""
        with self._there_is:
            self._news |= topics
            self._there_is.notify_all()

    def end(self) -> None:
        """Wake whoever waits, for the last time."""
        with self._there_is:
            self.over = True
            self._there_is.notify_all()

    def wait(self, seconds: float) -> frozenset[Topic]:
        """What changed since the last call; empty when nothing did for so long, or when it is over."""
        with self._there_is:
            self._there_is.wait_for(lambda: self._news or self.over, seconds)
            news, self._news = frozenset(self._news), set()
            return news

    def rest(self, seconds: float) -> None:
        """Let more come in; ends early when it is over."""
        with self._there_is:
            self._there_is.wait_for(lambda: self.over, seconds)


class Listener:
    """The process's listening connection, made when the first one subscribes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: dict[int, set[Subscriber]] = {}
        self._thread: threading.Thread | None = None
        self._hearing = threading.Event()
        self._hears_since = float("inf")
        self._last: dict[int, dict[Topic, float]] = {}
        self._over = False

    def subscribe(self, company_id: int) -> Subscriber:
        """Hear of a company's changes from now on, until `leave`. Waits a moment for the connection."""
        made = Subscriber()
        with self._lock:
            self._subscribers.setdefault(company_id, set()).add(made)
            if self._over:
                made.end()
            elif self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
                self._thread.start()
        self._hearing.wait(PATIENCE)
        return made

    def leave(self, company_id: int, subscriber: Subscriber) -> None:
        """Hear no more. Safe to call twice."""
        with self._lock:
            there = self._subscribers.get(company_id, set())
            there.discard(subscriber)
            if not there:
                self._subscribers.pop(company_id, None)

    def changed_since(self, company_id: int, moment: float) -> frozenset[Topic]:
        """What changed after a moment (seconds since 1970); everything when we did not hear yet."""
        with self._lock:
            if moment < self._hears_since:
                return frozenset(Topic)
            return frozenset(topic for topic, at in self._last.get(company_id, {}).items() if at >= moment - SLACK)

    def close(self) -> None:
        """End every subscription: the process is going."""
        with self._lock:
            self._over = True
            everybody = [one for some in self._subscribers.values() for one in some]
        for each in everybody:
            each.end()

    def _listen(self) -> None:
        """Until the process ends."""
        missed = False
        while not self._over:
            try:
                with closing(psycopg.connect(**_fields(settings.ENV), autocommit=True)) as connection:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self._hears_since = time.time()
                    self._hearing.set()
                    if missed:
                        self._tell_everybody()
                    self._hear(connection)
            except psycopg.Error as failure:
                log.warning("changes are not heard for the moment: %s", type(failure).__qualname__)
                missed = True
                self._hearing.clear()
                self._hears_since = float("inf")
                time.sleep(REST)

    def _hear(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        while not self._over:
            for notice in connection.notifies(timeout=LOOK_UP):
                if read := read_notice(notice.payload):
                    self._tell(*read)

    def _tell(self, company_id: int, topics: frozenset[Topic]) -> None:
        moment = time.time()
        with self._lock:
            self._last.setdefault(company_id, {}).update(dict.fromkeys(topics, moment))
            there = list(self._subscribers.get(company_id, ()))
        for each in there:
            each.tell(topics)

    def _tell_everybody(self) -> None:
        with self._lock:
            companies = list(self._subscribers)
        for company in companies:
            self._tell(company, frozenset(Topic))


def _fields(env: Environment) -> Mapping[str, Any]:
    """The application's role, at the direct address where there is a pooler."""
    fields = connection_fields(env)
    if env.database_direct_url:
        place = conninfo_to_dict(env.database_direct_url)
        fields |= {key: value for key, value in place.items() if key not in ("user", "password")}
    return fields | {"application_name": "jumun live", "connect_timeout": 5, "keepalives_idle": 20}


listener = Listener()
"""This process's."""
