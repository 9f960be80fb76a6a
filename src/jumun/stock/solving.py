"""The solver behind `stock.best`: most shipments, then most value, then tightest deadlines, in whole numbers. Pure.

Three solves, each with what the one before reached as a condition. HiGHS reckons in floating point: what it answers is
rounded and checked in whole numbers, and never worse than where it started.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from jumun.stock.policy import Slot

_SHARES = (0.5, 0.7, 1.0)
"""How much of the time that is left each solve may take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`count` shipments that need the same and count the same."""

    needs: tuple[tuple[Slot, int], ...]
    count: int
    value: int
    weight: int
    """How urgent: the sum is made as large as can be."""

    @property
    def one(self) -> int:
        """Each counts for one shipment."""
        return 1


@dataclass(frozen=True, slots=True)
class Solved:
    """How many of each kind. No choice has more than `bound`, none of as many is worth more than `worth_bound`."""

    taken: list[int]
    bound: int
    worth_bound: int
    proven: bool


def solve(kinds: Sequence[Kind], limits: Mapping[Slot, int], start: Sequence[int], *, seconds: float) -> Solved:
    """The best numbers found in the time; `start` is a choice that fits."""
    until = time.monotonic() + seconds
    aims = [np.array([getattr(kind, name) for kind in kinds], float) for name in ("one", "value", "weight")]
    model = _model(kinds, limits)
    best, proven = list(start), True
    bounds: list[int] = []
    for step, (aim, share) in enumerate(zip(aims, _SHARES, strict=True)):
        left = max(0.02, (until - time.monotonic()) * share)
        found, highest, done = _run(model, aim, best, seconds=left)
        done = done and _keeps(kinds, limits, found)
        if _keeps(kinds, limits, found) and _score(kinds, found) > _score(kinds, best):
            best = found
        reached = _score(kinds, best)[step]
        bounds.append(reached if done else max(reached, min(_most(kinds)[step], int(highest + 1e-6))))
        proven &= done
        columns = np.arange(len(kinds), dtype=np.int32)
        model.addRow(reached - 0.5, highspy.kHighsInf, len(kinds), columns, aim)
    return Solved(best, bounds[0], bounds[1], proven)


def _model(kinds: Sequence[Kind], limits: Mapping[Slot, int]) -> highspy.Highs:
    rows = {slot: row for row, slot in enumerate(sorted({slot for kind in kinds for slot, _ in kind.needs}))}
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(kinds), len(rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.ones(len(kinds))
    lp.col_lower_ = np.zeros(len(kinds))
    lp.col_upper_ = np.array([kind.count for kind in kinds], float)
    lp.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    lp.row_upper_ = np.array([limits[slot] for slot in rows], float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(kinds)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(kind.needs) for kind in kinds)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([rows[slot] for kind in kinds for slot, _ in kind.needs], np.int32)
    lp.a_matrix_.value_ = np.array([quantity for kind in kinds for _, quantity in kind.needs], float)
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)
    model.setOptionValue("threads", 1)
    model.passModel(lp)
    return model


def _run(
    model: highspy.Highs, aim: "np.ndarray[Any, Any]", start: Sequence[int], *, seconds: float
) -> tuple[list[int], float, bool]:
    """A choice, the bound of this aim and whether the choice is proven to reach it."""
    model.changeColsCost(len(start), np.arange(len(start), dtype=np.int32), aim)
    solution = highspy.HighsSolution()
    solution.col_value = [float(each) for each in start]
    model.setSolution(solution)
    model.setOptionValue("time_limit", seconds)
    model.run()
    done = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = model.getSolution().col_value
    found = [round(each) for each in values] if len(values) == len(start) else list(start)
    return found, model.getInfo().mip_dual_bound, done


def _keeps(kinds: Sequence[Kind], limits: Mapping[Slot, int], taken: Sequence[int]) -> bool:
    used: dict[Slot, int] = {}
    for kind, number in zip(kinds, taken, strict=True):
        if not 0 <= number <= kind.count:
            return False
        for slot, quantity in kind.needs:
            used[slot] = used.get(slot, 0) + quantity * number
    return all(used[slot] <= limits[slot] for slot in used)


def _score(kinds: Sequence[Kind], taken: Sequence[int]) -> tuple[int, int, int]:
    pairs = list(zip(kinds, taken, strict=True))
    return (sum(taken), sum(k.value * n for k, n in pairs), sum(k.weight * n for k, n in pairs))


def _most(kinds: Sequence[Kind]) -> tuple[int, int, int]:
    return _score(kinds, [kind.count for kind in kinds])
