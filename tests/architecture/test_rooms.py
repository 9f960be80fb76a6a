"""What import-linter cannot see: foreign keys, signals, names that say nothing, budgets, the clock."""

import ast
import pathlib

import pytest
from django.apps import apps

from jumun.orders.states import ACTIONS, MARKS, MOVES, Move, Status, check_table

SRC = pathlib.Path(__file__).parents[2] / "src" / "jumun"
ROOMS = [
    "core",
    "companies",
    "sheets",
    "jobs",
    "catalog",
    "channels",
    "orders",
    "matching",
    "intake",
    "packing",
    "stock",
    "waybills",
    "dispatch",
    "claims",
    "payments",
    "promotions",
    "sourcing",
    "insights",
]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
FILES = sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)


def test_foreign_keys_point_down():
    """A table may point at its own room or at one above it in DESIGN §3's list, which is below it in the layers."""
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target._meta.app_label not in ROOMS:
                continue
            assert ROOMS.index(target._meta.app_label) <= ROOMS.index(room), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_budgets(path):
    """DESIGN §3: a file 400 lines, a function 60."""
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno + 1 <= LONGEST_FUNCTION, node.name


def test_no_file_with_a_name_that_says_nothing():
    assert not [p for p in FILES if p.stem in {"utils", "helpers", "services", "signals", "managers"}]


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_signals():
    for path in FILES:
        assert not [name for name in imports(ast.parse(path.read_text())) if name.startswith("django.dispatch")], path


def test_only_the_state_machine_writes_a_status():
    """DESIGN §2: nothing else writes an item's status."""
    allowed = {"moving.py", "undo.py", "catch_up.py", "storing.py", "planning.py", "undoing.py"}
    allowed |= {"settle.py", "split_off.py"}  # what the channel and the clock decide, as catch_up.py
    for path in FILES:
        if path.name in allowed or "simulator" in path.parts or "jobs" in path.parts:
            continue
        text = path.read_text()
        for statement in text.split("UPDATE orders_orderitem")[1:]:
            head = statement.split("WHERE")[0]
            assert " status =" not in head.replace("push_status", ""), path


def test_only_edges_ask_for_the_time():
    """House rule 4: `now()` in faces, tasks and what talks to the outside; everything else is given `at`."""
    edges = {"api", "web", "cli", "connectors", "simulator"}
    talkers = {
        "tasks.py",
        "speaking.py",
        "pushing.py",
        "collecting.py",
        "syncing.py",
        "clock.py",
        "queue.py",
        "worker.py",
        "supervisor.py",
    }
    for path in FILES:
        if path.relative_to(SRC).parts[0] in edges or path.name in talkers:
            continue
        assert "jumun.core.clock.now" not in set(imports(ast.parse(path.read_text()))), path


def test_the_state_table_is_sound():
    check_table()
    assert set(ACTIONS) == set(MOVES) | set(MARKS)
    for move in MOVES.values():
        assert move.button[0] and move.button[1]


def test_a_broken_state_table_is_refused(monkeypatch):
    from jumun.orders import states

    bad = Move("revive", ("되살리기", "Revive"), frozenset({Status.CANCELLED}), Status.PAID)
    monkeypatch.setattr(states, "TABLE", (*states.TABLE, bad))
    with pytest.raises(ValueError, match="final"):
        states.check_table()
