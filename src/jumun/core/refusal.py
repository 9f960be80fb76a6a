"""The answer of every write: how many targets moved, and each one that did not, with a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from jumun.core.sentences import sentence

SHOWN = 200
"""How many refusals an answer carries (DESIGN §5); the rest is read by batch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One target that was left alone, and why. `code` is stable; the sentence comes from `sentences`."""

    id: int
    code: str

    def reason(self, language: str = "ko") -> str:
        """The sentence a clerk reads, with what to do next."""
        return sentence(self.code, language)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set-based write did.

    done            how many targets changed
    refused         the first 200 of those that did not
    refused_total   how many did not in all
    batch           the id to undo or look at; None for a dry run or when nothing was tried
    job             the job that carries on with it, if the rest is remote
    reasons         how many were refused for each reason, of all of them; empty where nobody counted
    """

    done: int
    refused: list[Refusal] = field(default_factory=list)
    refused_total: int = 0
    batch: UUID | None = None
    job: int | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
