"""The flow strip: the pipeline with live counts, open claims apart. Its steps are the built-in tabs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from jumun.orders.filter_address import write_text
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import count_steps
from jumun.orders.states import PIPELINE, Status
from jumun.web import words
from jumun.web.filtering import settled_of, write_address

STAYS = ("channel", "channel_account")
"""Conditions that go along from step to step; all others belong to one list."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow strip."""

    key: str
    label: str
    count: int
    address: str
    on: bool


def flow(request: HttpRequest, wanted: ItemFilter) -> dict[str, Any]:
    """The strip's context."""
    counts = count_steps()
    asked = settled_of(request.GET)
    kept = {name: asked[name] for name in STAYS if name in asked}
    chosen = wanted.status[0] if len(wanted.status) == 1 else ""
    steps = [
        Step(
            status.value,
            words.name_status(status),
            counts.statuses.get(status, 0),
            write_text({"status": status.value} | kept),
            chosen == status,
        )
        for status in PIPELINE
        if status != Status.AWAITING_PAYMENT or counts.statuses.get(status) or chosen == status
    ]
    claims = [
        Step(kind, str(label), counts.claims.get(kind, 0), write_text({"claim": kind} | kept), wanted.claim == kind)
        for kind, label in words.CLAIMS.items()
    ]
    return {
        "steps": steps,
        "claims": claims,
        "whole": sum(counts.statuses.values()),
        "all_address": write_text(kept),
        "all_on": not wanted.status and not wanted.claim,
        "flow_query": write_address(request.GET),
    }
